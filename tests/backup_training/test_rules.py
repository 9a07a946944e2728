"""Where a training plan stands (AB-7)."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.backup_training.rules import State, Year, state

DAY = date(2026, 11, 18)


@given(st.integers(-400, 400), st.integers(0, 5), st.booleans(), st.booleans())
def test_a_plan_is_in_one_state_and_done_only_when_confirmed(days, sessions, confirmed, cancelled):
    found = state(DAY, DAY + timedelta(days=days), sessions, confirmed, cancelled)
    assert (found is State.CANCELLED) == cancelled
    assert (found is State.DONE) == (confirmed and not cancelled)
    if not confirmed and not cancelled:
        assert (found is State.HELD) == (sessions > 0)
        assert (found is State.OVERDUE) == (sessions == 0 and days < 0)


def test_the_share_of_a_year():
    assert Year(4, 9, 540, 5, 3, 1, 3).percent == 75
    assert Year(0, 0, 0, 0, 0, 0, 0).percent is None
