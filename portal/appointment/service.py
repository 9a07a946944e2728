"""The verbs of appointments: ask; confirm, propose, decline; move, cancel; came or not (C-6)."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from portal.appointment import queries, rules, slots
from portal.appointment import vocabulary as words
from portal.appointment.models import Appointment, AppointmentSubmission, Channel, Reason
from portal.appointment.rules import MOVES, State
from portal.calendar import queries as calendar
from portal.kernel import clock, journal, numbers
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import queries as people
from portal.policy import queries as policy
from portal.post_duty import queries as posts
from portal.pure.numbering import NumberError, check_code, parse_number, verify_check_code
from portal.service_commitment import queries as catalogue

#: What the flood limits look at.
WINDOW = timedelta(hours=1)
#: The longest agreed time.
LONGEST = timedelta(hours=8)
#: The longest public number that is kept.
NUMBER = 20


class TooMany(Exception):
    """Too many requests or wrong guesses from one address within the hour."""


def _place(appointment: Appointment, from_at: datetime, to_at: datetime | None, now: datetime) -> None:
    """Set the time: a place in the slot that begins then, or a time of its own. Raises Invalid, at ``at``."""
    if from_at <= now:
        raise Invalid("at", _("时间应在现在之后。"), "C-6")
    if from_at == appointment.from_at and appointment.to_at is not None:
        return
    opening = queries.opening_at(appointment.department_id, from_at)
    end = opening.to_at if opening is not None else to_at
    if end is None or end <= from_at or end - from_at > LONGEST:
        raise Invalid("minutes", _("请填写时长。"))
    slots.release(appointment)
    if opening is not None:
        try:
            appointment.slot_id = slots.hold(appointment.department_id, opening)
        except Invalid as full:
            raise Invalid("at", full.message, "C-6") from None
    appointment.from_at, appointment.to_at = from_at, end


# --- asking ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """What is asked for: a slot by its beginning, or a wish in the client's words."""

    department_id: int
    matter: str
    name: str
    phone: str
    reason: Reason
    item_id: int | None = None
    from_at: datetime | None = None
    wish: str = ""


def digest_of(address: str, now: datetime) -> str:
    """What stands for an address in the count of a day: nobody can tell the address from it."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    said = f"appointment {clock.local(now).date().isoformat()} {address}".encode()
    return hmac.new(secret, said, hashlib.sha256).hexdigest()


def code_of(number: str) -> str:
    """The check code of an appointment; it differs from that of every other paper."""
    return check_code(f"appointment {number}", str(current_app.config["SECRET_KEY"]).encode())


def ask(
    what: Asked,
    channel: Channel,
    now: datetime,
    actor: Actor = SYSTEM,
    address: str = "",
    form_key: str | None = None,
) -> Appointment:
    """Ask for an appointment (C-6): anybody without a login, or staff for who calls or comes.

    The same form sent twice is one appointment. Raises TooMany for a stranger who has had the share of this hour,
    Invalid for a slot that is full or not offered, or when neither a slot nor a wish is given.
    """
    key = hashlib.sha256(f"{what.department_id} {form_key}".encode()).hexdigest() if form_key else None
    if key is not None and channel is Channel.PUBLIC:
        kept = db.session.scalar(select(Appointment).where(Appointment.form_key == key))
        if kept is not None:
            return kept
    if channel is Channel.PUBLIC:
        counted = digest_of(address, now)
        if queries.sent_since(counted, False, now - WINDOW) >= policy.value("appointment.per_address"):
            raise TooMany
        db.session.add(AppointmentSubmission(address=counted, guess=False, at=now))
    if not any(p.id == what.department_id for p in queries.places()):
        raise Invalid("department", _("请选择科室。"))
    item = catalogue.by_id(what.item_id) if what.item_id else None
    if what.item_id and (item is None or item.department_id != what.department_id):
        raise Invalid("item", _("这个事项不由该科室办理。"))
    slot_id, opening = None, None
    if what.from_at is not None:
        open_now = {f.from_at for f in queries.free(what.department_id, now)}
        opening = queries.opening_at(what.department_id, what.from_at) if what.from_at in open_now else None
        if opening is None:
            raise Invalid("slot", _("这个时段刚刚约满，请另选一个。"), "C-6")
        slot_id = slots.hold(what.department_id, opening)
    elif not what.wish:
        raise Invalid("wish", _("请选择时段，或者写明您希望的日期和时间。"), "C-6")
    made = Appointment(
        number=numbers.take("YY", now),
        department_id=what.department_id,
        item_id=what.item_id,
        matter=what.matter,
        reason=what.reason,
        name=what.name,
        phone=what.phone,
        wish=what.wish,
        channel=channel,
        asked_at=now,
        asked_by_id=actor.id,
        form_key=key if channel is Channel.PUBLIC else None,
        state=State.ASKED,
        from_at=opening.from_at if opening else None,
        to_at=opening.to_at if opening else None,
        slot_id=slot_id,
        since_at=now,
        due_at=answer_due(now, opening.from_at if opening else None),
    )
    db.session.add(made)
    journal.record(
        words.ASKED,
        made,
        actor,
        now,
        number=made.number,
        department=people.department_names().get(made.department_id, ""),
        channel=str(channel),
        from_at=made.from_at,
        due_at=made.due_at,
    )
    return made


def answer_due(since: datetime, wished_at: datetime | None) -> datetime:
    """When a request is to be answered under the policy and calendar in force."""
    return rules.due_at(since, wished_at, policy.value("appointment.answer_within"), calendar.work_calendar())


def find(typed_number: str, code: str, address: str, now: datetime) -> Appointment | None:
    """The appointment of a number and its check code; None when they do not belong together, which is counted.

    Raises TooMany when the address has guessed wrong too often within the hour.
    """
    counted = digest_of(address, now)
    if queries.sent_since(counted, True, now - WINDOW) >= policy.value("appointment.guesses_per_address"):
        raise TooMany
    try:
        number = str(parse_number(typed_number))
    except NumberError:
        number = ""
    found = db.session.scalar(select(Appointment).where(Appointment.number == number)) if number else None
    secret = str(current_app.config["SECRET_KEY"]).encode()
    if not verify_check_code(f"appointment {number}", code, secret) or found is None:
        db.session.add(AppointmentSubmission(address=counted, guess=True, at=now))
        return None
    return found


# --- answering ------------------------------------------------------------------------------------------------


def _step(appointment: Appointment, verb: str) -> None:
    if not rules.allowed(appointment.state, verb):
        raise Conflict(_("预约已有变动，现在不能这样办理，请刷新页面。"), "C-6")


def _handle(actor: Actor, appointment: Appointment, verb: str) -> None:
    if not queries.may_handle(actor, appointment):
        raise NotAllowed(_("预约由所约科室的人员办理。"))
    _step(appointment, verb)


def _answered(actor: Actor, appointment: Appointment, now: datetime) -> bool:
    late = now > appointment.due_at
    if appointment.answered_at is None:
        appointment.answered_at, appointment.answered_by_id = now, actor.id
    return late


def _post(appointment: Appointment, post_id: int | None) -> str:
    known = dict(queries.posts_of((appointment.department_id,)))
    if post_id not in known:
        raise Invalid("post_id", _("请选择到时接待的岗位。"), "C-6")
    appointment.post_id = post_id
    return known[post_id]


def confirm(
    actor: Actor,
    appointment: Appointment,
    from_at: datetime | None,
    minutes: int | None,
    post_id: int | None,
    answer: str,
    now: datetime,
) -> None:
    """Agree to the wished time, or to another that the client has agreed to; ``appointment`` is locked (C-6).

    Raises NotAllowed, Conflict when it was answered meanwhile, Invalid without a time to come, a place or a post.
    """
    _handle(actor, appointment, "confirm")
    _settle(actor, "confirm", appointment, from_at, minutes, post_id, answer, now, words.CONFIRMED)


def propose(
    actor: Actor,
    appointment: Appointment,
    from_at: datetime | None,
    minutes: int | None,
    post_id: int | None,
    answer: str,
    now: datetime,
) -> None:
    """Propose another time, which the client agrees to by number and code, or by phone. Raises as ``confirm``."""
    _handle(actor, appointment, "propose")
    if from_at is not None and from_at == appointment.from_at:
        raise Invalid("at", _("与申请的时间相同，可以直接确认。"))
    _settle(actor, "propose", appointment, from_at, minutes, post_id, answer, now, words.PROPOSED)


def _settle(
    actor: Actor,
    verb: str,
    appointment: Appointment,
    from_at: datetime | None,
    minutes: int | None,
    post_id: int | None,
    answer: str,
    now: datetime,
    event: journal.EventKind,
) -> None:
    if from_at is None:
        raise Invalid("at", _("请填写日期和时间。"))
    post = _post(appointment, post_id)
    _place(appointment, from_at, from_at + timedelta(minutes=minutes) if minutes else None, now)
    appointment.answer, appointment.state = answer, MOVES[verb][1]
    late = _answered(actor, appointment, now)
    journal.record(
        event,
        appointment,
        actor,
        now,
        post_id=post_id,
        from_at=appointment.from_at,
        to_at=appointment.to_at,
        post=post,
        late=late,
    )


def decline(actor: Actor, appointment: Appointment, answer: str, now: datetime) -> None:
    """Say that no time can be arranged, and why. About time alone: the matter itself is not refused (D-1).

    Raises NotAllowed, Conflict, Invalid without a reason.
    """
    _handle(actor, appointment, "decline")
    if not answer:
        raise Invalid("answer", _("请写明为什么不能安排时间。"), "C-6")
    slots.release(appointment)
    late = _answered(actor, appointment, now)
    appointment.answer, appointment.closed_at, appointment.state = answer, now, State.DECLINED
    journal.record(words.DECLINED, appointment, actor, now, late=late)


def accept(appointment: Appointment, now: datetime, actor: Actor | None = None) -> None:
    """The client agrees to the proposed time, or said so by phone. Raises Conflict when there is none to come."""
    _by(actor, appointment, "accept")
    if appointment.from_at is None or appointment.from_at <= now:
        raise Conflict(_("所提时间已过，请另约。"))
    appointment.state = State.CONFIRMED
    journal.record(
        words.ACCEPTED, appointment, actor or SYSTEM, now, from_at=appointment.from_at, by_client=actor is None
    )


def reject(appointment: Appointment, wish: str, now: datetime, actor: Actor | None = None) -> None:
    """The proposed time does not suit; the department answers anew. Raises Conflict, Invalid without a wish."""
    _by(actor, appointment, "reject")
    if not wish:
        raise Invalid("wish", _("请写明您希望的日期和时间。"))
    slots.release(appointment)
    appointment.wish, appointment.from_at, appointment.to_at, appointment.post_id = wish, None, None, None
    appointment.state, appointment.since_at, appointment.warned_at = State.ASKED, now, None
    appointment.due_at = answer_due(now, None)
    journal.record(
        words.REJECTED, appointment, actor or SYSTEM, now, by_client=actor is None, due_at=appointment.due_at
    )


def _by(actor: Actor | None, appointment: Appointment, verb: str) -> None:
    if actor is None:
        _step(appointment, verb)
    else:
        _handle(actor, appointment, verb)


def move(
    actor: Actor,
    appointment: Appointment,
    from_at: datetime | None,
    minutes: int | None,
    post_id: int | None,
    answer: str,
    now: datetime,
) -> None:
    """Move an agreed time to another that was agreed with the client. Raises as ``confirm``."""
    _handle(actor, appointment, "move")
    if from_at is None or from_at == appointment.from_at:
        raise Invalid("at", _("请填写新的日期和时间。"))
    old, post = appointment.from_at, _post(appointment, post_id)
    _place(appointment, from_at, from_at + timedelta(minutes=minutes) if minutes else None, now)
    appointment.answer = answer
    appointment.moved += 1
    journal.record(
        words.MOVED,
        appointment,
        actor,
        now,
        post_id=post_id,
        old=old,
        from_at=appointment.from_at,
        to_at=appointment.to_at,
        post=post,
    )


def assign(actor: Actor, appointment: Appointment, post_id: int | None, now: datetime) -> None:
    """Let another post be there. Raises NotAllowed, Conflict, Invalid."""
    _handle(actor, appointment, "assign")
    old = posts.post_name(appointment.post_id or 0)
    post = _post(appointment, post_id)
    journal.record(words.ASSIGNED, appointment, actor, now, post_id=post_id, old=old, post=post)


# --- the end --------------------------------------------------------------------------------------------------


def cancel(appointment: Appointment, now: datetime, actor: Actor | None = None) -> None:
    """The client cancels by number and code, or by phone through staff. Raises Conflict when the time has begun."""
    _by(actor, appointment, "cancel")
    if actor is None and appointment.from_at is not None and appointment.from_at <= now:
        raise Conflict(_("约定的时间已到，不能取消。"))
    slots.release(appointment)
    appointment.closed_at, appointment.state = now, State.CANCELLED
    journal.record(words.CANCELLED, appointment, actor or SYSTEM, now, by_client=actor is None)


def came(actor: Actor, appointment: Appointment, became: str, now: datetime) -> None:
    """The client came; what it was entered as is noted (F-1).

    Raises Conflict before the agreed day, Invalid without a number of the log or of a case.
    """
    _handle(actor, appointment, "came")
    if appointment.from_at is None or now < clock.day_start(clock.local(appointment.from_at).date()):
        raise Conflict(_("还没有到约定的日期。"))
    try:
        number = str(parse_number(became))
    except NumberError:
        number = ""
    if not 0 < len(number) <= NUMBER:
        raise Invalid("became", _("请填写首问登记或者办件的编号，如 SW-2026-0012。"), "F-1")
    appointment.became, appointment.closed_at, appointment.state = number, now, State.CAME
    journal.record(words.CAME, appointment, actor, now, post_id=appointment.post_id, became=number)


def missed(actor: Actor, appointment: Appointment, note: str, now: datetime) -> None:
    """Nobody came. Raises Conflict before the agreed time is over."""
    _handle(actor, appointment, "missed")
    if appointment.to_at is None or now < appointment.to_at:
        raise Conflict(_("约定的时间还没有结束。"))
    appointment.note, appointment.closed_at, appointment.state = note, now, State.MISSED
    journal.record(words.MISSED, appointment, actor, now, post_id=appointment.post_id, from_at=appointment.from_at)
