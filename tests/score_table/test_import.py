"""A score table goes out as a workbook and comes in again: unchanged, changed, new; nonsense is told by row (E-2)."""

from __future__ import annotations

import io
import json

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from portal.kernel import journal, transaction
from portal.kernel.db import db
from portal.kernel.sheets import read_sheets
from portal.people import queries as people
from portal.pure.scoring import Kind, to_data
from portal.score_table import queries, service, sheet, taking_in
from portal.score_table.models import ScoreTable, Version, VersionState
from portal.score_table.presets import PRESETS, find
from portal.score_table.taking_in import Known
from tests.office import NOW


def who(username):
    return people.actor_by_username(username, NOW)


def adopted(code="county-windows", name=""):
    with transaction.act():
        made = service.adopt(who("office"), code, name, NOW)
        return made.score_table.number, made.id


def book_of(table):
    return load_workbook(io.BytesIO(sheet.workbook(table)))


def content(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def checked(raw, known=None):
    wanted = {title: [(c.key, c.heading) for c in columns] for title, columns in sheet.SHEETS.items()}
    return taking_in.check(read_sheets(raw, wanted), known or Known())


def faults(book, known=None):
    return [(f.sheet, f.row, f.column) for f in checked(content(book), known).faults]


def column(book, title, heading):
    return next(c.column for c in book[title][1] if c.value == heading)


def put(book, title, row, **cells):
    for heading, value in cells.items():
        book[title].cell(row, column(book, title, heading)).value = value


def send(client, raw, number=""):
    data = {"file": (io.BytesIO(raw), "评分表.xlsx")}
    at = f"/score-tables/{number}/import" if number else "/score-tables/import"
    return client.post(at, data=data, content_type="multipart/form-data")


def confirm(client, answer):
    assert answer.status_code == 303, answer.text
    place = answer.headers["Location"]
    page = client.get(place).text
    seen = page.split('name="seen" value="')[1].split('"')[0]
    return client.post(f"{place}/confirm", data={"seen": seen})


@pytest.mark.parametrize("table", PRESETS, ids=lambda t: t.code)
def test_every_preset_comes_back_as_it_went_out(app, table):
    with app.test_request_context():
        plan = checked(sheet.workbook(table), Known(base=table))
        assert [(f.sheet, f.row, f.column, f.message) for f in plan.faults] == []
        assert to_data(plan.table) == to_data(table)


def test_the_format_is_the_same_in_english(app):
    table = find("county-windows")
    with app.test_request_context(headers={"Cookie": "lang=en"}):
        assert to_data(checked(sheet.workbook(table)).table) == {**to_data(table), "code": "own"}


def test_an_export_is_changed_and_taken_in_as_a_draft(login, app):
    with app.app_context():
        number, key = adopted()
        before = db.session.get(Version, key).table
    office = login("office")
    raw = office.get(f"/score-tables/{number}/1/table.xlsx").data
    same = send(office, raw, number)
    assert "没有需要写入的变化" in office.get(same.headers["Location"]).text
    book = load_workbook(io.BytesIO(raw))
    rules = book["考核内容"]
    gone = rules.cell(2, 1).value
    rules.delete_rows(2)
    put(book, "考核内容", 2, 考核内容="改过的一条")
    n = rules.max_row + 1
    put(book, "考核内容", n, 所在类别=before.categories[0].name, 考核内容="新的一条", 计分方式="按次数", 分值="－1.5")
    put(book, "考核内容", n, 得分来源="手工登记")
    answer = send(office, content(book), number)
    page = office.get(answer.headers["Location"]).text
    assert "改过的一条" in page
    assert "新的一条" in page
    assert confirm(office, answer).status_code == 303
    with app.app_context():
        made = queries.version(number, 1)
        assert made.state is VersionState.DRAFT
        assert gone not in made.table.places
        new = next(r for _c, r in made.table.places.values() if r.text == "新的一条")
        assert (str(new.points), new.kind, new.code) == ("-1.5", Kind.OCCURRENCE, "r1")
        facts = json.loads(journal.of_object("score_table", made.table_id)[-1].facts)
        assert (facts["added"], facts["changed"], facts["removed"]) == (1, 1, 1)


def test_a_version_in_force_is_left_alone(login, app):
    with app.app_context():
        number, key = adopted("hexian-windows")
        with transaction.act():
            month = queries.months("department", NOW)[0]
            service.submit(who("office"), key, month, "试行", NOW)
    office = login("office")
    raw = office.get(f"/score-tables/{number}/1/table.xlsx").data
    assert office.get(f"/score-tables/{number}/import").status_code == 409
    assert send(office, raw, number).status_code == 409
    with app.app_context(), transaction.act():
        service.approve(who("principal"), key, service.digest(db.session.get(Version, key).content), NOW)
    book = load_workbook(io.BytesIO(raw))
    put(book, "整张表", 2, 说明="新的说明")
    assert confirm(office, send(office, content(book), number)).status_code == 303
    with app.app_context():
        first, second = queries.version(number, 1), queries.version(number, 2)
        assert (first.state, first.table.note) == (VersionState.APPROVED, find("hexian-windows").note)
        assert (second.state, second.table.note) == (VersionState.DRAFT, "新的说明")


def test_a_draft_that_changed_meanwhile_is_not_overwritten(login, app):
    with app.app_context():
        number, _key = adopted()
    office = login("office")
    book = load_workbook(io.BytesIO(office.get(f"/score-tables/{number}/1/table.xlsx").data))
    put(book, "整张表", 2, 说明="甲")
    answer = send(office, content(book), number)
    put(book, "整张表", 2, 说明="乙")
    assert confirm(office, send(office, content(book), number)).status_code == 303
    place = answer.headers["Location"]
    refused = office.post(f"{place}/confirm", data={"seen": "0" * 64})
    assert refused.status_code == 422
    assert "另一人刚修改过这张表" in refused.text
    with app.app_context():
        assert queries.version(number, 1).table.note == "乙"


def test_a_new_table_from_the_template(login, app):
    office = login("office")
    assert login("clerk").get("/score-tables/import").status_code == 403
    book = load_workbook(io.BytesIO(office.get("/score-tables/import/template.xlsx").data))
    assert send(office, content(book)).status_code == 422
    put(book, "整张表", 2, 名称="大厅考核", 考核对象="窗口、科室", 总分上限=100)
    put(book, "类别", 3, 类别名称="服务", 基础分=60)
    put(book, "类别", 4, 类别名称="奖扣")
    put(book, "项目", 3, 所在类别="服务", 项目名称="办件", 分值=40)
    rows = (
        {"所在类别": "服务", "所属项目": "办件", "考核内容": "超期", "计分方式": "按天数", "分值": -2},
        {"所在类别": "服务", "考核内容": "满意率", "计分方式": "按档次", "各档": "最低:-4;30：-2；50：0"},
        {"所在类别": "奖扣", "考核内容": "酌情", "计分方式": "在幅度内酌情", "幅度从": -5, "幅度到": 3},
        {
            "所在类别": "奖扣",
            "考核内容": "率",
            "计分方式": "按百分点",
            "分值": 1,
            "起算的百分比": 90,
            "哪一边计分": "高于",
        },
    )
    for n, cells in enumerate(rows, 3):
        put(book, "考核内容", n, 得分来源="手工登记", **cells)
    answer = send(office, content(book))
    assert answer.status_code == 303, answer.text
    assert "大厅考核" in office.get(answer.headers["Location"]).text
    assert confirm(office, answer).status_code == 303
    assert "已有同名的评分表" in send(office, content(book)).text
    with app.app_context():
        made = queries.standing(queries.named("大厅考核"))
        assert made.state is VersionState.DRAFT
        by_text = {r.text: (c, r) for c, r in made.table.places.values()}
        assert by_text["超期"][1].group == by_text["超期"][0].groups[0].code
        assert [(b.start and int(b.start), int(b.points)) for b in by_text["满意率"][1].bands] == [
            (None, -4), (30, -2), (50, 0),
        ]  # fmt: skip
        assert (by_text["酌情"][1].low, by_text["酌情"][1].high) == (-5, 3)
        assert by_text["率"][1].side == "above"


@pytest.mark.parametrize(
    ("title", "row", "cells", "at"),
    [
        ("整张表", 2, {"名称": "别的表"}, "名称"),
        ("整张表", 2, {"考核对象": "大家"}, "考核对象"),
        ("整张表", 2, {"总分上限": 0}, "总分上限"),
        ("整张表", 2, {"总分上限": "=1+1"}, "总分上限"),
        ("整张表", 3, {"名称": "两行", "考核对象": "个人"}, ""),
        ("类别", 2, {"类别名称": ""}, "类别名称"),
        ("类别", 2, {"类别名称": "长" * 101}, "类别名称"),
        ("类别", 2, {"基础分": "很多"}, "基础分"),
        ("类别", 2, {"基础分": -1}, "基础分"),
        ("类别", 2, {"占比": 101}, "占比"),
        ("类别", 3, {"编号": "1"}, "编号"),
        ("类别", 2, {"编号": "一号！"}, "编号"),
        ("考核内容", 2, {"所在类别": "没有的"}, "所在类别"),
        ("考核内容", 2, {"所属项目": "没有的"}, "所属项目"),
        ("考核内容", 3, {"编号": "1.1"}, "编号"),
        ("考核内容", 2, {"考核内容": ""}, "考核内容"),
        ("考核内容", 2, {"考核内容": "长" * 501}, "考核内容"),
        ("考核内容", 2, {"计分方式": "随便"}, "计分方式"),
        ("考核内容", 2, {"计分方式": ""}, "计分方式"),
        ("考核内容", 2, {"分值": "一百"}, "分值"),
        ("考核内容", 2, {"分值": 0}, "分值"),
        ("考核内容", 2, {"分值": 1e22}, "分值"),
        ("考核内容", 2, {"分值": -0.123456}, "分值"),
        ("考核内容", 2, {"分值": True}, "分值"),
        ("考核内容", 2, {"每多少计一次": -2}, "每多少计一次"),
        ("考核内容", 2, {"各档": "30：-2"}, "各档"),
        ("考核内容", 2, {"计分方式": "按档次", "分值": "", "各档": "最低 -4"}, "各档"),
        ("考核内容", 2, {"计分方式": "按档次", "分值": "", "各档": "5：-4；30：-2"}, "各档"),
        ("考核内容", 2, {"计分方式": "按档次", "分值": "", "各档": "；".join(f"{n}：1" for n in range(30))}, "各档"),
        ("考核内容", 2, {"计分方式": "在幅度内酌情", "分值": "", "幅度从": 5, "幅度到": -5}, "幅度到"),
        ("考核内容", 2, {"计分方式": "在幅度内酌情", "分值": "", "幅度从": -5}, "幅度从"),
        ("考核内容", 2, {"计分方式": "按百分点", "起算的百分比": 90}, "哪一边计分"),
        ("考核内容", 2, {"计分方式": "只作否决，不计分", "分值": ""}, "此外还取消"),
        ("考核内容", 2, {"满几次起": 3}, "满几次起"),
        ("考核内容", 2, {"得分来源": "数据：没有的"}, "得分来源"),
        ("考核内容", 2, {"得分来源": ""}, "得分来源"),
        ("考核内容", 2, {"只计入年度": "也许"}, "只计入年度"),
    ],
)
def test_nonsense_is_told_at_its_cell(app, title, row, cells, at):
    base = find("county-windows")
    book = book_of(base)
    put(book, title, row, **cells)
    with app.test_request_context():
        found = faults(book, Known(base=base))
        assert (title, row, at) in found
        assert checked(content(book), Known(base=base)).table is None


def test_items_cannot_be_worth_more_than_their_category(app):
    base = find("hongqi-windows")
    book = book_of(base)
    put(book, "项目", 3, 分值=999)
    with app.test_request_context():
        assert ("项目", 3, "分值") in faults(book, Known(base=base))


def test_the_code_of_a_rule_that_was_given_up_goes_to_no_other(app):
    base = find("county-windows")
    book = book_of(base)
    put(book, "考核内容", 2, 编号="r9", 考核内容="另一条")
    with app.test_request_context():
        assert faults(book, Known(base=base, rules={"r9": "从前的一条"})) == [("考核内容", 2, "编号")]
        assert faults(book, Known(base=base, rules={"r9": "另一条"})) == []


def test_too_much_is_refused_before_it_is_examined(app):
    base = find("county-windows")
    book = book_of(base)
    for n in range(80):
        book["考核内容"].append([None, base.categories[0].name, None, f"第 {n} 条", "按次数", -1])
        book["类别"].append([None, f"第 {n} 类"])
    with app.test_request_context():
        assert ("类别", 22, "") in faults(book)
        del book["类别"]
        assert ("类别", 1, "") in faults(book)


def test_what_is_no_such_workbook_is_refused_in_words(login, app):
    office = login("office")
    for raw in (b"", b"\x00\x01", b"PK\x03\x04 broken", b"a,b\n"):
        assert send(office, raw).status_code == 422
    empty = Workbook()
    assert "文件里没有这个工作表" in send(office, content(empty)).text
    book = book_of(find("county-windows"))
    book["考核内容"].cell(1, column(book, "考核内容", "得分来源")).value = "来源"
    assert "缺少列：得分来源" in send(office, content(book)).text
    long = Workbook(write_only=True)
    for title in sheet.SHEETS:
        page = long.create_sheet(title)
        page.append([c.heading for c in sheet.SHEETS[title]])
        for _n in range(6000 if title == "类别" else 0):
            page.append(["x", "y"])
    assert "超过 5000 行" in send(office, content(long)).text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ScoreTable)) == 0
    assert office.get("/score-tables/import/" + "0" * 32).status_code == 404
    assert office.post("/score-tables/import/" + "0" * 32 + "/confirm").status_code == 404
    assert office.get("/score-tables/PF-0000-9999/import").status_code == 404
