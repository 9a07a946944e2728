"""What holds of every clock, whatever the limit, the day and the pauses: T-3, T-4, T-6."""

from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.pure.deadlines import SHANGHAI, Pause, SkipReason, deadline, light, local, usage, warning_instants
from portal.pure.limits import Limit, Unit

MODEST = settings(max_examples=120, deadline=None, derandomize=True)
ONE_DAY = timedelta(days=1)

instants = st.datetimes(datetime(2025, 12, 15), datetime(2026, 12, 31)).map(
    lambda naive: naive.replace(tzinfo=SHANGHAI)
)
limits = st.one_of(
    st.just(Limit(0, Unit.ON_SPOT)),
    st.builds(Limit, st.integers(1, 60), st.just(Unit.WORKING_HOURS)),
    st.builds(Limit, st.integers(1, 25), st.sampled_from([Unit.WORKING_DAYS, Unit.DAYS])),
    st.builds(Limit, st.integers(1, 3), st.just(Unit.MONTHS)),
)
minutes = st.integers(0, 30 * 1440).map(lambda n: timedelta(minutes=n))


@st.composite
def clocks(draw, open_pauses: bool = False):
    """A start and the pauses around and after it."""
    start = draw(instants)
    pauses = []
    for _ in range(draw(st.integers(0, 3))):
        begin = start + draw(minutes) - timedelta(days=3)
        pauses.append(Pause(begin, begin + draw(minutes)))
    if open_pauses and draw(st.booleans()):
        pauses.append(Pause(start + draw(minutes)))
    return start, pauses


@given(clocks(open_pauses=True), limits, minutes, st.booleans(), st.sampled_from([0, 0, 3]))
@MODEST
def test_used_and_left_make_the_limit_used_and_stopped_the_elapsed(
    calendar, clock, limit, later, flag, extension
) -> None:
    start, pauses = clock
    seen = usage(start, start + later, limit, calendar, pauses, flag, extension)
    assert seen.used + seen.left == seen.limit
    assert seen.used + seen.stopped == seen.elapsed
    assert min(seen.used, seen.stopped, seen.elapsed) >= 0
    assert seen.stopped == 0 or pauses


@given(clocks(), limits, st.booleans())
@MODEST
def test_usage_never_runs_back(calendar, clock, limit, flag) -> None:
    start, pauses = clock
    used = [usage(start, start + i * ONE_DAY / 2, limit, calendar, pauses, flag).used for i in range(0, 80, 7)]
    assert used == sorted(used)


@given(clocks(open_pauses=True), limits, minutes, minutes, st.booleans(), st.sampled_from([0, 2]))
@MODEST
def test_a_pause_never_makes_the_due_date_earlier(calendar, clock, limit, begin, lasts, flag, extension) -> None:
    start, pauses = clock
    one_more = [*pauses, Pause(start + begin, start + begin + lasts)]
    before = deadline(start, limit, calendar, pauses, flag, extension)
    after = deadline(start, limit, calendar, one_more, flag, extension)
    if before.at is None:
        assert after.at is None
    else:
        assert after.at is None or after.at >= before.at


@given(clocks(), limits, minutes, st.booleans())
@MODEST
def test_who_starts_later_ends_no_earlier(calendar, clock, limit, later, flag) -> None:
    start, pauses = clock
    if limit.unit is Unit.MONTHS:
        # Months of different length: stopped days can lie before the one start and after the other.
        pauses = []
    first, second = (deadline(s, limit, calendar, pauses, flag) for s in (start, start + later))
    assert first.at <= second.at


@given(clocks(open_pauses=True), limits, st.booleans())
@MODEST
def test_the_same_facts_give_the_same_instants(calendar, clock, limit, flag) -> None:
    start, pauses = clock

    def compute(order):
        due = deadline(start, limit, calendar, order, flag)
        return due, warning_instants(start, due, None, limit, calendar, order)

    assert compute(pauses) == compute(pauses)
    assert compute(pauses) == compute([*reversed(pauses), *pauses])


@given(clocks(), limits, st.booleans())
@MODEST
def test_every_day_up_to_the_last_is_either_counted_or_skipped(calendar, clock, limit, flag) -> None:
    start, pauses = clock
    due = deadline(start, limit, calendar, pauses, flag)
    days = sorted([*due.counted, *(skip.date for skip in due.skipped)])
    first = due.received_on + (0 if limit.unit in (Unit.ON_SPOT, Unit.WORKING_HOURS) else 1) * ONE_DAY
    assert days == [first + i * ONE_DAY for i in range((due.at.date() - first).days + 1)]
    assert due.counted[-1] == due.at.date()
    assert calendar.is_workday(due.at.date())
    if limit.unit in (Unit.WORKING_DAYS, Unit.DAYS):
        assert len(due.counted) == limit.amount
    for skip in due.skipped:
        if skip.reason_code in (SkipReason.WEEKEND, SkipReason.HOLIDAY):
            assert not calendar.is_workday(skip.date)


@given(clocks(), limits, st.booleans())
@MODEST
def test_no_limit_ends_while_its_clock_stands_still(calendar, clock, limit, flag) -> None:
    start, pauses = clock
    at = deadline(start, limit, calendar, pauses, flag).at
    if limit.unit is not Unit.WORKING_HOURS:
        assert not any(pause.from_at <= at < pause.to_at for pause in pauses)


@given(clocks(), limits, st.booleans())
@MODEST
def test_provisional_exactly_when_a_day_looked_at_is_in_an_unknown_year(calendar, clock, limit, flag) -> None:
    start, pauses = clock
    due = deadline(start, limit, calendar, pauses, flag)
    looked_at = {*due.counted, *(skip.date for skip in due.skipped)}
    if flag or limit.unit in (Unit.ON_SPOT, Unit.WORKING_HOURS):
        looked_at.add(start.date())
    assert due.provisional == any(day.year != 2026 for day in looked_at)


def working_days_by_hand(calendar, start, amount, pauses) -> date:
    stopped = set()
    for pause in pauses:
        day = pause.from_at.date()
        while day < pause.to_at.date():
            day += ONE_DAY
            stopped.add(day)
    day = start.date()
    while amount:
        day += ONE_DAY
        amount -= calendar.is_workday(day) and day not in stopped
    return day


@given(clocks(), st.integers(1, 25))
@MODEST
def test_working_days_agree_with_crossing_out_days(calendar, clock, amount) -> None:
    start, pauses = clock
    due = deadline(start, Limit(amount, Unit.WORKING_DAYS), calendar, pauses)
    last = working_days_by_hand(calendar, start, amount, pauses)
    close = datetime(last.year, last.month, last.day, 17, 30, tzinfo=SHANGHAI)
    if any(pause.from_at <= close < pause.to_at for pause in pauses):
        assert due.at > close
    else:
        assert due.at == close


@given(clocks(), st.integers(1, 12))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_working_hours_agree_with_ticking_off_minutes(calendar, clock, hours) -> None:
    start, pauses = clock
    start = start.replace(second=0, microsecond=0)
    pauses = [
        Pause(p.from_at.replace(second=0, microsecond=0), p.to_at.replace(second=0, microsecond=0)) for p in pauses
    ]
    left, minute = hours * 60, start
    while left:
        clock_minutes = minute.hour * 60 + minute.minute
        if not (calendar.is_workday(minute.date()) and 540 <= clock_minutes < 1050):
            # Nothing runs at night or on a day off: on to the next full hour, or half, of the office day.
            minute += timedelta(minutes=30 - clock_minutes % 30)
            continue
        in_office = clock_minutes < 720 or clock_minutes >= 810
        left -= in_office and not any(p.from_at <= minute < p.to_at for p in pauses)
        minute += timedelta(minutes=1)
    limit = Limit(hours, Unit.WORKING_HOURS)
    assert deadline(start, limit, calendar, pauses).at == minute
    assert usage(start, minute, limit, calendar, pauses).left == 0
    assert usage(start, minute - timedelta(minutes=1), limit, calendar, pauses).left == 1


@given(instants, limits)
@MODEST
def test_at_its_end_a_working_day_limit_is_used_up(calendar, start, limit) -> None:
    due = deadline(start, limit, calendar)
    seen = usage(start, due.at, limit, calendar)
    if limit.unit in (Unit.DAYS, Unit.MONTHS):
        assert seen.left <= 0
    else:
        assert seen.left == 0


@given(clocks(), limits, st.booleans())
@MODEST
def test_the_light_never_turns_back_while_the_clock_runs(calendar, clock, limit, flag) -> None:
    start, pauses = clock
    due = deadline(start, limit, calendar, pauses, flag)
    found = warning_instants(start, due, None, limit, calendar, pauses)
    assert found.soon_at <= found.overdue_at < found.red_at
    assert found.overdue_at == due.at
    order = ["normal", "due_soon", "overdue", "red"]
    seen = [order.index(light(start + i * ONE_DAY / 3, found)) for i in range(0, 400, 5)]
    assert seen == sorted(seen)
    assert all(local(instant).tzinfo is SHANGHAI for instant in (found.soon_at, found.overdue_at, found.red_at))
