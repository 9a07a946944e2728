"""T-3: a year's notice as people type it."""

from __future__ import annotations

from datetime import date

import pytest

from portal.calendar.rules import Fault, NoticeDay, missing_holidays, read_notice


@pytest.mark.parametrize(
    "line",
    [
        "2027-01-01 休 元旦",
        "2027/1/1 休 元旦",
        "2027.01.01　休　元旦",
        "2027年1月1日 休 元旦",
        "２０２７－０１－０１ 休 元旦",
        "2027-01-01休元旦",
        "  2027-1-1,休,元旦  ",
    ],
)
def test_a_line_is_read_in_every_usual_writing(line):
    assert read_notice(line, 2027) == ([NoticeDay(date(2027, 1, 1), False, "元旦")], [])


def test_days_come_in_order_and_empty_lines_do_not_matter():
    days, bad = read_notice("\r\n2027-10-01 休 国庆节\r\n\r\n2027-02-14 班\r\n", 2027)
    assert [(d.day, d.workday, d.reason) for d in days] == [
        (date(2027, 2, 14), True, "调休上班"),
        (date(2027, 10, 1), False, "国庆节"),
    ]
    assert bad == []


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("元旦放假", Fault.SHAPE),
        ("2027-01-01 放假 元旦", Fault.SHAPE),
        ("2027-01-01", Fault.SHAPE),
        ("02027-01-01 休 元旦", Fault.SHAPE),
        ("٢٠٢٧-٠١-٠١ 休 元旦", Fault.SHAPE),
        ("2027-02-29 休 春节", Fault.NO_SUCH_DAY),
        ("2027-13-01 休 春节", Fault.NO_SUCH_DAY),
        ("0000-01-01 休 元旦", Fault.NO_SUCH_DAY),
        ("2028-01-01 休 元旦", Fault.OTHER_YEAR),
        ("2027-01-04 班", Fault.WORKED_ANYWAY),
        ("2027-01-01 休", Fault.NO_NAME),
        ("2027-01-01 休 " + "节" * 61, Fault.TOO_LONG),
    ],
)
def test_a_line_that_cannot_be_taken_is_named(line, fault):
    days, bad = read_notice(line, 2027)
    assert days == []
    assert [(each.number, each.fault) for each in bad] == [(1, fault)]


def test_lines_are_counted_as_the_person_sees_them_and_a_day_stands_once():
    _days, bad = read_notice("2027-01-01 休 元旦\n\nx\n2027/1/1 休 元旦", 2027)
    assert [(each.number, each.fault) for each in bad] == [(3, Fault.SHAPE), (4, Fault.TWICE)]


def test_the_fixed_holidays_are_missed():
    days, _ = read_notice("2027-01-01 休 元旦\n2027-10-01 休 国庆节\n2027-10-02 班", 2027)
    assert missing_holidays(2027, days) == [date(2027, 5, 1), date(2027, 10, 2), date(2027, 10, 3)]
