"""Praise and honours over HTTP: by role and object, bad input at its field, the papers (O-9)."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.honour import queries
from portal.kernel import clock, transaction
from portal.kernel.db import db
from portal.message_card import queries as places
from portal.message_card import service as cards
from portal.people import queries as people
from tests.office import NOW, later

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def form(ids, **more):
    found = {
        "kind": "praise",
        "channel": "letter",
        "title": "来信表扬审批提速",
        "given_by": "某协会",
        "facts": "服务对象来信，表扬三天办完五天的事。",
        "happened_on": "２０２６-11-16",
        "department_id": ids.departments["YW"],
        "user_id": ids.users["clerk"],
        "for_department": "y",
        "files": (io.BytesIO(PDF), "表扬信.pdf"),
        **more,
    }
    return {k: v for k, v in found.items() if v is not None}


def record(client, ids, **more):
    answer = client.post("/honours/new", data=form(ids, **more), content_type="multipart/form-data")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"].rsplit("/", 1)[-1]


def entries(app, month=date(2026, 11, 1)):
    with app.app_context():
        return [(e.kind, e.department_id, e.user_id, e.number, e.on) for e in queries.entries(month)]


def test_recorded_by_one_and_confirmed_by_a_second(app, login, ids):
    head, office, clerk = login("head"), login("office"), login("clerk")
    number = record(head, ids)
    assert entries(app) == [], "nothing counts before it is confirmed"
    page = head.get(f"/honours/{number}").get_data(as_text=True)
    assert "表扬信.pdf" in page
    assert "不予确认" not in page, "who recorded it does not confirm it"
    file = re.search(r"/files/\d+", page)[0]
    assert office.get(f"/honours/{number}{file}").data == PDF
    for client, status in ((head, 403), (clerk, 403), (login("other"), 403)):
        assert client.post(f"/honours/{number}/confirm").status_code == status
    assert "1 条表扬与荣誉待核实" in office.get("/").get_data(as_text=True)
    answer = office.post(f"/honours/{number}/confirm")
    assert answer.status_code == 303
    assert entries(app) == [("praise", ids.departments["YW"], ids.users["clerk"], number, date(2026, 11, 16))]
    with app.app_context():
        assert queries.counts(date(2026, 11, 30), "person") == {ids.users["clerk"]: {"praise": 1}}
        assert queries.counts(date(2026, 11, 1), "department") == {ids.departments["YW"]: {"praise": 1}}
        assert queries.counts(date(2026, 12, 1), "person") == {}
        assert [e.number for e in queries.entries_of_year(2026)] == [number]
    assert office.post(f"/honours/{number}/confirm").status_code == 409, "once"
    assert number in clerk.get("/honours").get_data(as_text=True), "one's own"
    assert "来信表扬审批提速" in clerk.get(f"/honours/people/{ids.users['clerk']}").get_data(as_text=True)


def test_who_reads_what(login, ids):
    number = record(login("head"), ids)
    for who, status in (
        ("clerk", 200), ("head", 200), ("leader", 200), ("principal", 200), ("office", 200), ("supervisor", 200),
        ("clerk2", 404), ("other", 404), ("other_head", 404), ("leader2", 404),
        ("auditor", 403), ("security", 403), ("sysadmin", 403),
    ):  # fmt: skip
        client = login(who)
        assert client.get(f"/honours/{number}").status_code == status, who
        assert client.get(f"/honours/{number}/files/1").status_code == status, who
        person = client.get(f"/honours/people/{ids.users['clerk']}").status_code
        assert person == status, who
        if status != 403:
            assert (number in client.get("/honours").get_data(as_text=True)) == (status == 200), who
    assert login("clerk").get("/honours/people/99999").status_code == 404


def test_who_records_what(login, ids):
    own, there = ids.departments["YW"], ids.departments["XH"]
    for who, more, field in (
        ("clerk", {"department_id": there, "user_id": None}, "department_id"),
        ("clerk", {"kind": "media_bad", "level": "county"}, "department_id"),
        ("head", {"department_id": there}, "department_id"),
        ("head", {"user_id": ids.users["other"], "department_id": own}, "user_id"),
        ("leader2", {}, "department_id"),
    ):
        answer = login(who).post("/honours/new", data=form(ids, **more), content_type="multipart/form-data")
        assert answer.status_code == 422, who
        assert f'id="{field}-error"' in answer.get_data(as_text=True), (who, more)
    record(login("clerk"), ids)
    record(login("leader"), ids, kind="media_bad", level="city", user_id=None)
    record(login("supervisor"), ids, department_id=there, user_id=ids.users["other"], kind="honour", level="province")
    assert login("auditor").get("/honours/new").status_code == 403


BAD_INPUT = (
    ({"kind": "fame"}, "kind"),
    ({"kind": "honour"}, "level"),
    ({"kind": "honour", "level": "galaxy"}, "level"),
    ({"level": "　"}, "level"),
    ({"channel": None}, "channel"),
    ({"title": " "}, "title"),
    ({"title": "长" * 121}, "title"),
    ({"given_by": None}, "given_by"),
    ({"facts": "\x00"}, "facts"),
    ({"happened_on": "2026-11-19"}, "happened_on"),
    ({"happened_on": "昨天"}, "happened_on"),
    ({"department_id": "x"}, "department_id"),
    ({"department_id": None, "user_id": None}, "department_id"),
    ({"user_id": "99999"}, "user_id"),
    ({"user_id": None, "for_department": None}, "user_id"),
    ({"files": None}, "files"),
    ({"source_key": "nowhere:1"}, "source_key"),
)


def test_bad_input_is_told_at_its_field(login, ids):
    office = login("office")
    for bad, field in BAD_INPUT:
        answer = office.post("/honours/new", data=form(ids, **bad), content_type="multipart/form-data")
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422, bad
        assert f'id="{field}-error"' in page, bad
        if "given_by" not in bad:
            assert "某协会" in page, "what was typed stays"


def test_refused_with_a_reason_and_withdrawn_with_a_trace(app, login, ids):
    office, head = login("office"), login("head")
    refused, kept, mine = (record(head, ids, title=t) for t in ("甲", "乙", "丙"))
    answer = office.post(f"/honours/{refused}/refuse", data={"reason": " "})
    assert answer.status_code == 422
    assert "请写明不予确认的理由" in answer.get_data(as_text=True)
    assert office.post(f"/honours/{refused}/refuse", data={"reason": "信中没有写明是谁"}).status_code == 303
    assert "信中没有写明是谁" in head.get(f"/honours/{refused}").get_data(as_text=True)
    assert office.post(f"/honours/{refused}/withdraw", data={"reason": "x"}).status_code == 409
    assert head.post(f"/honours/{mine}/withdraw", data={"reason": "登记错了"}).status_code == 303
    office.post(f"/honours/{kept}/confirm")
    assert head.post(f"/honours/{kept}/withdraw", data={"reason": "x"}).status_code == 403, "confirmed: not by them"
    assert login("clerk2").post(f"/honours/{kept}/withdraw", data={"reason": "x"}).status_code == 404
    assert login("supervisor").post(f"/honours/{kept}/withdraw", data={"reason": "冒名来信"}).status_code == 303
    assert entries(app) == []
    page = office.get(f"/honours/{kept}").get_data(as_text=True)
    assert "冒名来信" in page
    assert "原为已确认" in page


def test_the_principal_is_asked_where_the_office_is_concerned(app, login, ids):
    office, principal = login("office"), login("principal")
    number = record(office, ids, department_id=ids.departments["BG"], user_id=ids.users["supervisor"])
    away = record(office, ids, title="另一件")
    assert login("supervisor").post(f"/honours/{number}/confirm").status_code == 403
    assert "1 条表扬与荣誉待核实" in principal.get("/").get_data(as_text=True), "the other one waits for supervision"
    assert principal.post(f"/honours/{number}/confirm").status_code == 303
    assert login("supervisor").post(f"/honours/{away}/confirm").status_code == 303
    assert len(entries(app)) == 2


def test_a_message_of_a_visitor_counts_once(app, login, ids):
    with app.app_context(), clock.at(NOW), transaction.act():
        yw = ids.departments["YW"]
        cards.mark_out(people.actor_by_username("head", NOW), yw, NOW, later(hours=5), "会议", NOW)
        number = cards.leave(places.place_of("YW"), NOW, matter="感谢王敏耐心解答", phone="13800000000").number
    head = login("head")
    source = f"card_message:{number}"
    page = head.get(f"/honours/new?source={source}").get_data(as_text=True)
    assert "感谢王敏耐心解答" in page
    assert source in page
    assert "登记表扬" in head.get(f"/messages/{number}").get_data(as_text=True)
    foreign = login("other").get(f"/honours/new?source={source}").get_data(as_text=True)
    assert "感谢王敏耐心解答" not in foreign
    linked = {"channel": "card", "files": None, "source_key": source}
    made = record(head, ids, **linked)
    assert number in head.get(f"/honours/{made}").get_data(as_text=True)
    again = head.post("/honours/new", data=form(ids, **linked), content_type="multipart/form-data")
    assert again.status_code == 422
    assert made in again.get_data(as_text=True)
    record(head, ids, **{**linked, "user_id": ids.users["clerk2"], "for_department": None})
    login("office").post(f"/honours/{made}/confirm")


def test_list_export_and_print(login, ids):
    office = login("office")
    number = record(office, ids, kind="honour", level="city", title="市级文明窗口", channel=None)
    record(office, ids)
    page = office.get("/honours?kind=honour&level=city&q=文明").get_data(as_text=True)
    assert number in page
    assert "来信表扬" not in page
    assert "没有符合条件" in office.get("/honours?state=refused&from_on=2026-11-01").get_data(as_text=True)
    assert office.get("/honours?kind=x&department=　&from_on=y").status_code == 200
    sheet = load_workbook(io.BytesIO(office.get("/honours/export.xlsx?kind=honour").data)).active
    assert [row[3].value for row in sheet.iter_rows(min_row=2)] == ["市级文明窗口"]
    for path in ("/honours/print?kind=honour", f"/honours/people/{ids.users['clerk']}/print"):
        assert "doc-unit" in office.get(path).get_data(as_text=True)


STATEMENTS = (
    "DELETE FROM honour",
    "UPDATE honour SET title = '改'",
    "UPDATE honour SET state = 'recorded', decided_at = NULL, decided_by_id = NULL",
    "UPDATE honour SET decided_by_id = recorded_by_id",
    "UPDATE honour SET decided_by_id = user_id",
    "UPDATE honour SET state = 'refused'",
)


def test_the_database_refuses_too(app, login, ids):
    number = record(login("head"), ids)
    login("office").post(f"/honours/{number}/confirm")
    for statement in STATEMENTS:
        with app.app_context(), pytest.raises(DBAPIError), transaction.act():
            db.session.execute(text(statement))
