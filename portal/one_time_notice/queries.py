"""Reads of notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, Protocol, cast

from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.orm import contains_eager, selectinload
from werkzeug.exceptions import NotFound

from portal.calendar import queries as calendar
from portal.cases import queries as cases
from portal.cases import rules as case_rules
from portal.cases import vocabulary as case_words
from portal.cases.models import Case, CaseMaterial, CaseState
from portal.cases.paper_models import CasePaper
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.one_time_notice import rules
from portal.one_time_notice.models import Form, Notice, NoticeLine, Problem
from portal.policy import queries as policy
from portal.pure.numbering import NumberError, parse_number, verify_check_code

#: A person's list of to-dos shows at most this many clients who lack papers.
MOST_STEPS = 30


def by_number(actor: Actor, number: str) -> Notice:
    """A notice of a case that the actor may see. Raises NotFound for a missing and a foreign one alike."""
    found = db.session.scalar(select(Notice).where(Notice.number == number).options(selectinload(Notice.lines)))
    if found is None or not cases.may_read(actor, found.case):
        raise NotFound()
    return found


def of_case(case_id: int) -> list[Notice]:
    """The notices of a case, oldest first."""
    return list(
        db.session.scalars(
            select(Notice).where(Notice.case_id == case_id).order_by(Notice.ordinal).options(selectinload(Notice.lines))
        )
    )


def latest(case_id: int) -> Notice | None:
    """The last notice of a case."""
    return db.session.scalar(select(Notice).where(Notice.case_id == case_id).order_by(Notice.ordinal.desc()).limit(1))


def earlier(case_id: int) -> list[rules.Earlier]:
    """The notices that the client of a case has had, oldest first, as N-4 looks at them."""
    return [rules.Earlier(n.issued_at, frozenset(x.material_id for x in n.lines)) for n in of_case(case_id)]


# --- what a notice says about every material ------------------------------------------------------------------


class Stand(StrEnum):
    """Where a material stood when the notice was issued."""

    RECEIVED = "received"
    OPTIONAL = "optional"
    MISSING = "missing"
    WRONG = "wrong"


@dataclass(frozen=True)
class MaterialRow:
    """One of all materials as a notice lists them (N-1)."""

    position: int
    name: str
    form: str
    copies: int
    stand: Stand
    reason: str


def material_rows(notice: Notice) -> list[MaterialRow]:
    """All materials with where they stood at the notice; what later notices added is left out.

    A required material without a line had been handed in, or the notice could not have been issued (N-1).
    """
    lines = {line.material_id: line for line in notice.lines}
    before = (
        select(NoticeLine.material_id)
        .join(Notice)
        .where(Notice.case_id == notice.case_id, Notice.ordinal < notice.ordinal)
    )
    known = {*lines, *db.session.scalars(before)}
    found = []
    for n, m in enumerate((m for m in notice.case.materials if m.in_checklist or m.id in known), 1):
        line = lines.get(m.id)
        if line is not None:
            stand = Stand.MISSING if line.problem is Problem.MISSING else Stand.WRONG
        elif m.required or (m.received_at is not None and m.received_at <= notice.issued_at):
            stand = Stand.RECEIVED
        else:
            stand = Stand.OPTIONAL
        found.append(MaterialRow(n, m.name, m.form, m.copies, stand, line.reason if line else ""))
    return found


# --- the list --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """Filters of the list; empty ones do not restrict."""

    from_on: date | None = None
    until_on: date | None = None
    department_id: int | None = None
    form: str = ""
    repeats: bool = False
    number: str = ""


def listing(actor: Actor, wanted: Wanted) -> Select[Any]:
    """The notices that an actor may see and that fit, newest first."""
    query = select(Notice).join(Notice.case).options(contains_eager(Notice.case), selectinload(Notice.lines))
    seen = cases.visible(actor)
    if seen is not None:
        query = query.where(seen)
    if wanted.from_on:
        query = query.where(Notice.issued_at >= clock.day_start(wanted.from_on))
    if wanted.until_on:
        query = query.where(Notice.issued_at < clock.day_start(wanted.until_on + timedelta(days=1)))
    if wanted.department_id:
        query = query.where(Case.department_id == wanted.department_id)
    if wanted.form:
        query = query.where(Notice.form == Form(wanted.form))
    if wanted.repeats:
        query = query.where(Notice.repeats)
    if wanted.number:
        number = canonical(wanted.number)
        query = query.where((Notice.number == number) | (Case.number == number))
    return query.order_by(Notice.issued_at.desc(), Notice.id.desc())


def exported(actor: Actor, wanted: Wanted, limit: int) -> list[Notice]:
    """The first ``limit`` notices of the list."""
    return list(db.session.scalars(listing(actor, wanted).limit(limit)))


def canonical(typed: str) -> str:
    """A public number as people type it in its stored form; other text as it is, which then finds nothing."""
    try:
        return str(parse_number(typed))
    except NumberError:
        return typed


# --- check codes -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Genuine:
    """What the check page says of a genuine paper: no client data."""

    number: str
    receipt: bool
    on: datetime
    department_id: int
    lines: int
    #: The title of a paper of another kind: 承诺件通知书, notice of deemed agreement (T-7, T-9).
    title: str = ""


def receipt_text(number: str) -> str:
    """The text that a receipt's check code is made of; it differs from that of every other paper."""
    return f"receipt {number}"


def check(typed_number: str, code: str, secret: bytes) -> Genuine | None:
    """A notice, or the receipt of a case, whose number and check code belong together; None when they do not."""
    number = canonical(typed_number)
    notice = db.session.scalar(select(Notice).where(Notice.number == number))
    if notice is not None:
        if not verify_check_code(number, code, secret):
            return None
        return Genuine(number, False, notice.issued_at, notice.case.department_id, len(notice.lines))
    paper = db.session.scalar(select(CasePaper).where(CasePaper.number == number))
    if paper is not None:
        if not verify_check_code(number, code, secret):
            return None
        return Genuine(
            number, False, paper.issued_at, paper.case.department_id, 0, str(case_words.PAPER_LABELS[paper.kind])
        )
    case = db.session.scalar(select(Case).where(Case.number == number))
    if case is None or not verify_check_code(receipt_text(number), code, secret):
        return None
    received = sum(m.received_at is not None for m in case.materials)
    return Genuine(number, True, case.received_at, case.department_id, received)


# --- what has to be done ---------------------------------------------------------------------------------------


class Step(StrEnum):
    """What a handler should do about a client who lacks papers (N-1, N-4, N-7)."""

    TELL = "tell"
    TELL_AGAIN = "tell_again"
    REMIND = "remind"
    LAPSE = "lapse"


class Waiting(Protocol):
    """What tells the next step of a case that waits for its client: a case, or these columns of it."""

    @property
    def number(self) -> str: ...
    @property
    def matter(self) -> str: ...
    @property
    def state(self) -> CaseState: ...
    @property
    def tacit_at(self) -> datetime | None: ...
    @property
    def supplement_due_on(self) -> date | None: ...
    @property
    def reminded_at(self) -> datetime | None: ...


def step(case: Waiting, now: datetime) -> Step | None:
    """What is to be done now about a case that waits for its client, or None."""
    if case.state not in case_rules.WAITING_FOR_CLIENT:
        return None
    until = case.supplement_due_on
    if until is None:
        return Step.TELL_AGAIN
    today = clock.local(now).date()
    if case.reminded_at is None:
        before = policy.value("one_time_notice.remind_before")
        return Step.REMIND if today >= rules.remind_from(until, before, calendar.work_calendar()) else None
    return Step.LAPSE if today > until else None


@cache
def _lacking() -> Select[Any]:
    """Open cases of some posts (bound as ``posts``) that lack required papers or wait for them; built once."""
    missing = exists().where(CaseMaterial.case_id == Case.id, CaseMaterial.required, CaseMaterial.received_at.is_(None))
    columns = (Case.number, Case.matter, Case.state, Case.tacit_at, Case.supplement_due_on, Case.reminded_at)
    lacking = Case.state.in_(case_rules.WAITING_FOR_CLIENT) | ((Case.state == CaseState.RECEIVED) & missing)
    mine = Case.post_id.in_(bindparam("posts", expanding=True))
    return cast(Select[Any], select(*columns).where(cases.is_open(), mine, lacking).order_by(Case.id).limit(MOST_STEPS))


def steps(actor: Actor, now: datetime) -> list[tuple[Step, Waiting]]:
    """What the actor has to do about clients who lack papers, for the posts answered for now."""
    if not actor.post_ids:
        return []
    found: list[tuple[Step, Waiting]] = []
    for case in db.session.execute(_lacking(), {"posts": actor.post_ids}):
        due = Step.TELL if case.state is CaseState.RECEIVED else step(case, now)
        if due is not None:
            found.append((due, case))
    return found
