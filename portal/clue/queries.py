"""Reads of clues: by page, through indexes, never those about the reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from portal.calendar import queries as calendar
from portal.cases.models import Case
from portal.clue import rights
from portal.clue import vocabulary as words
from portal.clue.models import Clue, ClueKind, ClueState
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.people import queries as people
from portal.policy import queries as policy
from portal.post_duty.models import Post
from portal.pure.months import month_after
from portal.pure.numbering import NumberError, parse_number


@dataclass(frozen=True)
class Wanted:
    """Filters of the list; empty ones do not restrict. ``month`` is the first day of one, by the departure."""

    q: str = ""
    state: str = "open"
    kind: str = ""
    department: int | None = None
    month: date | None = None


def by_number(actor: Actor, number: str) -> Clue:
    """A clue that the actor may read. Raises NotFound for a missing one, a foreign one and one about the actor."""
    found = db.session.scalar(select(Clue).where(Clue.number == number))
    if found is None or not rights.may_read(actor, found):
        raise NotFound()
    return found


def _month(month: date) -> ColumnElement[bool]:
    return (Clue.at >= clock.day_start(month)) & (Clue.at < clock.day_start(month_after(month, 1)))


def _conditions(actor: Actor, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [rights.not_own(actor)]
    if wanted.state != "all":
        found.append(Clue.state == wanted.state)
    if wanted.kind:
        found.append(Clue.kind == wanted.kind)
    if wanted.department:
        found.append(Clue.department_id == wanted.department)
    if wanted.month is not None:
        found.append(_month(wanted.month))
    if wanted.q:
        found.append(_typed(wanted.q))
    return found


def _typed(typed: str) -> ColumnElement[bool]:
    """A number of a clue, a case or a proceeding, or a part of somebody's or a post's name."""
    try:
        number = str(parse_number(typed))
    except NumberError:
        number = ""
    if number:
        cases = select(Case.id).where(Case.number == number)
        return or_(Clue.number == number, Clue.proceeding_number == number, Clue.case_id.in_(cases))
    named = [user_id for user_id, name in people.user_names().items() if typed in name]
    posts = select(Post.id).where(Post.name.contains(typed, autoescape=True))
    return or_(Clue.person_id.in_(named), Clue.post_id.in_(posts))


def listing(actor: Actor, wanted: Wanted) -> Select[Any]:
    """The clues that the actor may read and that fit, the latest departure first."""
    query = select(Clue).where(*_conditions(actor, wanted))
    query = query.options(joinedload(Clue.post), joinedload(Clue.case))
    return query.order_by(Clue.at.desc(), Clue.id.desc())


@dataclass(frozen=True)
class Count:
    """How many clues there are of one kind: in all, and by department (None: of no department)."""

    kind: ClueKind
    total: int
    by_department: Mapping[int | None, int]


def counts(actor: Actor, wanted: Wanted) -> Sequence[Count]:
    """Clues by kind and department, under the same filters as the list that each figure opens (W-0)."""
    query = select(Clue.kind, Clue.department_id, func.count()).where(*_conditions(actor, wanted))
    found: dict[ClueKind, dict[int | None, int]] = {}
    for kind, department_id, n in db.session.execute(query.group_by(Clue.kind, Clue.department_id)):
        found.setdefault(kind, {})[department_id] = n
    return [Count(kind, sum(found[kind].values()), found[kind]) for kind in ClueKind if kind in found]


def by_kind_and_state(month: date) -> dict[ClueKind, dict[ClueState, int]]:
    """How the clues of a month's departures ended, by kind: figures alone, for everybody (by the index of instants)."""
    query = select(Clue.kind, Clue.state, func.count()).where(_month(month)).group_by(Clue.kind, Clue.state)
    found: dict[ClueKind, dict[ClueState, int]] = {}
    for kind, state, n in db.session.execute(query):
        found.setdefault(kind, {})[state] = n
    return {kind: found[kind] for kind in ClueKind if kind in found}


def count_open(actor: Actor) -> int:
    """How many clues wait for somebody like the actor: one count over the index of open ones."""
    if not actor.can(words.DECIDE):
        return 0
    return db.session.scalar(select(func.count()).where(Clue.state == ClueState.OPEN, rights.not_own(actor))) or 0


def waiting_since(now: datetime) -> datetime:
    """What was raised before this instant has waited longer than the office allows (A-1)."""
    days = int(policy.value("clue.decide_within"))
    return clock.day_start(calendar.work_calendar().add_workdays(clock.local(now).date(), -days))


def count_waiting_long(actor: Actor, now: datetime) -> tuple[int, datetime | None]:
    """How many open clues have waited too long, and since when the oldest; over the index of open ones."""
    query = select(func.count(), func.min(Clue.raised_at)).where(
        Clue.state == ClueState.OPEN, Clue.raised_at < waiting_since(now), rights.not_own(actor)
    )
    count, oldest = db.session.execute(query).one()
    return count, oldest
