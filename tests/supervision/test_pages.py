"""The pages of inspections by role and object, over HTTP (O-2)."""

from __future__ import annotations

import io
from datetime import date

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlalchemy import func, select

from portal.attendance.models import Finding as DisciplineFinding
from portal.kernel import clock, plates, transaction
from portal.kernel.db import db
from portal.people import queries as people
from portal.supervision import findings, rectifying, service
from portal.supervision.models import (
    Inspection,
    InspectionFinding,
    InspectionPlan,
    Manner,
    RectificationOrder,
    Severity,
)
from portal.supervision.rectifying import Until
from portal.supervision.service import Planned, Seen
from tests.office import NOW, later
from tests.supervision.conftest import PNG, inspected, photo

EVERYBODY = (
    "clerk", "head", "other", "other_head", "leader", "leader2", "principal", "office", "supervisor", "auditor",
)  # fmt: skip


def text_of(answer):
    return answer.get_data(as_text=True)


@pytest.fixture
def story(app, ids):
    """An unannounced plan, an inspection of YW that found something serious about 王敏, with an order that runs."""
    with app.app_context(), transaction.act():
        actor = people.actor_by_username("supervisor", NOW)
        what = Planned(
            "十一月暗访", "窗口服务", Manner.COVERT, [ids.departments["YW"], ids.departments["XH"]],
            [ids.users["supervisor"]], date(2026, 11, 18), date(2026, 11, 30),
        )  # fmt: skip
        plan = service.plan(actor, what, NOW)
        seen = Seen("服务态度", Severity.SERIOUS, "窗口人员争吵", person_id=ids.users["clerk"])
        made = inspected(ids, seen, plan=plan, uploads=[photo()])
        order = rectifying.order(actor, made.findings[0], "当面道歉并整改", Until("5wd"), NOW)
        return plan.number, made.number, made.findings[0].number, order.number


def test_who_sees_what(login, story):
    """Role × object: each page and photo, for everybody of the cast; a foreign one looks like a missing one."""
    plan, made, finding, order = story
    led = {"head", "leader", "principal", "office", "supervisor"}
    seers = {
        f"/inspections/plans/{plan}": {"principal", "office", "supervisor"},
        f"/inspections/{made}": led,
        f"/inspections/{made}/report": led,
        f"/inspections/{made}/report.docx": led,
        f"/inspections/findings/{finding}": led | {"clerk"},
        f"/inspections/findings/{finding}/photos/1": led | {"clerk"},
        f"/inspections/orders/{order}": led | {"clerk"},
        f"/inspections/orders/{order}/notice.docx": led | {"clerk"},
    }
    missing = {
        "/inspections/plans/DCJ-2026-0099", "/inspections/DC-2026-0099", "/inspections/findings/DCW-2026-0099",
        f"/inspections/findings/{finding}/photos/99", "/inspections/orders/DCZ-2026-0099",
        f"/inspections/{made}/photos/1",
    }  # fmt: skip
    for who in EVERYBODY:
        client = login(who)
        for url, may in seers.items():
            wanted = 403 if who == "auditor" else 200 if who in may else 404
            assert client.get(url).status_code == wanted, (who, url)
        for url in missing if who in ("other", "supervisor") else ():
            assert client.get(url).status_code == 404, (who, url)
        listed = client.get("/inspections/plans")
        assert listed.status_code == (200 if who in led | {"leader2", "other_head"} else 403), who
        if listed.status_code == 200:
            shows = who in seers[f"/inspections/plans/{plan}"]
            assert (plan in text_of(listed)) is shows, who
            assert (finding in text_of(client.get("/inspections/findings"))) is (who in led), who
            assert (made in text_of(client.get("/inspections"))) is (who in led), who
            assert (order in text_of(client.get("/inspections/orders"))) is (who in led), who
    page = text_of(login("head").get(f"/inspections/{made}"))
    assert plan not in page, "the plan is still a secret to the inspected"


def test_who_does_what(login, story):
    """Role × verb: the group inspects, the department answers; nobody else, and nothing is written by the refused."""
    _plan, made, finding, _order = story
    base = f"/inspections/findings/{finding}"
    allowed = {
        f"{base}/order": {},
        f"{base}/settle": {},
        f"{base}/recheck/pass": {},
        f"{base}/withdraw/agree": {},
        f"/inspections/{made}/feed-back": {},
        "/inspections/spot": {"office", "supervisor"},
        "/inspections/plans/new": {"office", "supervisor"},
        f"{base}/report": {"head"},
        f"{base}/withdraw": {"office", "supervisor"},
    }
    for who in EVERYBODY:
        client = login(who)
        for url, may in allowed.items():
            status = client.post(url, data={}).status_code
            assert status == 422 if who in may else status in (403, 404, 409), (who, url, status)
    head = login("head")
    assert (
        head.post(f"{base}/report", data={"text": "已道歉", "photos": (io.BytesIO(PNG), "后.png")}).status_code == 303
    )
    assert 'alt="照片 后.png"' in text_of(head.get(base))
    assert head.post(f"{base}/recheck/pass", data={"text": "好"}).status_code == 403
    office = login("office")
    answer = office.post(f"{base}/recheck/again", data={"text": "再改", "due_on": "2026-11-01"})
    assert answer.status_code == 422
    assert "不能早于今天" in text_of(answer)
    assert office.post(f"{base}/recheck/pass", data={}).status_code == 303
    assert office.post(f"{base}/recheck/pass", data={}).status_code == 409
    assert office.post(f"/inspections/{made}/feed-back", data={"text": "已整改"}).status_code == 303
    assert login("leader2").post(f"/inspections/{made}/note", data={}).status_code == 404
    assert login("principal").post(f"/inspections/{made}/note", data={}).status_code == 403
    assert login("leader").post(f"/inspections/{made}/note", data={"text": "好"}).status_code == 303
    report = Document(io.BytesIO(office.get(f"/inspections/{made}/report.docx").data))
    cells = [cell.text for table in report.tables for row in table.rows for cell in row.cells]
    assert any("已整改" in cell for cell in cells)
    assert any(finding in cell for cell in cells)


def test_the_spot_form(app, login, ids):
    client = login("supervisor")
    page = text_of(client.get("/inspections/spot"))
    assert 'capture="environment"' in page
    choices = page.split('id="department_id"')[1].split("</select>")[0]
    assert "综合业务科" in choices
    assert "办公室" not in choices, "an own department is not offered"
    form = {"department_id": str(ids.departments["YW"]), "result": "found", "kind": "环境秩序", "severity": "minor"}
    for bad, field in (
        ({"department_id": ""}, "department_id"),
        ({"department_id": str(ids.departments["BG"])}, "department_id"),
        ({"seen": ""}, "seen"),
        ({"kind": ""}, "kind"),
        ({"kind": "　"}, "kind"),
        ({"post_id": "　"}, "post_id"),
        ({"plan_id": "x"}, "plan_id"),
        ({"members": "99"}, "members"),
        ({"severity": "grave"}, "severity"),
        ({"result": "discipline"}, "discipline"),
        ({"result": "discipline", "discipline": "games"}, "person_id"),
        ({"unfiled_denial": "y"}, "matter"),
        ({"unfiled_denial": "y", "case": "SX-2020-0001"}, "case"),
        ({"inspected_at": "2026-11-18T10:01"}, "inspected_at"),
        ({"photos": (io.BytesIO(b"%PDF-1.4\n%%EOF"), "a.pdf")}, "photos"),
    ):
        answer = client.post("/inspections/spot", data={**form, "seen": "堆放杂物", **bad})
        assert answer.status_code == 422, bad
        assert f'id="{field}-error"' in text_of(answer), bad
        assert "堆放杂物" in text_of(answer) or bad.get("seen") == "", "what was typed stays"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Inspection)) == 0
    data = {**form, "seen": "堆放杂物", "photos": (io.BytesIO(PNG), "一.png"), "album": (io.BytesIO(PNG), "二.png")}
    where = client.post("/inspections/spot", data=data).headers["Location"]
    page = text_of(client.get(where))
    assert "堆放杂物" in page
    finding = text_of(client.get("/inspections/findings/DCW-2026-0001"))
    assert finding.count("<img") == 2
    shown = client.get("/inspections/findings/DCW-2026-0001/photos/1")
    assert (shown.mimetype, shown.headers["Content-Disposition"]) == ("image/png", "inline")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    nothing = client.post("/inspections/spot", data={"department_id": form["department_id"], "result": "nothing",
        "severity": "ordinary", "manner": "open", "seen": "秩序良好"})  # fmt: skip
    assert "未发现问题" in text_of(client.get(nothing.headers["Location"]))
    add = f"{where}/add"
    assert login("office").get(add).status_code == 404, "who was not there adds nothing"
    assert client.post(add, data={"result": "discipline", "discipline": "games", "severity": "minor", "seen": "游戏",
        "person_id": str(ids.users["clerk"])}).status_code == 303  # fmt: skip
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(DisciplineFinding)) == 1
        assert db.session.scalar(select(func.count()).select_from(InspectionFinding)) == 1
    partial = client.post("/inspections/spot", data=form, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert text_of(partial).lstrip().startswith('<section class="card0 spot" id="spot"')


def test_planning_over_http(app, login, ids):
    client = login("supervisor")
    form = {
        "title": "十二月检查", "subject": "窗口", "manner": "open", "departments": [str(ids.departments["YW"])],
        "members": [str(ids.users["supervisor"])], "from_on": "2026-12-01", "to_on": "2026-12-31",
    }  # fmt: skip
    for bad, field in (
        ({"title": ""}, "title"),
        ({"departments": []}, "departments"),
        ({"departments": [str(ids.departments["BG"])]}, "members"),
        ({"members": [str(ids.users["clerk"])]}, "members"),
        ({"to_on": "2026-11-01"}, "to_on"),
        ({"from_on": "明天"}, "from_on"),
    ):
        answer = client.post("/inspections/plans/new", data={**form, **bad})
        assert answer.status_code == 422
        assert f'id="{field}-error"' in text_of(answer), bad
    where = client.post("/inspections/plans/new", data=form).headers["Location"]
    assert "十二月检查" in text_of(login("head").get("/inspections/plans?month=2026-12")), "an announced one is told"
    assert "十二月检查" not in text_of(client.get("/inspections/plans?month=2026-11"))
    assert "十二月检查" in text_of(client.get("/inspections/plans?month=2026-Q4"))
    assert client.post(f"{where}/cancel", data={"reason": ""}).status_code == 422
    assert client.post(f"{where}/cancel", data={"reason": "改期"}).status_code == 303
    assert client.post(f"{where}/cancel", data={"reason": "改期"}).status_code == 409
    with app.app_context():
        assert db.session.scalars(select(InspectionPlan.reason)).one() == "改期"


def test_every_figure_opens_as_many_rows(app, login, ids):
    with app.app_context(), transaction.act():
        actor = people.actor_by_username("supervisor", NOW)
        inspected(ids, seen=None)
        inspected(ids, seen=None, manner=Manner.COVERT, code="XH")
        for n, kind in enumerate(("服务态度", "服务态度", "环境秩序")):
            made = inspected(ids, Seen(kind, Severity.SERIOUS, f"情况{n}"), code=("YW", "XH")[n % 2])
            rectifying.order(actor, made.findings[0], "改", Until(on=date(2026, 11, 19 + n)), NOW)
        head = people.actor_by_username("head", NOW)
        rectifying.report(head, made.findings[0], "改了", NOW)
        office = people.actor_by_username("office", NOW)
        wrong = inspected(ids, Seen("其他", Severity.MINOR, "登记错")).findings[0]
        findings.ask_withdrawal(actor, wrong, "登记错了", NOW)
        findings.decide_withdrawal(office, wrong, True, "", NOW)
    with clock.at(later(days=2)):
        client = login("office")
        page = text_of(client.get("/inspections/figures?month=2026-11"))
        links = [part for part in page.split('<a class="stat') if part.startswith((" ", '"'))]
        assert len(links) == 10
        counted = 0
        for part in links:
            url = part.split('href="')[1].split('"')[0].replace("&amp;", "&")
            figure = part.split("<b>")[1].split("</b>")[0]
            rows = text_of(client.get(url)).count("<tr id=")
            if not figure.endswith("%"):
                counted += 1
                assert rows == int(figure), (url, figure)
        assert counted == 9
        assert "<b>50.0%</b>" in page
        table = page.split("发现的问题：科室和类别")[1]
        assert "登记错" not in table
        assert "其他" not in table
        for part in table.split('<td class="r num"><a href="')[1:]:
            url, figure = part.split('"')[0].replace("&amp;", "&"), part.split(">")[1].split("<")[0]
            assert text_of(client.get(url)).count("<tr id=") == int(figure)


def test_lists_narrow_and_export(login, story):
    _plan, made, finding, order = story
    client = login("office")
    for url, number in (("/inspections", made), ("/inspections/findings", finding), ("/inspections/orders", order)):
        assert number in text_of(client.get(f"{url}?q={number}"))
        assert number not in text_of(client.get(f"{url}?q=没有的文字"))
        assert number not in text_of(client.get(f"{url}?q=%25"))
        answer = client.get(f"{url}?state=x&department=y&month=2026-13&manner=z&kind=q")
        assert answer.status_code == 200
        assert "month-error" in text_of(answer)
        book = load_workbook(io.BytesIO(client.get(f"{url}/export.xlsx".replace("inspections//", "inspections/")).data))
        assert number in [cell.value for cell in list(book.active.rows)[1]]
    assert client.get("/inspections/plans/export.xlsx").status_code == 200
    assert finding in text_of(client.get("/inspections/findings?state=ordered&severity=serious&kind=服务态度"))
    assert finding not in text_of(client.get("/inspections/findings?state=overdue"))
    with clock.at(later(days=8)):
        assert finding in text_of(login("office").get("/inspections/findings?state=overdue"))
        assert order in text_of(login("office").get("/inspections/orders?state=overdue"))


def test_to_dos(app, story):
    _plan, _made, finding, _order = story

    def kinds(who, at=NOW):
        with app.app_context(), app.test_request_context(), clock.at(at):
            found = plates.todos(people.actor_by_username(who, at), at)
            return {t.kind.split(".")[1] for t in found if t.kind.startswith("supervision.")}

    def act(verb, at=NOW):
        with app.app_context(), clock.at(at), transaction.act():
            verb(db.session.scalar(select(InspectionFinding).where(InspectionFinding.number == finding)))

    assert kinds("head") == {"report"}
    assert kinds("leader") == set()
    assert kinds("supervisor") == {"plan"}
    assert kinds("leader", later(days=30)) == {"late"}
    act(lambda f: rectifying.report(people.actor_by_username("head", NOW), f, "改了", NOW))
    assert kinds("head") == set()
    assert kinds("office") == {"recheck"}
    act(lambda f: findings.ask_withdrawal(people.actor_by_username("office", NOW), f, "误记", NOW))
    assert kinds("supervisor") == {"plan", "recheck", "confirm"}
    act(lambda f: rectifying.recheck(people.actor_by_username("office", NOW), f, True, "", Until(), NOW))
    assert "feed_back" in kinds("supervisor")


def test_the_notice_on_paper(app, login, story):
    _plan, _made, _finding, order = story
    page = text_of(login("head").get(f"/inspections/orders/{order}"))
    assert "整改通知书" in page
    assert "当面道歉并整改" in page
    paper = Document(io.BytesIO(login("head").get(f"/inspections/orders/{order}/notice.docx").data))
    assert "当面道歉并整改" in [cell.text for row in paper.tables[0].rows for cell in row.cells]
    with app.app_context():
        assert db.session.scalar(select(RectificationOrder.number)) == order
