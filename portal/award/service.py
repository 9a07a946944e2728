"""The verbs before the vote: open a round, nominate, summarise, withdraw, cancel (O-7)."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.ab_post import queries as ab
from portal.award import eligibility, rights, rules
from portal.award import vocabulary as words
from portal.award.models import AwardRound, Nomination, NominationState, Nominee, RoundState, Span
from portal.kernel import clock, journal, numbers
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import queries as people
from portal.policy import queries as policy
from portal.reminder import service as reminder
from portal.reminder.models import Kind as About


def name_of(nomination: Nomination) -> str:
    """Who is nominated, as people say it."""
    if nomination.user_id is not None:
        return people.user_names().get(nomination.user_id, "")
    return people.department_names().get(nomination.department_id, "")


def manages(actor: Actor) -> None:
    """Raises NotAllowed for who does not organise awards."""
    if not actor.can(words.MANAGE):
        raise NotAllowed(_("评选由办公室组织。"))


def in_state(round_: AwardRound, *states: RoundState) -> None:
    """Raises Conflict when the round stands elsewhere."""
    if round_.state not in states:
        raise Conflict(_("现在是“%(now)s”，不能这样操作。", now=words.STATE_LABELS[round_.state]))


def open_round(
    actor: Actor, span: Span, nominee: Nominee, day: date, nominate_by: date, vote_by: date, now: datetime
) -> AwardRound:
    """Open the round of the month, quarter or year of a day; its places are those of the policy (O-7).

    Raises NotAllowed, Invalid for a period to come, one that has a round already, or dates out of order.
    """
    manages(actor)
    first, last = rules.period(str(span), day)
    today = clock.local(now).date()
    if first > today:
        raise Invalid("day", _("评选的时段还没有开始。"), "O-7")
    if nominate_by < today:
        raise Invalid("nominate_by", _("提名期限不能早于今天。"), "O-7")
    if vote_by < nominate_by:
        raise Invalid("vote_by", _("投票期限不能早于提名期限。"), "O-7")
    same = select(AwardRound.number).where(
        AwardRound.span == span,
        AwardRound.nominee == nominee,
        AwardRound.first_on == first,
        AwardRound.state != RoundState.CANCELLED,
    )
    if found := db.session.scalar(same):
        raise Invalid("day", _("这一时段已有评选 %(number)s。", number=found), "O-7")
    places: int = policy.value(words.PLACES[span, nominee])
    if not places:
        raise Invalid("span", _("政策参数规定这一奖项不设名额。"), "O-7")
    made = AwardRound(
        number=numbers.take("PX", now),
        title=_title(span, nominee, first),
        span=span,
        nominee=nominee,
        first_on=first,
        last_on=last,
        places=places,
        nominate_by=nominate_by,
        vote_by=vote_by,
        state=RoundState.NOMINATING,
        opened_by_id=actor.id,
        opened_at=now,
    )
    db.session.add(made)
    db.session.flush()
    journal.record(
        words.OPENED,
        made,
        actor,
        now,
        number=made.number,
        title=made.title,
        first_on=first,
        last_on=last,
        places=places,
        nominate_by=nominate_by,
        vote_by=vote_by,
    )
    return made


def _title(span: Span, nominee: Nominee, first: date) -> str:
    """In Chinese, whoever opens the round: the title is kept."""
    with force_locale("zh"):
        return _titled(span, nominee, first)


def _titled(span: Span, nominee: Nominee, first: date) -> str:
    award = str(words.SHORT_LABELS[span, nominee])
    if span is Span.YEAR:
        return _("%(year)s 年%(award)s", year=first.year, award=award)
    if span is Span.QUARTER:
        return _("%(year)s 年第 %(n)s 季度%(award)s", year=first.year, n=first.month // 3 + 1, award=award)
    return _("%(year)s 年 %(n)s 月%(award)s", year=first.year, n=first.month, award=award)


def nominate(actor: Actor, round_: AwardRound, who: int, reason: str, summary: str, now: datetime) -> Nomination:
    """Nominate a person or a department; for oneself with the summary (O-7, E-5).

    Raises Conflict, and Invalid for somebody whom the actor may not nominate, who stands already, is not eligible
    (with the reason), or who nominates themselves without a summary.
    """
    in_state(round_, RoundState.NOMINATING)
    if clock.local(now).date() > round_.nominate_by:
        raise Conflict(_("提名期限已过。"), "O-7")
    if who not in rights.nominable(actor, round_):
        raise Invalid("who", _("请选择本人可以提名的人员或者科室。"), "O-7")
    person = round_.nominee is Nominee.PERSON
    if any((n.user_id if person else n.department_id) == who for n in rights.standing(round_)):
        raise Invalid("who", _("已经提名，不必重复。"), "O-7")
    found = eligibility.against_persons(round_, [who]) if person else eligibility.against_departments(round_, [who])
    if found[who]:
        raise Invalid("who", _("不符合条件：%(reason)s", reason=_("；").join(found[who])), "E-5")
    own = person and who == actor.id
    if own and not summary:
        raise Invalid("summary", _("自荐的请填写自我总结。"), "O-7")
    department_id = ab.picture().departments_of_users.get(who) if person else who
    if department_id is None:
        raise Invalid("who", _("这名人员还没有科室。"), "O-7")
    written = summary if own or not person else ""
    made = Nomination(
        round=round_,
        user_id=who if person else None,
        department_id=department_id,
        nominated_by_id=actor.id,
        nominated_at=now,
        reason=reason,
        summary=written,
        summarised_by_id=actor.id if written else None,
        state=NominationState.PROPOSED,
    )
    db.session.add(made)
    db.session.flush()
    journal.record(words.NOMINATED, round_, actor, now, who=name_of(made), reason=reason, self=own)
    if person and not own:
        title = _l("您被提名参加评选：%(title)s", title=round_.title)
        body = _l("请于 %(by)s 前填写自我总结。", by=round_.nominate_by)
        key, values = f"award:{made.id}:summary", {"number": round_.number}
        reminder.tell(now, [who], About.TASK, key, title, body, "award.show", values=values)
    return made


def summarise(actor: Actor, nomination: Nomination, summary: str, now: datetime) -> None:
    """Write (or write anew) the summary of a nomination, before the vote. Raises NotAllowed, Conflict, Invalid."""
    in_state(nomination.round, RoundState.NOMINATING)
    if not rights.may_summarise(actor, nomination):
        raise NotAllowed(_("自我总结由被提名的本人或者科室的负责人填写。"))
    if not summary:
        raise Invalid("summary", _("请填写自我总结。"), "O-7")
    nomination.summary, nomination.summarised_by_id = summary, actor.id
    journal.record(words.SUMMARISED, nomination.round, actor, now, who=name_of(nomination))


def withdraw(actor: Actor, nomination: Nomination, now: datetime) -> None:
    """Take a nomination back before the vote. Raises NotAllowed, Conflict."""
    in_state(nomination.round, RoundState.NOMINATING)
    if nomination.state is not NominationState.PROPOSED:
        raise Conflict(_("这个提名已经撤回。"))
    if not rights.may_withdraw(actor, nomination):
        raise NotAllowed(_("提名由提名人或者被提名的本人撤回。"))
    nomination.state = NominationState.WITHDRAWN
    journal.record(words.NOMINATION_WITHDRAWN, nomination.round, actor, now, who=name_of(nomination))


def cancel(actor: Actor, round_: AwardRound, reason: str, now: datetime) -> None:
    """Cancel a round that has not been decided, with a reason. Raises NotAllowed, Conflict, Invalid."""
    manages(actor)
    in_state(round_, RoundState.NOMINATING, RoundState.VOTING, RoundState.COUNTED, RoundState.REVIEWED)
    if not reason:
        raise Invalid("reason", _("请写明取消的理由。"), "O-7")
    round_.state, round_.cancelled = RoundState.CANCELLED, reason
    journal.record(words.CANCELLED, round_, actor, now, reason=reason)
