"""AB-8: the coverage board by half days, its pages, and what begins within the day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from portal.ab_post import coverage, halves, queries, service
from portal.ab_post.coverage import State
from portal.ab_post.halves import Half
from portal.ab_post.models import AbsenceKind
from portal.ab_post.rules import Reason
from portal.calendar.queries import work_calendar
from portal.kernel import clock
from portal.kernel.db import db
from portal.post_duty.models import Post
from tests.office import NOW, SHANGHAI

TODAY = date(2026, 11, 18)
DAY = timedelta(days=1)


def local(day: date, hour: str) -> datetime:
    return datetime.fromisoformat(f"{day} {hour}").replace(tzinfo=SHANGHAI)


@pytest.fixture
def away(office, act, as_actor):
    def do(person, from_at, to_at, emergency=True, kind=AbsenceKind.OFFICIAL):
        at = from_at - timedelta(hours=1)
        with clock.at(at), act():
            return service.record_absence(
                as_actor("office", at), office.users[person], kind, from_at, to_at, at, emergency=emergency
            )

    return do


def _row(code):
    return next(r for r in coverage.make(TODAY).rows if r.post.code == code)


def test_an_office_at_its_posts_is_quiet_on_working_days_and_empty_on_days_off(office):
    board = coverage.make(TODAY)
    assert [d.worked for d in board.days] == [True] * 3 + [False] * 2 + [True] * 5 + [False] * 2 + [True] * 2
    for row in board.rows:
        assert row.worst is State.QUIET
        assert [bool(c) for c in row.cells] == [d.worked for d in board.days]


def test_a_morning_away_splits_the_day(office, away):
    away("clerk", local(TODAY + DAY, "09:00"), local(TODAY + DAY, "12:00"))
    cells = _row("YW-1").cells[1]
    assert [(c.state, c.names) for c in cells] == [(State.B, ("李强",)), (State.QUIET, ())]


def test_a_day_away_is_one_cell_and_the_lunch_hour_counts_for_nothing(office, away):
    away("clerk", local(TODAY + DAY, "09:00"), local(TODAY + DAY, "17:30"))
    away("clerk2", local(TODAY + 2 * DAY, "12:00"), local(TODAY + 2 * DAY, "13:30"))
    assert [c.state for c in _row("YW-1").cells[1]] == [State.B]
    assert [c.state for c in _row("YW-2").cells[2]] == [State.QUIET]


def test_the_worst_of_a_half_day_shows(office, away):
    for person in ("clerk", "clerk2", "head"):
        away(person, local(TODAY + DAY, "10:00"), local(TODAY + DAY, "11:00"))
    row = _row("YW-1")
    assert row.worst is State.GAP
    assert [c.state for c in row.cells[1]] == [State.GAP, State.QUIET]
    assert row.cells[1][0].names == ("王敏",)
    here = [r.worst for r in coverage.make(TODAY).rows if r.post.department_id == office.departments["YW"]]
    assert here == sorted(here, key=lambda state: state is not State.GAP)


def test_the_head_and_a_named_cover_are_told_apart(office, act, as_actor, away):
    for person in ("clerk", "clerk2"):
        away(person, local(TODAY + DAY, "09:00"), local(TODAY + 2 * DAY, "17:30"))
    post = db.session.get(Post, office.posts["YW-1"])
    start, end = local(TODAY + 2 * DAY, "09:00"), local(TODAY + 2 * DAY, "17:30")
    with act():
        service.name_cover(as_actor("head"), post, office.users["other"], start, end, "", NOW)
    assert [[c.state for c in cells] for cells in _row("YW-1").cells[1:3]] == [[State.HEAD], [State.COVER]]


def test_what_changed_is_seen_at_once(office, act, as_actor, away):
    absence = away("clerk", local(TODAY, "09:00"), local(TODAY + DAY, "17:30"))
    assert _row("YW-1").worst is State.B
    with act():
        service.end_absence(as_actor("clerk"), absence, NOW)
    assert [c.state for c in _row("YW-1").cells[1]] == [State.QUIET]


def test_gaps_that_begin_later_today(office, away):
    for person in ("clerk", "clerk2", "head"):
        away(person, local(TODAY, "14:00"), local(TODAY, "17:30"))
    found = coverage.gaps_to_come(NOW)
    assert {p.post.code for p in found} == {"YW-1", "YW-2", "YW-H"}
    assert all(p.from_at == local(TODAY, "14:00") and p.reason is Reason.GAP for p in found)
    assert coverage.gaps_to_come(local(TODAY, "15:00")) == []  # it has begun: it is a gap of now


def test_a_gap_outside_office_hours_is_none(office, away):
    for person in ("clerk", "clerk2", "head"):
        away(person, local(TODAY, "18:00"), local(TODAY, "22:00"))
    assert coverage.gaps_to_come(NOW) == []
    assert _row("YW-1").worst is State.QUIET


# --- half days ------------------------------------------------------------------------------------------------


def test_half_days_across_a_shifted_weekend(office):
    """2026-10-10 is a Saturday that is worked, 10-01 … 10-07 are off."""
    calendar = work_calendar()
    start, end = halves.span(date(2026, 9, 30), Half.PM, date(2026, 10, 12), Half.AM, calendar.hours)
    assert (start, end) == (local(date(2026, 9, 30), "13:30"), local(date(2026, 10, 12), "12:00"))
    days = sorted({day for day, _half in halves.worked(start, end, calendar)})
    assert [d for d in days if d.weekday() == 5] == [date(2026, 10, 10)]
    assert not any(date(2026, 10, 1) <= d <= date(2026, 10, 7) for d in days)
    assert halves.days(start, end, calendar) == len(halves.worked(start, end, calendar)) / 2 == 0.5 + 3 + 0.5


def test_a_day_of_one_piece_is_cut_in_its_middle():
    from datetime import time

    from portal.pure.workdays import OfficeHours

    cut = halves.times(OfficeHours(((time(8), time(16)),)))
    assert cut == {Half.AM: (time(8), time(12)), Half.PM: (time(12), time(16))}


# --- pages ----------------------------------------------------------------------------------------------------


def test_who_sees_the_board(login):
    for who, status in (("clerk", 200), ("leader", 200), ("supervisor", 200), ("auditor", 403), ("sysadmin", 403)):
        assert login(who).get("/ab/coverage").status_code == status, who
        assert login(who).get("/ab/coverage/2026-11-18").status_code == status, who


@pytest.mark.parametrize(
    "query",
    ["from=2026-13-01", "from=1999-01-01", "from=2999-01-01", "department=x", "department=999", "department=²"],
)
def test_an_address_of_nothing_is_missing(login, query):
    assert login("clerk").get(f"/ab/coverage?{query}").status_code == 404


@pytest.mark.parametrize("day", ["today", "2026-02-30", "1066-10-14", "20261118x"])
def test_a_day_that_is_none_is_missing(login, day):
    assert login("clerk").get(f"/ab/coverage/{day}").status_code == 404


def test_the_board_tells_gaps_first_and_leads_to_the_day(app, login, office, away):
    for person in ("other", "other_head"):
        away(person, local(TODAY + DAY, "09:00"), local(TODAY + DAY, "12:00"))
    page = login("head").get("/ab/coverage").text
    assert page.index("无人顶岗") < page.index("业务受理岗")
    assert "/ab/coverage/2026-11-19#XH-1" in page
    day = login("head").get("/ab/coverage/2026-11-19").text
    assert "A 岗 周宁 离岗" in day
    only = login("head").get("/ab/coverage?problems=1").text
    assert "学会服务岗" in only
    assert 'href="/posts/YW-1"' not in only
    here = login("head").get(f"/ab/coverage?department={office.departments['YW']}").text
    assert "学会服务岗" not in here


def test_names_are_escaped_and_the_board_is_kept_per_language(login, office, act, as_actor):
    from portal.post_duty import service as posts

    with act():
        posts.change(as_actor("office"), db.session.get(Post, office.posts["YW-1"]), NOW, name="<b>受理</b>")
    client = login("clerk")
    page = client.get("/ab/coverage").text
    assert "&lt;b&gt;受理&lt;/b&gt;" in page
    assert "<b>受理</b>" not in page
    client.set_cookie("lang", "en")
    assert "&lt;b&gt;受理&lt;/b&gt;" in client.get("/ab/coverage").text


def test_the_gaps_page_agrees_with_the_board(office, away):
    for person in ("clerk", "clerk2", "head"):
        away(person, local(TODAY + DAY, "09:00"), local(TODAY + DAY, "12:00"))
    rows = {row.post.code: [(p.from_at, p.to_at) for p in row.uncovered] for row in queries.gap_rows(NOW)}
    span = (local(TODAY + DAY, "09:00"), local(TODAY + DAY, "12:00"))
    assert rows == {"YW-1": [span], "YW-2": [span], "YW-H": [span]}
