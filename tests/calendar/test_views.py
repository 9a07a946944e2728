"""The calendar's pages: who sees and who changes them, and what they say about bad input (T-3)."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from openpyxl import load_workbook

from portal.calendar import queries
from tests.calendar.notices import NOTICE, STRETCHES, form
from tests.calendar.test_service import DAY


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


@pytest.mark.parametrize("path",
    ["/calendar/days/new", "/calendar/days/2026-11-19/clear", "/calendar/2027/notice", "/calendar/hours",
     "/calendar/2027/withdraw"],
)  # fmt: skip
@pytest.mark.parametrize("username", ["clerk", "head", "leader", "principal", "supervisor", "auditor", "sysadmin"])
def test_only_the_office_changes_the_calendar(login, path, username):
    client = login(username)
    assert client.get(path).status_code == 403
    assert client.post(path, data={}).status_code == 403


def confirm(client, sent):
    """Look at the preview that a form led to, and enter it; returns the preview and the answer."""
    assert sent.status_code == 303
    assert "/calendar/changes/" in sent.location
    page = client.get(sent.location)
    assert page.status_code == 200
    [fingerprint] = re.findall('name="fingerprint" value="([0-9a-f]{64})"', page.text)
    return page, client.post(sent.location, data={"fingerprint": fingerprint})


def test_set_day(app, login):
    client = login("office")
    sent = client.post("/calendar/days/new", data={"day": "2026/11/19", "workday": "off", "reason": "停电检修"})
    with app.app_context():
        assert queries.work_calendar().is_workday(DAY), "nothing is entered before it was looked at"
    page, done = confirm(client, sent)
    assert "没有未办结的事项因此变动" in page.text
    assert (done.status_code, done.location) == (303, "/calendar/2026")
    page = client.get("/calendar/2026")
    assert "11-19 放假：停电检修" in page.text
    assert "本单位自定的日子" in page.text
    with app.app_context():
        assert not queries.work_calendar().is_workday(DAY)
    confirm(client, client.post("/calendar/days/2026-11-19/clear", data={"reason": "检修取消"}))
    with app.app_context():
        assert queries.work_calendar().is_workday(DAY)
    assert client.get(sent.location).status_code == 404, "a change is made once"


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
    confirm(client, client.post("/calendar/days/new", data={"day": "2026-11-19", "workday": "off", "reason": "停电"}))
    assert client.post("/calendar/days/2026-11-19/clear", data={"reason": ""}).status_code == 422
    assert client.get("/calendar/days/2026-11-19/clear").status_code == 200


def test_enter_year(app, login):
    client = login("office")
    empty = client.get("/calendar/2027/notice")
    assert "端午节" in empty.text
    page, done = confirm(client, client.post("/calendar/2027/notice", data=form()))
    assert "全年因放假净减少 18 个工作日，2026 年为 13 个" in page.text
    assert done.location == "/calendar/2027"
    page = client.get("/calendar/2027")
    assert "暂定" not in page.text
    assert "来源：国办发明电〔2026〕7 号" in page.text
    with app.app_context():
        assert queries.work_calendar().is_known(date(2027, 6, 1))
        assert [(d.day, d.workday, d.reason) for d in queries.notice_days(2027)] == [
            (d.day, d.workday, d.reason) for d in NOTICE
        ]
    again = client.get("/calendar/2027/notice").text
    assert 'value="2027-10-07"' in again
    assert "2027-02-20" in again
    page, done = confirm(client, client.post("/calendar/2027/withdraw", data={"reason": "录错"}))
    assert done.location == "/calendar/2027"
    assert "暂定" in client.get("/calendar/2027").text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"notice": ""}, "文号"),
        ({"notice": "通知\x00"}, "无法保存"),
        ({"rows_1_first": "2027-02-30"}, "请填写日期"),
        ({"rows_1_first": "9999-12-31"}, "年份应在"),
        ({"rows_1_first": ""}, "请填写放假的第一天"),
        ({"rows_1_name": ""}, "要写节日名称"),
        ({"rows_1_name": "节" * 61}, "最多 60 个字"),
        ({"rows_1_last": "2027-02-04"}, "结束日期早于开始日期"),
        ({"rows_1_last": "2028-02-04"}, "不是这一年的日期"),
        ({"rows_1_first": "2027-01-02", "rows_1_last": "2027-01-05"}, "前面已经写过"),
        ({"workdays": "2027-02-14、元旦"}, "不是日期"),
        ({"workdays": "2027-02-15"}, "本来就上班"),
        ({"workdays": "2027-02-06"}, "前面已经写过"),
        ({"workdays": "x" * 1001}, "最多"),
        ({"rows_6_first": "2027-10-02"}, "缺少法定节假日"),
    ],
)
def test_a_bad_notice_is_said_at_the_field_and_kept(app, login, changed, said):
    page = login("office").post("/calendar/2027/notice", data=form(**changed))
    assert page.status_code == 422
    assert said in page.text
    assert "data-error-summary" in page.text
    assert "元旦" in page.text
    with app.app_context():
        assert not queries.work_calendar().is_known(date(2027, 6, 1))


def test_a_notice_without_any_row(login):
    page = login("office").post("/calendar/2027/notice", data={"notice": "通知"})
    assert page.status_code == 422
    assert "请填写放假的日子" in page.text


def upload(client, content, name="a.csv"):
    """Send a notice as a file."""
    data = {"notice": "通知", "file": (io.BytesIO(content), name)}
    return client.post("/calendar/2027/notice/file", data=data, content_type="multipart/form-data")


def lines():
    """The notice as the lines of a file."""
    rows = [["类型", "名称", "开始日期", "结束日期"]]
    return rows + [
        ["上班" if s.workday else "放假", s.name, s.first.isoformat(), s.last.isoformat()] for s in STRETCHES
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gbk", "utf-16"])
def test_a_file_in_every_usual_encoding(app, login, encoding):
    client = login("office")
    confirm(client, upload(client, "\r\n".join(",".join(row) for row in lines()).encode(encoding)))
    with app.app_context():
        assert len(queries.notice_days(2027)) == len(NOTICE)


def test_the_template_is_filled_in_and_read_back(app, login):
    client = login("office")
    book = load_workbook(io.BytesIO(client.get("/calendar/2027/notice/template.xlsx").data))
    for y, row in enumerate(lines(), 1):
        for x, cell in enumerate(row, 1):
            value = date.fromisoformat(cell) if y > 1 and x > 2 else cell
            book.active.cell(y, x, value)
    out = io.BytesIO()
    book.save(out)
    confirm(client, upload(client, out.getvalue(), "a.xlsx"))
    with app.app_context():
        assert len(queries.notice_days(2027)) == len(NOTICE)
    assert client.get("/calendar/2027/notice/template.csv").data.decode("utf-8-sig").startswith("类型,名称,")
    assert client.get("/calendar/2027/notice/template.exe").status_code == 404


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件里没有内容"),
        ("类型,名称,开始日期,结束日期\n".encode(), "文件里没有内容"),
        ("放假,元旦,,\n".encode(), "没有填写日期的行"),
        ("类型,名称,开始日期,结束日期\n放假,元旦,2027-13-01,\n班,,2027-01-04,".encode(), "第 2 行“2027-13-01”"),
        ("放假,元旦,2027-01-01,\n半天,国庆,2027-10-01,".encode(), "第 2 行“半天”"),
        (b"\xd0\xcf\x11\xe0xx", "旧版 XLS"),
        (b"PK\x03\x04nonsense", "XLSX"),
        ("放假,元旦,2027-01-01,\n".encode() * 70, "没有这么多"),
        (b"\x00\x01" * 20, "不是可以读取的文件"),
        (b"x" * 600_000, "512 KB"),
    ],
)  # fmt: skip
def test_a_bad_file_is_told_by_line(app, login, content, said):
    page = upload(login("office"), content)
    assert page.status_code == 422
    assert said in page.text


def test_office_hours_move_open_dates_and_go_through_the_preview(app, login):
    client = login("office")
    assert client.get("/policy/values/calendar.office_hours/set").location == "/calendar/hours"
    assert client.post("/calendar/hours", data={"hours": "x", "reason": "夏令"}).status_code == 422
    same = client.post("/calendar/hours", data={"hours": "09:00-12:00,13:30-17:30", "reason": "夏令"})
    assert "与现行的工作时间相同" in same.text
    _page, done = confirm(
        client, client.post("/calendar/hours", data={"hours": "8:30-12:00,14:00-18:00", "reason": "夏令"})
    )
    assert done.status_code == 303
    with app.app_context():
        assert f"{queries.work_calendar().hours.closes:%H:%M}" == "18:00"


def test_a_preview_is_its_authors_own_and_can_be_given_up(app, login):
    client = login("office")
    sent = client.post("/calendar/days/new", data={"day": "2026-11-19", "workday": "off", "reason": "停电检修"})
    assert login("clerk").get(sent.location).status_code == 403
    assert client.get(sent.location[:-1] + "x").status_code == 404
    assert client.post(sent.location, data={"fingerprint": "x"}).location == sent.location
    assert client.get(f"{sent.location}/export.xlsx").status_code == 200
    assert client.post(f"{sent.location}/cancel").status_code == 303
    assert client.get(sent.location).status_code == 404
    with app.app_context():
        assert queries.own_days(2026) == []
