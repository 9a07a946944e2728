"""R-1: a whole office from one workbook: every fault at once, all or nothing, passwords handed out once."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from datetime import date, timedelta

import pytest
from openpyxl import Workbook, load_workbook

from portal.ab_post.models import Assignment
from portal.intake import layout, pending, views
from portal.kernel import clock, journal, sheets, verification
from portal.kernel.actor import Role
from portal.kernel.db import db
from portal.people import passwords
from portal.people.models import Department, User
from portal.post_duty.models import LeaderCharge, Post
from portal.service_commitment.models import ItemVersion, ServiceItem
from tests import office as cast

GOOD = {
    "科室": [
        {"编码": "CW", "名称": "财务科", "类别": "科室", "排序": 5},
        {"编码": "JC", "名称": "基层站", "类别": "直属单位"},
    ],
    "人员": [
        {"用户名": "qian", "姓名": "钱一𠮷", "科室编码": "CW", "工号": "0012", "电话": "０５４３－３１６"},
        {"用户名": "shen", "姓名": "沈二", "科室编码": "YW", "许可资格有效期至": date(2027, 12, 31)},
        {"用户名": "han", "姓名": "韩三", "授予角色": "督查组成员"},
    ],
    "岗位": [
        {
            "编码": "CW-1",
            "名称": "出纳岗",
            "科室编码": "CW",
            "A岗用户名": "qian",
            "B岗用户名": "clerk",
            "职责": "一\n二",
        },
        {
            "编码": "CW-L",
            "名称": "总会计师",
            "科室编码": "LD",
            "类型": "分管领导",
            "A岗用户名": "shen",
            "分管科室编码": "CW、JC",
        },
    ],
    "事项": [
        {
            "编码": "SX-101",
            "名称": "票据核验",
            "岗位编码": "CW-1",
            "承诺时限": "3 个工作日",
            "法定时限": "10wd",
            "常用事项": "是",
        },
        {"编码": "SX-102", "名称": "现场咨询", "岗位编码": "YW-1", "类型": "即办件", "承诺时限": "当场办结"},
    ],
    "材料": [
        {"事项编码": "SX-101", "材料名称": "票据原件", "形式": "原件", "份数": 2},
        {"事项编码": "SX-101", "材料名称": "情况说明", "必备": "否"},
    ],
}


def book(changes=None, **edits) -> bytes:
    """A workbook of GOOD with the rows of some sheets replaced."""
    made = load_workbook(io.BytesIO(layout_template()))
    for title, rows in {**GOOD, **(changes or {})}.items():
        sheet = made[title]
        headings = [c.value for c in sheet[1]]
        for row in rows:
            sheet.append([row.get(h) for h in headings])
    for title, cell, value in edits.get("cells", ()):
        made[title][cell] = value
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


_template: list[bytes] = []


def layout_template() -> bytes:
    return _template[0]


@pytest.fixture(autouse=True)
def _filled_template(app):
    if not _template:
        with app.test_request_context():
            _template.append(layout.template())


def send(client, content, name="导入.xlsx"):
    return client.post("/intake", data={"file": (io.BytesIO(content), name)}, content_type="multipart/form-data")


def faults(text):
    """The faults that the page lists: sheet, row, column, message."""
    section = text.split('id="faults"', 1)[1]
    rows = re.findall(
        r'<tr><th scope="row">(.*?)</th><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td></tr>', section
    )
    return [(s, int(r or 0), c, m) for s, r, c, m in rows]


def counts(app):
    """How many rows the import could have made."""
    with app.app_context():
        return [
            db.session.scalar(db.select(db.func.count()).select_from(m))
            for m in (Department, User, Post, Assignment, ServiceItem, ItemVersion, journal.JournalEntry)
        ]


@pytest.fixture
def admin(login):
    return login("sysadmin")


# --- the good way ---------------------------------------------------------------------------------------------


def test_the_template_explains_itself_and_is_read_back_as_empty(app, admin):
    answer = admin.get("/intake/template")
    made = load_workbook(io.BytesIO(answer.data))
    assert made.sheetnames == ["填写说明", "科室", "人员", "岗位", "事项", "材料"]
    explained = {(r[0].value, r[1].value) for r in made["填写说明"].iter_rows(min_row=2)}
    for title, columns in layout.SHEETS.items():
        assert made[title]["A2"].value.startswith("示例")
        assert {(title, c.heading) for c in columns} <= explained
    refused = send(admin, answer.data)
    assert refused.status_code == 422
    assert faults(refused.text) == [("整个文件", 0, "", "文件里没有可以导入的行。")]


def test_preview_counts_and_writes_nothing_then_confirm_writes_all(app, admin):
    before, content = counts(app), book()
    answer = send(admin, content)
    assert answer.status_code == 303
    page = admin.get(answer.location)
    assert page.status_code == 200
    assert re.findall(r"<b>(\d+)</b>", page.text) == ["2", "3", "2", "2", "2"]
    assert hashlib.sha256(content).hexdigest() in page.text
    assert counts(app)[:-1] == before[:-1]

    assert admin.post(f"{answer.location}/confirm").location == "/intake"
    with app.app_context():
        cash = db.session.scalar(db.select(Post).filter_by(code="CW-1"))
        held = db.session.execute(
            db.select(Assignment.letter, User.username, Assignment.from_on)
            .join(User, User.id == Assignment.user_id)
            .where(Assignment.post_id == cash.id)
            .order_by(Assignment.letter)
        ).all()
        assert [(str(letter), name, on) for letter, name, on in held] == [
            ("A", "qian", date(2026, 11, 18)),
            ("B", "clerk", date(2026, 11, 18)),
        ]
        assert cash.duties == "一\n二"
        leader = db.session.scalar(db.select(Post).filter_by(code="CW-L"))
        charged = db.select(db.func.count()).select_from(LeaderCharge).where(LeaderCharge.post_id == leader.id)
        assert db.session.scalar(charged) == 2
        qian = db.session.scalar(db.select(User).filter_by(username="qian"))
        assert (qian.name, qian.staff_number, qian.phone) == ("钱一𠮷", "0012", "0543-316")
        assert (qian.password_hash, qian.must_change_password) == (passwords.NONE, True)
        shen = db.session.scalar(db.select(User).filter_by(username="shen"))
        assert shen.qualified_until == date(2027, 12, 31)
        han = db.session.scalar(db.select(User).filter_by(username="han"))
        assert han.role_set == {Role.SUPERVISION}
        item = db.session.scalar(db.select(ServiceItem).filter_by(code="SX-101"))
        version = item.current_version
        assert (version.promised_limit, version.statutory_limit, item.common) == ("3wd", "10wd", True)
        assert [(m.name, m.form, m.copies, m.required) for m in version.materials] == [
            ("票据原件", "原件", 2, True),
            ("情况说明", "", 1, False),
        ]
        entry = db.session.scalar(db.select(journal.JournalEntry).filter_by(event="intake.imported"))
        assert entry.fact() == {
            "departments": 2,
            "people": 3,
            "posts": 2,
            "items": 2,
            "materials": 2,
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        assigned = db.session.scalars(db.select(journal.JournalEntry).filter_by(event="ab_post.assigned"))
        assert not [e for e in assigned if e.fact()["late"] and e.object_id == cash.id]
        assert verification.verify().ok
        assert list(pending.folder().glob("*")) == []


def test_the_same_confirmation_twice_is_one_import(app, admin):
    place = send(admin, book()).location
    first = admin.post(f"{place}/confirm", data={"_key": "k" * 20})
    written = counts(app)
    again = admin.post(f"{place}/confirm", data={"_key": "k" * 20})
    assert (first.status_code, again.status_code) == (303, 303)
    assert admin.post(f"{place}/confirm").status_code == 404
    assert counts(app)[:-1] == written[:-1]


def test_what_changed_since_the_preview_is_found_at_confirmation(app, admin, login):
    place = send(admin, book()).location
    login("office").post("/organisation/departments/new", data={"code": "CW", "name": "别的科"})
    before = counts(app)
    answer = admin.post(f"{place}/confirm")
    assert answer.status_code == 422
    assert ("科室", 3, "编码", "系统里已有这个科室编码。") in faults(answer.text)
    assert counts(app)[:-1] == before[:-1]


def test_a_verb_that_refuses_after_all_leaves_nothing(app, admin, monkeypatch):
    from portal.intake import service
    from portal.kernel.errors import Invalid

    def refuse(*_args, **_kw):
        raise Invalid("promised_limit", "不行")

    place = send(admin, book()).location
    before = counts(app)
    monkeypatch.setattr(service.catalogue, "publish", refuse)
    answer = admin.post(f"{place}/confirm")
    assert answer.status_code == 422
    assert faults(answer.text) == [("整个文件", 0, "", "不行")]
    assert counts(app)[:-1] == before[:-1]


def test_cancel_deletes_the_file(app, admin):
    place = send(admin, book()).location
    assert admin.post(f"{place}/cancel").location == "/intake"
    assert admin.get(place).status_code == 404
    assert list((app.extensions["portal.config"].instance / "intake").glob("*")) == []


def test_a_file_is_nobody_elses_and_lives_a_day(app, admin, login):
    place = send(admin, book()).location
    assert login("office").get(place).status_code == 404
    assert login("office").post(f"{place}/confirm").status_code == 404
    assert admin.get("/intake/" + "0" * 32).status_code == 404
    assert admin.get("/intake/..%2f..%2fsecret").status_code == 404
    with app.app_context():
        assert pending.sweep(cast.NOW + timedelta(hours=23)) == 0
        token = place.rsplit("/", 1)[1]
        owner = db.session.scalar(db.select(User.id).filter_by(username="sysadmin"))
        with pytest.raises(Exception, match="404"):
            pending.read(owner, token, cast.NOW + timedelta(hours=25))
        assert pending.sweep(cast.NOW + timedelta(hours=25)) == 1
    assert admin.get(place).status_code == 404


def test_only_the_office_and_the_system_administrator_import(login):
    for username in cast.PEOPLE:
        wanted = 200 if username in ("office", "sysadmin") else 403
        assert login(username).get("/intake").status_code == wanted, username
        assert login(username).get("/intake/template").status_code == wanted, username


# --- everything that can be wrong -----------------------------------------------------------------------------

WRONG = {
    "科室": [
        {"编码": "CW", "名称": "财务科"},
        {"编码": "CW", "名称": "财务二科"},
        {"编码": "YW", "名称": "业务科"},
        {"编码": "a/b", "名称": "学会服务科", "类别": "处室", "排序": "x"},
        {"编码": "", "名称": "长" * 61, "电话": "abc"},
    ],
    "人员": [
        {"用户名": "Clerk", "姓名": "重名"},
        {"用户名": "1abc", "姓名": "", "科室编码": "NN", "许可资格有效期至": "2027-02-30"},
        {"用户名": "boss", "姓名": "双重", "授予角色": "系统管理员、办公室"},
        {"用户名": "guard", "姓名": "审计", "授予角色": "审计员"},
        {"用户名": "odd", "姓名": "奇怪", "授予角色": "局长"},
    ],
    "岗位": [
        {"编码": "P-1", "名称": "甲岗", "科室编码": "CW", "A岗用户名": "clerk", "B岗用户名": "clerk"},
        {"编码": "P-2", "名称": "乙岗", "科室编码": "NN", "A岗用户名": "nobody", "B岗用户名": "guard"},
        {
            "编码": "P-3",
            "名称": "丙岗",
            "科室编码": "YW",
            "A岗用户名": "auditor",
            "分管科室编码": "YW",
            "任职日期": "2026-11-17",
        },
        {"编码": "P-4", "名称": "一把手", "科室编码": "LD", "类型": "主要负责人"},
        {"编码": "P-5", "名称": "副职", "科室编码": "LD", "类型": "分管领导", "分管科室编码": "YW、NN"},
        {"编码": "YW-1", "名称": "重码", "科室编码": "YW"},
    ],
    "事项": [
        {"编码": "S-1", "名称": "等于", "岗位编码": "P-1", "承诺时限": "20wd", "法定时限": "20wd"},
        {"编码": "S-2", "名称": "超过", "岗位编码": "P-1", "承诺时限": "21wd", "法定时限": "20wd"},
        {"编码": "S-3", "名称": "不懂", "岗位编码": "NN", "承诺时限": "很快", "法定时限": "很慢"},
        {"编码": "SX-001", "名称": "重码", "岗位编码": "P-1", "承诺时限": "", "行政许可": "对"},
        {"编码": "S-5", "名称": "收费", "岗位编码": "P-1", "承诺时限": "1000wd", "收费": "10 元"},
    ],
    "材料": [
        {"事项编码": "S-1", "材料名称": "甲", "份数": "0"},
        {"事项编码": "S-1", "材料名称": "甲"},
        {"事项编码": "SX-001", "材料名称": "乙"},
        {"事项编码": "S-9", "材料名称": "", "必备": "也许"},
    ],
}


def test_every_fault_is_found_at_once_by_sheet_row_and_column(app, admin):
    before = counts(app)
    answer = send(admin, book(WRONG, cells=[("岗位", "H6", "=1+1"), ("事项", "I3", "长" * 2001)]))
    assert answer.status_code == 422
    found = faults(answer.text)
    places = {(s, r, c) for s, r, c, _m in found}
    assert places == {
        ("科室", 4, "编码"),
        ("科室", 5, "编码"),
        ("科室", 6, "编码"),
        ("科室", 6, "名称"),
        ("科室", 6, "类别"),
        ("科室", 6, "排序"),
        ("科室", 7, "编码"),
        ("科室", 7, "名称"),
        ("科室", 7, "电话"),
        ("人员", 3, "用户名"),
        ("人员", 4, "用户名"),
        ("人员", 4, "姓名"),
        ("人员", 4, "科室编码"),
        ("人员", 4, "许可资格有效期至"),
        ("人员", 5, "授予角色"),
        ("人员", 7, "授予角色"),
        ("岗位", 3, "B岗用户名"),
        ("岗位", 4, "科室编码"),
        ("岗位", 4, "A岗用户名"),
        ("岗位", 4, "B岗用户名"),
        ("岗位", 5, "A岗用户名"),
        ("岗位", 5, "任职日期"),
        ("岗位", 5, "分管科室编码"),
        ("岗位", 6, "类型"),
        ("岗位", 6, "分管科室编码"),
        ("岗位", 7, "分管科室编码"),
        ("岗位", 8, "编码"),
        ("事项", 3, "承诺时限"),
        ("事项", 3, "依据"),
        ("事项", 4, "承诺时限"),
        ("事项", 5, "岗位编码"),
        ("事项", 5, "承诺时限"),
        ("事项", 5, "法定时限"),
        ("事项", 6, "编码"),
        ("事项", 6, "承诺时限"),
        ("事项", 6, "行政许可"),
        ("事项", 7, "承诺时限"),
        ("事项", 7, "收费依据"),
        ("材料", 3, "份数"),
        ("材料", 4, "材料名称"),
        ("材料", 5, "事项编码"),
        ("材料", 6, "事项编码"),
        ("材料", 6, "材料名称"),
        ("材料", 6, "必备"),
    }
    assert len(found) == len(places), "one message a cell"
    words = {(s, r, c): m for s, r, c, m in found}
    assert "第 3 行重复" in words["科室", 4, "编码"]
    assert "公式" in words["岗位", 6, "分管科室编码"]
    assert "法定时限" in words["事项", 3, "承诺时限"]
    assert "同一人" in words["岗位", 3, "B岗用户名"]
    assert counts(app)[:-1] == before[:-1]
    assert not (app.extensions["portal.config"].instance / "intake").exists()


def test_equal_limits_are_refused_and_the_smallest_unit_passes(admin):
    item = {"编码": "S-1", "名称": "事项", "岗位编码": "YW-1"}
    for promised, statutory, good in (
        ("1wd", "1wd", True),
        ("5wd", "5wd", False),
        ("5wd", "6wd", True),
        ("6wd", "5wd", False),
    ):
        row = {**item, "承诺时限": promised, "法定时限": statutory}
        answer = send(admin, book({"事项": [row], "材料": []}))
        assert (answer.status_code == 303) is good, (promised, statutory)


def test_the_office_gives_no_roles(login):
    people = [{"用户名": "newadmin", "姓名": "新", "授予角色": "系统管理员"}]
    answer = send(login("office"), book({**{title: [] for title in GOOD}, "人员": people}))
    assert answer.status_code == 422
    assert faults(answer.text) == [("人员", 3, "授予角色", "只有系统管理员可以授予角色，请留空。")]


def test_markup_in_a_cell_is_shown_as_text(admin):
    rows = [{"编码": "<b>x</b>", "名称": "甲", "类别": "<script>alert(1)</script>"}]
    answer = send(admin, book({"科室": rows}))
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text


# --- files that are no workbook of ours -----------------------------------------------------------------------


def plain_book(**kw) -> bytes:
    made = Workbook()
    for title, columns in layout.SHEETS.items():
        if title != kw.get("without"):
            made.create_sheet(title).append([c.heading for c in columns if c.heading != kw.get("lacking")])
    rows = kw.get("rows", 0)
    for n in range(rows):
        made["科室"].append([f"D{n}", f"科室{n}"])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def repacked(name, replacement):
    """The template with one part of the archive replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(layout_template())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, replacement if info.filename == name else old.read(info.filename))
    return out.getvalue()


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "'
    + b"a" * 1000
    + b'">'
    + b"".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">'.encode() for n in range(8))
    + b']><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&i;</t></si></sst>'
)


@pytest.mark.parametrize(
    "case",
    ["empty", "text", "image", "zip", "docx", "cut", "bomb", "broken xml", "not xml", "huge", "encrypted"],
)
def test_what_is_no_workbook_is_refused_clearly(admin, case):
    content = {
        "empty": lambda: b"",
        "text": lambda: "编码,名称\nCW,财务科".encode(),
        "image": lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 200,
        "zip": lambda: zipped({"a.txt": b"a"}),
        "docx": lambda: zipped({"word/document.xml": b"<a/>", "[Content_Types].xml": b"<Types/>"}),
        "cut": lambda: layout_template()[:-700],
        "bomb": lambda: repacked("xl/sharedStrings.xml", BOMB),
        "broken xml": lambda: repacked("xl/worksheets/sheet2.xml", b"<worksheet><sheetData><row>"),
        "not xml": lambda: repacked("xl/workbook.xml", b"\xff\xfe\x00"),
        "huge": lambda: zipped({"[Content_Types].xml": b"\0" * (65 * 1024 * 1024)}),
        "encrypted": lambda: layout_template().replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01"),
    }[case]()
    answer = send(admin, content)
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text or 'id="faults"' in answer.text
    assert len(content) < 1024 * 1024


def zipped(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_no_file_at_all(admin):
    answer = admin.post("/intake", data={}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "请选择要导入的文件。" in answer.text


def test_too_large_a_file_is_not_opened(admin):
    answer = send(admin, b"\0" * (8 * 1024 * 1024 + 1))
    assert answer.status_code == 422
    assert "超过 8 MB" in answer.text


def test_missing_sheets_and_columns_and_too_many_rows_are_told_together(admin):
    answer = send(admin, plain_book(without="材料", lacking="承诺时限", rows=5001))
    found = faults(answer.text)
    assert [(s, r) for s, r, _c, _m in found] == [("科室", 1), ("事项", 1), ("材料", 1)]
    assert "5000" in found[0][3]
    assert "承诺时限" in found[1][3]


def test_a_hundred_thousand_rows_are_refused_early(admin):
    line = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>D%d</t></is></c></row>'
    rows = b"".join(line % (n, n, n) for n in range(2, 100_002))
    with zipfile.ZipFile(io.BytesIO(layout_template())) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml")
    content = repacked(
        "xl/worksheets/sheet2.xml", re.sub(rb"(</row>)<row r=\"2\".*?</row>", rb"\1" + rows, sheet, flags=re.S)
    )
    answer = send(admin, content)
    assert answer.status_code == 422
    assert ("科室", 1) in {(s, r) for s, r, _c, _m in faults(answer.text)}


def test_a_million_blank_lines_are_refused_early(admin):
    with zipfile.ZipFile(io.BytesIO(layout_template())) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml")
    far = b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>D1</t></is></c></row></sheetData>'
    answer = send(admin, repacked("xl/worksheets/sheet2.xml", sheet.replace(b"</sheetData>", far)))
    assert answer.status_code == 422


def test_signs_that_nothing_can_store_are_refused(admin):
    for sign in (b"\0", b"\x1f", b"\xed\xa0\x80", b"\xef\xbf\xbe"):
        answer = send(
            admin, repacked("xl/sharedStrings.xml", sharedstrings().replace("示例-YW<".encode(), sign + b"<"))
        )
        assert answer.status_code == 422, sign


def test_rows_beyond_a_wrong_extent_are_read(admin):
    with zipfile.ZipFile(io.BytesIO(book())) as archive:
        parts = {i.filename: archive.read(i.filename) for i in archive.infolist()}
    for name in [n for n in parts if n.startswith("xl/worksheets/sheet")]:
        parts[name] = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', parts[name])
    answer = send(admin, zipped(parts))
    assert answer.status_code == 303
    assert re.findall(r"<b>(\d+)</b>", admin.get(answer.location).text) == ["2", "3", "2", "2", "2"]


def sharedstrings():
    with zipfile.ZipFile(io.BytesIO(layout_template())) as archive:
        return archive.read("xl/sharedStrings.xml")


def test_the_faults_listed_are_limited(admin):
    rows = [{"编码": "!", "名称": f"科{n}"} for n in range(views.SHOWN + 50)]
    answer = send(admin, book({"科室": rows}))
    assert len(faults(answer.text)) == views.SHOWN
    assert f"只列出前 {views.SHOWN} 处" in answer.text


# --- first passwords ------------------------------------------------------------------------------------------


def brought_in(admin):
    assert admin.post(f"{send(admin, book()).location}/confirm").status_code == 303


def handed_out(client):
    answer = client.post("/intake/passwords")
    assert answer.mimetype == sheets.XLSX
    rows = list(load_workbook(io.BytesIO(answer.data)).active.iter_rows(min_row=2, values_only=True))
    return {r[0]: r[3] for r in rows}


def test_nobody_logs_in_before_a_password_is_handed_out(app, admin):
    brought_in(admin)
    for typed in (passwords.NONE, "", "!"):
        answer = app.test_client().post("/login", data={"username": "qian", "password": typed})
        assert answer.status_code in (200, 422)


def test_first_passwords_are_offered_once_and_must_be_changed(app, admin, events_of):
    brought_in(admin)
    assert "3 人还没有初始密码" in admin.get("/intake").text
    made = handed_out(admin)
    assert set(made) == {"qian", "shen", "han"}
    assert len(set(made.values())) == 3
    again = admin.post("/intake/passwords")
    assert (again.status_code, again.location) == (303, "/intake")
    assert "还没有初始密码" not in admin.get("/intake").text

    client = app.test_client()
    assert client.post("/login", data={"username": "qian", "password": made["qian"]}).status_code == 303
    assert client.get("/account").location == "/account/password"
    new = {"old": made["qian"], "new": "Neues-Wort-9", "again": "Neues-Wort-9"}
    assert client.post("/account/password", data=new).location == "/account"
    assert client.get("/account").status_code == 200
    assert [e.fact() for e in events_of("intake.passwords_handed_out")] == [{"count": 3}]
    with app.app_context():
        stored = "".join(db.session.scalars(db.select(journal.JournalEntry.facts)))
    assert not any(p in stored for p in made.values())


@pytest.fixture
def events_of(app):
    def of(tag):
        with app.app_context():
            return list(db.session.scalars(db.select(journal.JournalEntry).filter_by(event=tag)))

    return of


def test_the_office_hands_out_no_password_of_a_role(app, admin, login):
    """R-2: else the office could log in as an administrator whom it got the password of."""
    people = [{"用户名": "plain", "姓名": "甲"}, {"用户名": "second", "姓名": "乙", "授予角色": "系统管理员"}]
    place = send(admin, book({**{title: [] for title in GOOD}, "人员": people})).location
    assert admin.post(f"{place}/confirm").status_code == 303
    assert set(handed_out(login("office"))) == {"plain"}
    assert set(handed_out(admin)) == {"second"}


def test_passwords_come_in_portions(admin, monkeypatch):
    monkeypatch.setattr(views, "MOST_PASSWORDS", 2)
    brought_in(admin)
    assert len(handed_out(admin)) == 2
    assert "1 人还没有初始密码" in admin.get("/intake").text
    assert len(handed_out(admin)) == 1


def test_an_import_in_english_reads_the_same_file(admin, app):
    admin.set_cookie("lang", "en")
    assert send(admin, book()).status_code == 303
    assert load_workbook(io.BytesIO(admin.get("/intake/template").data)).sheetnames[1:] == list(layout.SHEETS)


def test_an_import_on_a_later_day_starts_that_day(app, admin, login):
    with clock.at(cast.later(minutes=5)):
        brought_in(admin)
    with app.app_context():
        days = set(db.session.scalars(db.select(Assignment.from_on).where(Assignment.from_on > cast.SINCE)))
    assert days == {date(2026, 11, 18)}
