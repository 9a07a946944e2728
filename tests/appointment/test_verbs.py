"""Offer, ask, answer, follow: who may, what is counted, what is never exceeded (C-6)."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import NotFound

from portal.appointment import queries, room, service, slots, sweeping
from portal.appointment.models import AppointmentSubmission, Channel, Slot
from portal.appointment.queries import Wanted
from portal.appointment.rules import State
from portal.kernel import journal, transaction
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import queries as people
from tests.appointment.conftest import DAY, SLOT, asked, get, made
from tests.office import NOW, later

pytestmark = pytest.mark.usefixtures("hours")


def taken() -> list[int]:
    return list(db.session.scalars(select(Slot.taken).order_by(Slot.from_at)))


def confirmed(acting, ids, **change) -> str:
    number = made(ids, **change)
    with acting("clerk") as actor:
        service.confirm(actor, get(number), SLOT, None, ids.posts["YW-1"], "", NOW)
    return number


def test_asked_confirmed_came(office, acting, ids):
    number = made(ids)
    assert taken() == [1]
    assert next(f.from_at for f in queries.free(ids.departments["YW"], NOW)) == SLOT + timedelta(minutes=30)
    with acting("clerk") as actor:
        service.confirm(actor, get(number), SLOT, None, ids.posts["YW-1"], "请带原件。", later(hours=1))
    assert get(number).state is State.CONFIRMED
    assert queries.who_comes(get(number)) == ("业务受理岗", "王敏")
    with acting("clerk") as actor, pytest.raises(Conflict):
        service.came(actor, get(number), "SW-2026-0012", NOW)
    with acting("clerk", SLOT) as actor, pytest.raises(Invalid):
        service.came(actor, get(number), "没有登记", SLOT)
    with acting("clerk", SLOT) as actor:
        service.came(actor, get(number), "ｓｗ-2026-12", SLOT)
    assert get(number).became == "SW-2026-0012"
    events = [e.event for e in journal.of_object("appointment", get(number).id)]
    assert events == ["appointment.asked", "appointment.confirmed", "appointment.came"]
    with acting("clerk", SLOT) as actor, pytest.raises(Conflict):
        service.cancel(get(number), SLOT, actor)


def test_the_journal_holds_nothing_personal(office, acting, ids):
    number = confirmed(acting, ids)
    for entry in journal.of_object("appointment", get(number).id):
        for secret in ("钱先生", "13800000000", "递交认定材料"):
            assert secret not in entry.facts


def test_only_the_department_answers(office, acting, ids):
    number = made(ids)
    for who in ("other", "office", "leader"):
        with acting(who) as actor, pytest.raises(NotAllowed):
            service.confirm(actor, get(number), SLOT, None, ids.posts["YW-1"], "", NOW)
    with acting("clerk") as actor, pytest.raises(Invalid):
        service.confirm(actor, get(number), SLOT, None, ids.posts["XH-1"], "", NOW)


def test_proposed_and_agreed_or_not(office, acting, ids):
    number = made(ids)
    other = SLOT + timedelta(days=2, hours=-2, minutes=-30)
    with acting("clerk") as actor:
        service.propose(actor, get(number), other, None, ids.posts["YW-2"], "周六可以", NOW)
    assert (get(number).state, taken()) == (State.PROPOSED, [0, 1])
    assert get(number).to_at - get(number).from_at == timedelta(hours=1)
    with transaction.act():
        service.reject(get(number), "下周任何一天", later(hours=2))
    assert (get(number).state, get(number).from_at, taken()) == (State.ASKED, None, [0, 0])
    with acting("clerk") as actor:
        service.propose(actor, get(number), other, None, ids.posts["YW-2"], "只有周六", later(hours=3))
    with transaction.act():
        service.accept(get(number), later(hours=4))
    assert (get(number).state, taken()) == (State.CONFIRMED, [0, 1])


def test_declining_is_about_time_and_needs_a_reason(office, acting, ids):
    number = made(ids)
    with acting("clerk") as actor, pytest.raises(Invalid):
        service.decline(actor, get(number), "", NOW)
    with acting("clerk") as actor:
        service.decline(actor, get(number), "当天全员下乡。", NOW)
    assert (get(number).state, taken()) == (State.DECLINED, [0])


def test_moved_keeps_its_number_and_frees_the_slot(office, acting, ids):
    number = confirmed(acting, ids)
    with acting("clerk") as actor:
        service.move(actor, get(number), SLOT + timedelta(days=1, hours=7), 45, ids.posts["YW-1"], "", NOW)
        service.assign(actor, get(number), ids.posts["YW-H"], NOW)
    appointment = get(number)
    assert (appointment.moved, appointment.slot_id, taken()) == (1, None, [0])
    assert appointment.to_at - appointment.from_at == timedelta(minutes=45)
    assert queries.who_comes(appointment)[1] == "赵刚"


def test_cancelled_by_the_client_until_it_begins(office, acting, ids):
    number = confirmed(acting, ids)
    with transaction.act(), pytest.raises(Conflict):
        service.cancel(get(number), SLOT)
    with transaction.act():
        service.cancel(get(number), NOW)
    assert (get(number).state, taken()) == (State.CANCELLED, [0])


def test_not_come(office, acting, ids):
    number = confirmed(acting, ids)
    with acting("clerk", SLOT) as actor, pytest.raises(Conflict):
        service.missed(actor, get(number), "", SLOT)
    after = SLOT + timedelta(hours=1)
    with acting("clerk", after) as actor:
        service.missed(actor, get(number), "电话不通", after)
    assert get(number).state is State.MISSED


def test_a_full_slot_or_none_is_refused(office, acting, ids):
    made(ids)
    with pytest.raises(Invalid, match="约满"):
        made(ids)
    with pytest.raises(Invalid, match="约满"):
        made(ids, from_at=SLOT + timedelta(minutes=7))
    with pytest.raises(Invalid, match="希望"):
        made(ids, from_at=None)
    assert made(ids, from_at=None, wish="下周三晚上")
    with pytest.raises(Invalid, match="不由该科室"):
        made(ids, from_at=None, wish="随时", item_id=ids.items["SX-003"])
    with pytest.raises(Invalid, match="约满"):
        made(ids, at=SLOT - timedelta(minutes=60), from_at=SLOT + timedelta(minutes=30))


def test_eight_at_once_and_one_place(app, hours, ids):
    """Capacity is kept by the row's lock, on both databases."""
    with app.app_context():
        pass
    start, won, lost = threading.Barrier(8), [], []

    def one() -> None:
        with app.app_context():
            start.wait()
            try:
                won.append(made(ids))
            except Invalid as error:
                lost.append(error.field)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=one) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (len(won), lost) == (1, ["slot"] * 7)
    with app.app_context():
        assert taken() == [1]


def test_the_database_keeps_capacity_and_ends(office, acting, ids):
    number = made(ids)
    with pytest.raises(DBAPIError):
        db.session.execute(text("UPDATE appointment_slot SET taken = capacity + 1"))
    db.session.rollback()
    with acting("clerk") as actor:
        service.decline(actor, get(number), "不能安排", NOW)
    for statement in ("UPDATE appointment SET answer = 'x'", "DELETE FROM appointment"):
        with pytest.raises(DBAPIError):
            db.session.execute(text(statement))
        db.session.rollback()


def test_strangers_are_counted_and_a_form_counts_once(office, ids):
    for n in range(5):
        with transaction.act():
            service.ask(asked(ids, from_at=None, wish=f"第 {n} 次"), Channel.PUBLIC, NOW, address="10.0.0.9")
    with pytest.raises(service.TooMany), transaction.act():
        service.ask(asked(ids, from_at=None, wish="又一次"), Channel.PUBLIC, NOW, address="10.0.0.9")
    twice = set()
    for _time in range(2):
        with transaction.act():
            twice.add(service.ask(asked(ids), Channel.PUBLIC, NOW, address="10.0.0.8", form_key="one-form").number)
    assert len(twice) == 1
    assert "10.0.0" not in "".join(db.session.scalars(select(AppointmentSubmission.address)))


def test_wrong_codes_are_counted_and_stopped(office, ids):
    number = made(ids)
    code = service.code_of(number)
    assert service.find(f" {number.lower()} ", code.lower(), "10.0.0.1", NOW).number == number
    for _time in range(10):
        with transaction.act():
            assert service.find(number, "AAAAAA", "10.0.0.1", NOW) is None
    with pytest.raises(service.TooMany):
        service.find(number, code, "10.0.0.1", NOW)
    assert service.find(number, code, "10.0.0.1", later(hours=1, seconds=1)).number == number
    assert service.find("YY-2026-9999", code, "10.0.0.2", NOW) is None


def test_unanswered_ones_are_told_once(office, acting, ids, as_actor):
    number = made(ids, from_at=None, wish="周五晚上")
    due = get(number).due_at
    with transaction.act():
        assert sweeping.sweep(due) == 0
        assert sweeping.sweep(due + timedelta(seconds=1)) == 1
        assert sweeping.sweep(due + timedelta(hours=1)) == 0
    actor = as_actor("clerk")
    assert room.waiting(actor, due) == 1
    late = list(db.session.scalars(queries.listing(actor, Wanted(state="overdue"), due + timedelta(hours=1))))
    assert [a.number for a in late] == [number]


def test_what_waits_for_whom(app, office, acting, ids, as_actor):
    number = confirmed(acting, ids)
    with app.test_request_context():
        assert [t.kind for t in room.todos(as_actor("clerk"), NOW)] == ["appointment.attend"]
        assert room.todos(as_actor("clerk2"), NOW) == []
        after = SLOT + timedelta(hours=1)
        for who in ("clerk", "head"):
            assert [t.kind for t in room.todos(as_actor(who, after), after)] == ["appointment.record"]
    assert [a.number for a in queries.agreed(as_actor("other"), DAY, DAY)] == []
    assert [a.number for a in queries.agreed(as_actor("office"), DAY, DAY)] == [number]
    with pytest.raises(NotFound):
        queries.by_number(as_actor("other"), number)


def test_figures_open_exactly_their_rows(office, acting, ids, as_actor):
    numbers = [made(ids), made(ids, from_at=None, wish="随时"), made(ids, from_at=None, wish="晚上")]
    with acting("clerk") as actor:
        service.confirm(actor, get(numbers[0]), SLOT, None, ids.posts["YW-1"], "", later(hours=1))
        service.decline(actor, get(numbers[1]), "不能安排", later(hours=3))
    actor, first, last = as_actor("office"), NOW.date().replace(day=1), NOW.date().replace(day=30)
    found = queries.figures(actor, first, last)
    assert (found.asked, found.answered, found.late) == (3, 2, 0)
    assert found.average == timedelta(minutes=90)  # 60 and, until lunch, 120 office minutes
    for state, n in found.states.items():
        wanted = Wanted(state=str(state), from_on=first, until_on=last)
        assert len(list(db.session.scalars(queries.listing(actor, wanted, NOW)))) == n
    wanted = Wanted(state="all", from_on=first, until_on=last, answered="1")
    assert len(list(db.session.scalars(queries.listing(actor, wanted, NOW)))) == 2


def test_hours_do_not_overlap_and_end(office, acting, ids):
    yw = ids.departments["YW"]
    with acting("office") as actor:
        for refused in (
            (3, None, 750, 800, 30, 1),
            (None, None, 0, 60, 30, 1),
            (2, DAY, 0, 60, 30, 1),
            (2, None, 600, 610, 30, 1),
            (None, NOW.date() - timedelta(days=1), 0, 60, 30, 1),
        ):
            with pytest.raises(Invalid):
                slots.offer(actor, yw, *refused, NOW)
        for hours in queries.hours_of(yw):
            slots.end_hours(actor, hours, NOW)
    assert queries.free(yw, NOW) == []
    assert queries.bookable() == []


def test_a_changed_calendar_moves_the_answer(office, acting, ids):
    from portal.calendar import service as calendar

    number = made(ids, from_at=None, wish="随时")
    old = get(number).due_at
    with acting("office") as actor:
        calendar.set_day(actor, DAY, False, "停电", NOW)
    assert get(number).due_at == old + timedelta(days=1)
    assert people.user_names()
