"""Reads of proceedings: whose file one may open, lists, what waits, figures, and what follows (A-2, A-4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Select, Table, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from werkzeug.exceptions import NotFound

from portal.accountability import rights, rules
from portal.accountability import vocabulary as words
from portal.accountability.models import (
    Appointed,
    Duty,
    Imposed,
    MeasureKind,
    Outcome,
    Proceeding,
    Reading,
    State,
    Subject,
)
from portal.accountability.rules import Group, Line, Rates, Taken
from portal.kernel import clock, epochs, journal, transaction
from portal.kernel.actor import Actor
from portal.kernel.db import connection, db, insert_new
from portal.policy import queries as policy

_READINGS = cast(Table, Reading.__table__)


#: The subjects with whom they are.
_WITH_NAMES = (
    selectinload(Proceeding.subjects).joinedload(Subject.user),
    selectinload(Proceeding.subjects).joinedload(Subject.department),
)


@cache
def _whole() -> tuple[Any, ...]:
    """What the file of a proceeding needs, read with it."""
    return (
        selectinload(Proceeding.subjects).selectinload(Subject.measures),
        selectinload(Proceeding.subjects).selectinload(Subject.said),
        *_WITH_NAMES,
        selectinload(Proceeding.assignments),
        selectinload(Proceeding.bars),
    )


def is_told_of(actor: Actor, proceeding: Proceeding) -> bool:
    """Whether the matter is the actor's own and they were asked to speak: before that it looks like a missing one."""
    return proceeding.reported_at is not None and actor.can(words.READ) and bool(rights.own_subjects(actor, proceeding))


def by_number(actor: Actor, number: str) -> Proceeding:
    """A proceeding that the actor works on or is concerned by. Raises NotFound for a missing and a foreign one."""
    found = db.session.scalar(select(Proceeding).where(Proceeding.number == number).options(*_whole()))
    if found is None or not (rights.works_on(actor, found) or is_told_of(actor, found)):
        raise NotFound()
    return found


def opened(actor: Actor, number: str, now: datetime) -> Proceeding:
    """A proceeding to be read, and the entry that it was opened: one for each person, proceeding and hour.

    There is no reading without the entry. Raises NotFound for a missing and a foreign one alike.
    """
    found = by_number(actor, number)
    hour = now.replace(minute=0, second=0, microsecond=0)
    if db.session.get(Reading, (found.id, actor.id, hour)) is not None:
        return found
    key = found.id
    with transaction.act():
        row = {"proceeding_id": key, "user_id": actor.id, "hour": hour}
        if connection().execute(insert_new(_READINGS).values(row)).rowcount == 1:
            journal.record(words.OPENED, db.session.get_one(Proceeding, key), actor, now)
    return by_number(actor, number)


# --- lists ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """Filters of the list; empty ones do not restrict."""

    q: str = ""
    state: str = ""
    duty: str = ""
    department: int | None = None


def listing(actor: Actor, wanted: Wanted) -> Select[Any]:
    """The proceedings whose file the actor reads and that fit: the newest first."""
    query = select(Proceeding).where(rights.visible(actor)).options(*_WITH_NAMES)
    if wanted.state == "open":
        query = query.where(Proceeding.closed_at.is_(None))
    elif wanted.state:
        query = query.where(Proceeding.state == State(wanted.state))
    if wanted.duty:
        mine = (
            Appointed.user_id == (actor.id or 0),
            Appointed.duty == Duty(wanted.duty),
            Appointed.ended_at.is_(None),
        )
        query = query.where(Proceeding.id.in_(select(Appointed.proceeding_id).where(*mine)))
    if wanted.department:
        query = query.where(Proceeding.department_id == wanted.department)
    if wanted.q:  # only within the few that one may see
        query = query.where(
            or_(
                Proceeding.number.contains(wanted.q.upper(), autoescape=True),
                Proceeding.title.contains(wanted.q, autoescape=True),
            )
        )
    return query.order_by(Proceeding.registered_at.desc(), Proceeding.id.desc())


def own(actor: Actor, limit: int = 50) -> list[Subject]:
    """What concerns the actor, or the department that they head, once they were asked to speak; the newest first."""
    query = select(Subject).join(Subject.proceeding).where(rights.own(actor), Proceeding.reported_at.is_not(None))
    shown = contains_eager(Subject.proceeding), joinedload(Subject.user), joinedload(Subject.department)
    return list(db.session.scalars(query.order_by(Subject.id.desc()).limit(limit).options(*shown)))


# --- what waits -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """Something that waits for a person: the verb, whose part it is about (None: the whole), until when."""

    verb: str
    number: str
    subject_id: int | None = None
    due_at: datetime | None = None


def steps(actor: Actor, now: datetime, limit: int = 50) -> list[Step]:
    """What waits for the actor in open proceedings: two reads by index, of few rows."""
    if not actor.can(words.READ):
        return []
    mine = select(Appointed.proceeding_id).where(Appointed.user_id == (actor.id or 0), Appointed.ended_at.is_(None))
    concerning = select(Subject.proceeding_id).where(rights.own(actor))
    query = select(Proceeding).where(
        Proceeding.closed_at.is_(None), or_(Proceeding.id.in_(mine), Proceeding.id.in_(concerning))
    )
    found = []
    for each in db.session.scalars(query.order_by(Proceeding.registered_at).limit(limit).options(*_whole())):
        if rights.concerned(actor, each):
            found += _for_concerned(actor, each, now)
        else:
            found += _for_workers(rights.duties(actor.id, each), each, now)
    return found


def _for_concerned(actor: Actor, each: Proceeding, now: datetime) -> list[Step]:
    from portal.accountability.service import hear_by

    if not is_told_of(actor, each):
        return []
    found = []
    for subject in rights.own_subjects(actor, each):
        if each.state is State.INVESTIGATED and subject.heard_at is None:
            found.append(Step("state", each.number, subject.id, hear_by(each)))
        elif subject.told_at and subject.confirmed and not subject.review_asked_at and (subject.review_by or now) > now:
            found.append(Step("ask-review", each.number, subject.id, subject.review_by))
    return found


def _for_workers(mine: frozenset[Duty], each: Proceeding, now: datetime) -> list[Step]:
    from portal.accountability.closing import lacking, pending

    taken = {a.duty for a in each.assignments if a.ended_at is None}
    found = []
    if Duty.INVESTIGATOR in mine:
        verb = {State.REGISTERED: "report", State.INVESTIGATED: "hear", State.HEARD: "find"}.get(each.state)
        if verb:
            found.append(Step(verb, each.number))
    if Duty.DECIDER in mine and each.state is State.FOUND:
        found.append(Step("decide", each.number))
    waits = any(pending(s) for s in each.subjects)
    if Duty.REVIEWER in mine and waits:
        found.append(Step("review", each.number))
    if Duty.SECRETARY in mine:
        wanted = {State.REGISTERED: Duty.INVESTIGATOR, State.FOUND: Duty.DECIDER, State.REVIEWING: Duty.REVIEWER}
        if each.state in wanted and wanted[each.state] not in taken:
            found.append(Step("assign", each.number))
        if each.state is State.DECIDED:
            found.append(Step("inform", each.number))
        if each.state is State.TOLD and not lacking(each, now):
            found.append(Step("close", each.number))
    return found


def count_waiting(actor: Actor, now: datetime) -> int:
    """How many things wait for the actor, remembered while nothing changes."""
    return epochs.while_unchanged(("accountability.waiting", actor.id), now, lambda: len(steps(actor, now)))


# --- figures --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figures:
    """Numbers of a year without any content; ``departments`` leaves out what is too small to be told."""

    registered: int
    closed: int
    confirmed: int
    reviewed: int
    changed: int
    states: dict[State, int]
    measures: dict[MeasureKind, int]
    departments: dict[int, int]
    #: All small departments together; None where even that is too small, or nothing is withheld.
    rest: int | None
    withheld: int


def figures(year: int) -> Figures:
    """The figures of the proceedings that were registered in a year."""
    return figures_between(clock.day_start(date(year, 1, 1)), clock.day_start(date(year + 1, 1, 1)))


def figures_between(begin: datetime, end: datetime) -> Figures:
    """The figures of the proceedings that were registered in a stretch of time, ``end`` not included."""
    of_year = and_(Proceeding.registered_at >= begin, Proceeding.registered_at < end)
    states = dict(
        db.session.execute(select(Proceeding.state, func.count()).where(of_year).group_by(Proceeding.state)).all()
    )
    by_department = dict(
        db.session.execute(
            select(Proceeding.department_id, func.count()).where(of_year).group_by(Proceeding.department_id)
        ).all()
    )
    subjects = select(Subject.confirmed, Subject.outcome).join(Subject.proceeding).where(of_year)
    rows = db.session.execute(subjects.where(Subject.told_at.is_not(None))).all()
    taken = select(Imposed.kind, func.count()).join(Proceeding, Proceeding.id == Imposed.proceeding_id)
    kinds = dict(db.session.execute(taken.where(of_year, Imposed.lifted_at.is_(None)).group_by(Imposed.kind)).all())
    least = policy.value("accountability.withhold_below")
    known = {k: n for k, n in by_department.items() if k is not None}
    shown, rest = rules.shown(known, least)
    return Figures(
        registered=sum(states.values()),
        closed=states.get(State.CLOSED, 0),
        confirmed=sum(1 for confirmed, _o in rows if confirmed),
        reviewed=sum(1 for _c, outcome in rows if outcome is not None),
        changed=sum(1 for _c, outcome in rows if outcome in (Outcome.MITIGATED, Outcome.LIFTED)),
        states=states,
        measures={kind: n for kind in MeasureKind if (n := kinds.get(kind, 0)) >= least},
        departments=shown,
        rest=rest,
        withheld=least,
    )


# --- what follows (A-4) ---------------------------------------------------------------------------------------


def rates() -> Rates:
    """The figures of the policy."""
    value = policy.value
    return Rates(
        bonus={
            kind: value(f"accountability.bonus_{kind}")
            for kind in (MeasureKind.SELF_EXAMINATION, MeasureKind.ADMONITION, MeasureKind.EFFICIENCY_WARNING)
        },
        unmet_task=value("accountability.bonus_unmet_task"),
        score={group: value(f"accountability.score_{group}") for group in Group},
    )


def effects(*, person_id: int | None = None, department_id: int | None = None, year: int) -> list[Line]:
    """What told decisions mean for one person or department in a year, each line with the decision it rests on (A-4).

    Counted as of the year's last day once it is over, so that a past year stays as it was.
    """
    same = Subject.user_id == person_id if person_id is not None else Subject.department_id == department_id
    return effects_of(year, same).get(
        ("person", person_id) if person_id is not None else ("department", department_id), []
    )


def effects_of(year: int, condition: Any = None) -> dict[tuple[str, int | None], list[Line]]:
    """The lines of a year by person and department: ("person", id) or ("department", id)."""
    begin, end = clock.day_start(date(year, 1, 1)), clock.day_start(date(year + 1, 1, 1))
    query = (
        select(Subject)
        .join(Subject.proceeding)
        .where(Subject.confirmed.is_(True), Subject.told_at.is_not(None))
        .where(Subject.decided_at >= begin, Subject.decided_at < end)
        .options(selectinload(Subject.measures), selectinload(Subject.proceeding))
        .order_by(Subject.decided_at, Subject.id)
    )
    if condition is not None:
        query = query.where(condition)
    taken: dict[tuple[str, int | None], list[Taken]] = {}
    for each in db.session.scalars(query):
        key = ("person", each.user_id) if each.user_id is not None else ("department", each.department_id)
        taken.setdefault(key, []).extend(_taken(each))
    on = min(clock.today(), date(year, 12, 31))
    set_up = rates()
    return {key: rules.consequences(rows, set_up, on) for key, rows in taken.items()}


def _taken(subject: Subject) -> Sequence[Taken]:
    number, letter = subject.proceeding.number, subject.letter_number or ""
    found = [
        Taken(number, letter, m.kind, m.decided_on, m.expires_on, m.lifted_at is not None) for m in subject.measures
    ]
    if subject.proceeding.unmet_tasks and subject.decided_at is not None:
        on, lifted = clock.local(subject.decided_at).date(), subject.outcome is Outcome.LIFTED
        found.append(Taken(number, letter, None, on, None, lifted, subject.proceeding.unmet_tasks))
    return found
