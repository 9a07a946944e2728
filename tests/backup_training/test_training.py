"""Plan, record, confirm: who may, what is refused, pages (AB-7)."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy.exc import DBAPIError

from portal.backup_training import queries, room, service
from portal.backup_training.models import Outcome, TrainingPlan
from portal.backup_training.rules import State
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.post_duty.models import Post
from tests.office import NOW, later

DAY = date(2026, 11, 18)


def planned(as_actor, ids, act, who="head", code="YW-1", trainee="clerk2", by=DAY + timedelta(days=10)):
    with act():
        return service.plan(
            as_actor(who), db.session.get_one(Post, ids.posts[code]), ids.users[trainee], "受理流程", "王敏", by, NOW
        )


def held(as_actor, ids, act, plan=None, who="clerk", attendees=("clerk2",), on=DAY, code="YW-1"):
    post = db.session.get_one(Post, ids.posts[code])
    people = [ids.users[u] for u in attendees]
    with act():
        return service.record(as_actor(who), post, on, 90, "受理流程", "王敏", people, Outcome.ABLE, NOW, plan)


@pytest.mark.parametrize(
    ("who", "code", "allowed"),
    [
        ("head", "YW-1", True), ("head", "XH-1", False), ("clerk", "YW-1", False), ("leader", "YW-1", True),
        ("leader2", "YW-1", False), ("principal", "XH-1", True), ("office", "XH-1", True),
        ("supervisor", "YW-1", False),
    ],
)  # fmt: skip
def test_who_plans(office, as_actor, act, who, code, allowed):
    trainee = "clerk2" if code == "YW-1" else "other_head"
    if allowed:
        assert planned(as_actor, office, act, who, code, trainee).id
    else:
        with pytest.raises(NotAllowed):
            planned(as_actor, office, act, who, code, trainee)


@pytest.mark.parametrize(
    ("trainee", "days", "field"),
    [("clerk", 10, "trainee"), ("auditor", 10, "trainee"), ("clerk2", -1, "planned_by"), ("clerk2", 900, "planned_by")],
)
def test_plans_that_are_refused(office, as_actor, act, trainee, days, field):
    with pytest.raises(Invalid) as refusal:
        planned(as_actor, office, act, trainee=trainee, by=DAY + timedelta(days=days))
    assert refusal.value.field == field


def test_done_only_after_a_session_and_by_the_head(office, as_actor, act):
    plan = planned(as_actor, office, act)
    with pytest.raises(Conflict), act():
        service.confirm(as_actor("head"), plan, NOW)
    assert held(as_actor, office, act, plan).minutes == 90
    assert queries.state_of(plan, DAY) is State.HELD
    for who in ("clerk2", "clerk", "other_head", "supervisor"):
        with pytest.raises(NotAllowed), act():
            service.confirm(as_actor(who), plan, NOW)
    with act():
        service.confirm(as_actor("head"), plan, NOW)
    assert queries.state_of(plan, DAY) is State.DONE
    for verb in (service.confirm, lambda a, p, n: service.cancel(a, p, "不需要", n)):
        with pytest.raises(Conflict), act():
            verb(as_actor("head"), plan, NOW)
    with pytest.raises(Conflict):
        held(as_actor, office, act, plan)


def test_nobody_confirms_their_own_training(office, as_actor, act):
    plan = planned(as_actor, office, act, who="leader", trainee="head")
    held(as_actor, office, act, plan, attendees=("head",))
    with pytest.raises(NotAllowed), act():
        service.confirm(as_actor("head"), plan, NOW)
    plan.confirmed_at, plan.confirmed_by_id = NOW, office.users["head"]
    with pytest.raises(DBAPIError):
        db.session.flush()
    db.session.rollback()


def test_the_database_confirms_nothing_without_a_session(office, as_actor, act):
    plan = planned(as_actor, office, act)
    plan.confirmed_at, plan.confirmed_by_id = NOW, office.users["head"]
    with pytest.raises(DBAPIError):
        db.session.flush()
    db.session.rollback()


@pytest.mark.parametrize(
    ("kw", "error"),
    [
        ({"on": DAY + timedelta(days=1)}, Invalid), ({"on": DAY - timedelta(days=500)}, Invalid),
        ({"attendees": ()}, Invalid), ({"attendees": ("head",)}, Invalid), ({"code": "YW-2"}, Invalid),
        ({"who": "other"}, NotAllowed),
    ],
)  # fmt: skip
def test_sessions_that_are_refused(office, as_actor, act, kw, error):
    plan = planned(as_actor, office, act)
    with pytest.raises(error):
        held(as_actor, office, act, plan, **kw)


def test_the_year_of_a_department(office, as_actor, act):
    held(as_actor, office, act, planned(as_actor, office, act))
    held(as_actor, office, act)
    held(as_actor, office, act, on=date(2025, 11, 28), who="clerk")
    planned(as_actor, office, act, by=DAY)
    with clock.at(later(days=2)):
        rows = dict(queries.overview(as_actor("office"), 2026))
    year = rows[office.departments["YW"]]
    assert (year.posts, year.sessions, year.minutes, year.plans, year.done, year.overdue, year.reached) == (
        3, 2, 180, 2, 0, 1, 1,
    )  # fmt: skip
    assert list(dict(queries.overview(as_actor("clerk"), 2026))) == [office.departments["YW"]]


def test_to_dos_of_the_trained_and_the_head(app, office, as_actor, act):
    plan = planned(as_actor, office, act)
    with app.test_request_context("/"):
        assert room.todos(as_actor("clerk2"), NOW) == []
        late = later(days=20)
        for who in ("clerk2", "head", "leader"):
            assert [t.kind for t in room.todos(as_actor(who), late)] == ["backup_training.overdue"], who
        assert room.todos(as_actor("clerk"), late) == []
        held(as_actor, office, act, plan)
        assert [t.kind for t in room.todos(as_actor("head"), late)] == ["backup_training.confirm"]
        assert room.todos(as_actor("clerk2"), late) == []


# --- pages ------------------------------------------------------------------------------------------------------

PLAN = {"topic": "受理流程", "trainer": "王敏", "planned_by": "2026-12-10"}
SESSION = {"held_on": "2026-11-17", "minutes": "９０", "trainer": "王敏", "content": "流程", "outcome": "able"}


def test_from_plan_to_done_over_http(app, login, ids):
    head = login("head")
    made = head.post("/training/plans/new", data={**PLAN, "post": ids.posts["YW-1"]})
    assert made.location == "/training/plans/1"
    with app.app_context():
        assert db.session.get_one(TrainingPlan, 1).trainee_id == ids.users["clerk2"], "B of the post"
    clerk = login("clerk")
    page = clerk.get("/training/sessions/new?plan=1")
    assert page.status_code == 200
    sent = {**SESSION, "post": ids.posts["YW-1"], "attendees": [ids.users["clerk2"]]}
    assert clerk.post("/training/sessions/new?plan=1", data=sent).location == "/training/plans/1"
    assert clerk.post("/training/plans/1/confirm").status_code == 403
    assert head.post("/training/plans/1/confirm").status_code == 303
    assert head.post("/training/plans/1/confirm").status_code == 409
    assert "已完成" in head.get("/training/").get_data(as_text=True)
    overview = head.get("/training/overview?year=2026").get_data(as_text=True)
    assert "能够独立顶岗" in overview
    book = load_workbook(io.BytesIO(head.get("/training/export.xlsx?year=2026").data))
    assert [sheet.max_row for sheet in book.worksheets] == [2, 2]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"post": ""}, "请选择岗位"), ({"topic": ""}, "请填写培训内容"), ({"planned_by": "2026-02-30"}, "请填写日期"),
        ({"planned_by": "2026-11-01"}, "完成日期应从今天起"),
    ],
)  # fmt: skip
def test_a_bad_plan_is_told_at_its_field(login, ids, change, said):
    answer = login("head").post("/training/plans/new", data={**PLAN, "post": ids.posts["YW-1"], **change})
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)


def test_a_post_of_another_department_is_no_choice(login, ids):
    answer = login("head").post("/training/plans/new", data={**PLAN, "post": ids.posts["XH-1"]})
    assert answer.status_code == 422


@pytest.mark.parametrize("minutes", ["0", "5", "961", "一小时"])
def test_a_bad_length_is_told_at_its_field(login, ids, minutes):
    sent = {**SESSION, "minutes": minutes, "post": ids.posts["YW-1"], "attendees": [ids.users["clerk2"]]}
    answer = login("clerk").post("/training/sessions/new", data=sent)
    assert answer.status_code == 422
    assert 'id="minutes-error"' in answer.get_data(as_text=True)


def test_a_foreign_plan_looks_like_a_missing_one(login, ids):
    login("head").post("/training/plans/new", data={**PLAN, "post": ids.posts["YW-1"]})
    assert login("other").get("/training/plans/1").status_code == 404
    assert login("other").get("/training/sessions/new?plan=1").status_code == 404
    assert login("clerk").get("/training/plans/99").status_code == 404
    assert login("sysadmin").get("/training/").status_code == 403
    assert login("clerk").get("/training/sessions/new?plan=x").status_code == 404
    assert login("head").post("/training/plans/1/cancel", data={"reason": ""}).status_code == 422
    assert login("head").post("/training/plans/1/cancel", data={"reason": "岗位合并"}).status_code == 303
    assert login("clerk").get("/training/sessions/new?plan=1").status_code == 409
