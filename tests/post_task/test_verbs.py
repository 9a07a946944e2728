"""P-4, T-5, T-6, T-8: handing out, taking up, doing, confirming; more time; the passing of time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.ab_post import service as ab
from portal.ab_post.models import AbsenceKind, Letter
from portal.calendar import service as calendar
from portal.kernel import clock, journal, plates, transaction
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import queries as people
from portal.post_duty import seams
from portal.post_duty import service as posts
from portal.post_duty.models import Post
from portal.post_task import passing, queries, rights, rules, service
from portal.post_task.models import Extension, Source, Task, TaskState
from portal.post_task.service import Content
from portal.pure.deadlines import USUAL_THRESHOLDS, Light
from portal.pure.states import IllegalMove
from portal.pure.workdays import WorkCalendar
from tests.office import NOW, SHANGHAI

WHAT = Content("起草全民科学素质工作总结", "五月底前汇总各部门数据，形成初稿。", time_limit="5wd")


def there(day: int, hour: int = 17, minute: int = 30) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


def actor(name, at=NOW):
    return people.actor_by_username(name, at)


def post(office, code="YW-1"):
    return db.session.get(Post, office.posts[code])


@pytest.fixture
def task(office):
    with transaction.act():
        return service.assign(actor("leader"), post(office), WHAT, NOW)


def do(verb, who, task, *args, at=NOW):
    with clock.at(at), transaction.act():
        return verb(actor(who, at), task, *args, at)


def taken_up(task, at=NOW):
    do(service.acknowledge, "clerk", task, at=at)
    return task


def kinds(task):
    return [e.event.partition(".")[2] for e in journal.of_object("post_task", task.id)]


def test_from_hand_to_hand(task):
    assert (task.number, task.state, task.due_at) == ("JB-2026-0001", TaskState.ASSIGNED, there(25))
    taken_up(task)
    do(service.progress, "clerk", task, "已收到三个部门的数据")
    do(service.report, "clerk", task, "初稿完成", "")
    assert task.state is TaskState.REPORTED
    do(service.send_back, "leader", task, "缺少经费数据")
    assert (task.state, task.reported_at, task.result) == (TaskState.IN_PROGRESS, None, "")
    do(service.report, "clerk", task, "已补充", "", at=there(24, 10))
    do(service.confirm, "leader", task, "好", at=there(24, 11))
    assert (task.state, task.closed_at) == (TaskState.CONFIRMED, there(24, 11))
    assert not queries.late(task, there(30))
    assert kinds(task) == [
        "assigned", "acknowledged", "progressed", "reported", "sent_back", "reported", "confirmed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "code", "by"),
    [
        ("principal", "YW-1", "LD-0"),
        ("principal", "LD-1", "LD-0"),
        ("leader", "YW-1", "LD-1"),
        ("leader", "YW-H", "LD-1"),
        ("leader", "XH-1", None),
        ("leader", "LD-2", None),
        ("leader2", "XH-1", "LD-2"),
        ("head", "YW-1", "YW-H"),
        ("head", "XH-1", None),
        ("head", "YW-H", None),
        ("clerk", "YW-2", None),
        ("office", "YW-1", ""),
        ("office", "LD-0", ""),
        ("office", "BG-1", None),
        ("supervisor", "YW-1", None),
        ("auditor", "YW-1", None),
    ],
)
def test_who_hands_to_which_post(office, who, code, by):
    allowed, by_post = rights.by_post(actor(who), post(office, code))
    assert allowed is (by is not None)
    if by is not None:
        assert by_post == office.posts.get(by)
    if not allowed:
        with pytest.raises(Invalid) as refused, transaction.act():
            service.assign(actor(who), post(office, code), WHAT, NOW)
        assert refused.value.field == "post_id"


@pytest.mark.parametrize(
    ("time_limit", "due_on", "due"),
    [
        ("5wd", None, there(25)),
        ("4wh", None, there(18, 15, 30)),
        ("", date(2026, 11, 20), there(20)),
        ("", date(2026, 11, 18), there(18)),
        ("", date(2026, 11, 22), there(23)),  # a Sunday
        ("15d", None, datetime(2026, 12, 3, 17, 30, tzinfo=SHANGHAI).astimezone(UTC)),
    ],
)
def test_the_given_date(office, time_limit, due_on, due):
    with transaction.act():
        made = service.assign(
            actor("leader"), post(office), Content("事", "做", time_limit=time_limit, due_on=due_on), NOW
        )
    assert made.due_at == due
    assert made.soon_at < made.due_at < made.red_at


@pytest.mark.parametrize(
    ("what", "field"),
    [
        (Content("事", "做"), "time_limit"),
        (Content("事", "做", time_limit="5wd", due_on=date(2026, 11, 30)), "time_limit"),
        (Content("事", "做", time_limit="尽快"), "time_limit"),
        (Content("事", "做", due_on=date(2026, 11, 17)), "due_on"),
        (Content("事", "做", due_on=date(2036, 11, 17)), "due_on"),
        (Content("事", "做", Source.UPPER, "", "文〔2026〕1 号", "5wd"), "authority"),
        (Content("事", "做", Source.UPPER, "市委办", "", "5wd"), "document_number"),
    ],
)
def test_what_cannot_be_handed_out(office, what, field):
    with pytest.raises(Invalid) as refused, transaction.act():
        service.assign(actor("office"), post(office), what, NOW)
    assert refused.value.field == field
    assert db.session.scalars(db.select(Task)).first() is None


def test_today_given_after_closing_is_the_next_working_day(office):
    at = there(18, 18)
    with clock.at(at), transaction.act():
        made = service.assign(actor("leader", at), post(office), Content("事", "做", due_on=date(2026, 11, 18)), at)
    assert made.due_at == there(19)


@pytest.mark.parametrize("who", ["clerk2", "head", "leader", "principal", "office", "other"])
def test_only_who_answers_for_the_post_handles(task, who):
    with pytest.raises(NotAllowed):
        do(service.acknowledge, who, task)


@pytest.mark.parametrize("who", ["clerk", "clerk2", "head", "principal", "office", "leader2"])
def test_only_the_assigner_confirms_and_withdraws(task, who):
    taken_up(task)
    do(service.report, "clerk", task, "完成", "")
    for verb in (service.confirm, service.send_back, service.withdraw):
        with pytest.raises(NotAllowed):
            do(verb, who, task, "说明")


def test_moves_are_those_of_the_table(task):
    with pytest.raises(IllegalMove):
        do(service.report, "clerk", task, "完成", "")
    with pytest.raises(IllegalMove):
        do(service.confirm, "leader", task, "")
    for state in (TaskState.CONFIRMED, TaskState.WITHDRAWN):
        assert rules.MOVES.verbs(state) == ()


def test_b_acts_for_a_and_the_entry_says_so(office, task):
    with transaction.act():
        ab.record_absence(actor("clerk"), office.users["clerk"], AbsenceKind.SICK, NOW, there(19), NOW, emergency=True)
    do(service.acknowledge, "clerk2", task)
    entry = journal.of_object("post_task", task.id)[-1]
    assert (entry.actor_id, entry.for_user_id) == (office.users["clerk2"], office.users["clerk"])
    assert [t.number for t in queries.to_handle(actor("clerk2"))] == [task.number]
    assert queries.to_handle(actor("clerk")) == []


def test_a_new_holder_takes_the_task_over(office, task):
    day = date(2026, 11, 18)
    with transaction.act():
        ab.assign(actor("office"), post(office), Letter.A, office.users["head"], day, day, NOW)
    do(service.acknowledge, "head", task)
    with pytest.raises(NotAllowed):
        do(service.progress, "clerk", task, "…")


def test_the_cover_of_the_leader_confirms_but_never_who_reported(office, task):
    taken_up(task)
    do(service.report, "clerk", task, "完成", "")
    with transaction.act():
        ab.record_absence(
            actor("leader"), office.users["leader"], AbsenceKind.MEETING, NOW, there(19), NOW, emergency=True
        )
    do(service.confirm, "leader2", task, "")
    assert task.confirmed_by_id == office.users["leader2"]


# --- overdue ----------------------------------------------------------------------------------------------------


def test_overdue_ends_only_with_a_statement(task):
    taken_up(task)
    late = there(26, 10)
    assert queries.light(task, late) is Light.OVERDUE
    with pytest.raises(Invalid) as refused:
        do(service.report, "clerk", task, "完成", "", at=late)
    assert (refused.value.field, refused.value.rule) == ("statement", "T-8")
    do(service.report, "clerk", task, "完成", "数据迟到", at=late)
    do(service.confirm, "leader", task, "", at=late)
    assert queries.late(task, late)
    assert task.overdue_statement == "数据迟到"


def test_waiting_for_the_assigner_is_not_late(task):
    taken_up(task)
    do(service.report, "clerk", task, "完成", "", at=there(25, 17))
    assert queries.light(task, there(30)) is not Light.OVERDUE
    assert not queries.late(task, there(30))
    do(service.send_back, "leader", task, "不全", at=there(30))
    assert queries.light(task, there(30, 17, 31)) is Light.RED


def test_each_threshold_is_recorded_once(task):
    taken_up(task)
    for at, n in ((there(25), 1), (there(26), 2), (there(30), 3), (there(30, 18), 3)):
        with clock.at(at), transaction.act():
            passing.sweep(at)
        assert kinds(task).count("warned") == n


def test_the_head_hears_of_overdue_the_leader_of_red(app, office, task):
    def seen(who, at):
        with app.test_request_context(), clock.at(at):
            return [t.kind for t in plates.todos(actor(who, at), at) if t.kind == "post_task.late"]

    overdue, red = there(26, 10), there(30, 10)
    assert not seen("head", there(25))
    assert seen("head", overdue)
    assert not seen("leader", overdue)
    assert seen("leader", red)
    assert not seen("leader2", red)
    assert not seen("other_head", red)


def test_a_changed_calendar_moves_the_date_but_not_of_closed_ones(office, task):
    with transaction.act():
        done = service.assign(actor("leader"), post(office), WHAT, NOW)
    do(service.withdraw, "leader", done, "重复")
    with transaction.act():
        calendar.set_day(actor("office"), date(2026, 11, 20), False, "停电", NOW)
    assert task.due_at == there(26)
    assert done.due_at == there(25)
    assert kinds(task)[-1] == "recomputed"


# --- more time ---------------------------------------------------------------------------------------------------


def asked(task, day=30, at=NOW):
    return do(service.ask_extension, "clerk", task, date(2026, 11, day), "等待统计局数据", at=at)


def test_more_time_is_granted_by_the_assigner_only_and_once(office, task):
    taken_up(task)
    asked(task)
    with pytest.raises(Conflict):
        asked(task)
    for who in ("clerk", "clerk2", "head", "principal", "office"):
        with pytest.raises(NotAllowed):
            do(service.decide_extension, who, task, True, None, "")
    do(service.decide_extension, "leader", task, True, None, "抓紧")
    assert (task.due_at, task.time_limit) == (there(30), "")
    with pytest.raises(Conflict) as refused:
        asked(task, 30)
    assert refused.value.rule == "T-5"
    entry = journal.of_object("post_task", task.id)[-1].fact()
    assert entry["old_due"] < entry["due"]


def test_the_assigner_may_grant_another_day(task):
    taken_up(task)
    asked(task)
    do(service.decide_extension, "leader", task, True, date(2026, 11, 27), "")
    assert task.due_at == there(27)


def test_a_refusal_needs_a_reason_and_changes_no_date(task):
    taken_up(task)
    asked(task)
    with pytest.raises(Invalid):
        do(service.decide_extension, "leader", task, False, None, "")
    do(service.decide_extension, "leader", task, False, None, "按期完成")
    assert task.due_at == there(25)
    assert queries.waiting_extension(task) is None
    asked(task)  # a refused one was not granted: another may be asked for


def test_after_expiry_nothing_is_asked(task):
    taken_up(task)
    asked(task, at=there(25))  # at the very instant it has not expired
    do(service.decide_extension, "leader", task, False, None, "不行", at=there(26, 9))
    with pytest.raises(Conflict) as refused:
        asked(task, at=there(26, 9))
    assert "超期" in refused.value.message


@pytest.mark.parametrize("day", [17, 24, 25])
def test_a_day_that_brings_no_time_is_refused(task, day):
    taken_up(task)
    with pytest.raises(Invalid) as refused:
        asked(task, day)
    assert refused.value.field == "due_on"


# --- the neighbours ------------------------------------------------------------------------------------------------


def test_open_tasks_are_in_the_handover_and_keep_the_post(app, office, task):
    with app.test_request_context():
        assert [t.url for t in seams.open_matters(office.posts["YW-1"])] == [f"/tasks/{task.number}"]
        with pytest.raises(Conflict), transaction.act():
            posts.close(actor("office"), post(office), NOW)
    do(service.withdraw, "leader", task, "不再需要")
    with app.test_request_context():
        assert seams.open_matters(office.posts["YW-1"]) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE post_task SET state='confirmed', closed_at=reported_at, confirmed_by_id=reported_by_id",
        "UPDATE post_task SET state='confirmed'",
        "DELETE FROM post_task",
    ],
)
def test_the_database_refuses_as_well(task, statement):
    taken_up(task)
    do(service.report, "clerk", task, "完成", "")
    with pytest.raises(DBAPIError), transaction.act():
        db.session.execute(text(statement))


def test_a_closed_task_and_a_decided_extension_stay(task):
    taken_up(task)
    asked(task)
    with pytest.raises(DBAPIError), transaction.act():
        db.session.execute(text("UPDATE post_task_extension SET decided_by_id = asked_by_id"))
    do(service.decide_extension, "leader", task, False, None, "不行")
    do(service.withdraw, "leader", task, "不再需要")
    for statement in ("UPDATE post_task SET title='x'", "UPDATE post_task_extension SET answer='x'"):
        with pytest.raises(DBAPIError), transaction.act():
            db.session.execute(text(statement))
    assert db.session.scalars(db.select(Extension)).one().answer == "不行"


# --- properties -----------------------------------------------------------------------------------------------------

ZONE = ZoneInfo("Asia/Shanghai")


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.datetimes(datetime(2026, 1, 5), datetime(2026, 12, 1)),
    st.one_of(
        st.integers(1, 40).map(lambda n: (f"{n}wd", None)),
        st.integers(1, 80).map(lambda n: (f"{n}wh", None)),
        st.integers(0, 300).map(lambda n: ("", n)),
    ),
)
def test_the_light_only_ever_grows_worse(at, given_date):
    at = at.replace(tzinfo=ZONE)
    limit, days = given_date
    due_on = None if days is None else at.date() + timedelta(days=days)
    found = rules.clock_of(at, limit, due_on, WorkCalendar({}, frozenset({2026, 2027})), USUAL_THRESHOLDS)
    assert found.soon_at <= found.due_at < found.red_at
    order = [Light.NORMAL, Light.DUE_SOON, Light.OVERDUE, Light.RED]
    moments = sorted({found.soon_at, found.due_at, found.red_at, at, found.red_at + timedelta(days=1)})
    lights = [order.index(rules.light_of(m, found.due_at, found.soon_at, found.red_at, None)) for m in moments]
    assert lights == sorted(lights)
    assert not rules.is_late(found.due_at, found.due_at)
    if due_on is not None:
        assert found.due_at.astimezone(ZONE).date() >= due_on
