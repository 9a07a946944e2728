"""Pages of openness: writing and approving over HTTP, the public without a login, who may not (O-1)."""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
BODY = "第一段。\n\n第二段 <script>alert(1)</script>"


def form(ids, **change):
    return {
        "title": "科普基地认定结果", "department": str(ids.departments["YW"]), "kind": "办理结果",
        "scope": "department", "body": BODY, "send": "1", **change,
    }  # fmt: skip


@pytest.fixture
def number(login, ids) -> str:
    data = {**form(ids), "files": (io.BytesIO(PDF), "认定名单.pdf")}
    sent = login("clerk").post("/openness/new", data=data)
    assert (sent.status_code, sent.location) == (303, "/openness/GK-2026-0001")
    return "GK-2026-0001"


@pytest.fixture
def published(login, number) -> str:
    sent = login("head").post(f"/openness/{number}/approve", data={"version": "1", "opinion": "同意"})
    assert sent.status_code == 303
    return number


def test_nothing_is_public_before_it_is_approved(app, login, number):
    stranger = app.test_client()
    assert "认定结果" not in stranger.get("/public/notices").get_data(as_text=True)
    assert stranger.get(f"/public/notices/{number}").status_code == 404
    assert stranger.get(f"/public/notices/{number}/files/1").status_code == 404
    assert number not in stranger.get("/public/notices/feed.atom").get_data(as_text=True)
    assert login("other").get(f"/openness/{number}").status_code == 404
    assert login("clerk2").get(f"/openness/{number}").status_code == 200
    assert login("auditor").get(f"/openness/{number}").status_code == 403
    assert login("clerk").post(f"/openness/{number}/approve", data={"version": "1"}).status_code == 403


def test_a_stranger_reads_finds_and_downloads(app, published):
    stranger = app.test_client()
    for address in ("/public/notices", "/public/notices?kind=办理结果&year=2026", "/public/notices?q=第二段"):
        assert "科普基地认定结果" in stranger.get(address).get_data(as_text=True), address
    for address in ("/public/notices?kind=机构职能", "/public/notices?q=没有的"):
        page = stranger.get(address).get_data(as_text=True)
        assert "科普基地认定结果" not in page.split('id="public_list"')[1], address
    page = stranger.get(f"/public/notices/{published}").get_data(as_text=True)
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "王敏" not in page
    file = re.search(rf"/public/notices/{published}/files/\d+", page)
    got = stranger.get(file[0])
    assert got.data == PDF
    assert got.headers["Content-Disposition"].startswith("attachment")
    feed = ElementTree.fromstring(stranger.get("/public/notices/feed.atom").data)
    assert [e.findtext("{*}title") for e in feed.findall("{*}entry")] == ["科普基地认定结果"]


def test_withdrawn_says_when_and_why_and_no_more(app, login, published):
    assert login("clerk").post(f"/openness/{published}/withdraw", data={"reason": "x"}).status_code == 403
    empty = login("head").post(f"/openness/{published}/withdraw", data={"reason": "　"})
    assert empty.status_code == 422
    assert "公众会看到" in empty.get_data(as_text=True)
    assert login("head").post(f"/openness/{published}/withdraw", data={"reason": "名单有误"}).status_code == 303
    stranger = app.test_client()
    page = stranger.get(f"/public/notices/{published}").get_data(as_text=True)
    assert "2026-11-18" in page
    assert "名单有误" in page
    assert "第一段" not in page
    assert "认定名单" not in page
    assert stranger.get(f"/public/notices/{published}/files/1").status_code == 404
    assert "第一段" in login("clerk").get(f"/openness/{published}").get_data(as_text=True)


def test_a_new_version_over_http(app, login, ids, published):
    clerk = login("clerk")
    page = clerk.get(f"/openness/{published}/amend").get_data(as_text=True)
    assert "认定名单.pdf" in page
    keep = re.search(r'name="keep"[^>]*value="(\d+)"|value="(\d+)"[^>]*name="keep"', page)
    data = form(ids, body="更正后的正文", change="名单更正", keep=(keep[1] or keep[2]))
    assert clerk.post(f"/openness/{published}/amend", data={**data, "change": ""}).status_code == 422
    assert clerk.post(f"/openness/{published}/amend", data=data).status_code == 303
    assert "第一段" in app.test_client().get(f"/public/notices/{published}").get_data(as_text=True)
    assert login("head").post(f"/openness/{published}/approve", data={"version": "1"}).status_code == 409
    assert login("head").post(f"/openness/{published}/approve", data={"version": "2"}).status_code == 303
    page = app.test_client().get(f"/public/notices/{published}").get_data(as_text=True)
    assert "更正后的正文" in page
    assert "名单更正" not in page
    old = login("other").get(f"/openness/{published}/versions/1").get_data(as_text=True)
    assert "第一段" in old
    assert login("other").get(f"/openness/{published}/versions/3").status_code == 404


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": "　"}, "请填写标题"),
        ({"title": "题" * 121}, "最多 120 个字"),
        ({"body": ""}, "请填写正文"),
        ({"body": "文" * 20001}, "最多 20000 个字"),
        ({"body": "a\0b"}, "无法保存"),
        ({"until_on": "0000-01-01"}, "请填写日期"),
        ({"until_on": "9999-12-31"}, "年份应在"),
        ({"until_on": "2026-11-17"}, "截止日期不能早于"),
        ({"kind": "　"}, 'class="fe"'),
        ({"department": "99999"}, 'class="fe"'),
        ({"due": "1/2026-01-01"}, 'class="fe"'),
        ({"keep": "abc"}, "errsum"),
    ],
)
def test_what_is_refused_at_its_field(login, ids, change, said):
    answer = login("clerk").post("/openness/new", data=form(ids, **change))
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)


def test_nonsense_in_addresses(app, login, published):
    for address in (
        "/openness?year=x&kind=y&department=z&state=w&q=" + "长" * 100,
        "/openness/directory?year=0000&department=x",
        "/openness/directory?year=９９９９",
        "/public/notices?year=x&department=-1&page=99999",
    ):
        assert login("office").get(address).status_code == 200, address
    for address in ("/openness/none", "/openness/GK-2026-0001/versions/99/files/1", "/openness/GK-2026-0001/edit"):
        assert login("clerk").get(address).status_code == 404, address


def test_the_register_and_its_sheet(login, published):
    office = login("office")
    assert "科普基地认定结果" in office.get("/openness?state=shown").get_data(as_text=True)
    assert "没有符合条件" in office.get("/openness?state=withdrawn").get_data(as_text=True)
    rows = list(load_workbook(io.BytesIO(office.get("/openness/export.xlsx").data)).active.iter_rows(values_only=True))
    assert [rows[1][0], rows[1][4], rows[1][8], rows[1][10]] == [published, "公布中", "王敏", "赵刚"]
    assert office.post(f"/openness/{published}/pin", data={"pinned": "1"}).status_code == 303
    assert office.post(f"/openness/{published}/pin", data={"pinned": "1"}).status_code == 409
    assert login("head").post(f"/openness/{published}/pin", data={"pinned": "0"}).status_code == 403


def test_the_yearly_list_over_http(login, ids):
    office = login("office")
    entry = {
        "title": "办件统计", "kind": "办理结果", "department": str(ids.departments["YW"]), "period": "quarterly",
        "first_on": "2026-01-31", "basis": "",
    }  # fmt: skip
    assert login("head").post("/openness/directory/new", data=entry).status_code == 403
    assert office.post("/openness/directory/new", data={**entry, "first_on": "9999-01-31"}).status_code == 422
    assert office.post("/openness/directory/new", data=entry).status_code == 303
    page = office.get("/openness/directory?year=2026&state=overdue").get_data(as_text=True)
    assert page.count("逾期</") >= 4
    home = login("head").get("/").get_data(as_text=True)
    assert "公开目录：办件统计" in home
    due = re.search(r"/openness/new\?due=[^\"&]+", home)
    assert "办件统计" in login("head").get(due[0]).get_data(as_text=True)
    assert office.get("/openness/directory.xlsx?year=2026").status_code == 200
    assert office.post("/openness/directory/copy?year=2026").location == "/openness/directory?year=2027"
    assert office.get("/openness/directory/1/end").status_code == 200
    assert office.post("/openness/directory/1/end", data={"reason": ""}).status_code == 422
    assert office.post("/openness/directory/1/end", data={"reason": "合并"}).status_code == 303
    assert office.post("/openness/directory/1/end", data={"reason": "合并"}).status_code == 409
    assert office.get("/openness/directory/77/end").status_code == 404
