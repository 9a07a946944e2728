"""The verbs from the finding to the letter: find, return, decide, tell (A-2, A-3, P-6)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from portal.accountability import rights, rules
from portal.accountability import vocabulary as words
from portal.accountability.models import (
    Attitude,
    Cause,
    Conduct,
    Duty,
    Effect,
    Imposed,
    MeasureKind,
    Outcome,
    Proceeding,
    Severity,
    Subject,
)
from portal.accountability.rules import Group, Ladder, Tier
from portal.accountability.service import heads, holders, tell
from portal.calendar import queries as calendar
from portal.kernel import clock, journal, numbers
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid
from portal.policy import queries as policy
from portal.pure.deadlines import deadline, months_after

LETTERS = "ZJ"


def ladder() -> Ladder:
    """What the office has set for its ladder."""
    value = policy.value
    return Ladder(
        ceilings={each: MeasureKind(value(f"accountability.{each}_up_to")) for each in Severity},
        office_up_to=MeasureKind(value("accountability.office_up_to")),
        leader_up_to=MeasureKind(value("accountability.leader_up_to")),
        repeat_floor=MeasureKind(value("accountability.repeat_floor")),
        months={each: value(f"accountability.months_{each}") for each in Group},
    )


@dataclass(frozen=True)
class Finding:
    """What was found of one subject."""

    confirmed: bool | None
    text: str
    conduct: Conduct | None = None
    effect: Effect | None = None
    cause: Cause | None = None
    attitude: Attitude | None = None
    severity: Severity | None = None


def find(actor: Actor, proceeding: Proceeding, subject: Subject, what: Finding, now: datetime) -> None:
    """An investigator finds of one subject: confirmed or not, how, with what effect, why (A-2).

    With the last finding it goes to the decider. Raises NotAllowed, Conflict, Invalid at the field that lacks.
    """
    rights.require(actor, proceeding, Duty.INVESTIGATOR, now)
    after = rules.MOVES.after(proceeding.state, "find")
    if what.confirmed is None:
        raise Invalid("confirmed", _("请选择是否属实。"), "A-2")
    if not what.text:
        raise Invalid("text", _("请写明认定的事实和依据。"), "A-2")
    if what.confirmed:
        for name in ("conduct", "effect", "cause", "attitude", "severity"):
            if getattr(what, name) is None:
                raise Invalid(name, _("认定属实的，请选择此项。"), "A-2")
    kept = what if what.confirmed else Finding(False, what.text)
    subject.confirmed, subject.facts = kept.confirmed, kept.text
    subject.conduct, subject.effect, subject.cause = kept.conduct, kept.effect, kept.cause
    subject.attitude, subject.severity = kept.attitude, kept.severity
    subject.found_by_id, subject.found_at = actor.id, now
    journal.record(
        words.FOUND, proceeding, actor, now, confirmed=what.confirmed, conduct=kept.conduct, effect=kept.effect,
        cause=kept.cause, attitude=kept.attitude, severity=kept.severity, text=kept.text,
    )  # fmt: skip
    if all(s.confirmed is not None for s in proceeding.subjects):
        proceeding.state = after
        told = holders(proceeding, Duty.DECIDER) or holders(proceeding, Duty.SECRETARY)
        title = _l("追责案件 %(number)s：请作出决定", number=proceeding.number)
        tell(told, proceeding, f"decide:{now:%y%m%d%H%M%S}", title, now)


def return_finding(actor: Actor, proceeding: Proceeding, reason: str, now: datetime) -> None:
    """The decider sends the findings back, while nothing is decided. Raises NotAllowed, Conflict, Invalid."""
    rights.require(actor, proceeding, Duty.DECIDER, now)
    after = rules.MOVES.after(proceeding.state, "return_finding")
    if any(s.decided_at is not None for s in proceeding.subjects):
        raise Conflict(_("已有当事方作出决定，不能退回。"), "A-2")
    if not reason:
        raise Invalid("text", _("请写明退回的理由。"), "A-2")
    for each in proceeding.subjects:
        each.confirmed = None
    proceeding.state = after
    journal.record(words.RETURNED, proceeding, actor, now, reason=reason)
    title = _l("追责案件 %(number)s：请重新认定", number=proceeding.number)
    tell(holders(proceeding, Duty.INVESTIGATOR), proceeding, f"again:{now:%y%m%d%H%M%S}", title, now)


def repeats(subject: Subject, now: datetime) -> int:
    """Earlier confirmed matters of the same person or department that were decided within the policy's months."""
    since = months_after(clock.local(now).date(), -policy.value("accountability.repeat_months"))
    same = Subject.user_id == subject.user_id if subject.user_id else Subject.department_id == subject.department_id
    query = (
        select(func.count())
        .select_from(Subject)
        .where(
            same,
            Subject.id != subject.id,
            Subject.confirmed.is_(True),
            Subject.told_at.is_not(None),
            Subject.decided_at >= clock.day_start(since),
            (Subject.outcome.is_(None)) | (Subject.outcome != Outcome.LIFTED),
        )
    )
    return db.session.scalar(query) or 0


@dataclass(frozen=True)
class Decision:
    """What is decided of one subject."""

    opinion: str
    measures: tuple[MeasureKind, ...] = ()
    demand: str = ""
    due_on: date | None = None
    meeting_on: date | None = None
    meeting_record: str = ""


def decide(actor: Actor, proceeding: Proceeding, subject: Subject, what: Decision, now: datetime) -> None:
    """The decider decides of one subject, within what severity, own authority and repetition permit (A-3, P-6).

    Raises NotAllowed, Conflict, Invalid at the field that is wrong.
    """
    rights.require(actor, proceeding, Duty.DECIDER, now)
    after = rules.MOVES.after(proceeding.state, "decide")
    if subject.decided_at is not None:
        raise Conflict(_("该当事方已作出决定。"), "A-2")
    set_up, today = ladder(), clock.local(now).date()
    kinds = tuple(dict.fromkeys(what.measures))
    again = repeats(subject, now) if subject.confirmed else 0
    _check_measures(subject, kinds, set_up, again)
    tier = rights.tier_of(actor.id or 0, proceeding, now)
    needed = set_up.tier(kinds)
    if tier is None or tier < needed:
        raise Invalid("measures", _("所选处理超出您的决定权限，请由秘书指定更高一级的决定人。"), "A-3")
    if not what.opinion:
        raise Invalid("opinion", _("请写明决定的理由和依据。"), "A-2")
    if MeasureKind.RECTIFICATION in kinds:
        if not what.demand:
            raise Invalid("demand", _("请写明整改要求。"), "A-3")
        if what.due_on is None or what.due_on <= today:
            raise Invalid("due_on", _("请填写今天以后的整改日期。"), "A-3")
    if needed is Tier.PRINCIPAL and (what.meeting_on is None or what.meeting_on > today):
        raise Invalid("meeting_on", _("重大处理须经班子会议研究，请填写不晚于今天的会议日期。"), "A-3")
    if needed is Tier.PRINCIPAL and not what.meeting_record:
        raise Invalid("meeting_record", _("请填写班子会议的研究意见。"), "A-3")
    subject.opinion, subject.decided_by_id, subject.decided_at = what.opinion, actor.id, now
    subject.repeats = again
    if needed is Tier.PRINCIPAL:
        subject.meeting_on, subject.meeting_record = what.meeting_on, what.meeting_record
    for kind in kinds:
        subject.measures.append(measure_of(proceeding, kind, what, set_up, today))
    journal.record(
        words.DECIDED, proceeding, actor, now, repeats=again, meeting_on=subject.meeting_on,
        measures=[str(k) for k in kinds], opinion=what.opinion,
    )  # fmt: skip
    if all(s.decided_at is not None for s in proceeding.subjects):
        proceeding.state = after
        title = _l("追责案件 %(number)s：请告知当事人", number=proceeding.number)
        tell(holders(proceeding, Duty.SECRETARY), proceeding, "tell", title, now)


def _check_measures(subject: Subject, kinds: Collection[MeasureKind], set_up: Ladder, again: int) -> None:
    wrong = rules.measures_fit(bool(subject.confirmed), subject.department_id is not None, kinds)
    if wrong:
        raise Invalid(
            "measures",
            {
                "needless": _("认定不属实的，不给予处理。"),
                "none": _("认定属实的，请至少选择一项处理。"),
                "department": _("所选处理不适用于科室。"),
                "person": _("限期整改只适用于科室。"),
            }[wrong],
            "A-3",
        )
    if not subject.confirmed or subject.severity is None:
        return
    top = set_up.above_ceiling(subject.severity, kinds)
    if top is not None:
        raise Invalid(
            "measures",
            _(
                "%(severity)s的，最重只能给予%(most)s。",
                severity=words.SEVERITY_LABELS[subject.severity],
                most=words.MEASURE_LABELS[set_up.ceilings[subject.severity]],
            ),
            "A-3",
        )
    if subject.user_id is not None and set_up.below_floor(again, kinds):
        least = words.MEASURE_LABELS[set_up.repeat_floor]
        raise Invalid("measures", _("计算期内已被追责 %(n)s 次，处理不得轻于%(least)s。", n=again, least=least), "A-3")


def measure_of(proceeding: Proceeding, kind: MeasureKind, what: Decision, set_up: Ladder, today: date) -> Imposed:
    """A new measure; until when it counts follows from the policy of the day."""
    order = kind is MeasureKind.RECTIFICATION
    return Imposed(
        proceeding_id=proceeding.id,
        kind=kind,
        demand=what.demand if order else "",
        due_on=what.due_on if order else None,
        decided_on=today,
        expires_on=set_up.expires_on(kind, today),
        execution="",
        milder=False,
    )


def inform(actor: Actor, proceeding: Proceeding, subject: Subject, now: datetime) -> None:
    """The secretary gives one subject its decision: a numbered letter with the remedies (A-2).

    Raises NotAllowed, Conflict when it was told before.
    """
    rights.require(actor, proceeding, Duty.SECRETARY, now)
    after = rules.MOVES.after(proceeding.state, "tell")
    if subject.told_at is not None:
        raise Conflict(_("已经告知该当事方。"), "A-2")
    due = deadline(now, policy.value("accountability.review_within"), calendar.work_calendar()).at
    subject.letter_number, subject.told_at, subject.review_by = numbers.take(LETTERS, now), now, due
    subject.remedies = policy.value("accountability.remedies")
    journal.record(words.TOLD, proceeding, actor, now, letter=subject.letter_number, review_by=due)
    title = _l("责任追究决定书 %(letter)s", letter=subject.letter_number)
    tell(heads(subject, now), proceeding, f"told:{subject.id}", title, now)
    if all(s.told_at is not None for s in proceeding.subjects):
        proceeding.state = after


def tell_complainant(actor: Actor, proceeding: Proceeding, on: date, now: datetime) -> None:
    """The secretary records that the complainant was told, through the complaint and its assigned officer (A-5).

    Raises NotAllowed, Conflict, Invalid.
    """
    rights.require(actor, proceeding, Duty.SECRETARY, now)
    rules.MOVES.after(proceeding.state, "tell_complainant")
    if not proceeding.complainant or proceeding.complainant_told_on is not None:
        raise Conflict(_("没有投诉人需要告知，或者已经告知。"), "A-2")
    if on > clock.local(now).date() or on < clock.local(proceeding.registered_at).date():
        raise Invalid("on", _("日期应在立案之日至今天之间。"))
    proceeding.complainant_told_on = on
    journal.record(words.COMPLAINANT_TOLD, proceeding, actor, now, on=on)
