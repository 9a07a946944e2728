"""Corrections: asked, decided by somebody else along the line of heads, filed; a linked fact (O-3, J-3, AB-4)."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from portal.ab_post import service as ab
from portal.ab_post.models import AbsenceKind
from portal.attendance import corrections, rights, sheet
from portal.attendance.models import Correction, CorrectionState, Punch, Slot
from portal.attendance.rules import State
from portal.kernel import clock, transaction
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.kernel.journal import JournalEntry
from portal.people import queries as people
from tests.attendance.conftest import plain
from tests.office import NOW, SHANGHAI

DAY = date(2026, 11, 17)


def ask(who: str, slot: Slot = Slot.AM_IN, at: time = time(8, 58), day: date = DAY) -> Correction:
    with transaction.act():
        return corrections.ask(people.actor_by_username(who, NOW), day, slot, at, "忘记打卡", NOW)


@pytest.mark.parametrize(
    ("asker", "deciders"),
    [
        ("clerk", {"head", "leader", "principal"}),
        ("clerk2", {"head", "leader", "principal"}),
        ("head", {"leader", "principal"}),
        ("other", {"other_head", "leader2", "principal"}),
        ("other_head", {"leader2", "principal"}),
        ("office", {"leader", "principal"}),
        ("leader", {"principal"}),
        ("leader2", {"principal"}),
        ("principal", {"leader", "leader2"}),
    ],
)
def test_who_decides(office, asker, deciders):
    made = ask(asker)
    cast = ("clerk", "clerk2", "head", "other", "other_head", "leader", "leader2", "principal", "office", "supervisor",
            "auditor", "security", "sysadmin")  # fmt: skip
    assert {who for who in cast if rights.may_decide(people.actor_by_username(who, NOW), made)} == deciders
    for who in cast:
        if who not in deciders:
            with pytest.raises(NotAllowed), transaction.act():
                corrections.decide(people.actor_by_username(who, NOW), made, True, "", NOW)


def test_b_of_the_head_decides_for_the_head_but_never_their_own(office):
    own, others = ask("clerk2"), ask("clerk")
    with transaction.act():
        ab.record_absence(
            people.actor_by_username("head", NOW), office.users["head"], AbsenceKind.OFFICIAL,
            NOW, NOW + timedelta(hours=5), NOW, emergency=True,
        )  # fmt: skip
    acting = people.actor_by_username("clerk2", NOW + timedelta(minutes=1))
    assert "head" in {p.kind for p in acting.posts}
    assert not rights.may_decide(acting, own)
    with transaction.act():
        corrections.decide(acting, others, True, "", NOW + timedelta(minutes=1))
    entry = db.session.scalars(select(JournalEntry).where(JournalEntry.event == "attendance.correction_approved")).one()
    assert entry.for_user_id == office.users["head"]


def test_an_approved_correction_counts_beside_the_punches(app, bring_in, ids):
    bring_in(plain(("clerk", "王敏", "2026-11-17 12:01"), ("clerk", "王敏", "2026-11-17 13:25"),
                   ("clerk", "王敏", "2026-11-17 17:33")))  # fmt: skip
    with app.app_context():
        assert sheet.make(DAY, DAY).rows[0].days[DAY].am.state is State.MISSING_IN
        made = ask("clerk")
        assert sheet.make(DAY, DAY).rows[0].days[DAY].am.state is State.MISSING_IN, "a request counts nothing"
        before = db.session.scalar(select(func.count()).select_from(Punch))
        with transaction.act():
            corrections.decide(people.actor_by_username("head", NOW), made, True, "属实", NOW)
        row = sheet.make(DAY, DAY).rows[0]
        assert (row.days[DAY].am.state, row.days[DAY].am.corrected, row.totals.corrected) == (State.PRESENT, True, 1)
        assert db.session.scalar(select(func.count()).select_from(Punch)) == before
        with transaction.act():
            corrections.file(people.actor_by_username("office", NOW), made, NOW)
        with pytest.raises(Conflict), transaction.act():
            corrections.file(people.actor_by_username("office", NOW), made, NOW)


def test_a_correction_is_decided_once(office):
    made = ask("clerk")
    with transaction.act():
        corrections.decide(people.actor_by_username("head", NOW), made, False, "没有证明", NOW)
    assert made.state is CorrectionState.REFUSED
    for approve in (True, False):
        with pytest.raises(Conflict), transaction.act():
            corrections.decide(people.actor_by_username("leader", NOW), made, approve, "x", NOW)
    with pytest.raises(Conflict), transaction.act():
        corrections.withdraw(people.actor_by_username("clerk", NOW), made, NOW)
    again = ask("clerk")
    with transaction.act():
        corrections.withdraw(people.actor_by_username("clerk", NOW), again, NOW)
    assert again.state is CorrectionState.WITHDRAWN


def test_the_database_refuses_to_decide_ones_own(office):
    made = ask("clerk")
    for statement in (
        f"UPDATE attendance_correction SET state = 'approved', decided_by_id = user_id WHERE id = {made.id}",
        f"UPDATE attendance_correction SET state = 'approved' WHERE id = {made.id}",
        f"UPDATE attendance_correction SET reason = 'x' WHERE id = {made.id}",
        "DELETE FROM attendance_correction",
    ):
        with pytest.raises(DatabaseError), transaction.act():
            db.session.execute(text(statement))


@pytest.mark.parametrize(
    ("day", "slot", "at", "field"),
    [
        (DAY + timedelta(days=2), Slot.AM_IN, time(9), "day"),
        (NOW.astimezone(SHANGHAI).date(), Slot.PM_OUT, time(17, 30), "at"),
        (DAY - timedelta(days=2), Slot.AM_IN, time(9), "day"),  # a Sunday
        (DAY - timedelta(days=40), Slot.AM_IN, time(9), "day"),
    ],
)
def test_what_is_refused(office, day, slot, at, field):
    with pytest.raises(Invalid) as refused:
        ask("clerk", slot, at, day)
    assert refused.value.field == field


def test_the_same_punch_is_asked_for_once(office):
    ask("clerk")
    with pytest.raises(Invalid):
        ask("clerk")
    ask("clerk2")


def test_the_way_of_a_request_over_http(login):
    clerk, head, office = login("clerk"), login("head"), login("office")
    fields = {"day": "2026-11-17", "slot": "am_in", "at": "８：58", "reason": "指纹机没有反应"}
    bad = clerk.post("/attendance/corrections/new", data={**fields, "at": "25:00", "reason": ""})
    assert bad.status_code == 422
    png = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
    answer = clerk.post("/attendance/corrections/new", data={**fields, "files": (io.BytesIO(png), "证明.png")})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    where = answer.headers["Location"]
    page = clerk.get(where).get_data(as_text=True)
    assert "指纹机没有反应" in page
    assert "证明.png" in page
    assert "/decide" not in page
    assert "审批补卡：王敏" in head.get("/").get_data(as_text=True)
    assert head.post(f"{where}/decide", data={"decision": "refuse", "opinion": ""}).status_code == 422
    assert clerk.post(f"{where}/decide", data={"decision": "approve"}).status_code == 403
    assert head.post(f"{where}/decide", data={"decision": "approve", "opinion": "属实"}).status_code == 303
    assert head.post(f"{where}/decide", data={"decision": "approve"}).status_code == 409
    assert "待备案" in office.get("/").get_data(as_text=True)
    assert office.post(f"{where}/file").status_code == 303
    file = where + "/files/1"
    assert clerk.get(file).status_code == 200
    for who, status in (("head", 200), ("leader", 200), ("supervisor", 200), ("other", 404), ("other_head", 404),
                        ("leader2", 404), ("auditor", 403), ("sysadmin", 403)):  # fmt: skip
        assert login(who).get(where).status_code == status, who
        assert login(who).get(file).status_code == status, who
    assert login("clerk").get("/attendance/corrections?state=approved&department=999").status_code == 200
    assert "补卡" in login("clerk").get("/attendance/corrections/new?day=2026-11-17&slot=zzz").get_data(as_text=True)


def test_a_time_is_on_the_offices_wall(office):
    made = ask("clerk", at=time(8, 58))
    assert made.at == datetime(2026, 11, 17, 8, 58, tzinfo=SHANGHAI)
    assert clock.local(made.at).hour == 8
