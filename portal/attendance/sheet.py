"""Sheets: what the punches of some days amount to for some people, in a handful of queries (O-3)."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal.ab_post.models import Absence
from portal.attendance import rules
from portal.attendance.models import (
    Correction,
    CorrectionState,
    Finding,
    FindingKind,
    Punch,
    PunchCode,
    PunchImport,
)
from portal.attendance.rules import Day, Excuse, Half, State, Terms, Totals
from portal.calendar import queries as calendar
from portal.kernel import clock, epochs
from portal.kernel.db import db
from portal.people import queries as people
from portal.people.models import User
from portal.policy import catalogue
from portal.policy.catalogue import PolicyError
from portal.policy.models import PolicyValue

#: The findings that count as off post (O-3).
OFF_POST = (FindingKind.OFF_POST, FindingKind.GAMES, FindingKind.PRIVATE_WORK)
_KEYS = (
    "attendance.tolerance_minutes",
    "attendance.punches",
    "attendance.repeat_minutes",
    "attendance.lates_per_half_day",
    "attendance.missing_is_absent",
    "attendance.off_post_half_day_from",
    "attendance.day_begins_minutes",
    "calendar.office_hours",
)


@dataclass
class PersonRow:
    """One person's days (None before and after they take part) and totals."""

    user_id: int
    name: str
    department_id: int | None
    days: dict[date, Day] = field(default_factory=dict)
    totals: Totals = field(default_factory=Totals)


@dataclass
class Sheet:
    """Days and people: ``workdays`` says of each day whether it is worked."""

    first: date
    last: date
    workdays: dict[date, bool]
    rows: list[PersonRow]

    @property
    def days(self) -> list[date]:
        """The days in order."""
        return list(self.workdays)

    def of(self, department_id: int | None) -> list[PersonRow]:
        """The people of a department (None: all)."""
        return [row for row in self.rows if department_id is None or row.department_id == department_id]


# --- policy by day --------------------------------------------------------------------------------------------


def _versions() -> dict[str, list[tuple[datetime, Any]]]:
    """The versions of the values that decide, oldest first: a change never rewrites an earlier day (POL-1).

    Winter and summer hours are two versions of the office hours.
    """
    return epochs.cached("policy", "attendance_versions", _read_versions)


def _read_versions() -> dict[str, list[tuple[datetime, Any]]]:
    found: dict[str, list[tuple[datetime, Any]]] = {key: [] for key in _KEYS}
    rows = select(PolicyValue.key, PolicyValue.value, PolicyValue.set_at).where(PolicyValue.key.in_(_KEYS))
    for key, text, set_at in db.session.execute(rows.order_by(PolicyValue.id)):
        try:
            found[key].append((set_at, catalogue.definition(key).parse(text)))
        except PolicyError:
            continue
    return found


def value_on(key: str, day: date) -> Any:
    """The policy value in force when a day began: a change holds from the next day on."""
    versions = _versions()[key]
    n = bisect_left([set_at for set_at, _value in versions], clock.day_start(day))
    return versions[n - 1][1] if n else catalogue.definition(key).default


def terms_on(day: date) -> Terms:
    """The terms of a day, made once until a policy value changes: a month asks for those of each person and day."""
    kept = epochs.cached("policy", "attendance_terms", lambda: dict[date, Terms]())
    found = kept.get(day)
    if found is None:
        kept[day] = found = _terms_on(day)
    return found


def _terms_on(day: date) -> Terms:
    return Terms(
        tolerance=value_on("attendance.tolerance_minutes", day),
        punches=int(value_on("attendance.punches", day)),
        repeat=value_on("attendance.repeat_minutes", day),
        lates_per_half_day=value_on("attendance.lates_per_half_day", day),
        missing_is_absent=value_on("attendance.missing_is_absent", day),
        off_post_half_day_from=value_on("attendance.off_post_half_day_from", day),
    )


# --- making ---------------------------------------------------------------------------------------------------


@dataclass
class _Facts:
    """What the tables say about some people and days."""

    punches: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    absences: dict[int, list[tuple[datetime, datetime, str]]] = field(default_factory=lambda: defaultdict(list))
    fixed: dict[tuple[int, date], dict[str, datetime]] = field(default_factory=lambda: defaultdict(dict))
    imports: list[tuple[datetime, datetime, frozenset[int]]] = field(default_factory=list)
    off_post: dict[int, int] = field(default_factory=dict)


def make(first: date, last: date, department_ids: Iterable[int] | None = None, user_id: int | None = None) -> Sheet:
    """The sheet of the days from ``first`` to ``last`` as things stand now, for everybody who takes part, some
    departments or one person; people by department and name."""
    working = calendar.work_calendar()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    workdays = {day: working.is_workday(day) for day in days}
    taking = _taking_part(first, last, department_ids, user_id)
    facts = _facts(first, last, [row.user_id for row, _spans in taking])
    settings = {day: (terms_on(day), _periods(day) if workdays[day] else [], _day_begins(day)) for day in days}
    known = {row.department_id: _known(facts, days, row.department_id) for row, _spans in taking}
    for row, spans in taking:
        mine = _by_day(facts.punches.get(row.user_id, ()), settings)
        away = facts.absences.get(row.user_id, ())
        for day in days:
            if not any(start <= day and (end is None or day <= end) for start, end in spans):
                continue
            terms, periods, _begins = settings[day]
            until = known[row.department_id].get(day, -1)
            fixed = {slot: _second(day, at) for slot, at in facts.fixed.get((row.user_id, day), {}).items()}
            row.days[day] = rules.day(
                periods, mine.get(day, ()), _excuses(day, away), terms, fixed, until if until < 172_800 else None
            )
        row.totals = rules.totals(row.days.values(), settings[last][0], facts.off_post.get(row.user_id, 0))
    return Sheet(first, last, workdays, [row for row, _spans in taking if row.days])


def _periods(day: date) -> list[tuple[int, int]]:
    hours = value_on("calendar.office_hours", day)
    return [(a.hour * 3600 + a.minute * 60, b.hour * 3600 + b.minute * 60) for a, b in hours.periods]


def _day_begins(day: date) -> int:
    return int(value_on("attendance.day_begins_minutes", day)) * 60


def _second(day: date, at: datetime) -> int:
    return int((at - clock.day_start(day)).total_seconds())


def _by_day(punches: Iterable[datetime], settings: Mapping[date, tuple[Terms, Any, int]]) -> dict[date, list[int]]:
    """A person's punches by the day they belong to: those of the small hours to the day before."""
    found: dict[date, list[int]] = defaultdict(list)
    for at in punches:
        there = clock.local(at)
        day = there.date()
        begins = settings[day][2] if day in settings else 0
        if there.hour * 3600 + there.minute * 60 + there.second < begins:
            day -= timedelta(days=1)
        if day in settings:
            found[day].append(_second(day, at))
    return found


def _excuses(day: date, away: Sequence[tuple[datetime, datetime, str]]) -> list[Excuse]:
    start = clock.day_start(day)
    end = start + timedelta(days=1)
    return [
        Excuse(_second(day, max(a, start)), _second(day, min(b, end)), kind)
        for a, b, kind in away
        if a < end and b > start
    ]


def _known(facts: _Facts, days: Sequence[date], department_id: int | None) -> dict[date, int]:
    """Until which second of each day a department's data are in: -1 for none, 172800 for the whole day."""
    found: dict[date, int] = {}
    for first, last, departments in facts.imports:
        if department_id is not None and department_id not in departments:
            continue
        begin, end = clock.local(first).date(), clock.local(last).date()
        for day in days:
            if begin <= day < end:
                found[day] = 172_800
            elif day == end:
                found[day] = max(found.get(day, -1), _second(day, last))
    return found


def _taking_part(
    first: date, last: date, department_ids: Iterable[int] | None, user_id: int | None
) -> list[tuple[PersonRow, list[tuple[date, date | None]]]]:
    query = (
        select(User.id, User.name, User.department_id, User.disabled_at, PunchCode.from_on, PunchCode.until_on)
        .join(PunchCode, PunchCode.user_id == User.id)
        .where(PunchCode.from_on <= last)
    )
    if department_ids is not None:
        query = query.where(User.department_id.in_(list(department_ids)))
    if user_id is not None:
        query = query.where(User.id == user_id)
    rows: dict[int, tuple[PersonRow, list[tuple[date, date | None]]]] = {}
    for found_id, name, department_id, disabled_at, from_on, until_on in db.session.execute(query):
        ends = [d for d in (until_on, clock.local(disabled_at).date() if disabled_at else None) if d is not None]
        end = min(ends) if ends else None
        if end is None or end >= first:
            rows.setdefault(found_id, (PersonRow(found_id, name, department_id), []))[1].append((from_on, end))
    order = {department_id: n for n, department_id in enumerate(people.department_names())}
    return sorted(rows.values(), key=lambda pair: (order.get(pair[0].department_id or 0, 999), pair[0].user_id))


def _facts(first: date, last: date, users: Sequence[int]) -> _Facts:
    found = _Facts()
    start, end = clock.day_start(first), clock.day_start(last + timedelta(days=1))
    night = end + timedelta(hours=8)
    few = len(users) <= 20

    def mine(query: Any, column: Any) -> Any:
        return query.where(column.in_(users)) if few else query

    for first_at, last_at, departments in db.session.execute(
        select(PunchImport.first_at, PunchImport.last_at, PunchImport.departments).where(
            PunchImport.undone_at.is_(None), PunchImport.last_at >= start, PunchImport.first_at < end
        )
    ):
        found.imports.append((first_at, last_at, frozenset(json.loads(departments))))
    punches = (
        select(Punch.user_id, Punch.at)
        .join(PunchImport, PunchImport.id == Punch.import_id)
        .where(PunchImport.undone_at.is_(None), Punch.at >= start, Punch.at < night)
    )
    for user_id, at in db.session.execute(mine(punches, Punch.user_id)):
        found.punches[user_id].append(at)
    away = select(Absence.user_id, Absence.kind, Absence.from_at, Absence.to_at, Absence.ended_at).where(
        Absence.to_at > start, Absence.from_at < end
    )
    for user_id, kind, from_at, to_at, ended_at in db.session.execute(mine(away, Absence.user_id)):
        until = min(to_at, ended_at) if ended_at else to_at
        if until > from_at:
            found.absences[user_id].append((from_at, until, str(kind)))
    fixed = select(Correction.user_id, Correction.day, Correction.slot, Correction.at).where(
        Correction.state == CorrectionState.APPROVED, Correction.day >= first, Correction.day <= last
    )
    for user_id, day, slot, at in db.session.execute(mine(fixed.order_by(Correction.id), Correction.user_id)):
        found.fixed[user_id, day][str(slot)] = at
    off = select(Finding.user_id).where(
        Finding.upheld.is_(True), Finding.kind.in_(OFF_POST), Finding.found_at >= start, Finding.found_at < end
    )
    for user_id in db.session.scalars(mine(off, Finding.user_id)):
        found.off_post[user_id] = found.off_post.get(user_id, 0) + 1
    return found


# --- frozen ---------------------------------------------------------------------------------------------------


def freeze(sheet: Sheet) -> dict[str, object]:
    """A sheet as plain data, from which `thaw` makes the same sheet again."""
    return {
        "first": sheet.first.isoformat(),
        "last": sheet.last.isoformat(),
        "off": [day.isoformat() for day, works in sheet.workdays.items() if not works],
        "rows": [
            {
                "user_id": row.user_id,
                "name": row.name,
                "department_id": row.department_id,
                "days": {d.isoformat(): [_pack(x.am), _pack(x.pm), x.extra] for d, x in row.days.items()},
                "totals": asdict(row.totals),
            }
            for row in sheet.rows
        ],
    }


def _pack(half: Half) -> list[object]:
    return [str(half.state), half.late, half.early, half.excuse, int(half.corrected), half.in_at, half.out_at]


def _unpack(data: Sequence[Any]) -> Half:
    return Half(State(data[0]), data[1], data[2], data[3], bool(data[4]), data[5], data[6])


def thaw(text: str) -> Sheet:
    """A closed month's sheet as it was."""
    data = json.loads(text)
    first, last = date.fromisoformat(data["first"]), date.fromisoformat(data["last"])
    off = set(data["off"])
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return Sheet(
        first,
        last,
        {day: day.isoformat() not in off for day in days},
        [
            PersonRow(
                row["user_id"],
                row["name"],
                row["department_id"],
                {date.fromisoformat(d): Day(_unpack(a), _unpack(b), n) for d, (a, b, n) in row["days"].items()},
                Totals(**row["totals"]),
            )
            for row in data["rows"]
        ],
    )


@dataclass(frozen=True)
class Change:
    """One half day, or a person's totals (``day`` None), that differs between two sheets."""

    name: str
    day: date | None
    old: Day | None
    new: Day | None


def changes(old: Sheet, new: Sheet) -> list[Change]:
    """What differs between a closed sheet and another of the same days, by person and day."""
    before, after = ({row.user_id: row for row in sheet.rows} for sheet in (old, new))
    found = []
    for user_id in [*before, *(u for u in after if u not in before)]:
        was, now = before.get(user_id), after.get(user_id)
        name = (now or was or PersonRow(0, "", None)).name
        days = sorted({*(was.days if was else ()), *(now.days if now else ())})
        differing = []
        for day in days:
            a, b = (was.days.get(day) if was else None), (now.days.get(day) if now else None)
            if a != b:
                differing.append(Change(name, day, a, b))
        if not differing and was and now and was.totals != now.totals:
            differing.append(Change(name, None, None, None))
        found += differing
    return found
