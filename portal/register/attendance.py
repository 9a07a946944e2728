"""Attendance of an entry: who is expected, what the portal knows of their leave, what was written (O-4, O-3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from portal.ab_post import picture as ab
from portal.kernel import clock, journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid
from portal.people import queries as people
from portal.register import rights, service
from portal.register import vocabulary as words
from portal.register.models import EntryState, Presence, RegisterEntry, RegisterPresence

#: Nobody writes more than this in one study.
MOST_NOTES = 100_000


@dataclass(frozen=True)
class Expected:
    """One person who should be there; ``absence_id``: a time away that the portal knows."""

    user_id: int
    name: str
    department_id: int | None
    department: str
    absence_id: int | None


@dataclass(frozen=True)
class Mark:
    """What is written of one person."""

    presence: Presence
    reason: str = ""
    delegate_id: int | None = None
    notes: int | None = None


def expected(entry: RegisterEntry) -> list[Expected]:
    """Who should be there, in the office's order: heads, the department's people, or everybody; and whoever was
    written down before."""
    departments, names = people.department_names(), people.user_names()
    seen, day = ab.picture_at(entry.held_at), entry.held_on
    found: dict[int, int | None] = {}
    if entry.kind.heads_only:
        wanted = [entry.department_id] if entry.department_id else rights.keeping_departments()
        for department_id in wanted:
            for user_id in seen.heads_of(department_id, day):
                found.setdefault(user_id, department_id)
    else:
        for user_id, _name in people.people_in_service(entry.department_id):
            found[user_id] = seen.departments_of_users.get(user_id)
    for row in entry.presences:
        found.setdefault(row.user_id, row.department_id)
    order = {key: n for n, key in enumerate(departments)}
    made = [
        Expected(user_id, names.get(user_id, ""), d, departments.get(d or 0, ""), away(entry, user_id))
        for user_id, d in found.items()
    ]
    return sorted(made, key=lambda e: (order.get(e.department_id or 0, len(order)), e.user_id))


def away(entry: RegisterEntry, user_id: int) -> int | None:
    """The time away of a person that covers the beginning of an entry, if the portal knows one."""
    found = ab.picture_at(entry.held_at).absence(user_id, entry.held_at)
    return found.id if found is not None else None


def proposed(entry: RegisterEntry) -> dict[int, Mark]:
    """What a sheet shows first: what was written, else excused for those away and present for the others."""
    written = {row.user_id: Mark(row.presence, row.reason, row.delegate_id, row.notes) for row in entry.presences}
    return {
        each.user_id: written.get(each.user_id) or Mark(Presence.EXCUSED if each.absence_id else Presence.PRESENT)
        for each in expected(entry)
    }


def delegates(each: Expected) -> list[tuple[int, str]]:
    """Who may come in somebody's place: the others of the department."""
    if each.department_id is None:
        return []
    return [(key, name) for key, name in people.people_in_service(each.department_id) if key != each.user_id]


class Refused(Invalid):
    """Something is wrong with one person's line; ``field`` is ``user-<id>``."""

    def __init__(self, user_id: int, message: str) -> None:
        super().__init__(f"user-{user_id}", message, "O-4")


def take(
    actor: Actor, entry: RegisterEntry, marks: Mapping[int, Mark], version: int, now: datetime, reason: str = ""
) -> None:
    """Write who was there. In a filed entry it is a correction and needs a reason.

    Raises NotAllowed; Conflict for a struck entry, one of tomorrow, or one changed meanwhile; Refused for a line:
    absent although the portal knows why, excused without leave and reason, sent nobody or oneself.
    """
    service.keep_or_refuse(actor, entry.kind, entry.department_id)
    if not entry.kind.attendance or entry.state is EntryState.STRUCK:
        raise Conflict(_("这条记录不登记出席。"), "O-4")
    service.same_or_refuse(entry, version)
    if entry.held_on > clock.local(now).date():
        raise Conflict(_("还没有到这一天，当天起才能登记出席。"), "O-4")
    people_here = {each.user_id: each for each in expected(entry)}
    if set(marks) != set(people_here):
        raise Conflict(_("应到人员刚有变动，请刷新后再登记。"), "O-4")
    filed = entry.state is EntryState.FILED
    if filed and not reason:
        raise Invalid("reason", _("请写明更正的原因。"), "J-3")
    for user_id, mark in marks.items():
        _check(entry, people_here[user_id], mark)
    changes = _put(entry, people_here, marks)
    if filed:
        if not changes:
            raise Invalid("reason", _("没有改动。"))
        service.trace(actor, entry, reason, changes, now)
        entry.corrected += 1
    entry.version += 1
    db.session.flush()
    n = {p: sum(m.presence is p for m in marks.values()) for p in Presence}
    journal.record(
        words.ATTENDANCE_TAKEN, entry, actor, now,
        number=entry.number, present=n[Presence.PRESENT] + n[Presence.DELEGATED], excused=n[Presence.EXCUSED],
        absent=n[Presence.ABSENT],
        rows=[[u, str(m.presence), m.delegate_id, m.notes] for u, m in sorted(marks.items())],
    )  # fmt: skip


def _check(entry: RegisterEntry, each: Expected, mark: Mark) -> None:
    name = each.name
    if mark.presence is Presence.ABSENT and each.absence_id is not None:
        raise Refused(each.user_id, _("%(name)s已登记离岗，不能记为无故缺席。", name=name))
    if mark.presence is Presence.EXCUSED and each.absence_id is None and not mark.reason:
        raise Refused(each.user_id, _("%(name)s没有登记离岗，记为请假的请写明事由。", name=name))
    if mark.presence is Presence.DELEGATED:
        if not entry.kind.heads_only:
            raise Refused(each.user_id, _("这种台账不派人代替。"))
        if mark.delegate_id not in dict(delegates(each)):
            raise Refused(each.user_id, _("请选择%(name)s派来的人。", name=name))
    if mark.notes is not None and not 0 <= mark.notes <= MOST_NOTES:
        raise Refused(each.user_id, _("%(name)s的笔记字数应在 0 至 %(most)s 之间。", name=name, most=MOST_NOTES))


def _put(entry: RegisterEntry, people_here: Mapping[int, Expected], marks: Mapping[int, Mark]) -> list[dict[str, str]]:
    rows, changes = {row.user_id: row for row in entry.presences}, []
    for user_id, mark in marks.items():
        each, row = people_here[user_id], rows.get(user_id)
        before = shown(row) if row is not None else ""
        if row is None:
            row = RegisterPresence(user_id=user_id, department_id=each.department_id)
            entry.presences.append(row)
        row.presence = mark.presence
        row.absence_id = each.absence_id if mark.presence is Presence.EXCUSED else None
        row.reason = mark.reason if mark.presence in (Presence.EXCUSED, Presence.DELEGATED) else ""
        row.delegate_id = mark.delegate_id if mark.presence is Presence.DELEGATED else None
        row.notes = mark.notes if entry.kind.notes and mark.presence is Presence.PRESENT else None
        after = shown(row)
        if before != after:
            changes.append({"label": each.name, "old": before, "new": after})
    return changes


def shown(row: RegisterPresence) -> str:
    """A presence in words."""
    said = str(words.PRESENCE_LABELS[row.presence])
    if row.delegate_id is not None:
        said = _("%(name)s代为参加", name=people.user_names().get(row.delegate_id, ""))
    elif row.absence_id is not None:
        said = _("请假（已登记离岗）")
    if row.notes is not None:
        said = _("%(said)s，笔记 %(n)s 字", said=said, n=row.notes)
    return _("%(said)s：%(reason)s", said=said, reason=row.reason) if row.reason else said


def tally(entry: RegisterEntry) -> dict[Presence, int]:
    """How many were there in which way."""
    return {p: sum(row.presence is p for row in entry.presences) for p in Presence}
