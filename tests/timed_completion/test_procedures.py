"""Special procedures: begin, end, cap, overlap, close (T-4). Dates by hand: 2026-11-18 is a Wednesday."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from portal.cases import handling, queries, sweeping
from portal.cases import service as cases
from portal.cases.models import PauseEnd
from portal.kernel import clock, plates, transaction
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.policy import service as policy
from portal.pure.deadlines import Light
from portal.timed_completion import service
from tests.timed_completion.conftest import again, case_of, events, facts, hearing, local

MORNING = local(11, 19, 10, 0)
CAP = local(11, 26)


def kinds_of_todos(app, actor, at):
    """What the actor is asked to do here at an instant."""
    with app.test_request_context():
        return [t.kind for t in plates.todos(actor, at) if t.kind.startswith("timed_completion.")]


def row(case, at):
    """The case as lists show it at an instant; nothing is swept."""
    with clock.at(at):
        return next(r for r in queries.rows(queries.columns()) if r.id == case.id)


def test_begun_both_clocks_stop_up_to_the_cap_with_old_and_new(begun):
    """Used: the 19th. Then 27, 30 November, 1, 2 December; of twenty days 19 from the 27th on: 23 December."""
    case = case_of(begun)
    assert (case.stopped, case.stopped_until) == (True, CAP)
    assert (case.due_at, case.statutory_due_at) == (local(12, 2), local(12, 23))
    [entry] = facts(case, "cases.paused")
    assert [datetime.fromisoformat(entry[k]) for k in ("old_due", "due", "old_statutory_due", "statutory_due")] == [
        local(11, 25), local(12, 2), local(12, 16), local(12, 23),
    ]  # fmt: skip
    assert (entry["reason"], entry["promised"], entry["statutory"]) == ("hearing", True, True)
    assert datetime.fromisoformat(entry["until"]) == CAP
    assert (begun.number, len(begun.check_code)) == ("TC-2026-0001", 6)
    assert (begun.pause.due_before, begun.pause.statutory_before) == (local(11, 25), local(12, 16))


def test_ended_by_the_handler_with_its_result(begun, do):
    """Ended Monday 23 November 11:00: stopped were the 20th and the 23rd. 19 | 24, 25, 26, 27; and 18 December."""
    do("clerk", local(11, 23, 11, 0), lambda actor, at: service.end(actor, begun, begun.case, "双方无异议", at))
    case = case_of(begun)
    assert (case.due_at, case.statutory_due_at, case.stopped) == (local(11, 27), local(12, 18), False)
    [entry] = facts(case, "cases.resumed")
    assert entry["ended"] == "resumed"
    said = ("at", "old_due", "due", "old_statutory_due", "statutory_due")
    assert [datetime.fromisoformat(entry[k]) for k in said] == [
        local(11, 23, 11, 0), local(12, 2), local(11, 27), local(12, 23), local(12, 18),
    ]  # fmt: skip
    assert (begun.pause.due_after, begun.pause.statutory_after) == (local(11, 27), local(12, 18))
    with pytest.raises(Conflict):
        do("clerk", local(11, 24, 9, 0), lambda actor, at: service.end(actor, begun, begun.case, "再记", at))


def test_at_the_cap_the_clock_runs_again_though_nothing_recorded_it(begun):
    case = case_of(begun)
    assert row(case, local(11, 26, 17, 29)).stopped
    assert not row(case, CAP).stopped
    # Five running days of 420 minutes are due soon with 700 left: 420 on 2 December, 240 and 40 on the first: 11:20.
    assert row(case, local(12, 1, 11, 19)).light is Light.NORMAL
    assert row(case, local(12, 1, 11, 20)).light is Light.DUE_SOON
    assert row(case, local(12, 2, 17, 31)).light is Light.OVERDUE
    assert again(case).pauses[0].to_at is None


def test_the_cap_is_recorded_once_with_its_own_instant_and_an_alarm_until_the_result_is_there(begun, as_actor, do, app):
    late = local(12, 1, 9, 0)
    for _ in range(2):
        with transaction.act():
            sweeping.sweep(late)
    case = case_of(begun)
    [pause] = case.pauses
    assert (pause.to_at, pause.ended) == (CAP, PauseEnd.CAP)
    [entry] = facts(case, "cases.resumed")
    assert entry["ended"] == "cap"
    assert datetime.fromisoformat(entry["at"]) == CAP
    assert datetime.fromisoformat(entry["due"]) == case.due_at == local(12, 2)
    assert kinds_of_todos(app, as_actor("clerk", late), late).count("timed_completion.alarm") == 1
    do("clerk", late, lambda actor, at: service.end(actor, begun, begun.case, "听证报告已收到", at))
    assert len(facts(case_of(begun), "cases.resumed")) == 1, "only the result is added"
    assert "timed_completion.alarm" not in kinds_of_todos(app, as_actor("clerk", late), late)


def test_the_alarm_does_not_wait_for_the_sweep(begun, as_actor, app):
    before = local(11, 26, 17, 29)
    assert kinds_of_todos(app, as_actor("clerk", before), before) == ["timed_completion.tell"]
    assert "timed_completion.alarm" in kinds_of_todos(app, as_actor("clerk", CAP), CAP)


def test_any_verb_after_the_cap_settles_it_first(begun, do):
    do("clerk", local(11, 30, 9, 0), cases.start, begun.case)
    case = case_of(begun)
    assert case.pauses[0].to_at == CAP
    assert [e for e in events(case) if e in ("cases.resumed", "cases.started")] == ["cases.resumed", "cases.started"]


def test_a_later_cap_never_rewrites_what_runs(begun, do):
    do(
        "office",
        local(11, 20, 9, 0),
        lambda actor, at: policy.set_value(actor, "timed_completion.pause_cap_hearing", "20wd", "延长", at),
    )
    assert case_of(begun).pauses[0].until_at == CAP


def test_overlapping_pauses_are_one_stop_and_each_ends_by_itself(begun, do):
    """The supplement wanted on the 20th outlasts the hearing's cap: no promised date until the client comes back on
    Monday 30 November 10:00: 19 | 1, 2, 3, 4 December. The law's clock stood in the hearing alone: 23 December."""
    case = begun.case
    do(
        "clerk",
        local(11, 20, 9, 0),
        lambda actor, at: cases.want_supplement(
            actor, case, "GZ-2026-0001", date(2026, 12, 9), [m for m in case.materials if m.position == 1], at
        ),
    )
    assert case_of(begun).due_at is None
    with transaction.act():
        sweeping.sweep(local(11, 27, 9, 0))
    found = case_of(begun)
    assert found.stopped
    assert found.stopped_until is None
    assert found.statutory_due_at == local(12, 23)
    do("clerk", local(11, 30, 10, 0), cases.supplement, found, [1])
    assert (case_of(begun).due_at, case_of(begun).statutory_due_at) == (local(12, 4), local(12, 23))


def test_closing_ends_the_pause(begun, do):
    do("clerk", local(11, 20, 15, 0), handling.complete, begun.case, "听证前撤销申请，准予", "批复", "")
    [pause] = case_of(begun).pauses
    assert (pause.to_at, pause.ended) == (local(11, 20, 15, 0), PauseEnd.CLOSED)
    with transaction.act():
        sweeping.sweep(local(12, 20))
    assert facts(begun.case, "cases.resumed") == []


@pytest.mark.parametrize(
    ("reason", "why"), [("site_visit", "现场"), ("countersigning", "会签"), ("leader_absent", "AB 岗")]
)
def test_what_stops_no_clock_is_refused_with_the_reason_why(accepted, do, reason, why):
    case = accepted()
    with pytest.raises(Invalid) as refused:
        do("clerk", MORNING, lambda actor, at: service.start(actor, case, hearing(reason=reason), at))
    assert refused.value.field == "reason"
    assert why in refused.value.message
    assert again(case).pauses == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"reason": "supplement"}, "reason"),
        ({"reason": "upper_authority"}, "reason"),
        ({"reason": "lunch"}, "reason"),
        ({"agency": ""}, "agency"),
        ({"basis": ""}, "basis"),
        ({"expected_on": None}, "expected_on"),
        ({"expected_on": date(2026, 11, 18)}, "expected_on"),
        ({"expected_on": date(2026, 11, 27)}, "expected_on"),
    ],
)
def test_bad_beginnings_are_refused_at_their_field(accepted, do, capped, changed, field):
    case = accepted()
    with pytest.raises(Invalid) as refused:
        do("clerk", MORNING, lambda actor, at: service.start(actor, case, hearing(**changed), at))
    assert refused.value.field == field


def test_before_acceptance_by_others_and_twice_it_is_refused(opened, begun, do):
    with pytest.raises(Conflict):
        do("clerk", MORNING, lambda actor, at: service.start(actor, received, hearing(), at)) if (
            received := opened((1,))
        ) else None
    with pytest.raises(NotAllowed):
        do("other", MORNING, lambda actor, at: service.start(actor, begun.case, hearing(reason="test"), at))
    with pytest.raises(Conflict):
        do("clerk", local(11, 20, 9, 0), lambda actor, at: service.start(actor, begun.case, hearing(), at))


def test_after_its_own_limit_a_pause_undoes_nothing(accepted, do, capped):
    case = accepted()
    late = local(11, 27, 10, 0)
    do("clerk", late, lambda actor, at: service.start(actor, case, hearing(expected_on=date(2026, 12, 1)), at))
    assert again(case).due_at == local(11, 25)
    assert row(case, late).light is Light.OVERDUE


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE case_pause SET until_at = '2027-06-01 00:00:00'",
        "UPDATE case_pause SET to_at = '2026-12-24 00:00:00'",
        "UPDATE case_pause SET from_at = '2026-11-01 00:00:00'",
        "UPDATE case_pause SET stops_statutory = NOT stops_statutory",
        "DELETE FROM case_pause",
        "DELETE FROM special_procedure",
    ],
)
def test_the_database_keeps_a_pause_as_it_was_begun(begun, statement):
    with pytest.raises(DatabaseError), db.engine.begin() as connection:
        connection.execute(text(statement))
