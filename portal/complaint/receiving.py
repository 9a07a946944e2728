"""How complaints come in: from anybody without a login, or entered by the office; and how they are followed (A-5)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Table, func, select
from werkzeug.datastructures import FileStorage

from portal.calendar import queries as calendar
from portal.complaint import queries, rules
from portal.complaint import vocabulary as words
from portal.complaint.models import (
    About,
    Channel,
    Complaint,
    ComplaintAddition,
    ComplaintIdentity,
    ComplaintState,
    ComplaintSubmission,
    Satisfaction,
)
from portal.kernel import clock, files, journal, numbers
from portal.kernel.actor import SYSTEM, Actor, Role
from portal.kernel.db import connection, db, dialect
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.kernel.secrecy import keyed
from portal.people import guessing
from portal.people import queries as people
from portal.people.guessing import ALL, Guarded
from portal.policy import queries as policy
from portal.pure.guessing import network_of
from portal.pure.numbering import NumberError, parse_number, signs
from portal.pure.text import clean, nfkc
from portal.reminder import service as reminder
from portal.reminder.models import Kind
from portal.service_commitment import queries as catalogue

#: Files of the complainant: with the identity, read by the officer alone.
IDENTITY_FILES = "complaint_identity"
CODE_LENGTH = 10

GUARDED = Guarded(
    name="complaint",
    limits={"number": "public.wrong_per_number", "address": "public.wrong_per_address", ALL: "public.wrong_overall"},
    told=words.LOOK_BLOCKED,
    row="all:complaint",
)


class TooMany(Exception):
    """Too many complaints from one address within the hour."""


@dataclass(frozen=True)
class Received:
    """What is complained; the complainant's own data stay apart from the rest from here on."""

    text: str
    about: About = About.OTHER
    about_whom: str = ""
    slip: str = ""
    refused_unfiled: bool = False
    item_code: str = ""
    name: str = ""
    phone: str = ""
    address: str = ""
    department_id: int | None = None
    upper_body: str = ""
    upper_number: str = ""
    upper_on: date | None = None


def _code(seed: bytes) -> str:
    return signs(seed, CODE_LENGTH)


def _digest_of_code(number: str, code: str) -> str:
    return keyed(f"complaint {number} {code}").hex()


def receive(
    what: Received,
    channel: Channel,
    now: datetime,
    actor: Actor = SYSTEM,
    uploads: Sequence[FileStorage] = (),
    address: str = "",
    form_key: str | None = None,
) -> tuple[Complaint, str]:
    """Take a complaint in (A-5): the complaint, and the secret code, which is kept nowhere.

    The same public form sent twice is one complaint with the same code. Raises TooMany for an address that has sent
    its share of this hour, NotAllowed for who may not register, Invalid for an upper body without its paper or a file
    that is not taken.
    """
    seed, key = secrets.token_bytes(32), None
    if channel is Channel.PUBLIC:
        if form_key:
            seed = keyed(f"complaint code {form_key} {what}")
            key = hashlib.sha256(b"complaint " + seed).hexdigest()
            kept = db.session.scalar(select(Complaint).where(Complaint.form_key == key))
            if kept is not None:
                return kept, _code(seed)
        _count(address, now)
    elif not actor.can(words.REGISTER):
        raise NotAllowed(_("投诉由办公室登记。"), "A-5")
    if channel is Channel.UPPER:
        if not what.upper_body:
            raise Invalid("upper_body", _("请填写转来的上级机关。"), "A-5")
        if not what.upper_number:
            raise Invalid("upper_number", _("请填写上级来文的编号。"), "A-5")
        if what.upper_on is not None and what.upper_on > clock.local(now).date():
            raise Invalid("upper_on", _("来文日期不能晚于今天。"))
    item = catalogue.by_code(what.item_code) if what.item_code else None
    if what.department_id is not None and what.department_id not in people.department_names():
        raise Invalid("department", _("请选择科室。"))
    number, code, salt = numbers.take("TS", now), _code(seed), secrets.token_hex(16)
    said = journal.canonical({"text": what.text, "name": what.name, "phone": what.phone, "address": what.address})
    upper = channel is Channel.UPPER
    made = Complaint(
        number=number,
        channel=channel,
        about=what.about,
        text=what.text,
        about_whom=what.about_whom,
        slip=what.slip,
        refused_unfiled=what.refused_unfiled,
        named=bool(what.name),
        upper_body=what.upper_body if upper else "",
        upper_number=what.upper_number if upper else "",
        upper_on=what.upper_on if upper else None,
        received_at=now,
        registered_by_id=actor.id,
        code_digest=_digest_of_code(number, code),
        form_key=key,
        digest=journal.personal_digest(salt, said),
        item_id=item.id if item else None,
        department_id=item.post.department_id if item else what.department_id,
        state=ComplaintState.RECEIVED,
        time_limit=str(policy.value("complaint.answer_within")),
    )
    derive(made)
    db.session.add(made)
    db.session.flush()
    db.session.add(
        ComplaintIdentity(complaint_id=made.id, name=what.name, phone=what.phone, address=what.address, salt=salt)
    )
    stored = _store(made, uploads, actor.id, now)
    journal.record(
        words.RECEIVED, made, actor, now, number=number, channel=str(channel), about=str(what.about),
        named=made.named, files=stored, digest=made.digest, time_limit=made.time_limit, due=made.due_at,
    )  # fmt: skip
    reminder.tell(
        now, people.users_with_role(Role.OFFICE), Kind.DECIDE, f"complaint:{made.id}:received",
        _l("收到投诉 %(number)s，请决定是否受理", number=number), _l("请于 %(by)s 前答复投诉人。", by=made.due_at),
        "complaint.show", values={"number": number},
    )  # fmt: skip
    return made, code


def _store(complaint: Complaint, uploads: Sequence[FileStorage], by: int | None, now: datetime) -> int:
    most = policy.value("attachments.max_megabytes")
    return len(files.store(uploads, IDENTITY_FILES, complaint.id, by, now, most))


def derive(complaint: Complaint) -> None:
    """Derive the clock of a complaint anew from its receipt (T-3)."""
    found = rules.answer_clock(
        complaint.received_at, complaint.time_limit, complaint.extra_days or 0, calendar.work_calendar(),
        queries.thresholds(),
    )  # fmt: skip
    complaint.due_at, complaint.soon_at, complaint.provisional = found.due_at, found.soon_at, found.provisional


def _count(address: str, now: datetime) -> None:
    """Count one complaint of an address; raises TooMany when it has had its share. No time finer than the hour."""
    there = clock.local(now)
    said = keyed(f"complaint from {there.date().isoformat()} {network_of(address)}").hex()
    hour = now.replace(minute=0, second=0, microsecond=0)
    table = cast(Table, ComplaintSubmission.__table__)
    if dialect() == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]
    one = insert(table).values(address=said, hour=hour, count=1)
    counted: Any = one.on_conflict_do_update(index_elements=["address", "hour"], set_={"count": table.c.count + 1})
    connection().execute(counted)
    total = db.session.scalar(
        select(func.sum(ComplaintSubmission.count)).where(
            ComplaintSubmission.address == said, ComplaintSubmission.hour > hour - timedelta(hours=1)
        )
    )
    if (total or 0) > policy.value("complaint.per_address"):
        raise TooMany


# --- the complainant follows it --------------------------------------------------------------------------------


def canonical(typed: str) -> str:
    """A number as it is kept, from what people type; empty for what is none."""
    try:
        return str(parse_number(typed))
    except NumberError:
        return ""


def look(typed: str, code: str, address: str, now: datetime) -> tuple[Complaint | None, datetime | None]:
    """The complaint of a number and its code, or None when they do not belong together, which is counted; and until
    when looking is stopped, for right codes too (A-5)."""
    number = canonical(typed)
    turn = guessing.Turn(GUARDED, {"number": number}, address, now)
    if turn.blocked_until is not None:
        return None, turn.blocked_until
    plain = "".join(nfkc(clean(code)).upper().replace("-", "").split())
    found = db.session.scalar(select(Complaint).where(Complaint.number == number)) if number else None
    kept = found.code_digest if found is not None else "0" * 64
    if not hmac.compare_digest(kept, _digest_of_code(number, plain)) or found is None:
        turn.wrong()
        return None, None
    return found, None


def add(complaint: Complaint, text: str, uploads: Sequence[FileStorage], now: datetime) -> None:
    """The complainant adds something before the answer; the officer alone reads it (A-5)."""
    rules.MOVES.after(complaint.state, "add")
    if not text and not any(u and u.filename for u in uploads):
        raise Invalid("text", _("请填写补充的内容或者选择文件。"))
    if text:
        db.session.add(ComplaintAddition(complaint_id=complaint.id, text=text, at=now))
    stored = _store(complaint, uploads, None, now)
    journal.record(words.ADDED, complaint, SYSTEM, now, number=complaint.number, files=stored)
    reminder.tell(
        now, [complaint.officer_id], Kind.TASK, f"complaint:{complaint.id}:added:{now.isoformat()}",
        _l("投诉 %(number)s 有新的补充内容", number=complaint.number), "", "complaint.show",
        values={"number": complaint.number},
    )  # fmt: skip


def rate(complaint: Complaint, satisfaction: Satisfaction, remark: str, now: datetime) -> None:
    """The complainant says once what they think of the answer: the complaint ends. Raises Conflict the second time."""
    if complaint.satisfaction is not None:
        raise Conflict(_("您已经评价过了，谢谢。"), "A-5")
    complaint.state = rules.MOVES.after(complaint.state, "rate")
    complaint.satisfaction, complaint.remark, complaint.rated_at, complaint.closed_at = satisfaction, remark, now, now
    journal.record(
        words.RATED, complaint, SYSTEM, now, number=complaint.number, satisfaction=str(satisfaction)
    )  # fmt: skip
