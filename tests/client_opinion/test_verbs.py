"""The verbs of clients' opinions, by the cast: what happens, who may, what is recorded once (S-4, A-1)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from portal.client_opinion import breaches, clocks, queries, rights, seams, service
from portal.client_opinion import vocabulary as words
from portal.client_opinion.models import How, Opinion, OpinionState, Verdict
from portal.kernel import journal
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.kernel.journal import JournalEntry
from portal.pure.states import IllegalMove
from tests.client_opinion.conftest import PHONE, bad_review, closed_case, to_answered, to_rectified, who
from tests.office import NOW, later

S = OpinionState


def events(o) -> list[str]:
    return [e.event.split(".")[1] for e in journal.of_object("client_opinion", o.id)]


def test_a_bad_review_from_its_coming_in_to_its_end(office, act):
    with act():
        made = bad_review(office, case_id=closed_case(office).id)
        assert (made.number, made.grade, made.reasons) == ("YJ-2026-0001", "5", "态度生硬\n超时")
        assert made.post_id == office.posts["YW-1"], "the post of the case"
        with pytest.raises(IllegalMove):
            service.draft(who("head", NOW), made, "先联系", NOW)
        to_rectified(made)
        with pytest.raises(IllegalMove):
            service.call_back(who("office", NOW), made, How.PHONE, True, "好", NOW)
        service.fail(who("office", NOW), made, "还要公开道歉", NOW)
        assert made.state is S.RECTIFYING
        assert made.last.round == 2
        service.rectify(who("head", NOW), made, "已道歉", NOW)
        service.accept(who("supervisor", NOW), made, "", NOW)
        assert made.state is S.CALLING_BACK
        with pytest.raises(Invalid) as refused:
            service.call_back(who("office", NOW), made, How.UNREACHED, None, "没人接", NOW)
        assert refused.value.field == "how"
        service.try_call(who("office", NOW), made, NOW)
        service.call_back(who("office", NOW), made, How.PHONE, True, "满意", NOW)
    assert made.state is S.CLOSED
    assert made.satisfied is True
    assert events(made) == [
        "registered", "contacted", "drafted", "approved", "answered", "confirmed", "rectified", "failed", "rectified",
        "accepted", "call_tried", "called_back",
    ]  # fmt: skip
    kept = " ".join(db.session.scalars(select(JournalEntry.facts).where(JournalEntry.object_type == "client_opinion")))
    assert PHONE not in kept, "the journal knows no client"
    assert "张三" not in kept


def test_a_suggestion_ends_with_its_answer(office, act):
    with act():
        made = service.open_opinion("suggestion", "增加叫号机", NOW, department_id=None, source="meeting")
        with pytest.raises(NotAllowed):
            service.assign(who("head", NOW), made, office.departments["YW"], NOW)
        service.assign(who("office", NOW), made, office.departments["YW"], NOW)
        to_answered(made)
        service.conclude(who("office", NOW), made, "列入明年计划", NOW)
    assert made.state is S.CLOSED
    assert made.verdict is None
    assert made.contact_due_at is None
    with pytest.raises(Invalid):
        service.open_opinion("problem", "  ", NOW, department_id=None, source="letter")


REFUSED = [
    ("contact", lambda o: service.contact(who("clerk", NOW), o, How.PHONE, "我自己联系", NOW), "registered"),
    ("foreign contact", lambda o: service.contact(who("other_head", NOW), o, How.PHONE, "x", NOW), "registered"),
    ("own approval", lambda o: service.approve(who("head", NOW), o, "", NOW), "drafted"),
    ("foreign leader", lambda o: service.approve(who("leader2", NOW), o, "", NOW), "drafted"),
    ("office approves", lambda o: service.approve(who("office", NOW), o, "", NOW), "drafted"),
    ("own finding", lambda o: service.propose_untrue(who("head", NOW), o, "没有的事", NOW), "answered"),
    ("own confirmation", lambda o: service.confirm(who("clerk", NOW), o, "x", "y", NOW), "answered"),
    ("own re-check", lambda o: service.accept(who("head", NOW), o, "", NOW), "rectified"),
    ("foreign rectification", lambda o: service.rectify(who("other_head", NOW), o, "x", NOW), "rectifying"),
    ("foreign call-back", lambda o: service.call_back(who("leader", NOW), o, How.PHONE, True, "x", NOW), "calling"),
]


def test_who_may_not(office, act):
    """One opinion goes through its states; at each one those whom the rule bars are refused."""
    with act():
        made = bad_review(office, case_id=closed_case(office).id)
        for stage in ("registered", "drafted", "answered", "rectifying", "rectified", "calling"):
            match stage:
                case "drafted":
                    service.contact(who("office", NOW), made, How.PHONE, "已联系", NOW)
                    service.draft(who("head", NOW), made, "答复", NOW)
                case "answered":
                    service.approve(who("leader", NOW), made, "", NOW)
                    service.answer(who("office", NOW), made, How.WRITING, "已寄出", NOW)
                case "rectifying":
                    service.confirm(who("supervisor", NOW), made, "属实", "整改", NOW)
                case "rectified":
                    service.rectify(who("head", NOW), made, "已整改", NOW)
                case "calling":
                    service.accept(who("office", NOW), made, "", NOW)
            db.session.flush()
            for _name, verb, at_stage in REFUSED:
                if at_stage == stage:
                    with pytest.raises(NotAllowed):
                        verb(made)


def test_untrue_takes_two_persons_and_tells_the_score(office, act):
    told = []
    seams._untrue.append(lambda o, at: told.append((o.number, at)))
    try:
        with act():
            made = to_answered(bad_review(office))
            with pytest.raises(Invalid):
                service.propose_untrue(who("office", NOW), made, "", NOW)
            service.propose_untrue(who("office", NOW), made, "监控显示不在现场", NOW)
            with pytest.raises(NotAllowed):
                service.find_untrue(who("office", NOW), made, "", NOW)
            with pytest.raises(IllegalMove):
                service.confirm(who("supervisor", NOW), made, "x", "y", NOW)
            service.refuse_untrue(who("supervisor", NOW), made, "监控不全", NOW)
            assert made.verdict is None
            service.propose_untrue(who("supervisor", NOW), made, "录音为证", NOW)
            service.find_untrue(who("office", NOW), made, "同意", NOW)
    finally:
        seams._untrue.pop()
    assert (made.verdict, made.state) == (Verdict.UNTRUE, S.CALLING_BACK), "called back all the same"
    assert told == [(made.number, NOW)]
    assert list(breaches.breaches(0)) == []
    assert list(breaches.undone(0)) == []


def test_what_the_office_itself_is_told_of_is_judged_by_others(office, act):
    with act():
        made = service.open_opinion(
            "problem", "电话没人接", NOW, department_id=office.departments["BG"], source="letter",
            post_id=office.posts["BG-1"],
        )  # fmt: skip
        service.draft(who("office", NOW), made, "已调整值班", NOW)
        service.approve(who("leader", NOW), made, "", NOW)
        service.answer(who("office", NOW), made, How.PHONE, "知道了", NOW)
        db.session.flush()
        for one in ("office", "supervisor"):
            with pytest.raises(NotAllowed):
                service.confirm(who(one, NOW), made, "x", "y", NOW)
        service.confirm(who("principal", NOW), made, "属实", "落实值班", NOW)
    assert made.state is S.RECTIFYING


def test_limits_that_pass_are_recorded_once_also_when_the_act_comes_before_the_sweep(office, act):
    with act():
        first, second = bad_review(office), bad_review(office)
    late = NOW + timedelta(days=3)
    with act():
        service.contact(who("office", late), second, How.PHONE, "晚了", late)
        assert clocks.sweep(late) == 1
        assert clocks.sweep(late) == 0
    assert first.contact_warned_at is not None
    assert second.contact_warned_at is not None
    assert db.session.scalar(select(func.count()).where(JournalEntry.event == words.CONTACT_OVERDUE.tag)) == 2
    with act():
        service.contact(who("office", late), first, How.PHONE, "补联系", late)
        service.draft(who("head", late), first, "答复", late)
        service.approve(who("leader", late), first, "", late)
        after = late + timedelta(days=15)
        assert clocks.sweep(after) == 1, "the answer"
        service.answer(who("head", after), first, How.PHONE, "好", after)
        service.confirm(who("office", after), first, "属实", "整改", after)
        due = first.last.due_at
        service.receive(who("head", after), first, after)
        assert first.last.due_at < due, "signed for at once: the days run from now"
        with pytest.raises(Conflict):
            service.receive(who("head", after), first, after)
        end = after + timedelta(days=40)
        assert clocks.sweep(end) == 1
        assert clocks.sweep(end) == 0
    found = list(breaches.breaches(0))
    assert [(b.kind, b.key) for b in found] == [
        ("late_contact", "YJ-2026-0002/contact"),
        ("late_contact", "YJ-2026-0001/contact"),
        ("late_answer", "YJ-2026-0001/answer"),
        ("bad_review", "YJ-2026-0001/confirmed"),
        ("late_rectification", "YJ-2026-0001/rectification/1"),
    ]
    assert all(b.rule == "S-4" and b.department_id == office.departments["YW"] and b.entry_seq for b in found)
    assert [b.key for b in breaches.breaches(found[2].entry_seq)] == [b.key for b in found[3:]]


def test_a_confirmation_can_be_corrected_after_the_end(office, act):
    with act():
        made = to_rectified(bad_review(office, case_id=closed_case(office).id))
        service.accept(who("office", NOW), made, "", NOW)
        service.call_back(who("office", NOW), made, How.PHONE, True, "满意", NOW)
    breach = next(iter(breaches.breaches(0)))
    assert breach.person_id == office.users["clerk"]
    assert breach.post_id == office.posts["YW-1"]
    with act():
        service.propose_untrue(who("supervisor", later(days=9)), made, "认错了人", later(days=9))
        service.find_untrue(who("office", later(days=9)), made, "", later(days=9))
    assert made.state is S.CLOSED
    assert made.verdict is Verdict.UNTRUE
    assert list(breaches.undone(0)) == [breach.key]
    assert queries.due_of(made) is None


BY_SQL = [
    "UPDATE client_opinion SET answer = 'x' WHERE state = 'closed'",
    "UPDATE client_opinion SET state = 'answered', closed_at = NULL WHERE state = 'closed'",
    "UPDATE client_opinion SET approved_by_id = drafted_by_id",
    "UPDATE client_opinion SET verdict = 'untrue'",
    "UPDATE client_opinion_rectification SET text = 'x'",
    "UPDATE client_opinion_rectification SET rechecked_by_id = rectified_by_id",
    "DELETE FROM client_opinion",
    "DELETE FROM client_opinion_rectification",
]


def test_the_database_refuses_too(office, act):
    with act():
        made = to_rectified(bad_review(office))
        service.accept(who("office", NOW), made, "", NOW)
        service.call_back(who("office", NOW), made, How.PHONE, True, "满意", NOW)
    for statement in BY_SQL:
        with pytest.raises(IntegrityError), db.engine.begin() as connection:
            connection.execute(text(statement))


def test_the_phone_is_shown_only_to_who_must_speak_to_the_client(office, act):
    with act():
        made = bad_review(office, case_id=closed_case(office).id)

    def sees() -> set[str]:
        everybody = ("clerk", "head", "other_head", "leader", "principal", "office", "supervisor")
        return {name for name in everybody if rights.sees_contact(who(name, NOW), made)}

    assert sees() == {"head", "office"}, "to contact"
    with act():
        to_rectified(db.session.get(Opinion, made.id))
        assert sees() == set(), "nobody has to speak to the client now"
        service.accept(who("office", NOW), made, "", NOW)
        assert sees() == {"office", "supervisor", "principal"}, "to call back"
        service.call_back(who("office", NOW), made, How.PHONE, True, "满意", NOW)
    assert sees() == set()
