"""What follows a filed entry: a meeting passed on in each department, a shift taken over (O-4)."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import gettext as _

from portal.kernel import clock, journal
from portal.kernel.actor import Actor
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import queries as people
from portal.register import rights
from portal.register import vocabulary as words
from portal.register.models import EntryState, RegisterEntry, RegisterPassing

MOST_HEARD = 10_000


def pass_on(
    actor: Actor, passing: RegisterPassing, on: date | None, heard: int | None, note: str, now: datetime
) -> None:
    """Confirm that a department heard what the meeting said. Raises NotAllowed, Conflict, Invalid."""
    entry = passing.entry
    if not rights.passes_on(actor, passing):
        raise NotAllowed(_("由参加会议的人或者科室负责人确认传达。"), "O-4")
    if passing.passed_at is not None or entry.state is not EntryState.FILED:
        raise Conflict(_("已经确认传达。"), "O-4")
    if on is None:
        raise Invalid("passed_on", _("请填写传达日期。"))
    if not entry.held_on <= on <= clock.local(now).date():
        raise Invalid("passed_on", _("传达日期应在会议当天至今天之间。"))
    if heard is None:
        raise Invalid("heard", _("请填写听取传达的人数。"))
    passing.passed_at, passing.passed_by_id, passing.passed_on = now, actor.id, on
    passing.heard, passing.note = heard, note
    journal.record(
        words.PASSED_ON, passing, actor, now,
        number=entry.number, department=people.department_names().get(passing.department_id, ""), on=on,
        heard=heard, note=note, late=on > passing.due_on,
    )  # fmt: skip


def take_over(actor: Actor, entry: RegisterEntry, note: str, now: datetime) -> None:
    """The next shift confirms that it has taken over. Raises NotAllowed, Conflict."""
    if actor.id != entry.handed_to_id or actor.id == entry.filed_by_id:
        raise NotAllowed(_("由接班人确认接班。"), "O-4")
    if entry.state is not EntryState.FILED or entry.taken_at is not None:
        raise Conflict(_("没有等待接班的记录。"), "O-4")
    entry.taken_at, entry.taken_note = now, note
    entry.version += 1
    journal.record(words.TAKEN_OVER, entry, actor, now, number=entry.number, note=note)
