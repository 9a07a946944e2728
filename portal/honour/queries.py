"""Reads of praise and honours: what a person may see, and the entries of a month for the score tables (O-9, E-3)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select, text
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from portal.ab_post import queries as ab
from portal.honour import rights, rules, seams
from portal.honour import vocabulary as words
from portal.honour.models import Honour, HonourState, Kind, Level
from portal.honour.rules import Concerned
from portal.kernel import epochs
from portal.kernel.actor import Actor, Role
from portal.kernel.db import db
from portal.people import queries as people
from portal.people.models import User
from portal.pure.months import month_after

#: In the words of the partial index.
WAITING = text("honour.state = 'recorded'")


@dataclass(frozen=True)
class Entry:
    """One confirmed entry as the score tables count it: ``kind`` is the name of the fact, such as ``media_city``.

    ``department_id`` is None when it counts for the person alone, ``user_id`` when it counts for the department alone.
    """

    kind: str
    department_id: int | None
    user_id: int | None
    number: str
    on: date
    level: str = ""


def entries(month: date) -> list[Entry]:
    """The confirmed entries of a month, in the order of their days and numbers."""
    return _between(month_after(month, 0), month_after(month, 1))


def entries_of_year(year: int) -> list[Entry]:
    """The confirmed entries of a year."""
    return _between(date(year, 1, 1), date(year + 1, 1, 1))


def counts(month: date, subject: str) -> dict[int, dict[str, int]]:
    """How often each fact happened in a month, by department (``subject`` "department") or person ("person")."""
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for entry in entries(month):
        who = entry.department_id if subject == "department" else entry.user_id
        if who is not None:
            found[who][entry.kind] += 1
    return {who: dict(kinds) for who, kinds in found.items()}


def _between(first: date, end: date) -> list[Entry]:
    columns = (
        Honour.kind,
        Honour.level,
        Honour.department_id,
        Honour.for_department,
        Honour.user_id,
        Honour.number,
        Honour.happened_on,
    )
    query = (
        select(*columns)
        .where(Honour.state == HonourState.CONFIRMED, Honour.happened_on >= first, Honour.happened_on < end)
        .order_by(Honour.happened_on, Honour.number)
    )
    return [
        Entry(
            rules.fact_of(kind, level),
            department if counts_for else None,
            user,
            number,
            on,
            str(level) if level else "",
        )
        for kind, level, department, counts_for, user, number, on in db.session.execute(query)
    ]


# --- what a person may see ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """Filters of the list; empty ones do not restrict. ``mine``: concerning, or recorded by, the reader."""

    q: str = ""
    mine: str = ""
    kind: Kind | None = None
    level: Level | None = None
    state: HonourState | None = None
    department: int | None = None
    user: int | None = None
    from_on: date | None = None
    until_on: date | None = None


def by_number(actor: Actor, number: str) -> Honour:
    """An entry that the actor may read. Raises NotFound for a missing and a foreign one alike."""
    found = db.session.scalar(select(Honour).where(Honour.number == number))
    if found is None or not rights.may_read(actor, found):
        raise NotFound()
    return found


def listing(actor: Actor, wanted: Wanted) -> Select[Any]:
    """The entries that the actor may read and that fit, the latest day first."""
    query = select(Honour).options(joinedload(Honour.user))
    seen = rights.visible(actor)
    if seen is not None:
        query = query.where(seen)
    for column, value in (
        (Honour.kind, wanted.kind),
        (Honour.level, wanted.level),
        (Honour.department_id, wanted.department),
        (Honour.user_id, wanted.user),
    ):
        if value:
            query = query.where(column == value)
    if wanted.state is HonourState.RECORDED:
        query = query.where(WAITING)
    elif wanted.state is not None:
        query = query.where(Honour.state == wanted.state)
    if wanted.mine == "concerned":
        query = query.where(Honour.user_id == actor.id)
    elif wanted.mine == "recorded":
        query = query.where(Honour.recorded_by_id == actor.id)
    if wanted.from_on:
        query = query.where(Honour.happened_on >= wanted.from_on)
    if wanted.until_on:
        query = query.where(Honour.happened_on <= wanted.until_on)
    if wanted.q:
        texts = (Honour.number, Honour.title, Honour.given_by)
        named = Honour.user_id.in_(select(User.id).where(User.name.contains(wanted.q, autoescape=True)))
        query = query.where(or_(*(column.contains(wanted.q, autoescape=True) for column in texts), named))
    return query.order_by(Honour.happened_on.desc(), Honour.id.desc())


def of_person(user_id: int) -> list[Honour]:
    """The confirmed entries of a person, the latest day first."""
    query = select(Honour).where(Honour.user_id == user_id, Honour.state == HonourState.CONFIRMED)
    return list(db.session.scalars(query.order_by(Honour.happened_on.desc(), Honour.id.desc())))


def _waiting() -> tuple[Concerned, ...]:
    columns = Honour.recorded_by_id, Honour.user_id, Honour.department_id, Honour.for_department
    return tuple(Concerned(*row) for row in db.session.execute(select(*columns).where(WAITING)))


def waiting(actor: Actor) -> int:
    """How many entries wait for the actor to confirm or refuse them, from memory.

    The principal is asked only about those to which everybody of the office and the supervision group stands too near.
    """
    if not actor.can(words.CONFIRM):
        return 0
    found = [
        each for each in epochs.cached("honour", "waiting", _waiting) if each.confirms(actor.id, actor.department_id)
    ]
    if found and not actor.can(words.RECORD_ANY):
        given = {*people.users_with_role(Role.OFFICE), *people.users_with_role(Role.SUPERVISION)}
        homes = ab.picture().departments_of_users
        found = [each for each in found if not any(each.confirms(u, homes.get(u)) for u in given)]
    return len(found)


def points(honour: Honour) -> list[tuple[Any, str]]:
    """What the tables in force give for such an entry in its month, by whom it counts for, in words."""
    fact, month = rules.fact_of(honour.kind, honour.level), month_after(honour.happened_on, 0)
    wanted = (("department", honour.for_department), ("person", honour.user_id is not None))
    found = ((subject, seams.points_of(subject, fact, month)) for subject, counts in wanted if counts)
    return [(words.SUBJECT_LABELS[subject], f"{value.normalize():+f}") for subject, value in found if value is not None]
