"""File, amend, recall: who, when, with what (D-1, D-2, D-4)."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.cases.models import Case, CaseState
from portal.denial_filing import queries
from portal.denial_filing.models import Filing, FilingState
from portal.denial_filing.rules import Verdict
from portal.kernel import clock, transaction
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db
from portal.kernel.files import Attachment
from portal.kernel.journal import JournalEntry
from portal.kernel.verification import verify
from tests.denial_filing.conftest import GOOD
from tests.office import NOW, later


def one(app, number="FD-2026-0001"):
    with app.app_context():
        return db.session.scalars(select(Filing).where(Filing.number == number)).one()


def count(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Filing))


def events(app, tag):
    with app.app_context():
        return db.session.scalar(select(func.count()).where(JournalEntry.event == f"denial_filing.{tag}"))


def test_file_goes_to_the_leader_in_charge_with_both_deadlines(app, login, ids, stage):
    number = stage.case()
    answer = login("clerk").post(f"/cases/{number}/denial-filing", data=GOOD)
    assert answer.status_code == 303
    assert answer.location == "/denial-filings/FD-2026-0001"
    found = one(app)
    assert found.state is FilingState.WAITING_LEADER
    assert found.decider_post_id == ids.posts["LD-1"]
    assert clock.local(found.decide_by).isoformat() == "2026-11-19T17:30:00+08:00"
    assert found.deliver_by.isoformat() == "2026-11-25"
    assert (found.reason, found.alternatives) == (GOOD["reason"], GOOD["alternatives"])
    assert events(app, "filed") == 1


def test_a_filing_stops_no_clock(app, stage):
    number = stage.case(accept=True)
    with app.app_context():
        before = db.session.scalar(select(Case.due_at).where(Case.number == number))
    stage.file(number)
    with app.app_context():
        after = db.session.execute(select(Case.due_at, Case.stopped, Case.state).where(Case.number == number)).one()
    assert after == (before, False, CaseState.ACCEPTED)


def test_the_limit_of_the_case_is_the_leaders_too(app, stage):
    number = stage.case("SX-002", accept=True)  # on the spot: due today
    stage.file(number)
    assert clock.local(one(app).decide_by).isoformat() == "2026-11-18T17:30:00+08:00"


def test_without_a_leader_in_charge_it_goes_straight_to_the_principal(app, ids, stage):
    from portal.post_duty import service as posts
    from portal.post_duty.models import Post

    with app.app_context(), transaction.act():
        posts.charge(SYSTEM, db.session.get_one(Post, ids.posts["LD-1"]), [], NOW)
    found = one(app, stage.filed())
    assert (found.state, found.decider_post_id) == (FilingState.WAITING_PRINCIPAL, ids.posts["LD-0"])
    with app.app_context():
        assert queries.decider(one(app), NOW).user_id == ids.users["principal"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"refusal": ""}, "请选择拟作出的答复。"),
        ({"refusal": "denied"}, "请选择拟作出的答复。"),
        ({"ground": "x"}, "请选择否定的种类。"),
        ({"situation": ""}, "请写明事实情况。"),
        ({"reason": "\u3000 \u3000"}, "请写明否定的理由。"),
        ({"basis": " "}, "请写明依据，具体到条款。"),
        ({"alternatives": ""}, "请写明服务对象还可以怎样办"),
        ({"department_opinion": "\u3000"}, "请写明科室意见。"),
        ({"reason": "字" * 10_000}, "最多 2000 个字，现有 10000 个。"),
        ({"reason": "甲\0乙"}, "含有无法保存的字符"),
        ({"authority": "字" * 201}, "最多 200 个字"),
        ({"refusal": "not_ours"}, "不属本单位职责的，请写明主管机关、地点和联系方式。"),
    ],
)
def test_bad_input_is_told_at_its_field_and_kept(app, login, stage, changes, message):
    number = stage.case()
    answer = login("clerk").post(f"/cases/{number}/denial-filing", data={**GOOD, **changes})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert message in page
    assert GOOD["situation"] in page or "situation" in changes, "what was typed stays"
    assert count(app) == 0


@pytest.mark.parametrize("text", ["场所🈚消防设施", "𠮷田食品不符合条件", "甲\n乙", "<b>“理由”</b>"])
def test_every_sign_that_can_be_stored_is(app, login, stage, text):
    number = stage.case()
    assert login("clerk").post(f"/cases/{number}/denial-filing", data={**GOOD, "reason": text}).status_code == 303
    assert one(app).reason == text
    assert "<b>“理由”</b>" not in login("leader").get("/denial-filings/FD-2026-0001").get_data(as_text=True)


def test_only_who_answers_for_the_post_files(app, login, stage):
    number = stage.case()
    assert login("clerk2").post(f"/cases/{number}/denial-filing", data=GOOD).status_code == 403, "B while A is present"
    assert login("head").post(f"/cases/{number}/denial-filing", data=GOOD).status_code == 403
    assert login("other").get(f"/cases/{number}/denial-filing").status_code == 404, "a foreign case looks missing"
    assert login("office").post(f"/cases/{number}/denial-filing", data=GOOD).status_code == 403
    assert login("clerk").post("/cases/SX-2026-9999/denial-filing", data=GOOD).status_code == 404
    assert count(app) == 0


def test_one_filing_at_a_time_and_none_for_a_closed_case(app, login, stage):
    number = stage.case()
    stage.file(number)
    clerk = login("clerk")
    assert clerk.get(f"/cases/{number}/denial-filing").status_code == 409
    answer = clerk.post(f"/cases/{number}/denial-filing", data=GOOD)
    assert answer.status_code == 409
    assert "FD-2026-0001" in answer.get_data(as_text=True)
    stage.decide("FD-2026-0001")
    assert clerk.post(f"/cases/{number}/denial-filing", data=GOOD).status_code == 409, "agreed: the letter is due"
    stage.issue("FD-2026-0001")
    assert clerk.post(f"/cases/{number}/denial-filing", data=GOOD).status_code == 409, "closed"
    assert count(app) == 1


def test_after_a_correction_new_facts_may_be_filed_but_not_before_an_ordered_notice(app, login, stage):
    first, second = stage.case(), stage.case()
    stage.decide(stage.file(first), Verdict.CORRECT)
    assert login("clerk").post(f"/cases/{first}/denial-filing", data=GOOD).status_code == 303
    stage.decide(stage.file(second), Verdict.SUPPLEMENT)
    assert login("clerk").post(f"/cases/{second}/denial-filing", data=GOOD).status_code == 409


def test_amend_makes_a_new_edition_and_keeps_the_deadline(app, login, stage):
    number = stage.filed()
    before = one(app).decide_by
    clerk = login("clerk")
    page = clerk.get(f"/denial-filings/{number}/amend").get_data(as_text=True)
    assert GOOD["reason"] in page
    with clock.at(later(minutes=20)):
        assert (
            clerk.post(f"/denial-filings/{number}/amend", data={**GOOD, "edition": 1, "reason": "新"}).status_code
            == 303
        )
        stale = clerk.post(f"/denial-filings/{number}/amend", data={**GOOD, "edition": 1, "reason": "旧稿"})
        same = clerk.post(f"/denial-filings/{number}/amend", data={**GOOD, "edition": 2, "reason": "新"})
    assert (stale.status_code, same.status_code) == (409, 422)
    found = one(app)
    assert (found.edition, found.reason, found.decide_by) == (2, "新", before)
    assert events(app, "amended") == 1


def test_amend_and_recall_end_with_the_decision(app, login, stage):
    number = stage.filed()
    clerk = login("clerk")
    assert login("leader").post(f"/denial-filings/{number}/amend", data={**GOOD, "edition": 1}).status_code == 403
    assert clerk.post(f"/denial-filings/{number}/recall", data={"reason": "\u3000"}).status_code == 422
    stage.decide(number, Verdict.CORRECT)
    assert clerk.post(f"/denial-filings/{number}/amend", data={**GOOD, "edition": 1, "reason": "新"}).status_code == 409
    assert clerk.post(f"/denial-filings/{number}/recall", data={"reason": "不报了"}).status_code == 409
    assert one(app).state is FilingState.CORRECTED


def test_recall_lets_the_case_go_on(app, login, stage):
    case = stage.case()
    number = stage.file(case)
    assert login("clerk").post(f"/denial-filings/{number}/recall", data={"reason": "申请人补了材料"}).status_code == 303
    assert one(app).state is FilingState.RECALLED
    assert login("leader").post(f"/denial-filings/{number}/decide", data={"verdict": "agree"}).status_code == 409
    assert login("clerk").post(f"/cases/{case}/denial-filing", data=GOOD).status_code == 303


def test_what_was_escalated_as_grave_stays_grave(app, login, stage):
    number = stage.filed(grave=True)
    stage.decide(number, Verdict.ESCALATE)
    answer = login("clerk").post(f"/denial-filings/{number}/amend", data={**GOOD, "edition": 1})
    assert answer.status_code == 422
    assert one(app).grave


PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def test_files_are_kept_and_only_readers_of_the_filing_get_them(app, login, stage):
    case = stage.case()
    data = {**GOOD, "files": [(io.BytesIO(PDF), "现场核查记录.pdf")]}
    assert login("clerk").post(f"/cases/{case}/denial-filing", data=data).status_code == 303
    with app.app_context():
        kept = db.session.scalars(select(Attachment)).one()
        assert (kept.owner_type, kept.name) == ("denial_filing", "现场核查记录.pdf")
        assert verify().ok
    path = f"/denial-filings/FD-2026-0001/files/{kept.id}"
    for who in ("clerk", "leader", "principal", "office", "supervisor", "head"):
        answer = login(who).get(path)
        assert (answer.status_code, answer.data) == (200, PDF), who
        assert answer.headers["Content-Disposition"].startswith("attachment")
    assert login("other").get(path).status_code == 404
    assert login("sysadmin").get(path).status_code == 403
    second = stage.filed()
    assert login("clerk").get(f"/denial-filings/{second}/files/{kept.id}").status_code == 404, "of another filing"


def test_a_file_that_is_none_is_refused_and_nothing_is_written(app, login, stage):
    case = stage.case()
    data = {**GOOD, "files": [(io.BytesIO(b"MZ\x90\0" * 40), "a.exe")]}
    assert login("clerk").post(f"/cases/{case}/denial-filing", data=data).status_code == 422
    assert count(app) == 0


def test_the_same_submission_eight_times_is_one_filing(app, login, stage):
    case = stage.case()
    data = {**GOOD, "_key": "k" * 20}
    answers = [login("clerk").post(f"/cases/{case}/denial-filing", data=data) for _ in range(8)]
    assert {a.status_code for a in answers} == {303}
    assert {a.location for a in answers} == {"/denial-filings/FD-2026-0001"}
    assert count(app) == 1


def test_a_client_who_withdraws_lets_the_filing_fall(app, login, stage):
    from portal.cases import second_person
    from portal.cases.models import ProposalKind
    from portal.kernel.db import locked
    from portal.people import queries as people

    case = stage.case()
    number = stage.file(case)
    with app.app_context(), transaction.act():
        clerk = people.actor_by_username("clerk", NOW)
        found = locked(Case, number=case)
        proposal = second_person.propose(clerk, found, ProposalKind.WITHDRAW, "申请人撤回", True, "", NOW)
        second_person.decide(people.actor_by_username("head", NOW), proposal.id, True, "", NOW)
    answer = login("leader").post(
        f"/denial-filings/{number}/decide", data={"verdict": "agree", "edition": 1, "opinion": "同意"}
    )
    assert answer.status_code == 409
    assert one(app).state is FilingState.WAITING_LEADER, "derived, never decided"
    assert "已失效" in login("leader").get(f"/denial-filings/{number}").get_data(as_text=True)
    with app.app_context():
        assert queries.waiting(NOW + timedelta(days=1)) == []
