"""Deadlines against a walker that knows nothing of them: from day to day, and from minute to minute (T-2 … T-5).

The walker is slow and plain on purpose. It shares no code with the arithmetic: only dates, hours written out, and the
rules as sentences.
"""

from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.pure.deadlines import SHANGHAI, Pause, deadline, usage
from portal.pure.limits import Limit, Unit

MODEST = settings(max_examples=150, deadline=None, derandomize=True)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
LENGTH = {1: 31, 2: 28, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}


def works(calendar, day: date) -> bool:
    return calendar.days.get(day, day.weekday() < 5)


def open_minute(calendar, at: datetime) -> bool:
    minute = at.hour * 60 + at.minute
    return works(calendar, at.date()) and (540 <= minute < 720 or 810 <= minute < 1050)


def month_days(day: date, months: int) -> int:
    """Days up to the same number `months` later, or the last of that month."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return (date(year, month, min(day.day, LENGTH[month])) - day).days


def ended(pause: Pause) -> datetime | None:
    ends = [end for end in (pause.to_at, pause.until_at) if end]
    return min(ends) if ends else None


def stopped_day(pauses, day: date) -> bool:
    return any(p.from_at.date() < day and (ended(p) is None or day <= ended(p).date()) for p in pauses)


def stopped_at(pauses, at: datetime) -> bool:
    return any(p.from_at <= at and (ended(p) is None or at < ended(p)) for p in pauses)


def received(calendar, start: datetime, on_spot: bool, next_day: bool) -> date:
    day = start.date()
    if on_spot or next_day:
        if works(calendar, day) and start > start.replace(hour=17, minute=30, second=0, microsecond=0):
            day += DAY
        while not works(calendar, day):
            day += DAY
    return day


def walk(calendar, start: datetime, limit: Limit, pauses, next_day: bool, extension: int) -> datetime:
    """Where the limit ends; every pause has an end."""
    if limit.unit is Unit.WORKING_HOURS:
        left, now = limit.amount * 60 + 420 * extension, start
        while left:
            left -= open_minute(calendar, now) and not stopped_at(pauses, now)
            now += MINUTE
        return now
    day = received(calendar, start, limit.unit is Unit.ON_SPOT, next_day)
    workdays = (limit.amount if limit.unit is Unit.WORKING_DAYS else 0) + extension
    plain = {Unit.DAYS: limit.amount, Unit.MONTHS: month_days(day, limit.amount)}.get(limit.unit, 0)
    while plain:
        day += DAY
        plain -= not stopped_day(pauses, day)
    while limit.unit in (Unit.DAYS, Unit.MONTHS) and not works(calendar, day):
        day += DAY
    while workdays:
        day += DAY
        workdays -= works(calendar, day) and not stopped_day(pauses, day)
    close = datetime(day.year, day.month, day.day, 17, 30, tzinfo=SHANGHAI)
    while stopped_at(pauses, close) or not works(calendar, close.date()):
        close += DAY
    return close


starts = st.datetimes(datetime(2026, 1, 2), datetime(2026, 12, 20)).map(
    lambda naive: naive.replace(second=0, microsecond=0, tzinfo=SHANGHAI)
)
limits = st.one_of(
    st.just(Limit(0, Unit.ON_SPOT)),
    st.builds(Limit, st.integers(1, 30), st.just(Unit.WORKING_HOURS)),
    st.builds(Limit, st.integers(1, 20), st.sampled_from([Unit.WORKING_DAYS, Unit.DAYS])),
    st.builds(Limit, st.integers(1, 2), st.just(Unit.MONTHS)),
)
lengths = st.integers(0, 12 * 1440).map(lambda n: timedelta(minutes=n))


@st.composite
def pauses_after(draw, start):
    """Up to three pauses around and after a start; some end at their cap, some are ended by hand before or after it."""
    found = []
    for _ in range(draw(st.integers(0, 3))):
        begin = start + draw(lengths) - timedelta(days=2)
        how, first, second = draw(st.sampled_from(["hand", "cap", "both"])), draw(lengths), draw(lengths)
        found.append(Pause(begin, None if how == "cap" else begin + first, None if how == "hand" else begin + second))
    return found


@given(st.data(), starts, limits, st.booleans(), st.sampled_from([0, 0, 1, 5, 10]))
@MODEST
def test_the_arithmetic_ends_where_the_walker_ends(calendar, data, start, limit, next_day, extension) -> None:
    pauses = data.draw(pauses_after(start))
    found = deadline(start, limit, calendar, pauses, next_day, extension)
    assert found.at == walk(calendar, start, limit, pauses, next_day, extension)


@given(st.data(), starts, limits, lengths, st.booleans(), st.sampled_from([0, 2]))
@MODEST
def test_used_time_is_what_the_walker_counts(calendar, data, start, limit, later, next_day, extension) -> None:
    pauses = data.draw(pauses_after(start))
    now = start + later
    seen = usage(start, now, limit, calendar, pauses, next_day, extension)
    assert seen.used + seen.left == seen.limit
    assert seen.used + seen.stopped == seen.elapsed
    if limit.unit is Unit.WORKING_HOURS:
        minutes = [start + n * MINUTE for n in range(int(later.total_seconds()) // 60)]
        used = [at for at in minutes if open_minute(calendar, at) and not stopped_at(pauses, at)]
        assert (seen.elapsed, seen.used) == (sum(open_minute(calendar, at) for at in minutes), len(used))
        return
    first = received(calendar, start, limit.unit is Unit.ON_SPOT, next_day)
    days = [first + n * DAY for n in range(1, max(0, (now.date() - first).days) + 1)]
    if limit.unit in (Unit.ON_SPOT, Unit.WORKING_DAYS):
        days = [day for day in days if works(calendar, day)]
    assert (seen.elapsed, seen.used) == (len(days), sum(not stopped_day(pauses, day) for day in days))


@given(starts, limits, lengths, lengths, lengths, st.booleans(), st.sampled_from([0, 3]))
@MODEST
def test_a_capped_pause_is_a_pause_ended_at_its_cap(calendar, start, limit, begin, lasts, over, next_day, extension):
    """Whether nobody has written down its end, or only long after: the clock has run again since the cap."""
    from_at = start + begin
    cap = from_at + lasts
    at_cap, unwritten, late = (
        deadline(start, limit, calendar, [pause], next_day, extension)
        for pause in (Pause(from_at, cap), Pause(from_at, None, cap), Pause(from_at, cap + over, cap))
    )
    assert at_cap == unwritten == late
    now = cap + over
    assert usage(start, now, limit, calendar, [Pause(from_at, cap)]) == usage(
        start, now, limit, calendar, [Pause(from_at, None, cap)]
    )


@given(st.data(), starts, limits, st.booleans(), st.integers(0, 12))
@MODEST
def test_an_extension_never_ends_earlier_and_is_worth_its_working_days(calendar, data, start, limit, next_day, days):
    pauses = data.draw(pauses_after(start))
    plain = deadline(start, limit, calendar, pauses, next_day).at
    more = deadline(start, limit, calendar, pauses, next_day, days).at
    assert more >= plain
    running = [plain.date() + n * DAY for n in range(1, (more.date() - plain.date()).days + 1)]
    assert sum(works(calendar, day) for day in running) >= (days if not pauses else 0)
