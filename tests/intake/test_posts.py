"""P-1: the sheet of posts goes out and comes in again: adds, changes, nothing lost, every fault by row."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from portal.ab_post import queries as ab
from portal.ab_post.models import Letter
from portal.kernel import journal
from portal.kernel.db import db
from portal.people import queries as people
from portal.post_duty import queries as posts
from portal.post_duty.models import Post
from tests.office import NOW

STATED = {"职责": "受理申请\n一次告知", "权限": "批准延期", "标准": "当日受理", "责任": "超期承担责任"}


def exported(client):
    return load_workbook(io.BytesIO(client.get("/intake/posts/export.xlsx").data))


def send(client, book):
    out = io.BytesIO()
    book.save(out)
    data = {"file": (io.BytesIO(out.getvalue()), "岗位.xlsx")}
    return client.post("/intake/posts", data=data, content_type="multipart/form-data")


def edit(book, code, **cells):
    sheet = book["岗位"]
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


def test_the_export_comes_in_again_and_changes_nothing(app, login):
    office = login("office")
    with app.app_context():
        before = journal.head()
    page, done = take_in(office, exported(office))
    assert "没有变化" in page
    assert "确认导入" not in page
    assert done.status_code == 303
    with app.app_context():
        entries = [
            e.event
            for e in db.session.scalars(db.select(journal.JournalEntry).where(journal.JournalEntry.seq > before[0]))
        ]
    assert entries == ["intake.posts_imported"]


def test_texts_holders_and_charges_are_changed_and_posts_added(app, login, ids):
    office = login("office")
    book = exported(office)
    edit(book, "YW-1", **STATED, A岗用户名="clerk2", B岗用户名="clerk")
    edit(book, "LD-1", 分管科室编码="YW、XH")
    edit(book, "LD-2", 电话="0543-1", 分管科室编码=None)
    edit(book, "YW-9", 名称="档案岗", 科室编码="YW", A岗用户名="head", **STATED)
    page, done = take_in(office, book)
    for word in ("批准延期", "clerk2", "YW-9 档案岗", "XH、YW"):
        assert word in page
    assert done.status_code == 303
    with app.app_context():
        post = posts.by_code("YW-1")
        assert (post.duties, post.liability) == (STATED["职责"], STATED["责任"])
        assert [v.number for v in posts.versions(post)] == [2, 1]
        seen = ab.picture()
        day = NOW.date()
        assert seen.holder(post.id, Letter.A, day) == ids.users["clerk2"]
        assert seen.holder(post.id, Letter.B, day) == ids.users["clerk"]
        assert posts.leader_post_of(ids.departments["XH"]) == ids.posts["LD-1"]
        assert posts.by_code("YW-9").powers == STATED["权限"]
        assert people.actor_by_username("clerk2", NOW).answers_for(post.id).reason == "holder"
    round_two, _done = take_in(office, exported(office))
    assert "确认导入" not in round_two, "what came in goes out the same"


def test_an_empty_cell_leaves_what_stands(app, login, ids):
    office = login("office")
    book = exported(office)
    edit(book, "YW-1", **STATED)
    take_in(office, book)
    book = exported(office)
    edit(book, "YW-1", 职责=None, A岗用户名=None, 地点="新窗口")
    take_in(office, book)
    with app.app_context():
        post = posts.by_code("YW-1")
        assert (post.duties, post.place) == (STATED["职责"], "新窗口")
        assert ab.picture().holder(post.id, Letter.A, NOW.date()) == ids.users["clerk"]


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        ({"科室编码": "XH"}, "科室编码", "科室不能改变"),
        ({"类型": "分管领导"}, "类型", "类型不能改变"),
        ({"类型": "组长"}, "类型", "不是可以填写的内容"),
        ({"A岗用户名": "nobody"}, "A岗用户名", "没有这个用户名"),
        ({"A岗用户名": "auditor"}, "A岗用户名", "不能担任"),
        ({"A岗用户名": "clerk2"}, "A岗用户名", "不能是同一人"),
        ({"名称": None}, "名称", "必填"),
        ({"电话": "电话"}, "电话", "请填写电话号码"),
        ({"任职日期": "2026-01-01"}, "任职日期", "不能早于"),
        ({"分管科室编码": "YW"}, "分管科室编码", "只有领导岗位"),
        ({"职责": "长" * 2001}, "职责", "超过 2000 个字"),
    ],
)
def test_every_fault_is_told_by_row_and_nothing_is_written(app, login, cells, column, message):
    office = login("office")
    book = exported(office)
    edit(book, "YW-2", 地点="二楼")
    cells = {k: v for k, v in cells.items() if k != "A岗用户名"} | (
        {"A岗用户名": cells["A岗用户名"], "B岗用户名": None} if "A岗用户名" in cells else {}
    )
    row = edit(book, "YW-1", **cells)
    answer = send(office, book)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    faults = page.split('id="faults"')[1]
    assert f">{row}<" in faults
    assert column in faults
    assert message in faults
    with app.app_context():
        assert db.session.scalars(db.select(Post.place).where(Post.code == "YW-2")).one() != "二楼"


def test_a_code_twice_and_a_closed_post_are_refused(app, login):
    office = login("office")
    office.post("/posts/XH-1/close")
    book = exported(office)
    book["岗位"].append(["YW-1", "又一个", "YW"])
    assert "重复" in send(office, book).get_data(as_text=True)


@pytest.mark.parametrize("who", ["clerk", "head", "leader", "sysadmin", "auditor"])
def test_only_the_office(login, who):
    for path in ("/intake/posts", "/intake/posts/export.xlsx"):
        assert login(who).get(path).status_code == 403


def test_what_is_no_sheet_is_refused(login):
    data = {"file": (io.BytesIO(b"x"), "岗位.xlsx")}
    answer = login("office").post("/intake/posts", data=data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert login("office").get("/intake/posts/none").status_code == 404
