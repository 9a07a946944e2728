"""Both clocks of a case, every result worked by hand on a paper calendar (T-2 … T-5). Nothing here comes from the code.

March 2026 has no holidays; 2 March is a Monday; 4 to 6 April are days off (Qingming). The office is open 9:00–12:00 and
13:30–17:30, 420 minutes a day. Only 2026 is entered; in 2027 the weekday decides, and the date is provisional.
"""

from __future__ import annotations

from datetime import date, datetime

import pytest

from portal.cases.rules import ClockFacts, Stop, clocks, is_stopped
from portal.policy.pause_reasons import REFUSED, TABLE, NoReason, Reason
from portal.pure.deadlines import SHANGHAI
from portal.pure.workdays import WorkCalendar

OFF = {date(2026, 4, d): False for d in (4, 5, 6)}
CALENDAR = WorkCalendar(OFF, frozenset({2026}))

#: T-4, written out: (stops the promised clock, stops the statutory clock, a special procedure told in writing).
EXPECTED = {
    "hearing": (True, True, True),
    "tender": (True, True, True),
    "auction": (True, True, True),
    "inspection": (True, True, True),
    "test": (True, True, True),
    "quarantine": (True, True, True),
    "appraisal": (True, True, True),
    "expert_review": (True, True, True),
    "supplement": (True, False, False),
    "upper_authority": (True, False, False),
}
BOTH = [reason for reason, (_p, statutory, _w) in EXPECTED.items() if statutory]
PROMISED = [reason for reason, (_p, statutory, _w) in EXPECTED.items() if not statutory]
UNITS = ("0d", "20wh", "5wd", "10d", "1m")


def at(text: str) -> datetime:
    """``03-09`` is close of business of that day of 2026, ``03-09 14:00`` an instant, ``2027-01-04`` another year."""
    day, _space, time = text.partition(" ")
    return datetime.fromisoformat(f"{day if len(day) > 5 else f'2026-{day}'} {time or '17:30'}").replace(
        tzinfo=SHANGHAI
    )


def stop(reason: str, begin: str, end: str | None, until: str | None = None) -> Stop:
    told = TABLE[Reason(reason)]
    return Stop(
        at(begin), at(end) if end else None, told.stops_promised, told.stops_statutory, at(until) if until else None
    )


def test_the_table_of_reasons_is_that_of_the_rule():
    found = {str(r): (e.stops_promised, e.stops_statutory, e.special and e.in_writing) for r, e in TABLE.items()}
    assert found == EXPECTED
    assert {str(r) for r, e in TABLE.items() if e.cap_key} == set(BOTH), "a client's silence has no cap (N-7)"


def test_what_stops_nothing_is_refused_by_name_with_the_reason_why():
    assert set(REFUSED) == {NoReason.SITE_VISIT, NoReason.COUNTERSIGNING, NoReason.LEADER_ABSENT}
    assert not {str(r) for r in REFUSED} & {str(r) for r in TABLE}
    assert all(str(label) and str(why) for label, why in REFUSED.values())


# --- unit × reason × resume × extension -----------------------------------------------------------------------------
# Accepted Monday 2 March 10:00. Stopped from Wednesday 4 March 10:00 to Tuesday 10 March 15:00: the days 5 to 10, that
# is 5, 6, 9, 10 = four working days, six calendar days.
# 20wh: 360 + 420 = 780 minutes on the 2nd and 3rd, 60 more on the 4th up to 10:00: 840 of 1200 used, 360 to go; on the
# 10th from 15:00 150, on the 11th 180 in the morning and 30 from 13:30 on: 14:00.

#: (limit, extension): without a pause, with the pause
HAND = {
    ("0d", 0): ("03-02", "03-02"),  # ended before the pause began
    ("0d", 3): ("03-05", "03-11"),  # 3, 4 | 11
    ("20wh", 0): ("03-04 17:30", "03-11 14:00"),
    ("20wh", 3): ("03-09 17:30", "03-16 14:00"),  # 1260 more: 150 on the 10th, 420 on 11, 12, 13, 210 on the 16th
    ("5wd", 0): ("03-09", "03-13"),  # 3, 4 | 11, 12, 13
    ("5wd", 3): ("03-12", "03-18"),  # … 16, 17, 18
    ("10d", 0): ("03-12", "03-18"),  # 3, 4 | 11 … 18
    ("10d", 3): ("03-17", "03-23"),  # … 19, 20, 23
    ("1m", 0): ("04-02", "04-08"),  # 31 days and six more
    ("1m", 3): ("04-08", "04-13"),  # from the 2nd: 3, 7, 8; from the 8th: 9, 10, 13
}
#: The statutory 20 working days: 3–6, 9–13, 16–20, 23–27, 30 March; four more: 31, 1, 2, 3 April; with three days of a
#: licence's extension: 31, 1, 2 April, or (4 to 6 April off) 7, 8, 9 April.
LAW = {(False, 0): "03-30", (True, 0): "04-03", (False, 3): "04-02", (True, 3): "04-09"}


@pytest.mark.parametrize("ended", ["by hand", "by the cap", "by hand after the cap"])
@pytest.mark.parametrize("extension", [0, 3])
@pytest.mark.parametrize("reason", [*BOTH, *PROMISED])
@pytest.mark.parametrize("limit", UNITS)
def test_resume(limit, reason, extension, ended):
    """A pause ended at an instant, one that its cap ends unrecorded, and one recorded too late are the same time."""
    end, until = {
        "by hand": ("03-10 15:00", None),
        "by the cap": (None, "03-10 15:00"),
        "by hand after the cap": ("03-12 11:00", "03-10 15:00"),
    }[ended]
    facts = ClockFacts(
        at("03-02 10:00"),
        limit,
        "20wd",
        pauses=[stop(reason, "03-04 10:00", end, until)],
        extension=extension,
        statutory_extension=extension,
    )
    found = clocks(facts, CALENDAR)
    assert found.due_at == at(HAND[limit, extension][1])
    assert found.statutory_due_at == at(LAW[reason in BOTH, extension])
    assert not found.provisional
    assert found.stopped is (end is None)
    if end is None:
        assert is_stopped(at("03-10 14:59"), found.stopped, found.stopped_until)
        assert not is_stopped(at("03-10 15:00"), found.stopped, found.stopped_until), "runs from the cap instant"


@pytest.mark.parametrize("extension", [0, 3])
@pytest.mark.parametrize("limit", UNITS)
def test_without_a_pause(limit, extension):
    """Where only the promise is given anew, the statutory clock stays where it is (T-5)."""
    facts = ClockFacts(at("03-02 10:00"), limit, "20wd", extension=extension)
    found = clocks(facts, CALENDAR)
    assert (found.due_at, found.statutory_due_at) == (at(HAND[limit, extension][0]), at("03-30"))


@pytest.mark.parametrize("limit", UNITS)
def test_a_pause_that_nobody_ends_and_no_cap_does_leaves_no_date(limit):
    found = clocks(
        ClockFacts(at("03-02 10:00"), limit, "20wd", pauses=[stop("supplement", "03-02 11:00", None)]), CALENDAR
    )
    assert found.due_at is None
    assert found.stopped
    assert found.stopped_until is None
    assert found.statutory_due_at == at("03-30")


def test_on_the_spot_over_a_pause_of_the_same_day_ends_with_the_day_on_which_it_goes_on():
    facts = ClockFacts(at("03-02 10:00"), "0d", "", pauses=[stop("test", "03-02 11:00", "03-03 15:00")])
    assert clocks(facts, CALENDAR).due_at == at("03-03")


# --- unit × restart × extension -------------------------------------------------------------------------------------
# The client comes back on Tuesday 10 March 15:00 and the limit begins anew; what was extended stays with the case.
# 20wh: 150 on the 10th, 420 on the 11th and 12th = 990, 210 on Friday the 13th: 14:00. With 1260 more: 150, 420 on 11,
# 12, 13, 16, 17 = 2250, 210 on the 18th: 14:00.
RESTART = {
    ("0d", 0): "03-10",
    ("0d", 3): "03-13",
    ("20wh", 0): "03-13 14:00",
    ("20wh", 3): "03-18 14:00",
    ("5wd", 0): "03-17",
    ("5wd", 3): "03-20",
    ("10d", 0): "03-20",
    ("10d", 3): "03-25",
    ("1m", 0): "04-10",
    ("1m", 3): "04-15",
}


@pytest.mark.parametrize(("limit", "extension"), list(RESTART))
def test_restart(limit, extension):
    facts = ClockFacts(
        at("03-02 10:00"),
        limit,
        "20wd",
        restarted_at=at("03-10 15:00"),
        pauses=[stop("supplement", "03-04 10:00", "03-10 15:00")],
        extension=extension,
        statutory_extension=extension,
    )
    found = clocks(facts, CALENDAR)
    assert found.due_at == at(RESTART[limit, extension])
    assert found.statutory_due_at == at(LAW[False, extension]), "the law's clock never restarts"


def test_a_month_counted_anew_never_takes_time_away():
    """28 January and a month is 28 February (31 days); stopped from the 28th to the 31st, going on gives the 3rd of
    March, while a month from the 31st would end on 28 February: a Saturday that is worked in 2026."""
    worked = WorkCalendar({date(2026, 2, 28): True}, frozenset({2026}))
    facts = ClockFacts(
        at("01-28 10:00"),
        "1m",
        "",
        restarted_at=at("01-31 10:00"),
        pauses=[stop("supplement", "01-28 11:00", "01-31 10:00")],
    )
    assert clocks(facts, worked).due_at == at("03-03")


# --- unit × reason × receipt after hours ----------------------------------------------------------------------------
# Accepted Monday 2 March at 18:00. Where the type says so it counts as received on the 3rd. Working hours and on the
# spot begin with the next opening in either case. 20wh over the pause: 420 on the 3rd, 60 on the 4th, 720 to go: 150 on
# the 10th, 420 on the 11th, 150 on the 12th: 11:30. Without: 420, 420, 360 on the 5th: 16:30.

#: limit: type that counts the next day, other types; each without and with the pause of above
AFTER_HOURS = {
    "0d": (("03-03", "03-03"), ("03-03", "03-03")),
    "20wh": (("03-05 16:30", "03-12 11:30"), ("03-05 16:30", "03-12 11:30")),
    "5wd": (("03-10", "03-16"), ("03-09", "03-13")),
    "10d": (("03-13", "03-19"), ("03-12", "03-18")),
    "1m": (("04-03", "04-09"), ("04-02", "04-08")),
}


@pytest.mark.parametrize("reason", [None, *BOTH, *PROMISED])
@pytest.mark.parametrize("next_day", [True, False])
@pytest.mark.parametrize("limit", UNITS)
def test_received_after_hours(limit, next_day, reason):
    pauses = [stop(reason, "03-04 10:00", "03-10 15:00")] if reason else []
    found = clocks(ClockFacts(at("03-02 18:00"), limit, "", next_day_after_hours=next_day, pauses=pauses), CALENDAR)
    assert found.due_at == at(AFTER_HOURS[limit][0 if next_day else 1][1 if reason else 0])


@pytest.mark.parametrize(("next_day", "due"), [(True, "03-18"), (False, "03-17")])
def test_a_supplement_after_hours_restarts_as_it_would_be_received(next_day, due):
    """Brought on Tuesday 10 March at 18:00: the five days are 12, 13, 16, 17, 18, or 11, 12, 13, 16, 17."""
    facts = ClockFacts(
        at("03-02 10:00"),
        "5wd",
        "",
        next_day_after_hours=next_day,
        restarted_at=at("03-10 18:00"),
        pauses=[stop("supplement", "03-04 10:00", "03-10 18:00")],
    )
    assert clocks(facts, CALENDAR).due_at == at(due)


# --- unit × reason × provisional year -------------------------------------------------------------------------------
# Accepted Monday 28 December 10:00; stopped from Wednesday 30 December 10:00 to Tuesday 5 January 15:00 (31 December
# and 1 to 5 January: six days, of them Thursday, Friday, Monday, Tuesday). Working days: 29, 30 | 6, 7, 8 January.

#: limit: without and with the pause, each with whether it stands on a year not entered
PROVISIONAL = {
    "0d": (("2026-12-28", False), ("2026-12-28", False)),
    "20wh": (("2026-12-30", False), ("2027-01-06 14:00", True)),
    "3wd": (("2026-12-31", False), ("2027-01-06", True)),
    "5wd": (("2027-01-04", True), ("2027-01-08", True)),
    "10d": (("2027-01-07", True), ("2027-01-13", True)),
    "1m": (("2027-01-28", True), ("2027-02-03", True)),
}


@pytest.mark.parametrize("capped", [True, False])
@pytest.mark.parametrize("reason", [None, *BOTH, *PROMISED])
@pytest.mark.parametrize("limit", list(PROVISIONAL))
def test_a_year_that_is_not_entered(limit, reason, capped):
    end, until = (None, "2027-01-05 15:00") if capped else ("2027-01-05 15:00", None)
    pauses = [stop(reason, "2026-12-30 10:00", end, until)] if reason else []
    found = clocks(ClockFacts(at("2026-12-28 10:00"), limit, "", pauses=pauses), CALENDAR)
    due, provisional = PROVISIONAL[limit][1 if reason else 0]
    assert found.due_at == at(due)
    assert found.provisional or not provisional, "the red threshold may look further ahead than the date"
    assert found.provisional == (provisional or limit in ("20wh", "3wd"))


# --- more than one pause --------------------------------------------------------------------------------------------


def test_overlapping_pauses_are_one_stop_for_each_clock():
    """A hearing from the 4th to the 6th stops 5, 6; the supplement from the 5th to the 10th runs on: the promised clock
    stands in both (due 13 March), the statutory one in the hearing alone: 30 March and two days, 1 April."""
    pauses = [stop("hearing", "03-04 10:00", "03-06 15:00"), stop("supplement", "03-05 09:00", "03-10 15:00")]
    found = clocks(ClockFacts(at("03-02 10:00"), "5wd", "20wd", pauses=pauses), CALENDAR)
    assert (found.due_at, found.statutory_due_at) == (at("03-13"), at("04-01"))


def test_nothing_is_due_soon_before_a_stopped_clock_runs_again():
    """Five days of 420 minutes are due soon with 700 left: 420 on the 9th, 240 in the afternoon of the 6th, 40 before
    noon: 11:20. Stopped on the 9th up to its cap, the warning waits for the cap, where the last day goes on."""
    plain = clocks(ClockFacts(at("03-02 10:00"), "5wd", ""), CALENDAR)
    assert plain.soon_at == at("03-06 11:20")
    stopped = clocks(
        ClockFacts(at("03-02 10:00"), "5wd", "", pauses=[stop("test", "03-09 10:00", None, "03-11 15:00")]), CALENDAR
    )
    assert stopped.due_at == at("03-11")
    assert stopped.soon_at == at("03-11 15:00")
