"""The pages of clients' opinions by role, over HTTP (S-4)."""

from __future__ import annotations

import io

import pytest
from docx import Document
from openpyxl import load_workbook

from portal.client_opinion import service
from portal.client_opinion.models import How, Opinion
from portal.kernel import clock, plates, transaction
from portal.kernel.db import db
from tests.client_opinion.conftest import PHONE, bad_review, closed_case, to_answered, to_rectified, who
from tests.office import NOW, later

ROOT = "/client-opinions"


@pytest.fixture
def number(app, ids):
    """A bad review of YW about a case of the clerk."""
    with app.app_context(), transaction.act():
        return bad_review(ids, case_id=closed_case(ids).id).number


def move(app, number, step):
    with app.app_context(), transaction.act():
        return step(db.session.query(Opinion).filter_by(number=number).one())


def text_of(answer) -> str:
    return answer.get_data(as_text=True)


#: Who reads an opinion of YW: its department, its leader, the office, the supervision group, the principal.
SEES = {
    "clerk": 200, "head": 200, "leader": 200, "principal": 200, "office": 200, "supervisor": 200,
    "other": 404, "other_head": 404, "leader2": 404, "auditor": 403, "security": 403, "sysadmin": 403,
}  # fmt: skip


def test_who_sees_it(app, login, number):
    for name, status in SEES.items():
        client = login(name)
        assert client.get(f"{ROOT}/{number}").status_code == status, name
        assert client.get(f"{ROOT}/YJ-2026-9999").status_code == (404 if status != 403 else 403), name
        listed = client.get(f"{ROOT}?tab=all")
        assert (number in text_of(listed)) == (status == 200), name
        assert client.post(f"{ROOT}/{number}/contact", data={"how": "phone", "text": "x"}).status_code in (
            (303, 409) if name in ("head", "office") else (403, 404)
        ), name
    assert app.test_client().get(f"{ROOT}/{number}").status_code in (302, 303, 401)


def test_the_phone_is_on_no_page_but_theirs(login, number):
    for name, shown in (("head", True), ("office", True), ("clerk", False), ("leader", False), ("supervisor", False)):
        assert (PHONE in text_of(login(name).get(f"{ROOT}/{number}"))) is shown, name


def test_from_contact_to_the_notice(app, login, number):
    head, leader, office = login("head"), login("leader"), login("office")
    page = text_of(head.get(f"{ROOT}/{number}"))
    assert "联系服务对象" in page
    assert "拟答复" not in page.split("<ol")[0].split("card0 cover")[-1], "first the contact"
    for data, field in (({"text": "x"}, "how"), ({"how": "fax", "text": "x"}, "how"), ({"how": "phone"}, "text")):
        answer = head.post(f"{ROOT}/{number}/contact", data=data)
        assert answer.status_code == 422
        assert f'id="{field}"' in text_of(answer)
    assert head.post(f"{ROOT}/{number}/draft", data={"text": "早"}).status_code == 409
    assert head.post(f"{ROOT}/{number}/contact", data={"how": "phone", "text": "已致歉"}).status_code == 303
    assert head.post(f"{ROOT}/{number}/draft", data={"text": "已补办"}).status_code == 303
    assert leader.post(f"{ROOT}/{number}/send-back", data={}).status_code == 422
    assert leader.post(f"{ROOT}/{number}/send-back", data={"text": "写清原因"}).status_code == 303
    assert head.post(f"{ROOT}/{number}/draft", data={"text": "因系统故障，已补办"}).status_code == 303
    assert "待分管领导批准" in text_of(head.get(f"{ROOT}/{number}"))
    assert leader.post(f"{ROOT}/{number}/approve", data={}).status_code == 303
    assert leader.post(f"{ROOT}/{number}/approve", data={}).status_code == 409
    assert head.post(f"{ROOT}/{number}/answer", data={"how": "writing", "text": "已寄出"}).status_code == 303
    assert office.get(f"{ROOT}/{number}/notice").status_code == 404, "not yet"
    refused = office.post(f"{ROOT}/{number}/confirm", data={"finding": "属实"})
    assert refused.status_code == 422
    assert 'id="demand"' in text_of(refused)
    assert office.post(f"{ROOT}/{number}/confirm", data={"finding": "属实", "demand": "整改"}).status_code == 303
    sheet = text_of(office.get(f"{ROOT}/{number}/notice"))
    assert "ZG-2026-0001" in sheet
    assert PHONE not in sheet
    paper = Document(io.BytesIO(office.get(f"{ROOT}/{number}/notice.docx").data))
    assert "整改" in "".join(cell.text for row in paper.tables[0].rows for cell in row.cells)
    assert head.post(f"{ROOT}/{number}/receive").status_code == 303
    assert head.post(f"{ROOT}/{number}/rectify", data={"text": "已整改"}).status_code == 303
    assert head.post(f"{ROOT}/{number}/accept").status_code == 403
    assert office.post(f"{ROOT}/{number}/accept").status_code == 303
    assert office.post(f"{ROOT}/{number}/try-call").status_code == 303
    refused = office.post(f"{ROOT}/{number}/call-back", data={"how": "phone", "text": "好"})
    assert refused.status_code == 422
    done = {"how": "phone", "text": "好", "satisfied": "yes"}
    assert office.post(f"{ROOT}/{number}/call-back", data=done).status_code == 303
    assert "已办结" in text_of(office.get(f"{ROOT}/{number}"))


def test_untrue_over_http(app, login, number):
    move(app, number, to_answered)
    assert login("head").post(f"{ROOT}/{number}/propose-untrue", data={"text": "没有的事"}).status_code == 403
    assert login("office").post(f"{ROOT}/{number}/propose-untrue", data={}).status_code == 422
    assert login("office").post(f"{ROOT}/{number}/propose-untrue", data={"text": "录音为证"}).status_code == 303
    assert login("office").post(f"{ROOT}/{number}/find-untrue").status_code == 403
    assert "请复核" in text_of(login("supervisor").get("/"))
    assert login("supervisor").post(f"{ROOT}/{number}/find-untrue", data={"text": "同意"}).status_code == 303
    assert "不属实，不计分" in text_of(login("clerk").get(f"{ROOT}/{number}"))


def test_the_office_registers_and_assigns(app, ids, login):
    office = login("office")
    assert login("head").get(f"{ROOT}/new").status_code == 403
    good = {"kind": "problem", "source": "letter", "text": "窗口排队太久"}
    for change, field in (
        ({"text": ""}, "text"), ({"kind": "x"}, "kind"), ({"source": "evaluation"}, "source"),
        ({"department_id": "　"}, "department_id"), ({"case_number": "SX-2020-0001"}, "case_number"),
        ({"kind": "bad_review"}, "contact_phone"), ({"contact_phone": "无"}, "contact_phone"),
    ):  # fmt: skip
        answer = office.post(f"{ROOT}/new", data={**good, **change})
        assert answer.status_code == 422, change
        assert f'id="{field}-error"' in text_of(answer), change
    assert office.post(f"{ROOT}/new", data=good).status_code == 303
    assert "待分办" in text_of(office.get("/"))
    assert login("head").get(f"{ROOT}/YJ-2026-0001").status_code == 404, "nobody's yet"
    assert office.post(f"{ROOT}/YJ-2026-0001/assign", data={}).status_code == 422
    assert office.post(f"{ROOT}/YJ-2026-0001/assign", data={"department_id": ids.departments["YW"]}).status_code == 303
    assert login("head").get(f"{ROOT}/YJ-2026-0001").status_code == 200


def test_the_list_its_filters_and_its_export(app, ids, login, number):
    move(app, number, to_rectified)
    with app.app_context(), transaction.act():
        for k in range(3):
            service.open_opinion(
                "suggestion", f"建议{k}=1+1", NOW, department_id=ids.departments["XH"], source="survey"
            )
    office = login("office")
    for query, inside in (
        ("", True), ("?state=rectified", True), ("?kind=suggestion", False), ("?verdict=confirmed", True),
        ("?source=survey", False), (f"?q={number}", True), ("?q=没有", False), ("?tab=closed", False),
        ("?tab=mine", True), ("?tab=overdue", False), ("?from_on=2026-11-19", False), ("?state=x&department=　", True),
        (f"?department={ids.departments['XH']}", False), ("?page=9", True),
    ):  # fmt: skip
        assert (number in text_of(office.get(f"{ROOT}{query}"))) is inside, query
    book = load_workbook(io.BytesIO(office.get(f"{ROOT}/export.xlsx?tab=all").data))
    rows = list(book.active.iter_rows(values_only=True))
    assert len(rows) == 5
    assert PHONE not in str(rows)
    mine = load_workbook(io.BytesIO(login("other").get(f"{ROOT}/export.xlsx?tab=all").data))
    assert number not in str(list(mine.active.iter_rows(values_only=True)))


def test_to_dos_for_each(app, ids, number):
    def of(name, at=NOW):
        with app.test_request_context(), clock.at(at):
            actor = who(name, at)
            found = [t for t in plates.todos(actor, at) if t.kind.startswith("client_opinion.")]
            plate = next(p for p in plates.plates() if p.name == "client_opinion")
            return [t.kind.split(".")[1] for t in found], plate.menu[0].count(actor, at)

    assert of("head") == (["registered"], 1)
    assert of("office") == ([], 0)
    assert of("other_head") == ([], 0)
    assert of("office", later(days=5)) == (["late"], 0)
    move(app, number, lambda o: service.contact(who("office", NOW), o, How.PHONE, "x", NOW))
    move(app, number, lambda o: service.draft(who("head", NOW), o, "x", NOW))
    assert of("leader") == (["drafted"], 1)
    move(app, number, lambda o: service.approve(who("leader", NOW), o, "", NOW))
    move(app, number, lambda o: service.answer(who("head", NOW), o, How.PHONE, "x", NOW))
    assert of("office") == (["answered"], 1)
    assert of("supervisor") == (["answered"], 1)
    assert of("head") == ([], 0)
