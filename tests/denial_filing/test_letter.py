"""The written decision, its delivery, and the papers (D-5, D-2, N-6, T-8)."""

from __future__ import annotations

import io

import pytest
from docx import Document
from sqlalchemy import select

from portal.cases.models import Case, CaseState
from portal.denial_filing.models import Filing
from portal.denial_filing.rules import Verdict
from portal.denial_filing.service import Meeting
from portal.kernel import clock, transaction
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db
from portal.kernel.journal import JournalEntry
from tests.denial_filing.conftest import GOOD
from tests.office import NOW, later


def filing(app, number="FD-2026-0001"):
    with app.app_context():
        return db.session.scalars(select(Filing).where(Filing.number == number)).one()


def case_of(app, number="SX-2026-0001"):
    with app.app_context():
        return db.session.scalars(select(Case).where(Case.number == number)).one()


@pytest.mark.parametrize(
    ("refusal", "authority", "title", "state"),
    [
        ("not_accepted", "", "不予受理通知书", CaseState.DENIED),
        ("deferred", "", "暂不予受理通知书", CaseState.DENIED),
        ("not_approved", "", "不予批准决定书", CaseState.DENIED),
        ("not_ours", "市民政局，市民中心 2 楼", "非本单位职责告知书", CaseState.RETURNED),
    ],
)
def test_issue_closes_the_case_with_a_numbered_letter(app, login, stage, refusal, authority, title, state):
    number = stage.filed(refusal=refusal, authority=authority)
    stage.decide(number)
    clerk = login("clerk")
    assert title in clerk.get(f"/denial-filings/{number}/issue").get_data(as_text=True)
    assert clerk.post(f"/denial-filings/{number}/issue").status_code == 303
    found, case = filing(app), case_of(app)
    assert (found.letter_number, case.state) == ("BS-2026-0001", state)
    assert found.objection, "where to object"
    assert clerk.post(f"/denial-filings/{number}/issue").status_code == 409
    page = clerk.get(f"/denial-filings/{number}/letter").get_data(as_text=True)
    for text in (
        title,
        "BS-2026-0001",
        "2026 年 11 月 18 日",
        "盖章处",
        GOOD["reason"],
        GOOD["basis"],
        found.objection,
    ):
        assert text in page
    assert (authority in page) if authority else True
    assert "周建国" in page


@pytest.mark.parametrize("verdict", [None, Verdict.CORRECT, Verdict.SUPPLEMENT, Verdict.ESCALATE])
def test_there_is_no_letter_without_agreement(app, login, stage, verdict):
    number = stage.filed()
    if verdict:
        stage.decide(number, verdict)
    for path in ("issue", "deliver"):
        assert login("clerk").get(f"/denial-filings/{number}/{path}").status_code == 409
        assert login("clerk").post(f"/denial-filings/{number}/{path}").status_code == 409
    assert login("clerk").get(f"/denial-filings/{number}/letter").status_code == 404
    assert case_of(app).state is CaseState.RECEIVED


def test_only_the_handler_issues_and_never_who_decided(app, login, ids, stage):
    from datetime import date

    from portal.ab_post import service as ab
    from portal.ab_post.models import AbsenceKind, Letter
    from portal.post_duty.models import Post

    number = stage.filed()
    stage.decide(number)
    assert login("leader").post(f"/denial-filings/{number}/issue").status_code == 403
    assert login("clerk2").post(f"/denial-filings/{number}/issue").status_code == 403
    assert login("other").post(f"/denial-filings/{number}/issue").status_code == 404
    with app.app_context(), transaction.act():
        post = db.session.get_one(Post, ids.posts["YW-1"])
        ab.assign(SYSTEM, post, Letter.B, ids.users["leader"], date(2026, 11, 1), date(2026, 11, 1), NOW)
        ab.record_absence(SYSTEM, ids.users["clerk"], AbsenceKind.OFFICIAL, NOW, later(hours=8), NOW, emergency=True)
    answer = login("leader").post(f"/denial-filings/{number}/issue")
    assert answer.status_code == 403
    assert "审批报备的人" in answer.get_data(as_text=True)
    assert case_of(app).state is CaseState.RECEIVED


def test_an_overdue_case_needs_its_statement(app, login, stage):
    case = stage.case("SX-002", accept=True)
    number = stage.file(case)
    stage.decide(number)
    with clock.at(later(hours=10)):
        clerk = login("clerk")
        assert "超期原因说明" in clerk.get(f"/denial-filings/{number}/issue").get_data(as_text=True)
        assert clerk.post(f"/denial-filings/{number}/issue", data={"statement": "\u3000"}).status_code == 422
        assert case_of(app).state is CaseState.ACCEPTED
        assert clerk.post(f"/denial-filings/{number}/issue", data={"statement": "等待核查"}).status_code == 303
    assert case_of(app).overdue_statement == "等待核查"


def deliver(client, number, **fields):
    data = {"how": "handed", "to": "周建国", "on": "2026-11-18", "materials_returned": "申请书 2 份", **fields}
    return client.post(f"/denial-filings/{number}/deliver", data=data)


@pytest.mark.parametrize(
    "bad",
    [
        {"how": ""},
        {"how": "pigeon"},
        {"to": "\u3000"},
        {"to": "字" * 61},
        {"on": ""},
        {"on": "2026-11-17"},
        {"on": "2026-11-19"},
        {"on": "9999-12-31"},
        {"on": "昨天"},
        {"materials_returned": "甲\0"},
    ],
)
def test_bad_input_of_the_delivery(app, login, stage, bad):
    number = stage.filed()
    stage.decide(number)
    stage.issue(number)
    assert deliver(login("clerk"), number, **bad).status_code == 422
    assert filing(app).delivered_on is None


def test_delivery_is_recorded_once_and_late_is_flagged(app, login, stage):
    for number, at, on, late in (
        ("FD-2026-0001", NOW, "2026-11-18", False),
        ("FD-2026-0002", later(days=7), "2026-11-25", False),
        ("FD-2026-0003", later(days=8), "2026-11-26", True),
    ):
        stage.filed()
        stage.decide(number)
        stage.issue(number)
        with clock.at(at):
            client = app.test_client() if at != NOW else login("clerk")
            if at != NOW:
                client = _again(app, login, at)
            assert deliver(client, number, on=on).status_code == 303
            assert deliver(client, number, on=on).status_code == 409
        with app.app_context():
            entry = db.session.scalars(
                select(JournalEntry)
                .where(JournalEntry.event == "denial_filing.delivered")
                .order_by(JournalEntry.seq.desc())
            ).first()
            assert entry.fact()["late"] is late
    found = filing(app)
    assert (found.delivered_how, found.delivered_to, found.materials_returned) == ("handed", "周建国", "申请书 2 份")


def _again(app, login, at):
    """The clerk's session, still alive at a later instant."""
    from sqlalchemy import update

    from portal.people.models import UserSession

    client = login("clerk")
    with app.app_context(), transaction.act():
        db.session.execute(update(UserSession).values(seen_at=at))
    return client


def text_of(answer):
    document = Document(io.BytesIO(answer.data))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


def test_the_letter_as_docx(app, login, stage):
    number = stage.filed()
    stage.decide(number)
    stage.issue(number)
    answer = login("clerk").get(f"/denial-filings/{number}/letter.docx")
    assert answer.status_code == 200
    text = text_of(answer)
    for part in (
        "不予受理通知书", "BS-2026-0001", "周建国：", "SX-2026-0001", GOOD["situation"], GOOD["reason"], GOOD["basis"],
        "取得一年以上使用权后再次申请", "2026 年 11 月 18 日", "（盖章处）", filing(app).objection,
        "示例市科学技术协会",
    ):  # fmt: skip
        assert part in text, part


def test_the_form_holds_opinions_decision_delivery_and_returned_papers(app, login, stage):
    number = stage.filed(grave=True)
    stage.decide(number, Verdict.ESCALATE, opinion="建议不予受理")
    meeting = Meeting(clock.local(NOW).date(), "会议研究，同意")
    stage.decide(number, Verdict.AGREE, "principal", opinion="按会议意见办", meeting=meeting)
    stage.issue(number)
    assert deliver(login("clerk"), number).status_code == 303
    docx = text_of(login("office").get(f"/denial-filings/{number}/form.docx"))
    page = login("office").get(f"/denial-filings/{number}/form").get_data(as_text=True)
    for part in (
        "否定报备登记表", number, "周建国", "13800001234", "科普教育基地认定", "不予受理", "不符合法定条件",
        GOOD["situation"], GOOD["reason"], GOOD["basis"], GOOD["department_opinion"], "建议不予受理", "陈静",
        "会议研究，同意", "按会议意见办", "何平", "BS-2026-0001", "当面送达", "申请书 2 份",
    ):  # fmt: skip
        assert part in docx, part
        assert part in page, part


def test_the_form_of_an_undecided_filing(app, login, stage):
    number = stage.filed()
    assert "待分管领导审批" in text_of(login("leader").get(f"/denial-filings/{number}/form.docx"))
    assert login("other").get(f"/denial-filings/{number}/form.docx").status_code == 404


def test_the_archive_file_lists_form_letter_and_delivery(app, login, stage):
    number = stage.filed()
    stage.decide(number)
    stage.issue(number)
    page = login("clerk").get("/cases/SX-2026-0001/archive").get_data(as_text=True)
    assert all(t in page for t in ("否定报备登记表", "不予受理通知书", "送达回证"))
