"""Sheets over HTTP: whose, what is excused, weekly bulletin, closing and amending; few queries (O-3, J-3)."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import event, insert, select, text, update
from sqlalchemy.exc import DatabaseError

from portal.ab_post import service as ab
from portal.ab_post.models import AbsenceKind
from portal.attendance import corrections, service, sheet
from portal.attendance.matching import Checked
from portal.attendance.models import Closing, PunchImport, Slot
from portal.attendance.rules import State
from portal.kernel import clock, epochs, transaction
from portal.kernel.db import db
from portal.people import queries as people
from portal.people.models import User
from portal.policy import service as policy
from tests.attendance.conftest import plain
from tests.office import NOW, SHANGHAI

TUESDAY, MONDAY = date(2026, 11, 17), date(2026, 11, 16)


def moment(day: date, there: str) -> datetime:
    return datetime.fromisoformat(f"{day} {there}").replace(tzinfo=SHANGHAI).astimezone(UTC)


def full(who: str, name: str, day: date, first: str = "08:55") -> list[tuple[str, str, str]]:
    return [(who, name, f"{day} {t}") for t in (first, "12:01", "13:25", "17:33")]


@pytest.fixture
def two_days(bring_in):
    bring_in(
        plain(
            *full("clerk", "王敏", MONDAY, "09:25"), *full("clerk", "王敏", TUESDAY), *full("clerk2", "李强", MONDAY),
            *full("head", "赵刚", MONDAY), *full("head", "赵刚", TUESDAY), *full("other", "周宁", MONDAY, "09:30"),
            *full("other", "周宁", TUESDAY),
        )
    )  # fmt: skip


def test_who_sees_which_sheet(two_days, login, ids):
    seen = {
        "head": {"王敏", "李强", "赵刚"},
        "leader": {"王敏", "李强", "赵刚"},
        "leader2": {"周宁"},
        "other_head": {"周宁"},
        "principal": {"王敏", "李强", "赵刚", "周宁"},
        "office": {"王敏", "李强", "赵刚", "周宁"},
        "supervisor": {"王敏", "李强", "赵刚", "周宁"},
    }
    for who, names in seen.items():
        page = login(who).get("/attendance/sheet?month=2026-11").get_data(as_text=True)
        main = page[page.index("<main") :]
        assert {n for n in ("王敏", "李强", "赵刚", "周宁") if f">{n}</a>" in main} == names, who
        for other, name in (("clerk", "王敏"), ("other", "周宁")):
            status = login(who).get(f"/attendance/people/{ids.users[other]}?month=2026-11").status_code
            assert status == (200 if name in names else 404), (who, other)
    for who in ("clerk", "other", "auditor", "security", "sysadmin"):
        assert login(who).get("/attendance/sheet").status_code == 403
        assert login(who).get(f"/attendance/people/{ids.users['clerk']}").status_code == 403
    assert login("head").get(f"/attendance/sheet?department={ids.departments['XH']}").status_code == 404
    own = login("clerk").get("/attendance/").get_data(as_text=True)
    assert "迟到 25 分钟" in own
    assert "周宁" not in own
    for who in ("auditor", "security", "sysadmin"):
        assert login(who).get("/attendance/").status_code == 403


def test_weekdays_are_in_the_reader_s_language(two_days, login):
    head = login("head")
    assert "<small>三</small>" in head.get("/attendance/sheet?month=2026-11").get_data(as_text=True)
    head.post("/account/preferences", data={"language": "en"})
    text = head.get("/attendance/sheet?month=2026-11").get_data(as_text=True)
    assert "<small>W</small>" in text
    assert "<small>三</small>" not in text


def test_leave_and_trips_excuse(app, two_days, ids):
    with app.app_context():
        assert sheet.make(TUESDAY, TUESDAY, user_id=ids.users["clerk2"]).rows[0].totals.absent == 2
        with clock.at(moment(TUESDAY, "08:00")), transaction.act():
            at = clock.now()
            made = ab.record_absence(
                people.actor_by_username("clerk2", at), ids.users["clerk2"], AbsenceKind.SICK,
                moment(TUESDAY, "09:00"), moment(TUESDAY, "17:30"), at, emergency=True,
            )  # fmt: skip
        found = sheet.make(TUESDAY, TUESDAY, user_id=ids.users["clerk2"]).rows[0]
        assert (found.totals.absent, found.totals.excused) == (0, {"sick": 2})
        with clock.at(moment(TUESDAY, "12:30")), transaction.act():
            ab.end_absence(people.actor_by_username("clerk2", clock.now()), made, clock.now())
        found = sheet.make(TUESDAY, TUESDAY, user_id=ids.users["clerk2"]).rows[0]
        assert (found.days[TUESDAY].am.state, found.days[TUESDAY].pm.state) == (State.EXCUSED, State.ABSENT)


def test_days_without_data_count_nothing(app, two_days):
    with app.app_context():
        row = sheet.make(date(2026, 11, 1), date(2026, 11, 30)).rows[0]
        assert min(row.days) == MONDAY, "the first file's first day"
        assert {d for d, x in row.days.items() if x.am.state is State.NO_DATA} == {
            date(2026, 11, n) for n in (18, 19, 20, 23, 24, 25, 26, 27, 30)
        }
        assert row.totals.halves == 4


def test_a_change_of_policy_rewrites_no_earlier_day(app, two_days):
    with app.app_context():
        with clock.at(moment(TUESDAY, "15:00")), transaction.act():
            actor = people.actor_by_username("office", clock.now())
            policy.set_value(actor, "calendar.office_hours", "08:30-12:00,14:00-17:30", "夏令时间", clock.now())
        assert sheet._periods(TUESDAY)[0] == (9 * 3600, 12 * 3600)
        assert sheet._periods(TUESDAY + timedelta(days=1))[0] == (8 * 3600 + 1800, 12 * 3600)
        assert sheet.make(TUESDAY, TUESDAY).rows[0].totals.late == 0


def test_the_bulletin_of_a_week(two_days, login):
    page = login("office").get("/attendance/weekly?week=2026-11-18").get_data(as_text=True)
    assert "2026-11-16 至 2026-11-22" in page
    for words in ("王敏", "周宁", "迟到 30 分钟", "李强"):
        assert words in page
    assert ">赵刚</a>" not in page
    assert "周宁" not in login("head").get("/attendance/weekly?week=2026-11-18").get_data(as_text=True)
    assert "迟到 30 分钟" in login("office").get("/attendance/weekly/print?week=2026-11-18").get_data(as_text=True)
    assert login("office").get("/attendance/weekly?week=9999-99-99").status_code == 200


def test_xlsx_and_print(two_days, login):
    book = load_workbook(io.BytesIO(login("office").get("/attendance/sheet.xlsx?month=2026-11").data))
    assert len(book.sheetnames) == 4
    totals = {row[1]: row for row in book.worksheets[1].iter_rows(min_row=2, values_only=True)}
    assert totals["王敏"][2:5] == (2, 2, 1)
    assert totals["李强"][8] == 1
    page = login("head").get("/attendance/sheet/print?month=2026-11").get_data(as_text=True)
    assert "赵刚" in page
    assert "周宁" not in page


@pytest.mark.parametrize("month", ["", "2026-13", "0000-01", "x", "2099-12", "2000-01", "２０２６-11"])
def test_any_month_is_a_page(login, month):
    for path in ("/attendance/", "/attendance/sheet", "/attendance/sheet.xlsx", "/attendance/sheet/print"):
        assert login("office").get(path, query_string={"month": month, "version": "9" * 9}).status_code == 200


def test_a_month_is_closed_once_and_amended_by_a_linked_version(app, two_days, login, ids):
    office = login("office")
    assert office.post("/attendance/months/2026-11/close").status_code == 409, "the month is not over"
    december = moment(date(2026, 12, 2), "09:00")
    with app.app_context(), transaction.act():
        db.session.execute(update(User).values(password_changed_at=NOW))
        epochs.bump(db.session(), "people")
    with clock.at(december):
        office = login("office")
        assert login("head").post("/attendance/months/2026-11/close").status_code == 403
        assert office.get("/attendance/months/2026-11/amend").status_code == 404
        assert office.post("/attendance/months/2026-11/close").status_code == 303
        assert office.post("/attendance/months/2026-11/close").status_code == 409
        assert office.post("/attendance/months/2026-11/amend", data={"reason": "无"}).status_code == 409
        before = office.get("/attendance/sheet?month=2026-11").get_data(as_text=True)
        with app.app_context():
            with transaction.act():
                made = corrections.ask(
                    people.actor_by_username("clerk2", december), TUESDAY, Slot.AM_IN,
                    datetime(2026, 11, 17, 8, 58).time(), "停电", december,
                )  # fmt: skip
            with transaction.act():
                corrections.decide(people.actor_by_username("head", december), made, True, "", december)
        same = office.get("/attendance/sheet?month=2026-11").get_data(as_text=True)
        assert _matrix(before) == _matrix(same), "a closed month stays as it was"
        assert "李强" in office.get("/attendance/months/2026-11/amend").get_data(as_text=True)
        assert office.post("/attendance/months/2026-11/amend", data={"reason": ""}).status_code == 422
        assert office.post("/attendance/months/2026-11/amend", data={"reason": "补卡"}).status_code == 303
        after = office.get("/attendance/sheet?month=2026-11").get_data(as_text=True)
        assert _matrix(after) != _matrix(before)
        first = office.get("/attendance/sheet?month=2026-11&version=1").get_data(as_text=True)
        assert _matrix(first) == _matrix(before)
    with app.app_context():
        versions = db.session.scalars(select(Closing).order_by(Closing.version)).all()
        assert [v.version for v in versions] == [1, 2]
        for statement in ("UPDATE attendance_closing SET sheet = '{}'", "DELETE FROM attendance_closing"):
            with pytest.raises(DatabaseError), transaction.act():
                db.session.execute(text(statement))


def _matrix(page: str) -> str:
    start = page.index('<table class="mx">')
    return page[start : page.index("</table>", start)].replace("&amp;version=1", "")


def test_frozen_and_thawed_is_the_same(app, two_days):
    import json

    with app.app_context():
        made = sheet.make(date(2026, 11, 1), date(2026, 11, 30))
        again = sheet.thaw(json.dumps(sheet.freeze(made)))
        assert again == made
        assert sheet.changes(made, again) == []


def test_two_hundred_people_take_no_more_queries_than_two(app, ids):
    """A month of 200 people reads as many tables as one of a few (O-3)."""
    counts, seen = [], []

    def listener(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    for many in (3, 200):
        with app.app_context(), transaction.act():
            have = db.session.query(User).filter(User.username.like("mass%")).count()
            rows = [
                {"username": f"mass{n}", "name": f"员工{n}", "staff_number": "", "title": "", "phone": "",
                 "department_id": ids.departments["YW"], "password_hash": "x", "password_changed_at": NOW,
                 "must_change_password": False, "language": "zh", "shortcuts_off": False}
                for n in range(have, many)
            ]  # fmt: skip
            db.session.execute(insert(User), rows)
            people_ids = list(db.session.scalars(select(User.id).where(User.username.like("mass%"))))
            days = [date(2026, 11, n) for n in (2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16, 17)]
            punches = {
                u: {moment(d, t) for d in days for t in ("08:55", "12:01", "13:25", "17:33")} for u in people_ids
            }
            checked = Checked(lines=1, punches=punches, codes={f"m{u}": u for u in people_ids})
            service.bring_in(people.actor_by_username("office", NOW), checked, f"{many}.csv", str(many) * 8, NOW)
        with app.app_context():
            sheet.make(date(2026, 11, 1), date(2026, 11, 30))
            seen.clear()
            event.listen(db.engine, "before_cursor_execute", listener)
            found = sheet.make(date(2026, 11, 1), date(2026, 11, 30))
            event.remove(db.engine, "before_cursor_execute", listener)
            assert len(found.rows) == many
            counts.append(len(seen))
    assert counts[0] == counts[1] <= 9
    with app.app_context():
        assert db.session.scalars(select(PunchImport)).first() is not None
