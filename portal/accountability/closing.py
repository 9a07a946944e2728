"""The verbs after the letter: carry out, ask for a review, review, close; what time brings (A-2, A-3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.accountability import rights, rules
from portal.accountability import vocabulary as words
from portal.accountability.deciding import Decision, ladder, measure_of
from portal.accountability.models import Duty, Imposed, MeasureKind, Outcome, Proceeding, State, Subject
from portal.accountability.service import heads, holders, tell
from portal.clue import service as clues
from portal.clue.models import Clue
from portal.kernel import clock, journal
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.pure.breach import Breach

BATCH = 200


def execute(actor: Actor, proceeding: Proceeding, measure: Imposed, on: date | None, text: str, now: datetime) -> None:
    """The secretary records that a measure was carried out: talk held, self-examination handed in, put right (A-3).

    Raises NotAllowed, Conflict, Invalid.
    """
    rights.require(actor, proceeding, Duty.SECRETARY, now)
    rules.MOVES.after(proceeding.state, "execute")
    if measure.lifted_at is not None or measure.executed_on is not None:
        raise Conflict(_("该项处理已经执行或者撤销。"), "A-3")
    if on is None or not measure.decided_on <= on <= clock.local(now).date():
        raise Invalid("on", _("执行日期应在决定之日至今天之间。"), "A-3")
    if not text:
        raise Invalid("text", _("请写明执行情况。"), "A-3")
    measure.executed_on, measure.execution, measure.executed_by_id = on, text, actor.id
    journal.record(words.EXECUTED, proceeding, actor, now, on=on, measure=str(measure.kind), text=text)


# --- review ---------------------------------------------------------------------------------------------------


def ask_review(actor: Actor, proceeding: Proceeding, subject: Subject, grounds: str, now: datetime) -> None:
    """The person concerned asks for a review, once, by the date of the letter. Raises NotAllowed, Conflict, Invalid."""
    if not rights.represents(actor, subject):
        raise NotAllowed(_("由当事人本人申请复核。"), "A-2")
    if proceeding.state not in (State.TOLD, State.REVIEWING):
        rules.MOVES.after(proceeding.state, "ask_review")
    if subject.review_asked_at is not None:
        raise Conflict(_("已经申请过复核。"), "A-2")
    if subject.review_by is None or now > subject.review_by:
        raise Conflict(_("申请复核的期限已过。"), "A-2")
    if not grounds:
        raise Invalid("text", _("请写明申请复核的理由。"), "A-2")
    subject.review_asked_at, subject.review_asked_by_id, subject.grounds = now, actor.id, grounds
    proceeding.state = State.REVIEWING
    journal.record(words.REVIEW_ASKED, proceeding, actor, now, grounds=grounds)
    title = _l("追责案件 %(number)s：当事人申请复核，请指定复核人", number=proceeding.number)
    tell(holders(proceeding, Duty.SECRETARY), proceeding, f"review:{subject.id}", title, now)


def pending(subject: Subject) -> bool:
    """Whether a review waits."""
    return subject.review_asked_at is not None and subject.reviewed_at is None


@dataclass(frozen=True)
class Review:
    """What a review comes to."""

    outcome: Outcome | None
    text: str
    lifted: tuple[MeasureKind, ...] = ()
    milder: MeasureKind | None = None


def review(actor: Actor, proceeding: Proceeding, subject: Subject, what: Review, now: datetime) -> None:
    """The reviewer confirms, mitigates or lifts, and never makes it worse (A-2).

    Raises NotAllowed, Conflict, Invalid.
    """
    rights.require(actor, proceeding, Duty.REVIEWER, now)
    after = rules.MOVES.after(proceeding.state, "review")
    if not pending(subject):
        raise Conflict(_("该当事方没有待办的复核。"), "A-2")
    if what.outcome is None:
        raise Invalid("outcome", _("请选择复核结果。"), "A-2")
    if not what.text:
        raise Invalid("text", _("请写明复核的理由。"), "A-2")
    standing = [m for m in subject.measures if m.lifted_at is None]
    kinds = {m.kind for m in standing}
    lifted = set(kinds) if what.outcome is Outcome.LIFTED else set(what.lifted)
    if not rules.review_fits(what.outcome, kinds, lifted, what.milder):
        raise Invalid("lifted", _("维持的不变动处理；减轻的撤销其中一部分，或者改为更轻的处理；复核不得加重。"), "A-2")
    set_up, today = ladder(), clock.local(now).date()
    for each in standing:
        if each.kind in lifted:
            each.lifted_at = now
    if what.milder is not None:
        made = measure_of(proceeding, what.milder, Decision(""), set_up, today)
        made.milder = True
        # It takes the place of what was decided then, and so counts from then.
        made.decided_on = subject.measures[0].decided_on
        made.expires_on = set_up.expires_on(what.milder, made.decided_on)
        subject.measures.append(made)
    subject.outcome, subject.review, subject.reviewed_by_id, subject.reviewed_at = (
        what.outcome,
        what.text,
        actor.id,
        now,
    )
    db.session.flush()
    journal.record(
        words.REVIEWED, proceeding, actor, now, outcome=str(what.outcome), text=what.text,
        lifted=sorted(map(str, lifted)), milder=str(what.milder or ""),
    )  # fmt: skip
    if not any(pending(s) for s in proceeding.subjects):
        proceeding.state = after
    title = _l("追责案件 %(number)s：复核已有结果", number=proceeding.number)
    tell([*heads(subject, now), *holders(proceeding, Duty.SECRETARY)], proceeding, f"reviewed:{subject.id}", title, now)


# --- the end --------------------------------------------------------------------------------------------------


def lacking(proceeding: Proceeding, now: datetime) -> list[str]:
    """What the file still lacks, in words; empty when it can be closed."""
    found = []
    if any(s.told_at is None for s in proceeding.subjects):
        found.append(_("还有当事方没有告知"))
    if any(pending(s) for s in proceeding.subjects):
        found.append(_("复核还没有结果"))
    if any(
        s.confirmed and s.review_asked_at is None and s.review_by is not None and now <= s.review_by
        for s in proceeding.subjects
    ):
        found.append(_("申请复核的期限还没有届满"))
    if any(m.lifted_at is None and m.executed_on is None for s in proceeding.subjects for m in s.measures):
        found.append(_("还有处理没有登记执行情况"))
    if proceeding.complainant and proceeding.complainant_told_on is None:
        found.append(_("投诉人还没有告知"))
    return found


def close(actor: Actor, proceeding: Proceeding, now: datetime) -> None:
    """The secretary closes a complete file; nothing of it changes afterwards. Raises NotAllowed, Conflict."""
    rights.require(actor, proceeding, Duty.SECRETARY, now)
    after = rules.MOVES.after(proceeding.state, "close")
    missing = lacking(proceeding, now)
    if missing:
        raise Conflict(_("还不能结案：%(what)s。", what="；".join(missing)), "A-2")
    proceeding.state, proceeding.closed_at, proceeding.closed_by_id = after, now, actor.id
    journal.record(words.CLOSED, proceeding, actor, now)


def pass_up(actor: Actor, proceeding: Proceeding, to: str, reason: str, now: datetime) -> None:
    """The secretary hands a matter in which nobody here may decide to the upper body; the file is closed (A-2).

    Raises NotAllowed, Conflict where somebody here may decide, Invalid.
    """
    rights.require(actor, proceeding, Duty.SECRETARY, now)
    after = rules.MOVES.after(proceeding.state, "pass_up")
    if not nobody_decides(proceeding, now):
        raise Conflict(_("本单位有人可以决定本案，不能移送。"), "A-2")
    if not to:
        raise Invalid("to", _("请写明移送的上级机关。"), "A-2")
    if not reason:
        raise Invalid("text", _("请写明移送的理由。"), "A-2")
    proceeding.state, proceeding.closed_at, proceeding.closed_by_id = after, now, actor.id
    proceeding.passed_to = to
    journal.record(words.PASSED_UP, proceeding, actor, now, to=to, text=reason)


def nobody_decides(proceeding: Proceeding, now: datetime) -> bool:
    """Whether everybody who has the authority to decide must keep away, as in a matter of the principal's own."""
    return not holders(proceeding, Duty.DECIDER) and not rights.candidates(proceeding, Duty.DECIDER, now)


def sweep(now: datetime) -> int:
    """Orders that were not carried out by their date: each becomes a clue, once (A-3, O-2); returns how many."""
    today, done = clock.local(now).date(), 0
    late: Iterable[Imposed] = db.session.scalars(
        select(Imposed)
        .where(Imposed.due_on < today, Imposed.due_on.is_not(None), Imposed.executed_on.is_(None))
        .where(Imposed.lifted_at.is_(None), Imposed.warned_at.is_(None))
        .order_by(Imposed.due_on, Imposed.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    for each in late:
        subject = db.session.get_one(Subject, each.subject_id)
        proceeding = db.session.get_one(Proceeding, each.proceeding_id)
        each.warned_at = now
        seq = journal.record(words.RECTIFICATION_OVERDUE, proceeding, SYSTEM, now, due_on=each.due_on)
        clues.raise_from(
            Breach(
                kind="late_rectification",
                key=f"proceeding:{proceeding.number}/{each.id}",
                rule="A-3",
                at=clock.day_start(each.due_on or today),
                department_id=subject.department_id,
                entry_seq=seq,
                endpoint="accountability.show",
                values=(("number", proceeding.number),),
            ),
            now,
        )
        title = _l("追责案件 %(number)s：逾期未整改", number=proceeding.number)
        tell([*heads(subject, now), *holders(proceeding, Duty.SECRETARY)], proceeding, f"late:{each.id}", title, now)
        done += 1
    return done


def clue_changed(clue: Clue, now: datetime) -> None:
    """The fact of a clue was taken back or holds again: an entry of its proceeding, and its people are told (A-1)."""
    found = db.session.scalar(select(Proceeding).where(Proceeding.number == clue.proceeding_number))
    if found is None:
        return
    journal.record(words.CLUE_CHANGED, found, SYSTEM, now, clue=clue.number, state=str(clue.state))
    users = [*holders(found, Duty.SECRETARY), *holders(found, Duty.INVESTIGATOR), *holders(found, Duty.DECIDER)]
    title = _l("追责案件 %(number)s：线索的事实有变动", number=found.number)
    tell(users, found, f"clue:{clue.id}:{now:%y%m%d%H%M%S}", title, now)
