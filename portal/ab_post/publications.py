"""The half-yearly publication of A and B of all posts (AB-5): the list as it would be now, and those published.

What is published is a copy that stays as it was: names, dates and late filings of that day.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal.ab_post import vocabulary as words
from portal.ab_post.models import Assignment, PairPublication
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.journal import JournalEntry
from portal.people import queries as people
from portal.post_duty import vocabulary as post_words
from portal.post_duty.models import Post, PostKind

_KINDS = {PostKind.PRINCIPAL: 0, PostKind.LEADER: 1, PostKind.HEAD: 2, PostKind.STAFF: 3}


@dataclass(frozen=True)
class Held:
    """Somebody at place A or B of a post; ``until`` is empty while it lasts. ``late``: not filed on the day (AB-5)."""

    letter: str
    name: str
    since: date
    until: date | None
    decided: date
    filed: date
    late: bool


@dataclass(frozen=True)
class Change:
    """A change of A or B that was decided, took effect or was filed in the half year."""

    letter: str
    old: str
    new: str
    since: date
    decided: date
    filed: date
    late: bool


@dataclass(frozen=True)
class PostLine:
    """One post of the list."""

    code: str
    name: str
    held: tuple[Held, ...]
    changes: tuple[Change, ...]

    def of(self, letter: str) -> list[Held]:
        """Who held a place, in order."""
        return [each for each in self.held if each.letter == letter]


@dataclass(frozen=True)
class PairList:
    """The list of a half year, by department."""

    year: int
    half: int
    made_at: datetime
    departments: tuple[tuple[str, tuple[PostLine, ...]], ...]

    @property
    def posts(self) -> int:
        """How many posts it lists."""
        return sum(len(lines) for _name, lines in self.departments)

    @property
    def late(self) -> int:
        """How many changes of it were filed late."""
        return sum(change.late for _name, lines in self.departments for line in lines for change in line.changes)

    @property
    def days(self) -> tuple[date, date]:
        """First and last day of the half year."""
        return span(self.year, self.half)


def span(year: int, half: int) -> tuple[date, date]:
    """First and last day of a half year."""
    first = date(year, 1 if half == 1 else 7, 1)
    return first, (date(year, 6, 30) if half == 1 else date(year, 12, 31))


def usual(today: date) -> tuple[int, int]:
    """The half year that is due: the one that ended last."""
    return (today.year - 1, 2) if today.month <= 6 else (today.year, 1)


def years(today: date) -> list[int]:
    """The years that there is something to publish of, the latest first."""
    first = db.session.scalar(select(Assignment.from_on).order_by(Assignment.from_on).limit(1))
    return list(range(today.year, min(first.year if first else today.year, today.year) - 1, -1))


def make(year: int, half: int, now: datetime) -> PairList:
    """The list of a half year as the records stand now."""
    first, last = span(year, half)
    names, held, changes = people.user_names(), defaultdict(list), _changes(first, last)
    rows = select(Assignment).where(
        Assignment.from_on <= last, (Assignment.until_on.is_(None)) | (Assignment.until_on >= first)
    )
    for row in db.session.scalars(rows.order_by(Assignment.letter, Assignment.from_on)):
        filed = clock.local(row.filed_at).date()
        held[row.post_id].append(
            Held(
                str(row.letter), names.get(row.user_id, ""), row.from_on, row.until_on, row.decided_on, filed,
                row.decided_on < filed,
            )
        )  # fmt: skip
    added = _added()
    by_department: dict[int, list[Post]] = defaultdict(list)
    for post in db.session.scalars(select(Post)):
        began = added.get(post.id)
        if (post.closed_on is None or post.closed_on > first) and (began is None or began <= last or held[post.id]):
            by_department[post.department_id].append(post)
    return PairList(
        year,
        half,
        now,
        tuple(
            (
                name,
                tuple(
                    PostLine(p.code, p.name, tuple(held[p.id]), tuple(changes[p.id]))
                    for p in sorted(by_department[department_id], key=lambda p: (_KINDS[p.kind], p.code))
                ),
            )
            for department_id, name in people.department_names().items()
            if by_department[department_id]
        ),
    )


def _changes(first: date, last: date) -> dict[int, list[Change]]:
    """Changes by post, read from the journal: also those that were replaced before they took effect (J-3)."""
    until = clock.day_start(last + timedelta(days=1))
    found: dict[int, list[Change]] = defaultdict(list)
    query = select(JournalEntry).where(JournalEntry.event == words.ASSIGNED.tag).order_by(JournalEntry.seq)
    for entry in db.session.scalars(query):
        fact, filed = entry.fact(), clock.local(entry.at).date()
        since, decided = date.fromisoformat(fact["from_on"]), date.fromisoformat(fact["decided_on"])
        in_half = any(first <= day <= last for day in (since, decided, filed))
        if in_half and (entry.at < until or since <= last) and entry.object_id is not None:
            found[entry.object_id].append(
                Change(fact["letter"], fact["old"], fact["new"], since, decided, filed, bool(fact["late"]))
            )
    return found


def _added() -> dict[int, date]:
    rows = select(JournalEntry.object_id, JournalEntry.at).where(JournalEntry.event == post_words.ADDED.tag)
    return {post_id: clock.local(at).date() for post_id, at in db.session.execute(rows) if post_id is not None}


# --- what was published ----------------------------------------------------------------------------------------


def to_text(made: PairList) -> str:
    """A list as the text that is kept."""

    def plain(value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else vars(value)

    body = {"year": made.year, "half": made.half, "made_at": made.made_at.isoformat(), "departments": made.departments}
    return json.dumps(body, ensure_ascii=False, default=plain, separators=(",", ":"))


def from_text(text: str) -> PairList:
    """A list from the text that was kept."""
    body = json.loads(text)

    def day(value: str | None) -> date | None:
        return date.fromisoformat(value) if value else None

    def dated(each: dict[str, Any]) -> dict[str, Any]:
        return {k: day(v) if k in ("since", "until", "decided", "filed") else v for k, v in each.items()}

    return PairList(
        body["year"],
        body["half"],
        datetime.fromisoformat(body["made_at"]),
        tuple(
            (
                name,
                tuple(
                    PostLine(
                        line["code"],
                        line["name"],
                        tuple(Held(**dated(h)) for h in line["held"]),
                        tuple(Change(**dated(c)) for c in line["changes"]),
                    )
                    for line in lines
                ),
            )
            for name, lines in body["departments"]
        ),
    )


def published() -> list[PairPublication]:
    """All publications, the latest half first."""
    order = (PairPublication.year.desc(), PairPublication.half.desc(), PairPublication.edition.desc())
    return list(db.session.scalars(select(PairPublication).order_by(*order)))


def find(year: int, half: int, edition: int) -> PairPublication | None:
    """One publication."""
    query = select(PairPublication).where(PairPublication.year == year, PairPublication.half == half)
    return db.session.scalar(query.where(PairPublication.edition == edition))
