"""O-3: the chain by table (every kind, length and role), lengths in half days, annual leave. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ab_post.halves import Half
from portal.ab_post.models import AbsenceKind
from portal.leave import rules
from portal.leave.rules import Balance, Filer, Level, Limits, Planned, Span, Standing
from portal.pure.workdays import USUAL_HOURS, OfficeHours, WorkCalendar

LIMITS = Limits({"official": 2, "private": 4, "annual": 2, "training": 2, "meeting": 2}, 6)
H, L, P = Level.HEAD, Level.LEADER, Level.PRINCIPAL

#: The levels above the filing: (role) → (short, long).
PLAIN = {
    Standing.STAFF: ([H], [L, P]),
    Standing.OFFICE: ([H], [L, P]),
    Standing.SUPERVISION: ([H], [L, P]),
    Standing.HEAD: ([L], [L, P]),
    Standing.LEADER: ([P], [P]),
    Standing.PRINCIPAL: ([], []),
}
SICK = {
    Standing.STAFF: ([H], [H, L]),
    Standing.OFFICE: ([H], [H, L]),
    Standing.SUPERVISION: ([H], [H, L]),
    Standing.HEAD: ([L], [L]),
    Standing.LEADER: ([P], [P]),
    Standing.PRINCIPAL: ([], []),
}
FILERS = {
    Standing.STAFF: Filer.ANY,
    Standing.HEAD: Filer.ANY,
    Standing.LEADER: Filer.ANY,
    Standing.OFFICE: Filer.SUPERVISION,
    Standing.SUPERVISION: Filer.OFFICE,
    Standing.PRINCIPAL: Filer.OFFICE,
}
#: kind → (the longest short one, the shortest long one), in half days.
EDGES = {"official": (2, 3), "private": (4, 5), "annual": (2, 3), "training": (2, 3), "meeting": (2, 3), "sick": (5, 6)}
ROWS = [
    (kind, halves, standing, (SICK if kind == "sick" else PLAIN)[standing][n])
    for kind, edges in EDGES.items()
    for standing in Standing
    for n, halves in ((0, 1), (0, edges[0]), (1, edges[1]), (1, 120))
]


def test_the_table_covers_every_kind_and_role():
    assert {row[0] for row in ROWS} == {str(k) for k in AbsenceKind}
    assert {row[2] for row in ROWS} == set(Standing)
    assert len(ROWS) == 6 * 6 * 4


@pytest.mark.parametrize(("kind", "halves", "standing", "levels"), ROWS)
def test_chain(kind, halves, standing, levels):
    filing = Planned(Level.FILE, FILERS[standing])
    assert rules.chain(kind, halves, standing, LIMITS) == (*(Planned(level) for level in levels), filing)


RANK = [Level.HEAD, Level.LEADER, Level.PRINCIPAL, Level.FILE]
ABOVE = {Standing.HEAD: 1, Standing.LEADER: 2}


@given(
    st.sampled_from([str(k) for k in AbsenceKind]),
    st.integers(1, 800),
    st.sampled_from(list(Standing)),
    st.integers(0, 40),
    st.integers(1, 40),
)
def test_a_chain_goes_up_and_ends_with_the_filing(kind, halves, standing, short, sick):
    limits = Limits({str(k): short for k in AbsenceKind}, sick)
    levels = [p.level for p in rules.chain(kind, halves, standing, limits)]
    assert levels[-1] is Level.FILE
    assert levels == sorted(set(levels), key=RANK.index)
    assert all(RANK.index(level) >= ABOVE.get(standing, 0) for level in levels)
    assert len(levels) > 1 or standing is Standing.PRINCIPAL


#: A week with a day off on Wednesday and a shifted Saturday.
CALENDAR = WorkCalendar({date(2026, 11, 18): False, date(2026, 11, 21): True}, frozenset({2026}))


@pytest.mark.parametrize(
    ("span", "halves"),
    [
        (Span(date(2026, 11, 16), Half.AM, date(2026, 11, 16), Half.PM), 2),
        (Span(date(2026, 11, 16), Half.PM, date(2026, 11, 16), Half.PM), 1),
        (Span(date(2026, 11, 16), Half.AM, date(2026, 11, 16), Half.AM), 1),
        (Span(date(2026, 11, 16), Half.PM, date(2026, 11, 17), Half.AM), 2),
        (Span(date(2026, 11, 16), Half.AM, date(2026, 11, 20), Half.PM), 8),
        (Span(date(2026, 11, 18), Half.PM, date(2026, 11, 19), Half.PM), 2),
        (Span(date(2026, 11, 20), Half.AM, date(2026, 11, 22), Half.AM), 4),
        (Span(date(2026, 11, 22), Half.AM, date(2026, 11, 22), Half.PM), 0),
        (Span(date(2026, 11, 18), Half.AM, date(2026, 11, 18), Half.AM), 0),
    ],
)
def test_length(span, halves):
    assert span.in_order
    assert rules.length(span, CALENDAR) == halves


@given(st.dates(date(2026, 1, 1), date(2026, 12, 1)), st.integers(0, 20), st.sampled_from(Half), st.sampled_from(Half))
def test_length_is_what_counting_by_hand_gives(first, days, a, b):
    span = Span(first, a, first + timedelta(days), b)
    if not span.in_order:
        return
    by_hand = 0
    for n in range(days + 1):
        day = first + timedelta(n)
        for half in Half:
            outside = (n == 0 and a is Half.PM and half is Half.AM) or (n == days and b is Half.AM and half is Half.PM)
            by_hand += CALENDAR.is_workday(day) and not outside
    assert rules.length(span, CALENDAR) == by_hand


def test_order():
    assert not Span(date(2026, 11, 17), Half.PM, date(2026, 11, 17), Half.AM).in_order
    assert not Span(date(2026, 11, 17), Half.AM, date(2026, 11, 16), Half.PM).in_order


def test_a_year_takes_its_part():
    span = Span(date(2026, 12, 31), Half.PM, date(2027, 1, 4), Half.AM)
    assert span.within(2026) == Span(date(2026, 12, 31), Half.PM, date(2026, 12, 31), Half.PM)
    assert span.within(2027) == Span(date(2027, 1, 1), Half.AM, date(2027, 1, 4), Half.AM)
    assert span.within(2028) is None


def test_the_half_days_that_a_time_touches():
    def at(day, hour, minute=0):
        return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)

    assert rules.span_of(at(17, 9), at(17, 12), USUAL_HOURS) == Span(
        date(2026, 11, 17), Half.AM, date(2026, 11, 17), Half.AM
    )
    assert rules.span_of(at(17, 14, 5), at(18, 17, 30), USUAL_HOURS) == Span(
        date(2026, 11, 17), Half.PM, date(2026, 11, 18), Half.PM
    )
    whole = OfficeHours(((time(8), time(16)),))
    assert rules.span_of(at(17, 8), at(17, 12), whole).to_half is Half.AM


TIERS = [(1, 5), (10, 10), (20, 15)]


@pytest.mark.parametrize(("years", "halves"), [(0, 0), (1, 10), (9, 10), (10, 20), (19, 20), (20, 30), (45, 30)])
def test_annual_leave_by_years_of_work(years, halves):
    assert rules.entitled(years, TIERS) == halves


def test_years_of_work_are_whole_years():
    since = date(2016, 11, 19)
    assert rules.years_of_work(since, date(2026, 11, 18)) == 9
    assert rules.years_of_work(since, date(2026, 11, 19)) == 10
    assert rules.years_of_work(since, date(2010, 1, 1)) == 0


def test_what_is_left():
    assert Balance(2026, 10, 3, 4, 2).left == 7
    assert Balance(2026, None, 3).left is None
