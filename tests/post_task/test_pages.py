"""The pages of tasks by role: list, handing out, verbs over HTTP, bad input at its field (P-4)."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from portal.kernel import clock, plates, transaction
from portal.kernel.db import db
from portal.people import queries as people
from portal.post_duty.models import Post
from portal.post_task import service
from portal.post_task.models import Task
from portal.post_task.service import Content
from tests.office import NOW, later

FORM = {
    "title": "报送学会年检材料",
    "content": "按来文要求汇总。",
    "source": "upper",
    "authority": "示例市委办公室",
    "document_number": "示例办发〔2026〕12 号",
    "time_limit": "５个工作日",
}


def assign(app, ids, title="起草总结", code="YW-1", who="leader", at=NOW, **more):
    with app.app_context(), clock.at(at), transaction.act():
        what = Content(title, "要求", **{"time_limit": "5wd", **more})
        return service.assign(people.actor_by_username(who, at), db.session.get(Post, ids.posts[code]), what, at).number


def test_the_office_hands_out_what_came_from_above(app, login, ids):
    office = login("office")
    assert "交办事项" in office.get("/tasks/new?post=XH-1").get_data(as_text=True)
    answer = office.post("/tasks/new", data={**FORM, "post_id": ids.posts["XH-1"]})
    assert answer.status_code == 303
    page = office.get(answer.headers["Location"]).get_data(as_text=True)
    for word in ("示例办发〔2026〕12 号", "示例市委办公室", "学会服务岗", "5 个工作日", "待签收", "现由 周宁 负责"):
        assert word in page
    assert "撤回交办" in page
    assert "报送学会年检材料" in login("other").get("/").get_data(as_text=True), "a to-do at home"


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"title": ""}, "title"),
        ({"content": ""}, "content"),
        ({"post_id": ""}, "post_id"),
        ({"post_id": "99999"}, "post_id"),
        ({"authority": ""}, "authority"),
        ({"document_number": ""}, "document_number"),
        ({"time_limit": "尽快"}, "time_limit"),
        ({"time_limit": ""}, "time_limit"),
        ({"due_on": "2026-12-01"}, "time_limit"),
        ({"time_limit": "", "due_on": "2026-11-01"}, "due_on"),
        ({"time_limit": "", "due_on": "明天"}, "due_on"),
        ({"source": "nobody"}, "source"),
    ],
)
def test_bad_input_is_told_at_its_field(login, ids, bad, field):
    answer = login("office").post("/tasks/new", data={**FORM, "post_id": ids.posts["XH-1"], **bad})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in page
    if "content" not in bad:
        assert "按来文要求汇总。" in page, "what was typed stays"


@pytest.mark.parametrize(
    ("who", "status", "verbs"),
    [
        ("clerk", 200, {"acknowledge"}),
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
def test_who_sees_what(app, login, ids, who, status, verbs):
    number = assign(app, ids)
    client = login(who)
    answer = client.get(f"/tasks/{number}")
    assert answer.status_code == status
    page = answer.get_data(as_text=True)
    shown = {v for v in ("acknowledge", "report", "confirm", "withdraw") if f"/tasks/{number}/{v}" in page}
    assert shown == verbs
    for verb in ("acknowledge", "confirm", "withdraw"):
        if verb not in verbs:
            assert client.post(f"/tasks/{number}/{verb}", data={"text": "x"}).status_code in (403, 404, 409)
    if status != 403:
        assert (number in client.get("/tasks").get_data(as_text=True)) is (status == 200)


def test_the_whole_way_over_http(app, login, ids):
    number = assign(app, ids)
    clerk, leader = login("clerk"), login("leader")
    go = f"/tasks/{number}"
    assert clerk.post(f"{go}/acknowledge").status_code == 303
    assert clerk.post(f"{go}/acknowledge").status_code == 409
    answer = clerk.post(f"{go}/progress", data={"text": ""})
    assert answer.status_code == 422
    assert "请填写进展情况" in answer.get_data(as_text=True)
    data = {"text": "数据已齐", "files": (io.BytesIO(b"%PDF-1.4 x"), "数据.pdf")}
    assert clerk.post(f"{go}/progress", data=data, content_type="multipart/form-data").status_code == 303
    page = leader.get(go).get_data(as_text=True)
    assert "数据.pdf" in page
    file = page.split(f'href="{go}/files/')[1].split('"')[0]
    assert leader.get(f"{go}/files/{file}").status_code == 200
    assert login("other").get(f"{go}/files/{file}").status_code == 404
    assert clerk.post(f"{go}/ask-extension", data={"text": "等", "due_on": "2026-11-25"}).status_code == 422
    assert clerk.post(f"{go}/ask-extension", data={"text": "等数据", "due_on": "2026-11-27"}).status_code == 303
    assert "申请延期，请答复" in leader.get("/").get_data(as_text=True)
    assert clerk.post(f"{go}/extension/grant").status_code == 403
    assert leader.post(f"{go}/extension/refuse").status_code == 422
    assert leader.post(f"{go}/extension/maybe").status_code == 404
    assert leader.post(f"{go}/extension/grant").status_code == 303
    assert clerk.post(f"{go}/report", data={"text": "完成"}).status_code == 303
    assert leader.post(f"{go}/send-back", data={"text": ""}).status_code == 422
    assert leader.post(f"{go}/confirm", data={}).status_code == 303
    page = clerk.get(go).get_data(as_text=True)
    assert "已办结" in page
    assert "同意延期" in page
    assert leader.post(f"{go}/withdraw", data={"text": "x"}).status_code == 409


def test_an_overdue_one_asks_for_the_statement(app, login, ids):
    number = assign(app, ids)
    login("clerk").post(f"/tasks/{number}/acknowledge")
    with clock.at(later(days=9)):
        clerk = login("clerk")
        page = clerk.get(f"/tasks/{number}").get_data(as_text=True)
        assert "超期原因说明（已超期，必填）" in page
        assert "ask-extension" not in page
        answer = clerk.post(f"/tasks/{number}/report", data={"text": "完成"})
        assert answer.status_code == 422
        assert "请写明超期原因" in answer.get_data(as_text=True)
        assert clerk.post(f"/tasks/{number}/report", data={"text": "完成", "statement": "等数据"}).status_code == 303


def test_filters_search_and_export(app, login, ids):
    old = assign(app, ids, "旧事", at=NOW - timedelta(days=20))
    mine = assign(app, ids, "科普日方案")
    far = assign(app, ids, "学会年检", code="XH-1", who="leader2", due_on=None)
    office = login("office")

    def listed(query):
        page = office.get(f"/tasks?{query}").get_data(as_text=True)
        return {n for n in (old, mine, far) if f'id="task-{n}"' in page}

    assert listed("") == {old, mine, far}
    assert listed("light=overdue") == {old}
    assert listed("light=confirmed") == set()
    assert listed("q=科普日") == {mine}
    assert listed(f"q={far}") == {far}
    assert listed(f"department={ids.departments['XH']}") == {far}
    assert listed("mine=assign") == set()
    assert listed("light=nonsense&source=nobody&department=x") == {old, mine, far}
    book = load_workbook(io.BytesIO(office.get("/tasks/export.xlsx?light=overdue").data))
    rows = list(book.active.iter_rows(values_only=True))
    assert [r[0] for r in rows] == ["编号", old]
    assert "没有符合条件的交办事项" in office.get("/tasks?light=withdrawn").get_data(as_text=True)


def test_a_form_sent_twice_hands_out_once(app, login, ids):
    data = {**FORM, "post_id": ids.posts["XH-1"], "_key": "a" * 32}
    for _n in range(2):
        assert login("office").post("/tasks/new", data=data).status_code == 303
    with app.app_context():
        assert db.session.query(Task).count() == 1


def test_counts_in_the_menu_and_at_home(app, ids):
    assign(app, ids)
    with app.test_request_context():
        for who, n in (("clerk", 1), ("leader", 0), ("other", 0)):
            found = [t for t in plates.todos(people.actor_by_username(who, NOW), NOW) if t.kind.startswith("post_task")]
            assert len(found) == n
