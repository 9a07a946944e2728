"""The pages of the registers by role: from draft to file, correction, sheet, hazards, kinds, checks (O-4)."""

from __future__ import annotations

import io
from datetime import timedelta

from docx import Document
from openpyxl import load_workbook
from sqlalchemy import update
from sqlalchemy.orm import selectinload

from portal.kernel import clock, plates, transaction
from portal.kernel.db import db
from portal.people.models import User
from portal.register import kinds
from portal.register.models import EntryState, Hazard, Presence, RegisterEntry, RegisterKind
from tests.office import NOW
from tests.register.conftest import begun, filed, taken, who

FORM = {"title": "十一月学习", "held_at": "2026-11-18T09:00", "minutes": "９０", "content": "学习条例。"}


def text(answer):
    return answer.get_data(as_text=True)


def entry(app):
    with app.app_context():
        return db.session.query(RegisterEntry).options(selectinload(RegisterEntry.presences)).one()


def begun_at(app, *args, file=False, **kw):
    """An entry that is there before the pages are asked; filed with everybody present."""
    with app.app_context():
        made = begun(*args, **kw)
        if file and made.kind.attendance:
            taken(args[0], made)
        if file:
            filed(args[0], made)
        return made.number


def test_the_office_takes_the_shipped_kinds_over_and_makes_its_own(app, login):
    page, clerk = login("office"), login("clerk")
    assert "启用随附的台账" in text(page.get("/registers"))
    assert "启用随附的台账" not in text(clerk.get("/registers"))
    assert clerk.post("/registers/kinds/adopt").status_code == 403
    assert page.post("/registers/kinds/adopt").status_code == 303
    assert "每周" in text(clerk.get("/registers/kinds"))
    assert clerk.get("/registers/kinds/study").status_code == 403
    settings = {"name": "来访台账", "scope": "department", "keeper": "member", "rhythm": "none"}
    for bad, said in (
        ({"name": ""}, "请填写台账的名称"),
        ({"rhythm": "never"}, "Not a valid"),
        ({"due_day": "5"}, "几日以前"),
        ({"f0_label": "甲" * 41, "f0_type": "line"}, "最多 40 个字"),
        ({"f0_label": "甲", "f0_type": "song"}, "类型"),
    ):
        answer = page.post("/registers/kinds/new", data=settings | bad)
        assert answer.status_code == 422
        assert said in text(answer) or said == "Not a valid"
    more = {"f0_label": "来访单位", "f0_type": "line", "f0_needed": "1", "f1_label": "人数", "f1_type": "number"}
    assert page.post("/registers/kinds/new", data=settings | more).status_code == 303
    with app.app_context():
        kind = db.session.query(RegisterKind).filter_by(name="来访台账").one()
    assert "来访单位" in text(login("clerk2").get(f"/registers/new/{kind.code}"))
    assert page.post(f"/registers/kinds/{kind.code}/close").status_code == 303
    assert page.post(f"/registers/kinds/{kind.code}/sing").status_code == 404
    assert login("clerk2").get(f"/registers/new/{kind.code}").status_code == 404
    assert page.post(f"/registers/kinds/{kind.code}/reopen").status_code == 303


def test_study_from_draft_to_correction(app, shipped, login, ids):
    head, clerk, other = login("head"), login("clerk"), login("other")
    assert clerk.get("/registers/new/study").status_code == 404
    for bad, said in (
        ({"title": "　"}, "请填写标题"), ({"held_at": "昨天"}, "请填写日期和时间"), ({"minutes": "0"}, "应在 1 至"),
        ({"chair_id": "　"}, "field"), ({"department_id": "x"}, "field"),
    ):  # fmt: skip
        answer = head.post("/registers/new/study", data=FORM | {"department_id": ids.departments["YW"]} | bad)
        assert answer.status_code == 422
        assert said in text(answer) or said == "field"
    answer = head.post("/registers/new/study", data=FORM | {"department_id": ids.departments["YW"]})
    assert answer.status_code == 303
    assert answer.location.endswith("/TZ-2026-0001/attendance")
    number = entry(app).number
    assert other.get(f"/registers/{number}").status_code == 404
    sheet = text(head.get(f"/registers/{number}/attendance"))
    assert sheet.count('type="radio"') == 9
    clerk_id, head_id = ids.users["clerk"], ids.users["head"]
    marks = {"version": "1"} | {f"p-{ids.users[n]}": "present" for n in ("clerk", "clerk2", "head")}
    for bad, said in (
        ({f"p-{clerk_id}": "sleeping"}, "出席情况"),
        ({f"p-{clerk_id}": "excused"}, "请写明事由"),
        ({f"n-{clerk_id}": "多"}, "不是数字"),
        ({f"r-{clerk_id}": "\x00"}, "事由"),
    ):
        answer = head.post(f"/registers/{number}/attendance", data=marks | bad | {f"r-{head_id}": "不丢"})
        assert answer.status_code == 422
        assert said in text(answer)
        assert "不丢" in text(answer)
    assert head.post(f"/registers/{number}/attendance", data=marks | {"version": "9"}).status_code == 409
    good = marks | {f"p-{clerk_id}": "absent", f"n-{head_id}": "８００"}
    assert head.post(f"/registers/{number}/attendance", data=good).status_code == 303
    assert head.post(f"/registers/{number}/file").status_code == 303
    found = entry(app)
    assert (found.state, found.minutes) == (EntryState.FILED, 90)
    assert {p.user_id: (p.presence, p.notes) for p in found.presences}[head_id] == (Presence.PRESENT, 800)
    page = text(clerk.get(f"/registers/{number}"))
    assert "无故缺席" in page
    assert "更正内容" not in page
    assert clerk.get(f"/registers/{number}/edit").status_code == 403
    answer = head.post(f"/registers/{number}/edit", data=FORM | {"title": "第三周学习", "version": str(found.version)})
    assert answer.status_code == 422
    assert "请写明更正的原因" in text(answer)
    assert "第三周学习" in text(answer)
    sent = FORM | {"title": "第三周学习", "version": str(found.version), "reason": "标题写错"}
    assert head.post(f"/registers/{number}/edit", data=sent).status_code == 303
    assert head.post(f"/registers/{number}/edit", data=sent).status_code == 409
    assert "标题：十一月学习 → 第三周学习" in text(clerk.get(f"/registers/{number}"))
    assert "第三周学习" in text(clerk.get(f"/registers/{number}/paper"))
    document = Document(io.BytesIO(clerk.get(f"/registers/{number}/paper.docx").data))
    assert "王敏" in "".join(c.text for t in document.tables for r in t.rows for c in r.cells)
    book = load_workbook(io.BytesIO(clerk.get("/registers/export.xlsx?q=条例").data))
    assert [row[3].value for row in book.worksheets[0].iter_rows(min_row=2)] == ["第三周学习"]
    assert len(list(book.worksheets[1].iter_rows(min_row=2))) == 3
    assert number in text(clerk.get("/registers?presence=absent"))
    assert number not in text(clerk.get("/registers?q=例会"))
    assert clerk.get("/registers?kind=　&state=x&first=99&person=abc").status_code == 200
    assert "800" in text(clerk.get("/registers/study"))
    upload = {"files": (io.BytesIO(b"photo"), "photo.txt")}
    assert head.post(f"/registers/{number}/attach", data=upload, content_type="multipart/form-data").status_code == 303
    assert clerk.get(f"/registers/{number}/files/1").data == b"photo"
    assert other.get(f"/registers/{number}/files/1").status_code == 404
    assert head.post(f"/registers/{number}/attach", data={}).status_code == 422
    assert head.post(f"/registers/{number}/strike", data={"reason": ""}).status_code == 422
    assert head.post(f"/registers/{number}/strike", data={"reason": "重复"}).status_code == 303


def test_what_a_draft_lacks_is_asked_in_its_form(app, shipped, login, ids):
    begun_at(app, "head", shipped["safety"], ids.departments["YW"])
    answer = login("head").post("/registers/TZ-2026-0001/file")
    assert answer.status_code == 422
    assert "请填写检查人员" in text(answer)


def test_a_hazard_over_the_pages(app, shipped, login, ids):
    number = begun_at(app, "head", shipped["safety"], ids.departments["YW"], answers={"f1": "赵刚"}, file=True)
    head, other, supervisor, clerk = login("head"), login("other"), login("supervisor"), login("clerk")
    due = (clock.today() + timedelta(3)).isoformat()
    what = {"seen": "插座松动", "demand": "更换", "hazard_department": ids.departments["XH"], "hazard_due": due}
    for bad in ({"seen": ""}, {"hazard_department": "　"}, {"hazard_due": "2020-01-01"}):
        assert head.post(f"/registers/{number}/hazards", data=what | bad).status_code == 422
    assert head.post(f"/registers/{number}/hazards", data=what).status_code == 303
    with app.app_context():
        hazard = db.session.query(Hazard).one().number
    assert clerk.get(f"/registers/hazards/{hazard}").status_code == 404
    assert "插座松动" in text(other.get("/registers/hazards?state=open"))
    assert "插座松动" in text(other.get("/"))
    assert "插座松动" not in text(clerk.get("/registers/hazards"))
    assert other.post(f"/registers/hazards/{hazard}/rectify", data={"text": ""}).status_code == 422
    assert other.post(f"/registers/hazards/{hazard}/rectify", data={"text": "已换"}).status_code == 303
    assert other.post(f"/registers/hazards/{hazard}/recheck/passed").status_code == 403
    answer = supervisor.post(f"/registers/hazards/{hazard}/recheck/returned", data={"text": "仍松动"})
    assert answer.status_code == 422
    assert "仍松动" in text(answer)
    assert supervisor.post(f"/registers/hazards/{hazard}/recheck/passed", data={"text": ""}).status_code == 303
    assert supervisor.get("/registers/hazards/export.xlsx").status_code == 200
    assert "已消除" in text(other.get(f"/registers/hazards/{hazard}"))


def test_the_meeting_is_passed_on_over_the_pages(app, shipped, login, ids):
    page, clerk, other = login("office"), login("clerk"), login("other")
    assert "用哪个月的事实预填议题" in text(page.get("/registers/new/meeting"))
    number = begun_at(app, "office", shipped["meeting"], None, title="草稿")
    assert clerk.get(f"/registers/{number}").status_code == 404
    number = begun_at(app, "office", shipped["meeting"], None, title="十一月例会", file=True)
    xh = ids.departments["XH"]
    assert "确认已传达" not in text(clerk.get(f"/registers/{number}"))
    assert clerk.post(f"/registers/{number}/pass-on/{xh}", data={}).status_code == 403
    assert other.post(f"/registers/{number}/pass-on/99", data={}).status_code == 404
    head = login("other_head")
    assert "十一月例会" in text(head.get("/"))
    bad = head.post(f"/registers/{number}/pass-on/{xh}", data={"passed_on": "2026-11-18", "heard": ""})
    assert bad.status_code == 422
    good = {"passed_on": "2026-11-18", "heard": "2", "note": "科务会"}
    assert head.post(f"/registers/{number}/pass-on/{xh}", data=good).status_code == 303
    assert "科务会" in text(clerk.get(f"/registers/{number}"))


def test_the_overview_and_the_check_by_role(app, shipped, login, ids):
    yw, xh = ids.departments["YW"], ids.departments["XH"]
    later = NOW + timedelta(days=60)
    with app.app_context(), transaction.act():
        db.session.execute(update(User).values(password_changed_at=NOW))
    with clock.at(later):
        clerk, supervisor, head = login("clerk"), login("supervisor"), login("head")
        page = text(clerk.get("/registers/overview?half=2026-2"))
        assert "综合业务科" in page
        assert "学会服务科" not in page
        assert "缺 6 次" in page
        assert clerk.get("/registers/overview?half=1999-1").status_code == 404
        assert clerk.get(f"/registers/checks/2026-2/{xh}").status_code == 404
        assert "记录检查结果" not in text(clerk.get(f"/registers/checks/2026-2/{yw}"))
        assert clerk.post(f"/registers/checks/2026-2/{yw}", data={"result": "good"}).status_code == 403
        assert supervisor.post(f"/registers/checks/2026-2/{yw}", data={"result": "x"}).status_code == 422
        assert supervisor.post(f"/registers/checks/2026-2/{yw}", data={"result": "poor"}).status_code == 422
        sent = {"result": "poor", "comment": "缺记太多"}
        assert supervisor.post(f"/registers/checks/2026-2/{yw}", data=sent).status_code == 303
        assert "缺记太多" in text(head.get(f"/registers/checks/2026-2/{yw}"))
        assert supervisor.get("/registers/overview.xlsx?half=2026-2").status_code == 200
        assert clerk.get("/registers/study.xlsx").status_code == 200
        assert clerk.get("/registers/study?year=1800").status_code == 404
        with app.test_request_context():
            found = {t.kind for t in plates.todos(who("head", later), later)}
        assert "register.missing" in found


def test_shipped_kinds_are_stored_in_chinese_and_shown_in_the_language_of_the_page(app, login):
    office = login("office")
    office.set_cookie("lang", "en")
    assert office.post("/registers/kinds/adopt").status_code == 303
    with app.app_context():
        assert "学习台账" in kinds.names().values()
        study = kinds.by_code("study")
        own = study.own_fields()[0]["label"]
    for path in ("/registers/kinds", "/registers", "/registers/new/study", "/registers/overview"):
        page = office.get(path)
        assert page.status_code == 200, path
        assert "学习台账" not in page.text, path
        assert own not in page.text
    assert "学习台账" in login("head").get("/registers").text
