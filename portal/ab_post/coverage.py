"""The coverage board (AB-8): who answers for every post in the coming days, half day by half day.

Segments are computed once per post by interval arithmetic and kept in memory until an assignment, absence, cover, post,
person or the calendar changes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from markupsafe import Markup

from portal.ab_post import halves
from portal.ab_post.picture import Picture, PostFact, picture_at
from portal.ab_post.rules import Answer, Reason
from portal.calendar import queries as calendar
from portal.kernel import clock, epochs
from portal.people import queries as people
from portal.post_duty.models import PostKind

#: Days of the board, and how far from today it may be opened.
DAYS = 14
FARTHEST = timedelta(days=366)
#: Boards of so many first days are kept in memory.
_KEPT = 6
_ONE = timedelta(days=1)

Segment = tuple[datetime, datetime, Answer]


class State(StrEnum):
    """How a post stands in a half day; the later, the worse."""

    QUIET = "quiet"
    B = "b"
    COVER = "cover"
    HEAD = "head"
    GAP = "gap"


_STATES = {
    Reason.HOLDER: State.QUIET,
    Reason.B_FOR_A: State.B,
    Reason.NAMED_COVER: State.COVER,
    Reason.HEAD: State.HEAD,
    Reason.GAP: State.GAP,
}
_RANK = {state: n for n, state in enumerate(State)}
_KINDS = {PostKind.PRINCIPAL: 0, PostKind.LEADER: 1, PostKind.HEAD: 2, PostKind.STAFF: 3}


@dataclass(frozen=True)
class Day:
    """One column: whether it is worked, and the instants of its halves."""

    day: date
    worked: bool
    #: A day off by the weekday that is worked, or the other way round (T-3).
    shifted: bool
    halves: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True)
class Cell:
    """Half a day (or a whole one) of a post: who answers and how it stands."""

    state: State
    names: tuple[str, ...] = ()


_QUIET = Cell(State.QUIET)

#: What a cell shows: nothing (a day off, or the post is closed), one for the whole day, or two halves.
Cells = tuple[Cell, ...]


@dataclass(frozen=True)
class Row:
    """One post of the board."""

    post: PostFact
    cells: tuple[Cells, ...]
    worst: State


@dataclass
class Coverage:
    """All posts over the days of the board."""

    first: date
    days: tuple[Day, ...]
    seen: Picture
    #: Per post that is open on some day, who answers from the first midnight to the last.
    segments: dict[int, list[Segment]]
    rows: list[Row] = field(default_factory=list)
    #: Per post, the stretches in which A does not answer, as far as they touch working time.
    stretches: dict[int, list[Problem]] = field(default_factory=dict)
    #: The rows as drawn, by language and post; of an earlier board those that have not changed.
    drawn: dict[str, dict[int, Markup]] = field(default_factory=dict)
    drawn_before: dict[str, dict[int, Markup]] = field(default_factory=dict)

    @property
    def until(self) -> datetime:
        """The end of the last day."""
        return clock.day_start(self.first + timedelta(days=len(self.days)))

    def name(self, answer: Answer) -> str:
        """Who answers, by name; empty for a gap."""
        return self.seen.names.get(answer.user_id or 0, "")


@dataclass(frozen=True)
class Problem:
    """A stretch of working time in which a post is answered by another than A, or by nobody."""

    post: PostFact
    from_at: datetime
    to_at: datetime
    name: str
    for_name: str
    reason: Reason
    handover_missing: bool


@dataclass
class _Shelf:
    """The boards in memory by their first day, and those of the state before, from which most can be taken over."""

    boards: dict[date, Coverage] = field(default_factory=dict)
    before: dict[date, Coverage] = field(default_factory=dict)


def make(first: date) -> Coverage:
    """The coverage from a day on; that of today and of days looked at lately comes from memory."""
    shelf = epochs.renewed(
        "ab_post",
        "coverage",
        lambda old: _Shelf(before={**old.before, **old.boards} if old else {}),
        ("posts", "people", "calendar", "policy"),
    )
    found = shelf.boards.get(first)
    if found is None:
        found = _make(first, shelf.before.pop(first, None))
        if len(shelf.boards) >= _KEPT:
            shelf.boards.clear()
        if len(shelf.before) > _KEPT:
            shelf.before.clear()
        shelf.boards[first] = found
    return found


def _make(first: date, before: Coverage | None = None) -> Coverage:
    """The board of some days; posts for which nothing has changed since ``before`` keep what was made for them."""
    start, until = clock.day_start(first), clock.day_start(first + timedelta(days=DAYS))
    seen, days = picture_at(start), _days(first)
    here = [post for post in seen.posts.values() if post.open_on(first)]
    same: set[int] = set()
    if before is not None and before.days == days:
        same = before.segments.keys() - seen.changed_since(before.seen)
    segments = {
        post.id: before.segments[post.id] if before and post.id in same else seen.segments(post.id, start, until + _ONE)
        for post in here
    }
    made = Coverage(first, days, seen, segments)
    order = {department_id: n for n, department_id in enumerate(people.department_names())}
    rows = {row.post.id: row for row in before.rows} if before else {}
    found = [rows[post.id] if post.id in same else _row(made, post) for post in here]
    working = _working(made)
    made.stretches = {
        post.id: before.stretches[post.id] if before and post.id in same else _stretches(made, post, working)
        for post in here
    }
    if before is not None:
        made.drawn_before = {key: {p: kept[p] for p in same if p in kept} for key, kept in before.drawn.items()}
    made.rows = sorted(
        found,
        key=lambda r: (
            order.get(r.post.department_id, len(order)),
            r.worst is not State.GAP,
            _KINDS[r.post.kind],
            r.post.code,
        ),
    )
    return made


def _days(first: date) -> tuple[Day, ...]:
    working, found = calendar.work_calendar(), []
    for n in range(DAYS):
        day = first + timedelta(days=n)
        worked = working.is_workday(day)
        # In UTC as everything they are compared with: comparing across zones asks for the offset each time.
        spans = halves.of_day(day, working.hours).values() if worked else ()
        cut = tuple((a.astimezone(UTC), b.astimezone(UTC)) for a, b in spans)
        found.append(
            Day(
                day,
                worked,
                worked is not (day.weekday() < 5),
                tuple((a.astimezone(UTC), b.astimezone(UTC)) for a, b in cut),
            )
        )
    return tuple(found)


def _row(board: Coverage, post: PostFact) -> Row:
    parts = board.segments[post.id]
    if len(parts) == 1:  # the same all the time: most posts
        one: Cells = (_cell(board, (parts[0][2],)),)
        cells: tuple[Cells, ...] = tuple(one if d.worked and post.open_on(d.day) else () for d in board.days)
    else:
        cells = tuple(_all_cells(board, post))
    states = [cell.state for each in cells for cell in each]
    return Row(post, cells, max(states, key=_RANK.__getitem__, default=State.QUIET))


def _all_cells(board: Coverage, post: PostFact) -> Iterator[Cells]:
    """The cells of a post's days, walking once along its segments."""
    parts, n = board.segments[post.id], 0
    made: dict[tuple[Answer, ...], Cell] = {}
    for day in board.days:
        found = []
        for start, end in day.halves:
            while parts[n][1] <= start:
                n += 1
            last = n
            while parts[last][1] < end:
                last += 1
            answers = tuple(part[2] for part in parts[n : last + 1])
            if answers not in made:
                made[answers] = _cell(board, answers)
            found.append(made[answers])
        if not found or not post.open_on(day.day):
            yield ()
        else:
            yield (found[0],) if all(c == found[0] for c in found) else tuple(found)


def _cell(board: Coverage, answers: tuple[Answer, ...]) -> Cell:
    """One half day: its worst state, and who answers in it in order."""
    worst = max((_STATES[a.reason] for a in answers), key=_RANK.__getitem__)
    if worst is State.QUIET:
        return _QUIET
    return Cell(worst, tuple(dict.fromkeys(board.name(a) for a in answers if a.user_id is not None)))


def segments_between(post_id: int, from_at: datetime, to_at: datetime) -> list[Segment]:
    """Who answers for a post in a time that begins today and ends within the board; from memory."""
    board = make(clock.local(from_at).date())
    return [
        (max(a, from_at), min(b, to_at), answer)
        for a, b, answer in board.segments.get(post_id, ())
        if a < to_at and from_at < b
    ]


def _stretches(board: Coverage, post: PostFact, working: Sequence[tuple[datetime, datetime]]) -> list[Problem]:
    """The stretches without A that touch working time of the board's days."""
    return [
        Problem(
            post,
            start,
            end,
            board.name(answer),
            board.seen.names.get(answer.for_user_id or 0, ""),
            answer.reason,
            answer.handover_missing,
        )
        for start, end, answer in board.segments[post.id]
        if answer.reason is not Reason.HOLDER
        and _touches(working, start, end)
        and post.open_on(clock.local(start).date())
    ]


def problems(board: Coverage, posts: Iterable[PostFact], from_at: datetime, to_at: datetime) -> list[Problem]:
    """The stretches in which A does not answer, as far as they touch working time, in the order of the posts."""
    working = _working(board)
    found = []
    for post in posts:
        for each in board.stretches[post.id]:
            if from_at <= each.from_at and each.to_at <= to_at:
                found.append(each)  # as a whole it touches working time
            elif each.from_at < to_at and from_at < each.to_at:
                part = replace(each, from_at=max(each.from_at, from_at), to_at=min(each.to_at, to_at))
                if _touches(working, part.from_at, part.to_at):
                    found.append(part)
    return found


def _working(board: Coverage) -> list[tuple[datetime, datetime]]:
    return [span for day in board.days for span in day.halves]


def _touches(working: Sequence[tuple[datetime, datetime]], from_at: datetime, to_at: datetime) -> bool:
    """Whether a time has a moment in one of some spans, which are in order."""
    n = bisect_right(working, from_at, key=lambda span: span[1])
    return n < len(working) and working[n][0] < to_at


def gaps_to_come(now: datetime) -> list[Problem]:
    """The gaps that begin later today, within office hours, the next first (W-1)."""
    today = clock.local(now).date()
    board, until = make(today), clock.day_start(today + _ONE)
    posts = [row.post for row in board.rows if row.worst is State.GAP]
    found = [p for p in problems(board, posts, now, until) if p.reason is Reason.GAP and p.from_at > now]
    return sorted(found, key=lambda p: (p.from_at, p.post.code))
