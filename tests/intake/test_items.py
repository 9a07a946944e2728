"""The catalogue goes out as a workbook and comes in again: unchanged, changed, added; C-2 and C-3 hold on the way."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from portal.intake import layout
from portal.kernel import journal, transaction
from portal.kernel.db import db
from portal.people import queries as people
from portal.policy import service as policy
from portal.service_commitment import draft_queries, queries, service
from portal.service_commitment.models import CaseKind, ItemVersion
from tests.office import NOW


def exported(client):
    return load_workbook(io.BytesIO(client.get("/intake/items/export.xlsx").data))


def send(client, book):
    out = io.BytesIO()
    book.save(out)
    data = {"file": (io.BytesIO(out.getvalue()), "事项.xlsx")}
    return client.post("/intake/items", data=data, content_type="multipart/form-data")


def edit(book, code, **cells):
    sheet = book["事项"]
    headings = [c.value for c in sheet[1]]
    row = next((r for r in sheet.iter_rows(min_row=2) if r[0].value == code), None)
    if row is None:
        sheet.append([{"编码": code, **cells}.get(h) for h in headings])
        return sheet.max_row
    for name, value in cells.items():
        row[headings.index(name)].value = value
    return row[0].row


def take_in(client, book):
    preview = send(client, book)
    assert preview.status_code == 303, preview.get_data(as_text=True)
    page = client.get(preview.headers["Location"]).get_data(as_text=True)
    return page, client.post(f"{preview.headers['Location']}/confirm")


def versions(code):
    return db.session.scalars(select(ItemVersion).where(ItemVersion.item_id == queries.by_code(code).id)).all()


RICH = {
    "收费金额（元）": "12.5",
    "收费单位": "件",
    "收费依据": "收费目录第 3 项",
    "违诺后果类别": "经济补偿、书面致歉",
    "违诺后果": "三日内书面致歉\n并补偿 50 元",
    "投诉方式": "督查岗",
    "相关事项编码": "SX-002、SX-003",
    "须具备的资格种类": "科技评估",
}


@pytest.fixture
def alone(app):
    """The policy asks for no second person."""
    with app.app_context(), transaction.act():
        for kind in ("limits", "materials", "fees"):
            actor = people.actor_by_username("office", NOW)
            policy.set_value(actor, f"service_commitment.second_person_{kind}", "false", "小单位", NOW)


def test_the_export_comes_in_again_and_changes_nothing(app, login):
    office = login("office")
    with app.app_context():
        before = journal.head()[0]
    page, done = take_in(office, exported(office))
    assert "与现有事项相同" in page
    assert "确认导入" not in page
    assert done.status_code == 303
    with app.app_context():
        rows = select(journal.JournalEntry.event).where(journal.JournalEntry.seq > before)
        assert db.session.scalars(rows).all() == ["intake.items_imported"]


def test_every_field_round_trips(app, login, alone):
    office = login("office")
    book = exported(office)
    edit(book, "SX-001", **RICH)
    _page, done = take_in(office, book)
    assert done.status_code == 303
    with app.app_context():
        made = versions("SX-001")[-1]
        assert (made.number, made.fee_fen, made.fee_unit) == (2, 1250, "件")
        assert made.breach_kinds == "apology,compensation"
        assert made.related == "SX-002 SX-003"
        assert (made.licence, made.qualification) == (True, "科技评估")
        assert [m.name for m in made.materials][:1] == ["认定申请书"]
    assert "与现有事项相同" in take_in(office, exported(office))[0]


def test_limits_and_materials_wait_for_a_second_person(app, login):
    office = login("office")
    book = exported(office)
    edit(book, "SX-001", 承诺时限="4 个工作日")
    edit(book, "SX-002", 依据="新的依据")
    book["材料"].append(["SX-003", "新任名单", "原件", "1", "是", ""])
    page, done = take_in(office, book)
    for word in ("提交审核", "直接公布", "5 个工作日", "4 个工作日", "新任名单"):
        assert word in page
    assert done.headers["Location"].endswith("/catalogue/drafts")
    with app.app_context():
        assert {len(versions(c)) for c in ("SX-001", "SX-003")} == {1}
        assert len(versions("SX-002")) == 2
        assert {d.code for d in draft_queries.running()} == {"SX-001", "SX-003"}
    refused = send(office, book)
    assert refused.status_code == 422
    assert "正在拟订的新版本" in refused.text


def test_items_are_added_and_their_places_changed(app, login, alone):
    office = login("office")
    book = exported(office)
    edit(book, "SX-001", 主题="科普", 岗位编码="XH-1")
    new = {
        "名称": "展品借用",
        "岗位编码": "YW-1",
        "承诺时限": "3wd",
        "法定时限": "10wd",
        "依据": "办法",
        "类型": "承诺件",
    }
    edit(book, "SX-050", **new, 相关事项编码="SX-051")
    edit(book, "SX-051", **{**new, "名称": "展板借用"})
    book["材料"].append(["SX-050", "借条", "原件", "2", "是", ""])
    page, done = take_in(office, book)
    assert "SX-050 展品借用" in page
    assert done.status_code == 303
    with app.app_context():
        assert queries.by_code("SX-001").post.code == "XH-1"
        assert len(versions("SX-001")) == 1
        made = versions("SX-050")[0]
        assert (made.related, [m.copies for m in made.materials]) == ("SX-051", [2])


FAULTS = (
    ({"承诺时限": "20 个工作日"}, "承诺时限", "规则 C-2"),
    ({"承诺时限": "尽快"}, "承诺时限", "请填写承诺时限"),
    ({"承诺时限": None}, "承诺时限", "必填"),
    ({"收费金额（元）": "十元"}, "收费金额（元）", "请填写金额"),
    ({"收费金额（元）": "10", "收费依据": "目录"}, "收费单位", "请写明按什么收"),
    ({"收费金额（元）": "10", "收费单位": "件"}, "收费依据", "收费的须填依据"),
    ({"违诺后果类别": "罚款", "违诺后果": "x"}, "违诺后果类别", "不是可以填写的内容"),
    ({"违诺后果类别": "书面致歉"}, "违诺后果", "请写明违诺后"),
    ({"相关事项编码": "SX-999"}, "相关事项编码", "没有编码为“SX-999”的事项"),
    ({"相关事项编码": "SX-001"}, "相关事项编码", "不能是本事项"),
    ({"岗位编码": "ZZ-9"}, "岗位编码", "没有这个岗位编码"),
    ({"类型": "随便"}, "类型", "不是可以填写的内容"),
    ({"分办科室": "XH-1，2wd，意见"}, "分办科室", "只有联办件"),
    ({"咨询电话": "打电话"}, "咨询电话", "请填写电话号码"),
)


@pytest.mark.parametrize(("cells", "column", "says"), FAULTS)
def test_what_is_wrong_is_said_by_row_and_column_and_nothing_is_written(app, login, cells, column, says):
    office = login("office")
    book = exported(office)
    row = edit(book, "SX-001", **cells)
    edit(book, "SX-002", 依据="新的依据")
    answer = send(office, book)
    assert answer.status_code == 422
    line = answer.text[answer.text.index('id="faults"') :]
    assert f">{row}</td>" in line
    assert column in line
    assert says in line
    with app.app_context():
        assert len(versions("SX-001")) == len(versions("SX-002")) == 1


def test_several_faults_are_told_at_once(login):
    office = login("office")
    book = exported(office)
    edit(book, "SX-001", 承诺时限="30wd", 名称=None)
    edit(book, "SX-003", 法定时限="很久")
    book["材料"].append(["SX-777", "孤儿材料", "", "", "", ""])
    book["材料"].append(["SX-003", "变更申请", "", "", "", ""])
    text = send(office, book).text
    for says in ("规则 C-2", "必填", "请填写法定时限", "没有这个编码", "与第"):
        assert says in text, says


def test_a_file_without_later_columns_leaves_them(app, login, alone):
    office = login("office")
    book = exported(office)
    edit(book, "SX-001", **RICH)
    take_in(office, book)
    book = exported(office)
    sheet = book["事项"]
    for column in range(sheet.max_column, 0, -1):
        if sheet.cell(1, column).value in {c.heading for c in layout.SHEETS["事项"] if c.later}:
            sheet.delete_cols(column)
    assert "与现有事项相同" in take_in(office, book)[0]
    edit(book, "SX-001", 依据="只改依据")
    assert take_in(office, book)[1].status_code == 303
    with app.app_context():
        made = versions("SX-001")[-1]
        assert (made.number, made.basis, made.fee_fen) == (3, "只改依据", 1250)


def test_the_template_is_read(login):
    book = load_workbook(io.BytesIO(login("office").get("/intake/items/template.xlsx").data))
    assert book.sheetnames == ["填写说明", "事项", "材料"]
    answer = send(login("office"), book)
    assert answer.status_code == 422
    assert "没有可以导入的行" in answer.text


def test_a_retired_item_is_not_brought_back_by_a_file(login):
    office = login("office")
    book = exported(office)
    office.post("/catalogue/SX-001/retire", data={"on": "2026-11-18", "reason": "停"})
    answer = send(office, book)
    assert answer.status_code == 422
    assert "请先恢复办理" in answer.text
    assert "SX-001" not in [r[0].value for r in exported(office)["事项"].iter_rows(min_row=2)]


def test_only_the_office_takes_items_in(login):
    for who in ("clerk", "head", "principal", "sysadmin"):
        for path in ("/intake/items", "/intake/items/export.xlsx", "/intake/items/template.xlsx"):
            assert login(who).get(path).status_code == 403, (who, path)


def test_kinds_have_a_word_in_the_format():
    assert set(layout.ITEM_KINDS.values()) == set(CaseKind)
    headings = {c.key for c in layout.SHEETS["事项"]}
    fields = set(service.Content.__dataclass_fields__) - {"materials", "fee_fen"}
    assert fields <= headings
