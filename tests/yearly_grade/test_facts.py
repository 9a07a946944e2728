"""What a year is counted from: months with yearly lines, honours, reports on duty, decisions (E-4, E-5, A-4)."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from decimal import Decimal as D

from werkzeug.datastructures import FileStorage

from portal.ab_post import service as ab
from portal.ab_post.models import AbsenceKind
from portal.clue.models import Clue
from portal.duty_report import queries as duty_reports
from portal.duty_report import service as duty
from portal.duty_report.models import Grade as DutyGrade
from portal.honour import service as honours
from portal.honour.models import Kind, Level
from portal.kernel import transaction
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db
from portal.pure.eligibility import Hindrance
from portal.pure.scoring import Subject
from portal.score_evidence import eligibility
from portal.yearly_grade import paper, service
from portal.yearly_grade.models import YearlyRow
from tests.accountability.conftest import Story as Matter
from tests.monthly_result.conftest import BAD, GOOD, in_force, october_of, settled
from tests.monthly_result.test_verbs import through
from tests.office import NOW, SHANGHAI


def by_department(ids, code: str) -> YearlyRow:
    return db.session.query(YearlyRow).filter_by(department_id=ids.departments[code], user_id=None).one()


def test_departments_by_their_months_and_decisions(story, office):
    october_of(office)
    through()
    matter = Matter(office).register(people_=(), departments=("YW",)).told("award_lost", severity="serious")
    story.prepared(Subject.DEPARTMENT)
    story.do(service.compute, "office", subject=Subject.DEPARTMENT)
    found = {code: by_department(office, code) for code in ("YW", "BG", "XH", "LD")}
    # Average of one month; three grades, 20 % of 4 is none.
    assert {c: (r.total, r.place, r.grade) for c, r in found.items()} == {
        "YW": (D("100.50"), 1, "合格"), "BG": (D("100.00"), 2, "合格"), "XH": (D("98.00"), 3, "合格"),
        "LD": (D("98.00"), 3, "合格"),
    }  # fmt: skip
    letter = matter.get().subjects[0].letter_number
    assert found["YW"].reasons == [f"因责任追究失去评先资格（{letter}）"]
    assert (found["YW"].bonus_cut, found["BG"].bonus_cut) == (100, 0)
    assert found["YW"].content["months"] == [["2026-10", "100.5"]]
    said = paper.content(story.get(Subject.DEPARTMENT))
    assert said.rows[0] == ["1", "综合业务科", "100.5", "合格"]
    assert ["各月平均分", "100.5", "", ""] in paper.sheet(found["YW"]).parts


def test_persons_by_months_ballots_duty_and_honours(story, office):
    clerk, clerk2 = office.users["clerk"], office.users["clerk2"]
    in_force(Subject.PERSON)
    settled(Subject.PERSON, {clerk: [GOOD], clerk2: [BAD]})
    through(Subject.PERSON)
    with transaction.act():
        made = duty.prepare(story.who("office"), 2026, date(2026, 11, 18), date(2026, 11, 18), NOW)
        duty.open_round(story.who("office"), made, NOW)
    for report in db.session.scalars(duty_reports.reports(made.id)):
        if report.user_id == clerk:
            with transaction.act():
                duty.submit(
                    story.who("clerk"), report, dict.fromkeys(("duties", "limits", "problems", "plan"), "尽责"), NOW
                )
            for assessor, grade in (
                ("clerk2", DutyGrade.EXCELLENT),
                ("head", DutyGrade.COMPETENT),
                ("leader", DutyGrade.BASIC),
            ):
                with transaction.act():
                    duty.assess(story.who(assessor), report, grade, "", NOW)
    with transaction.act():
        duty.close(story.who("office"), made, NOW + timedelta(days=1))
    what = honours.Content(
        kind=Kind.HONOUR, level=Level.CITY, title="先进个人", given_by="市科协", facts="市级表彰",
        happened_on=date(2026, 11, 2), department_id=office.departments["YW"], user_id=clerk,
    )  # fmt: skip
    with transaction.act():
        given = honours.record(story.who("office"), what, NOW, [FileStorage(io.BytesIO(b"%PDF-1.4 x"), "a.pdf")])
    with transaction.act():
        honours.confirm(story.who("supervisor"), given, NOW)
    story.counted(leader=1)
    Matter(office).register(people_=("clerk",)).told("admonition", "self_examination")
    story.do(service.compute, "office")
    row = story.row("clerk")
    assert row.content["parts"] == {
        "months": "100.50",
        "ballots": "87.50",  # peers 90·40, heads (90 + 80)/2 = 85·40: 87.5
        "clients": None,
        "duty": "76.67",  # (90 + 80 + 60) / 3
    }
    # Shares per 10,000: months 5000, ballots 40 % · 80 of 100 = 3200, clients 800 (missing), duty 1000; 9200 in all.
    # (100.5·5000 + 87.5·3200 + 76.67·1000) / 9200 = 859170 / 9200 = 93.3880… → 93.39, and 1.5 for a city's honour.
    assert row.total == D("94.89")
    assert row.bonus_cut == 15  # admonition 10, self-examination 5
    assert story.row("clerk2").content["parts"]["months"] == "98.00"
    sheet = paper.sheet(row)
    assert [given.number] == [note for name, _mark, _share, note in sheet.parts if name == "荣誉加分"]
    assert sorted(cut for _number, _what, cut in sheet.bonus) == ["扣 10%", "扣 5%"]
    # An admonition and a warning in one year: the award and the bonus are lost.
    Matter(office).register(people_=("clerk",)).told("efficiency_warning", severity="serious")
    story.do(service.compute, "office")
    assert story.row("clerk").bonus_cut == 100
    assert [r.hindrance for r in eligibility.reasons(clerk, year=2026)] == [Hindrance.AWARD_LOST]


def test_eligibility_reads_service_leave_complaints_and_decisions(story, office):
    clerk, head = office.users["clerk"], office.users["head"]
    assert eligibility.reasons(clerk, month=date(2026, 11, 1)) == []  # three months on the last of November
    assert [r.hindrance for r in eligibility.reasons(clerk, month=date(2026, 10, 1))] == [Hindrance.SHORT_SERVICE]
    assert eligibility.reasons(clerk, year=2026) == []  # two months by the policy of these tests
    assert [r.hindrance for r in eligibility.reasons(office.users["supervisor"], year=2026)] == []
    assert [r.hindrance for r in eligibility.reasons(office.users["auditor"], year=2026)] == [Hindrance.NO_SERVICE]
    begin = datetime(2026, 11, 20, 9, 0, tzinfo=SHANGHAI)
    with transaction.act():
        ab.record_absence(
            SYSTEM, head, AbsenceKind.PRIVATE, begin, begin + timedelta(days=31), NOW
        )  # fmt: skip
    found = eligibility.reasons(head, year=2026)
    assert [r.hindrance for r in found] == [Hindrance.PRIVATE_LEAVE]
    assert found[0].amount > 20
    assert "超过 20 天" in eligibility.words(found[0])
    story_ = Matter(office)
    story_.clue(kind="confirmed_complaint")
    month = eligibility.reasons(clerk, month=date(2026, 11, 1))
    assert [(r.hindrance, r.amount, r.limit) for r in month] == [(Hindrance.COMPLAINTS, D(1), D(1))]
    assert eligibility.reasons(clerk, year=2026) == []  # one of three
    # The proceeding clears the person: the complaint no longer counts.
    key = db.session.query(Clue).one().id
    story_.register(clue_ids=[key]).told()
    assert eligibility.reasons(clerk, month=date(2026, 11, 1)) == []
