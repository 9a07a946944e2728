"""T-3: a year's notice as stretches of days, what is wrong with it, and what is only unusual."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.calendar import official
from portal.calendar.rules import (
    Doubt,
    Fault,
    NoticeDay,
    Stretch,
    doubts,
    expand,
    missing_holidays,
    read_date,
    read_dates,
    stretches,
)
from tests.calendar.notices import NOTICE, STRETCHES


@pytest.mark.parametrize(
    "text",
    [
        "2027-02-14",
        "2027/2/14",
        "2027.02.14",
        "2027年2月14日",
        "2月14日",
        "2月14日（周日）",
        "２０２７－０２－１４",
        " 2-14 ",
    ],
)
def test_a_day_is_read_in_every_usual_writing(text):
    assert read_date(text, 2027) == date(2027, 2, 14)


@pytest.mark.parametrize(
    ("text", "fault"),
    [("元旦", Fault.NO_DATE), ("", Fault.NO_DATE), ("2027-02-29", Fault.NO_SUCH_DAY), ("13月1日", Fault.NO_SUCH_DAY),
     ("02027-01-01", Fault.NO_DATE), ("٢٠٢٧-٠١-٠١", Fault.NO_DATE), ("0000-01-01", Fault.NO_SUCH_DAY)],
)  # fmt: skip
def test_what_is_no_day(text, fault):
    assert read_date(text, 2027) is fault


def test_days_one_after_another_are_divided_by_any_sign():
    days, bad = read_dates("2027-02-14、2月20日（周六）和 2027-10-09\n10月99日", 2027)
    assert days == [date(2027, 2, 14), date(2027, 2, 20), date(2027, 10, 9)]
    assert [(b.line, b.fault, b.text) for b in bad] == [(4, Fault.NO_SUCH_DAY, "10月99日")]


def test_a_stretch_holds_all_its_days_in_order():
    days, bad = expand(
        [
            Stretch(1, "国庆节", date(2027, 10, 1), date(2027, 10, 3)),
            Stretch(2, "", date(2027, 2, 14), date(2027, 2, 14), True),
        ],
        2027,
    )
    assert bad == []
    assert [(d.day, d.workday, d.reason) for d in days] == [
        (date(2027, 2, 14), True, "调休上班"),
        *((date(2027, 10, n), False, "国庆节") for n in (1, 2, 3)),
    ]


GOOD = Stretch(1, "元旦", date(2027, 1, 1), date(2027, 1, 3))


@pytest.mark.parametrize(
    ("stretch", "fault", "part"),
    [
        (replace(GOOD, name=""), Fault.NO_NAME, "name"),
        (replace(GOOD, name="节" * 61), Fault.TOO_LONG, "name"),
        (replace(GOOD, first=date(2026, 12, 31)), Fault.OTHER_YEAR, "first"),
        (replace(GOOD, last=date(2028, 1, 1)), Fault.OTHER_YEAR, "last"),
        (replace(GOOD, first=date(2027, 1, 4)), Fault.ENDS_BEFORE, "last"),
        (replace(GOOD, last=date(2027, 3, 1)), Fault.TOO_MANY_DAYS, "last"),
        (replace(GOOD, workday=True), Fault.WORKED_ANYWAY, "first"),
    ],
)
def test_a_line_that_cannot_be_taken_is_named_with_its_part(stretch, fault, part):
    days, bad = expand([stretch], 2027)
    assert days == []
    assert [(b.line, b.fault, b.part) for b in bad] == [(1, fault, part)]


def test_a_day_stands_once():
    _days, bad = expand([GOOD, Stretch(2, "", date(2027, 1, 2), date(2027, 1, 2), True)], 2027)
    assert [(b.line, b.fault, b.text) for b in bad] == [(2, Fault.TWICE, "2027-01-02")]


DAYS = st.dates(date(2027, 1, 1), date(2027, 12, 31))


@given(st.dictionaries(DAYS, st.sampled_from(["元旦", "春节"]), max_size=30))
def test_days_drawn_together_and_expanded_are_the_same_days(named):
    days = [NoticeDay(day, False, name) for day, name in sorted(named.items())]
    assert expand(stretches(days), 2027)[0] == days


def test_the_fixed_holidays_are_missed():
    left_out = {date(2027, 5, 1), date(2027, 10, 2)}
    assert missing_holidays(2027, [d for d in NOTICE if d.day not in left_out]) == sorted(left_out)


def test_a_usual_notice_raises_no_doubt():
    weekends = [date(2027, *day) for day in ((1, 9), (4, 10), (5, 8), (6, 12), (9, 18))]
    whole = [*NOTICE, *(NoticeDay(day, True, "") for day in weekends)]
    assert doubts(2027, whole, official.default_calendar()) == []
    [found] = doubts(2027, NOTICE, official.default_calendar())
    assert (found.doubt, found.what, found.number, found.usual) == (Doubt.BALANCE, "2026", 18, 13)
    assert doubts(2026, _official(2026), official.default_calendar()) == []


def _official(year):
    days, names = official.exceptions(year)
    return [NoticeDay(day, works, names[day]) for day, works in days.items()]


@pytest.mark.parametrize(
    ("changed", "doubt"),
    [
        ([s for s in STRETCHES if s.name != "端午节"], Doubt.NO_HOLIDAY),
        ([s for s in STRETCHES if not s.workday], Doubt.NO_SHIFTED),
        ([replace(s, last=date(2027, 2, 20)) if s.name == "春节" else s for s in STRETCHES], Doubt.LONG),
        ([*STRETCHES, Stretch(20, "", date(2027, 7, 31), date(2027, 7, 31), True)], Doubt.FAR),
    ],
)
def test_the_unusual_is_told_and_not_refused(changed, doubt):
    days, _bad = expand(changed, 2027)
    assert doubt in {u.doubt for u in doubts(2027, days, official.default_calendar())}
