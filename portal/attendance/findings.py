"""The verbs about findings of work discipline: recorded by an inspection, explained, concluded (P-3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from portal.ab_post import queries as ab
from portal.ab_post.models import Letter
from portal.attendance import rights
from portal.attendance import vocabulary as words
from portal.attendance.models import Finding, FindingKind
from portal.calendar import queries as calendar
from portal.kernel import clock, files, journal, numbers
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import queries as people
from portal.people.models import User
from portal.policy import queries as policy

PREFIX = "JL"
FILES = "discipline_finding"
REPLY_FILES = "discipline_reply"

#: The policy that holds the figure of each kind; anything else costs what the office decides (none by itself).
_POINTS = {
    FindingKind.LATE: "attendance.points_late",
    FindingKind.EARLY: "attendance.points_late",
    FindingKind.ABSENT: "attendance.points_absent",
    FindingKind.OFF_POST: "attendance.points_off_post",
    FindingKind.GAMES: "attendance.points_off_post",
    FindingKind.PRIVATE_WORK: "attendance.points_off_post",
}


def tenths(kind: FindingKind) -> int:
    """The figure of the score table for a kind, in tenths of a point; 0 for a kind that the table does not name."""
    return int(policy.value(_POINTS[kind])) if kind in _POINTS else 0


def record(
    actor: Actor,
    user_id: int,
    kind: FindingKind,
    found_at: datetime,
    place: str,
    note: str,
    now: datetime,
    uploads: Iterable[FileStorage] = (),
) -> Finding:
    """Record what an inspection found about somebody; they are asked to explain within the policy's working days.

    Raises Invalid for oneself, for somebody unknown, and for an instant that lies ahead.
    """
    user = db.session.get(User, user_id)
    if user is None or not ab.picture().able(user_id, now):
        raise Invalid("user_id", _("请选择在职人员。"))
    if user_id == actor.id:
        raise Invalid("user_id", _("检查人不能登记自己。"), "P-3")
    if found_at > now:
        raise Invalid("found_at", _("检查时间不能在今后。"))
    within = policy.value("attendance.reply_within")
    reply_by = calendar.work_calendar().add_workdays(clock.local(now).date(), within.amount)
    made = Finding(
        number=numbers.take(PREFIX, now),
        user_id=user_id,
        department_id=user.department_id,
        post_id=_post_of(user_id, found_at),
        kind=kind,
        found_at=found_at,
        place=place,
        note=note,
        tenths=tenths(kind),
        inspected_by_id=actor.id or 0,
        recorded_at=now,
        reply_by=reply_by,
    )
    db.session.add(made)
    db.session.flush()
    stored = files.store(uploads, FILES, made.id, actor.id, now, policy.value("attachments.max_megabytes"))
    journal.record(
        words.FOUND,
        made,
        actor,
        now,
        post_id=made.post_id,
        number=made.number,
        name=people.user_names().get(user_id, user.name),
        finding=kind,
        found_at=found_at,
        place=place,
        note=note,
        tenths=made.tenths,
        reply_by=reply_by,
        files=files.facts(stored),
    )
    return made


def _post_of(user_id: int, at: datetime) -> int | None:
    """The first post that a person held as A at an instant."""
    seen, day = ab.picture_at(at), clock.local(at).date()
    held = [p for p in seen.by_user.get(user_id, ()) if seen.holder(p, Letter.A, day) == user_id]
    return min(held, key=lambda p: seen.posts[p].code) if held else None


def reply(actor: Actor, finding: Finding, said: str, now: datetime, uploads: Iterable[FileStorage] = ()) -> None:
    """The person concerned explains, once. Raises NotAllowed, Conflict."""
    if actor.id != finding.user_id:
        raise NotAllowed(_("由本人说明情况。"))
    if not rights.may_reply(actor, finding):
        raise Conflict(_("已经说明过情况，或者已经作出结论。"))
    finding.reply, finding.replied_at = said, now
    stored = files.store(uploads, REPLY_FILES, finding.id, actor.id, now, policy.value("attachments.max_megabytes"))
    late = clock.local(now).date() > finding.reply_by
    journal.record(words.REPLIED, finding, actor, now, reply=said, late=late, files=files.facts(stored))


def conclude(actor: Actor, finding: Finding, upheld: bool, conclusion: str, now: datetime) -> None:
    """The office concludes whether a finding holds, with its reason: never the person concerned, never the inspector.

    Raises Conflict when it was concluded before or the person may still explain, NotAllowed for who is barred.
    """
    if finding.concluded_at is not None:
        raise Conflict(_("这次检查已经作出结论。"))
    if rights.barred_from_concluding(actor, finding):
        raise NotAllowed(_("结论不能由本人或者检查人作出。"), "P-3")
    if finding.replied_at is None and _today(now) <= finding.reply_by:
        raise Conflict(_("本人还可以说明情况，期满前不能作出结论。"), "P-3")
    finding.upheld, finding.conclusion = upheld, conclusion
    finding.concluded_by_id, finding.concluded_at = actor.id, now
    journal.record(
        words.CONCLUDED,
        finding,
        actor,
        now,
        upheld=upheld,
        without_reply=finding.replied_at is None,
        conclusion=conclusion,
    )


def _today(now: datetime) -> date:
    return clock.local(now).date()
