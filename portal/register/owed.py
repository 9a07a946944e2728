"""What the registers owe: which week, month or half year has no entry (O-4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from portal.ab_post import rights as ab_rights
from portal.calendar.queries import work_calendar
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.i18n import local_date
from portal.people import queries as people
from portal.pure.months import month_text
from portal.register import kinds, rights, rules
from portal.register.models import EntryState, RegisterEntry, RegisterKind, Rhythm, Scope

#: A workday register is looked back this far for what is missing; the others further.
DAYS_BACK, MONTHS_BACK = 31, 184


@dataclass(frozen=True)
class Kept:
    """What one register owed in a time, and what of it is there. ``department_id`` None: the unit's."""

    kind_id: int
    kind: str
    department_id: int | None
    owed: tuple[date, ...]
    missed: tuple[date, ...]
    entries: int

    @property
    def done(self) -> int:
        """How many of the owed were written."""
        return len(self.owed) - len(self.missed)


def kept(first: date, end: date, departments: Iterable[int | None] | None = None) -> list[Kept]:
    """The registers with a rhythm in [first, end), by kind and department: owed until yesterday, there, missing."""
    calendar, yesterday = work_calendar(), clock.today() - timedelta(days=1)
    until = min(end - timedelta(days=1), yesterday)
    there: dict[tuple[int, int | None], set[date]] = defaultdict(set)
    counted: dict[tuple[int, int | None], int] = defaultdict(int)
    rows = select(RegisterEntry.kind_id, RegisterEntry.department_id, RegisterEntry.period_on, RegisterEntry.held_on)
    rows = rows.where(
        RegisterEntry.state == EntryState.FILED,
        RegisterEntry.held_on >= first - timedelta(days=7),
        RegisterEntry.held_on < end,
    )
    for kind_id, department_id, period_on, held_on in db.session.execute(rows):
        there[kind_id, department_id].add(period_on)
        counted[kind_id, department_id] += held_on >= first
    wanted = None if departments is None else set(departments)
    keeping = rights.keeping_departments()
    found = []
    for kind in kinds.open_kinds():
        for department_id in [None] if kind.scope is Scope.UNIT else keeping:
            if wanted is not None and department_id not in wanted:
                continue
            since = kinds.since(kind, first)
            owed = tuple(rules.periods(kind.rhythm, since, until, calendar.is_workday, kind.due_day))
            missed = tuple(p for p in owed if p not in there[kind.id, department_id])
            found.append(Kept(kind.id, kind.name, department_id, owed, missed, counted[kind.id, department_id]))
    return found


@dataclass(frozen=True)
class Missing:
    """One entry that was not written."""

    kind: RegisterKind
    department_id: int | None
    period: date


def missing(actor: Actor) -> list[Missing]:
    """What the actor should still write: of each register kept, the last owed period if nothing is there."""
    calendar, today = work_calendar(), clock.today()
    places: list[tuple[RegisterKind, int | None]] = []
    for kind in kinds.open_kinds():
        if kind.rhythm is Rhythm.NONE or not _own(actor, kind):
            continue
        places += [(kind, d) for d in _own(actor, kind)]
    found = []
    for kind, department_id in places:
        back = DAYS_BACK if kind.rhythm is Rhythm.WORKDAY else MONTHS_BACK + 31
        since = kinds.since(kind, today - timedelta(days=back))
        owed = list(rules.periods(kind.rhythm, since, today - timedelta(days=1), calendar.is_workday, kind.due_day))
        if owed and not _there(kind, department_id, owed[-1]):
            found.append(Missing(kind, department_id, owed[-1]))
    return found


def _own(actor: Actor, kind: RegisterKind) -> list[int | None]:
    """The registers for which the actor is asked: those of the own departments, the unit's by who keeps it. The
    office may write everywhere, but is asked only for its own."""
    if kind.scope is Scope.UNIT:
        return [None] if rights.keeps(actor, kind, None) else []
    own = ab_rights.own_departments(actor) | actor.departments_headed()
    return [d for d in rights.kept_departments(actor, kind) if d in own]


def _there(kind: RegisterKind, department_id: int | None, period: date) -> bool:
    query = select(RegisterEntry.id).where(
        RegisterEntry.kind_id == kind.id,
        RegisterEntry.period_on == period,
        RegisterEntry.state == EntryState.FILED,
        RegisterEntry.department_id.is_(None)
        if department_id is None
        else RegisterEntry.department_id == department_id,
    )
    return db.session.scalar(query.limit(1)) is not None


def period_name(rhythm: Rhythm, first: date) -> str:
    """A period in words."""
    match rhythm:
        case Rhythm.WEEK:
            return _("%(a)s 至 %(b)s", a=local_date(first), b=local_date(first + timedelta(days=6)))
        case Rhythm.MONTH:
            return month_text(first)
        case Rhythm.HALF_YEAR:
            return half_name(*rules.half_of(first))
        case _:
            return local_date(first)


def half_name(year: int, half: int) -> str:
    """A half year in words."""
    return _("%(year)s 年上半年", year=year) if half == 1 else _("%(year)s 年下半年", year=year)


def place(department_id: int | None) -> str:
    """Whose register it is."""
    return people.department_names().get(department_id, "") if department_id else _("全单位")
