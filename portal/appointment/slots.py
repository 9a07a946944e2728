"""Slots: which hours departments offer, and places taken under the row's lock (C-6)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, select, text, update

from portal.appointment import queries
from portal.appointment import vocabulary as words
from portal.appointment.models import Appointment, Hours, Slot
from portal.appointment.rules import Opening
from portal.kernel import clock, journal
from portal.kernel.actor import Actor
from portal.kernel.db import UtcDateTime, connection, db
from portal.kernel.errors import Conflict, Invalid
from portal.people import queries as people

# --- hours ----------------------------------------------------------------------------------------------------


def offer(
    actor: Actor,
    department_id: int,
    weekday: int | None,
    only_on: date | None,
    from_minute: int,
    to_minute: int,
    minutes: int,
    capacity: int,
    now: datetime,
) -> Hours:
    """Offer slots of a department every week or on one day. Raises Invalid for times that do not fit or overlap."""
    if (weekday is None) == (only_on is None):
        raise Invalid("weekday", _("请选择星期几，或者填写某一天，只填一项。"), "C-6")
    if only_on is not None and only_on < clock.local(now).date():
        raise Invalid("only_on", _("不能早于今天。"))
    if to_minute - from_minute < minutes:
        raise Invalid("to_time", _("结束时间应晚于开始时间，至少容下一段。"))
    for other in queries.hours_of(department_id):
        same = (other.weekday, other.only_on) == (weekday, only_on)
        if same and other.from_minute < to_minute and from_minute < other.to_minute:
            raise Invalid("from_time", _("这段时间与已有的可约时段重叠。"), "C-6")
    made = Hours(
        department_id=department_id,
        weekday=weekday,
        only_on=only_on,
        from_minute=from_minute,
        to_minute=to_minute,
        minutes=minutes,
        capacity=capacity,
        made_by_id=actor.id,
    )
    db.session.add(made)
    journal.record(words.HOURS_SET, made, actor, now, minutes=minutes, capacity=capacity, **_hours_facts(made))
    return made


def _hours_facts(hours: Hours) -> dict[str, Any]:
    return {
        "department": people.department_names().get(hours.department_id, ""),
        "weekday": hours.weekday,
        "only_on": hours.only_on,
        "from_time": words.clock_words(hours.from_minute),
        "to_time": words.clock_words(hours.to_minute),
    }


def end_hours(actor: Actor, hours: Hours, now: datetime) -> None:
    """Offer these slots no more; what was agreed stays. Raises Conflict when they ended."""
    if hours.ended_at is not None:
        raise Conflict(_("这些时段已经停止。"))
    hours.ended_at = now
    journal.record(words.HOURS_ENDED, hours, actor, now, **_hours_facts(hours))


# --- slots ----------------------------------------------------------------------------------------------------

_MAKE = text(
    "INSERT INTO appointment_slot (department_id, from_at, to_at, capacity, taken)"
    " VALUES (:department_id, :from_at, :to_at, :capacity, 0) ON CONFLICT (department_id, from_at) DO NOTHING"
).bindparams(bindparam("from_at", type_=UtcDateTime()), bindparam("to_at", type_=UtcDateTime()))


def hold(department_id: int, opening: Opening) -> int:
    """Take one place of a slot under its row's lock. Raises Invalid when none is left."""
    connected = connection()
    connected.execute(
        _MAKE,
        {
            "department_id": department_id,
            "from_at": opening.from_at,
            "to_at": opening.to_at,
            "capacity": opening.capacity,
        },
    )
    same = (Slot.department_id == department_id, Slot.from_at == opening.from_at)
    slot = db.session.execute(select(Slot.id, Slot.taken, Slot.capacity).where(*same).with_for_update()).one()
    if slot.taken >= opening.capacity:
        raise Invalid("slot", _("这个时段刚刚约满，请另选一个。"), "C-6")
    change = update(Slot).where(Slot.id == slot.id)
    connected.execute(change.values(taken=slot.taken + 1, capacity=max(slot.capacity, opening.capacity)))
    return int(slot.id)


def release(appointment: Appointment) -> None:
    if appointment.slot_id is not None:
        free = update(Slot).where(Slot.id == appointment.slot_id, Slot.taken > 0).values(taken=Slot.taken - 1)
        connection().execute(free)
        appointment.slot_id = None
