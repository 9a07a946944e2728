"""Mark out, leave word, answer: who may, when it is due, what is recorded (AB-6)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from portal.ab_post import service as ab
from portal.ab_post.models import AbsenceKind
from portal.first_ask.models import FirstAsk
from portal.kernel import clock, journal
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.message_card import queries, room, service
from portal.message_card.models import CardSubmission, How, Message
from portal.message_card.rules import Presence
from portal.policy import service as policy
from tests.office import NOW, SHANGHAI, later


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def out(as_actor, ids, act, who="head", since=NOW, back=None):
    with act():
        return service.mark_out(as_actor(who), ids.departments["YW"], since, back or at(19, 11), "全科下乡", NOW)


@pytest.fixture
def request_context(app):
    with app.test_request_context("/"):
        yield


def left(act, code="YW", now=NOW, **kw):
    with act():
        return service.leave(
            queries.place_of(code), now, **{"matter": "领取证书", "phone": "13800000000", "address": "10.0.0.7", **kw}
        )


@pytest.mark.parametrize(
    ("who", "code", "allowed"),
    [
        ("head", "YW", True), ("head", "XH", False), ("clerk", "YW", False), ("leader", "YW", True),
        ("leader", "XH", False), ("principal", "XH", True), ("office", "XH", True), ("supervisor", "YW", False),
        ("sysadmin", "YW", False),
    ],
)  # fmt: skip
def test_who_marks_a_department_out(office, as_actor, act, who, code, allowed):
    def mark():
        with act():
            service.mark_out(as_actor(who), office.departments[code], NOW, later(hours=2), "会议", NOW)

    if allowed:
        mark()
        assert queries.card_of(office.departments[code], NOW).presence is Presence.OUT
    else:
        with pytest.raises(NotAllowed):
            mark()


@pytest.mark.parametrize(
    ("since", "back", "field"),
    [
        (NOW, NOW, "back_at"), (NOW, later(days=40), "back_at"), (later(hours=-2), later(hours=1), "from_at"),
        (later(hours=1), later(hours=3), "from_at"),
    ],
)  # fmt: skip
def test_times_that_are_refused(office, as_actor, act, since, back, field):
    out(as_actor, office, act, back=later(hours=2))
    with pytest.raises(Invalid) as refusal, act():
        service.mark_out(as_actor("head"), office.departments["YW"], since, back, "会议", NOW)
    assert refusal.value.field == field


def test_a_department_nobody_answers_for_hangs_its_card_by_itself(office, as_actor, act, request_context):
    for who in ("other", "other_head"):
        with act():
            ab.record_absence(
                as_actor("office"), office.users[who], AbsenceKind.OFFICIAL, NOW, at(19, 9), NOW, emergency=True
            )
    card = queries.card_of(office.departments["XH"], NOW)
    assert card.presence is Presence.EMPTY
    assert card.back_at == at(19, 9)
    assert [t.kind for t in room.todos(as_actor("office"), NOW)] == ["message_card.mark"]
    assert queries.card_of(office.departments["YW"], NOW).presence is Presence.HERE


def test_due_one_working_day_after_the_return_and_moved_with_it(office, as_actor, act):
    outing = out(as_actor, office, act)
    message = left(act)
    assert message.due_at == at(20, 17, 30)
    with act():
        service.reschedule(as_actor("head"), outing, at(20, 9), later(hours=1))
    assert message.due_at == at(23, 17, 30)
    with act():
        service.come_back(as_actor("clerk"), outing, later(hours=2))
    assert message.due_at == at(19, 17, 30)
    with pytest.raises(Conflict), act():
        service.come_back(as_actor("clerk"), outing, later(hours=3))


def test_a_message_while_somebody_is_here_is_due_from_its_leaving(office, act):
    assert left(act).due_at == at(19, 17, 30)


def test_messages_can_be_switched_off_while_somebody_is_here(office, as_actor, act):
    with act():
        policy.set_value(as_actor("office"), "message_card.when_present", "false", "只收外出时的留言", NOW)
    with pytest.raises(Conflict):
        left(act)
    out(as_actor, office, act)
    assert left(act).number == "LY-2026-0001"


def test_nothing_of_the_visitor_is_in_the_journal_or_the_count(office, act):
    message = left(act, name="钱多多", matter="领取钱多多的证书")
    entries = journal.of_object("card_message", message.id)
    said = " ".join(e.facts for e in entries) + str(journal.personal_of(e.seq for e in entries))
    counted = db.session.scalars(select(CardSubmission.address)).one()
    for secret in ("钱多多", "13800000000", "10.0.0.7"):
        assert secret not in said
        assert secret not in counted


def test_the_same_form_sent_twice_is_one_message(office, act):
    assert left(act, form_key="k" * 24).id == left(act, form_key="k" * 24).id
    assert left(act, form_key="m" * 24).number == "LY-2026-0002"


def test_floods_are_stopped_per_address_and_per_department(office, as_actor, act):
    with act():
        policy.set_value(as_actor("office"), "message_card.per_address", "2", "防刷", NOW)
        policy.set_value(as_actor("office"), "message_card.per_department", "3", "防刷", NOW)
    left(act), left(act)
    with pytest.raises(service.TooMany):
        left(act)
    with pytest.raises(service.TooMany):
        left(act, code="XH")
    left(act, address="10.0.0.8")
    with pytest.raises(service.TooMany):
        left(act, address="10.0.0.9")
    left(act, code="XH", address="10.0.0.9")
    left(act, now=later(minutes=61))


@pytest.mark.parametrize(
    ("who", "allowed"), [("clerk", True), ("head", True), ("other", False), ("office", False), ("leader", False)]
)
def test_who_answers(office, as_actor, act, who, allowed):
    message = left(act)
    if not allowed:
        with pytest.raises(NotAllowed), act():
            service.answer(as_actor(who), message, How.PHONE, "已答复", NOW)
        return
    with act():
        service.answer(as_actor(who), message, How.PHONE, "已答复", NOW)
    assert (message.answered_by_id, message.how) == (office.users[who], How.PHONE)
    with pytest.raises(Conflict), act():
        service.answer(as_actor(who), message, How.PHONE, "再答复", NOW)


def test_the_database_keeps_the_first_answer(office, as_actor, act):
    message = left(act)
    with act():
        service.answer(as_actor("clerk"), message, How.PHONE, "已答复", NOW)
    message.answer = "改了"
    with pytest.raises(DBAPIError):
        db.session.flush()
    db.session.rollback()


def test_taken_over_it_goes_on_in_the_first_ask_log(office, as_actor, act):
    message = left(act, name="钱先生", matter="科普教育基地认定\n材料已备齐")
    with act():
        taken = service.take_over(as_actor("clerk"), message, NOW)
    entry = db.session.scalars(select(FirstAsk).where(FirstAsk.number == taken)).one()
    assert (entry.matter, entry.client_name, entry.asker_id) == (
        "科普教育基地认定 材料已备齐", "钱先生", office.users["clerk"],
    )  # fmt: skip
    assert entry.case_id is not None
    assert (message.how, message.taken_as) == (How.TAKEN, entry.number)


def test_an_overdue_message_is_recorded_once_and_red_in_the_to_dos(office, as_actor, act, request_context):
    outing = out(as_actor, office, act)
    message = left(act)
    assert room.todos(as_actor("clerk"), NOW) == []
    assert outing.back_at == at(19, 11)
    with clock.at(at(19, 12)):
        assert [t.light for t in room.todos(as_actor("clerk"), clock.now())] == ["due_soon"]
    late = at(20, 18)
    with clock.at(late):
        for _time in range(2):
            with act():
                service.sweep(late)
        assert [t.light for t in room.todos(as_actor("clerk"), late)] == ["red"]
        tags = [e.event for e in journal.of_object("card_message", message.id)]
        assert tags.count("message_card.overdue") == 1
        assert [(u.count, u.late) for u in queries.unanswered(late)] == [(1, 1)]
    with act():
        service.sweep(late + timedelta(days=3))
    assert db.session.scalars(select(CardSubmission)).all() == []
    assert db.session.scalar(select(Message.warned_at)) == late
