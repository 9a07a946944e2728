"""Reads of imports, codes, corrections, findings and closed months."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from werkzeug.exceptions import NotFound

from portal.attendance import rights
from portal.attendance import vocabulary as words
from portal.attendance.layout import Column
from portal.attendance.models import (
    Closing,
    Correction,
    CorrectionState,
    Finding,
    FindingKind,
    Punch,
    PunchCode,
    PunchImport,
    PunchLayout,
)
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.people.models import User
from portal.pure.months import month_after

#: How many of the newest imports, waiting requests and the like a to-do looks at.
MOST_TODO = 50


# --- imports --------------------------------------------------------------------------------------------------


def imports() -> Select[Any]:
    """All imports, the newest first."""
    return select(PunchImport).order_by(PunchImport.id.desc())


def import_by_number(number: str) -> PunchImport:
    """An import. Raises NotFound."""
    found = db.session.scalar(select(PunchImport).where(PunchImport.number == number))
    if found is None:
        raise NotFound()
    return found


def people_of(import_id: int) -> list[tuple[str, int, datetime, datetime]]:
    """Who has punches in an import: name, how many, the first and the last."""
    rows = (
        select(User.name, func.count(), func.min(Punch.at), func.max(Punch.at))
        .join(User, User.id == Punch.user_id)
        .where(Punch.import_id == import_id)
        .group_by(User.id, User.name)
        .order_by(User.id)
    )
    return [(name, n, first, last) for name, n, first, last in db.session.execute(rows)]


def layout(signature: str) -> list[Column] | None:
    """What the columns of an export with these headings meant the last time."""
    text = db.session.scalar(select(PunchLayout.roles).where(PunchLayout.signature == signature))
    return None if text is None else [Column(c) for c in json.loads(text)]


def codes() -> list[PunchCode]:
    """All punch-clock codes."""
    return list(db.session.scalars(select(PunchCode).order_by(PunchCode.code)))


def without_code() -> list[tuple[int, str]]:
    """People in office who take no part in attendance: id and name."""
    taking = select(PunchCode.user_id)
    rows = select(User.id, User.name).where(User.disabled_at.is_(None), User.id.not_in(taking)).order_by(User.id)
    return [(user_id, name) for user_id, name in db.session.execute(rows)]


def data_until() -> datetime | None:
    """The last punch that counts."""
    return db.session.scalar(select(func.max(PunchImport.last_at)).where(PunchImport.undone_at.is_(None)))


def punches_of(user_id: int, first: date, last: date) -> dict[date, list[datetime]]:
    """A person's punches by calendar day, each once."""
    rows = (
        select(Punch.at)
        .join(PunchImport, PunchImport.id == Punch.import_id)
        .where(
            Punch.user_id == user_id,
            PunchImport.undone_at.is_(None),
            Punch.at >= clock.day_start(first),
            Punch.at < clock.day_start(last + timedelta(days=1)),
        )
        .distinct()
        .order_by(Punch.at)
    )
    found: dict[date, list[datetime]] = {}
    for at in db.session.scalars(rows):
        found.setdefault(clock.local(at).date(), []).append(at)
    return found


# --- months ---------------------------------------------------------------------------------------------------


def closings(month: date) -> list[Closing]:
    """The versions of a month's sheet, the newest first; empty when it is not closed."""
    query = select(Closing).where(Closing.month == month).order_by(Closing.version.desc())
    return list(db.session.scalars(query))


# --- corrections ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CorrectionsWanted:
    """Filters of the list of corrections."""

    state: str = ""
    department: int | None = None
    user: int | None = None
    month: date | None = None


def corrections(actor: Actor, wanted: CorrectionsWanted) -> Select[Any]:
    """The corrections that the actor may read and that fit, the newest first."""
    query = select(Correction).where(rights.visible_corrections(actor))
    if wanted.state == "to_file":
        query = query.where(Correction.state == CorrectionState.APPROVED, Correction.filed_at.is_(None))
    elif wanted.state:
        query = query.where(Correction.state == CorrectionState(wanted.state))
    if wanted.department:
        query = query.where(Correction.department_id == wanted.department)
    if wanted.user:
        query = query.where(Correction.user_id == wanted.user)
    if wanted.month:
        query = query.where(Correction.day >= wanted.month, Correction.day < month_after(wanted.month, 1))
    return query.order_by(Correction.id.desc())


def correction_by_number(actor: Actor, number: str) -> Correction:
    """A correction that the actor may read. Raises NotFound for a foreign one too."""
    found = db.session.scalar(select(Correction).where(Correction.number == number))
    if found is None or not (
        found.asked_by_id == actor.id or rights.may_see(actor, found.user_id, found.department_id)
        or rights.may_decide(actor, found)
    ):  # fmt: skip
        raise NotFound()
    return found


def to_decide(actor: Actor) -> list[Correction]:
    """The corrections that wait for the actor."""
    if not actor.can(words.APPROVE):
        return []
    waiting = select(Correction).where(Correction.state == CorrectionState.WAITING).order_by(Correction.id)
    return [each for each in db.session.scalars(waiting.limit(500)) if rights.may_decide(actor, each)]


def to_file() -> int:
    """How many approved corrections wait for the office's files."""
    query = select(func.count()).where(Correction.state == CorrectionState.APPROVED, Correction.filed_at.is_(None))
    return db.session.scalar(query) or 0


# --- findings -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FindingsWanted:
    """Filters of the register of findings."""

    from_on: date | None = None
    until_on: date | None = None
    department: int | None = None
    user: int | None = None
    kind: str = ""
    outcome: str = ""


def findings(actor: Actor, wanted: FindingsWanted) -> Select[Any]:
    """The findings that the actor may read and that fit, the latest first."""
    query = select(Finding).where(rights.visible_findings(actor))
    if wanted.from_on:
        query = query.where(Finding.found_at >= clock.day_start(wanted.from_on))
    if wanted.until_on:
        query = query.where(Finding.found_at < clock.day_start(wanted.until_on + timedelta(days=1)))
    if wanted.department:
        query = query.where(Finding.department_id == wanted.department)
    if wanted.user:
        query = query.where(Finding.user_id == wanted.user)
    if wanted.kind:
        query = query.where(Finding.kind == FindingKind(wanted.kind))
    if wanted.outcome:
        query = query.where(_outcome(wanted.outcome))
    return query.order_by(Finding.found_at.desc(), Finding.id.desc())


def _outcome(name: str) -> ColumnElement[bool]:
    if name == "upheld":
        return Finding.upheld.is_(True)
    if name == "not_upheld":
        return Finding.upheld.is_(False)
    ready = or_(Finding.replied_at.is_not(None), Finding.reply_by < clock.today())
    still = Finding.concluded_at.is_(None)
    return and_(still, ready) if name == "to_conclude" else and_(still, ~ready)


def finding_by_number(actor: Actor, number: str) -> Finding:
    """A finding that the actor may read. Raises NotFound for a foreign one too."""
    found = db.session.scalar(select(Finding).where(Finding.number == number))
    if found is None or not (
        found.inspected_by_id == actor.id or rights.may_see(actor, found.user_id, found.department_id)
    ):
        raise NotFound()
    return found


def to_reply(actor: Actor) -> list[Finding]:
    """The findings that the actor may still explain."""
    query = select(Finding).where(
        Finding.user_id == actor.id, Finding.replied_at.is_(None), Finding.concluded_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(Finding.id).limit(MOST_TODO)))


def to_conclude(actor: Actor) -> list[Finding]:
    """The findings that wait for the actor's conclusion."""
    if not actor.can(words.CONCLUDE):
        return []
    query = select(Finding).where(_outcome("to_conclude"), Finding.user_id != actor.id)
    query = query.where(Finding.inspected_by_id != actor.id).order_by(Finding.id)
    return list(db.session.scalars(query.limit(MOST_TODO)))


class Waiting:
    """What waits for a person: corrections to decide, findings to explain, findings to conclude; read when asked."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor

    @cached_property
    def decide(self) -> list[Correction]:
        """Corrections of others."""
        return to_decide(self._actor)

    @cached_property
    def reply(self) -> list[Finding]:
        """Findings about the person."""
        return to_reply(self._actor)

    @cached_property
    def conclude(self) -> list[Finding]:
        """Findings about others."""
        return to_conclude(self._actor)

    def __len__(self) -> int:
        return len(self.decide) + len(self.reply) + len(self.conclude)
