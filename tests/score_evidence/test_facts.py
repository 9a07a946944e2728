"""What each reader says of a month, worked out by hand: for departments and persons, at the borders of months, with
what was corrected or taken back since (E-3, S-3, O-3, P-3, P-6, W-0)."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal as D
from typing import Any

import pytest
from sqlalchemy import insert, update

from portal.ab_post.halves import Half
from portal.ab_post.models import Absence, AbsenceKind
from portal.accountability.models import Origin, Outcome, Proceeding, Subject
from portal.accountability.models import State as Stage
from portal.attendance import sheet
from portal.attendance.models import (
    Closing,
    Correction,
    CorrectionState,
    Finding,
    FindingKind,
    Punch,
    PunchCode,
    PunchImport,
    Slot,
)
from portal.cases.models import Case, CaseState
from portal.clue import service as clues
from portal.clue.models import Clue, ClueState
from portal.complaint import service as complaints
from portal.complaint.models import Complaint
from portal.completion_report import page as reports
from portal.completion_report.definitions import Period, Scope
from portal.completion_report.forms import ReportForm
from portal.evaluation.models import Grade, SignedBallot, Tally
from portal.honour import service as honours
from portal.honour.models import Channel, Kind, Level
from portal.kernel import clock, transaction
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db, locked
from portal.leave.models import LeaveRequest
from portal.leave.rules import Span
from portal.people.models import User
from portal.policy import service as policy
from portal.pure.scoring import Category, Rule, Table, rounded
from portal.pure.scoring import Kind as Counts
from portal.pure.scoring import Subject as Scored
from portal.register import attendance as presence
from portal.register import kinds
from portal.register import service as registers
from portal.register.attendance import Mark
from portal.register.models import Presence
from portal.register.service import Content
from portal.score_evidence import collecting, facts
from portal.score_evidence.facts import READERS
from portal.score_table.vocabulary import FACTS
from portal.service_commitment import service as catalogue
from portal.service_commitment.models import ServiceItem
from portal.service_commitment.service import Content as Item
from tests.complaint.conftest import acting, brought
from tests.completion_report.conftest import Rows
from tests.leave.conftest import ask, go_on, hand_over, reload  # noqa: F401
from tests.office import FOUNDED, NOW, SHANGHAI
from tests.score_evidence import month as m

OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)
#: A Tuesday morning: November is over, December has begun.
AFTER = datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI)
#: A Thursday noon, later in December.
LATER = datetime(2026, 12, 10, 12, 0, tzinfo=SHANGHAI)


def at(month: int, day: int, hour: int = 17, minute: int = 30, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def found(source: str, subject: str, month: date = NOVEMBER, now: datetime = LATER) -> list[facts.Found]:
    """The lines of one source; no key twice."""
    with clock.at(now), transaction.act():
        lines = list(facts.read(source, collecting.at(month, now), subject))
    assert len({(each.subject_id, each.key) for each in lines}) == len(lines)
    return lines


def sums(office: Any, fact: str, subject: str, month: date = NOVEMBER, now: datetime = LATER) -> dict[str, D]:
    """What a fact comes to, by the short name of the department or person."""
    names = {i: n for n, i in (office.departments if subject == "department" else office.users).items()}
    total: dict[str, D] = defaultdict(D)
    for each in found(f"fact:{fact}", subject, month, now):
        total[names[each.subject_id]] += each.quantity
    return dict(total)


def both(office: Any, fact: str, month: date = NOVEMBER, now: datetime = LATER) -> tuple[dict[str, D], dict[str, D]]:
    """The same for departments and for persons."""
    return sums(office, fact, "department", month, now), sums(office, fact, "person", month, now)


def put(model: Any, **values: Any) -> int:
    """One row as it is read, however it came about."""
    return int(db.session.execute(insert(model).values(**values).returning(model.id)).scalar_one())


def test_every_fact_that_a_table_may_name_has_a_reader(office):
    assert set(READERS) == set(FACTS)
    assert list(facts.read("hand", collecting.at(NOVEMBER, AFTER), "person")) == []


# --- cases ----------------------------------------------------------------------------------------------------


def tacit(office: Any) -> dict[str, int]:
    """An item with which silence counts as consent."""
    item = db.session.get_one(ServiceItem, office.items["SX-001"])
    version = catalogue.publish(
        SYSTEM, item, Item("基层请示批复", "3wd", "10wd", tacit_consent=True, basis="限时办结规定"), NOW
    )
    return {"item_id": item.id, "promise_version_id": version.id}


def late_cases(office: Any) -> None:
    """Cases of 王敏's window (YW-1), and one of XH, that were over their limit in and around November."""
    rows, clerk = Rows(office), office.users["clerk"]

    def ended(number: str, due: datetime, closed: datetime, late: bool = True, **more: Any) -> None:
        who = {"answered_by_id": clerk, **more}
        rows.case(number=number, due_at=due, closed_at=closed, closed_late=late, received_at=at(10, 12, 9), **who)

    def open_(number: str, due: datetime, **more: Any) -> None:
        rows.case(number=number, due_at=due, received_at=at(10, 12, 9), **more)

    ended("days", at(11, 10), at(11, 12))
    ended("hours", at(11, 11, 12), at(11, 11, 15))
    ended("saturday", at(11, 20), at(11, 21, 10))
    ended("over-october", at(10, 28), at(11, 3, 10))
    ended("first-day", at(10, 30, 12), at(11, 1, 10))
    ended("last-day", at(11, 30, 12), at(11, 30, 16))
    ended("into-december", at(11, 27), at(12, 2, 10))
    ended("december-by-hours", at(11, 30, 12), at(12, 1, 8))
    ended("in-time", at(11, 12), at(11, 12), late=False)
    ended("october", at(10, 28), at(10, 30, 10))
    ended("consent", at(11, 13), at(11, 13), state=CaseState.DEEMED_AGREED, consent_at=at(11, 13), **tacit(office))
    ended("other", at(11, 23), at(11, 24), post="XH-1", answered_by_id=office.users["other"])
    open_("open", at(11, 25))
    open_("stopped-too-late", at(11, 26), stopped=True)
    open_("law-of-next-year", at(11, 27), provisional=True)
    open_("not-yet", at(12, 30))
    open_("waiting", None, stopped=True)  # type: ignore[arg-type]


def by_case(month: date, subject: str = "department", now: datetime = LATER) -> dict[str, D]:
    return {each.matter: each.quantity for each in found("fact:days_overdue", subject, month, now)}


def test_the_days_of_late_cases_are_divided_among_the_months(office, act):
    with act():
        late_cases(office)
    # Working days after the limit: 30 October is a Friday, 1 November a Sunday, 30 November a Monday.
    november = {
        "days": 2,  # 11, 12
        "hours": 1,  # none, but late
        "saturday": 1,  # none, but late
        "over-october": 2,  # 2, 3
        "first-day": 1,  # none, but late
        "last-day": 1,  # none, but late
        "into-december": 1,  # 30
        "consent": 1,  # none, but late
        "other": 1,  # 24
        "open": 3,  # 26, 27, 30
        "stopped-too-late": 2,  # 27, 30: a clock that is stopped after the limit makes nothing timely
        "law-of-next-year": 1,  # 30: its promised limit is certain
    }
    assert by_case(NOVEMBER) == by_case(NOVEMBER, "person") == by_case(NOVEMBER, now=AFTER) == november
    assert by_case(OCTOBER) == {"over-october": 2, "october": 2}  # 29, 30
    # 1 and 2 December; the open ones up to the 10th: eight working days
    assert by_case(DECEMBER) == {
        "into-december": 2, "december-by-hours": 1, "open": 8, "stopped-too-late": 8, "law-of-next-year": 8,
    }  # fmt: skip
    assert both(office, "days_overdue") == ({"YW": D(16), "XH": D(1)}, {"clerk": D(16), "other": D(1)})
    assert {each.identity for each in found("fact:days_overdue", "person") if each.matter in ("days", "consent")} == {
        "overdue:days", "tacit_consent:consent",
    }  # fmt: skip

    # In November ended 8 of YW, one of them in time; late at its end were into-december, december-by-hours and the
    # three open ones: 1 of 13. Of XH 0 of 1.
    rate = D("7.692308")
    assert both(office, "on_time_rate") == ({"YW": rate, "XH": D(0)}, {"clerk": rate, "other": D(0)})
    # In October ended one, late; over-october and first-day were late at its end.
    assert both(office, "on_time_rate", OCTOBER) == ({"YW": D(0)}, {"clerk": D(0)})

    # The page behind each figure lists what it is a share of, whenever it is opened.
    for subject in ("department", "person"):
        for month in (OCTOBER, NOVEMBER):
            for each in found("fact:on_time_rate", subject, month):
                assert (each.endpoint, each.values["figure"]) == ("completion_report.rows", "rate_at_end")
                days = Period(*(date.fromisoformat(each.values[end]) for end in ("first", "last")))
                scope = Scope(**{f"{subject}_id": int(each.values[subject])})
                with clock.at(LATER):
                    said = reports.in_time_of(reports.Asked(ReportForm(None), days, scope, "department"), LATER)
                assert said.endswith(f"，{rounded(each.quantity)}%"), (each, said)

    # A limit in a year whose calendar is not known is none yet.
    with act():
        Rows(office).case(number="unknown", due_at=at(1, 5, year=2027), provisional=True)
    assert "unknown" not in by_case(date(2027, 1, 1), now=at(1, 20, year=2027))


def test_the_open_case_of_a_month_is_of_who_answered_at_its_end(office, act):
    with act():
        Rows(office).case(number="open", due_at=at(11, 26))
        put(
            Absence, user_id=office.users["clerk"], kind=AbsenceKind.ANNUAL, from_at=at(11, 30, 9), to_at=at(12, 1),
        )  # fmt: skip
    assert sums(office, "days_overdue", "person") == {"clerk2": D(2)}  # 27, 30: B for A on the 30th
    assert sums(office, "days_overdue", "person", DECEMBER) == {"clerk": D(8)}
    with act():  # what is corrected leaves: the case ended in time
        db.session.execute(
            update(Case).values(closed_at=at(11, 25), closed_on=date(2026, 11, 25), state=CaseState.COMPLETED)
        )
    assert sums(office, "days_overdue", "person") == {}


def ballots(office: Any, department: str, month: date, grades: tuple[int, ...]) -> None:
    counted = dict(zip(map(str, Grade), grades, strict=True))
    db.session.execute(insert(Tally).values(department_id=office.departments[department], month=month, **counted))


def test_evaluation_is_of_the_closed_cases_of_the_month(office, act):
    with act():
        rows = Rows(office)
        for post, count in (("YW-1", 16), ("XH-1", 10), ("BG-1", 4), ("LD-1", 3)):
            for n in range(count):
                rows.case(post=post, closed_at=at(11, 30 if n % 2 else 1, 17))
        for day in (at(10, 31, 17), at(12, 1, 0, 1)):  # neither the day before nor the day after
            rows.case(post="YW-1", closed_at=day)
        ballots(office, "YW", NOVEMBER, (4, 2, 1, 0, 2))
        ballots(office, "YW", OCTOBER, (0, 0, 0, 0, 9))
        ballots(office, "XH", NOVEMBER, (0, 0, 0, 1, 1))
        ballots(office, "BG", NOVEMBER, (1, 1, 0, 0, 0))
        signed = {"department_id": office.departments["YW"], "month": NOVEMBER, "at": at(11, 20)}
        put(SignedBallot, **signed, grade=Grade.DISSATISFIED, opinion_number="YJ-1")
        untrue = put(SignedBallot, **signed, grade=Grade.VERY_DISSATISFIED, opinion_number="YJ-2")
        db.session.execute(update(SignedBallot).where(SignedBallot.id == untrue).values(untrue_at=at(11, 25)))
    # YW: of 10 ballots that stand 7 are satisfied, 3 bad; 10 of 16 closed cases. The others are too few to be shown:
    # 2 of 10 is under 30 %, 2 of 4 is 50 %, and 3 cases had none.
    assert sums(office, "satisfaction", "department") == {"YW": D("43.75")}  # 7 of 16 closed cases
    assert sums(office, "bad_evaluation", "department") == {"YW": D(3)}
    assert sums(office, "coverage", "department") == {"YW": D("62.5"), "XH": D(0), "BG": D(50), "LD": D(0)}
    assert sums(office, "satisfaction", "department", OCTOBER) == {"YW": D(0)}
    with acting("office") as actor:
        policy.set_value(actor, "score_evidence.satisfaction_base", "ballots", "试行期评议不多", clock.now())
    assert sums(office, "satisfaction", "department") == {"YW": D(70)}  # 7 of 10 ballots
    for fact in ("satisfaction", "coverage", "bad_evaluation"):
        assert sums(office, fact, "person") == {}
        assert sums(office, fact, "department", date(2026, 9, 1)) == {}


# --- attendance -----------------------------------------------------------------------------------------------


def finding(office: Any, number: str, who: str, kind: FindingKind, when: datetime, upheld: bool | None = True) -> None:
    """A finding by the supervision group, concluded by the office."""
    made = put(
        Finding, number=number, user_id=office.users[who], department_id=office.departments["YW"], kind=kind,
        found_at=when, note="巡查", tenths=20, inspected_by_id=office.users["supervisor"], recorded_at=when,
        reply_by=when.date(),
    )  # fmt: skip
    if upheld is not None:
        values = {"upheld": upheld, "concluded_by_id": office.users["office"], "concluded_at": when}
        db.session.execute(update(Finding).where(Finding.id == made).values(**values))


def punched(office: Any) -> int:
    """王敏's punches of 26, 27, 30 November and 1 December, the only days whose data are in."""
    clerk, departments = office.users["clerk"], json.dumps([office.departments["YW"]])
    put(PunchCode, code="0001", user_id=clerk, from_on=NOVEMBER)
    imported = put(
        PunchImport, number="DR-1", file_name="a.csv", sha256="0" * 64, lines=15, punches=14, added=14, repeated=0,
        faults=0, people=1, first_at=at(11, 26, 0, 0), last_at=at(12, 2, 0, 0), departments=departments,
        imported_by_id=office.users["office"], imported_at=LATER,
    )  # fmt: skip
    for day, times in (
        (at(11, 26), ("9:20", "12:00", "13:30", "17:30")),  # 20 minutes late
        (at(11, 27), ("9:00", "12:00")),  # nothing in the afternoon
        (at(11, 30), ("9:09", "12:00", "13:30", "17:00")),  # 9 minutes are within the tolerance; 30 early
        (at(12, 1), ("9:30", "12:00", "13:30", "17:30")),  # December
    ):
        for hour, minute in (time.split(":") for time in times):
            db.session.execute(
                insert(Punch).values(
                    import_id=imported, user_id=clerk, at=day.replace(hour=int(hour), minute=int(minute))
                )
            )
    return imported


def test_punches_and_findings_count_each_half_day_once(office, act):
    with act():
        imported = punched(office)
        finding(office, "JL-1", "clerk", FindingKind.LATE, at(11, 26, 9, 15))  # the punches say so already
        finding(office, "JL-2", "clerk", FindingKind.EARLY, at(11, 27, 16))  # absent by the punches
        finding(office, "JL-3", "clerk", FindingKind.EARLY, at(11, 26, 17))  # nothing in that half day
        finding(office, "JL-4", "clerk2", FindingKind.LATE, at(11, 2, 9, 20))  # has no punches at all
        finding(office, "JL-5", "clerk2", FindingKind.ABSENT, at(11, 30, 15))
        finding(office, "JL-6", "clerk2", FindingKind.LATE, at(11, 3, 9, 20), upheld=False)
        finding(office, "JL-7", "clerk2", FindingKind.LATE, at(11, 4, 9, 20), upheld=None)
        finding(office, "JL-8", "clerk2", FindingKind.ABSENT, at(10, 31, 23, 59))
    # late on the 26th and early on the 30th by the punches, JL-3 and JL-4
    assert both(office, "late_early") == ({"YW": D(4)}, {"clerk": D(3), "clerk2": D(1)})
    # the afternoon of the 27th, and JL-5
    assert both(office, "absent_half_days") == ({"YW": D(2)}, {"clerk": D(1), "clerk2": D(1)})
    assert both(office, "late_early", DECEMBER) == ({"YW": D(1)}, {"clerk": D(1)})
    assert both(office, "absent_half_days", OCTOBER) == ({"YW": D(1)}, {"clerk2": D(1)})
    assert {each.identity for each in found("fact:late_early", "person") if each.matter.startswith("JL")} == {
        "finding:JL-3", "finding:JL-4",
    }  # fmt: skip

    # An approved correction of the afternoon leaves nothing to count but JL-2, which is now alone.
    with act():
        for slot, hour, minute in ((Slot.PM_IN, 13, 30), (Slot.PM_OUT, 17, 30)):
            put(
                Correction, number=f"BK-{slot}", user_id=office.users["clerk"], day=date(2026, 11, 27), slot=slot,
                department_id=office.departments["YW"], at=at(11, 27, hour, minute), reason="设备故障",
                state=CorrectionState.WAITING, asked_by_id=office.users["clerk"], asked_at=at(11, 27, 18),
            )  # fmt: skip
        approved = {"state": CorrectionState.APPROVED, "decided_by_id": office.users["head"], "decided_at": LATER}
        db.session.execute(update(Correction).values(**approved))
    assert sums(office, "absent_half_days", "person") == {"clerk2": D(1)}
    assert sums(office, "late_early", "person") == {"clerk": D(4), "clerk2": D(1)}

    # The sheet as it was closed counts, for the department of then: who moves, and what is undone later, changes
    # nothing of it.
    with act():
        text = json.dumps(sheet.freeze(sheet.make(NOVEMBER, date(2026, 11, 30))))
        put(Closing, month=NOVEMBER, version=1, sheet=text, closed_by_id=office.users["office"], closed_at=LATER)
        moved = {"department_id": office.departments["XH"]}
        db.session.execute(update(User).where(User.id == office.users["clerk"]).values(**moved))
        undone = {"undone_at": LATER, "undone_by_id": office.users["office"], "undo_reason": "文件有误"}
        db.session.execute(update(PunchImport).where(PunchImport.id == imported).values(**undone))
    assert both(office, "late_early") == ({"YW": D(5)}, {"clerk": D(4), "clerk2": D(1)})
    assert both(office, "late_early", DECEMBER) == ({}, {})


def test_off_post_is_a_finding_that_was_upheld(office, act):
    with act():
        finding(office, "JL-1", "clerk", FindingKind.OFF_POST, at(11, 1, 0, 0))
        finding(office, "JL-2", "clerk", FindingKind.GAMES, at(11, 30, 23, 59))
        finding(office, "JL-3", "clerk2", FindingKind.PRIVATE_WORK, at(11, 9, 10))
        finding(office, "JL-4", "clerk2", FindingKind.OFF_POST, at(11, 9, 11), upheld=False)
        finding(office, "JL-5", "clerk2", FindingKind.OFF_POST, at(11, 9, 12), upheld=None)
        finding(office, "JL-6", "clerk2", FindingKind.OTHER, at(11, 9, 13))
        finding(office, "JL-7", "clerk2", FindingKind.OFF_POST, at(12, 1, 0, 0))
        m.clue("finding:JL-2", "attendance", 30, person=office.users["clerk"], post=office.posts["YW-1"])
    assert both(office, "off_post") == ({"YW": D(3)}, {"clerk": D(2), "clerk2": D(1)})
    assert both(office, "off_post", DECEMBER) == ({"YW": D(1)}, {"clerk2": D(1)})
    assert both(office, "late_early") == both(office, "absent_half_days") == ({}, {})

    # The clue of a finding is the same matter: it counts under the first rule alone.
    rules = (
        Rule("clue", "违纪", Counts.OCCURRENCE, D(-1), source=("clue:attendance",)),
        Rule("off", "脱岗", Counts.OCCURRENCE, D(-2), source=("fact:off_post",)),
    )
    table = Table("t", "个人", Scored.PERSON, (Category("a", "纪律", D(100), rules),), D(100))
    with clock.at(LATER), act():
        keys = collecting.pieces(table, collecting.at(NOVEMBER, LATER), [office.users["clerk"]])
    assert sorted((rule, key) for _who, rule, key in keys) == [
        ("clue", "clue:finding:JL-2"), ("off", f"finding:JL-1:{office.users['clerk']}"),
    ]  # fmt: skip


# --- leave and cover ------------------------------------------------------------------------------------------


def test_leave_over_the_end_of_a_month_is_divided(office, act, ask, hand_over, go_on, reload):  # noqa: F811
    time = Span(date(2026, 11, 26), Half.PM, date(2026, 12, 2), Half.AM)
    made = ask("clerk", AbsenceKind.PRIVATE, time)
    ask("clerk2", AbsenceKind.ANNUAL, Span(date(2026, 12, 7), Half.AM, date(2026, 12, 7), Half.PM), sent=False)
    assert both(office, "filed_leave_days") == ({}, {})  # asked for is not granted
    hand_over(made)
    while reload(made).next_step is not None:
        go_on(reload(made))
    # half of Thursday 26, 27, Monday 30; then 1 and half of 2 December
    assert both(office, "filed_leave_days") == ({"YW": D("2.5")}, {"clerk": D("2.5")})
    assert both(office, "filed_leave_days", DECEMBER) == ({"YW": D("1.5")}, {"clerk": D("1.5")})
    assert both(office, "filed_leave_days", OCTOBER) == ({}, {})
    # B answered for the post all the time
    assert both(office, "uncovered_private_days") == ({}, {})

    def end(when: datetime) -> None:
        with act():
            db.session.execute(update(Absence).values(ended_at=when))
            db.session.execute(update(User).values(department_id=office.departments["BG"]))

    end(at(11, 30, 12, 0))  # back at noon of the last day: 26 (half), 27, 30 (half); of YW, wherever one is now
    assert both(office, "filed_leave_days") == ({"YW": D(2)}, {"clerk": D(2)})
    assert both(office, "filed_leave_days", DECEMBER) == ({}, {})
    end(db.session.query(LeaveRequest.from_at).filter_by(number=made.number).scalar())  # cancelled
    assert both(office, "filed_leave_days") == ({}, {})


def test_a_post_without_cover_counts_the_half_days_on_which_nobody_answered(office, act):
    def away(who: str, kind: AbsenceKind, begin: datetime, end: datetime) -> int:
        return put(Absence, user_id=office.users[who], kind=kind, from_at=begin, to_at=end)

    with act():
        private = away("other", AbsenceKind.PRIVATE, at(11, 27, 9, 0), at(12, 2))
        away("other_head", AbsenceKind.SICK, at(11, 30, 13, 30), at(12, 1, 12, 0))
        away("clerk", AbsenceKind.PRIVATE, at(11, 2, 9, 0), at(11, 30))  # B is there
        away("leader", AbsenceKind.OFFICIAL, at(11, 9, 9, 0), at(11, 10))  # neither private nor sick
        away("leader2", AbsenceKind.OFFICIAL, at(11, 9, 9, 0), at(11, 10))
    # Both people of XH are away from the afternoon of 30 November to noon of 1 December: the member's post and the
    # head's had nobody for half a day in each month. The private leave leaves one open, the sick leave the other.
    half = D("0.5")
    for month in (NOVEMBER, DECEMBER):
        assert both(office, "uncovered_private_days", month) == ({"XH": half}, {"other": half})
        assert both(office, "uncovered_sick_days", month) == ({"XH": half}, {"other_head": half})
    # The days to come do not count yet.
    assert both(office, "uncovered_private_days", DECEMBER, at(12, 1, 8, 0)) == ({}, {})
    with act():  # it is the department of the post that was left
        db.session.execute(update(User).values(department_id=office.departments["BG"]))
    assert both(office, "uncovered_private_days") == ({"XH": half}, {"other": half})
    with act():  # back before the head fell ill
        db.session.execute(update(Absence).where(Absence.id == private).values(ended_at=at(11, 30, 13, 0)))
    for fact in ("uncovered_private_days", "uncovered_sick_days"):
        assert both(office, fact) == both(office, fact, DECEMBER) == ({}, {})


def test_absence_from_a_meeting_counts_while_its_entry_stands(office, act, as_actor):
    with act():
        study = {kind.code: kind for kind in kinds.adopt(as_actor("office"), FOUNDED)}["study"]

    def held(on: datetime, marks: dict[str, Presence], file: bool = True) -> Any:
        now = max(on, at(12, 2))
        with clock.at(now), act():
            head = as_actor("head", now)
            made = registers.begin(head, study, office.departments["YW"], Content("学习", on, 90, content="条例"), now)
            said = {office.users[who]: Mark(how) for who, how in marks.items()}
            presence.take(head, made, presence.proposed(made) | said, made.version, now)
            if file:
                registers.file(head, made, now)
        return made

    held(at(11, 2, 9), {"clerk": Presence.ABSENT, "clerk2": Presence.ABSENT})
    struck = held(at(11, 30, 17), {"clerk": Presence.ABSENT})
    held(at(12, 1, 9), {"clerk": Presence.ABSENT})
    held(at(11, 16, 9), {"clerk": Presence.ABSENT}, file=False)  # a draft
    assert both(office, "register_absent") == ({"YW": D(3)}, {"clerk": D(2), "clerk2": D(1)})
    assert both(office, "register_absent", DECEMBER) == ({"YW": D(1)}, {"clerk": D(1)})
    with clock.at(LATER), act():
        registers.strike(as_actor("head", LATER), struck, "重复登记", LATER)
        db.session.execute(update(User).values(department_id=office.departments["BG"]))
    assert both(office, "register_absent") == ({"YW": D(2)}, {"clerk": D(1), "clerk2": D(1)})


# --- praise, complaints, tasks, clues -------------------------------------------------------------------------


def test_praise_suggestions_media_and_honours_count_in_the_month_in_which_they_happened(office, act, as_actor):
    def record(kind: Kind, on: date, level: Level | None = None, **more: Any) -> Any:
        made = honours.record(
            as_actor("supervisor", LATER),
            honours.Content(
                kind, "一事", "某单位", "有据", on, level=level, channel=Channel.CALL,
                **{"department_id": office.departments["YW"], **more},
            ),
            LATER,
        )  # fmt: skip
        honours.confirm(as_actor("office", LATER), made, LATER)
        return made

    clerk, first, last = {"user_id": office.users["clerk"]}, NOVEMBER, date(2026, 11, 30)
    with pytest.MonkeyPatch.context() as patch, clock.at(LATER), act():
        patch.setattr(honours, "SPOKEN", (*honours.SPOKEN, None))  # papers are tested with the room
        record(Kind.PRAISE, first, **clerk)
        both_of = record(Kind.PRAISE, last)
        record(Kind.PRAISE, last, for_department=False, **clerk)
        record(Kind.PRAISE, DECEMBER, **clerk)
        record(Kind.PRAISE, date(2026, 10, 31), **clerk)
        record(Kind.SUGGESTION, last, **clerk)
        record(Kind.MEDIA, last, Level.COUNTY)
        record(Kind.MEDIA, last, Level.CITY)
        record(Kind.MEDIA, last, Level.NATION)
        record(Kind.MEDIA_BAD, last, Level.COUNTY)
        record(Kind.MEDIA_BAD, last, Level.PROVINCE)
        record(Kind.HONOUR, last, Level.COUNTY, **clerk)
        record(Kind.HONOUR, last, Level.PROVINCE)
    assert both(office, "praise") == ({"YW": D(2)}, {"clerk": D(2)})
    expected = {
        "suggestion": ({"YW": D(1)}, {"clerk": D(1)}),
        "media_county": ({"YW": D(1)}, {}),
        "media_city": ({"YW": D(2)}, {}),
        "media_bad_county": ({"YW": D(1)}, {}),
        "media_bad_city": ({"YW": D(1)}, {}),
        "honour_county": ({"YW": D(1)}, {"clerk": D(1)}),
        "honour_city": ({"YW": D(1)}, {}),
    }
    assert {fact: both(office, fact) for fact in expected} == expected
    assert both(office, "praise", DECEMBER) == both(office, "praise", OCTOBER) == ({"YW": D(1)}, {"clerk": D(1)})
    with clock.at(LATER), act():
        honours.withdraw(as_actor("office", LATER), both_of, "登记有误", LATER)
    assert both(office, "praise") == ({"YW": D(1)}, {"clerk": D(2)})


def test_a_complaint_counts_when_it_was_confirmed_and_stands(office):
    number = brought(office, "answered", at(11, 2, 9, 0), person="clerk")
    brought(office, "proposed", at(11, 3, 9, 0), person="clerk")  # not approved
    brought(office, "approved", at(12, 1, 9, 0))  # December; about nobody by name
    assert both(office, "confirmed_complaint") == ({"YW": D(1)}, {"clerk": D(1)})
    assert both(office, "confirmed_complaint", DECEMBER) == ({"YW": D(1)}, {})
    assert [each.identity for each in found("fact:confirmed_complaint", "person")] == [f"complaint/{number}/confirmed"]
    with clock.at(LATER), acting("office", LATER) as actor:
        complaints.reverse(actor, locked(Complaint, number=number), "复查后不属实", LATER)
    assert both(office, "confirmed_complaint") == ({}, {})


def test_clues_count_as_long_as_they_stand(office, act):
    """Tasks past their date and late cases, as their clues tell them."""
    yw, clerk = office.posts["YW-1"], office.users["clerk"]
    with act():
        for key, instant in (
            ("first", at(11, 1, 0, 0)), ("last", at(11, 30, 23, 59)), ("before", at(10, 31, 23, 59)),
            ("after", at(12, 1, 0, 0)), ("withdrawn", at(11, 5)), ("dismissed", at(11, 5)), ("pending", at(11, 6)),
            ("confirmed", at(11, 6)), ("cleared", at(11, 6)), ("lifted", at(11, 6)),
        ):  # fmt: skip
            m.clue(key, "overdue_task", 0, person=clerk, post=yw, at=instant)
        clues.withdraw("withdrawn", None, LATER, LATER)
        reported = clues.raise_by_hand(
            m.actor("supervisor", LATER), "overdue_task", "没有完成", LATER, post_id=yw, person_id=clerk,
            source="inspection", at=at(11, 9),
        )  # fmt: skip
    assert both(office, "task_overdue") == ({"YW": D(7)}, {"clerk": D(7)})  # all of November but the withdrawn one

    def taken_up(key: str, stage: Stage, confirmed: bool | None, outcome: Outcome | None = None) -> None:
        number = f"ZR-{key}"
        made = put(
            Proceeding, number=number, title="未办", summary="未办", origin=Origin.CLUE, registered_at=LATER,
            registered_by_id=office.users["office"],
        )  # fmt: skip
        part = put(Subject, proceeding_id=made, user_id=clerk)
        db.session.execute(
            update(Subject).where(Subject.id == part).values(heard_at=LATER, confirmed=confirmed, outcome=outcome)
        )
        db.session.execute(update(Proceeding).where(Proceeding.id == made).values(state=stage))
        db.session.execute(
            update(Clue).where(Clue.key == key).values(state=ClueState.IN_PROCEEDING, proceeding_number=number)
        )

    with act():
        gone = {"state": ClueState.DISMISSED, "dismissed_at": LATER, "dismissal": "情况属实但有准假"}
        gone["dismissed_by_id"] = office.users["office"]
        db.session.execute(update(Clue).where(Clue.key == "dismissed").values(**gone))
        taken_up("pending", Stage.FOUND, False)  # nobody was told yet
        taken_up("confirmed", Stage.TOLD, True)
        taken_up("cleared", Stage.TOLD, False)
        taken_up("lifted", Stage.REVIEWING, True, Outcome.LIFTED)
        taken_up(reported.key, Stage.REGISTERED, None)  # what somebody reported counts once it is looked into
    keys = {"clue:first", "clue:last", "clue:pending", "clue:confirmed", f"clue:{reported.key}"}
    for source in ("fact:task_overdue", "clue:overdue_task"):
        for subject, who in (("department", office.departments["YW"]), ("person", clerk)):
            assert {(each.subject_id, each.key) for each in found(source, subject)} == {(who, key) for key in keys}
    assert [each.key for each in found("fact:task_overdue", "person", DECEMBER)] == ["clue:after"]
    assert [each.key for each in found("fact:task_overdue", "person", OCTOBER)] == ["clue:before"]
    assert found("clue:nonsense", "person") == found("clue:overdue", "person") == []


def test_one_matter_under_several_sources_counts_under_the_first_rule_alone(office, act):
    with act():
        late_cases(office)
        for key, kind in (("overdue:days", "overdue"), ("tacit_consent:consent", "tacit_consent")):
            m.clue(key, kind, 13, post=office.posts["YW-1"])
    rules = (
        Rule("late", "超期", Counts.OCCURRENCE, D(-1), source=("clue:overdue", "clue:tacit_consent")),
        Rule("days", "超期天数", Counts.PER_DAY, D(-1), source=("fact:days_overdue",)),
        Rule("again", "超期天数", Counts.PER_DAY, D(-1), source=("fact:days_overdue",)),
        Rule("rate", "按期率", Counts.BAND, source=("fact:on_time_rate",)),
        Rule("bar", "否决", Counts.DISQUALIFY, source=("fact:days_overdue",)),
    )
    table = Table("t", "窗口", Scored.DEPARTMENT, (Category("a", "业务", D(100), rules),), D(100))
    yw = office.departments["YW"]
    with clock.at(LATER), act():
        pieces = collecting.pieces(table, collecting.at(NOVEMBER, LATER), [yw])
    of: dict[str, set[str]] = defaultdict(set)
    for who, rule, _key in pieces:
        assert who == yw  # the other department is not asked about
        of[rule].add(pieces[who, rule, _key].found.identity)
    assert of["late"] == {"overdue:days", "tacit_consent:consent"}
    assert len(of["days"]) == 9  # eleven late cases of YW, two of them told by clues
    assert of["days"].isdisjoint(of["late"])
    assert "again" not in of
    assert of["rate"] == {"on_time_rate:2026-11"}
    assert len(of["bar"]) == 11
