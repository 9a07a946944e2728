"""Used, left, stopped and elapsed time of a limit: T-4."""

import pytest

from portal.pure.deadlines import Measure, Pause, usage
from portal.pure.limits import Limit


@pytest.mark.parametrize(
    ("limit", "now", "pauses", "figures"),
    [
        # limit, used, left, stopped, elapsed — from Monday 2 March 2026, 10:00
        ("5wd", "2026-03-02 16:00", [], (5, 0, 5, 0, 0)),
        ("5wd", "2026-03-03 00:01", [], (5, 1, 4, 0, 1)),
        ("5wd", "2026-03-05 12:00", [], (5, 3, 2, 0, 3)),
        ("5wd", "2026-03-08 12:00", [], (5, 4, 1, 0, 4)),
        ("5wd", "2026-03-09 17:30", [], (5, 5, 0, 0, 5)),
        ("5wd", "2026-03-11 12:00", [], (5, 7, -2, 0, 7)),
        ("5wd", "2026-02-11 12:00", [], (5, 0, 5, 0, 0)),
        ("5wd", "2026-03-06 12:00", [("2026-03-03 10:00", "2026-03-05 10:00")], (5, 2, 3, 2, 4)),
        ("5wd", "2026-03-04 12:00", [("2026-03-03 10:00", "2026-03-05 10:00")], (5, 1, 4, 1, 2)),
        ("5wd", "2026-03-10 12:00", [("2026-03-04 10:00", None)], (5, 2, 3, 4, 6)),
        ("5wd", "2026-03-04 12:00", [("2026-03-10 10:00", None)], (5, 2, 3, 0, 2)),
        ("0d", "2026-03-02 17:00", [], (0, 0, 0, 0, 0)),
        ("0d", "2026-03-03 09:00", [], (0, 1, -1, 0, 1)),
        ("10d", "2026-03-09 12:00", [], (10, 7, 3, 0, 7)),
        ("10d", "2026-03-09 12:00", [("2026-03-03 10:00", "2026-03-05 10:00")], (10, 5, 5, 2, 7)),
        ("1m", "2026-03-12 12:00", [], (31, 10, 21, 0, 10)),
        ("4wh", "2026-03-02 09:30", [], (240, 0, 240, 0, 0)),
        ("4wh", "2026-03-02 14:30", [], (240, 180, 60, 0, 180)),
        ("4wh", "2026-03-02 14:30", [("2026-03-02 11:00", "2026-03-02 14:00")], (240, 90, 150, 90, 180)),
        ("4wh", "2026-03-02 14:30", [("2026-03-02 11:00", None)], (240, 60, 180, 120, 180)),
        ("4wh", "2026-03-02 10:10:30", [("2026-03-02 10:05:15", "2026-03-02 10:05:45")], (240, 10, 230, 0, 10)),
        ("4wh", "2026-03-03 10:00", [], (240, 420, -180, 0, 420)),
        ("4wh", "2026-03-09 10:00", [], (240, 2100, -1860, 0, 2100)),
    ],
)
def test_how_much_is_gone(calendar, at, limit, now, pauses, figures) -> None:
    made = [Pause(at(begin), at(end) if end else None) for begin, end in pauses]
    seen = usage(at("2026-03-02 10:00"), at(now), Limit.parse(limit), calendar, made)
    assert (seen.limit, seen.used, seen.left, seen.stopped, seen.elapsed) == figures


@pytest.mark.parametrize(
    ("limit", "measure"),
    [
        ("0d", Measure.WORKING_DAYS),
        ("4wh", Measure.OFFICE_MINUTES),
        ("5wd", Measure.WORKING_DAYS),
        ("5d", Measure.DAYS),
        ("1m", Measure.DAYS),
    ],
)
def test_every_unit_names_what_its_figures_count(calendar, at, limit, measure) -> None:
    assert usage(at("2026-03-02 10:00"), at("2026-03-02 11:00"), Limit.parse(limit), calendar).unit is measure


@pytest.mark.parametrize(("limit", "whole"), [("5wd", 15), ("0d", 10), ("2wh", 120 + 10 * 420), ("5d", 21), ("1m", 46)])
def test_an_extension_lengthens_the_limit_t_5(calendar, at, limit, whole) -> None:
    start = at("2026-03-02 10:00")
    assert usage(start, at("2026-03-03 10:00"), Limit.parse(limit), calendar, extension=10).limit == whole


def test_the_day_of_receipt_moves_with_the_flag(calendar, at) -> None:
    start, now, limit = at("2026-03-03 18:00"), at("2026-03-05 10:00"), Limit.parse("5wd")
    assert usage(start, now, limit, calendar).used == 2
    assert usage(start, now, limit, calendar, received_after_hours_next_day=True).used == 1


def test_a_negative_extension_is_refused(calendar, at) -> None:
    with pytest.raises(ValueError, match="negative"):
        usage(at("2026-03-02 10:00"), at("2026-03-03 10:00"), Limit.parse("5wd"), calendar, extension=-1)
