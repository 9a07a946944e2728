"""Extensions: asked in time, decided by a superior, once (T-5). Dates by hand: 2026-11-18 is a Wednesday."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from portal.cases import clocks
from portal.cases import service as cases
from portal.cases.models import CaseHandler
from portal.cases.service import Client
from portal.kernel import clock, plates, transaction
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.policy import service as policy
from portal.post_duty.models import Post
from portal.service_commitment import queries as catalogue
from portal.service_commitment import service as catalogue_service
from portal.service_commitment.service import Content
from portal.timed_completion import extending, queries
from portal.timed_completion.models import CaseExtension, ExtensionState
from tests.denial_filing.test_decide import away
from tests.office import FOUNDED, NOW
from tests.timed_completion.conftest import again, case_of, events, facts, local

NEXT = local(11, 23, 9, 0)
DUE = local(11, 25)


def decide(extension, granted=True, answer=""):
    return lambda actor, at: extending.decide(actor, extension, extension.case, granted, answer, at)


def ask(case, days=3, reason="场地核验需要时间"):
    return lambda actor, at: extending.ask(actor, case, days, reason, at)


def handled(case, user_id):
    with transaction.act():
        db.session.add(CaseHandler(case_id=case.id, user_id=user_id))


@pytest.fixture
def of_item(office, do):
    """An accepted case of an item made for the test: ``of_item("5wd", "7wd", licence=True)``."""

    def make(promised, statutory, **more):
        with transaction.act():
            post = db.session.get(Post, office.posts["YW-1"])
            item = catalogue_service.add(SYSTEM, "SX-900", "试验事项", post, FOUNDED)
            content = Content("试验事项", promised, statutory, basis="依据", procedure="程序", **more)
            catalogue_service.publish(SYSTEM, item, content, FOUNDED)
            found = item.id
        case = do(
            "clerk",
            NOW,
            lambda actor, at: cases.open_case(
                actor, at, matter="试验事项", client=Client("", "周小明"), item=catalogue.by_id(found)
            ),
        )
        do("clerk", NOW, cases.accept, case)
        return case

    return make


def test_granted_by_the_head_the_promise_moves_and_the_law_does_not(asked, do):
    """Three working days after Wednesday 25 November: 26, 27, 30."""
    assert (asked.number, asked.state) == ("YQ-2026-0001", ExtensionState.WAITING)
    assert case_of(asked).due_at == DUE, "the request stops no clock"
    do("head", NEXT, decide(asked, answer="同意"))
    case = case_of(asked)
    assert (case.due_at, case.statutory_due_at) == (local(11, 30), local(12, 16))
    assert (case.extended_days, case.statutory_extended_days) == (3, 0)
    [entry] = facts(case, "cases.extended")
    assert [datetime.fromisoformat(entry[k]) for k in ("old_due", "due")] == [DUE, local(11, 30)]
    assert {datetime.fromisoformat(entry[k]) for k in ("old_statutory_due", "statutory_due")} == {local(12, 16)}
    assert (asked.old_due_at, asked.due_at) == (DUE, local(11, 30))


def test_a_licence_is_extended_by_the_leader_on_both_clocks(of_item, do):
    """5wd: 25 November, 20wd: 16 December; ten days more: 9 and 30 December (law 42)."""
    case = of_item("5wd", "20wd", licence=True)
    with pytest.raises(Invalid):
        do("clerk", NOW, ask(case, 11))
    extension = do("clerk", NOW, ask(case, 10))
    with pytest.raises(NotAllowed):
        do("head", NEXT, decide(extension))
    do("leader", NEXT, decide(extension))
    found = again(case)
    assert (found.due_at, found.statutory_due_at) == (local(12, 9), local(12, 30))
    assert (found.extended_days, found.statutory_extended_days) == (10, 10)


def test_a_promise_never_reaches_beyond_the_statutory_limit(of_item, do):
    """5wd: 25 November, 7wd: the 27th. Two days more are the 27th as well, three would be the 30th."""
    case = of_item("5wd", "7wd")
    with pytest.raises(Invalid) as refused:
        do("clerk", NOW, ask(case, 3))
    assert refused.value.field == "days"
    do("clerk", NOW, ask(case, 2))


@pytest.mark.parametrize("days", [None, 0, -1, 6])
def test_at_most_what_policy_says(accepted, do, days):
    case = accepted()
    with pytest.raises(Invalid) as refused:
        do("clerk", NOW, ask(case, days))
    assert refused.value.field == "days"


def test_to_the_very_instant_it_may_be_asked_and_after_it_not(accepted, do):
    case, other = accepted(), accepted()
    with pytest.raises(Conflict) as refused:
        do("clerk", DUE + timedelta(seconds=1), ask(case))
    assert "超期" in refused.value.message
    do("clerk", DUE, ask(other))


def test_never_by_who_asked_or_handled_also_not_for_another(asked, office, do, as_actor, app):
    """The head is away and B of that post has had a hand in the case: the leader decides (D-4, AB-3)."""
    with pytest.raises(NotAllowed):
        do("clerk", NEXT, decide(asked))
    away(app, "head", hours=24 * 8)
    assert queries.decider(asked, NEXT) == office.users["clerk2"], "acting for the head"
    handled(asked.case, office.users["clerk2"])
    with pytest.raises(NotAllowed) as refused:
        do("clerk2", NEXT, decide(asked))
    assert "经办过" in refused.value.message
    assert queries.decider(asked, NEXT) == office.users["leader"]
    handled(asked.case, office.users["leader"])
    assert queries.decider(asked, NEXT) == office.users["principal"]
    do("principal", NEXT, decide(asked, granted=False, answer="按期办结"))
    assert (case_of(asked).due_at, case_of(asked).extended_days) == (DUE, 0)


def test_who_acts_for_the_head_cannot_decide_what_they_asked_for(accepted, do, office, app):
    away(app, "clerk", hours=24 * 8)
    away(app, "head", hours=24 * 8)
    case = accepted(username="clerk2")
    extension = do("clerk2", NEXT, ask(case))
    assert queries.decider(extension, NEXT) == office.users["leader"]
    with pytest.raises(NotAllowed):
        do("clerk2", NEXT, decide(extension))


def test_policy_may_leave_all_to_the_leader(asked, office, do):
    do(
        "office",
        NOW,
        lambda actor, at: policy.set_value(actor, "timed_completion.extension_head_decides", "false", "收紧", at),
    )
    assert queries.decider(asked, NEXT) == office.users["leader"]


def test_refused_with_reasons_it_may_be_asked_for_again_granted_once(asked, do):
    with pytest.raises(Invalid):
        do("head", NEXT, decide(asked, granted=False))
    do("head", NEXT, decide(asked, granted=False, answer="按期办结"))
    second = do("clerk", NEXT, ask(asked.case, 2))
    do("head", NEXT, decide(second))
    assert case_of(second).due_at == local(11, 27)
    for extension in (asked, second):
        with pytest.raises(Conflict):
            do("head", NEXT, decide(extension))
    with pytest.raises(Conflict) as refused:
        do("clerk", NEXT, ask(asked.case, 1))
    assert "一次" in refused.value.message


def test_one_request_at_a_time(asked, do):
    with pytest.raises(Conflict):
        do("clerk", NEXT, ask(asked.case, 1))


def test_undecided_it_falls_with_the_limit_whether_or_not_a_job_ran(asked, do, as_actor, app):
    after = DUE + timedelta(minutes=1)
    with app.test_request_context():
        assert "timed_completion.decide" in [t.kind for t in plates.todos(as_actor("head", DUE), DUE)]
        assert "timed_completion.decide" not in [t.kind for t in plates.todos(as_actor("head", after), after)]
    with pytest.raises(Conflict) as refused:
        do("head", after, decide(asked))
    assert "失效" in refused.value.message

    def listed(tab):
        with clock.at(after):
            query = queries.extension_list(as_actor("office"), queries.Wanted(tab=tab), after)
            return [e.number for e in db.session.scalars(query)]

    assert (listed("waiting"), listed("fallen")) == ([], ["YQ-2026-0001"])
    for expected in (1, 0):
        with transaction.act():
            assert extending.sweep(local(11, 27, 9, 0)) == expected
    assert (listed("waiting"), listed("fallen")) == ([], ["YQ-2026-0001"])
    [entry] = facts(case_of(asked), "timed_completion.extension_fallen")
    assert datetime.fromisoformat(entry["at"]) == DUE
    assert case_of(asked).due_at == DUE


def test_it_falls_with_the_case_too(asked, do):
    from portal.cases import handling

    do("clerk", NEXT, handling.complete, asked.case, "已认定", "批复", "")
    with pytest.raises(Conflict):
        do("head", NEXT, decide(asked))
    with transaction.act():
        assert extending.sweep(NEXT) == 1
    assert "timed_completion.extension_fallen" in events(asked.case)


def test_what_was_granted_counts_in_a_restart_too(accepted, do):
    """SX-003 restarts, 3wd: 23 November and two days, the 25th. Wanted on the 19th, brought back on the 24th: 3 + 2
    days from the 25th on: 25, 26, 27, 30 November, 1 December."""
    case = accepted("SX-003", "other", received=(1, 2))
    extension = do("other", NOW, ask(case, 2))
    do("other_head", NOW, decide(extension))
    assert again(case).due_at == DUE
    first = [m for m in case.materials if m.position == 1]
    do(
        "other",
        local(11, 19, 10, 0),
        lambda actor, at: cases.want_supplement(actor, case, "GZ-2026-0001", local(12, 9).date(), first, at),
    )
    do("other", local(11, 24, 10, 0), cases.supplement, again(case), [1])
    assert again(case).due_at == local(12, 1)


# --- the database itself --------------------------------------------------------------------------------------------


def run(statement, **values):
    with db.engine.begin() as connection:
        connection.execute(text(statement), values)


GRANT = "UPDATE case_extension SET state = 'granted', decided_at = asked_at, decided_by_id = :who"


def test_the_database_refuses_to_grant_oneself(asked, office):
    with pytest.raises(DatabaseError):
        run(GRANT, who=office.users["clerk"])


def test_the_database_refuses_a_grant_by_a_handler(asked, office):
    handled(asked.case, office.users["head"])
    with pytest.raises(DatabaseError):
        run(GRANT, who=office.users["head"])


def test_the_database_refuses_days_that_nobody_granted(asked):
    for statement in (
        'UPDATE "case" SET extended_days = 3',
        'UPDATE "case" SET statutory_extended_days = 3',
    ):
        with pytest.raises(DatabaseError):
            run(statement)


def test_the_database_refuses_another_number_of_days_and_a_second_time(asked, do):
    do("head", NEXT, decide(asked))
    for statement in (
        'UPDATE "case" SET extended_days = 9',
        'UPDATE "case" SET extended_days = 0',
        'UPDATE "case" SET statutory_extended_days = 3',
        "UPDATE case_extension SET days = 9",
        "UPDATE case_extension SET state = 'refused'",
        "DELETE FROM case_extension",
    ):
        with pytest.raises(DatabaseError):
            run(statement)


def test_the_database_refuses_a_second_grant_and_a_request_after_the_limit(asked, do, office):
    do("head", NEXT, decide(asked))

    def row(at):
        return CaseExtension(
            number="YQ-2026-0009",
            check_code="ABCDEF",
            case_id=asked.case_id,
            department_id=asked.department_id,
            days=1,
            reason="再延",
            asked_at=at,
            asked_by_id=office.users["clerk"],
            state=ExtensionState.WAITING,
        )

    db.session.add(row(local(12, 20)))
    with pytest.raises(DatabaseError):
        db.session.flush()
    db.session.rollback()
    db.session.add(row(NEXT))
    db.session.flush()
    with pytest.raises(DatabaseError):
        db.session.execute(text(f"{GRANT} WHERE number = 'YQ-2026-0009'"), {"who": office.users["head"]})
    db.session.rollback()
    assert len(list(db.session.scalars(select(CaseExtension)))) == 1


def test_deriving_anew_gives_what_is_kept(asked, do):
    do("head", NEXT, decide(asked))
    case = case_of(asked)
    kept = (case.due_at, case.soon_at, case.red_at, case.statutory_due_at, case.stopped, case.stopped_until)
    clocks.derive(case)
    assert kept == (case.due_at, case.soon_at, case.red_at, case.statutory_due_at, case.stopped, case.stopped_until)
    db.session.rollback()
