"""After the vote: review, decision, objections, the award, and its revocation (O-7, A-4)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.award import eligibility, rights, rules
from portal.award import vocabulary as words
from portal.award.models import AwardObjection, AwardRound, Nomination, NominationState, Nominee, RoundState
from portal.award.rules import Outcome
from portal.award.service import in_state, manages, name_of
from portal.award.voting import apply
from portal.calendar import queries as calendar
from portal.kernel import clock, journal, numbers
from portal.kernel.actor import SYSTEM, Actor, Role
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import queries as people
from portal.policy import queries as policy
from portal.reminder import service as reminder
from portal.reminder.models import Kind as About


def review(actor: Actor, round_: AwardRound, text: str, doubted: Collection[int], now: datetime) -> None:
    """The supervision group reviews the vote: an opinion, and the nominations that it doubts (O-7, E-6).

    Raises NotAllowed for who is concerned, Conflict, Invalid.
    """
    in_state(round_, RoundState.COUNTED)
    if not rights.may_review(actor, round_):
        raise NotAllowed(_("由督查人员或者分管领导审核，被提名的本人和科室不审核。"))
    if not text:
        raise Invalid("text", _("请写明审核意见。"), "O-7")
    stands = {n.id: n for n in round_.nominations if n.state is NominationState.PROPOSED}
    if not set(doubted) <= set(stands):
        raise Invalid("doubted", _("请在列出的提名中选择。"), "O-7")
    for key in set(doubted):
        stands[key].doubted = True
    round_.state, round_.review = RoundState.REVIEWED, text
    round_.reviewed_by_id, round_.reviewed_at = actor.id, now
    named = [name_of(stands[key]) for key in sorted(set(doubted))]
    journal.record(words.REVIEWED, round_, actor, now, review=text, doubted=named)


def most(round_: AwardRound) -> int:
    """How many a decision may choose at most."""
    return rules.most(round_.places, {n.id: Outcome(n.outcome) for n in round_.nominations if n.outcome})


def decide(actor: Actor, round_: AwardRound, chosen: Collection[int], text: str, now: datetime) -> None:
    """The principal decides; eligibility is applied once more, and the names are published for objections (O-7, E-5).

    Raises NotAllowed for who is nominated or concerned, Conflict, and Invalid for nobody, somebody who is not eligible,
    more than there are places, or a choice against the vote or the review without a reason.
    """
    in_state(round_, RoundState.REVIEWED)
    if not rights.may_decide(actor, round_):
        raise NotAllowed(_("由主要负责人决定；被提名的本人和科室不作决定。"))
    stands = {n.id: n for n in round_.nominations if n.state is NominationState.PROPOSED}
    found = eligibility.against(round_, list(stands.values()))
    able = {key for key in stands if not found[key]}
    picked = set(chosen)
    if not picked:
        raise Invalid("chosen", _("请选择拟授予的提名。"), "O-7")
    if not picked <= able:
        raise Invalid("chosen", _("请在列出的、符合条件的提名中选择。"), "E-5")
    if len(picked) > most(round_):
        raise Invalid("chosen", _("最多选 %(n)s 个，现选 %(chosen)s 个。", n=most(round_), chosen=len(picked)), "O-7")
    if not text and any(_against_vote(stands[key], key in picked) for key in able):
        raise Invalid("text", _("与票数或者审核意见不一致的，请写明理由。"), "O-7")
    apply(round_, (NominationState.PROPOSED,), actor, now)
    for key, each in stands.items():
        if key in able:
            each.state = NominationState.CHOSEN if key in picked else NominationState.NOT_CHOSEN
    day = calendar.work_calendar().add_workdays(clock.local(now).date(), policy.value("award.object_within"))
    round_.state, round_.decision, round_.object_by = RoundState.PUBLICISED, text, day
    round_.decided_by_id, round_.decided_at = actor.id, now
    names = [name_of(stands[key]) for key in sorted(picked)]
    journal.record(words.DECIDED, round_, actor, now, chosen=names, object_by=day, decision=text)


def _against_vote(nomination: Nomination, picked: bool) -> bool:
    if picked:
        return nomination.doubted or nomination.outcome == Outcome.NOT_ELECTED
    return nomination.outcome == Outcome.ELECTED and not nomination.doubted


def object_to(actor: Actor, nomination: Nomination, text: str, now: datetime) -> AwardObjection:
    """Object to an award during publication, once each. Raises Conflict, Invalid."""
    round_ = nomination.round
    in_state(round_, RoundState.PUBLICISED)
    if round_.object_by is not None and clock.local(now).date() > round_.object_by:
        raise Conflict(_("公示期已过。"), "O-7")
    if nomination.state is not NominationState.CHOSEN:
        raise Conflict(_("这个提名不在公示名单中。"), "O-7")
    if not text:
        raise Invalid("text", _("请写明异议和依据。"), "O-7")
    if any(o.nomination_id == nomination.id and o.by_id == actor.id for o in round_.objections):
        raise Conflict(_("您已经对它提出异议。"), "O-7")
    made = AwardObjection(round=round_, nomination=nomination, by_id=actor.id, at=now, text=text)
    db.session.add(made)
    journal.record(words.OBJECTED, round_, actor, now, who=name_of(nomination))
    return made


def answer(actor: Actor, objection: AwardObjection, upheld: bool, text: str, now: datetime) -> None:
    """Answer an objection, by somebody else; one upheld strikes the name. Raises NotAllowed, Conflict, Invalid."""
    nomination = objection.nomination
    in_state(nomination.round, RoundState.PUBLICISED)
    if objection.answered_at is not None:
        raise Conflict(_("这条异议已经答复。"), "O-7")
    if not rights.may_answer(actor, nomination, objection.by_id):
        raise NotAllowed(_("由异议人和被提名人以外的审核人员答复。"))
    if not text:
        raise Invalid("text", _("请写明答复。"), "O-7")
    objection.answered_by_id, objection.answered_at = actor.id, now
    objection.upheld, objection.answer = upheld, text
    if upheld and nomination.state is NominationState.CHOSEN:
        nomination.state, nomination.against = NominationState.STRUCK, text[:800]
    journal.record(words.ANSWERED, nomination.round, actor, now, who=name_of(nomination), upheld=upheld, answer=text)
    title = _l("您的异议已有答复：%(title)s", title=nomination.round.title)
    key, values = f"award:objection:{objection.id}", {"number": nomination.round.number}
    reminder.tell(now, [objection.by_id], About.OTHER, key, title, "", "award.show", values=values)


def finish(actor: Actor, round_: AwardRound, now: datetime) -> None:
    """End the publication: the awards are given, each with a certificate (O-7).

    Raises NotAllowed, Conflict before the last day or with an objection unanswered.
    """
    manages(actor)
    in_state(round_, RoundState.PUBLICISED)
    if round_.object_by is not None and clock.local(now).date() <= round_.object_by:
        raise Conflict(_("公示期未满，%(on)s 之后才能授予。", on=round_.object_by), "O-7")
    if any(o.answered_at is None for o in round_.objections):
        raise Conflict(_("还有异议没有答复。"), "O-7")
    apply(round_, (NominationState.CHOSEN,), actor, now)
    given = [n for n in round_.nominations if n.state is NominationState.CHOSEN]
    for each in given:
        each.state, each.certificate = NominationState.AWARDED, numbers.take("ZS", now)
    round_.state, round_.awarded_at = RoundState.AWARDED, now
    journal.record(words.AWARDED, round_, actor, now, who=[name_of(n) for n in given])
    reminder.tell(
        now,
        [n.user_id for n in given],
        About.OTHER,
        f"award:{round_.id}:given",
        _l("祝贺：%(title)s", title=round_.title),
        "",
        "award.show",
        values={"number": round_.number},
    )


def revoke(actor: Actor, nomination: Nomination, reason: str, now: datetime) -> None:
    """Revoke an award; it stays to be read with the reason (O-7, A-4). Raises NotAllowed, Conflict, Invalid."""
    if nomination.state is not NominationState.AWARDED:
        raise Conflict(_("现在是“%(now)s”，不能这样操作。", now=words.NOMINATION_LABELS[nomination.state]))
    if not rights.may_revoke(actor, nomination):
        raise NotAllowed(_("由主要负责人撤销；本人和所在科室的由其他人决定。"))
    if not reason:
        raise Invalid("reason", _("请写明撤销的理由。"), "O-7")
    nomination.state, nomination.against = NominationState.REVOKED, reason
    nomination.revoked_by_id, nomination.revoked_at = actor.id, now
    journal.record(
        words.REVOKED,
        nomination.round,
        actor,
        now,
        who=name_of(nomination),
        certificate=nomination.certificate,
        reason=reason,
    )


def sweep(now: datetime) -> int:
    """Mark awards of this year whose holder a later decision bars, and tell who decides (A-4); returns how many."""
    day = clock.local(now).date()
    query = (
        select(Nomination)
        .join(Nomination.round)
        .where(
            AwardRound.state == RoundState.AWARDED,
            AwardRound.last_on >= day.replace(month=1, day=1),
            Nomination.state == NominationState.AWARDED,
            Nomination.barred_at.is_(None),
        )
        .order_by(Nomination.id)
        .with_for_update(skip_locked=True, of=Nomination)
    )
    held = list(db.session.scalars(query))
    if not held:
        return 0
    found: dict[int, dict[tuple[int | None, int | None], list[str]]] = {}
    n = 0
    for each in held:
        year = each.round.last_on.year
        letters = found.setdefault(year, eligibility.barred(year))
        key = (each.user_id, None) if each.round.nominee is Nominee.PERSON else (None, each.department_id)
        if not (numbers_ := letters.get(key)):
            continue
        each.barred_at, each.barred = now, _("、").join(numbers_)[:400]
        journal.record(
            words.BARRED,
            each.round,
            SYSTEM,
            now,
            who=name_of(each),
            certificate=each.certificate,
            reason=each.barred,
        )
        title = _l("已授奖项的获得者受到追究：%(number)s", number=each.certificate or "")
        users = [eligibility.principal(), *people.users_with_role(Role.OFFICE)]
        key_, values = f"award:barred:{each.id}", {"number": each.round.number}
        reminder.tell(now, users, About.DECIDE, key_, title, "", "award.show", values=values)
        n += 1
    return n
