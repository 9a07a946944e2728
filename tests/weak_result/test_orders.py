"""From a weak published result to its end: verbs by the cast, pages by role, what the database refuses (E-8, A-3)."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from docx import Document
from flask import current_app
from openpyxl import load_workbook
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.clue.models import Clue
from portal.kernel import clock, transaction
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.pure.states import IllegalMove
from portal.weak_result import queries, room, service
from portal.weak_result.models import OrderState, WeakOrder
from tests.monthly_result.conftest import MONTH, who
from tests.office import NOW
from tests.weak_result.conftest import LATER

DUE = date(2026, 12, 18)
PAST = LATER + timedelta(days=30)


def ordered(ids, at=LATER):
    return service.order(who("office", at), ids.departments["XH"], MONTH, "窗口服务", DUE, at)


def test_only_a_weak_published_result_is_ordered_once(published, ids):
    by = ids.departments
    with published.app_context(), clock.at(LATER), transaction.act():
        weak = queries.to_order(clock.local(LATER).date())
        assert {w.department_id for w in weak} == {by["XH"], by["LD"]}, "the last place is shared"
        for name in ("clerk", "other_head", "principal", "leader2"):
            with pytest.raises(NotAllowed):
                service.order(who(name, LATER), by["XH"], MONTH, "改", DUE, LATER)
        for department, month in ((by["YW"], MONTH), (by["XH"], date(2026, 9, 1))):
            with pytest.raises(Conflict):
                service.order(who("office", LATER), department, month, "改", DUE, LATER)
        for demand, day, field in (("", DUE, "text"), ("改", None, "due_on"), ("改", LATER.date(), "due_on")):
            with pytest.raises(Invalid) as wrong:
                service.order(who("office", LATER), by["XH"], MONTH, demand, day, LATER)
            assert wrong.value.field == field
        made = ordered(ids)
        assert (str(made.total), made.place, made.of_places) == ("98", 3, 4)
        with pytest.raises(Conflict):
            ordered(ids)
        assert {w.department_id for w in queries.to_order(clock.local(LATER).date())} == {by["LD"]}


def test_answered_in_time_and_improved(published, ids):
    with published.app_context(), clock.at(LATER), transaction.act():
        made = ordered(ids)
        for name in ("other", "head", "office"):
            with pytest.raises(NotAllowed):
                service.answer(who(name, LATER), made, "已改", LATER)
        with pytest.raises(IllegalMove):
            service.improved(who("office", LATER), made, "好", LATER)
        with pytest.raises(Conflict):
            service.failed(who("office", LATER), made, "没有报告", LATER)
        service.answer(who("other_head", LATER), made, "已增设咨询台", LATER)
        with pytest.raises(NotAllowed):
            service.improved(who("other_head", LATER), made, "好", LATER)
        with pytest.raises(Invalid):
            service.improved(who("supervisor", LATER), made, "", LATER)
        service.improved(who("supervisor", LATER), made, "现场查看属实", LATER)
        assert (made.state, made.clue_number) == (OrderState.IMPROVED, "")
        with pytest.raises(IllegalMove):
            service.withdraw(who("office", LATER), made, "重来", LATER)


@pytest.mark.parametrize("answers", [True, False])
def test_no_improvement_is_followed_by_a_clue(published, ids, answers):
    with published.app_context(), clock.at(PAST), transaction.act():
        made = ordered(ids)
        if answers:
            service.answer(who("other_head", LATER), made, "已开会", LATER)
        assert service.sweep(PAST) == (0 if answers else 1)
        assert service.sweep(PAST) == 0
        service.failed(who("office", PAST), made, "满意率继续下降", PAST)
        clue = db.session.scalars(select(Clue).where(Clue.number == made.clue_number)).one()
        assert clue.department_id == ids.departments["XH"]
        assert clue.kind == ("other" if answers else "late_rectification")
        assert made.number in clue.text


REFUSED = (
    "DELETE FROM weak_result",
    "UPDATE weak_result SET demand = 'x'",
    "UPDATE weak_result SET due_on = '2027-12-31'",
    "UPDATE weak_result SET state = 'failed', ended_at = issued_at, ended_by_id = issued_by_id, opinion = 'x'",
    "UPDATE weak_result SET state = 'improved', ended_at = issued_at, ended_by_id = answered_by_id, opinion = 'x'",
)


def test_what_the_database_refuses(published, ids):
    with published.app_context():
        with clock.at(LATER), transaction.act():
            made = ordered(ids)
            service.answer(who("other_head", LATER), made, "已改", LATER)
        for statement in REFUSED:
            with pytest.raises(DBAPIError):
                db.session.connection().execute(text(statement))
            db.session.rollback()
        assert db.session.scalar(select(WeakOrder.state)) is OrderState.ANSWERED


def test_the_story_over_http(published, ids, login):
    """The list offers it, the office orders, the department answers, the office ends it; a foreign one is missing."""
    office = login("office")
    assert "应整改、尚未通知" in office.get("/weak-results").get_data(as_text=True)
    place = "/weak-results/2026-10/XH/order"
    assert office.get("/weak-results/2026-10/YW/order").status_code == 404
    assert login("other_head").get(place).status_code == 403
    bad = office.post(place, data={"text": "改进服务", "due_on": "昨天"})
    assert bad.status_code == 422
    assert "改进服务" in bad.get_data(as_text=True)
    assert office.post(place, data={"text": "改进服务", "due_on": "2026-12-10"}).status_code == 303
    with published.app_context():
        number = db.session.scalar(select(WeakOrder.number))
        with current_app.test_request_context():
            for name, kinds in (("other_head", ["weak_result.answer"]), ("office", ["weak_result.order"])):
                assert [t.kind for t in room.todos(who(name, NOW), NOW)] == kinds, name
    url = f"/weak-results/{number}"
    for name, status in (
        ("other_head", 200), ("leader2", 200), ("principal", 200), ("supervisor", 200), ("head", 404), ("leader", 404),
        ("clerk", 403), ("other", 403),
    ):  # fmt: skip
        for page in (url, f"{url}/notice", f"{url}/notice.docx"):
            assert login(name).get(page).status_code == status, (name, page)
    head = login("other_head")
    assert head.post(f"{url}/answer", data={}).status_code == 422
    files = {"text": "已增设咨询台", "files": (io.BytesIO(b"%PDF-1.4\n%"), "照片.pdf")}
    assert head.post(f"{url}/answer", data=files).status_code == 303
    assert "照片.pdf" in office.get(url).get_data(as_text=True)
    assert head.post(f"{url}/recheck/improved", data={"text": "好"}).status_code == 403
    assert office.post(f"{url}/recheck/improved", data={"text": "属实"}).status_code == 303
    assert "已改进" in office.get("/weak-results?state=improved").get_data(as_text=True)
    sheet = load_workbook(io.BytesIO(office.get("/weak-results/export.xlsx?state=all").data)).active
    assert [c.value for c in sheet[2]][:5] == [number, "学会服务科", "2026-10", "98", 3]
    paper = Document(io.BytesIO(office.get(f"{url}/notice.docx").data))
    assert paper.tables[0].rows[3].cells[1].text == "98"
    for typed in ("　", "x"):
        assert "aria-invalid" in office.get("/weak-results", query_string={"department": typed}).get_data(as_text=True)
