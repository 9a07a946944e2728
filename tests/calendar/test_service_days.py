"""T-3: a window open beside the office decides about receipt alone, and no promise gets shorter than the law's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.calendar import official, queries, service_days
from portal.calendar.models import ServiceDay
from portal.calendar.service_days import Wanted
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid
from portal.pure.deadlines import SHANGHAI, deadline
from portal.pure.limits import Limit
from portal.pure.service_days import Service, ServiceRule
from portal.pure.workdays import OfficeHours

OFFICIAL = official.default_calendar()
MORNING = OfficeHours(((time(9), time(12)),))
EVENING = OfficeHours(((time(9), time(12)), (time(13, 30), time(20))))
SHORT = OfficeHours(((time(9), time(11)),))
START = date(2026, 1, 1)
#: Open on Saturday mornings, on Tuesday evenings, shut on Wednesdays, on Thursdays only until eleven.
WINDOW = Service(
    (
        ServiceRule(START, None, 5, True, MORNING),
        ServiceRule(START, None, 1, True, EVENING),
        ServiceRule(START, None, 2, False),
        ServiceRule(START, None, 3, True, SHORT),
        ServiceRule(date(2026, 11, 28), date(2026, 11, 28), None, False),
    )
)
WITH = replace(OFFICIAL, service=WINDOW)


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("since", "limit", "due"),
    [
        # Saturday 21 November at the open window: received that day; Monday to Friday are the five days.
        (at(11, 21, 10), "5wd", at(11, 27, 17, 30)),
        # The same after the window closed: received on Monday, which does not count.
        (at(11, 21, 12, 1), "5wd", at(11, 30, 17, 30)),
        # Tuesday evening at the open window; without it Wednesday would be the day of receipt.
        (at(11, 24, 19), "5wd", at(12, 1, 17, 30)),
        (at(11, 24, 20, 1), "5wd", at(12, 2, 17, 30)),
        # Wednesday the window is shut and on Thursday it closes at eleven: the office received all the same.
        (at(11, 25, 10), "5wd", at(12, 2, 17, 30)),
        (at(11, 26, 15), "5wd", at(12, 3, 17, 30)),
        # A single date wins over the weekday: Saturday 28 November is shut.
        (at(11, 28, 10), "5wd", at(12, 7, 17, 30)),
        # Sunday, on which nothing is said.
        (at(11, 22, 10), "5wd", at(11, 30, 17, 30)),
        # On the spot: while the window is open; else the next working day.
        (at(11, 21, 10), "0d", at(11, 21, 12)),
        (at(11, 21, 12, 1), "0d", at(11, 23, 17, 30)),
        (at(11, 24, 10), "0d", at(11, 24, 17, 30)),
        (at(11, 24, 19), "0d", at(11, 24, 20)),
        (at(11, 25, 10), "0d", at(11, 25, 17, 30)),
        # Working hours run in office time, whatever the window does.
        (at(11, 21, 10), "4wh", at(11, 23, 14, 30)),
        (at(11, 21, 10), "10d", at(12, 1, 17, 30)),
    ],
)
def test_hand_worked_receipts(since, limit, due):
    assert deadline(since, Limit.parse(limit), WITH, (), True).at == due


HOURS = st.sampled_from([None, MORNING, EVENING, SHORT, OfficeHours(((time(0), time(23, 59)),))])
RULES = st.builds(
    lambda first, weekday, opened, hours, length: ServiceRule(
        first, first if weekday is None else first + timedelta(length), weekday, opened, hours if opened else None
    ),
    st.dates(date(2025, 12, 1), date(2026, 12, 1)),
    st.one_of(st.none(), st.integers(0, 6)),
    st.booleans(),
    HOURS,
    st.integers(0, 300),
)
SINCE = st.datetimes(datetime(2026, 1, 1), datetime(2026, 10, 31)).map(lambda d: d.replace(tzinfo=SHANGHAI))
DAYS = st.sampled_from(["1wd", "5wd", "20wd", "1d", "15d", "30d", "1m", "3m"])


@given(SINCE, DAYS, st.lists(RULES, max_size=6))
def test_no_promise_is_earlier_than_the_laws_and_none_later_than_without_the_window(since, text, said):
    limit, window = Limit.parse(text), replace(OFFICIAL, service=Service(tuple(said)))
    law = deadline(since, limit, OFFICIAL).at
    without = deadline(since, limit, OFFICIAL, (), True).at
    found = deadline(since, limit, window, (), True).at
    assert law <= found <= without
    assert found in (law, without)
    assert deadline(since, limit, window).at == law, "the window decides only where receipt after hours is asked about"


@given(SINCE, st.lists(RULES, max_size=6))
def test_on_the_spot_ends_after_it_began_and_not_later_than_without_the_window(since, said):
    window = replace(OFFICIAL, service=Service(tuple(said)))
    found = deadline(since, Limit.parse("0d"), window).at
    assert since <= found <= max(deadline(since, Limit.parse("0d"), OFFICIAL).at, found)
    assert found <= deadline(since, Limit.parse("0d"), OFFICIAL).at or found.date() == since.date()


# --- the verbs ----------------------------------------------------------------------------------------------------


@pytest.fixture
def boss(as_actor):
    return as_actor("office")


def saturday(office, **changed):
    wanted = Wanted(office.departments["YW"], True, date(2026, 11, 19), 5, None, "09:00-12:00", "便民")
    return replace(wanted, **changed)


def test_a_window_open_on_saturday(office, boss, act):
    with act():
        row = service_days.add(boss, saturday(office), clock.now())
    mine, other = office.departments["YW"], office.departments["XH"]
    assert queries.in_office_hours(at(11, 21, 10), mine)
    assert not queries.in_office_hours(at(11, 21, 10), other)
    assert not queries.in_office_hours(at(11, 21, 10))
    assert queries.anything_open(at(11, 21, 10))
    assert not queries.anything_open(at(11, 21, 13))
    assert not queries.in_office_hours(at(11, 14, 10), mine), "what has been stays"
    assert queries.of_department(mine).service is not None
    assert queries.of_department(other).service is None
    assert queries.opening_of(mine, date(2026, 11, 21)) == MORNING.periods
    with clock.at(at(11, 21, 11)), act():
        service_days.end(boss, row, clock.now())
        assert queries.in_office_hours(at(11, 21, 11, 30), mine), "today stays as it was announced"
    assert not queries.in_office_hours(at(11, 28, 10), mine)
    with clock.at(at(11, 23, 11)), pytest.raises(Conflict), act():
        service_days.end(boss, row, clock.now())


def test_one_that_has_not_begun_is_cancelled_whole(office, boss, act):
    with act():
        row = service_days.add(boss, saturday(office), clock.now())
        service_days.end(boss, row, clock.now())
    assert queries.services() == {}
    assert queries.service_days() == []
    with pytest.raises(Conflict), act():
        service_days.end(boss, row, clock.now())


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"from_on": date(2026, 11, 18)}, "from_on"),
        ({"from_on": date(2028, 11, 18)}, "from_on"),
        ({"until_on": date(2026, 11, 18)}, "until_on"),
    ],
)
def test_days_that_have_begun_are_not_set(office, boss, act, changed, field):
    with pytest.raises(Invalid) as refused, act():
        service_days.add(boss, saturday(office, **changed), clock.now())
    assert refused.value.field == field


@pytest.mark.parametrize("statement", ["UPDATE service_day SET open = NOT open", "DELETE FROM service_day"])
def test_the_database_keeps_what_was_said(office, boss, act, statement):
    with act():
        service_days.add(boss, saturday(office), clock.now())
    with pytest.raises(Exception, match="service day"), act():
        db.session.execute(db.text(statement))


# --- the pages ----------------------------------------------------------------------------------------------------


def sent(ids, **changed):
    return {
        "department": str(ids.departments["YW"]), "every": "week", "weekday": "5", "open": "open",
        "hours": "9:00-12:00", "from_on": "2026-11-19", "until_on": "", "reason": "便民服务",
    } | changed  # fmt: skip


def test_the_office_sets_and_everybody_reads(app, login, ids):
    client = login("office")
    assert "所有窗口都按本单位工作时间开放" in client.get("/calendar/service-days").text
    assert client.post("/calendar/service-days/new", data=sent(ids)).location == "/calendar/service-days"
    page = login("clerk").get("/calendar/service-days")
    assert "每周六" in page.text
    assert "09:00-12:00" in page.text
    assert "设定服务时间" not in page.text
    with app.app_context():
        row_id = db.session.scalars(db.select(ServiceDay.id)).one()
    assert login("clerk").post(f"/calendar/service-days/{row_id}/end").status_code == 403
    assert login("clerk").get("/calendar/service-days/new").status_code == 403
    assert client.post(f"/calendar/service-days/{row_id}/end").status_code == 303
    assert "每周六" not in client.get("/calendar/service-days").text
    assert client.post("/calendar/service-days/999/end").status_code == 404


@pytest.mark.parametrize(
    "changed",
    [
        {"department": "999"},
        {"department": ""},
        {"department": "x"},
        {"every": "month"},
        {"weekday": "7"},
        {"hours": "12:00-09:00"},
        {"hours": "９点"},
        {"from_on": "2026-11-18"},
        {"from_on": ""},
        {"until_on": "2026-11-01"},
        {"reason": ""},
        {"reason": "\x00"},
    ],
)
def test_bad_service_days_are_said_at_the_field(app, login, ids, changed):
    page = login("office").post("/calendar/service-days/new", data=sent(ids, **changed))
    assert page.status_code == 422
    assert "data-error-summary" in page.text


def test_the_calculator_asks_for_the_department(app, login, ids, act, as_actor):
    with app.app_context(), act():
        service_days.add(as_actor("office"), saturday(ids), clock.now())
    asked = {"start": "2026-11-21", "at": "10:00", "amount": "5", "unit": "wd", "next_day": "y"}
    client = login("clerk")
    assert "2026年11月30日" in client.get("/calendar/calculator", query_string=asked).text.replace(" ", "")
    page = client.get("/calendar/calculator", query_string=asked | {"department": str(ids.departments["YW"])})
    assert "2026年11月27日" in page.text.replace(" ", "")
    assert client.get("/calendar/calculator", query_string=asked | {"department": "9x"}).status_code == 422
