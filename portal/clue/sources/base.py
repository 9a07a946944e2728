"""What a source is, and what it may look up while it reads the journal (A-1).

A source reads the entries of some kinds in their order and says of each what it shows: a departure, or that an earlier
one is taken back. It decides by the facts of entries alone, so that reading all of history at once gives the same
clues as reading it day by day.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, bindparam, select

from portal.ab_post import picture as ab_picture
from portal.cases.models import Case
from portal.clue.models import ClueKind
from portal.kernel import clock
from portal.kernel.db import connection, db
from portal.kernel.journal import JournalEntry
from portal.people import queries as people
from portal.pure.breach import Breach


class Entry(NamedTuple):
    """One journal entry as a source reads it."""

    seq: int
    at: datetime
    event: str
    post_id: int | None
    object_id: int | None
    case_id: int | None
    facts: Mapping[str, Any]

    def instant(self, name: str) -> datetime:
        """A fact that is an instant."""
        return datetime.fromisoformat(self.facts[name])

    def day(self, name: str) -> date:
        """A fact that is a date."""
        return date.fromisoformat(self.facts[name])


@dataclass(frozen=True)
class Raised:
    """An entry shows a departure. ``points`` names the policy value of its points a day, where they depend on facts."""

    breach: Breach
    points: str = ""


@dataclass(frozen=True)
class Undone:
    """An entry takes a departure back."""

    key: str
    entry_seq: int | None
    at: datetime


Outcome = Raised | Undone


class ClockState(NamedTuple):
    """The promised date of a case as an entry left it."""

    due: datetime | None
    provisional: bool


_CLOCKS = (
    "cases.accepted",
    "cases.tacitly_accepted",
    "cases.supplemented",
    "cases.paused",
    "cases.resumed",
    "cases.extended",
    "cases.recomputed",
    "cases.part_opened",
)
_PLACES = ("cases.received", "cases.moved")
_ENTRIES = cast(Table, JournalEntry.__table__)
#: What a source reads of an entry.
COLUMNS = tuple(_ENTRIES.c[name] for name in ("seq", "at", "event", "post_id", "object_id", "case_id", "facts"))


def entry_of(row: Any) -> Entry:
    """An entry from a row of ``COLUMNS``."""
    seq, at, event, post_id, object_id, case_id, facts = row
    return Entry(seq, at, event, post_id, object_id, case_id, json.loads(facts))


_OF_KIND = (
    select(*COLUMNS)
    .where(_ENTRIES.c.event == bindparam("tag"), _ENTRIES.c.seq > bindparam("after"), _ENTRIES.c.seq <= bindparam("to"))
    .order_by(_ENTRIES.c.seq)
    .limit(bindparam("most"))
)
_NEW = select(*COLUMNS).where(
    _ENTRIES.c.seq > bindparam("after"),
    _ENTRIES.c.seq <= bindparam("to"),
    _ENTRIES.c.event.in_(bindparam("tags", expanding=True)),
)
_OF_CASE = (
    select(*COLUMNS)
    .where(_ENTRIES.c.case_id == bindparam("case"), _ENTRIES.c.event.in_(bindparam("tags", expanding=True)))
    .order_by(_ENTRIES.c.seq)
)


def entries(tag: str, after: int, until: int, most: int) -> list[Entry]:
    """Entries of one kind after a number, oldest first, from the index of kinds."""
    rows = connection().execute(_OF_KIND, {"tag": tag, "after": after, "to": until, "most": most})
    return [entry_of(row) for row in rows]


_BEFORE = (
    select(*COLUMNS)
    .where(_ENTRIES.c.object_type == bindparam("type"), _ENTRIES.c.object_id == bindparam("object"))
    .where(_ENTRIES.c.event.in_(bindparam("tags", expanding=True)), _ENTRIES.c.seq < bindparam("seq"))
    .order_by(_ENTRIES.c.seq)
)


def before(entry: Entry, object_type: str, *tags: str) -> list[Entry]:
    """What was recorded of some kinds on the object of an entry before it, oldest first."""
    given = {"type": object_type, "object": entry.object_id, "tags": list(tags), "seq": entry.seq}
    return [entry_of(row) for row in connection().execute(_BEFORE, given)]


def new_entries(after: int, until: int, tags: Iterable[str]) -> dict[str, list[Entry]]:
    """The few entries between two numbers that are of some kinds, by kind, oldest first; by their numbers alone."""
    rows = connection().execute(_NEW, {"after": after, "to": until, "tags": sorted(tags)})
    found: dict[str, list[Entry]] = {}
    for entry in sorted(entry_of(row) for row in rows):
        found.setdefault(entry.event, []).append(entry)
    return found


class Seen:
    """What one reading looks up, each thing once."""

    def __init__(self) -> None:
        self._picture: ab_picture.Picture | None = None
        self._cases: dict[int, Any] = {}
        self._histories: dict[int, list[Entry]] = {}
        self._departments: dict[str, int] | None = None

    def picture(self, at: datetime) -> ab_picture.Picture:
        """A picture that reaches an instant: instants rise with the journal, so that one is mostly enough."""
        if self._picture is None or at < self._picture.since:
            self._picture = ab_picture.picture_at(at)
        return self._picture

    def department(self, name: str) -> int | None:
        """A department by the name that a fact gives."""
        if self._departments is None:
            self._departments = {each: key for key, each in people.department_names().items()}
        return self._departments.get(name)

    def case(self, case_id: int) -> Any:
        """Number, department and instants of a case."""
        if case_id not in self._cases:
            query = select(Case.id, Case.number, Case.department_id, Case.post_id, Case.accepted_at)
            self._cases[case_id] = db.session.execute(query.where(Case.id == case_id)).one()
        return self._cases[case_id]

    def _history(self, case_id: int) -> list[Entry]:
        if case_id not in self._histories:
            rows = connection().execute(_OF_CASE, {"case": case_id, "tags": [*_CLOCKS, *_PLACES]})
            self._histories[case_id] = [entry_of(row) for row in rows]
        return self._histories[case_id]

    def clock(self, case_id: int, before: int) -> ClockState:
        """The promised date of a case as it stood before an entry, and whether it was provisional (T-3)."""
        due, provisional = None, False
        for each in self._history(case_id):
            if each.seq >= before:
                break
            if each.event not in _CLOCKS:
                continue
            due = each.instant("due") if each.facts.get("due") else None
            provisional = bool(each.facts.get("provisional", provisional))
        return ClockState(due, provisional)

    def post_of_case(self, case_id: int, at: datetime) -> int:
        """The post that a case was with at an instant."""
        found: int = self.case(case_id).post_id
        for n, each in enumerate(e for e in self._history(case_id) if e.event in _PLACES):
            if each.post_id is not None and (n == 0 or each.at <= at):
                found = each.post_id
        return found

    def of_case(
        self, kind: ClueKind, rule: str, key: str, entry: Entry, at: datetime, post_id: int | None = None
    ) -> Raised:
        """A departure in a case: its post of that instant (or another) answers; the case's page shows it."""
        case = self.case(entry.case_id or 0)
        return Raised(
            Breach(
                kind=str(kind),
                key=key,
                rule=rule,
                at=at,
                department_id=case.department_id if post_id is None else None,
                post_id=self.post_of_case(case.id, at) if post_id is None else post_id,
                case_id=case.id,
                entry_seq=entry.seq,
                endpoint="cases.show",
                values=(("number", case.number),),
            )
        )


def moved_back(entry: Entry) -> tuple[datetime | None, datetime | None]:
    """The date before and after a change of the calendar or of a limit."""
    old, new = entry.facts.get("old_due"), entry.facts.get("due")
    return (datetime.fromisoformat(old) if old else None, datetime.fromisoformat(new) if new else None)


def took_back(entry: Entry) -> bool:
    """Whether a new date undoes a lateness: the old one had passed, the new one had not, or is not firm (T-3)."""
    old, new = moved_back(entry)
    if old is None or old >= entry.at:
        return False
    return bool(entry.facts.get("provisional")) or (new is not None and new >= entry.at)


def still_late(entry: Entry) -> bool:
    """Whether a date that has become firm had passed already."""
    _old, new = moved_back(entry)
    return not entry.facts.get("provisional") and new is not None and new < entry.at


def end_of_day(day: date) -> datetime:
    """The instant at which a day that was a limit is over."""
    return clock.day_start(day + timedelta(days=1))


class Slice(NamedTuple):
    """What the next entries show, the number read up to, whether that was all, and how many there were."""

    outcomes: Iterator[Outcome]
    read: int
    whole: bool
    size: int


News = Mapping[str, Sequence[Entry]]
Read = Callable[[Entry, Seen], Iterable[Outcome]]
Breaches = Callable[[int], Iterable[Breach]]
UndoneKeys = Callable[[int], Iterable[str]]


@dataclass(frozen=True)
class Source:
    """Where clues of some kinds come from: the kinds of entries to read, and what each of them shows."""

    name: str
    kinds: tuple[ClueKind, ...]
    events: tuple[str, ...]
    read: Read

    def concerned_by(self, tags: set[str]) -> bool:
        """Whether new entries of these kinds may show something to this source."""
        return not tags.isdisjoint(self.events)

    def outcomes(self, after: int, until: int, most: int, seen: Seen, new: News | None = None) -> Slice:
        """What the next entries show; ``new`` are the entries up to ``until``, where they were read already."""
        if new is None:
            found = sorted(e for tag in self.events for e in entries(tag, after, until, most + 1))
        else:
            found = sorted(e for tag in self.events for e in new.get(tag, ()) if e.seq > after)
        whole = len(found) <= most
        found = found[:most]
        outcomes = (outcome for entry in found for outcome in self.read(entry, seen))
        return Slice(outcomes, until if whole else found[-1].seq, whole, len(found))


@dataclass(frozen=True)
class RoomSource:
    """A room that states its own departures (``breaches.py``)."""

    name: str
    kinds: tuple[ClueKind, ...]
    breaches: Breaches
    undone: UndoneKeys

    def concerned_by(self, tags: set[str]) -> bool:
        """Whether there are new entries of the room."""
        return any(tag.startswith(f"{self.name}.") for tag in tags)

    def outcomes(self, after: int, until: int, most: int, _seen: Seen, _new: News | None = None) -> Slice:
        """As of a ``Source``; what the room takes back comes after what it states."""
        found: list[Breach] = []
        whole = True
        for breach in self.breaches(after):
            if len(found) == most:
                whole = False
                break
            found.append(breach)
        end = until if whole else max(after, (found[-1].entry_seq or after) - 1)
        made: list[Outcome] = [Raised(b) for b in found]
        made += [Undone(key, None, clock.now()) for key in self.undone(after)]
        return Slice(iter(made), end, whole, len(made))


AnySource = Source | RoomSource
