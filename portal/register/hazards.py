"""Hazards: found at a check, rectified by a date, checked again by somebody else (O-4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from portal.kernel import clock, files, journal, numbers
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import queries as people
from portal.policy import queries as policy
from portal.register import rights, service
from portal.register import vocabulary as words
from portal.register.models import EntryState, Hazard, HazardState, RegisterEntry

PREFIX = "YH"
FILES = "register_hazard"


@dataclass(frozen=True)
class Seen:
    """What was found, where, and what is demanded until when."""

    seen: str
    demand: str
    due_on: date | None
    department_id: int | None
    place: str = ""


def find(actor: Actor, entry: RegisterEntry, what: Seen, now: datetime) -> Hazard:
    """Note a hazard in an entry. Raises NotAllowed, Conflict for a struck entry, Invalid."""
    service.keep_or_refuse(actor, entry.kind, entry.department_id)
    if not entry.kind.hazards or entry.state is EntryState.STRUCK:
        raise Conflict(_("这条记录不登记隐患。"), "O-4")
    if not what.seen:
        raise Invalid("seen", _("请写明隐患。"))
    if not what.demand:
        raise Invalid("demand", _("请写明整改要求。"))
    today = clock.local(now).date()
    if what.due_on is None or not today <= what.due_on <= date(today.year + 1, 12, 31):
        raise Invalid("due_on", _("整改期限应在今天至明年年底之间。"))
    departments = people.department_names()
    if what.department_id not in dict(people.open_departments()):
        raise Invalid("department_id", _("请选择整改科室。"))
    made = Hazard(
        entry_id=entry.id,
        number=numbers.take(PREFIX, now),
        department_id=what.department_id,
        place=what.place,
        seen=what.seen,
        demand=what.demand,
        due_on=what.due_on,
        state=HazardState.OPEN,
        found_by_id=actor.id or 0,
        found_at=now,
        rectified="",
        checked="",
        returned=0,
    )
    db.session.add(made)
    db.session.flush()
    db.session.expire(entry, ["hazard_rows"])
    journal.record(
        words.HAZARD_FOUND, made, actor, now,
        hazard=made.number, number=entry.number, department=departments[made.department_id], seen=made.seen,
        demand=made.demand, due=made.due_on,
    )  # fmt: skip
    return made


def rectify(actor: Actor, hazard: Hazard, text: str, now: datetime, uploads: Iterable[FileStorage] = ()) -> None:
    """Report a hazard rectified. Raises NotAllowed, Conflict, Invalid without words."""
    if not rights.rectifies(actor, hazard):
        raise NotAllowed(_("由整改科室报告整改。"), "O-4")
    if hazard.state is not HazardState.OPEN:
        raise Conflict(_("这处隐患现在不等待整改。"), "O-4")
    if not text:
        raise Invalid("text", _("请写明整改情况。"))
    stored = files.store(uploads, FILES, hazard.id, actor.id, now, policy.value("attachments.max_megabytes"))
    hazard.state, hazard.rectified = HazardState.RECTIFIED, text
    hazard.rectified_by_id, hazard.rectified_at = actor.id, now
    journal.record(
        words.HAZARD_RECTIFIED, hazard, actor, now, hazard=hazard.number, text=text, files=files.facts(stored)
    )


def recheck(actor: Actor, hazard: Hazard, passed: bool, text: str, due_on: date | None, now: datetime) -> None:
    """Check a rectified hazard: it is gone, or it goes back with a reason and a new date.

    Raises NotAllowed for who rectified it, Conflict, Invalid.
    """
    if not rights.rechecks(actor, hazard):
        raise NotAllowed(_("由督查组、办公室或者发现人复查，整改人不能自己复查。"), "O-4")
    if hazard.state is not HazardState.RECTIFIED:
        raise Conflict(_("这处隐患现在不等待复查。"), "O-4")
    if passed:
        hazard.state, hazard.checked, hazard.checked_by_id, hazard.checked_at = (
            HazardState.CLOSED, text, actor.id, now,
        )  # fmt: skip
        journal.record(words.HAZARD_CLOSED, hazard, actor, now, hazard=hazard.number, text=text)
        return
    if not text:
        raise Invalid("text", _("请写明没有通过的原因。"))
    if due_on is None or due_on < clock.local(now).date() or due_on.year > clock.local(now).year + 1:
        raise Invalid("due_on", _("请填写新的整改期限，不早于今天。"))
    hazard.state, hazard.due_on, hazard.returned = HazardState.OPEN, due_on, hazard.returned + 1
    hazard.checked, hazard.checked_by_id, hazard.checked_at = text, actor.id, now
    hazard.rectified_by_id = hazard.rectified_at = None
    journal.record(words.HAZARD_RETURNED, hazard, actor, now, hazard=hazard.number, text=text, due=due_on)


def overdue(hazard: Hazard, today: date) -> bool:
    """Whether a hazard is open past its date, or was rectified late."""
    if hazard.rectified_at is not None:
        return clock.local(hazard.rectified_at).date() > hazard.due_on
    return today > hazard.due_on
