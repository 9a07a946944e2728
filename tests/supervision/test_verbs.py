"""The verbs of plans, inspections, findings and orders by the cast (O-2, D-6, P-3, A-3, J-3)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from werkzeug.exceptions import NotFound

from portal.attendance.models import Finding as DisciplineFinding
from portal.attendance.models import FindingKind
from portal.kernel import clock, journal, transaction
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.kernel.journal import JournalEntry
from portal.people import queries as people
from portal.pure.states import IllegalMove
from portal.supervision import breaches, findings, queries, rectifying, rights, service
from portal.supervision.models import (
    FindingState,
    InspectionFinding,
    InspectionState,
    Manner,
    PlanState,
    RectificationOrder,
    Severity,
)
from portal.supervision.rectifying import Until
from portal.supervision.service import Planned, Seen
from tests.office import NOW, later
from tests.supervision.conftest import SEEN, inspected, photo


def actor(who, at=NOW):
    return people.actor_by_username(who, at)


@pytest.fixture
def do(office):
    """Do something at an instant, in a transaction of its own."""

    def run(verb, *args, at=NOW, **more):
        with clock.at(at), transaction.act():
            return verb(*args, **more)

    return run


def found(number):
    return db.session.scalar(select(InspectionFinding).where(InspectionFinding.number == number))


def ordered(do, office, severity=Severity.SERIOUS, until=Until("5wd")):
    number = do(lambda: inspected(office, Seen("服务态度", severity, "看到的")).findings[0].number)
    do(lambda: rectifying.order(actor("supervisor"), found(number), "整改", until, NOW))
    return number


def test_from_the_visit_to_the_closed_feedback(do, office):
    made = do(inspected, office, uploads=[photo()])
    each = made.findings[0]
    assert (made.number, each.state, each.found_at) == ("DC-2026-0001", FindingState.FOUND, NOW)
    with pytest.raises(Conflict):  # the department may still speak
        do(lambda: rectifying.order(actor("supervisor"), found(each.number), "改", Until(), NOW))
    with pytest.raises(NotAllowed):
        do(lambda: findings.comment(actor("other_head"), found(each.number), "不是", NOW))
    do(lambda: findings.comment(actor("head"), found(each.number), "已提醒当事人。", later(hours=1)), at=later(hours=1))
    with pytest.raises(Conflict):
        do(lambda: findings.comment(actor("head"), found(each.number), "又说", later(hours=1)), at=later(hours=1))
    at = later(hours=2)
    order = do(
        lambda: rectifying.order(actor("supervisor", at), found(each.number), "一周内整改", Until("5wd"), at), at=at
    )
    assert order.number == "DCZ-2026-0001"
    assert clock.local(order.due_at).date() == date(2026, 11, 25)
    with pytest.raises(NotAllowed):
        do(lambda: rectifying.report(actor("other_head", at), found(each.number), "改了", at), at=at)
    do(lambda: rectifying.report(actor("head", at), found(each.number), "改了", at, [photo()]), at=at)
    with pytest.raises(NotAllowed):
        do(lambda: rectifying.recheck(actor("head", at), found(each.number), True, "", Until(), at), at=at)
    do(lambda: rectifying.recheck(actor("office", at), found(each.number), True, "好", Until(), at), at=at)
    assert found(each.number).state is FindingState.PASSED
    do(
        lambda: findings.feed_back(
            actor("supervisor", at), queries.inspection(actor("supervisor"), made.number), "已改", at
        ),
        at=at,
    )
    with pytest.raises(NotAllowed):
        do(
            lambda: findings.note_feedback(
                actor("leader2", at), queries.inspection(actor("supervisor"), made.number), "", at
            ),
            at=at,
        )
    do(
        lambda: findings.note_feedback(
            actor("leader", at), queries.inspection(actor("supervisor"), made.number), "知", at
        ),
        at=at,
    )
    assert queries.inspection(actor("supervisor"), made.number).state is InspectionState.CLOSED
    with pytest.raises(IllegalMove):
        do(
            lambda: service.add(actor("supervisor"), queries.inspection(actor("supervisor"), made.number), SEEN, at),
            at=at,
        )


def test_nothing_found_is_a_result_and_needs_no_own_department(do, office):
    made = do(inspected, office, seen=None, note="秩序良好")
    assert made.findings == []
    with pytest.raises(Invalid, match="department_id"):
        do(inspected, office, code="BG")  # 郑浩 is of the office
    with pytest.raises(Invalid, match="members"):
        do(inspected, office, members=[office.users["head"]])
    with pytest.raises(Invalid, match="inspected_at"):
        do(inspected, office, inspected_at=later(minutes=1))
    with pytest.raises(NotAllowed):
        do(inspected, office, who="head", code="XH")
    do(lambda: findings.feed_back(actor("office"), queries.inspection(actor("office"), made.number), "没有问题", NOW))


def test_what_was_seen_is_checked(do, office):
    for seen, field in (
        (Seen("没有的", Severity.MINOR, "看到"), "kind"),
        (Seen("服务态度", Severity.MINOR, ""), "seen"),
        (Seen("否定报备", Severity.MINOR, "看到", unfiled_denial=True), "matter"),
        (Seen("服务态度", Severity.MINOR, "看到", post_id=office.posts["XH-1"]), "post_id"),
        (Seen("服务态度", Severity.MINOR, "看到", person_id=office.users["other"]), "person_id"),
        (Seen("", Severity.MINOR, "看到", discipline=FindingKind.GAMES), "person_id"),
    ):
        with pytest.raises(Invalid) as refused:
            do(inspected, office, seen=seen)
        assert refused.value.field == field
    with pytest.raises(Invalid, match="photos"):
        do(inspected, office, uploads=[photo("说明.txt", b"no picture")])


def test_work_discipline_goes_to_attendance(do, office):
    seen = Seen("", Severity.ORDINARY, "玩游戏", person_id=office.users["clerk"], discipline=FindingKind.GAMES)
    made = do(inspected, office, seen=seen)
    kept = db.session.scalars(select(DisciplineFinding)).one()
    assert [d.discipline_id for d in made.disciplines] == [kept.id]
    assert db.session.scalar(select(InspectionFinding.id)) is None, "no second store (P-3)"
    assert kept.user_id == office.users["clerk"]


def planned(office, manner=Manner.COVERT, departments=("YW",), members=("supervisor",), who="supervisor", **days):
    what = Planned(
        "窗口暗访", "服务态度", manner, [office.departments[d] for d in departments],
        [office.users[m] for m in members], days.get("from_on", date(2026, 11, 18)),
        days.get("to_on", date(2026, 11, 30)),
    )  # fmt: skip
    return service.plan(actor(who), what, NOW)


def test_a_plan_and_its_refusals(do, office):
    for field, more in (
        ("members", {"departments": ("YW", "BG"), "manner": Manner.OPEN}),
        ("departments", {"departments": ("BG",), "members": ("supervisor",)}),
        ("members", {"members": ("clerk",)}),
        ("to_on", {"to_on": date(2026, 11, 17), "from_on": date(2026, 11, 1)}),
        ("to_on", {"from_on": date(2026, 12, 1)}),
    ):
        with pytest.raises(Invalid) as refused:
            do(planned, office, **more)
        assert refused.value.field == field, more
    with pytest.raises(NotAllowed):
        do(planned, office, who="head")
    made = do(planned, office, departments=("YW", "XH"))
    do(inspected, office, plan=made, seen=None)
    assert made.state is PlanState.PLANNED
    last = do(inspected, office, plan=made, code="XH", manner=Manner.OPEN)
    assert last.manner is Manner.COVERT, "the plan says how"
    assert made.state is PlanState.CARRIED_OUT
    with pytest.raises(Invalid, match="plan_id"):
        do(inspected, office, plan=made)
    with pytest.raises(IllegalMove):
        do(lambda: service.cancel(actor("supervisor"), made, "不查了", NOW))


def test_an_unannounced_plan_is_hidden_from_the_inspected(do, office):
    made = do(planned, office, departments=("YW", "XH"))
    do(inspected, office, plan=made, seen=None)

    def seers():
        names = ("head", "other_head", "leader", "leader2", "principal", "office", "supervisor", "clerk")
        listed = {n for n in names if db.session.scalars(queries.plans(actor(n), queries.Wanted())).all()}
        assert listed == {n for n in names if rights.may_read_plan(actor(n), made)}, "list and page agree"
        return listed

    assert seers() == {"principal", "office", "supervisor"}
    with pytest.raises(NotFound):
        queries.plan(actor("head"), made.number)
    do(inspected, office, plan=made, code="XH")
    assert seers() == {"head", "other_head", "leader", "leader2", "principal", "office", "supervisor"}
    facts = db.session.scalars(select(JournalEntry.facts).where(JournalEntry.event == "supervision.planned")).one()
    assert "综合业务科" not in facts
    assert "covert" not in facts


def test_the_group_does_not_see_a_plan_about_its_own_department(do, office):
    made = do(planned, office, manner=Manner.OPEN)
    with transaction.act():  # as if made by somebody of elsewhere
        db.session.execute(text("UPDATE inspection_plan SET manner = 'covert'"))
        db.session.execute(
            text("UPDATE inspection_plan_department SET department_id = :d"), {"d": office.departments["BG"]}
        )
    db.session.expire_all()
    for who in ("supervisor", "office"):
        assert not db.session.scalars(queries.plans(actor(who), queries.Wanted())).all()
        with pytest.raises(NotFound):
            queries.plan(actor(who), made.number)
    assert queries.plan(actor("principal"), made.number)


def test_failing_again_goes_up_and_is_a_breach_once(do, office):
    number = ordered(do, office)
    for n in (1, 2):
        do(lambda: rectifying.report(actor("head"), found(number), "改了", NOW))
        with pytest.raises(Invalid):
            do(lambda: rectifying.recheck(actor("supervisor"), found(number), False, "", Until(), NOW))
        do(lambda: rectifying.recheck(actor("supervisor"), found(number), False, "还要改", Until("3wd"), NOW))
        failed = [b for b in breaches.breaches(0) if b.key.endswith("/failed")]
        assert len(failed) == (1 if n == 2 else 0)
    assert [o.round for o in found(number).orders] == [1, 2, 3]
    assert failed[0].department_id == office.departments["YW"]


def test_overdue_is_recorded_once_and_before_a_late_report(do, office):
    number = ordered(do, office, until=Until(on=date(2026, 11, 20)))
    late = later(days=7)
    assert do(rectifying.sweep, later(days=1), at=later(days=1)) == 0
    assert do(rectifying.sweep, late, at=late) == 1
    assert do(rectifying.sweep, late, at=late) == 0
    do(lambda: rectifying.report(actor("head", late), found(number), "改了", late), at=late)
    assert found(number).order.late
    second = ordered(do, office, until=Until(on=date(2026, 11, 20)))
    do(lambda: rectifying.report(actor("head", late), found(second), "改了", late), at=late)
    shown = [b for b in breaches.breaches(0) if b.kind == "late_rectification"]
    assert len(shown) == len({b.key for b in shown}) == 2
    assert {b.at for b in shown} == {o.due_at for o in db.session.scalars(select(RectificationOrder))}


def test_denial_and_serious_are_breaches_and_a_withdrawal_takes_them_back(do, office):
    seen = Seen(
        "否定报备", Severity.SERIOUS, "口头拒收", post_id=office.posts["YW-1"], unfiled_denial=True, matter="基地认定"
    )
    number = do(lambda: inspected(office, seen).findings[0].number)
    shown = {b.key: b for b in breaches.breaches(0)}
    assert set(shown) == {f"{number}/denial", f"{number}/serious"}
    denial = shown[f"{number}/denial"]
    assert (denial.kind, denial.rule, denial.post_id) == ("unfiled_denial", "D-6", office.posts["YW-1"])
    seq = denial.entry_seq
    assert list(breaches.breaches(seq)) == []
    do(lambda: rectifying.order(actor("supervisor"), found(number), "改", Until(on=date(2026, 11, 20)), NOW))
    late = later(days=7)
    do(rectifying.sweep, late, at=late)
    do(lambda: findings.ask_withdrawal(actor("supervisor", late), found(number), "看错了", late), at=late)
    with pytest.raises(Conflict):
        do(lambda: findings.ask_withdrawal(actor("office", late), found(number), "也看错", late), at=late)
    with pytest.raises(NotAllowed):
        do(lambda: findings.decide_withdrawal(actor("supervisor", late), found(number), True, "", late), at=late)
    with pytest.raises(NotAllowed):
        do(lambda: findings.decide_withdrawal(actor("head", late), found(number), True, "", late), at=late)
    assert list(breaches.undone(0)) == []
    do(lambda: findings.decide_withdrawal(actor("office", late), found(number), True, "", late), at=late)
    assert found(number).order.ended_at == late
    assert set(breaches.undone(0)) == {b.key for b in breaches.breaches(0)}
    entry = journal.of_object("inspection_finding", found(number).id)
    assert next(e for e in entry if e.event.endswith("withdrawn")).fact()["entry"] == seq, "linked (J-3)"
    with pytest.raises(IllegalMove):
        do(lambda: rectifying.report(actor("head", late), found(number), "改了", late), at=late)


def test_a_second_person_may_let_it_stand(do, office):
    number = ordered(do, office)
    do(lambda: findings.ask_withdrawal(actor("supervisor"), found(number), "看错了", NOW))
    with pytest.raises(Invalid):
        do(lambda: findings.decide_withdrawal(actor("office"), found(number), False, "", NOW))
    do(lambda: findings.decide_withdrawal(actor("office"), found(number), False, "没有看错", NOW))
    assert found(number).withdraw_asked_at is None
    assert found(number).state is FindingState.ORDERED


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM inspection_order",
        "DELETE FROM inspection_finding",
        "UPDATE inspection_finding SET seen = 'x'",
        "UPDATE inspection_finding SET state = 'withdrawn', withdrawn_at = '2026-11-18', settled_at = '2026-11-18',"
        " withdraw_reason = 'x', withdraw_asked_by_id = 1, withdrawn_by_id = 1",
        "UPDATE inspection_order SET reported_at = '2026-11-18', reported_by_id = 1, passed = true,"
        " checked_at = '2026-11-18', ended_at = '2026-11-18', checked_by_id = 1",
        "UPDATE inspection SET department_id = 2",
    ],
)
def test_the_database_refuses_too(do, office, statement):
    ordered(do, office)
    with pytest.raises(DatabaseError), transaction.act():
        db.session.execute(text(statement))


def test_a_moved_date_takes_the_overdue_back(do, office, monkeypatch):
    ordered(do, office, until=Until(on=date(2026, 11, 20)))
    late = later(days=3)
    do(rectifying.sweep, late, at=late)
    key = next(b.key for b in breaches.breaches(0) if b.kind == "late_rectification")
    real = rectifying._clock

    def moved(*args):
        kept = real(*args)
        return type(kept)(kept.due_at + timedelta(days=10), kept.soon_at, kept.red_at, False)

    monkeypatch.setattr(rectifying, "_clock", moved)
    assert do(lambda: rectifying.recompute(actor("office", late), late), at=late) == 1
    assert list(breaches.undone(0)) == [key]
