"""When a limit is due soon, overdue and red: T-6."""

from datetime import timedelta

import pytest

from portal.pure.deadlines import Due, Instants, Light, Pause, deadline, light, warning_instants
from portal.pure.limits import Limit


@pytest.mark.parametrize(
    ("start", "limit", "soon", "overdue"),
    [
        # six working days and more: two working days before the end
        ("2026-03-02 10:00", "6wd", "2026-03-06 17:30", "2026-03-10 17:30"),
        ("2026-03-02 10:00", "10wd", "2026-03-12 17:30", "2026-03-16 17:30"),
        ("2026-02-12 10:00", "6wd", "2026-02-25 17:30", "2026-02-27 17:30"),
        ("2026-03-02 10:00", "15d", "2026-03-13 17:30", "2026-03-17 17:30"),
        ("2026-03-02 10:00", "1m", "2026-03-31 17:30", "2026-04-02 17:30"),
        ("2026-03-02 09:00", "42wh", "2026-03-05 17:30", "2026-03-09 17:30"),
        # under six working days: the last third of the office time
        ("2026-03-02 10:00", "1wd", "2026-03-03 15:10", "2026-03-03 17:30"),
        ("2026-03-02 10:00", "3wd", "2026-03-04 17:30", "2026-03-05 17:30"),
        ("2026-03-02 10:00", "5wd", "2026-03-06 11:20", "2026-03-09 17:30"),
        ("2026-03-02 10:00", "3d", "2026-03-04 17:30", "2026-03-05 17:30"),
        ("2026-03-02 10:00", "5d", "2026-03-06 11:20", "2026-03-09 17:30"),
        ("2026-03-03 10:00", "4wh", "2026-03-03 14:10", "2026-03-03 15:30"),
        ("2026-03-03 16:00", "4wh", "2026-03-04 10:10", "2026-03-04 11:30"),
        ("2026-03-03 10:00", "0d", "2026-03-03 15:30", "2026-03-03 17:30"),
        ("2026-03-03 16:00", "0d", "2026-03-03 17:00", "2026-03-03 17:30"),
        ("2026-03-03 18:00", "0d", "2026-03-04 15:10", "2026-03-04 17:30"),
        ("2026-03-03 17:30", "0d", "2026-03-03 17:30", "2026-03-03 17:30"),
    ],
)
def test_due_soon_and_overdue(calendar, at, start, limit, soon, overdue) -> None:
    parsed = Limit.parse(limit)
    instants = warning_instants(at(start), deadline(at(start), parsed, calendar), None, parsed, calendar)
    assert (instants.soon_at, instants.overdue_at) == (at(soon), at(overdue))


@pytest.mark.parametrize(
    ("limit", "pauses", "soon", "overdue", "red"),
    [
        # three days stopped before the end: of the last two running days, one lies before the stop
        ("6wd", [("2026-03-09 10:00", "2026-03-12 10:00")], "2026-03-06 17:30", "2026-03-13 17:30", "2026-03-17 17:30"),
        # stopped office time is no office time: a third of four hours, after the hour's break
        ("4wh", [("2026-03-02 14:30", "2026-03-02 15:30")], "2026-03-02 14:10", "2026-03-02 16:30", "2026-03-04 16:30"),
        # stopped when already overdue: the two working days run on when the clock does
        ("5wd", [("2026-03-09 18:00", "2026-03-11 10:00")], "2026-03-06 11:20", "2026-03-09 17:30", "2026-03-13 17:30"),
        ("5wd", [("2026-03-09 18:00", None)], "2026-03-06 11:20", "2026-03-09 17:30", None),
        # no end in sight
        ("5wd", [("2026-03-04 10:00", None)], None, None, None),
    ],
)
def test_warnings_around_pauses(calendar, at, limit, pauses, soon, overdue, red) -> None:
    made = [Pause(at(begin), at(end) if end else None) for begin, end in pauses]
    start, parsed = at("2026-03-02 10:00"), Limit.parse(limit)
    instants = warning_instants(start, deadline(start, parsed, calendar, made), None, parsed, calendar, made)
    expected = tuple(at(text) if text else None for text in (soon, overdue, red))
    assert (instants.soon_at, instants.overdue_at, instants.red_at) == expected


def both(calendar, at, promised_pauses=(), statutory_pauses=()) -> Instants:
    start, promised, statutory = at("2026-03-02 10:00"), Limit.parse("5wd"), Limit.parse("10wd")
    due = deadline(start, promised, calendar, promised_pauses)
    statutory_due = deadline(start, statutory, calendar, statutory_pauses)
    return warning_instants(start, due, statutory_due, promised, calendar, promised_pauses)


def test_red_is_the_statutory_due_instant(calendar, at) -> None:
    assert both(calendar, at).red_at == at("2026-03-16 17:30")


def test_red_is_two_working_days_overdue_where_the_law_sets_no_limit(calendar, at) -> None:
    start, limit = at("2026-02-11 10:00"), Limit.parse("2wd")
    instants = warning_instants(start, deadline(start, limit, calendar), None, limit, calendar)
    assert instants.overdue_at == at("2026-02-13 17:30")
    assert instants.red_at == at("2026-02-24 17:30")


def test_the_statutory_clock_runs_on_when_only_the_promise_is_stopped(calendar, at) -> None:
    instants = both(calendar, at, promised_pauses=[Pause(at("2026-03-04 10:00"))])
    assert (instants.soon_at, instants.overdue_at, instants.red_at) == (None, None, at("2026-03-16 17:30"))
    assert light(at("2026-03-16 17:30"), instants, stopped=True) is Light.NORMAL
    assert light(at("2026-03-16 17:31"), instants, stopped=True) is Light.RED


def test_no_red_while_both_clocks_are_stopped(calendar, at) -> None:
    pauses = [Pause(at("2026-03-04 10:00"))]
    assert both(calendar, at, pauses, pauses).red_at is None


def test_warnings_beyond_the_known_calendar_are_provisional(calendar, at) -> None:
    limit = Limit.parse("1wd")

    def provisional(start: str, statutory: Due | None = None) -> bool:
        return warning_instants(at(start), deadline(at(start), limit, calendar), statutory, limit, calendar).provisional

    assert not provisional("2026-12-28 10:00")
    assert provisional("2026-12-29 10:00")  # red two working days after 30 December
    assert provisional("2026-12-31 10:00")
    assert provisional("2026-12-28 10:00", deadline(at("2026-12-28 10:00"), Limit.parse("5wd"), calendar))


def test_the_light_changes_after_the_instant_of_due_and_not_at_it(calendar, at) -> None:
    instants = both(calendar, at)
    tick = timedelta(microseconds=1)
    assert light(at("2026-03-02 10:00"), instants) is Light.NORMAL
    assert light(instants.soon_at - tick, instants) is Light.NORMAL
    assert light(instants.soon_at, instants) is Light.DUE_SOON
    assert light(instants.overdue_at, instants) is Light.DUE_SOON
    assert light(instants.overdue_at + tick, instants) is Light.OVERDUE
    assert light(instants.red_at, instants) is Light.OVERDUE
    assert light(instants.red_at + tick, instants) is Light.RED


def test_a_stopped_clock_is_not_due_soon_but_stays_overdue(calendar, at) -> None:
    start, limit = at("2026-03-02 10:00"), Limit.parse("5wd")
    pauses = [Pause(at("2026-03-10 10:00"))]
    instants = warning_instants(start, deadline(start, limit, calendar, pauses), None, limit, calendar, pauses)
    assert light(at("2026-03-09 12:00"), instants, stopped=True) is Light.NORMAL
    assert light(at("2026-03-20 12:00"), instants, stopped=True) is Light.OVERDUE
