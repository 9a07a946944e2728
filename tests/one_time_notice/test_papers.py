"""The papers (N-1, N-3, N-6): DOCX, print page, receipt and export hold all that they must."""

from __future__ import annotations

import io

import pytest
from docx import Document
from openpyxl import load_workbook

from portal.cases import service as cases
from portal.kernel import clock, transaction
from portal.kernel.db import db
from portal.one_time_notice import queries, service
from portal.one_time_notice.models import Notice
from portal.one_time_notice.queries import Stand
from portal.people import queries as people
from tests.office import later
from tests.one_time_notice.conftest import AWARD, FORM, LICENCE, PLACE, find

FORMULA = '=HYPERLINK("x")'


@pytest.fixture
def told(login, number, sent):
    """A first notice over HTTP: one paper wrong, one missing with its reason, one missing as usual, one extra."""
    changes = {FORM: ("wrong", "第二页没有盖章"), PLACE: ("missing", "须附产权证明")}
    extra = {"extra_name_0": FORMULA, "extra_reason_0": "场馆系租用"}
    assert login("clerk").post(f"/cases/{number}/notice", data=sent(number, changes, **extra)).status_code == 303
    return "GZ-2026-0001"


def words(document):
    cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def code(app):
    with app.app_context():
        found = db.session.scalar(db.select(Notice.check_code))
        db.session.remove()
    return found


WANTED = (
    "一次性告知书",
    "示例市科学技术协会",
    "GZ-2026-0001",
    "周小明",
    "科普教育基地认定",
    "SX-2026-0001",
    "科普基地管理办法第八条",
    "承诺 5 个工作日，法定 20 个工作日",
    "受理、审核、批复",
    "2026 年 12 月 9 日",
    "工作日上午，一楼 3 号窗口",
    "综合业务科 业务受理岗",
    "YW-1 窗口",
    "经办人（签名）：王敏",
    "申请人（签名）：",
    "2026 年 11 月 18 日",
    "样例",
)


def test_docx_holds_all_of_n_1(app, login, told):
    answer = login("clerk").get(f"/notices/{told}/paper.docx")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    document = Document(io.BytesIO(answer.data))
    said = words(document)
    for wanted in (*WANTED, code(app)):
        assert wanted in said, wanted
    rows = [[c.text for c in r.cells] for r in document.tables[1].rows]
    assert rows == [
        ["序号", "材料", "形式、份数", "收件情况", "原因"],
        ["1", "认定申请书", "原件 2 份", "不符合要求", "第二页没有盖章"],
        ["2", "法人证书复印件", "复印件 1 份", "缺少", "未提交"],
        ["3", "场地证明", "复印件 1 份", "缺少", "须附产权证明"],
        ["4", "获奖证明", "复印件 1 份", "选交，未交", ""],
        ["5", FORMULA, "1 份", "缺少", "场馆系租用"],
    ]


def test_print_page_says_the_same(app, login, told):
    page = login("clerk").get(f"/notices/{told}/paper").get_data(as_text=True)
    for wanted in (*WANTED, code(app), "第二页没有盖章", "须附产权证明", "选交，未交"):
        assert wanted in page, wanted


def test_papers_are_there_in_english_too(login, told):
    clerk = login("clerk")
    clerk.set_cookie("lang", "en")
    for path in (f"/notices/{told}", f"/notices/{told}/paper", f"/notices/{told}/paper.docx", "/notices"):
        assert clerk.get(path).status_code == 200


def test_what_an_english_reader_issues_is_kept_in_chinese(app, login, number, sent):
    clerk = login("clerk")
    clerk.set_cookie("lang", "en")
    assert clerk.post(f"/cases/{number}/notice", data=sent(number)).status_code == 303
    with app.app_context():
        assert db.session.scalar(db.select(Notice.limit_text)) == "承诺 5 个工作日，法定 20 个工作日"
        db.session.remove()


def test_an_older_paper_keeps_saying_what_it_said(app, login, number, sent, told, at):
    """What was supplied or added later does not change the first notice when it is printed again."""
    clerk = login("clerk")
    with at(later(days=1)):
        clerk.post(f"/cases/{number}/supplement", data={"materials": [FORM, PLACE, AWARD]})
        more = sent(number, extra_name_0="后来加的材料", extra_reason_0="新要求")
        assert clerk.post(f"/cases/{number}/notice", data=more).status_code == 303
    with app.app_context():
        first, second = (queries.material_rows(n) for n in queries.of_case(find(number).id))
        db.session.remove()
    assert [(r.name, r.stand) for r in first] == [
        ("认定申请书", Stand.WRONG),
        ("法人证书复印件", Stand.MISSING),
        ("场地证明", Stand.MISSING),
        ("获奖证明", Stand.OPTIONAL),
        (FORMULA, Stand.MISSING),
    ]
    assert [(r.name, r.stand) for r in second] == [
        ("认定申请书", Stand.RECEIVED),
        ("法人证书复印件", Stand.MISSING),
        ("场地证明", Stand.RECEIVED),
        ("获奖证明", Stand.RECEIVED),
        (FORMULA, Stand.MISSING),
        ("后来加的材料", Stand.MISSING),
    ]


def test_markup_stays_text(login, number, sent):
    bad = "<script>alert(1)</script>"
    clerk = login("clerk")
    clerk.post(f"/cases/{number}/notice", data=sent(number, {LICENCE: ("missing", bad)}, next_visit=bad))
    for path in ("/notices/GZ-2026-0001", "/notices/GZ-2026-0001/paper", f"/cases/{number}/supplement"):
        page = clerk.get(path).get_data(as_text=True)
        assert bad not in page
        assert "&lt;script&gt;" in page


def test_receipt_lists_what_came_in_and_what_went_back(app, login, number):
    clerk = login("clerk")
    page = clerk.get(f"/cases/{number}/receipt").get_data(as_text=True)
    assert "收件回执" in page
    assert "认定申请书" in page
    assert "法人证书复印件" not in page
    assert "退还材料签收" not in page
    with app.app_context():
        with transaction.act():
            cases.return_materials(
                people.actor_by_username("clerk", clock.now()), find(number), [FORM], "周小明", clock.now()
            )
        db.session.remove()
    page = clerk.get(f"/cases/{number}/receipt").get_data(as_text=True)
    assert "退还材料签收" in page
    assert page.count("周小明") == 2


def test_receipts_are_checked_by_number_and_code(app, login, number):
    with app.app_context():
        found = service.receipt_code(find(number))
        db.session.remove()
    clerk = login("clerk")
    assert found in clerk.get(f"/cases/{number}/receipt").get_data(as_text=True)
    page = clerk.get(f"/notices/check?number={number}&code={found}").get_data(as_text=True)
    assert "真实有效" in page
    assert "收件回执" in page
    assert "周小明" not in page


def test_export_has_every_listed_notice_and_no_client_and_no_formula(login, told):
    answer = login("office").get("/notices/export.xlsx")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    lines = list(sheet.iter_rows(values_only=True))
    assert len(lines) == 2
    assert lines[1][0] == told
    assert "场地证明（缺少）" in lines[1][7]
    assert all(c.data_type != "f" for row in sheet.iter_rows() for c in row)
    assert not any("周小明" in str(value) or "13800001234" in str(value) for row in lines for value in row)
    assert len(list(load_workbook(io.BytesIO(login("other").get("/notices/export.xlsx").data)).active.rows)) == 1
