"""States and clocks by table and by property (T-4, T-6, T-11)."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cases import rules
from portal.cases.models import CaseState as S
from portal.cases.rules import ClockFacts, Stop
from portal.pure.deadlines import Light
from portal.pure.states import IllegalMove
from portal.pure.workdays import WorkCalendar

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar({}, frozenset({2026, 2027}))
#: Wednesday 2026-11-18, mid-morning.
START = datetime(2026, 11, 18, 10, 0, tzinfo=ZONE)

#: T-11, written out once more: state → verb → state.
EXPECTED = {
    S.RECEIVED: {"accept": S.ACCEPTED, "want_supplement": S.SUPPLEMENT_BEFORE},
    S.SUPPLEMENT_BEFORE: {"want_supplement": S.SUPPLEMENT_BEFORE, "supplement": S.ACCEPTED, "lapse": S.LAPSED},
    S.ACCEPTED: {"start": S.IN_PROGRESS, "want_supplement": S.SUPPLEMENT_AFTER, "complete": S.COMPLETED},
    S.IN_PROGRESS: {"want_supplement": S.SUPPLEMENT_AFTER, "complete": S.COMPLETED},
    S.SUPPLEMENT_AFTER: {"want_supplement": S.SUPPLEMENT_AFTER, "supplement": S.IN_PROGRESS, "lapse": S.LAPSED},
}
FROM_EVERY_OPEN_STATE = {"withdraw": S.WITHDRAWN, "deny": S.DENIED, "return": S.RETURNED}
VERBS = ("accept", "want_supplement", "supplement", "start", "complete", "lapse", *FROM_EVERY_OPEN_STATE)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", list(S))
def test_moves(state, verb):
    open_state = state in EXPECTED
    wanted = EXPECTED.get(state, {}).get(verb) or (FROM_EVERY_OPEN_STATE.get(verb) if open_state else None)
    if wanted is None:
        with pytest.raises(IllegalMove):
            rules.MOVES.after(state, verb)
    else:
        assert rules.MOVES.after(state, verb) is wanted


def test_open_and_final_states_divide_all():
    assert set(rules.OPEN) | set(rules.FINAL) == set(S)
    assert not set(rules.OPEN) & set(rules.FINAL)
    assert all(not rules.MOVES.verbs(state) for state in rules.FINAL)


@given(st.lists(st.sampled_from(VERBS), max_size=30))
def test_no_way_of_a_handler_leads_to_a_refusal(verbs):
    """Without "deny" and "return", which only an agreed filing brings, nothing ends denied or returned (D-1)."""
    state = S.RECEIVED
    for verb in verbs:
        if verb not in ("deny", "return") and rules.MOVES.allowed(state, verb):
            state = rules.MOVES.after(state, verb)
    assert state not in (S.DENIED, S.RETURNED)


def at(day, hour=10, minute=0, month=11):
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def close(day, month=11):
    return at(day, 17, 30, month)


@pytest.mark.parametrize(
    ("facts", "due", "statutory", "stopped"),
    [
        (ClockFacts(None, "5wd", "20wd"), None, None, False),
        (ClockFacts(START, "", ""), None, None, False),
        (ClockFacts(START, "5wd", "20wd"), close(25), close(16, 12), False),
        (ClockFacts(START, "5wd", ""), close(25), None, False),
        (ClockFacts(START, "0d", ""), close(18), None, False),
        (ClockFacts(at(18, 18), "0d", ""), close(19), None, False),
        (ClockFacts(at(21), "5wd", "", next_day_after_hours=True), close(30), None, False),
        (ClockFacts(at(21), "5wd", ""), close(27), None, False),
        (ClockFacts(START, "5wd", "20wd", pauses=[Stop(at(19), None, True, False)]), None, close(16, 12), True),
        (ClockFacts(START, "5wd", "20wd", pauses=[Stop(at(19), at(24), True, False)]), close(30), close(16, 12), False),
        (ClockFacts(START, "5wd", "20wd", pauses=[Stop(at(19), at(24), True, True)]), close(30), close(21, 12), False),
        (ClockFacts(START, "5wd", "20wd", pauses=[Stop(at(19), at(24), False, True)]), close(25), close(21, 12), False),
        (
            ClockFacts(START, "5wd", "20wd", restarted_at=at(24), pauses=[Stop(at(19), at(24), True, False)]),
            close(1, 12),
            close(16, 12),
            False,
        ),
        (
            ClockFacts(
                START,
                "5wd",
                "20wd",
                restarted_at=at(24),
                pauses=[Stop(at(19), at(24), True, False), Stop(at(25), None, True, False)],
            ),
            None,
            close(16, 12),
            True,
        ),
        (ClockFacts(START, "5wd", "", pauses=[Stop(at(26), None, True, False)]), close(25), None, True),
    ],
    ids=[
        "not accepted",
        "no limit",
        "both",
        "no statutory limit",
        "on the spot",
        "on the spot after closing",
        "on a day off, counted as the next working day",
        "on a day off",
        "waiting for the client: the promised clock only",
        "resumed after three working days",
        "a hearing stops both",
        "stops the statutory clock only",
        "restarts after the supplement",
        "restarted and waiting again",
        "stopped after it had run out: stays overdue",
    ],
)
def test_clocks(facts, due, statutory, stopped):
    found = rules.clocks(facts, CALENDAR)
    assert (found.due_at, found.statutory_due_at, found.stopped) == (due, statutory, stopped)


def test_an_unknown_year_is_provisional():
    near = datetime(2027, 12, 28, 10, 0, tzinfo=ZONE)
    assert rules.clocks(ClockFacts(near, "5wd", ""), CALENDAR).provisional
    assert rules.clocks(ClockFacts(START, "5wd", "14m"), CALENDAR).provisional, "also of the statutory clock alone"
    assert not rules.clocks(ClockFacts(START, "5wd", "20wd"), CALENDAR).provisional


moments = st.integers(0, 40 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
limits = st.one_of(
    st.integers(1, 30).map("{}wd".format), st.integers(1, 60).map("{}d".format), st.integers(1, 40).map("{}wh".format)
)


@given(limits, moments, moments)
def test_waiting_never_shortens_and_leaves_the_law_alone(limit, first, second):
    begin, end = sorted((first, second))
    plain = rules.clocks(ClockFacts(START, limit, "60wd"), CALENDAR)
    waited = rules.clocks(ClockFacts(START, limit, "60wd", pauses=[Stop(begin, end, True, False)]), CALENDAR)
    assert waited.due_at >= plain.due_at
    assert waited.statutory_due_at == plain.statutory_due_at
    if begin > plain.due_at:
        assert waited.due_at == plain.due_at, "what had run out stays run out"


@given(limits, moments)
def test_an_open_pause_holds_every_limit_that_it_meets(limit, begin):
    plain = rules.clocks(ClockFacts(START, limit, ""), CALENDAR)
    found = rules.clocks(ClockFacts(START, limit, "", pauses=[Stop(begin, None, True, False)]), CALENDAR)
    assert found.stopped
    assert found.due_at is None or (found.due_at == plain.due_at and begin >= found.due_at)


@given(limits, moments, moments)
def test_a_restart_is_a_new_beginning(limit, first, second):
    begin, end = sorted((first, second))
    restarted = ClockFacts(START, limit, "60wd", restarted_at=end, pauses=[Stop(begin, end, True, False)])
    found = rules.clocks(restarted, CALENDAR)
    fresh = rules.clocks(ClockFacts(end, limit, ""), CALENDAR)
    assert found.due_at == fresh.due_at
    assert found.statutory_due_at == rules.clocks(ClockFacts(START, limit, "60wd"), CALENDAR).statutory_due_at


@given(limits, st.lists(st.tuples(moments, moments), max_size=4))
def test_thresholds_come_in_order(limit, spans):
    pauses = [Stop(min(span), max(span), True, False) for span in spans]
    found = rules.clocks(ClockFacts(START, limit, "", pauses=pauses), CALENDAR)
    assert found.soon_at <= found.due_at < found.red_at


@pytest.mark.parametrize(
    ("now", "stopped", "light"),
    [
        (at(20), False, Light.NORMAL),
        (at(24, 12), False, Light.DUE_SOON),
        (close(25), False, Light.DUE_SOON),
        (close(25) + timedelta(seconds=1), False, Light.OVERDUE),
        (close(16, 12), False, Light.OVERDUE),
        (close(16, 12) + timedelta(seconds=1), False, Light.RED),
        (at(24, 12), True, Light.NORMAL),
    ],
)
def test_lights(now, stopped, light):
    found = rules.clocks(ClockFacts(START, "5wd", "20wd"), CALENDAR)
    assert rules.light_of(now, found.due_at, found.soon_at, found.red_at, stopped) is light


def test_late_begins_after_the_last_instant():
    due = close(25)
    assert not rules.is_late(due, due)
    assert rules.is_late(due + timedelta(microseconds=1), due)
    assert not rules.is_late(due, None)
