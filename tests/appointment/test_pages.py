"""Pages of appointments: strangers by number and code, the department, who may not (C-6)."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from portal.appointment.models import Appointment
from portal.kernel.db import db

pytestmark = pytest.mark.usefixtures("hours")
GOOD = {
    "matter": "递交认定材料", "slot": "202611191200", "wish": "", "reason": "disabled", "name": "钱先生",
    "phone": "１３８００００００００", "item": "",
}  # fmt: skip
ASK = "/public/appointments/with/YW"


def count(app) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Appointment)) or 0


@pytest.fixture
def stranger(app):
    """A browser that has just asked."""
    client = app.test_client()
    assert client.post(ASK, data=GOOD).location == "/public/appointments/mine"
    return client


def code_in(page: str) -> str:
    return re.search(r'class="slip num">YY-2026-0001<br>(\w{6})<', page)[1]


def test_asked_looked_at_and_cancelled_without_a_login(app, login, stranger):
    page = stranger.get("/public/appointments/mine").get_data(as_text=True)
    code = code_in(page)
    for secret in ("钱先生", "138", "递交认定材料"):
        assert secret not in page
    other = app.test_client()
    assert other.get("/public/appointments/mine").location == "/public/appointments/look"
    wrong = other.post("/public/appointments/look", data={"number": "YY-2026-0001", "check": "AAAAAA"})
    assert wrong.status_code == 200
    assert "不相符" in wrong.get_data(as_text=True)
    right = other.post("/public/appointments/look", data={"number": "yy-2026-1", "check": code.lower()})
    assert right.status_code == 303
    page = other.get("/public/appointments/mine").get_data(as_text=True)
    assert "钱先生" not in page
    assert code not in page
    assert other.post("/public/appointments/mine/cancel").status_code == 303
    assert "预约已取消" in stranger.get("/public/appointments/mine").get_data(as_text=True)
    assert other.post("/public/appointments/mine/cancel").status_code == 409
    assert app.test_client().post("/public/appointments/mine/cancel").location == "/public/appointments/look"


def test_guessing_is_stopped(app, stranger):
    code = code_in(stranger.get("/public/appointments/mine").get_data(as_text=True))
    guesser = app.test_client()
    found = [
        guesser.post("/public/appointments/look", data={"number": "YY-2026-0001", "check": f"AAAA{n:02d}"}).status_code
        for n in range(12)
    ]
    assert found == [200] * 10 + [429] * 2
    assert guesser.post("/public/appointments/look", data={"number": "YY-2026-0001", "check": code}).status_code == 429


@pytest.mark.csrf
def test_asking_needs_the_token_of_the_page(app):
    assert app.test_client().post(ASK, data=GOOD).status_code == 400
    assert count(app) == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"matter": "　"}, "请写明要办的事"),
        ({"matter": "办" * 301}, "最多 300 个字"),
        ({"matter": "a\0"}, "无法保存"),
        ({"name": ""}, "请填写称呼"),
        ({"phone": "打我"}, "请填写电话号码"),
        ({"reason": "　"}, 'class="fe"'),
        ({"slot": "000001010000"}, 'class="fe"'),
        ({"slot": ""}, "请选择时段"),
        ({"item": "99999"}, 'class="fe"'),
        ({"item": "９"}, 'class="fe"'),
        ({"website": "http://spam.example"}, "没有提交成功"),
    ],
)
def test_what_is_refused_at_its_field(app, change, said):
    answer = app.test_client().post(ASK, data={**GOOD, **change})
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert count(app) == 0


def test_a_slot_is_offered_until_it_is_full(app, stranger):
    assert "202611191200" not in app.test_client().get(ASK).get_data(as_text=True)
    again = app.test_client().post(ASK, data=GOOD)
    assert again.status_code == 422
    assert app.test_client().get("/public/appointments/with/XH").status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [("clerk", 200), ("head", 200), ("leader", 200), ("office", 200), ("supervisor", 200), ("principal", 200),
     ("other", 404), ("leader2", 404), ("auditor", 403), ("sysadmin", 403)],
)  # fmt: skip
def test_who_reads_an_appointment(login, stranger, who, status):
    assert login(who).get("/appointments/YY-2026-0001").status_code == status


def answer(ids, **change):
    return {"at": "2026-11-19T12:00", "minutes": "30", "post_id": str(ids.posts["YW-1"]), "answer": "", **change}


def test_answered_over_http_and_shown_to_the_client(login, ids, stranger):
    clerk, address = login("clerk"), "/appointments/YY-2026-0001"
    for change, said in (
        ({"at": ""}, "请填写日期和时间"), ({"at": "0000-01-01T00:00"}, "请填写日期和时间"),
        ({"at": "9999-12-31T00:00"}, "年份应在"), ({"at": "2026-11-17T09:00"}, "现在之后"),
        ({"post_id": ""}, "接待的岗位"), ({"minutes": "0", "at": "2026-11-23T20:00"}, "应在 5 至"),
        ({"answer": "长" * 301}, "最多 300"),
    ):  # fmt: skip
        refused = clerk.post(f"{address}/confirm", data=answer(ids, **change))
        assert refused.status_code == 422, change
        assert said in refused.get_data(as_text=True), change
    assert login("other").post(f"{address}/confirm", data=answer(ids)).status_code == 404
    assert login("office").post(f"{address}/confirm", data=answer(ids)).status_code == 403
    proposed = answer(ids, at="2026-11-21T09:30", answer="周六上午可以")
    assert clerk.post(f"{address}/propose", data=proposed).status_code == 303
    page = stranger.get("/public/appointments/mine").get_data(as_text=True)
    assert "2026-11-21 09:30" in page
    assert "业务受理岗" in page
    assert stranger.post("/public/appointments/mine/reject", data={"wish": "　"}).status_code == 422
    assert stranger.post("/public/appointments/mine/accept").status_code == 303
    assert "已约定" in stranger.get("/public/appointments/mine").get_data(as_text=True)
    assert clerk.post(f"{address}/confirm", data=answer(ids)).status_code == 409


def test_a_declined_time_is_no_refusal(login, stranger):
    declined = login("clerk").post("/appointments/YY-2026-0001/decline", data={"answer": "当天无人"})
    assert declined.status_code == 303
    page = stranger.get("/public/appointments/mine").get_data(as_text=True)
    assert "您的事项不受影响" in page
    assert "当天无人" in page


def test_entered_by_staff(app, login):
    clerk = login("clerk")
    assert "综合业务科" in clerk.get("/appointments/new").get_data(as_text=True)
    assert clerk.get("/appointments/new/XH").status_code == 200
    data = {**GOOD, "channel": "phone", "slot": "", "wish": "下周三晚上"}
    assert clerk.post("/appointments/new/XH", data=data).location == "/appointments/YY-2026-0001"
    assert clerk.get("/appointments/YY-2026-0001").status_code == 200
    assert login("clerk2").get("/appointments/YY-2026-0001").status_code == 404
    assert clerk.post("/appointments/new/YW", data={**data, "channel": "public"}).status_code == 422
    assert clerk.get("/appointments/new/none").status_code == 404
    assert login("leader").get("/appointments/new").status_code == 200
    assert login("auditor").get("/appointments").status_code == 403


def test_lists_week_day_and_figures(login, ids, stranger):
    office, clerk = login("office"), login("clerk")
    assert clerk.post("/appointments/YY-2026-0001/confirm", data=answer(ids)).status_code == 303
    assert "YY-2026-0001" in office.get("/appointments?state=confirmed&on=2026-11-19").get_data(as_text=True)
    assert "YY-2026-0001" not in login("other").get("/appointments?state=all").get_data(as_text=True)
    assert "递交认定材料" in clerk.get("/appointments/week?on=2026-11-19").get_data(as_text=True)
    sheet = clerk.get("/appointments/day?on=2026-11-19").get_data(as_text=True)
    assert "13800000000" in sheet
    assert "13800000000" not in login("other").get("/appointments/day?on=2026-11-19").get_data(as_text=True)
    rows = list(
        load_workbook(io.BytesIO(office.get("/appointments/export.xlsx").data)).active.iter_rows(values_only=True)
    )
    assert len(rows) == 2
    assert not any("钱先生" in str(c) or "138" in str(c) for row in rows for c in row)
    page = office.get("/appointments/figures?month=2026-11").get_data(as_text=True)
    assert re.search(r'href="/appointments\?state=all[^"]*"><b>1</b>', page)
    for address in (
        "/appointments/week?on=0000-01-01&department=x", "/appointments/week?on=9999-12-31",
        "/appointments/day?on=x", "/appointments/figures?month=9999-13", "/appointments/figures?month=9999-12",
        "/appointments?state=x&from_on=9999-12-31&on=0000-00-00&q=" + "长" * 99,
    ):  # fmt: skip
        assert office.get(address).status_code == 200, address


def test_hours_over_http(login, ids):
    office = login("office")
    data = {
        "department": str(ids.departments["XH"]), "weekday": "0", "only_on": "", "from_time": "17:30",
        "to_time": "19:00", "minutes": "30", "capacity": "2",
    }  # fmt: skip
    assert login("head").post("/appointments/hours/new", data=data).status_code == 403
    for change in ({"from_time": "25:00"}, {"to_time": "17:30"}, {"minutes": "0"}, {"capacity": ""},
                   {"weekday": ""}, {"weekday": "7"}, {"only_on": "9999-01-01"}, {"department": ""}):  # fmt: skip
        assert office.post("/appointments/hours/new", data={**data, **change}).status_code == 422, change
    assert office.post("/appointments/hours/new", data=data).status_code == 303
    assert office.post("/appointments/hours/new", data=data).status_code == 422
    assert "17:30" in office.get("/appointments/hours").get_data(as_text=True)
    assert office.post("/appointments/hours/3/end").status_code == 303
    assert office.post("/appointments/hours/3/end").status_code == 409
    assert office.post("/appointments/hours/99/end").status_code == 404
