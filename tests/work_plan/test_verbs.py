"""The verbs of plans by the cast: who may, what follows, what the database refuses (E-1, T-5, A-1)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.clue import sweeping
from portal.clue.models import Clue, ClueState
from portal.kernel import clock, transaction
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.work_plan import amending, breaches, drafting, executing, passing, queries, reviewing
from portal.work_plan.common import Text, text_of
from portal.work_plan.models import (
    Change,
    ItemState,
    PlanAmendment,
    PlanItem,
    PlanReview,
    PlanState,
    Term,
    WorkPlan,
)
from tests.office import NOW
from tests.work_plan.conftest import BEFORE, drafted, in_force, who

SHANGHAI = ZoneInfo("Asia/Shanghai")
LATE = datetime(2026, 11, 28, 9, 0, tzinfo=SHANGHAI)


def step(ids, n=0):
    return db.session.scalars(select(PlanItem).order_by(PlanItem.id)).all()[n]


def test_from_draft_to_approval(app, ids):
    """Drafted by the head, discussed by the leader in charge, approved by the meeting, never by who drafted it."""
    with app.app_context(), transaction.act():
        plan = drafted(ids)
        with pytest.raises(Invalid) as twice:
            drafting.draft(who("head"), ids.departments["YW"], 2026, "", NOW)
        assert twice.value.field == "year"
        for name in ("clerk", "other_head", "leader"):
            with pytest.raises(NotAllowed):
                drafting.submit(who(name), plan, NOW)
        drafting.submit(who("head"), plan, BEFORE)
        with pytest.raises(Conflict):
            drafting.write_goals(who("head"), plan, "改", BEFORE)
        for name in ("head", "leader2", "clerk"):
            with pytest.raises(NotAllowed):
                drafting.discuss(who(name), plan, "同意", BEFORE)
        drafting.send_back(who("leader"), plan, "写明标准", BEFORE)
        assert plan.state is PlanState.DRAFT
        drafting.change_item(who("head"), plan, plan.items[0], text_of(plan.items[1]), BEFORE)
        drafting.submit(who("head"), plan, BEFORE)
        drafting.discuss(who("leader"), plan, "同意", BEFORE)
        for field, day, record in (("meeting_on", None, "纪要"), ("text", BEFORE.date(), "")):
            with pytest.raises(Invalid) as wrong:
                drafting.approve(who("principal"), plan, day, record, BEFORE)
            assert wrong.value.field == field
        with pytest.raises(NotAllowed):
            drafting.approve(who("head"), plan, BEFORE.date(), "纪要", BEFORE)
        with pytest.raises(Invalid):
            drafting.approve(who("principal"), plan, BEFORE.date(), "纪要", NOW + timedelta(days=20))
        drafting.approve(who("principal"), plan, BEFORE.date(), "纪要", BEFORE)
        assert {i.state for i in plan.items} == {ItemState.RUNNING}


def test_the_office_drafts_where_there_is_no_head_and_does_not_approve_it(app, ids):
    with app.app_context(), transaction.act():
        with pytest.raises(NotAllowed):
            drafting.draft(who("office"), ids.departments["YW"], 2026, "", NOW)
        plan = drafting.draft(who("office"), ids.departments["BG"], 2026, "", NOW)
        drafting.add_item(
            who("office"), plan, Text("档案", "整理", "归档", ids.users["supervisor"], date(2026, 12, 1)), NOW
        )
        drafting.submit(who("office"), plan, NOW)
        with pytest.raises(NotAllowed):
            drafting.discuss(who("office"), plan, "同意", NOW)
        drafting.discuss(who("leader"), plan, "同意", NOW)
        with pytest.raises(NotAllowed):
            drafting.approve(who("office"), plan, NOW.date(), "纪要", NOW)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("key_task", Text("", "a", "b", 2, date(2026, 12, 1))),
        ("step", Text("a", "", "b", 2, date(2026, 12, 1))),
        ("measure", Text("a", "b", "", 2, date(2026, 12, 1))),
        ("person_id", Text("a", "b", "c", 999, date(2026, 12, 1))),
        ("person_id", Text("a", "b", "c", None, date(2026, 12, 1))),
        ("due_on", Text("a", "b", "c", 2, date(2027, 1, 1))),
        ("due_on", Text("a", "b", "c", 2, None)),
    ],
)
def test_what_an_item_must_say(app, ids, field, text):
    with app.app_context(), transaction.act():
        plan = drafted(ids)
        with pytest.raises(Invalid) as wrong:
            drafting.add_item(who("head"), plan, text, NOW)
        assert wrong.value.field == field


def test_an_item_is_done_by_one_and_confirmed_by_another(app, ids):
    with app.app_context(), transaction.act():
        in_force(ids)
        item = step(ids)
        for name in ("other", "clerk2", "leader"):
            with pytest.raises(NotAllowed):
                executing.progress(who(name), item, 10, "已起草", NOW)
        for percent in (None, 100, -1):
            with pytest.raises(Invalid):
                executing.progress(who("clerk"), item, percent, "已起草", NOW)
        executing.progress(who("clerk"), item, 40, "已起草", NOW)
        executing.report(who("clerk"), item, "已印发", NOW)
        assert item.percent == 100
        with pytest.raises(NotAllowed):
            executing.confirm(who("clerk"), item, "", NOW)
        with pytest.raises(NotAllowed):
            executing.confirm(who("leader"), item, "", NOW)
        executing.send_back(who("head"), item, "缺文号", NOW)
        assert (item.state, item.percent) == (ItemState.RUNNING, 40)
        executing.report(who("head"), item, "已印发", NOW)
        with pytest.raises(NotAllowed):
            executing.confirm(who("head"), item, "", NOW)
        executing.confirm(who("leader"), item, "很好", NOW)
        own = step(ids, 2)
        executing.report(who("head"), own, "完成", NOW)
        with pytest.raises(NotAllowed):
            executing.confirm(who("head"), own, "", NOW)
        executing.confirm(who("leader"), own, "", NOW)


def test_more_time_is_asked_before_the_date_and_decided_by_the_leader(app, ids):
    with app.app_context(), transaction.act():
        in_force(ids)
        item = step(ids)
        ask = executing.ask_extension
        for day in (None, date(2026, 11, 25), date(2027, 1, 5)):
            with pytest.raises(Invalid):
                ask(who("clerk"), item, day, "等文件", NOW)
        with pytest.raises(Conflict):
            ask(who("clerk"), item, date(2026, 12, 5), "等文件", LATE)
        ask(who("clerk"), item, date(2026, 12, 4), "等文件", NOW)
        for refused in (lambda: ask(who("clerk"), item, date(2026, 12, 4), "等文件", NOW),
                        lambda: executing.report(who("clerk"), item, "好", NOW)):  # fmt: skip
            with pytest.raises(Conflict):
                refused()
        for name in ("head", "clerk", "leader2"):
            with pytest.raises(NotAllowed):
                executing.decide_extension(who(name), item, True, "", NOW)
        assert passing.sweep(LATE) == 2, "it waits for an answer, and the date holds until then"
        assert item.late_at is not None
        executing.decide_extension(who("leader", LATE), item, True, "", LATE)
        assert (item.late_at, item.due_on) == (None, date(2026, 12, 4))
        with pytest.raises(Conflict):
            ask(who("clerk"), item, date(2026, 12, 20), "再等", LATE)


def test_lateness_is_recorded_once_raises_a_clue_and_is_taken_back(app, ids):
    """The sweep, twice; the clue; the office finds it wrong; the clue goes (A-1)."""
    with app.app_context():
        with transaction.act():
            in_force(ids)
            assert passing.sweep(NOW) == 0
        with clock.at(LATE), transaction.act():
            assert passing.sweep(LATE) == 2
            assert passing.sweep(LATE) == 0
        item = step(ids)
        assert item.due_at == datetime(2026, 11, 26, tzinfo=SHANGHAI)
        found = queries.overdue(date(2026, 11, 1))
        assert [o.person_id for o in found] == [ids.users["clerk"], ids.users["clerk2"]]
        assert queries.overdue(date(2026, 12, 1)) == []
        with clock.at(LATE), transaction.act():
            sweeping.sweep(LATE)
        clue = db.session.scalars(select(Clue).where(Clue.person_id == ids.users["clerk"])).one()
        assert (clue.kind, clue.rule, clue.endpoint) == ("overdue_task", "E-1", "work_plan.show_item")
        with clock.at(LATE), transaction.act():
            item = step(ids)
            for name in ("clerk", "head", "leader"):
                with pytest.raises(NotAllowed):
                    executing.excuse(who(name), item, "已按期完成", LATE)
            executing.excuse(who("office"), item, "已按期完成，系统未登记", LATE)
            assert passing.sweep(LATE) == 0
            assert len(list(breaches.undone(0))) == 1
        with clock.at(LATE), transaction.act():
            sweeping.sweep(LATE)
        assert db.session.get_one(Clue, clue.id).state is ClueState.WITHDRAWN
        assert [o.person_id for o in queries.overdue(date(2026, 11, 1))] == [ids.users["clerk2"]]


def test_an_approved_plan_changes_by_approved_amendments_only(app, ids):
    with app.app_context(), transaction.act():
        plan = in_force(ids)
        item, other = plan.items[0], plan.items[1]
        with pytest.raises(Conflict):
            drafting.change_item(who("head"), plan, item, text_of(item), NOW)
        wanted = Text("场馆开放", "修订并公布办法", "公布", ids.users["clerk2"], date(2026, 12, 10))
        with pytest.raises(NotAllowed):
            amending.ask(who("clerk"), plan, Change.CHANGE, item, wanted, "上级要求", NOW)
        for text_, reason, field in ((text_of(item), "理由", "step"), (wanted, "", "reason")):
            with pytest.raises(Invalid) as wrong:
                amending.ask(who("head"), plan, Change.CHANGE, item, text_, reason, NOW)
            assert wrong.value.field == field
        asked = amending.ask(who("head"), plan, Change.CHANGE, item, wanted, "上级要求", NOW)
        with pytest.raises(Conflict):
            amending.ask(who("head"), plan, Change.CANCEL, item, None, "不做了", NOW)
        with pytest.raises(NotAllowed):
            amending.decide(who("head"), asked, True, NOW.date(), "同意", NOW)
        with pytest.raises(Invalid):
            amending.decide(who("principal"), asked, True, None, "同意", NOW)
        amending.decide(who("principal"), asked, True, NOW.date(), "纪要 12 号", NOW)
        assert (item.step, item.person_id, item.due_on) == ("修订并公布办法", ids.users["clerk2"], date(2026, 12, 10))
        assert "修订开放办法" in asked.before, "the old text is kept"
        gone = amending.ask(who("head"), plan, Change.CANCEL, other, None, "机构调整", NOW)
        amending.decide(who("office"), gone, False, None, "不同意", NOW)
        assert other.state is ItemState.RUNNING
        gone = amending.ask(who("head"), plan, Change.CANCEL, other, None, "机构调整", NOW)
        amending.decide(who("office"), gone, True, NOW.date(), "同意", NOW)
        assert other.state is ItemState.CANCELLED
        more = amending.ask(who("head"), plan, Change.ADD, None, wanted, "新任务", NOW)
        amending.decide(who("office"), more, True, NOW.date(), "同意", NOW)
        assert plan.items[-1].state is ItemState.RUNNING
        assert more.item_id == plan.items[-1].id
        with pytest.raises(Conflict):
            amending.decide(who("principal"), more, False, None, "改判", NOW)


def test_reviews_are_frozen_and_the_last_one_ends_the_plan(app, ids):
    december = datetime(2026, 12, 15, 9, 0, tzinfo=SHANGHAI)
    with app.app_context(), transaction.act():
        plan = in_force(ids)
        with pytest.raises(Conflict):
            reviewing.file(who("head"), plan, Term.YEAR, "全部完成", NOW)
        with pytest.raises(NotAllowed):
            reviewing.file(who("clerk"), plan, Term.MID, "进展顺利", NOW)
        review = reviewing.file(who("head"), plan, Term.MID, "进展顺利", NOW)
        with pytest.raises(Conflict):
            reviewing.file(who("head"), plan, Term.MID, "进展顺利", NOW)
        with pytest.raises(NotAllowed):
            reviewing.opine(who("head"), review, "好", NOW)
        with pytest.raises(Conflict):
            reviewing.conclude(who("principal"), review, "好", NOW)
        reviewing.opine(who("leader"), review, "抓紧年会", NOW)
        reviewing.conclude(who("principal"), review, "总体较好", NOW)
        kept = reviewing.frozen(review)
        executing.progress(who("clerk"), plan.items[0], 60, "推进", NOW)
        assert reviewing.frozen(review) == kept
        assert kept.figures.percent == 0
        last = reviewing.file(who("head", december), plan, Term.YEAR, "两项未完成", december)
        reviewing.opine(who("leader", december), last, "属实", december)
        item = plan.items[2]
        executing.report(who("head", december), item, "年会已开", december)
        with pytest.raises(Conflict):
            reviewing.conclude(who("principal", december), last, "良好", december)
        executing.confirm(who("leader", december), item, "", december)
        reviewing.conclude(who("principal", december), last, "良好", december)
        assert plan.state is PlanState.ENDED
        with pytest.raises(Conflict):
            executing.progress(who("clerk"), plan.items[0], 70, "推进", december)
        assert passing.sweep(december + timedelta(days=20)) == 0, "an ended plan grows no later"


def test_last_years_plan_is_copied_into_an_empty_draft(app, ids):
    january = datetime(2027, 1, 5, 9, 0, tzinfo=SHANGHAI)
    with app.app_context(), transaction.act():
        old = in_force(ids)
        plan = drafting.draft(who("head", january), ids.departments["YW"], 2027, "", january)
        assert drafting.copy_last_year(who("head", january), plan, january) == 3
        assert [(i.step, i.due_on) for i in plan.items] == [(i.step, i.due_on.replace(year=2027)) for i in old.items]
        with pytest.raises(Conflict):
            drafting.copy_last_year(who("head", january), plan, january)


REFUSED = (
    "UPDATE work_plan SET meeting_record = 'x'",
    "UPDATE work_plan SET state = 'draft', approved_at = NULL, submitted_at = NULL, submitted_by_id = NULL",
    "UPDATE work_plan SET approved_by_id = drafted_by_id",
    "DELETE FROM work_plan",
    "DELETE FROM work_plan_item",
    "UPDATE work_plan_progress SET percent = 1",
    "DELETE FROM work_plan_progress",
    "UPDATE work_plan_item SET due_on = '2026-12-31' WHERE state = 'done'",
    "UPDATE work_plan_item SET confirmed_by_id = person_id WHERE state = 'done'",
    "UPDATE work_plan_amendment SET reason = 'x'",
    "UPDATE work_plan_amendment SET answer = 'x'",
    "DELETE FROM work_plan_amendment",
    "UPDATE work_plan_review SET conclusion = 'x'",
    "DELETE FROM work_plan_review",
)


def test_what_the_database_refuses(app, ids):
    with app.app_context():
        with transaction.act():
            plan = in_force(ids)
            item = plan.items[0]
            executing.progress(who("clerk"), item, 50, "推进", NOW)
            executing.report(who("clerk"), item, "完成", NOW)
            executing.confirm(who("head"), item, "", NOW)
            asked = amending.ask(who("head"), plan, Change.CANCEL, plan.items[1], None, "不做", NOW)
            amending.decide(who("principal"), asked, False, None, "要做", NOW)
            review = reviewing.file(who("head"), plan, Term.MID, "顺利", NOW)
            reviewing.opine(who("leader"), review, "好", NOW)
            reviewing.conclude(who("principal"), review, "好", NOW)
        for statement in REFUSED:
            with pytest.raises(DBAPIError):
                db.session.connection().execute(text(statement))
            db.session.rollback()
        assert db.session.scalar(select(WorkPlan.state)) is PlanState.APPROVED
        assert db.session.scalar(select(PlanReview.conclusion)) == "好"
        assert db.session.scalar(select(PlanAmendment.answer)) == "要做"
