"""Verbs of surveys: frozen when published, codes once, nothing that tells who answered, figures after the end (S-2)."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from flask import current_app
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from portal.client_opinion.models import Opinion, OpinionKind
from portal.kernel import journal
from portal.kernel.actor import Actor
from portal.kernel.db import db, dialect
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.kernel.journal import JournalEntry
from portal.kernel.plates import ToDo
from portal.people import queries as people
from portal.survey import codes, improvements, meetings, queries, questions, room, rules, sampling, service, tracking
from portal.survey.improvements import Laid
from portal.survey.models import Improvement, Survey, SurveyClient, SurveyCode, SurveyCount, SurveyPaper, ToldBy
from portal.survey.questions import Asked
from portal.survey.room import sweep, waiting
from portal.survey.rules import Audience, MeasureState, QuestionKind, Standing
from tests.office import NOW, later
from tests.survey.conftest import answer, paper

AFTER = later(days=8)


def events(kind: str) -> list[JournalEntry]:
    return list(db.session.scalars(select(JournalEntry).where(JournalEntry.event == kind).order_by(JournalEntry.seq)))


def todos(actor: Actor, at: datetime) -> list[ToDo]:
    with current_app.test_request_context():
        return room.todos(actor, at)


def papers() -> int:
    return db.session.scalar(select(func.count()).where(SurveyPaper.question_id.is_(None))) or 0


def test_a_published_survey_never_changes(act, as_actor, survey):
    actor = as_actor("office")
    with act():
        made = survey()
        asked = queries.questions_of(made)
    assert queries.standing(made, NOW) is Standing.OPEN
    shape = service.Shape("别的", "", Audience.LINK, NOW, AFTER)
    for verb in (
        lambda: service.change(actor, made, shape, NOW),
        lambda: questions.ask(actor, made, Asked(QuestionKind.TEXT, "再问"), NOW),
        lambda: questions.change(actor, made, asked[0], Asked(QuestionKind.TEXT, "改"), NOW),
        lambda: questions.move(actor, made, asked[0], 1, NOW),
        lambda: questions.remove(actor, made, asked[0], NOW),
        lambda: service.publish(actor, made, NOW),
        lambda: service.drop(actor, made, NOW),
    ):
        with pytest.raises(Conflict):
            verb()
    for statement in (
        "UPDATE survey SET title = 'x'",
        "UPDATE survey_question SET text = 'x'",
        "DELETE FROM survey_question",
        f"INSERT INTO survey_question (survey_id, position, kind, text, help, required, options)"
        f" VALUES ({made.id}, 9, 'text', 'x', '', {'1' if dialect() == 'sqlite' else 'true'}, '[]')",
        "DELETE FROM survey",
    ):
        with pytest.raises(DBAPIError), act():
            db.session.execute(text(statement))


def test_the_builder_moves_removes_and_copies(act, as_actor, survey):
    actor = as_actor("office")
    with act():
        made = survey(publish=False)
        first, second, *_rest = queries.questions_of(made)
        questions.move(actor, made, second, -1, NOW)
        questions.move(actor, made, second, -1, NOW)  # at the top already
        assert [q.id for q in queries.questions_of(made)][:2] == [second.id, first.id]
        questions.remove(actor, made, second, NOW)
        assert [q.position for q in queries.questions_of(made)] == [1, 2, 3, 4]
        copied = service.copy(actor, made, NOW)
        assert [q.text for q in queries.questions_of(copied)] == [q.text for q in queries.questions_of(made)]
        assert copied.closes_at - copied.opens_at == made.closes_at - made.opens_at
    with pytest.raises(Invalid), act():
        questions.ask(actor, copied, Asked(QuestionKind.SINGLE, "一个选项", options=("甲",)), NOW)
    with act():
        questions.ask(actor, made, Asked(QuestionKind.DEPARTMENT, "科室"), NOW)
    with pytest.raises(Invalid), act():
        questions.ask(actor, made, Asked(QuestionKind.DEPARTMENT, "又问科室"), NOW)
    with pytest.raises(NotAllowed):
        service.publish(as_actor("head"), made, NOW)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"closes_at": NOW - timedelta(hours=2)}, "closes_at"),
        ({"closes_at": later(days=400)}, "closes_at"),
        ({"audience": Audience.STAFF}, "departments"),
        ({"audience": Audience.STAFF, "departments": (999,)}, "departments"),
    ],
)
def test_what_a_survey_may_not_be(act, survey, change, field):
    with pytest.raises(Invalid) as refused, act():
        survey(**change)
    assert refused.value.field == field


def test_a_correction_is_a_new_version_before_the_first_answer(act, as_actor, survey):
    actor = as_actor("office")
    with act():
        made = survey(Audience.CODES)
        token = made.token
        (code,) = codes.issue(actor, made, 1, False, NOW)
        again = service.correct(actor, made, NOW)
    with pytest.raises(Conflict):
        service.correct(actor, made, NOW)
    with act():
        service.publish(actor, again, NOW)
    assert (made.token, again.token, again.version) == (None, token, 2)
    assert queries.standing(made, NOW) is Standing.REPLACED
    with act():
        assert codes.answer(again, paper(again), NOW, code=code)
    with pytest.raises(Conflict):
        service.correct(actor, again, NOW)


def test_an_answer_meanwhile_keeps_the_old_version(act, as_actor, survey):
    with act():
        made = survey()
        again = service.correct(as_actor("office"), made, NOW)
        answer(made, 1)
    with pytest.raises(Conflict), act():
        service.publish(as_actor("office"), again, NOW)


def test_a_code_works_once_and_leaves_nothing(act, as_actor, survey):
    with act():
        made = survey(Audience.CODES)
        issued = codes.issue(as_actor("office"), made, 3, False, NOW)
    stored = set(db.session.scalars(select(SurveyCode.digest)))
    assert len(stored) == 3
    assert not stored & set(issued)
    with act():
        assert codes.answer(made, paper(made), NOW, code=rules.shown_code(issued[0]).lower())
        assert not codes.answer(made, paper(made), NOW, code=issued[0])
        assert not codes.answer(made, paper(made), NOW, code="ABCD2345")
    assert papers() == 1
    assert set(db.session.scalars(select(SurveyCode.digest))) < stored
    with act():
        codes.issue(as_actor("office"), made, 1, True, NOW)
        assert not codes.answer(made, paper(made), NOW, code=issued[1])
    assert (made.codes_issued, made.codes_void, queries.codes_left(made)) == (4, 2, 1)
    dump = json.dumps([e.facts for e in db.session.scalars(select(JournalEntry))])
    assert not any(code in dump for code in issued)


def test_an_answer_is_in_no_journal_and_at_no_time(act, survey):
    with act():
        made = survey()
        before = journal.head()
    with act():
        answer(made, 8, said="请多开一个窗口")
    assert journal.head() == before
    assert papers() == 8
    for table in ("survey_paper", "survey_count"):
        for column in db.metadata.tables[table].columns:
            assert "TIME" not in str(column.type).upper(), column
    assert not {"user_id", "code", "address"} & set(SurveyPaper.__table__.columns.keys())


def test_storage_order_tells_nothing_of_the_order_of_arrival(act, survey):
    with act():
        made = survey()
    with act():
        for n in range(60):
            codes.answer(made, paper(made, said=f"{n:03}"), NOW, address=f"10.0.{n}.1")
    order = [int(c) for c in db.session.scalars(text("SELECT content FROM survey_paper WHERE question_id IS NOT NULL"))]
    assert sorted(order) == list(range(60))
    mean = sum(range(60)) / 60
    spread = sum((n - mean) ** 2 for n in range(60))
    correlation = sum((place - mean) * (n - mean) for place, n in enumerate(order)) / spread
    assert abs(correlation) < 0.5  # six standard deviations away from chance would be 0.78; arrival order is 1


def test_floods_are_stopped_and_forgotten(act, survey):
    with act():
        made = survey()
        for _n in range(20):
            assert codes.answer(made, paper(made), NOW, address="10.0.0.1")
        with pytest.raises(codes.TooMany):
            codes.answer(made, paper(made), NOW, address="10.0.0.1")
        assert codes.answer(made, paper(made), NOW, address="10.0.0.2", form_key="k" * 20)
        assert codes.answer(made, paper(made), NOW, address="10.0.0.2", form_key="k" * 20)
    assert papers() == 21, "the same form sent twice counts once"
    with act():
        by_code = survey(Audience.CODES)
        for _n in range(10):
            assert not codes.answer(by_code, paper(by_code), NOW, code="WRONG234", address="10.0.0.9")
        with pytest.raises(codes.TooMany):
            codes.answer(by_code, paper(by_code), NOW, code="WRONG234", address="10.0.0.9")
    with act():
        sweep(later(days=4))
    assert db.session.scalar(select(func.count()).select_from(SurveyCount)) == 0


def test_outside_its_time_nothing_is_answered(act, survey):
    with act():
        made = survey(opens_at=later(hours=1))
    for at in (NOW, AFTER):
        with pytest.raises(codes.NotRunning):
            codes.answer(made, paper(made), at, address="10.0.0.1")
    with act():
        sweep(AFTER)
    with pytest.raises(DBAPIError), act():
        db.session.execute(
            text("INSERT INTO survey_paper (id, survey_id, content) VALUES ('x', :s, '{}')"), {"s": made.id}
        )


def test_figures_come_after_the_end_and_stay(act, as_actor, survey):
    actor = as_actor("office")
    with act():
        made = survey()
        answer(made, 6, said="好")
    assert queries.results_of(made, NOW) is None
    with pytest.raises(Conflict):
        service.publish_results(actor, made, "", NOW)
    with act():
        assert sweep(AFTER) >= 1
        assert sweep(AFTER) == 0
    assert (made.answered, made.closed_at) == (6, made.closes_at)
    assert len(events("survey.closed")) == 1
    found = queries.results_of(made, AFTER)
    assert found.answered == 6
    assert queries.texts_of(made, found) == {found.questions[4].question.id: ["好"] * 6}
    with act():
        service.publish_results(actor, made, "说明", AFTER)
    assert [s.id for s in db.session.scalars(queries.public_results())] == [made.id]
    with act():
        service.withdraw_results(actor, made, "数字有误", AFTER)
    with pytest.raises(DBAPIError), act():
        db.session.execute(update(Survey).values(answered=7))


def test_too_few_answers_are_never_shown(act, as_actor, survey):
    with act():
        made = survey()
        answer(made, 4)
        service.close(as_actor("office"), made, "提前结束", NOW)
    found = queries.results_of(made, NOW)
    assert found.withheld
    assert queries.texts_of(made, found) == {}
    with pytest.raises(Conflict):
        service.publish_results(as_actor("office"), made, "", NOW)


def test_staff_have_codes_of_their_own(act, as_actor, survey, office):
    clerk = as_actor("clerk")
    with act():
        made = survey(Audience.STAFF, departments=(office.departments["YW"],))
    assert made.codes_issued == 3
    own = codes.own_code(made.token, clerk.id)
    assert [t.kind for t in todos(clerk, NOW) if t.kind == "survey.mine"] == ["survey.mine"]
    assert not [t for t in todos(as_actor("other"), NOW) if t.kind == "survey.mine"]
    with act():
        assert codes.answer(made, paper(made), NOW, code=own)
    assert not codes.still_works(made.id, made.token, own)
    assert not [t for t in todos(clerk, NOW) if t.kind == "survey.mine"]


def test_a_sample_is_drawn_once_from_a_seed_that_nobody_chose(act, as_actor, survey):
    actor = as_actor("office")
    lines = [f"示例客户{n}" for n in range(21)]
    with act():
        made = survey(Audience.CODES)
        sampling.enlist(actor, made, "\n".join([*lines, lines[0], " "]), NOW)
    head = journal.head()
    for count in (10, 22):
        with pytest.raises(Invalid), act():
            sampling.draw(actor, made, count, NOW)
    with act():
        sampling.draw(actor, made, 11, NOW)
    drawn = [c.line for c in sampling.clients_of(made, drawn=True)]
    assert made.seed == f"{head[0]}:{head[1]}"
    assert drawn == [lines[n] for n in rules.draw(lines, made.seed, 11)]
    assert events("survey.sample_drawn")[0].fact()["seed"] == made.seed
    for verb in (lambda: sampling.draw(actor, made, 11, NOW), lambda: sampling.enlist(actor, made, "甲\n乙", NOW)):
        with pytest.raises(Conflict):
            verb()
    with pytest.raises(DBAPIError), act():
        db.session.execute(update(Survey).values(seed="1:x"))
    with act():
        sweep(later(days=8))
        assert db.session.scalar(select(func.count()).select_from(SurveyClient)) == 21
        sweep(later(days=200))
    assert db.session.scalar(select(func.count()).select_from(SurveyClient)) == 0
    assert len(events("survey.clients_erased")) == 1


@pytest.fixture
def laid(act, as_actor, survey, office):
    with act():
        made = survey()
        answer(made, 5)
        service.close(as_actor("office"), made, "已经够了", NOW)
        what = Laid("等候时间长", "增设窗口", office.departments["YW"], office.posts["YW-1"], date(2026, 11, 25))
        return improvements.lay_down(as_actor("office"), made, what, NOW)


def test_a_measure_is_done_by_its_department_and_told(act, as_actor, laid):
    office, head, clerk = (as_actor(name) for name in ("office", "head", "clerk"))
    assert [w.number for w in tracking.mine(clerk)] == [laid.number] == [w.number for w in tracking.mine(head)]
    assert tracking.mine(as_actor("other")) == []
    with pytest.raises(NotAllowed):
        improvements.done(as_actor("other_head"), laid, "办了", NOW)
    with act():
        improvements.done(clerk, laid, "已增设", NOW)
        improvements.send_back(office, laid, "还差一个", NOW)
        improvements.done(head, laid, "两个都有了", NOW)
    assert waiting(office, NOW) > 0
    with pytest.raises(Invalid), act():
        improvements.told(office, laid, ToldBy.NOTICE, date(2026, 11, 17), "公告", NOW)
    with act():
        improvements.told(office, laid, ToldBy.NOTICE, date(2026, 11, 18), "公告", NOW)
    assert laid.state is MeasureState.TOLD
    for verb in (
        lambda: improvements.done(head, laid, "x", NOW),
        lambda: improvements.withdraw(office, laid, "x", NOW),
        lambda: improvements.send_back(office, laid, "x", NOW),
    ):
        with pytest.raises(Conflict):
            verb()
    with pytest.raises(DBAPIError), act():
        db.session.execute(update(Improvement).values(result="x"))


def test_a_measure_is_overdue_once(act, as_actor, laid):
    with act():
        sweep(later(days=7))
    assert laid.overdue_at is None
    with act():
        sweep(later(days=8))
        sweep(later(days=9))
    assert len(events("survey.improvement_overdue")) == 1
    with act():
        improvements.done(as_actor("head"), laid, "晚了", later(days=9))
    assert laid.done_late


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"due_on": date(2026, 11, 17)}, "due_on"),
        ({"department_id": 999}, "department"),
        ({"post_id": "XH-1"}, "post"),
    ],
)
def test_what_a_measure_may_not_be(act, as_actor, laid, office, change, field):
    facts = {"finding": "x", "measure": "y", "department_id": laid.department_id, "post_id": None}
    facts |= {"due_on": date(2026, 12, 1), **change}
    facts["post_id"] = office.posts.get(facts["post_id"])
    with pytest.raises(Invalid) as refused, act():
        improvements.lay_down(as_actor("office"), laid.survey, Laid(**facts), NOW)
    assert refused.value.field == field


def test_a_meeting_hands_on_what_was_raised(act, as_actor, office):
    actor = as_actor("office")
    facts = {"place": "会议室", "topic": "窗口服务", "participants": 12, "summary": "谈了三件事。", "now": NOW}
    with pytest.raises(Invalid), act():
        meetings.record(actor, held_on=date(2026, 11, 19), **facts)
    with act():
        held = meetings.record(actor, held_on=date(2026, 11, 18), **facts)
        number = meetings.raised(actor, held, OpinionKind.SUGGESTION, "周六开门", office.departments["YW"], NOW)
    opened = db.session.scalar(select(Opinion).where(Opinion.number == number))
    assert (opened.source, opened.department_id) == ("meeting", office.departments["YW"])
    assert [r.number for r in tracking.raised_at(held)] == [number]
    for statement in (delete(type(held)), update(type(held)).values(participants=99)):
        with pytest.raises(DBAPIError), act():
            db.session.execute(statement)
    with pytest.raises(NotAllowed):
        meetings.record(as_actor("head"), held_on=date(2026, 11, 18), **facts)


def test_the_office_is_reminded_of_a_half_year_without_a_meeting(act, as_actor):
    december = later(days=20)
    actor = people.actor_by_username("office", december)
    assert [t.light for t in todos(actor, december) if t.kind == "survey.meeting"] == ["due_soon"]
    with act():
        meetings.record(
            actor, held_on=date(2026, 12, 1), place="x", topic="y", participants=5, summary="z", now=december
        )
    assert not [t for t in todos(actor, december) if t.kind == "survey.meeting"]
    assert not [t for t in todos(as_actor("head"), december) if t.kind == "survey.meeting"]
