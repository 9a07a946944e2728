"""AB-2, AB-3: absences planned and sudden, handover by who takes over, return."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.ab_post import queries, service
from portal.ab_post.models import Absence, AbsenceKind
from portal.ab_post.room import todos
from portal.ab_post.rules import Reason
from portal.kernel import clock, journal
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.post_duty import seams
from portal.post_duty.models import Post
from tests.office import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def todos_of(app, as_actor):
    """The to-dos of a person as (kind, light); their addresses need a request."""

    def read(username):
        actor = as_actor(username)
        with app.test_request_context():
            return [(t.kind, t.light) for t in todos(actor, NOW)]

    return read


@pytest.fixture
def away(office, act, as_actor):
    def do(person, from_at=NOW, to_at=NOW + DAY, emergency=False, by=None, **more):
        with act():
            return service.record_absence(
                as_actor(by or person),
                office.users[person],
                AbsenceKind.TRAINING,
                from_at,
                to_at,
                clock.now(),
                emergency=emergency,
                **more,
            )

    return do


def _post(office, code):
    return db.session.get(Post, office.posts[code])


def test_b_answers_at_once_and_the_missing_handover_is_said(office, away):
    away("clerk")
    found = queries.who_answers_for(office.posts["YW-1"], NOW)
    assert (found.user_id, found.reason) == (office.users["clerk2"], Reason.B_FOR_A)
    assert found.handover_missing


def test_b_confirms_the_handover(office, act, as_actor, away, todos_of):
    absence = away("clerk")
    assert todos_of("clerk2") == [("handover", "overdue")]
    with act():
        service.confirm_handover(as_actor("clerk2"), absence, _post(office, "YW-1"), NOW)
    assert not queries.who_answers_for(office.posts["YW-1"], NOW).handover_missing
    assert todos_of("clerk2") == []


def test_each_post_is_handed_over_by_itself(office, act, as_actor, away):
    absence = away("other_head")  # A of the head's post, B of the other
    assert [(f.id, p.code) for f, p in queries.open_handovers(office.users["other"], NOW)] == [(absence.id, "XH-H")]
    with pytest.raises(Conflict), act():
        service.confirm_handover(as_actor("other"), absence, _post(office, "XH-1"), NOW)


def test_only_who_takes_over_confirms(office, act, as_actor, away):
    absence = away("clerk")
    for who in ("head", "office", "principal", "clerk"):
        with pytest.raises(NotAllowed), act():
            service.confirm_handover(as_actor(who), absence, _post(office, "YW-1"), NOW)


def test_a_handover_is_confirmed_once(office, act, as_actor, away):
    absence = away("clerk", handed_over_by_id=office.users["clerk2"])
    with pytest.raises(Conflict), act():
        service.confirm_handover(as_actor("clerk2"), absence, _post(office, "YW-1"), NOW)


def test_where_b_is_away_too_the_head_confirms(office, act, as_actor, away):
    away("clerk2", by="office", emergency=True)
    absence = away("clerk", from_at=NOW + HOUR)
    with act():
        service.confirm_handover(as_actor("head"), absence, _post(office, "YW-1"), NOW)
    assert not queries.who_answers_for(office.posts["YW-1"], NOW + HOUR).handover_missing


def test_a_planned_absence_that_leaves_a_post_to_nobody_is_refused(office, away):
    away("other", from_at=NOW + DAY, to_at=NOW + 3 * DAY)
    with pytest.raises(Invalid) as refused:
        away("other_head", from_at=NOW + 2 * DAY, to_at=NOW + 5 * DAY)
    assert refused.value.rule == "AB-2"
    assert "学会服务岗" in str(refused.value.message)
    assert "学会科科长" in str(refused.value.message)
    assert db.session.scalar(select(func.count()).select_from(Absence)) == 1


def test_it_is_accepted_once_a_cover_is_named(office, act, as_actor, away):
    away("other", from_at=NOW + DAY, to_at=NOW + 3 * DAY)
    with act():
        for code in ("XH-1", "XH-H"):
            service.name_cover(
                as_actor("office"),
                _post(office, code),
                office.users["office"],
                NOW + 2 * DAY,
                NOW + 3 * DAY,
                "",
                NOW,
            )
    away("other_head", from_at=NOW + 2 * DAY, to_at=NOW + 5 * DAY)
    found = queries.who_answers_for(office.posts["XH-1"], NOW + 2 * DAY)
    assert (found.user_id, found.reason) == (office.users["office"], Reason.NAMED_COVER)


def test_a_cover_that_ends_too_early_is_not_enough(office, act, as_actor, away):
    away("other", from_at=NOW + DAY, to_at=NOW + 3 * DAY)
    with act():
        for code in ("XH-1", "XH-H"):
            service.name_cover(
                as_actor("office"),
                _post(office, code),
                office.users["office"],
                NOW + 2 * DAY,
                NOW + 3 * DAY - HOUR,
                "",
                NOW,
            )
    with pytest.raises(Invalid):
        away("other_head", from_at=NOW + 2 * DAY, to_at=NOW + 5 * DAY)


def test_the_last_cover_of_others_cannot_plan_to_leave_either(office, away):
    away("clerk")
    away("clerk2", by="office", emergency=True)
    with pytest.raises(Invalid, match="业务受理岗"):
        away("head", to_at=NOW + HOUR)


def test_an_emergency_is_recorded_even_so_and_shown_as_gap(office, away, todos_of):
    away("other")
    away("other_head", by="office", emergency=True)
    assert queries.who_answers_for(office.posts["XH-1"], NOW).reason is Reason.GAP
    rows = [(r.post_code, r.gap, r.cover) for r in queries.away_now(NOW)]
    assert rows == [("XH-1", True, ""), ("XH-H", True, "")]
    assert todos_of("office") == [("gap", "red")]


WRONG = (
    (NOW, NOW, False, "to_at"),
    (NOW + DAY, NOW, False, "to_at"),
    (NOW, NOW + timedelta(days=401), False, "to_at"),
    (NOW - 2 * HOUR, NOW + DAY, False, "from_at"),
    (NOW - 8 * DAY, NOW + DAY, True, "from_at"),
    (NOW + 2 * DAY, NOW + 3 * DAY, True, "from_at"),
)


def test_wrong_times_are_refused(office, away):
    for from_at, to_at, emergency, field in WRONG:
        with pytest.raises(Invalid) as refused:
            away("clerk", from_at=from_at, to_at=to_at, emergency=emergency)
        assert refused.value.field == field


def test_absences_of_a_person_do_not_overlap(office, away):
    away("clerk", to_at=NOW + 24 * HOUR)
    for start, end in ((0, 24), (23, 30), (-5, 1)):
        with pytest.raises(Invalid, match="重叠"):
            away("clerk", from_at=NOW + start * HOUR, to_at=NOW + end * HOUR, emergency=start < 0)
    away("clerk", from_at=NOW + 24 * HOUR, to_at=NOW + 30 * HOUR)


def test_return_gives_the_post_back_at_once(office, act, as_actor, away):
    absence = away("clerk")
    with act():
        service.end_absence(as_actor("clerk"), absence, NOW + 2 * HOUR)
    assert queries.who_answers_for(office.posts["YW-1"], NOW + HOUR).user_id == office.users["clerk2"]
    assert queries.who_answers_for(office.posts["YW-1"], NOW + 2 * HOUR).user_id == office.users["clerk"]
    with pytest.raises(Conflict), act():
        service.end_absence(as_actor("clerk"), absence, NOW + 3 * HOUR)


def test_a_cancelled_absence_never_was(office, act, as_actor, away):
    absence = away("clerk", from_at=NOW + DAY, to_at=NOW + 2 * DAY)
    with act():
        service.end_absence(as_actor("clerk"), absence, NOW)
    assert queries.who_answers_for(office.posts["YW-1"], NOW + DAY).user_id == office.users["clerk"]
    away("clerk", from_at=NOW + DAY, to_at=NOW + 2 * DAY)  # its time is free again


def test_every_verb_is_in_the_journal(office, act, as_actor, away):
    absence = away("clerk")
    with act():
        service.confirm_handover(as_actor("clerk2"), absence, _post(office, "YW-1"), NOW)
        service.end_absence(as_actor("clerk"), absence, NOW + HOUR)
    entries = journal.of_object("absence", absence.id)
    assert [e.event for e in entries] == ["ab_post.absence_recorded", "ab_post.handed_over", "ab_post.absence_ended"]
    assert (entries[1].post_id, entries[1].for_user_id) == (office.posts["YW-1"], office.users["clerk"])


def test_the_board_says_who_covers_when(office, act, as_actor, away):
    away("clerk", from_at=NOW + DAY, to_at=NOW + 4 * DAY)
    away("clerk2", from_at=NOW + 2 * DAY, to_at=NOW + 3 * DAY)
    planned = next(p for p in queries.board(NOW) if p.row.post_code == "YW-1")
    assert [(p.name, p.reason) for p in planned.parts] == [
        ("李强", Reason.B_FOR_A),
        ("赵刚", Reason.HEAD),
        ("李强", Reason.B_FOR_A),
    ]
    assert [p.to_at for p in planned.parts] == [NOW + 2 * DAY, NOW + 3 * DAY, NOW + 4 * DAY]


def test_who_holds_no_post_is_away_without_a_gap(office, away):
    away("supervisor")
    assert [(r.person, r.post, r.gap) for r in queries.away_now(NOW)] == [("郑浩", "", False)]


# --- pages -----------------------------------------------------------------------------------------------------

PLAN = {"kind": "training", "from_at": "2026-11-19T09:00", "to_at": "2026-11-20T17:30", "note": "两件在审"}


def test_a_person_reports_and_b_confirms_over_http(login, ids):
    made = login("clerk").post("/ab/absences/new", data=PLAN)
    assert made.status_code == 303
    page = made.headers["Location"]
    b = login("clerk2")
    assert "等您确认接手" in b.get("/ab/").text
    assert "两件在审" in b.get(page).text
    assert b.post(f"{page}/confirm-handover", data={"post": "YW-1"}).status_code == 303
    assert "等您确认接手" not in b.get("/ab/").text
    assert "李强" in login("clerk").get(page).text


def test_the_same_report_sent_twice_is_one_absence(login, app):
    client = login("clerk")
    for _n in range(3):
        assert client.post("/ab/absences/new", data={**PLAN, "_key": "absence-key-1"}).status_code == 303
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Absence)) == 1


def test_a_foreign_absence_looks_like_a_missing_one(login):
    page = login("clerk").post("/ab/absences/new", data=PLAN).headers["Location"]
    for who in ("other", "other_head", "leader2", "supervisor"):
        assert login(who).get(page).status_code == 404
        assert login(who).post(f"{page}/end").status_code == 404
        assert login(who).post(f"{page}/confirm-handover", data={"post": "YW-1"}).status_code == 404


def test_the_person_and_their_superiors_end_it(login):
    for who in ("clerk", "head", "leader", "principal", "office"):
        page = login("clerk").post("/ab/absences/new", data=PLAN).headers["Location"]
        assert login(who).post(f"{page}/end").status_code == 303
        assert "已取消" in login(who).get(page).text


def test_b_sees_it_but_cannot_end_it(login):
    page = login("clerk").post("/ab/absences/new", data=PLAN).headers["Location"]
    assert login("clerk2").get(page).status_code == 200
    assert login("clerk2").post(f"{page}/end").status_code == 403


RECORDS = (
    ("head", "clerk", True),
    ("head", "other", False),
    ("head", "leader", False),
    ("leader", "head", True),
    ("leader", "other_head", False),
    ("leader", "leader2", False),
    ("principal", "leader", True),
    ("office", "auditor", False),
    ("office", "principal", True),
)


def test_who_may_record_a_sudden_absence_for_whom(login, ids):
    for who, person, good in RECORDS:
        sent = {**PLAN, "from_at": "2026-11-18T11:00", "to_at": "2026-11-18T17:30", "user_id": ids.users[person]}
        answer = login(who).post("/ab/absences/record", data=sent)
        assert answer.status_code == (303 if good else 422), (who, person)
        if good:
            assert "临时" in login(who).get(answer.headers["Location"]).text


def test_staff_record_nobody_else(login):
    assert login("clerk").get("/ab/absences/record").status_code == 403


REFUSED = (
    {"kind": "holiday"},
    {"from_at": ""},
    {"from_at": "tomorrow"},
    {"from_at": "0001-01-01T00:00"},
    {"to_at": "9999-12-31T23:59"},
    {"note": "字" * 1001},
    {"note": "a\x00b"},
    {"to_at": "2026-11-18T09:00"},
)


def test_bad_input_is_said_at_the_field_and_kept(login, app):
    for change in REFUSED:
        answer = login("clerk").post("/ab/absences/new", data={**PLAN, **change})
        assert answer.status_code == 422, change
        assert "aria-invalid" in answer.text or 'class="f bad"' in answer.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Absence)) == 0


def test_the_refusal_of_ab_2_stands_at_the_field(login):
    login("other").post("/ab/absences/new", data=PLAN)
    answer = login("other_head").post("/ab/absences/new", data=PLAN)
    assert answer.status_code == 422
    assert "将无人顶岗" in answer.text


def test_open_matters_of_other_rooms_stand_in_the_handover(login, monkeypatch):
    monkeypatch.setattr(
        seams, "_open_matters", [lambda post_id: [seams.Thing(f"SX-2026-0001 岗位{post_id}", "剩 2 天", "/x")]]
    )
    page = login("clerk").post("/ab/absences/new", data=PLAN).headers["Location"]
    assert "SX-2026-0001" in login("clerk2").get(page).text
