"""The pages of urging and supervision by role, over HTTP (T-12)."""

from __future__ import annotations

import io

import pytest
from docx import Document
from openpyxl import load_workbook

from portal.kernel import clock, plates, transaction
from portal.kernel.db import db
from portal.people import queries as people
from portal.post_duty.models import Post
from portal.post_task import service as tasks
from portal.urging import service
from portal.urging.service import Date, Demand
from tests.office import NOW, later
from tests.urging.conftest import accepted

FORM = {"title": "基地认定进度", "demand": "说明原因和办结时间。", "time_limit": "２个工作日"}


@pytest.fixture
def number(app, ids):
    """The number of a case of YW-1."""
    with app.app_context(), transaction.act():
        return accepted(ids).number


def issued(app, ids, code="YW-1", at=NOW, who="leader"):
    with app.app_context(), clock.at(at), transaction.act():
        what = Demand("督办事项一", "要求", Date())
        return service.issue(people.actor_by_username(who, at), db.session.get(Post, ids.posts[code]), what, at).number


def test_urging_from_the_case_page(login, number):
    head, clerk = login("head"), login("clerk")
    assert f"/supervisions/urge/case/{number}" in head.get(f"/cases/{number}").get_data(as_text=True)
    assert f"/supervisions/urge/case/{number}" not in clerk.get(f"/cases/{number}").get_data(as_text=True)
    assert clerk.get(f"/supervisions/urge/case/{number}").status_code == 403
    assert login("office").get("/supervisions/urge/case/SX-2020-0001").status_code == 404
    url = f"/supervisions/urge/case/{number}"
    assert "现由 王敏 负责" in head.get(url).get_data(as_text=True)
    for bad, field in (({"text": ""}, "text"), ({"text": "快", "reply_on": "昨天"}, "reply_on"),
                       ({"text": "快", "time_limit": "尽快"}, "time_limit")):  # fmt: skip
        answer = head.post(url, data=bad)
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.get_data(as_text=True)
    assert head.post(url, data={"text": "请尽快会签"}).status_code == 303
    assert head.post(url, data={"text": "再催"}).status_code == 409
    page = clerk.get(f"/cases/{number}").get_data(as_text=True)
    assert "请尽快会签" in page
    assert "催办 王敏" in page, "it stands on the timeline"
    assert "请尽快会签" in clerk.get("/").get_data(as_text=True), "a to-do at home"
    assert clerk.post("/supervisions/urges/1/answer", data={"text": ""}).status_code == 422
    assert clerk.post("/supervisions/urges/1/answer", data={"text": "明天"}).status_code == 303
    assert "明天" in head.get("/supervisions/urges/1").get_data(as_text=True)
    assert login("other").get("/supervisions/urges/1").status_code == 404
    assert "请尽快会签" in head.get("/supervisions/urges?state=ended").get_data(as_text=True)


def test_urging_a_task(app, login, ids):
    with app.app_context(), transaction.act():
        what = tasks.Content("写总结", "写", time_limit="5wd")
        actor = people.actor_by_username("leader", NOW)
        number = tasks.assign(actor, db.session.get(Post, ids.posts["YW-1"]), what, NOW).number
    head = login("head")
    assert f"/supervisions/urge/task/{number}" in head.get(f"/tasks/{number}").get_data(as_text=True)
    assert head.post(f"/supervisions/urge/task/{number}", data={"text": "进度？"}).status_code == 303
    assert "进度？" in login("clerk").get(f"/tasks/{number}").get_data(as_text=True)


@pytest.mark.parametrize(
    ("who", "status", "may"),
    [
        ("clerk", 200, {"reply"}),
        ("clerk2", 200, set()),
        ("head", 200, set()),
        ("leader", 200, {"withdraw"}),
        ("principal", 200, set()),
        ("office", 200, set()),
        ("supervisor", 200, set()),
        ("other", 404, set()),
        ("leader2", 404, set()),
        ("auditor", 403, set()),
        ("sysadmin", 403, set()),
    ],
)
def test_who_sees_what(app, login, ids, who, status, may):
    number = issued(app, ids)
    client = login(who)
    answer = client.get(f"/supervisions/{number}")
    assert answer.status_code == status
    page = answer.get_data(as_text=True)
    shown = {v for v in ("reply", "accept", "ask-again", "withdraw") if f"/supervisions/{number}/{v}" in page}
    assert shown == may
    for verb in {"reply", "accept", "ask-again", "withdraw"} - may:
        assert client.post(f"/supervisions/{number}/{verb}", data={"text": "x"}).status_code in (403, 404, 409)
    for paper in ("paper", "paper.docx"):
        assert client.get(f"/supervisions/{number}/{paper}").status_code == status
    if status != 403:
        assert (number in client.get("/supervisions").get_data(as_text=True)) is (status == 200)


def test_the_whole_way_over_http(login, ids, number):
    leader, clerk = login("leader"), login("clerk")
    url = f"/supervisions/new/case/{number}"
    answer = leader.post(url, data={**FORM, "demand": ""})
    assert answer.status_code == 422
    assert 'id="demand-error"' in answer.get_data(as_text=True)
    where = leader.post(url, data=FORM).headers["Location"]
    page = clerk.get(where).get_data(as_text=True)
    for word in ("待答复", "说明原因和办结时间。", number, "现由 王敏 负责", "2 个工作日"):
        assert word in page or word == "待答复"
    assert clerk.post(f"{where}/reply", data={"text": ""}).status_code == 422
    assert clerk.post(f"{where}/reply", data={"text": "周五办结"}).status_code == 303
    assert clerk.post(f"{where}/accept", data={"text": ""}).status_code == 403
    assert leader.post(f"{where}/ask-again", data={"text": ""}).status_code == 422
    assert leader.post(f"{where}/ask-again", data={"text": "会签呢？", "time_limit": "1wd"}).status_code == 303
    assert clerk.post(f"{where}/reply", data={"text": "已会签"}).status_code == 303
    assert leader.post(f"{where}/accept", data={"text": "同意"}).status_code == 303
    assert leader.post(f"{where}/withdraw", data={"text": "x"}).status_code == 409
    sheet = clerk.get(f"{where}/paper").get_data(as_text=True)
    document = Document(io.BytesIO(clerk.get(f"{where}/paper.docx").data))
    text = "\n".join(c.text for t in document.tables for r in t.rows for c in r.cells)
    for word in ("周五办结", "会签呢？", "已会签", "同意", number):
        assert word in sheet
        assert word in text


def test_lists_filters_and_export(app, login, ids):
    old = issued(app, ids, at=later(days=-20))
    new = issued(app, ids)
    far = issued(app, ids, "XH-1", who="leader2")
    office = login("office")

    def listed(query):
        page = office.get(f"/supervisions?{query}").get_data(as_text=True)
        return [n for n in (old, new, far) if f'id="supervision-{n}"' in page]

    assert listed("") == [old, new, far]
    page = office.get("/supervisions").get_data(as_text=True)
    assert page.index(old) < page.index(new), "overdue first"
    assert listed("state=overdue") == [old]
    assert listed("state=closed") == []
    assert listed(f"department={ids.departments['XH']}") == [far]
    assert listed(f"q={far}") == [far]
    assert listed("mine=issue") == []
    assert listed("state=nonsense&department=x&mine=y") == [old, new, far]
    book = load_workbook(io.BytesIO(office.get("/supervisions/export.xlsx?state=overdue").data))
    assert [r[0] for r in book.active.iter_rows(values_only=True)] == ["编号", old]
    with app.test_request_context():
        found = plates.todos(people.actor_by_username("leader", NOW), NOW)
        assert [t.title for t in found if t.kind == "urging.late"] == ["1 件督办逾期未答复"]


def test_issuing_to_a_post(login, ids):
    office = login("office")
    assert "学会服务岗" in office.get("/supervisions/new").get_data(as_text=True)
    answer = office.post("/supervisions/new", data={**FORM, "post_id": ids.posts["BG-1"]})
    assert answer.status_code == 422
    assert 'id="post_id-error"' in answer.get_data(as_text=True)
    answer = office.post("/supervisions/new", data={**FORM, "post_id": ids.posts["XH-1"]})
    assert answer.status_code == 303
    assert login("head").get("/supervisions/new").status_code == 403


def test_a_form_sent_twice_issues_once(login, ids):
    data = {**FORM, "post_id": ids.posts["XH-1"], "_key": "b" * 32}
    places = {login("office").post("/supervisions/new", data=data).headers["Location"] for _n in range(2)}
    assert len(places) == 1


def test_the_wall_shows_the_unanswered_by_number(app, ids):
    number = issued(app, ids, at=later(days=-20))
    with app.app_context():
        from portal.wall import queries as wall

        found = wall.supervised(NOW, 6)
        assert (found.count, [w.matter for w in found.rows]) == (1, [number])


def test_a_supervision_of_a_case_begins_with_the_public_name(login, number):
    page = login("leader").get(f"/supervisions/new/case/{number}").get_data(as_text=True)
    assert 'value="科普教育基地认定"' in page
