"""O-5: a card says what was promised, never changes, is valid once a case, and anybody can check it."""

from __future__ import annotations

import io
import re

import pytest
from docx import Document
from openpyxl import load_workbook

from portal.cases import service as case_service
from portal.kernel import clock, journal, transaction
from portal.kernel.db import db
from portal.kernel.errors import Conflict, NotAllowed
from portal.policy import service as policy
from portal.post_duty.models import Post
from portal.service_commitment import queries as catalogue
from portal.supervision_card import queries, service
from portal.supervision_card.models import SupervisionCard
from portal.supervision_card.service import Content
from tests.office import NOW, later

SAID = Content("凭卡投诉", "综合业务科 业务受理岗", "0543-1234567", "督查岗 0543-7654321")


@pytest.fixture
def case(office, act, as_actor):
    """An accepted case of the clerk."""
    with act():
        made = case_service.open_case(
            as_actor("clerk"),
            NOW,
            matter="科普教育基地认定",
            client=case_service.Client("某中学", "周小明", "13800001234"),
            item=catalogue.by_id(office.items["SX-001"]),
            received=(1, 2, 3),
        )
        case_service.accept(as_actor("clerk"), made, NOW)
    return made


@pytest.fixture
def card(case, act, as_actor):
    """Its card."""
    with act():
        return service.issue_for_case(as_actor("clerk"), case, SAID, NOW)


def test_a_card_says_what_was_promised_and_nothing_of_the_client(case, card):
    assert (card.number, card.time_limit, card.due_at) == ("JDK-2026-0001", "5wd", case.due_at)
    [entry] = journal.of_object("supervision_card", card.id)
    assert (entry.event, entry.case_id) == ("supervision_card.issued", case.id)
    said = " ".join(str(getattr(card, c.name)) for c in SupervisionCard.__table__.columns)
    assert not re.search("周小明|某中学|13800001234", said + entry.facts)


@pytest.mark.parametrize("username", ["clerk2", "head", "other", "office", "principal"])
def test_only_who_answers_for_the_post_issues(case, act, as_actor, username):
    with pytest.raises(NotAllowed), act():
        service.issue_for_case(as_actor(username), case, SAID, NOW)


def test_one_valid_card_a_case(case, card, act, as_actor):
    with pytest.raises(Conflict), act():
        service.issue_for_case(as_actor("clerk"), case, SAID, NOW)
    with act():
        service.withdraw(as_actor("clerk"), card, "电话写错", later(hours=1))
    with pytest.raises(Conflict), act():
        service.withdraw(as_actor("clerk"), card, "再收一次", later(hours=1))
    with act():
        again = service.issue_for_case(as_actor("clerk"), case, SAID, later(hours=1))
    assert queries.valid_of(case.id) is again


def test_no_card_before_acceptance(office, act, as_actor):
    with act():
        made = case_service.open_case(
            as_actor("clerk"),
            NOW,
            matter="认定",
            client=case_service.Client(),
            item=catalogue.by_id(office.items["SX-001"]),
            received=(1,),
        )
    with pytest.raises(Conflict), act():
        service.issue_for_case(as_actor("clerk"), made, SAID, NOW)


def test_a_visit_gets_a_card_of_a_post_that_one_answers_for(office, act, as_actor):
    with act():
        made = service.issue_for_visit(
            as_actor("clerk"), db.session.get(Post, office.posts["YW-1"]), "政策咨询", "当场答复", SAID, NOW
        )
    assert made.case_id is None
    with pytest.raises(NotAllowed), act():
        service.issue_for_visit(
            as_actor("clerk"), db.session.get(Post, office.posts["XH-1"]), "政策咨询", "当场答复", SAID, NOW
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE supervision_card SET complaint = 'x'",
        "UPDATE supervision_card SET time_limit = '9wd'",
        "DELETE FROM supervision_card",
        "INSERT INTO supervision_card (number, check_code, case_id, department_id, post_id, matter, time_limit,"
        " provisional, mind, contact, phone, complaint, issued_at, issued_by_id, withdrawn_reason)"
        " SELECT 'X', check_code, case_id,"
        " department_id, post_id, matter, time_limit, provisional, mind, contact, phone, complaint, issued_at,"
        " issued_by_id, '' FROM supervision_card",
    ],
)
def test_the_database_refuses_as_well(card, act, statement):
    with pytest.raises(Exception, match=r"(?i)card|unique"), act():
        db.session.execute(db.text(statement))


def test_where_every_acceptance_gets_a_card_those_without_are_to_do(case, office, act, as_actor, opened_later):
    clerk = as_actor("clerk")
    assert queries.owed(clerk) == []
    with act():
        policy.set_value(
            as_actor("office"), "supervision_card.every_acceptance", "true", "领导会决定", later(minutes=30)
        )
    newer = opened_later()
    assert [row.number for row in queries.owed(clerk)] == [newer.number], "what was accepted before owes none"
    assert queries.owed(as_actor("other")) == []
    with act():
        service.issue_for_case(clerk, newer, SAID, later(hours=1))
    assert queries.owed(clerk) == []


@pytest.fixture
def opened_later(office, as_actor):
    """A case accepted an hour later."""

    def make():
        with transaction.act():
            made = case_service.open_case(
                as_actor("clerk"),
                later(hours=1),
                matter="另一件",
                client=case_service.Client(),
                item=catalogue.by_id(office.items["SX-001"]),
                received=(1, 2, 3),
            )
            case_service.accept(as_actor("clerk"), made, later(hours=1))
        return made

    return make


# --- the pages ----------------------------------------------------------------------------------------------------

FORM = {"mind": "凭卡投诉", "contact": "业务受理岗", "phone": "0543-1234567", "complaint": "督查岗"}


def test_issue_print_export_and_withdraw(case, app, login):
    client = login("clerk")
    assert "出具监督卡" in client.get(f"/cases/{case.number}").text
    assert "承诺期限" in client.get(f"/supervision-cards/cases/{case.number}/new").text
    sent = client.post(f"/supervision-cards/cases/{case.number}/new", data=FORM)
    assert sent.location == "/supervision-cards/JDK-2026-0001"
    page = client.get(sent.location)
    assert "凭卡投诉" in page.text
    assert '<svg class="qr"' in page.text
    assert "JDK-2026-0001" in client.get(f"/cases/{case.number}").text
    assert "5 个工作日" in client.get(f"{sent.location}/sheet").text
    assert client.get("/supervision-cards/sheets").text.count('class="jdk"') == 1
    paper = Document(io.BytesIO(client.get(f"{sent.location}/card.docx").data))
    words = "\n".join(c.text for t in paper.tables for r in t.rows for c in r.cells)
    assert "科普教育基地认定" in words
    assert "督查岗" in words
    assert len(paper.inline_shapes) == 1, "the QR code"
    book = load_workbook(io.BytesIO(client.get("/supervision-cards/export.xlsx").data))
    assert [c.value for c in book.active[2]][:4:3] == ["JDK-2026-0001", case.number]
    assert "JDK-2026-0001" in client.get("/supervision-cards?q=科普&state=case").text
    assert "没有符合条件" in client.get("/supervision-cards?state=withdrawn").text
    assert client.get(f"/supervision-cards/cases/{case.number}/new").status_code == 200
    assert client.post(f"/supervision-cards/cases/{case.number}/new", data=FORM | {"mind": "x"}).status_code == 409
    assert client.post(f"{sent.location}/withdraw", data={"reason": ""}).status_code == 422
    assert client.post(f"{sent.location}/withdraw", data={"reason": "写错"}).status_code == 303
    assert "此卡已收回" in client.get(f"{sent.location}/sheet").text
    assert client.get(f"{sent.location}/withdraw").status_code == 404


@pytest.mark.parametrize(
    ("username", "status"),
    [("clerk", 200), ("clerk2", 200), ("head", 200), ("leader", 200), ("office", 200), ("supervisor", 200),
     ("other", 404), ("auditor", 403), ("sysadmin", 403)],
)  # fmt: skip
def test_a_foreign_card_looks_like_a_missing_one(card, login, username, status):
    client = login(username)
    assert client.get("/supervision-cards/JDK-2026-0001").status_code == status
    assert client.get("/supervision-cards/JDK-2026-0001/card.docx").status_code == status
    assert client.get("/supervision-cards/JDK-2026-0009").status_code == (403 if status == 403 else 404)


def test_a_card_for_a_visit(app, login, ids):
    client = login("clerk")
    good = FORM | {"post": str(ids.posts["YW-1"]), "matter": "政策咨询", "time_limit": "当场答复"}
    assert client.post("/supervision-cards/visits/new", data=good).status_code == 303
    assert "来访出具" in client.get("/supervision-cards").text
    for changed in ({"post": str(ids.posts["XH-1"])}, {"post": "x"}, {"matter": ""}, {"matter": "x" * 201},
                    {"time_limit": ""}, {"phone": "abc"}, {"mind": "\x00"}, {"complaint": ""}):  # fmt: skip
        page = client.post("/supervision-cards/visits/new", data=good | changed)
        assert page.status_code == 422, changed
        assert "data-error-summary" in page.text
    assert login("office").get("/supervision-cards/visits/new").status_code in (200, 403)
    assert login("auditor").get("/supervision-cards/visits/new").status_code == 403


def test_anybody_checks_a_card_and_learns_no_client(card, app, as_actor):
    client = app.test_client()
    assert 'value="JDK-2026-0001"' in client.get("/public/card?number=JDK-2026-0001").text
    good = client.post("/public/card", data={"number": "jdk-2026-1", "code": card.check_code.lower()})
    assert good.status_code == 200
    assert "真实有效" in good.text
    assert "科普教育基地认定" in good.text
    assert not re.search("周小明|某中学|13800001234", good.text)
    for number, code in (("JDK-2026-0001", "AAAAAA"), ("JDK-2026-0002", card.check_code), ("x", "AAAAAA")):
        assert "没有查到" in client.post("/public/card", data={"number": number, "code": code}).text
    assert client.post("/public/card", data={"number": "", "code": "1"}).status_code == 422
    with transaction.act():
        service.withdraw(as_actor("office"), card, "写错", clock.now())
    assert "不再有效" in client.post("/public/card", data={"number": "JDK-2026-0001", "code": card.check_code}).text


def test_guessing_is_stopped(card, app):
    client = app.test_client()
    answers = [
        client.post("/public/card", data={"number": "JDK-2026-0001", "code": f"AAAAA{n}"}).status_code
        for n in (3, 4, 6, 7, 9) * 2
    ]
    assert answers[0] == 200
    assert answers[-1] == 429
    assert client.post("/public/card", data={"number": card.number, "code": card.check_code}).status_code == 429
