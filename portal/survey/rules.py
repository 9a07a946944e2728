"""What holds for surveys, samples, measures and meetings (S-2). Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portal.pure.text import nfkc
from portal.pure.workdays import WorkCalendar

#: Signs of a one-time code: none that are mistaken for one another.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8


class Audience(StrEnum):
    """Who answers."""

    LINK = "link"
    CODES = "codes"
    STAFF = "staff"


class QuestionKind(StrEnum):
    """What a question asks for."""

    SCALE = "scale"
    SINGLE = "single"
    MULTIPLE = "multiple"
    TEXT = "text"
    DEPARTMENT = "department"


class Standing(StrEnum):
    """Where a questionnaire stands at an instant."""

    DRAFT = "draft"
    AHEAD = "ahead"
    OPEN = "open"
    CLOSED = "closed"
    REPLACED = "replaced"
    DROPPED = "dropped"


class MeasureState(StrEnum):
    """Where a measure of improvement stands."""

    OPEN = "open"
    DONE = "done"
    TOLD = "told"
    WITHDRAWN = "withdrawn"


class Light(StrEnum):
    """How urgent a measure is."""

    NORMAL = "normal"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    CLOSED = "closed"


def standing(
    now: datetime,
    *,
    published_at: datetime | None,
    opens_at: datetime | None,
    closes_at: datetime | None,
    closed_at: datetime | None,
    replaced: bool = False,
    dropped: bool = False,
) -> Standing:
    """Where a questionnaire stands; it is open from ``opens_at`` until before ``closes_at``."""
    if dropped:
        return Standing.DROPPED
    if replaced:
        return Standing.REPLACED
    if published_at is None or opens_at is None or closes_at is None:
        return Standing.DRAFT
    if closed_at is not None or now >= closes_at:
        return Standing.CLOSED
    return Standing.AHEAD if now < opens_at else Standing.OPEN


def read_code(typed: str) -> str:
    """A one-time code as it was made from what somebody typed: capitals, without blanks and hyphens."""
    return "".join(c for c in nfkc(typed).upper() if c not in " -–—_.\u3000")


def shown_code(code: str) -> str:
    """A one-time code as it is printed: in groups of four."""
    return f"{code[:4]}-{code[4:]}"


# --- the sample -----------------------------------------------------------------------------------------------


def least_sample(listed: int, percent: int) -> int:
    """How many of a list are drawn at least: ``percent`` of it, rounded up."""
    return -(-listed * percent // 100)


def draw(lines: Sequence[str], seed: str, count: int) -> list[int]:
    """The places of the ``count`` lines that are drawn: those whose digest with the seed is lowest.

    The same lines and seed always give the same draw, in any order of the lines; places are given in list order.
    """
    marks = sorted((hashlib.sha256(f"{seed}\n{line}".encode()).hexdigest(), n) for n, line in enumerate(lines))
    return sorted(n for _mark, n in marks[:count])


def list_digest(lines: Iterable[str]) -> str:
    """The digest under which a list is recorded before it is drawn from."""
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


# --- measures -------------------------------------------------------------------------------------------------


def light(state: MeasureState, due_on: date, today: date, soon_workdays: int, work: WorkCalendar) -> Light:
    """The light of a measure: overdue from the day after its date, due soon some working days before it."""
    if state is not MeasureState.OPEN:
        return Light.CLOSED
    if today > due_on:
        return Light.OVERDUE
    return Light.DUE_SOON if work.add_workdays(due_on, -soon_workdays) <= today else Light.NORMAL


# --- meetings -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, order=True)
class HalfYear:
    """A half of a year."""

    year: int
    half: int

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, 6, 30) if self.half == 1 else date(self.year, 12, 31)

    @property
    def before(self) -> HalfYear:
        """The one before it."""
        return HalfYear(self.year, 1) if self.half == 2 else HalfYear(self.year - 1, 2)


def half_of(day: date) -> HalfYear:
    """The half-year of a day."""
    return HalfYear(day.year, 1 if day.month < 7 else 2)


def without_meeting(today: date, began_on: date, held: Iterable[date], warn_days: int) -> list[tuple[HalfYear, bool]]:
    """The half-years for which a meeting is missing, each with whether it is over.

    The last one, when the portal was in use on its first day, and the present one in its last ``warn_days`` days.
    """
    present, met = half_of(today), {half_of(day) for day in held}
    found = []
    if present.before not in met and began_on <= present.before.first:
        found.append((present.before, True))
    if present not in met and (present.last - today).days < warn_days:
        found.append((present, False))
    return found
