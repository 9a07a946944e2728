"""C-9: charged against published, a difference has a reason; C-8: proposed, approved by another, given."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from portal.cases import handling
from portal.fee import queries, service
from portal.fee.models import CaseFee, Consequence, ConsequenceState
from portal.fee.queries import Wanted
from portal.kernel import clock, journal
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.service_commitment.models import BreachKind
from tests.office import NOW

TODAY = NOW.date()


@pytest.fixture
def charge(case, do):
    def run(fen, who="clerk", at=NOW, on=TODAY, **more):
        return do(who, at, lambda actor, now: service.charge(actor, case, fen, on, now, **more))

    return run


@pytest.fixture
def propose(case, do):
    def run(kind=BreachKind.APOLOGY, amount=None, who="clerk"):
        return do(who, NOW, lambda a, now: service.propose(a, case, kind, "超期两天", "书面致歉", amount, now))

    return run


def events(case):
    return [e.event for e in journal.of_object("case", case.id)]


@pytest.mark.parametrize(
    ("fen", "quantity", "reason", "difference"),
    [(1000, 1, "", 0), (3000, 3, "", 0), (1200, 1, "多印一份", 200), (0, 1, "免收", -1000), (1000, 2, "减半", -1000)],
)
def test_what_was_charged_stands_beside_what_is_published(case, charge, fen, quantity, reason, difference):
    made = charge(fen, quantity=quantity, reason=reason)
    assert (made.expected_fen, made.difference_fen) == (1000 * quantity, difference)
    assert made.version_id == case.promise_version_id
    told = [e for e in journal.of_object("case", case.id) if e.event == "fee.differed"]
    assert len(told) == (difference != 0)
    if told:
        facts = told[0].fact()
        assert (facts["expected"], facts["charged"], facts["difference"]) == (1000 * quantity, fen, difference)


def test_a_difference_without_a_reason_is_refused(case, charge):
    with pytest.raises(Invalid) as refused:
        charge(900)
    assert (refused.value.field, refused.value.rule) == ("reason", "C-9")
    assert queries.fees_of(case.id) == []
    assert "fee.charged" not in events(case)


def test_it_is_recorded_after_the_case_was_closed_too(case, do, charge):
    do("clerk", NOW, lambda a, now: handling.complete(a, case, "已认定", "", "", now))
    assert charge(1000, at=NOW + timedelta(hours=1)).charged_fen == 1000


@pytest.mark.parametrize(
    ("more", "field"),
    [({"on": TODAY + timedelta(days=1)}, "charged_on"), ({"on": TODAY - timedelta(days=1)}, "charged_on")],
)
def test_days_out_of_range_are_refused(charge, more, field):
    with pytest.raises(Invalid) as refused:
        charge(1000, **more)
    assert refused.value.field == field


def test_only_who_answers_for_the_case_records(charge):
    for who in ("other", "office", "leader", "auditor"):
        with pytest.raises(NotAllowed):
            charge(1000, who=who)


def test_a_record_is_corrected_once_by_a_further_one(case, as_actor, charge):
    first = charge(1200, reason="多收")
    second = charge(1000, corrects=first.id)
    with pytest.raises(Conflict):
        charge(900, reason="再改", corrects=first.id)
    stand = db.session.scalars(queries.fees(as_actor("office"), Wanted())).all()
    assert [f.id for f in stand] == [second.id]
    assert queries.sums(queries.fees(as_actor("office"), Wanted())).charged == 1000
    assert [f.id for f in db.session.scalars(queries.fees(as_actor("office"), Wanted(which="corrected")))] == [first.id]


def test_the_register_shows_differences_and_own_departments_only(as_actor, charge):
    charge(1000)
    made = charge(1500, reason="加急工本")
    less = charge(0, reason="免收")
    for which, ids in (("differs", {made.id, less.id}), ("more", {made.id}), ("less", {less.id})):
        assert {f.id for f in db.session.scalars(queries.fees(as_actor("head"), Wanted(which=which)))} == ids
    assert db.session.scalars(queries.fees(as_actor("other_head"), Wanted())).all() == []


def test_the_database_keeps_fees(case, charge, act):
    made = charge(1000)
    for sql in (
        "UPDATE case_fee SET charged_fen = 1, reason = 'x' WHERE id = :id",
        "DELETE FROM case_fee WHERE id = :id",
        "INSERT INTO case_fee (case_id, department_id, published_fen, unit, quantity, expected_fen, charged_fen,"
        " reason, receipt, charged_on, recorded_at) SELECT case_id, department_id, published_fen, unit, quantity,"
        " expected_fen, 1, '', receipt, charged_on, recorded_at FROM case_fee WHERE id = :id",
    ):
        with pytest.raises(DatabaseError), act():
            db.session.execute(text(sql), {"id": made.id})


def test_a_consequence_goes_from_proposal_to_given(case, do, propose):
    made = propose(BreachKind.COMPENSATION, 5000)
    assert made.number.startswith("WN-2026-")
    do("head", NOW, lambda a, now: service.approve(a, made, "同意", now))
    do("clerk", NOW, lambda a, now: service.give(a, made, clock.today(), "转账 0012", now))
    assert made.state is ConsequenceState.GIVEN
    assert events(case)[-3:] == [
        "fee.consequence_proposed",
        "fee.consequence_approved",
        "fee.consequence_given",
    ]


def test_only_what_the_version_publishes_is_proposed(case, propose):
    with pytest.raises(Invalid) as refused:
        propose(BreachKind.REFERENCE)
    assert refused.value.field == "kind"
    for amount in (None, 0, -5):
        with pytest.raises(Invalid) as refused:
            propose(BreachKind.COMPENSATION, amount)
        assert refused.value.field == "amount"
    assert propose(BreachKind.APOLOGY, 500).amount_fen is None


def test_a_version_without_consequences_has_none(accepted, do):
    plain = accepted(item="SX-003", username="other", received=(1, 2))
    with pytest.raises(Conflict):
        do("other", NOW, lambda a, now: service.propose(a, plain, BreachKind.APOLOGY, "迟", "致歉", None, now))


def test_nobody_approves_what_they_proposed(do, propose):
    made = propose(who="head")
    with pytest.raises(NotAllowed):
        do("head", NOW, lambda a, now: service.approve(a, made, "", now))
    for who in ("clerk", "other_head", "leader2", "office"):
        with pytest.raises(NotAllowed):
            do(who, NOW, lambda a, now: service.approve(a, made, "", now))
    do("leader", NOW, lambda a, now: service.approve(a, made, "", now))
    with pytest.raises(Conflict):
        do("principal", NOW, lambda a, now: service.approve(a, made, "", now))


def test_a_refusal_has_a_reason_and_ends_it(do, propose):
    made = propose()
    with pytest.raises(Invalid):
        do("head", NOW, lambda a, now: service.refuse(a, made, "", now))
    do("head", NOW, lambda a, now: service.refuse(a, made, "没有超期", now))
    with pytest.raises(Conflict):
        do("clerk", NOW, lambda a, now: service.give(a, made, clock.today(), "已致歉", now))
    with pytest.raises(Conflict):
        do("clerk", NOW, lambda a, now: service.withdraw(a, made, now))


def test_only_the_proposer_withdraws(do, propose):
    made = propose()
    with pytest.raises(NotAllowed):
        do("head", NOW, lambda a, now: service.withdraw(a, made, now))
    do("clerk", NOW, lambda a, now: service.withdraw(a, made, now))
    assert made.state is ConsequenceState.WITHDRAWN


def test_it_waits_for_whom_it_should(as_actor, do, propose):
    made = propose()
    assert [w.number for w in queries.waiting(as_actor("head"))] == [made.number]
    assert [w.number for w in queries.waiting(as_actor("leader"))] == [made.number]
    assert queries.waiting(as_actor("clerk")) == queries.waiting(as_actor("other_head")) == []
    do("head", NOW, lambda a, now: service.approve(a, made, "", now))
    assert [w.number for w in queries.waiting(as_actor("clerk"))] == [made.number]
    assert queries.waiting(as_actor("leader")) == []


def test_the_database_refuses_what_the_rules_refuse(office, propose, act):
    made = propose()
    own = {"id": made.id, "who": made.proposed_by_id, "other": office.users["head"]}
    for change in (
        "state = 'approved', decided_by_id = :who",
        "state = 'approved'",
        "state = 'given', given_on = '2026-11-18', decided_by_id = :other",
        "state = 'given'",
    ):
        with pytest.raises(DatabaseError), act():
            db.session.execute(text(f"UPDATE case_consequence SET {change} WHERE id = :id"), own)
    with pytest.raises(DatabaseError), act():
        db.session.execute(text("DELETE FROM case_consequence WHERE id = :id"), own)
    assert db.session.get(Consequence, made.id, populate_existing=True).state is ConsequenceState.PROPOSED
    assert db.session.query(CaseFee).count() == 0
