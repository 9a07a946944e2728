"""Monthly statistics: opened on the 1st, filed by the 5th, then frozen (O-8)."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from portal.completion_report import room, statistics
from portal.completion_report.models import MonthlyStatistics
from portal.kernel import clock, journal
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.policy import service as policy
from tests.office import NOW, SHANGHAI

OCTOBER = date(2026, 10, 1)
FIRST = datetime(2026, 11, 1, 9, 0, tzinfo=SHANGHAI)
FIFTH = datetime(2026, 11, 5, 17, 0, tzinfo=SHANGHAI)
SIXTH = datetime(2026, 11, 6, 9, 0, tzinfo=SHANGHAI)
HAND = {"phone_enquiries": 12, "unlogged_visits": None, "outside_services": 0}


@pytest.fixture
def opened(office, rows, act):
    with act():
        for n in range(4):
            rows.case(received_at=datetime(2026, 10, 9 + n, 10, tzinfo=SHANGHAI), item_id=office.items["SX-001"])
        rows.case(
            received_at=datetime(2026, 10, 9, 10, tzinfo=SHANGHAI),
            closed_at=datetime(2026, 10, 12, 10, tzinfo=SHANGHAI),
            share_used=200,
        )
    with clock.at(FIRST), act():
        assert statistics.open_months(FIRST) == 2
    return sheet(office)


def sheet(office, code="YW", month=OCTOBER) -> MonthlyStatistics:
    query = select(MonthlyStatistics).where(
        MonthlyStatistics.department_id == office.departments[code], MonthlyStatistics.month == month
    )
    return db.session.scalars(query).one()


def file(actor, own, now, remarks="", act=None):
    with clock.at(now), act():
        statistics.file(actor, own, HAND, remarks, now)


@pytest.mark.parametrize(
    ("month", "due"),
    [
        (date(2026, 10, 1), date(2026, 11, 5)),
        (date(2026, 8, 1), date(2026, 9, 7)),  # the 5th is a Saturday
        (date(2026, 3, 1), date(2026, 4, 7)),  # Qingming, Sunday and Monday
        (date(2026, 12, 1), date(2027, 1, 5)),
    ],
)
def test_the_day_for_filing_is_a_working_day(office, month, due):
    assert statistics.due_on(month) == due


def test_the_day_is_a_policy(office, as_actor, act):
    with act():
        policy.set_value(as_actor("office"), "completion_report.file_by_day", "10", "太紧", NOW)
    assert statistics.due_on(OCTOBER) == date(2026, 11, 10)


def test_the_windows_get_a_sheet_on_the_1st_once(opened, office, act):
    assert {s.department_id for s in statistics.of_month(OCTOBER)} == {
        office.departments["YW"],
        office.departments["XH"],
    }
    with clock.at(FIRST), act():
        assert statistics.open_months(FIRST) == 0
    assert opened.due_on == date(2026, 11, 5)
    assert journal.of_object("monthly_statistics", opened.id)[0].event == "completion_report.month_opened"


def test_months_that_the_sweep_slept_over_are_opened_too(opened, act):
    later = datetime(2027, 2, 3, 9, 0, tzinfo=SHANGHAI)
    with clock.at(later), act():
        statistics.open_months(later)
    assert statistics.months() == [date(2027, 1, 1), date(2026, 12, 1), date(2026, 11, 1), OCTOBER]


def test_the_figures_are_those_of_the_records_and_freeze(opened, office, as_actor, rows, act):
    found = statistics.read(opened, FIFTH)
    assert not found.frozen
    assert (found.figures["received"], found.figures["done"], found.figures["early"]) == (5, 1, 1)
    assert (found.figures["average"], found.figures["first_asks"]) == (20.0, 0)
    file(as_actor("head", FIFTH), opened, FIFTH, act=act)
    with act():
        rows.case(received_at=datetime(2026, 10, 30, 10, tzinfo=SHANGHAI))
    again = statistics.read(sheet(office), NOW)
    assert again.frozen
    assert again.figures["received"] == 5
    assert statistics.current(office.departments["YW"], OCTOBER, NOW)["received"] == 6
    entry = journal.of_object("monthly_statistics", opened.id)[-1]
    assert (entry.event, entry.fact()["late"], entry.fact()["figures"]["received"]) == (
        "completion_report.month_filed",
        False,
        5,
    )
    with pytest.raises(Conflict), act():
        statistics.save(as_actor("head", FIFTH), sheet(office), HAND, "", FIFTH)


def test_the_database_keeps_what_was_filed(opened, office, as_actor, act):
    file(as_actor("head", FIFTH), opened, FIFTH, act=act)
    for statement in (
        update(MonthlyStatistics).where(MonthlyStatistics.id == opened.id).values(remarks="anders"),
        delete(MonthlyStatistics).where(MonthlyStatistics.id == opened.id),
        delete(MonthlyStatistics).where(MonthlyStatistics.id == sheet(office, "XH").id),
    ):
        with pytest.raises(DBAPIError), act():
            db.session.execute(statement)


def test_filing_late_needs_its_reason_and_is_a_fact(opened, office, as_actor, act):
    with clock.at(FIFTH), act():
        assert statistics.note_late(FIFTH) == 0
    with clock.at(SIXTH), act():
        assert statistics.note_late(SIXTH) == 2
        assert statistics.note_late(SIXTH) == 0
    with pytest.raises(Invalid) as refused:
        file(as_actor("head", SIXTH), sheet(office), SIXTH, act=act)
    assert refused.value.field == "remarks"
    file(as_actor("head", SIXTH), sheet(office), SIXTH, "病假", act=act)
    events = [e.event for e in journal.of_object("monthly_statistics", opened.id)]
    assert events[-2:] == ["completion_report.month_late", "completion_report.month_filed"]
    assert journal.of_object("monthly_statistics", opened.id)[-1].fact()["late"] is True
    assert statistics.is_late(sheet(office), date(2026, 11, 30))


@pytest.mark.parametrize("who", ["clerk", "other_head", "office", "leader", "supervisor"])
def test_the_head_files_and_nobody_else(opened, as_actor, act, who):
    with pytest.raises(NotAllowed):
        file(as_actor(who, FIFTH), opened, FIFTH, act=act)


def test_the_office_files_where_there_is_no_head(office, as_actor):
    assert statistics.may_file(as_actor("office"), office.departments["BG"])
    assert not statistics.may_file(as_actor("head"), office.departments["BG"])


def test_to_dos_and_the_menu_ask_for_it_until_it_is_filed(opened, office, as_actor, act, app):
    with app.test_request_context():
        assert [t.kind for t in room.todos(as_actor("head", FIFTH), FIFTH)] == ["completion_report.file"]
        assert room.todos(as_actor("clerk", FIFTH), FIFTH) == []
        assert room.todos(as_actor("office", FIFTH), FIFTH) == []
        assert [t.light for t in room.todos(as_actor("office", SIXTH), SIXTH)] == ["overdue", "overdue"]
        assert room.waiting(as_actor("head", FIFTH), FIFTH) == 1
    file(as_actor("head", FIFTH), opened, FIFTH, act=act)
    with app.test_request_context():
        assert room.todos(as_actor("head", FIFTH), FIFTH) == []
        assert room.waiting(as_actor("office", SIXTH), SIXTH) == 1


def test_saving_and_filing_over_http(opened, office, login):
    address = "/reports/monthly/2026-10/YW"
    head = login("head")
    assert "填报" in head.get("/reports/monthly").get_data(as_text=True)
    bad = head.post(address, data={"phone_enquiries": "many", "act": "save"})
    assert bad.status_code == 422
    assert "请填写整数。" in bad.get_data(as_text=True)
    assert head.post(address, data={"phone_enquiries": "３", "act": "save"}).status_code == 303
    missing = head.post(address, data={"phone_enquiries": "3", "act": "file"})  # it is the 18th: late
    assert missing.status_code == 422
    assert head.post(address, data={"phone_enquiries": "3", "remarks": "忙", "act": "file"}).status_code == 303
    assert head.post(address, data={"remarks": "再改", "act": "save"}).status_code == 409
    page = head.get(address).get_data(as_text=True)
    assert "逾期报送" in page
    assert login("other_head").get(address).status_code == 404
    assert login("clerk").get(address).status_code == 403
    assert login("office").post(address, data={"act": "save"}).status_code == 403


@pytest.mark.parametrize("address", ["2026-13/YW", "2026-10/NN", "x/YW", "1999-10/YW", "2026-10/LD", "2026-1/YW"])
def test_months_that_are_not_there(opened, login, address):
    assert login("office").get(f"/reports/monthly/{address}").status_code == 404


def test_the_unit_gets_its_summary(opened, office, as_actor, act, login):
    file(as_actor("head", FIFTH), opened, FIFTH, "十月", act=act)
    client = login("office")
    page = client.get("/reports/monthly/2026-10/summary").get_data(as_text=True)
    assert "综合业务科" in page
    assert "未报" in page
    book = load_workbook(io.BytesIO(client.get("/reports/monthly/2026-10/summary.xlsx").data))
    assert book.sheetnames[0] == "办件"
    assert [cell.value for cell in book.worksheets[0][2]][:3] == ["综合业务科", 5, 1]
    text = "\n".join(
        cell.text
        for table in Document(io.BytesIO(client.get("/reports/monthly/2026-10/summary.docx").data)).tables
        for row in table.rows
        for cell in row.cells
    )
    assert "学会服务科" in text
    paper = Document(io.BytesIO(client.get("/reports/monthly/2026-10/YW/paper.docx").data))
    assert "十月" in "\n".join(p.text for p in paper.paragraphs)
    assert client.get("/reports/monthly/2026-10/YW/paper").status_code == 200
    assert login("head").get("/reports/monthly/2026-10/summary").status_code == 403
    assert client.get("/reports/monthly/2026-09/summary").status_code == 404


def test_the_sweep_does_all_of_it_once(office, rows, act):
    with act():
        rows.case(received_at=NOW - timedelta(days=30), item_id=office.items["SX-001"])
        assert room.sweep(NOW) == 2 + 2 + 1
    with act():
        assert room.sweep(NOW) == 0
