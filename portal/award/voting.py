"""The secret vote: open it, cast, extend, count (O-7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from portal.ab_post import queries as ab
from portal.award import eligibility, rights, rules
from portal.award import vocabulary as words
from portal.award.models import AwardBallot, AwardRound, Nomination, NominationState, RoundState, Voter
from portal.award.rules import Count, Outcome, Ties
from portal.award.service import in_state, manages, name_of
from portal.duty_report import queries as duty
from portal.kernel import clock, journal, urn
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.policy import queries as policy
from portal.post_duty.models import PostKind
from portal.reminder import service as reminder
from portal.reminder.models import Kind as About

_HEADS = (PostKind.PRINCIPAL, PostKind.LEADER, PostKind.HEAD)


def apply(round_: AwardRound, states: Collection[NominationState], actor: Actor, now: datetime) -> list[Nomination]:
    """Mark the nominations (of some states) that are not eligible (any more), with the reason; returns them (E-5)."""
    asked = [n for n in round_.nominations if n.state in states]
    found = eligibility.against(round_, asked)
    for each in asked:
        if found[each.id]:
            each.state, each.against = NominationState.INELIGIBLE, _("；").join(found[each.id])[:800]
            journal.record(words.INELIGIBLE, round_, actor, now, who=name_of(each), reason=each.against)
    return [each for each in asked if found[each.id]]


def circle(now: datetime) -> dict[int, int]:
    """Who votes by policy, with the department: everybody who holds a post, or leaders and heads."""
    holders, seen = duty.holders(now), ab.picture()
    only = policy.value("award.circle") == "heads"
    homes = seen.departments_of_users
    return {
        user_id: homes.get(user_id) or department_id
        for user_id, (post_id, department_id) in holders.items()
        if not only or seen.posts[post_id].kind in _HEADS
    }


def open_vote(actor: Actor, round_: AwardRound, now: datetime) -> None:
    """Open the vote: eligibility is applied again, the circle is fixed (O-7, E-5).

    Raises NotAllowed, Conflict before the last day of nominations, without nominations, where a summary is missing, or
    for a circle so small that voices could be told.
    """
    manages(actor)
    in_state(round_, RoundState.NOMINATING)
    if clock.local(now).date() <= round_.nominate_by and not _complete(round_):
        raise Conflict(_("提名期限未到，还有提名没有自我总结。"), "O-7")
    missing = [n for n in round_.nominations if n.state is NominationState.PROPOSED and not n.summary]
    for each in missing:
        each.state, each.against = NominationState.INELIGIBLE, _("没有按期提交自我总结")
        journal.record(words.INELIGIBLE, round_, actor, now, who=name_of(each), reason=each.against)
    apply(round_, (NominationState.PROPOSED,), actor, now)
    stands = [n for n in round_.nominations if n.state is NominationState.PROPOSED]
    if not stands:
        raise Conflict(_("没有符合条件的提名，不能开始投票。"), "O-7")
    voters = circle(now)
    if len(voters) < (least := policy.value("award.least_circle")):
        raise Conflict(_("应投票的不足 %(n)s 人，不能开始投票。", n=least), "O-7")
    round_.state, round_.voting_at = RoundState.VOTING, now
    round_.circle = [Voter(user_id=u, department_id=d) for u, d in sorted(voters.items())]
    scope = str(policy.value("award.circle"))
    journal.record(words.VOTE_OPENED, round_, actor, now, nominations=len(stands), people=len(voters), circle=scope)
    reminder.tell(
        now,
        voters,
        About.TASK,
        f"award:{round_.id}:vote",
        _l("请投票：%(title)s", title=round_.title),
        _l("请于 %(by)s 前投票；投票不记名。", by=round_.vote_by),
        "award.show",
        values={"number": round_.number},
    )


def _complete(round_: AwardRound) -> bool:
    return all(n.summary for n in round_.nominations if n.state is NominationState.PROPOSED)


def cast(actor: Actor, round_: AwardRound, chosen: Collection[int], abstains: bool, now: datetime) -> None:
    """Cast one's ballot, once: voices for at most as many nominations as there are places (O-7).

    Whoever calls holds a lock of the round. Raises NotAllowed for who is not of the circle; Conflict for a second
    ballot or a closed vote; Invalid for nothing or too much, or for a nomination that one does not vote on.
    """
    mine = rights.place_in(actor, round_)
    if mine is None:
        raise NotAllowed(_("您不在这次投票的范围内。"))
    in_state(round_, RoundState.VOTING)
    if clock.local(now).date() > round_.vote_by:
        raise Conflict(_("投票期限已过。"), "O-7")
    if mine.voted:
        raise Conflict(_("您已经投票。"), "O-7")
    stands = {n.id for n in rights.votable(mine, round_)}
    if not set(chosen) <= stands:
        raise Invalid("chosen", _("请在列出的提名中选择；本人和本科室不投票。"), "O-7")
    if bool(chosen) == abstains:
        raise Invalid("chosen", _("请选择提名，或者只选弃权。"), "O-7")
    if len(set(chosen)) > round_.places:
        raise Invalid(
            "chosen", _("最多选 %(n)s 个，现选 %(chosen)s 个。", n=round_.places, chosen=len(set(chosen))), "O-7"
        )
    mine.voted = True
    journal.record(words.VOTED, round_, actor, now)
    db.session.flush()
    urn.put(AwardBallot, [{"nomination_id": key} for key in sorted(set(chosen))], round_id=round_.id)


def extend(actor: Actor, round_: AwardRound, vote_by: date, now: datetime) -> None:
    """Give the vote more time. Raises NotAllowed, Conflict, Invalid."""
    manages(actor)
    in_state(round_, RoundState.VOTING)
    if vote_by <= round_.vote_by or vote_by < clock.local(now).date():
        raise Invalid("vote_by", _("请填写晚于现有期限的日期，且不早于今天。"), "O-7")
    old, round_.vote_by = round_.vote_by, vote_by
    journal.record(words.EXTENDED, round_, actor, now, old=old, new=vote_by)


def count(actor: Actor, round_: AwardRound, now: datetime) -> None:
    """Close the vote and count it by the rules in force (O-7).

    Raises NotAllowed, Conflict before the last day while somebody has yet to vote, or where too few have voted.
    """
    manages(actor)
    in_state(round_, RoundState.VOTING)
    voted = [v for v in round_.circle if v.voted]
    if len(voted) < len(round_.circle) and clock.local(now).date() <= round_.vote_by:
        raise Conflict(_("投票期限未到，还有人没有投票。"), "O-7")
    quorum, least = policy.value("award.quorum_percent"), policy.value("award.least_circle")
    if 100 * len(voted) < quorum * len(round_.circle) or len(voted) < least:
        told = _(
            "已投票 %(voted)s 人，达不到 %(percent)s%% 或者 %(n)s 人；请延长投票期限。",
            voted=len(voted),
            percent=quorum,
            n=least,
        )
        raise Conflict(told, "O-7")
    stands = [n for n in round_.nominations if n.state is NominationState.PROPOSED]
    voices = _voices(round_.id)
    for each in stands:
        each.votes = voices[each.id]
        each.ballots = sum(
            not rules.concerned(v.user_id, v.department_id, each.user_id, each.department_id) for v in voted
        )
    ties, percent = Ties(policy.value("award.ties")), policy.value("award.least_percent")
    counts = {n.id: Count(n.votes or 0, n.ballots or 0) for n in stands}
    for key, what in rules.outcome(counts, round_.places, percent, ties).items():
        next(n for n in stands if n.id == key).outcome = str(what)
    round_.state, round_.counted_at = RoundState.COUNTED, now
    journal.record(
        words.COUNTED,
        round_,
        actor,
        now,
        people=len(round_.circle),
        voted=len(voted),
        elected=sum(n.outcome == Outcome.ELECTED for n in stands),
        votes={name_of(n): n.votes for n in stands},
        ties=str(ties),
        least_percent=percent,
    )


def _voices(round_id: int) -> Counter[int]:
    rows = select(AwardBallot.nomination_id, func.count()).where(AwardBallot.round_id == round_id)
    return Counter(dict(db.session.execute(rows.group_by(AwardBallot.nomination_id)).all()))
