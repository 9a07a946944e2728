"""The verbs from the clue to the closed file, and what the database refuses beside them (A-1, A-2, A-3, P-6)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.accountability import closing, deciding, paper, queries, service
from portal.accountability.deciding import Decision
from portal.accountability.models import Duty, MeasureKind, Outcome, Said, State
from portal.accountability.rules import Counts, Standing
from portal.calendar.queries import work_calendar
from portal.clue.models import Clue
from portal.kernel import clock, journal, transaction
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.policy import queries as policy
from portal.pure.deadlines import deadline
from tests.office import NOW

M = MeasureKind


def later(story, **kw):
    return clock.at(clock.now() + timedelta(**kw))


def test_a_clue_becomes_a_proceeding_and_a_closed_file(story):
    clue_id = story.clue()
    story.register(clue_ids=[clue_id])
    clue = db.session.get_one(Clue, clue_id)
    assert (str(clue.state), clue.proceeding_number) == ("in_proceeding", story.number)
    story.told("self_examination", by="leader")
    found = story.get()
    subject = found.subjects[0]
    assert found.state is State.TOLD
    assert subject.letter_number == "ZJ-2026-0001"
    assert subject.review_by == deadline(NOW, policy.value("accountability.review_within"), work_calendar()).at
    said = paper.decision(subject)
    assert said.to == "王敏"
    assert all(name not in str(said) for name in ("郑浩", "吴霞"))  # who raised it, and who keeps the file
    with pytest.raises(Conflict, match="执行"):
        story.do(closing.close, "office", part=None)
    story.executed()
    with later(story, days=30):
        story.do(closing.close, "office", part=None)
    assert story.get().state is State.CLOSED
    kinds = {e.event for e in journal.of_object("proceeding", found.id)}
    assert {"accountability.registered", "accountability.decided", "accountability.closed"} <= kinds


def test_nothing_comes_before_its_turn(story):
    story.register()
    found = deciding.Finding(False, "不属实")
    with pytest.raises(NotAllowed):  # nobody is named for it yet
        story.do(deciding.find, "other_head", found)
    story.reported()
    with pytest.raises(Conflict, match="没有届满"):  # nobody is passed over before their time to speak is over
        story.do(service.hear, "other_head", Said.WAIVER, "拒绝到场。")
    with pytest.raises(NotAllowed):  # only the person makes a statement
        story.do(service.hear, "clerk2", Said.STATEMENT, "我没有错。")
    with pytest.raises(Invalid):
        story.do(service.hear, "clerk", Said.STATEMENT, "")
    with later(story, days=12):
        story.do(service.hear, "other_head", Said.WAIVER, "两次通知未到，记录在案。")
    assert story.get().state is State.HEARD
    story.assign("decider", "leader")
    with pytest.raises(Exception, match="not possible"):
        story.do(deciding.decide, "leader", Decision("同意。"))


@pytest.mark.parametrize(
    ("by", "severity", "kinds", "more", "field"),
    [
        ("leader", "minor", ("warning",), {}, "measures"),  # above the ceiling of the severity
        ("leader", "grave", ("training",), {}, "measures"),  # above the decider's authority
        ("office", "minor", ("admonition",), {}, "measures"),
        ("principal", "grave", ("training",), {}, "meeting_on"),
        ("principal", "grave", ("training",), {"meeting_on": NOW.date()}, "meeting_record"),
        ("leader", "minor", (), {}, "measures"),
        ("leader", "minor", ("rectification",), {"demand": "改", "due_on": NOW.date()}, "measures"),
    ],
)
def test_a_decision_keeps_to_severity_and_authority(story, by, severity, kinds, more, field):
    story.register().found(severity).assign("decider", by)
    with pytest.raises(Invalid) as refused:
        story.do(deciding.decide, by, Decision("同意。", tuple(map(M, kinds)), **more))
    assert refused.value.field == field


def test_a_leader_is_decided_on_by_the_principal_only(story):
    story.register(people_=("leader",)).found("minor")
    for username in ("office", "leader2"):
        with pytest.raises(Invalid):
            story.assign("decider", username)
    story.assign("decider", "principal")
    story.do(deciding.decide, "principal", Decision("同意。", (M.CRITICISM,)))
    assert story.get().state is State.DECIDED


def test_a_second_matter_within_the_year_raises_the_floor(story):
    story.register().told("criticism")
    first = story.number
    story.register().found("serious").assign("decider", "leader")
    with pytest.raises(Invalid, match="1 次"):
        story.do(deciding.decide, "leader", Decision("再犯。", (M.CRITICISM,)))
    story.do(deciding.decide, "leader", Decision("再犯。", (M.ADMONITION,)))
    assert story.get().subjects[0].repeats == 1
    assert first != story.number


def test_what_follows_is_read_by_person_and_year_and_goes_with_a_review(story):
    story.register().told("self_examination", "admonition")
    person = story.ids.users["clerk"]
    assert [(x.counts, x.amount, x.standing) for x in queries.effects(person_id=person, year=2026)] == [
        (Counts.SCORE, 10, Standing.COUNTS),
        (Counts.BONUS, 5, Standing.COUNTS),
        (Counts.SCORE, 10, Standing.COUNTS),
        (Counts.BONUS, 10, Standing.COUNTS),
    ]
    assert queries.effects(person_id=person, year=2025) == []
    assert queries.effects(person_id=story.ids.users["clerk2"], year=2026) == []
    story.do(closing.ask_review, "clerk", "处理过重。")
    with pytest.raises(Conflict):
        story.do(closing.ask_review, "clerk", "再次申请。")
    for username in ("other_head", "leader"):  # investigator and decider
        with pytest.raises(Invalid):
            story.assign("reviewer", username)
    story.assign("reviewer", "leader2")
    with pytest.raises(Invalid):  # never worse
        story.do(closing.review, "leader2", closing.Review(Outcome.MITIGATED, "加重", (M.ADMONITION,), M.TRAINING))
    story.do(closing.review, "leader2", closing.Review(Outcome.MITIGATED, "情节较轻", (M.ADMONITION,), M.CRITICISM))
    lines = queries.effects(person_id=person, year=2026)
    assert {x.standing for x in lines if x.kind is M.ADMONITION} == {Standing.LIFTED}
    assert {x.kind for x in lines if x.standing is Standing.COUNTS} == {M.SELF_EXAMINATION, M.CRITICISM}
    letter = paper.review(story.get().subjects[0])
    assert letter is not None
    assert letter.number == "ZJ-2026-0001 复"
    assert story.get().state is State.TOLD


def test_a_review_is_asked_for_in_time(story):
    story.register().told("criticism")
    with later(story, days=30), pytest.raises(Conflict, match="已过"):
        story.do(closing.ask_review, "clerk", "晚了。")
    with pytest.raises(NotAllowed):
        story.do(closing.ask_review, "clerk2", "替他申请。")


def test_departments_and_jointly_responsible_leaders_answer_for_themselves(story):
    story.register(departments=("YW",)).reported()
    with transaction.act():
        held = service.db.session.merge(story.get())
        service.add_subject(story.actor("office"), held, story.ids.users["leader"], None, True, clock.now())
    assert [s.joint for s in story.get().subjects] == [False, False, True]
    with pytest.raises(Conflict), transaction.act():
        service.add_subject(
            story.actor("office"), story.get(), story.ids.users["leader"], None, True, clock.now()
        )  # fmt: skip
    story.do(service.hear, "clerk", Said.STATEMENT, "我的说明。", part=0)
    story.do(service.hear, "head", Said.STATEMENT, "科室的说明。", part=1)
    assert story.get().state is State.INVESTIGATED
    story.do(service.hear, "leader", Said.STATEMENT, "我的说明。", part=2)
    assert story.get().state is State.HEARD


def test_an_order_that_is_not_carried_out_becomes_a_clue_once(story):
    story.register(people_=(), departments=("YW",)).found("serious").assign("decider", "principal")
    what = Decision("限期整改。", (M.RECTIFICATION,), "建立台账。", (NOW + timedelta(days=5)).date())
    story.do(deciding.decide, "principal", what)
    story.do(deciding.inform, "office")
    with later(story, days=7):
        for expected in (1, 0):
            with transaction.act():
                assert closing.sweep(clock.now()) == expected
    made = db.session.query(Clue).filter(Clue.key.like("proceeding:%")).one()
    assert (str(made.kind), made.department_id) == ("late_rectification", story.ids.departments["YW"])


def test_who_stands_aside_is_out_for_good(story):
    story.register().assign("investigator", "other_head").assign("investigator", "leader2")
    story.do(service.recuse, "other_head", "与当事人有亲属关系。", part=None)
    assert service.holders(story.get(), Duty.INVESTIGATOR) == [story.ids.users["leader2"]]
    with pytest.raises(Invalid, match="回避"):
        story.assign("reviewer", "other_head")
    with pytest.raises(NotAllowed):
        story.do(service.report, "other_head", "报告", [], part=None)


def test_a_closed_file_does_not_change_and_the_database_refuses_it_too(story):
    story.register().told("criticism").executed()
    with later(story, days=30):
        story.do(closing.close, "office", part=None)
        with pytest.raises(Exception, match="not possible"):
            story.do(service.object_to, "clerk", "还有话说。")
    key = story.get().id
    user = story.ids.users["other"]
    for statement in (
        "UPDATE proceeding SET title = 'x' WHERE id = :p",
        "UPDATE proceeding_subject SET remedies = 'x' WHERE proceeding_id = :p",
        "UPDATE proceeding_measure SET execution = 'x' WHERE proceeding_id = :p",
        "UPDATE proceeding_assignment SET assigned_by_id = 1 WHERE proceeding_id = :p",
        "DELETE FROM proceeding_measure WHERE proceeding_id = :p",
        "DELETE FROM proceeding WHERE id = :p",
        "INSERT INTO proceeding_bar (proceeding_id, user_id, bar) VALUES (:p, :u, 'recused')",
    ):
        with pytest.raises((IntegrityError, DBAPIError), match=r"closed file|never deleted"):
            db.session.execute(text(statement), {"p": key, "u": user})
        db.session.rollback()


def test_the_database_keeps_people_out_of_their_own_matter(story):
    story.register(clue_ids=[story.clue()]).reported()
    found = story.get()
    insert = (
        "INSERT INTO proceeding_assignment (proceeding_id, user_id, duty, assigned_by_id, assigned_at)"
        " VALUES (:p, :u, :d, :u, '2026-11-18 10:00:00')"
    )
    for username, duty in (("clerk", "secretary"), ("clerk", "decider"), ("supervisor", "reviewer")):
        values = {"p": found.id, "u": story.ids.users[username], "d": duty}
        with pytest.raises((IntegrityError, DBAPIError), match="own matter"):
            db.session.execute(text(insert), values)
        db.session.rollback()
    for column, username in (("found_by_id", "leader"), ("decided_by_id", "other_head")):
        change = f"UPDATE proceeding_subject SET {column} = :u WHERE proceeding_id = :p"
        with pytest.raises((IntegrityError, DBAPIError), match="only who is named"):
            db.session.execute(text(change), {"p": found.id, "u": story.ids.users[username]})
        db.session.rollback()
