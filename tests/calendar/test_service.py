"""T-3: the office sets days and enters years; the calendar in force follows, and open due dates are told."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from portal.calendar import queries, service
from portal.kernel import clock, timeline
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.journal import JournalEntry
from tests.calendar.notices import NOTICE

DAY = date(2026, 11, 19)


@pytest.fixture
def boss(as_actor):
    return as_actor("office")


@pytest.fixture
def told(monkeypatch):
    """What rooms above hear of a change: whether the 19th is worked, asked within the change itself."""
    heard: list[tuple[str, bool]] = []
    monkeypatch.setattr(service, "_callbacks", [])
    service.on_change(lambda actor, now: heard.append((actor.name, queries.work_calendar().is_workday(DAY))))
    return heard


def said(tag: str) -> list[str]:
    rows = db.session.scalars(select(JournalEntry).where(JournalEntry.event == tag).order_by(JournalEntry.seq))
    return [line.sentence for line in timeline.lines(rows)]


def test_set_and_clear_a_day(office, boss, act, told):
    with act():
        service.set_day(boss, DAY, False, "停电检修", clock.now())
    assert not queries.work_calendar().is_workday(DAY)
    assert queries.work_calendar().names[DAY] == "停电检修"
    with act():
        service.clear_day(boss, DAY, "检修取消", clock.now())
    assert queries.work_calendar().is_workday(DAY)
    assert told == [("吴霞", False), ("吴霞", True)]
    assert said("calendar.day_set") == ["日历 2026-11-19 设为放假（停电检修）"]
    assert said("calendar.day_cleared") == ["日历 2026-11-19 恢复官方安排（检修取消）"]


def test_a_day_can_be_set_otherwise_or_for_another_reason(office, boss, act):
    with act():
        service.set_day(boss, DAY, False, "停电检修", clock.now())
        service.set_day(boss, DAY, False, "防汛", clock.now())
        assert [(row.workday, row.reason) for row in queries.own_days(2026)] == [(False, "防汛")]
        service.set_day(boss, DAY, True, "照常上班", clock.now())
    assert [(row.workday, row.reason) for row in queries.own_days(2026)] == [(True, "照常上班")]


@pytest.mark.parametrize(("day", "workday"), [(DAY, True), (date(2026, 10, 1), False), (date(2026, 10, 10), True)])
def test_a_day_that_already_is_so_is_refused(office, boss, act, told, day, workday):
    with pytest.raises(Invalid) as refused, act():
        service.set_day(boss, day, workday, "重复", clock.now())
    assert refused.value.field == "workday"
    assert told == []


def test_the_same_setting_twice_is_refused(office, boss, act):
    with act():
        service.set_day(boss, DAY, False, "停电检修", clock.now())
    with pytest.raises(Invalid), act():
        service.set_day(boss, DAY, False, "停电检修", clock.now())


def test_nothing_to_clear(office, boss, act, told):
    with pytest.raises(Conflict), act():
        service.clear_day(boss, date(2026, 10, 1), "误操作", clock.now())
    assert told == []


def test_enter_a_year(office, boss, act, told):
    first = date(2027, 1, 1)
    assert not queries.work_calendar().is_known(first)
    with act():
        service.enter_year(boss, 2027, "国办发明电〔2026〕7 号", NOTICE, clock.now())
    calendar = queries.work_calendar()
    assert calendar.is_known(first)
    assert not calendar.is_workday(date(2027, 5, 3))
    assert calendar.is_workday(date(2027, 2, 14))
    assert len(told) == 1
    assert said("calendar.year_entered") == ["录入 2027 年放假安排（国办发明电〔2026〕7 号）"]
    entry = db.session.scalar(select(JournalEntry).where(JournalEntry.event == "calendar.year_entered"))
    assert (entry.object_type, entry.object_id) == ("calendar", 2027)
    assert entry.fact()["work"] == ["2027-02-14", "2027-02-20", "2027-10-09"]
    assert "2027-05-03 劳动节" in entry.fact()["off"]


def test_entering_again_replaces_the_notice_and_keeps_own_days(office, boss, act):
    own = date(2027, 5, 11)
    with act():
        service.enter_year(boss, 2027, "旧", NOTICE, clock.now())
        service.set_day(boss, own, False, "院庆", clock.now())
    with act():
        service.enter_year(boss, 2027, "新", [d for d in NOTICE if d.day != date(2027, 5, 3)], clock.now())
    calendar = queries.work_calendar()
    assert calendar.is_workday(date(2027, 5, 3))
    assert not calendar.is_workday(own)
    assert queries.entered_year(2027).notice == "新"


def test_clearing_an_own_day_brings_the_notice_back(office, boss, act):
    day = date(2027, 5, 3)
    with act():
        service.enter_year(boss, 2027, "通知", NOTICE, clock.now())
        service.set_day(boss, day, True, "值守", clock.now())
    assert queries.work_calendar().is_workday(day)
    with act():
        service.clear_day(boss, day, "取消值守", clock.now())
    assert not queries.work_calendar().is_workday(day)


def test_a_notice_that_leaves_out_a_statutory_holiday_is_refused(office, boss, act):
    with pytest.raises(Invalid, match="2027-10-03"), act():
        service.enter_year(boss, 2027, "通知", [d for d in NOTICE if d.day != date(2027, 10, 3)], clock.now())


def test_a_year_taken_back_is_provisional_again_and_keeps_own_days(office, boss, act, told):
    own = date(2027, 6, 1)
    with act():
        service.enter_year(boss, 2027, "通知", NOTICE, clock.now())
        service.set_day(boss, own, False, "院庆", clock.now())
    with act():
        service.withdraw_year(boss, 2027, "录错年份", clock.now())
    calendar = queries.work_calendar()
    assert not calendar.is_known(own)
    assert not calendar.is_workday(own)
    assert calendar.is_workday(date(2027, 5, 3))
    assert said("calendar.year_withdrawn") == ["撤回 2027 年放假安排（通知）：录错年份"]
    with pytest.raises(Conflict), act():
        service.withdraw_year(boss, 2027, "再撤", clock.now())
    assert len(told) == 3


def test_a_year_that_comes_with_the_portal_is_not_entered(office, boss, act):
    with pytest.raises(Conflict), act():
        service.enter_year(boss, 2026, "通知", NOTICE, clock.now())


def test_a_failing_callback_undoes_the_change(office, boss, act, monkeypatch):
    def fail(_actor, _now):
        raise RuntimeError("recomputing failed")

    monkeypatch.setattr(service, "_callbacks", [])
    assert service.on_change(fail) is service.on_change(fail)
    assert service._callbacks == [fail]
    with pytest.raises(RuntimeError), act():
        service.set_day(boss, DAY, False, "停电检修", clock.now())
    assert queries.work_calendar().is_workday(DAY)
    assert queries.own_day(DAY) is None
