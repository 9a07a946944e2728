"""Where limits end, worked by hand: T-2, T-3, T-4, T-5, T-7a, D-5. March 2026 begins on a Sunday, without holidays."""

from datetime import UTC, date, datetime

import pytest

from portal.pure.deadlines import (
    OutOfCalendar,
    Pause,
    SkipReason,
    deadline,
    legal_days_after,
    months_after,
    tacit_acceptance_at,
)
from portal.pure.limits import Limit
from portal.pure.workdays import WorkCalendar


@pytest.mark.parametrize(
    ("start", "limit", "ends", "provisional"),
    [
        # working days over the official year
        ("2026-02-13 10:00", "5wd", "2026-02-27 17:30", False),
        ("2026-02-14 10:00", "5wd", "2026-02-28 17:30", False),
        ("2026-09-30 10:00", "5wd", "2026-10-13 17:30", False),
        ("2026-04-30 10:00", "3wd", "2026-05-08 17:30", False),
        ("2026-12-31 10:00", "3wd", "2027-01-05 17:30", True),
        ("2026-12-28 10:00", "3wd", "2026-12-31 17:30", False),
        ("2025-12-31 10:00", "1wd", "2026-01-04 17:30", False),
        ("2025-12-30 10:00", "1wd", "2025-12-31 17:30", True),
        ("2026-01-01 10:00", "1wd", "2026-01-04 17:30", False),
        ("2026-09-18 16:00", "1wd", "2026-09-20 17:30", False),
        ("2026-03-02 07:00", "1wd", "2026-03-03 17:30", False),
        ("2026-03-02 23:59", "1wd", "2026-03-03 17:30", False),
        ("2026-03-07 10:00", "1wd", "2026-03-09 17:30", False),
        # calendar days
        ("2026-03-02 10:00", "4d", "2026-03-06 17:30", False),
        ("2026-03-02 10:00", "5d", "2026-03-09 17:30", False),
        ("2026-03-02 10:00", "7d", "2026-03-09 17:30", False),
        ("2026-02-02 10:00", "15d", "2026-02-24 17:30", False),
        ("2026-02-13 10:00", "15d", "2026-02-28 17:30", False),
        ("2026-12-27 10:00", "5d", "2027-01-01 17:30", True),
        ("2026-12-26 10:00", "5d", "2026-12-31 17:30", False),
        # months
        ("2026-01-31 10:00", "1m", "2026-02-28 17:30", False),
        ("2026-03-31 10:00", "1m", "2026-04-30 17:30", False),
        ("2026-02-28 10:00", "1m", "2026-03-30 17:30", False),
        ("2026-03-02 10:00", "1m", "2026-04-02 17:30", False),
        ("2026-11-30 10:00", "3m", "2027-03-01 17:30", True),
        ("2028-01-31 10:00", "1m", "2028-02-29 17:30", True),
        ("2026-03-02 10:00", "9m", "2026-12-02 17:30", False),
        # on the spot
        ("2026-03-03 08:00", "0d", "2026-03-03 17:30", False),
        ("2026-03-03 12:30", "0d", "2026-03-03 17:30", False),
        ("2026-03-03 17:30", "0d", "2026-03-03 17:30", False),
        ("2026-03-03 17:30:01", "0d", "2026-03-04 17:30", False),
        ("2026-03-07 10:00", "0d", "2026-03-09 17:30", False),
        ("2026-02-14 18:00", "0d", "2026-02-24 17:30", False),
        ("2026-12-31 18:00", "0d", "2027-01-01 17:30", True),
        ("2025-12-31 18:00", "0d", "2026-01-04 17:30", True),
        # working hours
        ("2026-03-03 10:00", "2wh", "2026-03-03 12:00", False),
        ("2026-03-03 10:00", "4wh", "2026-03-03 15:30", False),
        ("2026-03-03 09:00", "7wh", "2026-03-03 17:30", False),
        ("2026-03-03 09:00", "8wh", "2026-03-04 10:00", False),
        ("2026-03-03 16:00", "4wh", "2026-03-04 11:30", False),
        ("2026-03-03 12:15", "1wh", "2026-03-03 14:30", False),
        ("2026-03-03 17:30", "1wh", "2026-03-04 10:00", False),
        ("2026-03-03 18:00", "1wh", "2026-03-04 10:00", False),
        ("2026-03-03 06:00", "1wh", "2026-03-03 10:00", False),
        ("2026-03-07 10:00", "1wh", "2026-03-09 10:00", False),
        ("2026-03-03 10:15:42", "1wh", "2026-03-03 11:15:42", False),
        ("2026-02-14 16:30", "2wh", "2026-02-24 10:00", False),
        ("2026-12-31 17:00", "1wh", "2027-01-01 09:30", True),
    ],
)
def test_ends_at_close_of_business_of_the_last_day(calendar, at, start, limit, ends, provisional) -> None:
    due = deadline(at(start), Limit.parse(limit), calendar)
    assert (due.at, due.provisional, due.stopped) == (at(ends), provisional, False)


@pytest.mark.parametrize(
    ("start", "limit", "ends"),
    [
        ("2026-03-03 17:30", "1wd", "2026-03-04 17:30"),
        ("2026-03-03 17:31", "1wd", "2026-03-05 17:30"),
        ("2026-03-07 10:00", "1wd", "2026-03-10 17:30"),
        ("2026-02-14 18:00", "5wd", "2026-03-02 17:30"),
        ("2026-03-06 18:00", "1d", "2026-03-10 17:30"),
        ("2026-01-31 10:00", "1m", "2026-03-02 17:30"),
        ("2026-03-03 18:00", "0d", "2026-03-04 17:30"),
        ("2026-03-03 18:00", "1wh", "2026-03-04 10:00"),
    ],
)
def test_received_after_hours_counts_as_the_next_working_day_where_the_type_says_so(
    calendar, at, start, limit, ends
) -> None:
    assert deadline(at(start), Limit.parse(limit), calendar, received_after_hours_next_day=True).at == at(ends)


def test_what_is_moved_into_an_unknown_year_is_provisional(calendar, at) -> None:
    due = deadline(at("2025-12-31 18:00"), Limit.parse("1wd"), calendar, received_after_hours_next_day=True)
    assert (due.received_on, due.at, due.provisional) == (date(2026, 1, 4), at("2026-01-05 17:30"), True)


# Monday 2 March, 10:00, five working days: due on Monday 9 March when nothing stops the clock.
@pytest.mark.parametrize(
    ("pauses", "ends"),
    [
        ([], "2026-03-09 17:30"),
        # the day it stops counts, the day it resumes does not
        ([("2026-03-03 10:00", "2026-03-05 10:00")], "2026-03-11 17:30"),
        ([("2026-03-03 23:00", "2026-03-04 01:00")], "2026-03-10 17:30"),
        ([("2026-03-03 09:00", "2026-03-03 16:00")], "2026-03-09 17:30"),
        ([("2026-03-06 10:00", "2026-03-09 10:00")], "2026-03-10 17:30"),
        ([("2026-03-06 10:00", "2026-03-08 10:00")], "2026-03-09 17:30"),
        # overlapping, touching, nested and repeated pauses stop a day once
        ([("2026-03-03 10:00", "2026-03-05 10:00"), ("2026-03-04 10:00", "2026-03-06 10:00")], "2026-03-12 17:30"),
        ([("2026-03-04 10:00", "2026-03-06 10:00"), ("2026-03-03 10:00", "2026-03-04 10:00")], "2026-03-12 17:30"),
        ([("2026-03-03 10:00", "2026-03-06 10:00"), ("2026-03-04 10:00", "2026-03-05 10:00")], "2026-03-12 17:30"),
        ([("2026-03-03 10:00", "2026-03-05 10:00"), ("2026-03-03 10:00", "2026-03-05 10:00")], "2026-03-11 17:30"),
        # what was over before the receipt does not matter, what reaches into the limit does
        ([("2026-02-24 10:00", "2026-02-28 10:00")], "2026-03-09 17:30"),
        ([("2026-02-28 10:00", "2026-03-04 10:00")], "2026-03-11 17:30"),
        # stopped over the close of the last day: ends on the day it resumes, or on the next that is worked
        ([("2026-03-09 10:00", "2026-03-12 11:00")], "2026-03-12 17:30"),
        ([("2026-03-09 17:30", "2026-03-12 11:00")], "2026-03-12 17:30"),
        ([("2026-03-09 10:00", "2026-03-12 17:30")], "2026-03-12 17:30"),
        ([("2026-03-09 10:00", "2026-03-12 18:00")], "2026-03-13 17:30"),
        ([("2026-03-09 10:00", "2026-03-14 11:00")], "2026-03-16 17:30"),
        ([("2026-03-09 10:00", "2026-03-12 11:00"), ("2026-03-12 15:00", "2026-03-17 11:00")], "2026-03-17 17:30"),
        ([("2026-03-09 10:00", "2026-03-09 17:29")], "2026-03-09 17:30"),
        # after the end it is too late to stop
        ([("2026-03-09 17:30:01", "2026-03-12 11:00")], "2026-03-09 17:30"),
        ([("2026-03-09 17:30:01", None)], "2026-03-09 17:30"),
        # still stopped
        ([("2026-03-05 10:00", None)], None),
        ([("2026-03-09 10:00", None)], None),
        ([("2026-03-01 10:00", None)], None),
        ([("2026-03-03 10:00", "2026-03-05 10:00"), ("2026-03-05 10:00", None)], None),
    ],
)
def test_a_pause_moves_the_end_by_the_days_stopped(calendar, at, pauses, ends) -> None:
    made = [Pause(at(begin), at(end) if end else None) for begin, end in pauses]
    due = deadline(at("2026-03-02 10:00"), Limit.parse("5wd"), calendar, made)
    assert due.at == (at(ends) if ends else None)
    assert due.stopped is (ends is None)


@pytest.mark.parametrize(
    ("start", "limit", "pauses", "ends"),
    [
        ("2026-03-02 10:00", "5d", [("2026-03-03 10:00", "2026-03-05 10:00")], "2026-03-09 17:30"),
        ("2026-03-02 10:00", "5d", [("2026-03-03 10:00", "2026-03-06 10:00")], "2026-03-10 17:30"),
        ("2026-03-02 10:00", "5d", [("2026-03-09 10:00", "2026-03-11 10:00")], "2026-03-11 17:30"),
        ("2026-03-02 10:00", "1m", [("2026-03-10 10:00", "2026-03-13 10:00")], "2026-04-07 17:30"),
        ("2026-03-02 10:00", "1m", [("2026-03-10 10:00", None)], None),
        ("2026-03-03 10:00", "0d", [("2026-03-03 11:00", "2026-03-03 16:00")], "2026-03-03 17:30"),
        ("2026-03-03 10:00", "0d", [("2026-03-03 11:00", "2026-03-05 10:00")], "2026-03-05 17:30"),
        ("2026-03-03 10:00", "0d", [("2026-03-03 11:00", None)], None),
        ("2026-03-03 10:00", "4wh", [("2026-03-03 11:00", "2026-03-03 14:00")], "2026-03-03 17:00"),
        (
            "2026-03-03 10:00",
            "4wh",
            [("2026-03-03 11:00", "2026-03-03 14:00"), ("2026-03-03 13:00", "2026-03-03 15:00")],
            "2026-03-04 09:30",
        ),
        ("2026-03-03 10:00", "4wh", [("2026-03-03 12:00", "2026-03-03 13:30")], "2026-03-03 15:30"),
        ("2026-03-03 10:00", "4wh", [("2026-03-03 17:00", "2026-03-10 10:00")], "2026-03-03 15:30"),
        ("2026-03-03 16:30", "4wh", [("2026-03-03 17:00", "2026-03-10 10:00")], "2026-03-10 15:00"),
        ("2026-03-03 10:00", "4wh", [("2026-03-03 11:00", None)], None),
        ("2026-03-03 10:00", "1wh", [("2026-03-03 11:30", None)], "2026-03-03 11:00"),
    ],
)
def test_pauses_in_the_other_units(calendar, at, start, limit, pauses, ends) -> None:
    made = [Pause(at(begin), at(end) if end else None) for begin, end in pauses]
    assert deadline(at(start), Limit.parse(limit), calendar, made).at == (at(ends) if ends else None)


@pytest.mark.parametrize(
    ("limit", "extension", "ends"),
    [
        ("5wd", 0, "2026-03-09 17:30"),
        ("5wd", 10, "2026-03-23 17:30"),
        ("5d", 1, "2026-03-10 17:30"),
        ("1m", 1, "2026-04-03 17:30"),
        ("1m", 2, "2026-04-07 17:30"),
        ("0d", 1, "2026-03-03 17:30"),
        ("2wh", 1, "2026-03-03 12:00"),
    ],
)
def test_an_extension_adds_working_days_to_any_unit_t_5(calendar, at, limit, extension, ends) -> None:
    assert deadline(at("2026-03-02 10:00"), Limit.parse(limit), calendar, extension=extension).at == at(ends)


def test_an_extension_is_stopped_like_the_limit_itself(calendar, at) -> None:
    pause = Pause(at("2026-03-09 18:00"), at("2026-03-11 10:00"))
    assert deadline(at("2026-03-02 10:00"), Limit.parse("5d"), calendar, [pause], extension=1).at == at(
        "2026-03-12 17:30"
    )


def test_days_counted_and_skipped_are_told_with_their_reason_t_10(calendar, at) -> None:
    pause = Pause(at("2026-02-24 10:00"), at("2026-02-25 10:00"))
    due = deadline(at("2026-02-13 10:00"), Limit.parse("3wd"), calendar, [pause])
    assert due.received_on == date(2026, 2, 13)
    assert due.counted == (date(2026, 2, 14), date(2026, 2, 24), date(2026, 2, 26))
    assert [(skip.date.day, skip.reason_code) for skip in due.skipped] == [
        *((day, SkipReason.HOLIDAY) for day in range(15, 24)),
        (25, SkipReason.STOPPED),
    ]


def test_a_last_day_off_is_skipped_and_the_working_day_counted_in_its_place(calendar, at) -> None:
    due = deadline(at("2026-03-02 10:00"), Limit.parse("5d"), calendar)
    assert [day.day for day in due.counted] == [3, 4, 5, 6, 9]
    assert due.skipped == ((date(2026, 3, 7), SkipReason.WEEKEND), (date(2026, 3, 8), SkipReason.WEEKEND))


def test_working_hours_name_the_days_on_which_they_ran(calendar, at) -> None:
    due = deadline(at("2026-03-06 18:00"), Limit.parse("8wh"), calendar)
    assert due.at == at("2026-03-10 10:00")
    assert [day.day for day in due.counted] == [9, 10]
    assert due.skipped == (
        (date(2026, 3, 6), SkipReason.AFTER_HOURS),
        (date(2026, 3, 7), SkipReason.WEEKEND),
        (date(2026, 3, 8), SkipReason.WEEKEND),
    )


def test_a_stopped_clock_tells_the_days_used_so_far(calendar, at) -> None:
    due = deadline(at("2026-03-02 10:00"), Limit.parse("5wd"), calendar, [Pause(at("2026-03-04 10:00"))])
    assert (due.at, due.stopped, due.provisional) == (None, True, False)
    assert [day.day for day in due.counted] == [3, 4]
    assert due.skipped == ()


def test_instants_of_any_zone_are_taken_on_the_office_clock(calendar, at) -> None:
    due = deadline(datetime(2026, 3, 2, 17, 0, tzinfo=UTC), Limit.parse("1wd"), calendar)
    assert due.received_on == date(2026, 3, 3)
    assert due.at == at("2026-03-04 17:30")
    assert due.at.isoformat() == "2026-03-04T17:30:00+08:00"


def test_tacit_acceptance_after_five_working_days_t_7a(calendar, at) -> None:
    assert tacit_acceptance_at(at("2026-02-13 10:00"), calendar).at == at("2026-02-27 17:30")
    assert tacit_acceptance_at(at("2026-12-30 10:00"), calendar).provisional
    late = tacit_acceptance_at(at("2026-03-03 18:00"), calendar, received_after_hours_next_day=True)
    assert late.at == at("2026-03-11 17:30")


def test_legal_days_move_off_days_off_d_5(calendar, at) -> None:
    assert legal_days_after(at("2026-02-10 10:00"), 7, calendar).at == at("2026-02-24 17:30")
    assert legal_days_after(at("2026-03-03 10:00"), 7, calendar).at == at("2026-03-10 17:30")


def test_months_end_on_the_same_number_or_the_last_day(at) -> None:
    assert months_after(date(2026, 8, 31), 1) == date(2026, 9, 30)
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_after(date(2027, 11, 30), 3) == date(2028, 2, 29)
    assert months_after(date(2026, 12, 15), 12) == date(2027, 12, 15)


def test_bad_instants_and_extensions_are_refused(calendar, at) -> None:
    with pytest.raises(ValueError, match="time zone"):
        deadline(datetime(2026, 3, 2, 10), Limit.parse("5wd"), calendar)
    with pytest.raises(ValueError, match="time zone"):
        Pause(datetime(2026, 3, 2, 10))
    with pytest.raises(ValueError, match="before it begins"):
        Pause(at("2026-03-02 10:00"), at("2026-03-02 09:59"))
    with pytest.raises(ValueError, match="negative"):
        deadline(at("2026-03-02 10:00"), Limit.parse("5wd"), calendar, extension=-1)


@pytest.mark.parametrize("limit", ["0d", "4wh", "5wd", "15d", "3m"])
@pytest.mark.parametrize("start", ["9999-12-31 18:00", "9999-12-31 23:59:59"])
def test_the_end_of_time_is_an_error_of_its_own(calendar: WorkCalendar, at, limit, start) -> None:
    with pytest.raises(OutOfCalendar):
        deadline(at(start), Limit.parse(limit), calendar, received_after_hours_next_day=True)


@pytest.mark.parametrize("limit", ["0d", "4wh", "5wd", "15d", "3m"])
def test_the_beginning_of_time_has_deadlines_too(calendar: WorkCalendar, limit) -> None:
    assert deadline(datetime(1, 1, 1, tzinfo=UTC), Limit.parse(limit), calendar).provisional
