"""Findings of work discipline: recorded, explained, concluded by a third person; how they count (P-3, O-3)."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from portal.attendance import findings, room, sheet
from portal.attendance.models import Finding, FindingKind
from portal.kernel import clock, transaction
from portal.kernel.actor import SYSTEM, Role
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import administration
from portal.people import queries as people
from portal.people.models import User
from tests.attendance.conftest import plain
from tests.office import FOUNDED, NOW, SHANGHAI


def record(who: str, about: int, kind: FindingKind = FindingKind.OFF_POST, at: datetime = NOW) -> Finding:
    with clock.at(max(at, NOW)), transaction.act():
        return findings.record(people.actor_by_username(who, NOW), about, kind, at, "3 号窗口", "窗口无人。", NOW)


def conclude(who: str, found: Finding, upheld: bool = True, at: datetime = NOW) -> None:
    with clock.at(at), transaction.act():
        findings.conclude(people.actor_by_username(who, at), found, upheld, "经核实。", at)


@pytest.mark.parametrize(
    ("kind", "tenths"),
    [(FindingKind.LATE, 5), (FindingKind.EARLY, 5), (FindingKind.ABSENT, 25), (FindingKind.OFF_POST, 20),
     (FindingKind.GAMES, 20), (FindingKind.PRIVATE_WORK, 20), (FindingKind.OTHER, 0)],
)  # fmt: skip
def test_the_figures_of_the_score_table(office, kind, tenths):
    assert record("supervisor", office.users["clerk"], kind).tenths == tenths


def test_the_person_has_three_working_days_to_explain(office):
    found = record("supervisor", office.users["clerk"])
    assert found.reply_by.isoformat() == "2026-11-23"
    assert found.post_id == office.posts["YW-1"]
    with pytest.raises(Conflict):
        conclude("office", found)
    late = datetime(2026, 11, 24, 9, tzinfo=SHANGHAI).astimezone(UTC)
    conclude("office", found, at=late)
    assert found.upheld


def test_a_conclusion_is_a_third_persons(office):
    mine, own = record("office", office.users["clerk"]), record("supervisor", office.users["office"])
    for found, who in ((mine, "clerk"), (own, "office")):
        with transaction.act():
            findings.reply(people.actor_by_username(who, NOW), found, "去取材料了。", NOW)
    for found in (mine, own):
        with pytest.raises(NotAllowed):
            conclude("office", found)
    conclude("principal", mine, False)
    conclude("principal", own)
    assert mine.upheld is False
    with pytest.raises(Conflict):
        conclude("principal", own)
    with pytest.raises(Invalid):
        record("supervisor", office.users["supervisor"])


def test_the_database_refuses_the_inspectors_conclusion(office):
    found = record("supervisor", office.users["clerk"])
    for who in ("supervisor", "clerk"):
        with pytest.raises(DatabaseError), transaction.act():
            db.session.execute(
                text("UPDATE discipline_finding SET upheld = :yes, concluded_by_id = :who, concluded_at = :at"),
                {"who": office.users[who], "at": NOW.replace(tzinfo=None), "yes": True},
            )
    for statement in ("DELETE FROM discipline_finding", "UPDATE discipline_finding SET tenths = 0"):
        with pytest.raises(DatabaseError), transaction.act():
            db.session.execute(text(statement))
    assert found.concluded_at is None


def test_only_upheld_findings_count_the_first_as_early_leave_the_second_as_half_a_day(app, bring_in, ids):
    bring_in(plain(("clerk", "王敏", "2026-11-17 08:55")))
    day = datetime(2026, 11, 17, 10, tzinfo=SHANGHAI).astimezone(UTC)

    def month() -> tuple[int, int]:
        found = sheet.make(day.date(), day.date()).rows[0].totals
        return found.early, found.absent

    with app.app_context():
        clerk = ids.users["clerk"]
        made = [record("supervisor", clerk, k, day) for k in
                (FindingKind.OFF_POST, FindingKind.GAMES, FindingKind.PRIVATE_WORK, FindingKind.OTHER)]  # fmt: skip
        start = month()
        later = NOW + timedelta(days=10)
        conclude("office", made[3], at=later)
        conclude("office", made[0], False, at=later)
        assert month() == start
        conclude("office", made[1], at=later)
        assert month() == (start[0] + 1, start[1])
        conclude("office", made[2], at=later)
        assert month() == (start[0] + 1, start[1] + 1)


def test_the_way_of_a_finding_over_http(app, login, ids):
    supervisor, clerk, office = login("supervisor"), login("clerk"), login("office")
    fields = {"user_id": str(ids.users["clerk"]), "kind": "games", "found_at": "2026-11-18T09:40", "place": "3 号窗口",
              "note": "电脑上开着游戏。"}  # fmt: skip
    assert supervisor.post("/attendance/findings/new", data={**fields, "note": ""}).status_code == 422
    assert (
        supervisor.post("/attendance/findings/new", data={**fields, "found_at": "2026-12-18T09:40"}).status_code == 422
    )
    assert clerk.get("/attendance/findings/new").status_code == 403
    answer = supervisor.post("/attendance/findings/new", data=fields)
    assert answer.status_code == 303
    where = answer.headers["Location"]
    assert "说明情况：工作时间玩游戏" in clerk.get("/").get_data(as_text=True)
    assert supervisor.post(f"{where}/reply", data={"reply": "替他说"}).status_code == 403
    assert clerk.post(f"{where}/reply", data={"reply": ""}).status_code == 422
    png = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
    sent = clerk.post(f"{where}/reply", data={"reply": "是弹出的广告。", "files": (io.BytesIO(png), "截图.png")})
    assert sent.status_code == 303
    assert clerk.post(f"{where}/reply", data={"reply": "再说一次"}).status_code == 409
    assert "作出检查结论：王敏" in office.get("/").get_data(as_text=True)
    assert supervisor.post(f"{where}/conclude", data={"upheld": "yes", "conclusion": "x"}).status_code == 403
    assert office.post(f"{where}/conclude", data={"upheld": "maybe", "conclusion": ""}).status_code == 422
    assert office.post(f"{where}/conclude", data={"upheld": "no", "conclusion": "确为广告。"}).status_code == 303
    page = clerk.get(where).get_data(as_text=True)
    for words in ("不属实", "确为广告。", "是弹出的广告。", "截图.png"):
        assert words in page
    for who, status in (("head", 200), ("leader", 200), ("principal", 200), ("clerk2", 404), ("other_head", 404),
                        ("leader2", 404), ("auditor", 403), ("security", 403), ("sysadmin", 403)):  # fmt: skip
        assert login(who).get(where).status_code == status, who
    assert "王敏" not in login("other").get("/attendance/findings").get_data(as_text=True)
    listed = office.get("/attendance/findings?kind=games&outcome=not_upheld&from_on=2026-11-01&department=")
    assert "JL-2026-0001" in listed.get_data(as_text=True)
    assert "JL-2026-0001" not in office.get("/attendance/findings?outcome=upheld").get_data(as_text=True)
    book = load_workbook(io.BytesIO(office.get("/attendance/findings.xlsx").data))
    assert [c.value for c in book.worksheets[0][2]][:4:3] == ["JL-2026-0001", "王敏"]
    assert "电脑上开着游戏" in office.get("/attendance/findings/print").get_data(as_text=True)


def test_another_office_person_concludes_what_one_of_them_found(app, login, ids):
    with app.app_context(), transaction.act():
        user = db.session.scalars(select(User).where(User.username == "other")).one()
        administration.change_user(SYSTEM, user, FOUNDED, roles=(Role.OFFICE,))
    with app.app_context():
        found = record("office", ids.users["clerk"])
        with transaction.act():
            findings.reply(people.actor_by_username("clerk", NOW), found, "说明", NOW)
        conclude("other", found)
        assert found.concluded_by_id == ids.users["other"]


def test_the_first_page_lists_what_the_menu_counts(app, login, ids):
    with app.app_context():
        found = record("supervisor", ids.users["clerk"])
        other = record("supervisor", ids.users["clerk2"])
        with transaction.act():
            findings.reply(people.actor_by_username("clerk2", NOW), other, "去取材料了。", NOW)
        numbers = {found.number, other.number}
    asked = login("clerk").post(
        "/attendance/corrections/new", data={"day": "2026-11-17", "slot": "am_in", "at": "09:00", "reason": "机器故障"}
    )
    listed = {}
    for who in ("clerk", "head", "principal", "office"):
        with app.test_request_context():
            counted = room.waiting(people.actor_by_username(who, NOW), NOW)
        page = login(who).get("/attendance/").get_data(as_text=True)
        blocks = "".join(re.findall(r'<section class="card0 cover".*?</section>', page, re.S))
        listed[who] = set(re.findall(r'<a href="(/attendance/(?:findings|corrections)/[^"]+)"', blocks))
        assert len(listed[who]) == counted, who
    assert f"/attendance/findings/{found.number}" in listed["clerk"]
    assert f"/attendance/findings/{other.number}" in listed["principal"]
    assert asked.status_code == 303
    assert asked.location.split("?")[0] in listed["head"] | listed["office"] | listed["principal"]
    assert numbers & {each.rpartition("/")[2] for each in listed["principal"]} == {other.number}
