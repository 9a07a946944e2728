"""The verbs of the lists of a quarter and of a year: propose, adjust, send back, sign, publish, correct (E-4, E-5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from portal.kernel import journal
from portal.kernel.actor import Actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.monthly_result import candidates, naming, rows
from portal.monthly_result import vocabulary as words
from portal.monthly_result.models import Roll, RollEntry, RollKind, RollState
from portal.monthly_result.naming import Period
from portal.policy import queries as policy
from portal.post_duty import queries as posts
from portal.pure.months import month_text
from portal.score_table.models import Subject

S = RollState
_MOST = {
    RollKind.QUARTER_PERSONS: "monthly_result.quarter_persons",
    RollKind.YEAR_PERSONS: "monthly_result.year_persons",
    RollKind.COLLECTIVES: "monthly_result.year_collectives",
    RollKind.WINDOWS: "monthly_result.year_windows_most",
}


def period_of(roll: Roll) -> Period:
    """The quarter or year of a list."""
    return Period(roll.year, roll.quarter)


def editions(kind: RollKind, period: Period) -> list[Roll]:
    """All editions of a list, the newest first."""
    query = select(Roll).where(Roll.kind == kind, Roll.year == period.year, Roll.quarter == period.quarter)
    return list(db.session.scalars(query.order_by(Roll.edition.desc())))


def published(limit: int = 100) -> list[Roll]:
    """The published lists, the newest first."""
    query = select(Roll).where(Roll.published_at.is_not(None))
    return list(db.session.scalars(query.order_by(Roll.published_at.desc(), Roll.id.desc()).limit(limit)))


def under_way() -> list[Roll]:
    """The lists that are not published yet."""
    return list(db.session.scalars(select(Roll).where(Roll.published_at.is_(None)).order_by(Roll.id)))


def seen(roll: Roll) -> str:
    """The mark of what a list says: whoever signs signs what the page showed."""
    return rows.digest({"roll": roll.id, "edition": roll.edition, "most": roll.most}, _lines(roll))


def _lines(roll: Roll) -> list[dict[str, Any]]:
    return [
        {
            "id": e.subject_id, "name": e.name, "department": e.department, "average": f"{e.average:f}",
            "months": e.months, "place": e.place, "barred": e.barred, "named": e.named, "reason": e.reason,
        }
        for e in roll.entries
    ]  # fmt: skip


def _facts(roll: Roll) -> dict[str, Any]:
    return {"roll": roll.kind, "period": period_of(roll).text, "edition": roll.edition}


def _manages(actor: Actor) -> None:
    if not actor.can(words.MANAGE):
        raise NotAllowed(_("先进名单由办公室提出和公布。"), "E-4")


def _in(roll: Roll, *states: RollState) -> None:
    if roll.state not in states:
        raise Conflict(
            _("这份名单现在是“%(state)s”，不能这样处理。请刷新后查看。", state=words.ROLL_STATE_LABELS[roll.state]),
            "E-4",
        )


def propose(actor: Actor, kind: RollKind, period: Period, now: datetime, reason: str = "") -> Roll:
    """Propose a list from the published months of a period; a published one gets a new edition, with a reason.

    Raises NotAllowed, Invalid, Conflict while months are missing or another edition is on its way.
    """
    _manages(actor)
    gone = candidates.missing(kind, period)
    if gone:
        raise Conflict(
            _("这些月份的考评结果还没有公布：%(months)s。", months=_("、").join(map(month_text, gone))), "E-4"
        )
    before = editions(kind, period)
    if before and before[0].published_at is None:
        raise Conflict(_("这份名单已经提出，请在名单上调整。"), "E-4")
    if before and not reason:
        raise Invalid("reason", _("请写明更正的原因。"), "J-3")
    made = Roll(
        kind=kind, year=period.year, quarter=period.quarter, edition=len(before) + 1,
        replaces_id=before[0].id if before else None, correction=reason if before else "", state=S.PROPOSED,
        most=policy.value(_MOST[kind]),
        least=policy.value("monthly_result.year_windows_least") if kind is RollKind.WINDOWS else 0,
        made_at=now, made_by_id=actor.id or 0, return_reason="", digest="",
    )  # fmt: skip
    found = naming.propose(candidates.of(kind, period), made.most)
    if not found:
        raise Conflict(_("这个时段没有可以提名的对象。"), "E-4")
    db.session.add(made)
    for each in found:
        one = each.candidate
        made.entries.append(
            RollEntry(
                subject_id=one.subject_id, name=one.name, department=one.department, sort=each.sort,
                average=one.average, months=one.months, place=each.place, barred=one.barred,
                proposed=each.proposed, named=each.proposed, reason="",
            )
        )  # fmt: skip
    journal.record(
        words.ROLL_PROPOSED, made, actor, now,
        named=[e.name for e in made.entries if e.named], barred=sum(1 for e in made.entries if e.barred),
        reason=made.correction, **_facts(made),
    )  # fmt: skip
    return made


def change(actor: Actor, roll: Roll, subject_id: int, named: bool, reason: str, now: datetime) -> None:
    """Put somebody on the list or take them off, with a reason where it differs from the portal's proposal.

    Raises NotAllowed, Invalid, Conflict.
    """
    _manages(actor)
    found = locked(Roll, id=roll.id)
    _in(found, S.PROPOSED, S.RETURNED)
    entry = next((e for e in found.entries if e.subject_id == subject_id), None)
    if entry is None:
        raise Invalid("subject_id", _("请选择名单上的对象。"))
    if subject_id == actor.id and candidates.subject_of(found.kind) is Subject.PERSON:
        raise NotAllowed(_("不能调整涉及自己的名单内容。"), "E-4")
    if entry.barred:
        raise Invalid("subject_id", _("按规定没有资格的，不能列入名单。"), "E-5")
    if entry.named is named:
        raise Invalid("subject_id", _("名单上本来就是这样。"))
    if named is not entry.proposed and not reason:
        raise Invalid("reason", _("与平台建议不一致的，请写明原因。"), "E-4")
    entry.named, entry.reason = named, reason if named is not entry.proposed else ""
    if found.state is S.RETURNED:
        found.state = S.PROPOSED
    journal.record(
        words.ROLL_CHANGED, found, actor, now, name=entry.name, included=named, reason=reason, **_facts(found)
    )


def resubmit(actor: Actor, roll: Roll, now: datetime) -> None:
    """Put a list that was sent back before the principal again as it stands. Raises NotAllowed, Conflict."""
    _manages(actor)
    found = locked(Roll, id=roll.id)
    _in(found, S.RETURNED)
    found.state = S.PROPOSED
    journal.record(
        words.ROLL_PROPOSED, found, actor, now,
        named=[e.name for e in found.entries if e.named], barred=sum(1 for e in found.entries if e.barred),
        reason=found.correction, **_facts(found),
    )  # fmt: skip


def why_not_sign(actor: Actor, roll: Roll) -> str:
    """Why somebody may not sign this list; empty: may."""
    named = [e.subject_id for e in roll.entries if e.named]
    if candidates.subject_of(roll.kind) is Subject.PERSON and named == [actor.id]:
        return _("名单上只有您本人，不能由您签发。")
    return ""


def _signs(actor: Actor, roll: Roll) -> None:
    if not actor.can(words.SIGN):
        raise NotAllowed(_("先进名单由主要负责人签发。"), "E-4")
    if why := why_not_sign(actor, roll):
        raise NotAllowed(why, "E-4")


def sign(actor: Actor, roll: Roll, shown: str, now: datetime) -> None:
    """The principal's decision on a list as the page ``shown`` it (AB-4). Raises NotAllowed, Conflict."""
    found = locked(Roll, id=roll.id)
    _signs(actor, found)
    _in(found, S.PROPOSED)
    if shown != seen(found):
        raise Conflict(_("您打开页面之后名单有调整，请看过新的名单再签发。"), "E-4")
    named = sum(1 for e in found.entries if e.named)
    if named > found.most:
        raise Conflict(_("名单上有 %(n)s 名，超过上限 %(most)s 名，请退回调整。", n=named, most=found.most), "E-4")
    if named == 0 or named < min(found.least, sum(1 for e in found.entries if not e.barred)):
        raise Conflict(_("名单上的人数不足，请退回调整。"), "E-4")
    post_id = posts.principal_post()
    own = actor.answers_for(post_id)
    found.signed_at, found.signed_by_id, found.state = now, actor.id, S.SIGNED
    found.signed_for_id = own.for_user_id if own else None
    journal.record(words.ROLL_SIGNED, found, actor, now, post_id=post_id if own else None, **_facts(found))


def send_back(actor: Actor, roll: Roll, reason: str, now: datetime) -> None:
    """Send a list back to the office with a reason. Raises NotAllowed, Invalid, Conflict."""
    found = locked(Roll, id=roll.id)
    _signs(actor, found)
    _in(found, S.PROPOSED)
    if not reason:
        raise Invalid("reason", _("退回的，请写明原因。"), "E-4")
    found.state, found.return_reason = S.RETURNED, reason
    journal.record(words.ROLL_RETURNED, found, actor, now, reason=reason, **_facts(found))


def publish(actor: Actor, roll: Roll, now: datetime) -> str:
    """Publish a signed list and return its digest; nothing of it changes afterwards. Raises NotAllowed, Conflict."""
    _manages(actor)
    found = locked(Roll, id=roll.id)
    _in(found, S.SIGNED)
    found.digest = seen(found)
    found.published_at, found.published_by_id, found.state = now, actor.id, S.PUBLISHED
    journal.record(words.ROLL_PUBLISHED, found, actor, now, digest=found.digest, **_facts(found))
    return found.digest
