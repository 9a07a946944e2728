"""Meetings with clients: recorded with their minutes, and what was raised goes on as opinions (S-2, S-4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from portal.client_opinion import service as opinions
from portal.client_opinion.models import OpinionKind, Source
from portal.kernel import clock, files, journal, numbers
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Invalid, NotAllowed
from portal.kernel.files import Attachment
from portal.policy import queries as policy
from portal.survey import vocabulary as words
from portal.survey.models import ClientMeeting, MeetingOpinion

OWNER = "client_meeting"
MOST_PARTICIPANTS = 10_000


def _require(actor: Actor) -> None:
    if not actor.can(words.MANAGE):
        raise NotAllowed(_("座谈会由办公室记录。"))


def _store(actor: Actor, meeting: ClientMeeting, uploads: Iterable[FileStorage], now: datetime) -> list[Attachment]:
    return files.store(uploads, OWNER, meeting.id, actor.id, now, policy.value("attachments.max_megabytes"))


def record(
    actor: Actor,
    *,
    held_on: date,
    place: str,
    topic: str,
    participants: int,
    summary: str,
    now: datetime,
    uploads: Iterable[FileStorage] = (),
) -> ClientMeeting:
    """Record a meeting with clients, its minutes as files (S-2). What is recorded stays.

    Raises NotAllowed, Invalid for a day to come or files that are not accepted.
    """
    _require(actor)
    if held_on > clock.local(now).date():
        raise Invalid("held_on", _("召开日期不能晚于今天。"), "S-2")
    made = ClientMeeting(
        number=numbers.take("ZT", now),
        held_on=held_on,
        place=place,
        topic=topic,
        participants=participants,
        summary=summary,
        made_by_id=actor.id,
        made_at=now,
    )
    db.session.add(made)
    db.session.flush()
    kept = _store(actor, made, uploads, now)
    journal.record(
        words.MEETING_RECORDED,
        made,
        actor,
        now,
        number=made.number,
        held_on=held_on,
        place=place,
        topic=topic,
        participants=participants,
        summary=summary,
        files=files.facts(kept),
    )
    return made


def file(actor: Actor, meeting: ClientMeeting, uploads: Iterable[FileStorage], now: datetime) -> None:
    """Add files to a meeting's minutes. Raises NotAllowed, Invalid when there is none or one is not accepted."""
    _require(actor)
    kept = _store(actor, meeting, uploads, now)
    if not kept:
        raise Invalid("files", _("请选择文件。"))
    journal.record(words.MEETING_FILED, meeting, actor, now, number=meeting.number, files=files.facts(kept))


def raised(
    actor: Actor,
    meeting: ClientMeeting,
    kind: OpinionKind,
    text: str,
    department_id: int | None,
    now: datetime,
    *,
    contact_name: str = "",
    contact_phone: str = "",
) -> str:
    """Hand on what a client raised at a meeting, to be answered like any signed opinion; returns its number (S-4).

    Raises NotAllowed, Invalid when nothing was said.
    """
    _require(actor)
    opened = opinions.open_opinion(
        kind,
        text,
        now,
        department_id=department_id,
        source=Source.MEETING,
        contact_name=contact_name,
        contact_phone=contact_phone,
        actor=actor,
    )
    kept = MeetingOpinion(
        meeting_id=meeting.id, number=opened.number, kind=str(kind), text=text, department_id=department_id
    )
    db.session.add(kept)
    journal.record(
        words.MEETING_RAISED, meeting, actor, now, number=meeting.number, opinion=opened.number, kind=str(kind)
    )
    return opened.number
