"""The pages of plans by role and object, bad input at its field, the sheet, papers, to-dos (E-1)."""

from __future__ import annotations

import io
from datetime import date

import pytest
from docx import Document
from flask import current_app
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from portal.kernel import transaction
from portal.kernel.db import db
from portal.people import queries as people
from portal.work_plan import drafting, executing, room
from portal.work_plan.models import PlanItem, PlanState, WorkPlan
from tests.office import NOW
from tests.work_plan.conftest import drafted, who

STAFF = ("clerk", "head", "other", "other_head", "leader", "leader2", "principal", "office", "supervisor")


def text_of(answer):
    return answer.get_data(as_text=True)


def test_who_sees_a_draft_and_a_plan_in_force(app, ids, login, force):
    """A draft is for who leads there; what is in force for all who work with matters; a foreign one is missing."""
    with app.app_context(), transaction.act():
        draft = drafted(ids, 2027, NOW)
        number, item = draft.number, draft.items[0].number
    led = {"head", "leader", "principal", "office", "supervisor"}
    for name in STAFF:
        client = login(name)
        for url in (f"/work-plans/{number}", f"/work-plans/items/{item}"):
            assert client.get(url).status_code == (200 if name in led else 404), (name, url)
        assert client.get(f"/work-plans/{force.number}").status_code == 200, name
        assert (number in text_of(client.get("/work-plans?year=2027"))) is (name in led), name
        assert (item in text_of(client.get("/work-plans/items?light=all&year=2027"))) is (name in led), name
    client = login("other")
    for url in (f"/work-plans/{number}/paper", f"/work-plans/{number}/paper.docx", "/work-plans/JH-2026-0099"):
        assert client.get(url).status_code == 404, url
    for url in (f"/work-plans/items/{force.items[0]}", f"/work-plans/{force.number}/paper"):
        assert client.get(url).status_code == 200, url
    for name in ("auditor", "sysadmin"):
        assert login(name).get("/work-plans").status_code == 403


def test_who_does_what(login, force):
    """Role × verb on a plan in force; the refused write nothing."""
    item, plan = f"/work-plans/items/{force.items[0]}", f"/work-plans/{force.number}"
    allowed = {
        f"{item}/progress": {"clerk", "head"},
        f"{item}/report": {"clerk", "head"},
        f"{item}/ask-extension": {"clerk", "head"},
        f"{item}/amend-cancel": {"head"},
        f"{plan}/amend": {"head"},
        f"{plan}/reviews/mid/file": {"head"},
    }
    for name in ("clerk", "head", "other", "leader", "office"):
        client = login(name)
        for url, may in allowed.items():
            status = client.post(url, data={}).status_code
            good = (422,) if name in may else (403, 404, 409, 422) if url.endswith("/amend") else (403, 404, 409)
            assert status in good, (name, url, status)
    assert login("clerk").post(f"{item}/progress", data={"percent": "４０", "text": "推进"}).status_code == 303
    refused = login("clerk").post(f"{item}/progress", data={"percent": "abc", "text": "写好的话"})
    assert refused.status_code == 422
    assert "写好的话" in text_of(refused)
    assert "请填写整数" in text_of(refused)


@pytest.mark.parametrize("name", ["year", "department", "person", "light", "mine"])
def test_nonsense_in_a_filter_is_told_at_its_field(login, force, name):
    for typed in ("　", "99999999999"):
        page = login("office").get("/work-plans/items", query_string={name: typed})
        assert (page.status_code == 200 and 'aria-invalid="true"' in text_of(page)) or name == "light", (name, typed)


def test_the_story_over_http(app, ids, login):
    """Draft, items, hand in, discuss, approve, progress with a file, done, confirmed; to-dos follow."""
    head = login("head")
    made = head.post("/work-plans/new", data={"department_id": ids.departments["YW"], "year": "2026", "goals": "目标"})
    assert made.status_code == 303
    url = made.location
    bad = head.post(f"{url}/items/new", data={"key_task": "讲解", "due_on": "2027-01-01"})
    assert bad.status_code == 422
    assert 'value="讲解"' in text_of(bad)
    good = {
        "key_task": "讲解",
        "step": "培训",
        "measure": "两期",
        "person_id": ids.users["clerk"],
        "due_on": "2026-11-20",
    }
    wrong = head.post(f"{url}/items/new", data={**good, "due_on": "2027-01-01"})
    assert wrong.status_code == 422
    assert "2026 年之内" in text_of(wrong)
    assert head.post(f"{url}/items/new", data=good).status_code == 303
    assert head.post(f"{url}/submit", data={}).status_code == 303
    assert login("leader").post(f"{url}/discuss", data={"text": "同意"}).status_code == 303
    empty = login("principal").post(f"{url}/approve", data={"text": "纪要"})
    assert empty.status_code == 422
    assert "班子会日期" in text_of(empty)
    assert (
        login("principal").post(f"{url}/approve", data={"text": "纪要", "meeting_on": "2026-11-18"}).status_code == 303
    )
    with app.app_context():
        item = db.session.scalar(select(PlanItem.number))
        assert [t.kind for t in _todos("clerk") if t.kind.startswith("work_plan")] == ["work_plan.handle"]
    clerk, place = login("clerk"), f"/work-plans/items/{item}"
    half = {"percent": "50", "text": "已办一期", "files": (io.BytesIO(b"%PDF-1.4\n%"), "名单.pdf")}
    assert clerk.post(f"{place}/progress", data=half).status_code == 303
    assert "名单.pdf" in text_of(login("other").get(place))
    assert clerk.post(f"{place}/report", data={"text": "已办两期"}).status_code == 303
    assert clerk.post(f"{place}/confirm", data={}).status_code == 403
    with app.app_context():
        assert [t.kind for t in _todos("head") if t.kind.startswith("work_plan.confirm")] == ["work_plan.confirm"]
    assert head.post(f"{place}/return", data={}).status_code == 422
    assert head.post(f"{place}/confirm", data={"text": "好"}).status_code == 303
    assert "已完成" in text_of(head.get(place))


def _todos(name):
    with current_app.test_request_context():
        return room.todos(people.actor_by_username(name, NOW), NOW)


def sheet(rows, head=("重点任务", "分解事项", "工作措施和衡量标准", "责任人", "完成日期")):
    book = Workbook()
    book.active.append(head)
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out, "计划.xlsx"


def test_a_sheet_comes_in_whole_or_not_at_all(app, ids, login):
    """Every error by row and column, nothing written; a good sheet is previewed, confirmed once, and goes out again."""
    with app.app_context(), transaction.act():
        plan = drafting.draft(who("head"), ids.departments["YW"], 2026, "", NOW)
        base = f"/work-plans/{plan.number}/import"
    head = login("head")
    names = load_workbook(io.BytesIO(head.get(f"{base}/template.xlsx").data))
    assert [c.value for c in names.worksheets[0][1]][:2] == ["重点任务", "分解事项"]
    good = ("讲解", "培训", "两期", "王敏", date(2026, 12, 1))
    sent = head.post(
        base,
        data={"file": sheet([good, ("", "x", "y", "无名氏", "明天"), ("a", "b" * 201, "c", "周宁", "2027-01-01")])},
    )
    assert sent.status_code == 303
    page = text_of(head.get(sent.location))
    for told in ("请填写重点任务", "本科室没有这个在职人员", "2026 年之内的日期", "最多 200 个字"):
        assert told in page, told
    head.post(f"{sent.location}/confirm", data={})
    assert login("leader").get(sent.location).status_code == 403
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(PlanItem)) == 0
    for broken in ((io.BytesIO(b"no"), "a.xlsx"), sheet([good], ("一", "二"))):
        refused = head.post(base, data={"file": broken})
        assert refused.status_code == 422
    assert head.post(base, data={}).status_code == 422
    sent = head.post(base, data={"file": sheet([good, ("讲解", "考核", "一次", "李强 · 综合业务科", "2026.12.20")])})
    assert "检查通过" in text_of(head.get(sent.location))
    assert head.post(f"{sent.location}/confirm", data={}).status_code == 303
    assert head.get(sent.location).status_code == 404
    with app.app_context():
        items = db.session.scalars(select(PlanItem).order_by(PlanItem.sort)).all()
        assert [(i.step, i.person_id, i.due_on) for i in items] == [
            ("培训", ids.users["clerk"], date(2026, 12, 1)), ("考核", ids.users["clerk2"], date(2026, 12, 20)),
        ]  # fmt: skip
    out = load_workbook(io.BytesIO(head.get("/work-plans/items/export.xlsx?light=all").data)).active
    assert [row[4].value for row in out.iter_rows(min_row=2)] == ["培训", "考核"]


def test_papers_say_what_stands(app, ids, login, force):
    with app.app_context(), transaction.act():
        plan = db.session.scalars(select(WorkPlan)).one()
        executing.report(who("clerk"), plan.items[0], "已印发", NOW)
        executing.confirm(who("head"), plan.items[0], "", NOW)
        assert plan.state is PlanState.APPROVED
    client = login("other")
    page = text_of(client.get("/work-plans/bulletin?year=2026"))
    assert "重点工作进展通报" in page
    assert "33%" in page
    paper = Document(io.BytesIO(client.get("/work-plans/bulletin.docx?year=2026").data))
    cells = [c.text for c in paper.tables[0].rows[1].cells]
    assert cells == ["综合业务科", "3", "1", "0", "0", "0", "0", "33%", "33%"]
    plan = Document(io.BytesIO(client.get(f"/work-plans/{force.number}/paper.docx").data))
    assert [row.cells[1].text for row in plan.tables[0].rows[1:]] == ["修订开放办法", "培训讲解员", "筹备年会"]
    for odd in ("abcd", "99999", "　"):
        assert client.get("/work-plans", query_string={"year": odd}).status_code == 200
