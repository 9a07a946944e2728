"""When a card hangs and when a message is due (AB-6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.message_card.rules import Card, Out, Presence, card, due_at, light
from portal.pure.deadlines import Light
from portal.pure.limits import Limit, Unit
from portal.pure.workdays import WorkCalendar
from tests.office import NOW

WORK = WorkCalendar(days={}, known_years=frozenset({2026}))
WITHIN = Limit(1, Unit.WORKING_DAYS)
HOUR = timedelta(hours=1)
instants = st.datetimes(datetime(2026, 1, 5), datetime(2026, 11, 30), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("outings", "answered", "expected"),
    [
        ([], [True, False], Card(Presence.HERE)),
        ([], [False, False], Card(Presence.EMPTY, NOW + HOUR)),
        ([], [], Card(Presence.HERE)),
        ([(-1, 1)], [True], Card(Presence.OUT, NOW + HOUR, 0)),
        ([(-2, 1), (-1, 3)], [True], Card(Presence.OUT, NOW + 3 * HOUR, 1)),
        ([(0, 1)], [True], Card(Presence.OUT, NOW + HOUR, 0)),
        ([(-1, 0)], [True], Card(Presence.HERE)),
        ([(1, 2)], [True], Card(Presence.HERE)),
    ],
)
def test_when_the_card_hangs(outings, answered, expected):
    given_ = [Out(n, NOW + a * HOUR, NOW + b * HOUR) for n, (a, b) in enumerate(outings)]
    assert card(NOW, given_, answered, NOW + HOUR) == expected


@given(instants, st.none() | instants)
def test_a_message_is_never_due_before_the_return_nor_before_it_was_left(left, back):
    due = due_at(left, back, WITHIN, WORK)
    assert due > left
    assert back is None or due > back
    assert due == due_at(max(left, back) if back else left, None, WITHIN, WORK)


@given(instants, instants, instants)
def test_a_later_return_never_makes_the_answer_due_earlier(left, one, other):
    first, second = sorted((one, other))
    assert due_at(left, first, WITHIN, WORK) <= due_at(left, second, WITHIN, WORK)


@pytest.mark.parametrize(
    ("due", "back", "expected"),
    [(-1, None, Light.RED), (1, None, Light.DUE_SOON), (5, 2, Light.NORMAL), (5, -1, Light.DUE_SOON)],
)
def test_lights(due, back, expected):
    assert light(NOW, NOW + due * HOUR, NOW + back * HOUR if back is not None else None) is expected
