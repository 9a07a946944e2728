"""Exports of punch clocks: encodings, headings, columns, people, errors by row, repetition, undoing (O-3, J-3)."""

from __future__ import annotations

import io
from datetime import date, datetime, time

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from portal.attendance import grid, layout, sheet
from portal.attendance.layout import Column
from portal.attendance.models import Punch, PunchCode, PunchImport
from portal.attendance.rules import State
from portal.calendar import queries as calendar
from portal.kernel import clock, transaction
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db
from portal.kernel.sheets import SheetError
from portal.people import administration
from tests.attendance.conftest import csv, plain, upload, xlsx
from tests.office import FOUNDED, PASSWORD

D, N, A, M, T, I = Column.DATE, Column.NUMBER, Column.NAME, Column.MOMENT, Column.TIME, Column.IGNORE  # noqa: E741


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_encodings_and_delimiters(app, encoding, sign):
    with app.app_context():
        lines = grid.read(csv([("工号", "姓名", "打卡时间"), ("0012", "王敏", "2026-10-09 08:57:01")], encoding, sign))
    assert [line.cells for line in lines] == [("工号", "姓名", "打卡时间"), ("0012", "王敏", "2026-10-09 08:57:01")]


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        ([("考勤号码", "姓名", "日期时间", "机器号"), ("12", "王敏", "2026/10/9 8:57:01", "1")], [N, A, M, I]),
        ([("部门", "姓名", "日期", "时间"), ("业务科", "王敏", "2026-10-09", "8:57")], [I, A, D, T]),
        ([("ID", "Name", "Date", "Time"), ("12", "王敏", "20261009", "08:57:01")], [N, A, D, T]),
        ([("12", "2026-10-09 08:57:01", "1", "0"), ("13", "2026-10-09 08:58:01", "1", "0")], [N, M, I, I]),
        (
            [("10 月考勤", "", "", "", "", "", ""), ("制表日期：2026-11-02", "", "", "", "", "", ""),
             ("序号", "工号", "姓名", "日期", "上午", "", "下午", ""), ("", "", "", "", "上班", "下班", "上班", "下班"),
             ("1", "0012", "王敏", "2026-10-09 星期五", "08:57", "12:01", "13:25", "17:40")],
            [I, N, A, D, T, T, T, T],
        ),
        (
            [("工号", "姓名", "日期", "应上班时间", "打卡时间", "迟到分钟", "加班时间"),
             ("0012", "王敏", "2026-10-09", "09:00", "08:57 12:01 13:25 17:40", "0", "00:10")],
            [N, A, D, I, T, I, I],
        ),
        (
            [("姓名", "日期", "签到1", "签退1", "签到2", "签退2"),
             ("王敏", "2026-10-09", "08:57", "", "", ""), ("李强", "2026-10-09", "08:57", "", "", "")],
            [A, D, T, T, T, T],
        ),
    ],
)  # fmt: skip
def test_columns_are_guessed_from_headings_and_contents(app, rows, columns):
    with app.app_context():
        found = layout.table(grid.read(csv(rows)))
        assert layout.guess(found) == columns
        assert layout.wrong(columns) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("8:57", [time(8, 57)]), ("08：57：01", [time(8, 57, 1)]), ("上午8:57", [time(8, 57)]),
        ("1:25 PM", [time(13, 25)]), ("下午1时25分", [time(13, 25)]), ("08:57\n12:01", [time(8, 57), time(12, 1)]),
        ("", []), ("--", []),
        ("缺卡", []), ("25:00", None), ("8:61", None), ("八点", None), ("8:57 12", None), ("12:00 AM", [time(0, 0)]),
    ],
)  # fmt: skip
def test_times(text, found):
    assert layout.read_times(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-10-09 08:57:01", datetime(2026, 10, 9, 8, 57, 1)), ("2026/10/9 8:57", datetime(2026, 10, 9, 8, 57)),
        ("2026年10月9日 上午8:57", datetime(2026, 10, 9, 8, 57)), ("2026-02-30 08:57", None), ("08:57", None),
        ("2026-10-09", None), ("2026-10-09T08:57:01", datetime(2026, 10, 9, 8, 57, 1)),
    ],
)  # fmt: skip
def test_moments(text, found):
    assert layout.read_moment(text) == found


# --- the real shape -------------------------------------------------------------------------------------------


def twenty(app) -> list[tuple[str, str]]:
    """Twenty people with staff numbers, in two departments."""
    found = []
    with app.app_context(), transaction.act():
        from portal.people.models import Department

        of = dict(db.session.execute(select(Department.code, Department.id)).all())
        for n in range(1, 21):
            name = f"员工{'甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉'[n - 1]}"
            administration.add_user(
                SYSTEM, f"worker{n}", name, PASSWORD, FOUNDED, department_id=of["YW" if n <= 10 else "XH"],
                staff_number=f"{n:04d}",
            )  # fmt: skip
            found.append((f"{n:04d}", name))
    return found


def test_twenty_people_and_22_days_with_two_heading_rows_in_gbk(app, login, bring_in, days):
    """Night gaps, missing punches, two heading rows, GBK: the right sheet, the errors by their rows."""
    people = twenty(app)
    rows = [
        ["示例单位考勤记录表", "", "", "", "", "", "", ""],
        ["工号", "姓名", "部门", "日期", "上午", "", "下午", ""],
        ["", "", "", "", "上班", "下班", "上班", "下班"],
    ]
    with app.app_context():
        works = {day: calendar.work_calendar().is_workday(day) for day in days.all}
    workdays = [day for day in days.all if works[day]]
    assert len(workdays) >= 14
    bad = {}
    for n, (number, name) in enumerate(people, 1):
        for day in days.all:
            line = ["08:55", "12:02", "13:26", "17:33"]
            if not works[day]:
                line = ["", "", "", ""]
            elif n == 2 and day in workdays[:3]:
                line[0] = "09:15"  # three times late
            elif n == 3 and day == workdays[1]:
                line[3] = "17:10"  # left early
            elif n == 4 and day == workdays[2]:
                line[1] = ""  # a missing punch
            elif n == 5 and day == workdays[3]:
                line = ["", "", "", ""]  # nothing
            elif n == 6 and day == workdays[4]:
                line[3] = "00:40"  # worked into the night: belongs to this day
            elif n == 7 and day == workdays[5]:
                line = ["8点", "12:02", "13:26", "17:33"]
                bad[len(rows) + 1] = "无法识别的打卡时间"
            elif n == 8 and day in workdays[:12]:
                line[2] = "13:45"  # twelve times late
            rows.append([number, name, "综合业务科", f"{day:%Y/%m/%d}", *line])
    rows.append(["0099", "无名氏", "综合业务科", f"{workdays[0]:%Y/%m/%d}", "08:55", "", "", ""])
    bad[len(rows)] = "找不到对应的人员"
    rows.append(["0001", "员工甲", "综合业务科", "2026/13/40", "08:55", "", "", ""])
    bad[len(rows)] = "无法识别的日期"
    rows.append(["0001", "员工甲", "综合业务科", "2026/12/01", "08:55", "", "", ""])
    bad[len(rows)] = "在今后"
    content = csv(rows, "gbk")

    client = login("office")
    token = upload(client, content, "十月.csv")
    from tests.attendance.conftest import accept_columns

    accept_columns(client, token)
    page = client.get(f"/attendance/imports/waiting/{token}").get_data(as_text=True)
    for row, words in bad.items():
        assert f'<th scope="row">{row}</th>' in page, row
        assert words in page
    number = client.post(f"/attendance/imports/waiting/{token}/confirm").headers["Location"].rsplit("/", 1)[-1]

    with app.app_context():
        made = db.session.scalars(select(PunchImport).where(PunchImport.number == number)).one()
        assert (made.people, made.faults, made.repeated) == (20, len(bad), 0)
        found = sheet.make(days.first, days.all[-1])
        by_name = {row.name: row for row in found.rows}
        assert len(by_name) == 20
        one = by_name["员工甲"].totals
        assert (one.halves, one.present, one.late, one.early, one.absent) == (
            2 * len(workdays),
            2 * len(workdays),
            0,
            0,
            0,
        )
        assert by_name["员工乙"].totals.late == 3
        assert by_name["员工乙"].days[workdays[0]].am.late == 15
        assert by_name["员工丙"].days[workdays[1]].pm.early == 20
        four = by_name["员工丁"]
        assert four.days[workdays[2]].am.state is State.MISSING_OUT
        assert (four.totals.missing, four.totals.absent) == (1, 1)
        five = by_name["员工戊"].days[workdays[3]]
        assert (five.am.state, five.pm.state) == (State.ABSENT, State.ABSENT)
        assert by_name["员工己"].days[workdays[4]].pm.state is State.PRESENT
        assert by_name["员工己"].totals.absent == 0, "the night is no arrival of the next day"
        eight = by_name["员工辛"].totals
        assert (eight.late, eight.absent) == (12, 1), "ten make half a day"
        assert by_name["员工庚"].days[workdays[5]].am.in_at is None

    again = upload(client, content + b"\r\n", "十月2.csv")
    page = client.get(f"/attendance/imports/waiting/{again}").get_data(as_text=True)
    assert "没有新的打卡记录" in page, "the columns are remembered, and nothing is new"
    same = upload(client, content, "十月.csv")
    assert client.post(f"/attendance/imports/waiting/{same}/confirm").status_code == 409
    with app.app_context():
        assert sheet.make(days.first, days.all[-1]).rows[0].totals == one


# --- people ---------------------------------------------------------------------------------------------------


def test_people_are_found_by_username_and_unique_name_and_remembered(app, bring_in, ids):
    bring_in(
        plain(("clerk", "", "2026-11-17 08:55"), ("77", "李强", "2026-11-17 08:56"), ("", "周宁", "2026-11-17 08:57"))
    )
    with app.app_context():
        codes = dict(db.session.execute(select(PunchCode.code, PunchCode.user_id)).all())
    assert codes == {"clerk": ids.users["clerk"], "77": ids.users["clerk2"], "周宁": ids.users["other"]}
    bring_in(plain(("77", "别名", "2026-11-17 12:01")), "b.csv")
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(Punch.user_id == ids.users["clerk2"])) == 2


def test_the_unknown_are_mapped_on_the_spot(app, bring_in, ids, login):
    number = bring_in(plain(("501", "小王", "2026-11-17 08:55")), people={"501": ids.users["clerk"]})
    with app.app_context():
        made = db.session.scalars(select(PunchImport).where(PunchImport.number == number)).one()
        assert (made.added, made.faults) == (1, 0)
    page = login("office").get("/attendance/codes").get_data(as_text=True)
    assert "501" in page


def test_a_number_with_another_name_is_an_error(app, login):
    with app.app_context(), transaction.act():
        from portal.people.models import User

        user = db.session.scalars(select(User).where(User.username == "clerk")).one()
        administration.change_user(SYSTEM, user, FOUNDED, staff_number="0001")
    client = login("office")
    token = upload(client, plain(("0001", "李强", "2026-11-17 08:55")))
    from tests.attendance.conftest import accept_columns

    accept_columns(client, token)
    assert "在平台上是王敏" in client.get(f"/attendance/imports/waiting/{token}").get_data(as_text=True)


@pytest.mark.parametrize("number", ["auditor", "security", "sysadmin"])
def test_the_separated_roles_take_no_part(app, login, number):
    client = login("office")
    token = upload(client, plain((number, "", "2026-11-17 08:55")))
    from tests.attendance.conftest import accept_columns

    accept_columns(client, token)
    assert client.post(f"/attendance/imports/waiting/{token}/confirm").status_code == 409


# --- repetition and undoing -----------------------------------------------------------------------------------


def test_an_overlapping_file_adds_only_what_is_new_and_survives_the_other(app, bring_in, login, ids):
    first = bring_in(plain(("clerk", "王敏", "2026-11-17 08:55"), ("clerk", "王敏", "2026-11-17 12:01")))
    second = bring_in(
        plain(
            ("clerk", "王敏", "2026-11-17 12:01"),
            ("clerk", "王敏", "2026-11-17 13:25"),
            ("clerk", "王敏", "2026-11-17 17:33"),
        ),
        "b.csv",
    )
    with app.app_context():
        made = db.session.scalars(select(PunchImport).where(PunchImport.number == second)).one()
        assert (made.added, made.repeated) == (2, 1)
        day = sheet.make(date(2026, 11, 17), date(2026, 11, 17)).rows[0].days[date(2026, 11, 17)]
        assert (day.am.state, day.pm.state) == (State.PRESENT, State.PRESENT)
    office = login("office")
    assert office.post(f"/attendance/imports/{first}/undo", data={"reason": ""}).status_code == 422
    assert office.post(f"/attendance/imports/{first}/undo", data={"reason": "导错了"}).status_code == 303
    assert office.post(f"/attendance/imports/{first}/undo", data={"reason": "再来"}).status_code == 409
    with app.app_context():
        day = sheet.make(date(2026, 11, 17), date(2026, 11, 17)).rows[0].days[date(2026, 11, 17)]
        assert day.am.out_at is not None, "the other file has that punch too"
        assert day.am.state is State.MISSING_IN
    assert "导错了" in office.get(f"/attendance/imports/{first}").get_data(as_text=True)
    bring_in(plain(("clerk", "王敏", "2026-11-17 08:55"), ("clerk", "王敏", "2026-11-17 12:01")))


def test_the_database_keeps_punches(app, bring_in):
    bring_in(plain(("clerk", "王敏", "2026-11-17 08:55")))
    with app.app_context():
        for statement in ("UPDATE punch SET user_id = 1", "DELETE FROM punch", "DELETE FROM punch_import"):
            with pytest.raises(DatabaseError), transaction.act():
                db.session.execute(text(statement))


# --- bad files ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, "旧版 XLS"),
        (b"PK\x03\x04" + b"x" * 100, "XLSX"),
        (b"\x00\x01\x02\x03", "不是可以读取的文件"),
        (b"\xff\xff\xff\xfe\xfa", "不是可以读取的文件"),
        (csv([("工号", "姓名", "打卡时间")]), "没有打卡记录"),
        (b"\r\n \r\n", "没有内容"),
        (b"a" * 200_000, ""),
    ],
)
def test_bad_files_are_told_at_the_field(login, content, words):
    answer = login("office").post("/attendance/imports", data={"file": (io.BytesIO(content), "a.csv")})
    assert answer.status_code in (303, 422)
    if words:
        assert answer.status_code == 422
        assert words in answer.get_data(as_text=True)


def test_too_many_rows(app, monkeypatch):
    monkeypatch.setattr(grid, "MOST_ROWS", 10)
    with app.app_context(), pytest.raises(SheetError):
        grid.read(csv([("a", "b")] * 70))
    with app.app_context(), pytest.raises(SheetError):
        grid.read(xlsx([["a", "b"]] * 70))


def test_a_workbook_with_a_formula_is_an_error_of_its_row(app):
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["工号", "姓名", "日期", "时间"])
        page.write_row(1, 0, ["clerk", "王敏"])
        page.write_datetime(1, 2, datetime(2026, 11, 17), book.add_format({"num_format": "yyyy-mm-dd"}))
        page.write_datetime(1, 3, time(8, 55), book.add_format({"num_format": "hh:mm"}))
        page.write_row(2, 0, ["clerk", "王敏"])
        page.write_formula(2, 3, "=NOW()")
    with app.app_context():
        found = layout.table(grid.read(out.getvalue()))
        columns = layout.guess(found)
        assert columns == [N, A, D, T]
        first, second = layout.records(found, columns, 240)
        assert first.moments == (datetime(2026, 11, 17, 8, 55),)
        assert "公式" in second.bad


@pytest.mark.parametrize(
    ("columns", "good"),
    [([N, M], True), ([A, D, T], True), ([M], False), ([N, D], False), ([N, T], False), ([N, N, M], False),
     ([N, M, D, T], False), ([A, M, M], False), ([N, D, *[T] * 8], True), ([N, D, *[T] * 9], False), ([I], False)],
)  # fmt: skip
def test_which_columns_will_do(app, columns, good):
    with app.app_context():
        assert (layout.wrong(columns) is None) is good


def test_wrong_columns_are_told(login):
    client = login("office")
    token = upload(client, csv([("甲", "乙"), ("x", "y"), ("z", "w")]))
    page = client.post(
        f"/attendance/imports/waiting/{token}/columns", data={"column_0": "number", "column_1": "ignore"}
    )
    assert page.status_code == 422
    assert "请指出打卡的日期和时间" in page.get_data(as_text=True)
    assert client.get(f"/attendance/imports/waiting/{token}").status_code == 303
    assert client.post(f"/attendance/imports/waiting/{token}/confirm").status_code == 303
    assert client.post(f"/attendance/imports/waiting/{token}/cancel").status_code == 303
    assert client.get(f"/attendance/imports/waiting/{token}").status_code == 404


def test_nobody_opens_anothers_file(login, app):
    client = login("office")
    token = upload(client, plain(("clerk", "王敏", "2026-11-17 08:55")))
    assert client.get(f"/attendance/imports/waiting/{token}/columns").status_code == 200
    for who in ("clerk", "head", "leader", "principal", "supervisor", "auditor", "sysadmin"):
        assert login(who).get(f"/attendance/imports/waiting/{token}").status_code == 403
    assert client.get("/attendance/imports/waiting/" + "0" * 32).status_code == 404
    with clock.at(clock.now()):
        assert client.get("/attendance/imports").status_code == 200
