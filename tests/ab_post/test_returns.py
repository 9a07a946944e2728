"""AB-2, AB-4: the handover as it was, half days, and the report on return."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from portal.ab_post import returns, service
from portal.ab_post.models import Absence, AbsenceKind, Handover
from portal.ab_post.room import todos
from portal.cases import handling
from portal.cases import service as cases
from portal.kernel import clock, journal
from portal.kernel.db import db
from portal.kernel.errors import Conflict, NotAllowed
from portal.post_duty.models import Post
from portal.service_commitment import queries as catalogue
from tests.office import NOW, SHANGHAI

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def case(office, act, as_actor):
    """An open case of the clerk's post."""
    with act():
        made = cases.open_case(
            as_actor("clerk"),
            NOW,
            matter="科普教育基地认定",
            client=cases.Client("", "周小明", "13800001234"),
            item=catalogue.by_id(office.items["SX-001"]),
            received=(1, 2, 3),
        )
    with act():
        cases.accept(as_actor("clerk"), made, NOW)
    return made


@pytest.fixture
def absence(office, act, as_actor):
    with act():
        return service.record_absence(
            as_actor("clerk"), office.users["clerk"], AbsenceKind.TRAINING, NOW, NOW + DAY, NOW, note="问清再办"
        )


def _post(office, code="YW-1"):
    return db.session.get(Post, office.posts[code])


def _todos(app, actor, now):
    with app.test_request_context():
        return [t.kind for t in todos(actor, now)]


def test_a_handover_keeps_its_matters_and_note_as_they_were(app, office, act, as_actor, case, absence):
    with act():
        service.confirm_handover(as_actor("clerk2"), absence, _post(office), NOW)
    with act():
        service.write_note(as_actor("clerk"), absence, "又想起一件", NOW + HOUR)
    kept = db.session.get(Handover, (absence.id, office.posts["YW-1"]))
    matters = json.loads(kept.matters)
    assert [m["url"] for m in matters] == [f"/cases/{case.number}"]
    assert case.number in matters[0]["detail"]
    assert kept.note == "问清再办"
    assert absence.note == "又想起一件"


@pytest.mark.parametrize(
    "change", ["UPDATE handover SET matters = '[]'", "UPDATE handover SET by_id = 1", "DELETE FROM handover"]
)
def test_the_database_keeps_a_handover_too(office, act, as_actor, absence, change):
    with act():
        service.confirm_handover(as_actor("clerk2"), absence, _post(office), NOW)
    with pytest.raises(DatabaseError), act():
        db.session.execute(text(change))


def test_the_database_lets_nobody_take_over_from_themselves(office, act, absence):
    made = Handover(absence_id=absence.id, post_id=office.posts["YW-1"], by_id=office.users["clerk"], at=NOW)
    with pytest.raises(DatabaseError), act():
        db.session.add(made)


def test_a_note_is_the_absent_persons_while_it_lasts(office, act, as_actor, absence):
    for who in ("clerk2", "head", "office"):
        with pytest.raises(NotAllowed), act():
            service.write_note(as_actor(who), absence, "x", NOW)
    with pytest.raises(Conflict), act():
        service.write_note(as_actor("clerk"), absence, "x", NOW + DAY)


def test_the_report_tells_who_did_what_and_what_comes_back(app, office, act, as_actor, case, absence):
    during = NOW + 2 * HOUR
    with clock.at(during), act():
        handling.note_step(as_actor("clerk2", during), case, "已电话核实", during)
    assert returns.unread(office.users["clerk"], during) == []
    back = NOW + 3 * HOUR
    with clock.at(back), act():
        service.end_absence(as_actor("clerk", back), absence, back)
    with clock.at(back + HOUR):
        actor = as_actor("clerk", back + HOUR)
        assert _todos(app, actor, back + HOUR) == ["return"]
        with app.test_request_context():
            report = returns.make(absence)
        assert report.count == 1
        mine = report.posts[0]
        assert mine.post.code == "YW-1"
        assert [(line.who, line.for_whom) for line in mine.done] == [("李强", "王敏")]
        assert [m.url for m in mine.matters] == [f"/cases/{case.number}"]
        assert [p.name for p in mine.parts] == ["李强"]
        with act():
            service.acknowledge(actor, absence, back + HOUR)
        assert _todos(app, actor, back + HOUR) == []
    last = journal.of_object("absence", absence.id)[-1]
    assert (last.event, last.fact()["entries"]) == ("ab_post.report_read", 1)


def test_only_the_person_acknowledges_and_only_afterwards(office, act, as_actor, absence):
    for who in ("clerk2", "head", "office"):
        with pytest.raises(NotAllowed), act():
            service.acknowledge(as_actor(who), absence, NOW + 2 * DAY)
    with pytest.raises(Conflict), act():
        service.acknowledge(as_actor("clerk"), absence, NOW + HOUR)


def test_a_cancelled_absence_has_no_report(office, act, as_actor):
    with act():
        made = service.record_absence(
            as_actor("clerk"), office.users["clerk"], AbsenceKind.ANNUAL, NOW + DAY, NOW + 2 * DAY, NOW
        )
        service.end_absence(as_actor("clerk"), made, NOW)
    assert returns.unread(office.users["clerk"], NOW + 3 * DAY) == []
    with pytest.raises(Conflict), act():
        service.acknowledge(as_actor("clerk"), made, NOW + 3 * DAY)


def test_who_holds_no_post_as_a_has_nothing_to_read(office, act, as_actor):
    with act():
        service.record_absence(
            as_actor("supervisor"), office.users["supervisor"], AbsenceKind.ANNUAL, NOW, NOW + DAY, NOW
        )
    assert returns.unread(office.users["supervisor"], NOW + 2 * DAY) == []


# --- pages ----------------------------------------------------------------------------------------------------

HALVES = {
    "kind": "annual",
    "from_on": "2026-11-19",
    "from_half": "pm",
    "to_on": "2026-11-20",
    "to_half": "am",
    "note": "",
}


def _moment(day, hour):
    return datetime.fromisoformat(f"2026-11-{day} {hour}").replace(tzinfo=SHANGHAI)


def test_half_days_by_the_office_hours(app, login):
    assert login("clerk").post("/ab/absences/new", data=HALVES).status_code == 303
    with app.app_context():
        made = db.session.query(Absence).one()
        assert (made.from_at, made.to_at) == (_moment(19, "13:30"), _moment(20, "12:00"))
    assert "合 1 个工作日" in login("clerk").get("/ab/absences/1").text


def test_a_half_day_that_is_running_begins_now(app, login):
    sent = {**HALVES, "from_on": "2026-11-18", "from_half": "am", "to_on": "2026-11-18", "to_half": "pm"}
    with clock.at(NOW + HOUR + timedelta(minutes=20)):  # 11:20
        assert login("clerk").post("/ab/absences/new", data=sent).status_code == 303
    with app.app_context():
        assert db.session.query(Absence).one().from_at == NOW + HOUR + timedelta(minutes=20)


def test_a_sudden_absence_began_with_the_half_day(app, login, ids):
    sent = {**HALVES, "kind": "sick", "from_on": "2026-11-18", "from_half": "am", "user_id": ids.users["clerk"]}
    assert login("head").post("/ab/absences/record", data=sent).status_code == 303
    with app.app_context():
        assert db.session.query(Absence).one().from_at == _moment(18, "09:00")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"from_on": ""}, "请填写离岗日期"),
        ({"to_on": "2026-11-31"}, "请填写日期"),
        ({"from_half": "night"}, ""),
        ({"to_on": "2026-11-18"}, "结束时间应晚于开始时间"),
        ({"from_on": "2026-11-16"}, "计划离岗应当事先登记"),
        ({"from_at": "2026-11-19T09:00"}, "请填写返岗时间"),
    ],
)
def test_wrong_half_days_are_told(login, change, words):
    answer = login("clerk").post("/ab/absences/new", data={**HALVES, **change})
    assert answer.status_code == 422
    assert words in answer.text


def test_the_report_on_paper_and_who_reads_it(app, login, ids):
    client = login("clerk")
    sent = {**HALVES, "from_on": "2026-11-18", "from_half": "am", "to_on": "2026-11-18"}
    assert client.post("/ab/absences/new", data=sent).status_code == 303
    assert client.get("/ab/absences/1/report").status_code == 404  # not over
    with clock.at(NOW + DAY):
        assert "您离岗期间的办理情况" in login("clerk").get("/").text
        for who, status in (("clerk", 200), ("head", 200), ("office", 200), ("clerk2", 404), ("other_head", 404)):
            assert login(who).get("/ab/absences/1/report").status_code == status, who
        assert login("head").post("/ab/absences/1/acknowledge").status_code == 403
        assert login("clerk").post("/ab/absences/1/acknowledge").status_code == 303
        assert "您离岗期间的办理情况" not in login("clerk").get("/").text
        assert "已阅" in login("clerk").get("/ab/absences/1/report").text


def test_a_note_by_form(login):
    client = login("clerk")
    client.post("/ab/absences/new", data=HALVES)
    assert client.post("/ab/absences/1/note", data={"note": ""}).status_code == 422
    assert client.post("/ab/absences/1/note", data={"note": "钥匙在抽屉"}).status_code == 303
    assert "钥匙在抽屉" in login("clerk2").get("/ab/absences/1").text
    assert login("other").post("/ab/absences/1/note", data={"note": "x"}).status_code == 404
