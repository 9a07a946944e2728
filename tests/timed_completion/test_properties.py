"""What holds of the clocks of every case, whatever its pauses, restarts and extension (T-4, T-5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.cases import rules
from portal.cases.rules import ClockFacts, Stop
from portal.policy.pause_reasons import TABLE
from portal.pure.deadlines import SHANGHAI, Light, usage
from portal.pure.limits import Limit
from portal.pure.workdays import WorkCalendar
from portal.timed_completion import rules as extensions

CALENDAR = WorkCalendar({}, frozenset(range(2026, 2031)))
MODEST = settings(max_examples=120, deadline=None, derandomize=True)
START = datetime(2026, 1, 28, 10, 0, tzinfo=SHANGHAI)
limits = st.sampled_from(["0d", "5wh", "20wh", "1wd", "5wd", "20wd", "3d", "15d", "1m", "3m"])
lengths = st.integers(0, 20 * 1440).map(lambda n: timedelta(minutes=n))
reasons = st.sampled_from(list(TABLE.values()))


@st.composite
def stops(draw, begin=None):
    """A pause for a reason of the table, ended by hand, by its cap, or (a supplement) not at all."""
    reason = draw(reasons)
    from_at = START + (draw(lengths) if begin is None else begin)
    end, cap = from_at + draw(lengths), from_at + draw(lengths) if reason.cap_key else None
    if reason.cap_key and draw(st.booleans()):
        return Stop(from_at, None, reason.stops_promised, reason.stops_statutory, cap)
    return Stop(from_at, end, reason.stops_promised, reason.stops_statutory, cap)


@st.composite
def facts(draw):
    """A case with up to three pauses, a restart perhaps, and an extension perhaps."""
    found = draw(st.lists(stops(), max_size=3))
    restarted = max((s.to_at for s in found if s.promised and not s.statutory and s.to_at), default=None)
    days = draw(st.sampled_from([0, 0, 5]))
    return ClockFacts(
        START,
        draw(limits),
        "60wd",
        next_day_after_hours=draw(st.booleans()),
        restarted_at=restarted if draw(st.booleans()) else None,
        pauses=found,
        extension=days,
        statutory_extension=draw(st.sampled_from([0, days])),
    )


@given(facts(), stops(), st.booleans())
@MODEST
def test_neither_date_moves_earlier_by_a_pause(case, one_more, restarts):
    """Also where the pause is a supplement of a type that restarts: counting anew never takes time away."""
    before = rules.clocks(case, CALENDAR)
    restarted = case.restarted_at
    if restarts and one_more.promised and not one_more.statutory and one_more.to_at:
        restarted = max(restarted, one_more.to_at) if restarted else one_more.to_at
    after = rules.clocks(replace(case, pauses=[*case.pauses, one_more], restarted_at=restarted), CALENDAR)
    assert after.due_at >= before.due_at
    assert after.statutory_due_at >= before.statutory_due_at


@given(facts(), lengths, st.booleans())
@MODEST
def test_used_and_left_make_the_limit_on_both_clocks(case, later, statutory):
    if statutory:
        start, pauses = case.clock_from, [s.pause for s in case.pauses if s.statutory]
        limit, extension = case.statutory_limit, case.statutory_extension
    else:
        (start, pauses), limit, extension = rules.promised_run(case, CALENDAR), case.promised_limit, case.extension
    seen = usage(start, START + later, Limit.parse(limit), CALENDAR, pauses, case.next_day_after_hours, extension)
    assert seen.used + seen.left == seen.limit
    assert seen.used + seen.stopped == seen.elapsed


@given(facts())
@MODEST
def test_a_capped_pause_equals_one_ended_at_its_cap(case):
    written = [s._replace(to_at=min(e for e in (s.to_at, s.until_at) if e), until_at=None) for s in case.pauses]
    open_ended, ended = rules.clocks(case, CALENDAR), rules.clocks(replace(case, pauses=written), CALENDAR)
    assert (open_ended.due_at, open_ended.statutory_due_at) == (ended.due_at, ended.statutory_due_at)
    assert not ended.stopped


@given(facts(), lengths)
@MODEST
def test_the_light_is_exact_whether_or_not_the_cap_was_recorded(case, later):
    """After the caps it does not matter whether a sweep wrote them down, and within them nothing is due soon."""
    found = rules.clocks(case, CALENDAR)
    now = START + later
    light = rules.light_of(now, found.due_at, found.soon_at, found.red_at)
    if rules.is_stopped(now, found.stopped, found.stopped_until):
        assert light is not Light.DUE_SOON or found.due_at < found.stopped_until
    if found.stopped and now >= found.stopped_until:
        written = [s._replace(to_at=s.to_at or s.until_at) for s in case.pauses]
        later_on = rules.clocks(replace(case, pauses=written), CALENDAR)
        assert light is rules.light_of(now, later_on.due_at, later_on.soon_at, later_on.red_at)


@given(facts(), st.integers(1, 15), st.booleans())
@MODEST
def test_an_extension_moves_the_statutory_clock_of_a_licence_alone(case, days, licence):
    case = replace(case, extension=0, statutory_extension=0)
    before, after = rules.clocks(case, CALENDAR), rules.clocks(extensions.extended(case, days, licence), CALENDAR)
    # Where the clock stands still over the last day, the limit may have waited as long by itself.
    assert after.due_at >= before.due_at
    if licence:
        assert after.statutory_due_at >= before.statutory_due_at
    if not case.pauses:
        assert after.due_at > before.due_at
    if licence and not case.pauses:
        assert after.statutory_due_at > before.statutory_due_at
    if not licence:
        assert after.statutory_due_at == before.statutory_due_at
