"""Withdrawal and lapse need a second person (N-7); consultations are recorded (N-5)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.exc import DBAPIError

from portal.cases import handling, queries, second_person, service
from portal.cases.models import CaseProposal, CaseState, ProposalKind
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.pure.states import IllegalMove
from tests.cases.conftest import again, events
from tests.office import NOW, later

UNTIL = date(2026, 12, 9)
#: The day after the notice's date.
PAST = later(days=22)


@pytest.fixture
def propose(do):
    def run(case, kind=ProposalKind.WITHDRAW, at=NOW, username="clerk", statement=""):
        return do(
            username,
            at,
            lambda actor, now: second_person.propose(actor, case, kind, "申请人来电", False, statement, now),
        )

    return run


@pytest.fixture
def decide(do):
    def run(username, proposal, confirmed=True, reason="", at=NOW):
        return do(username, at, lambda actor, now: second_person.decide(actor, proposal.id, confirmed, reason, now))

    return run


@pytest.fixture
def silent(opened, do):
    """A case whose client let the notice's date pass and was reminded."""
    case = opened((1,))
    do("clerk", NOW, lambda a, now: service.want_supplement(a, case, "GZ-2026-0001", UNTIL, (), now))
    do("clerk", later(days=16), service.remind, again(case), "phone")
    return again(case)


@pytest.mark.parametrize(
    ("username", "may"),
    [
        ("clerk", False),
        ("clerk2", True),
        ("head", True),
        ("leader", True),
        ("leader2", False),
        ("other", False),
        ("other_head", False),
        ("office", False),
        ("supervisor", False),
        ("sysadmin", False),
    ],
)
def test_who_is_a_second_person(opened, propose, decide, as_actor, username, may):
    case = opened()
    made = propose(case)
    assert second_person.may_confirm(as_actor(username), case, made) is may
    assert (made in queries.proposals_waiting(as_actor(username))) is may
    if may:
        decide(username, made)
        assert again(case).state is CaseState.WITHDRAWN
    else:
        with pytest.raises(NotAllowed):
            decide(username, made)
        db.session.rollback()
        assert again(case).state is CaseState.RECEIVED


def test_the_database_too_refuses_one_and_the_same_person(opened, propose, act):
    made = propose(opened())
    with pytest.raises(DBAPIError), act():
        db.session.execute(
            db.update(CaseProposal).where(CaseProposal.id == made.id).values(decided_by_id=made.proposed_by_id)
        )


def test_a_refused_proposal_needs_a_reason_and_leaves_the_case_open(opened, propose, decide):
    case = opened()
    made = propose(case)
    with pytest.raises(Invalid):
        decide("clerk2", made, confirmed=False)
    db.session.rollback()
    decide("clerk2", made, confirmed=False, reason="申请人否认撤回")
    assert again(case).closed_at is None
    assert "cases.proposal_refused" in events(case)
    with pytest.raises(Conflict):
        decide("head", made)
    db.session.rollback()
    assert propose(again(case)).id != made.id


def test_one_proposal_at_a_time_decided_once(opened, propose, decide):
    case = opened()
    made = propose(case)
    with pytest.raises(Conflict):
        propose(again(case))
    db.session.rollback()
    decide("clerk2", made)
    with pytest.raises(Conflict):
        decide("head", made)


def test_a_proposal_of_a_case_that_ended_otherwise_waits_for_nobody(accepted, propose, do, as_actor):
    case = accepted()
    propose(case)
    do("clerk", NOW, handling.complete, again(case), "已认定", "批复", "")
    assert queries.proposals_waiting(as_actor("clerk2")) == []


@pytest.mark.parametrize("day", [0, 21])
def test_no_lapse_before_the_date_has_passed(silent, propose, day):
    with pytest.raises(Invalid) as refused:
        propose(silent, ProposalKind.LAPSE, later(days=day))
    assert refused.value.rule == "N-7"


def test_no_lapse_without_a_reminder(opened, do, propose):
    case = opened((1,))
    do("clerk", NOW, lambda a, now: service.want_supplement(a, case, "GZ-2026-0001", UNTIL, (), now))
    with pytest.raises(Invalid):
        propose(again(case), ProposalKind.LAPSE, PAST)


def test_only_a_waiting_case_lapses(accepted, propose):
    with pytest.raises(IllegalMove):
        propose(accepted(), ProposalKind.LAPSE, PAST, statement="说明")


def test_a_silent_client_lapses_with_a_second_person_and_can_revive(silent, propose, decide, do):
    made = propose(silent, ProposalKind.LAPSE, PAST)
    decide("clerk2", made, at=PAST)
    found = again(silent)
    assert (found.state, found.closed_late) == (CaseState.LAPSED, False)
    linked = do("clerk", PAST, handling.correct, found)
    assert linked.origin_id == silent.id
    assert [m.position for m in linked.materials if m.received_at] == [1]


@pytest.mark.parametrize("back", ["complete", "incomplete", "new notice"])
def test_a_client_who_came_back_does_not_lapse(silent, propose, decide, do, back):
    made = propose(silent, ProposalKind.LAPSE, PAST)
    if back == "new notice":
        do(
            "clerk",
            PAST,
            lambda a, now: service.want_supplement(a, again(silent), "GZ-2026-0002", date(2027, 1, 5), (), now),
        )
    else:
        do("clerk", PAST, service.supplement, again(silent), [2, 3] if back == "complete" else [2])
    with pytest.raises(Conflict):
        decide("clerk2", made, at=PAST)
    db.session.rollback()
    assert again(silent).closed_at is None
    decide("clerk2", made, confirmed=False, reason="申请人已来补正", at=PAST)


def test_after_an_incomplete_supplement_a_further_notice_comes_first(silent, propose, do):
    do("clerk", later(days=10), service.supplement, silent, [2])
    with pytest.raises(Invalid):
        propose(again(silent), ProposalKind.LAPSE, PAST)


def test_consultations_are_asked_answered_once_and_told(opened, do):
    case = opened()
    made = do("clerk", NOW, lambda a, now: second_person.consult(a, case, "学会服务科", "是否须学会盖章？", now))
    do("clerk", later(hours=1), lambda a, now: second_person.answer_consultation(a, made, "须盖章", now))
    [found] = queries.consultations(case.id)
    assert (found.answer, found.client_told_at) == ("须盖章", later(hours=1))
    with pytest.raises(Conflict):
        do("clerk", later(hours=2), lambda a, now: second_person.answer_consultation(a, found, "不须", now))
