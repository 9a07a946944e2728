"""Urges and numbered supervisions: who may, once, and never one's own reply (T-12)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from portal.ab_post import service as ab
from portal.ab_post.models import AbsenceKind
from portal.cases import handling
from portal.cases import service as cases
from portal.cases.models import Case
from portal.kernel import clock, journal, transaction
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import queries as people
from portal.post_duty.models import Post
from portal.post_task import service as tasks
from portal.post_task.models import Task
from portal.pure.states import IllegalMove
from portal.reminder.models import Message
from portal.urging import queries, rights, service
from portal.urging.models import Supervision, SupervisionState, Urge
from portal.urging.service import Date, Demand
from tests.office import NOW, later


def who(username, at=NOW):
    return people.actor_by_username(username, at)


def supervise(office, actor="leader", code="YW-1", at=NOW, **more):
    with clock.at(at), transaction.act():
        what = Demand("基地认定进度", "说明原因和办结时间。", more.pop("date", Date()), **more)
        return service.issue(who(actor, at), db.session.get(Post, office.posts[code]), what, at)


def do(verb, actor, made, *args, at=NOW):
    with clock.at(at), transaction.act():
        verb(who(actor, at), made, *args, at)


def told(user_id):
    return [m.key for m in db.session.scalars(select(Message).where(Message.user_id == user_id).order_by(Message.id))]


# --- urging ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actor", "may"),
    [
        ("clerk", False), ("clerk2", False), ("other", False), ("other_head", False), ("leader2", False),
        ("supervisor", False), ("head", True), ("leader", True), ("principal", True), ("office", True),
    ],
)  # fmt: skip
def test_who_may_urge(office, case, actor, may):
    assert rights.may_urge(who(actor), db.session.get(Post, office.posts["YW-1"])) is may
    if not may:
        with pytest.raises(NotAllowed), transaction.act():
            service.urge(who(actor), case, "快办", Date(), NOW)


def test_an_urge_goes_to_who_answers_and_stands_on_the_case(office, case):
    with transaction.act():
        ab.record_absence(
            who("clerk"), office.users["clerk"], AbsenceKind.SICK, NOW, later(days=2), NOW, emergency=True
        )
    with transaction.act():
        made = service.urge(who("head"), case, "请说明进度", Date(), NOW)
    assert made.to_user_id == office.users["clerk2"], "A is away: B answers"
    assert clock.local(made.reply_by).date() == date(2026, 11, 19)
    assert told(office.users["clerk2"])[-1] == f"urge:{made.id}"
    events = [e.event for e in journal.of_case(case.id)]
    assert "urging.urged" in events
    with pytest.raises(Conflict), transaction.act():
        service.urge(who("head"), case, "再催", Date(), NOW)
    with pytest.raises(NotAllowed), transaction.act():
        service.answer(who("head"), made, "知道了", NOW)
    do(service.answer, "clerk2", made, "明天办结", at=later(hours=1))
    assert (made.replied_by_id, made.reply) == (office.users["clerk2"], "明天办结")
    assert told(office.users["head"]) == [f"urge:{made.id}:answer"]
    with pytest.raises(Conflict), transaction.act():
        service.answer(who("clerk2"), made, "又答", later(hours=2))
    with pytest.raises(DatabaseError), transaction.act():
        db.session.execute(text("UPDATE urge SET reply = '改'"))


def test_an_unanswered_urge_is_said_once(office, case):
    with transaction.act():
        made = service.urge(who("leader"), case, "请说明进度", Date("4wh"), NOW)
    with transaction.act():
        assert service.sweep_unanswered(later(hours=5)) == 0
    late = later(days=1)
    for _n in range(2):
        with transaction.act():
            service.sweep_unanswered(late)
    for user in ("clerk", "head", "leader"):
        assert told(office.users[user]).count(f"urge:{made.id}:late") == 1
    assert made.warned_at == made.reply_by
    assert [e.event for e in journal.of_case(case.id)].count("urging.unanswered") == 1


def test_the_end_of_a_case_ends_its_urges(office, case):
    with transaction.act():
        made = service.urge(who("head"), case, "请说明进度", Date(), NOW)
    with transaction.act():
        cases.start(who("clerk"), case, later(minutes=5))
        handling.complete(who("clerk"), case, "准予", "", "", later(minutes=6))
    db.session.expire_all()
    assert db.session.get(Urge, made.id).ended_at == later(minutes=6)
    with pytest.raises(Conflict), transaction.act():
        service.urge(who("head"), db.session.get(Case, case.id), "再催", Date(), later(minutes=7))


def test_a_task_is_urged_too(office):
    with transaction.act():
        what = tasks.Content("写总结", "写", time_limit="5wd")
        task = tasks.assign(who("leader"), db.session.get(Post, office.posts["YW-1"]), what, NOW)
        made = service.urge(who("office"), task, "进度？", Date(on=date(2026, 11, 20)), NOW)
    assert clock.local(made.reply_by).date() == date(2026, 11, 20)
    assert "urging.urged" in [e.event for e in journal.of_object("post_task", task.id)]
    with transaction.act():
        tasks.withdraw(who("leader"), db.session.get(Task, task.id), "不需要了", NOW)
    with transaction.act():
        assert service.sweep_unanswered(later(days=5)) == 0
    db.session.expire_all()
    assert db.session.get(Urge, made.id).ended_at == NOW


# --- supervision -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actor", "code", "may"),
    [
        ("head", "YW-1", False), ("clerk", "YW-1", False), ("leader", "YW-1", True), ("leader", "XH-1", False),
        ("leader2", "XH-1", True), ("principal", "XH-1", True), ("office", "XH-1", True),
        ("supervisor", "YW-1", True), ("office", "BG-1", False), ("leader", "YW-H", True),
    ],
)  # fmt: skip
def test_who_may_supervise(office, actor, code, may):
    assert rights.may_supervise(who(actor), db.session.get(Post, office.posts[code])) is may


def test_the_whole_way(office, case):
    made = supervise(office, case=case)
    assert made.number.startswith("DB-2026-")
    assert clock.local(made.reply_by).date() == date(2026, 11, 23), "three working days"
    assert told(office.users["clerk"])[-1:] == told(office.users["head"])[-1:] == [f"supervision:{made.id}:1"]
    assert "urging.issued" in [e.event for e in journal.of_case(case.id)]
    with pytest.raises(NotAllowed), transaction.act():
        service.reply(who("head"), made, "在办", NOW)
    with pytest.raises(Invalid):
        do(service.reply, "clerk", made, "")
    do(service.reply, "clerk", db.session.get(Supervision, made.id), "等会签，周五办结", at=later(hours=3))
    assert told(office.users["leader"])[-1] == f"supervision:{made.id}:1:reply"
    for stranger in ("clerk", "clerk2", "head", "office", "leader2", "principal"):
        with pytest.raises(NotAllowed), transaction.act():
            service.accept(who(stranger), made, "", later(hours=4))
    do(service.ask_again, "leader", made, "会签到哪一步？", Date("1wd"), at=later(hours=4))
    assert (made.state, made.round) == (SupervisionState.ISSUED, 2)
    with pytest.raises(IllegalMove), transaction.act():
        service.accept(who("leader"), made, "", later(hours=5))
    db.session.expire_all()
    do(service.reply, "clerk", made, "已会签", at=later(hours=6))
    do(service.accept, "leader", made, "同意", at=later(hours=7))
    assert (made.state, made.closed_by_id) == (SupervisionState.CLOSED, office.users["leader"])
    assert [r.accepted for r in made.replies] == [False, True]
    with pytest.raises(IllegalMove), transaction.act():
        service.withdraw(who("leader"), made, "不要了", later(hours=8))
    with pytest.raises(DatabaseError), transaction.act():
        db.session.execute(text("UPDATE supervision SET conclusion = '改'"))


def test_who_replied_while_covering_cannot_accept(office):
    """The leader covers the head's post never; but a replier who later answers for the issuing post is barred too."""
    made = supervise(office, actor="office", code="XH-1")
    do(service.reply, "other", made, "已办")
    with pytest.raises(DatabaseError), transaction.act():
        db.session.execute(
            text("UPDATE supervision SET state = 'closed', closed_at = asked_at, closed_by_id = :u"),
            {"u": office.users["other"]},
        )
    with pytest.raises(DatabaseError), transaction.act():
        db.session.execute(
            text("UPDATE supervision_reply SET accepted = true, decided_by_id = replied_by_id, decided_at = replied_at")
        )
    do(service.accept, "supervisor", db.session.get(Supervision, made.id), "")
    with pytest.raises(DatabaseError), transaction.act():
        db.session.execute(text("DELETE FROM supervision_reply"))


def test_unanswered_once_a_round_with_its_instant(office):
    made = supervise(office)
    late = later(days=6)
    for _n in range(2):
        with transaction.act():
            service.sweep_unanswered(late)
    key = f"supervision:{made.id}:1:late"
    for user in ("clerk", "head", "leader"):
        assert told(office.users[user]).count(key) == 1
    message = db.session.scalars(select(Message).where(Message.key == key)).first()
    assert message.about_at == made.reply_by
    assert made.unanswered == 1
    assert queries.unanswered_of(who("leader", late), late) == 1
    assert queries.unanswered_of(who("other_head", late), late) == 0
    assert queries.overdue(late, 5)[0] == 1
    do(service.reply, "clerk", made, "补答", at=late)
    assert made.last.late
    assert queries.overdue(late, 5)[0] == 0


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Date("尽快"), "time_limit"),
        (Date("1wd", date(2026, 11, 20)), "time_limit"),
        (Date(on=date(2026, 11, 1)), "reply_on"),
        (Date(on=date(2090, 11, 1)), "reply_on"),
    ],
)
def test_dates_that_are_none(office, wanted, field):
    with pytest.raises(Invalid) as error:
        supervise(office, date=wanted)
    assert error.value.field == field


def test_counts_and_todos(app, office, case):
    supervise(office, case=case)
    with transaction.act():
        service.urge(who("head"), case, "快", Date(), NOW)
    assert queries.count_waiting(who("clerk")) == 2
    assert queries.count_waiting(who("leader")) == 0
    do(service.reply, "clerk", db.session.scalars(select(Supervision)).one(), "在办")
    assert queries.count_waiting(who("clerk")) == 1
    assert queries.count_waiting(who("leader")) == 1
    assert len(queries.to_decide(who("leader"))) == 1
    assert queries.to_decide(who("clerk")) == []


def test_a_day_off_moves_the_date(office):
    from portal.calendar import service as calendars

    made = supervise(office)
    old = made.reply_by
    with transaction.act():
        calendars.set_day(who("office"), date(2026, 11, 20), False, "停电", NOW)
    db.session.expire_all()
    assert made.reply_by - old == timedelta(days=1)
