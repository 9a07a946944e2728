"""The calendar's pages: who sees and who changes them, and what they say about bad input (T-3)."""

from __future__ import annotations

from datetime import date

import pytest

from portal.calendar import queries
from tests.calendar.test_service import DAY, NOTICE


def test_a_year_is_marked_in_words(login):
    page = login("clerk").get("/calendar/2026")
    assert page.status_code == 200
    assert "10-05 放假：国庆节（补假）" in page.text
    assert "10-10 上班：调休上班" in page.text
    assert "已逐日核对" in page.text
    assert "尚未录入" not in page.text
    assert "设定一天" not in page.text


def test_this_year_is_the_first_page(login):
    assert "2026 年工作日历" in login("clerk").get("/calendar/").text


def test_an_unknown_year_says_provisional(login):
    page = login("clerk").get("/calendar/2027")
    assert "暂定" in page.text
    assert "按星期推算" in page.text


@pytest.mark.parametrize("path", ["/calendar/1999", "/calendar/2100", "/calendar/2026/notice", "/calendar/2100/notice"])
def test_years_that_have_no_page(login, path):
    assert login("office").get(path).status_code == 404


@pytest.mark.parametrize("day", ["2026-11-19", "2026-02-30", "x", "99999-01-01"])
def test_days_that_were_not_set_have_no_page(login, day):
    assert login("office").get(f"/calendar/days/{day}/clear").status_code == 404


@pytest.mark.parametrize("path", ["/calendar/days/new", "/calendar/days/2026-11-19/clear", "/calendar/2027/notice"])
@pytest.mark.parametrize("username", ["clerk", "head", "leader", "principal", "supervisor", "auditor", "sysadmin"])
def test_only_the_office_changes_the_calendar(login, path, username):
    client = login(username)
    assert client.get(path).status_code == 403
    assert client.post(path, data={}).status_code == 403


def test_set_day(app, login):
    client = login("office")
    sent = client.post("/calendar/days/new", data={"day": "2026/11/19", "workday": "off", "reason": "停电检修"})
    assert (sent.status_code, sent.location) == (303, "/calendar/2026")
    page = client.get("/calendar/2026")
    assert "11-19 放假：停电检修" in page.text
    assert "本单位自定的日子" in page.text
    with app.app_context():
        assert not queries.work_calendar().is_workday(DAY)
    sent = client.post("/calendar/days/2026-11-19/clear", data={"reason": "检修取消"})
    assert sent.status_code == 303
    assert "停电检修" not in client.get("/calendar/2026").text


@pytest.mark.parametrize(
    "data",
    [
        {"day": "", "workday": "off", "reason": "停电"},
        {"day": "0000-01-01", "workday": "off", "reason": "停电"},
        {"day": "9999-12-31", "workday": "off", "reason": "停电"},
        {"day": "2026-11-19", "workday": "holiday", "reason": "停电"},
        {"day": "2026-11-19", "workday": "off", "reason": "\u3000"},
        {"day": "2026-11-19", "workday": "off", "reason": "停" * 61},
        {"day": "2026-11-19", "workday": "off", "reason": "停\x00电"},
        {"day": "2026-11-19", "workday": "work", "reason": "已经上班"},
    ],
)
def test_bad_days_are_said_at_the_field(app, login, data):
    page = login("office").post("/calendar/days/new", data=data)
    assert page.status_code == 422
    assert "data-error-summary" in page.text
    assert "Not a valid" not in page.text
    with app.app_context():
        assert queries.own_days(2026) == []


def test_clear_day_needs_a_reason(login):
    client = login("office")
    client.post("/calendar/days/new", data={"day": "2026-11-19", "workday": "off", "reason": "停电检修"})
    assert client.post("/calendar/days/2026-11-19/clear", data={"reason": ""}).status_code == 422
    assert client.get("/calendar/days/2026-11-19/clear").status_code == 200


def test_enter_year(app, login):
    client = login("office")
    sent = client.post("/calendar/2027/notice", data={"notice": "国办发明电〔2026〕7 号", "days": NOTICE})
    assert sent.location == "/calendar/2027"
    page = client.get("/calendar/2027")
    assert "暂定" not in page.text
    assert "来源：国办发明电〔2026〕7 号" in page.text
    with app.app_context():
        assert queries.work_calendar().is_known(date(2027, 6, 1))
    assert "2027-10-03 休 国庆节" in client.get("/calendar/2027/notice").text


@pytest.mark.parametrize(
    ("notice", "days", "said"),
    [
        ("", NOTICE, "文号"),
        ("通知", "", "逐行填写"),
        ("通知", NOTICE + "\n2027-02-30 休 春节", "第 9 行"),
        ("通知", "2027-01-01 休 元旦", "缺少法定节假日"),
        ("通知", "x" * 10_000, "最多"),
        ("通知", NOTICE + "\x00", "无法保存"),
    ],
)
def test_a_bad_notice_is_said_at_the_field_and_kept(login, notice, days, said):
    page = login("office").post("/calendar/2027/notice", data={"notice": notice, "days": days})
    assert page.status_code == 422
    assert said in page.text
    if days == NOTICE:
        assert "2027-10-03 休 国庆节" in page.text
