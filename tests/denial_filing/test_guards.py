"""What the database itself refuses, whoever writes to it (D-1, D-3, D-4)."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.cases import service as cases
from portal.cases.models import Case
from portal.denial_filing.rules import Verdict
from portal.kernel import transaction
from portal.kernel.db import db, locked
from portal.people import queries as people
from tests.office import NOW, later


def refused(app, sql: str, **values) -> None:
    with app.app_context(), pytest.raises(DBAPIError), transaction.act():
        db.session.execute(text(sql), values)


def done(app, sql: str, **values) -> None:
    with app.app_context(), transaction.act():
        db.session.execute(text(sql), values)


CLOSE = 'UPDATE "case" SET state = :state, closed_at = received_at, closed_on = :today WHERE number = :number'


@pytest.mark.parametrize("state", ["denied", "returned"])
@pytest.mark.parametrize("verdict", [None, Verdict.CORRECT, Verdict.SUPPLEMENT, Verdict.ESCALATE])
def test_a_case_is_not_denied_without_an_agreed_filing(app, stage, state, verdict):
    case = stage.case()
    number = stage.file(case)
    if verdict:
        stage.decide(number, verdict)
    refused(app, CLOSE, state=state, number=case, today="2026-11-18")
    refused(app, CLOSE, state=state, number=stage.case(), today="2026-11-18")


def test_the_agreed_filing_of_another_case_does_not_count(app, stage):
    stage.decide(stage.filed())
    refused(app, CLOSE, state="denied", number=stage.case(), today="2026-11-18")


def test_with_an_agreed_filing_it_is(app, stage):
    case = stage.case()
    stage.decide(stage.file(case))
    done(app, CLOSE, state="denied", number=case, today="2026-11-18")
    refused(app, 'UPDATE "case" SET matter = :m WHERE number = :n', m="x", n=case)
    refused(app, 'DELETE FROM "case" WHERE number = :n', n=case)


DECIDE = "UPDATE denial_filing SET state = 'agreed', decided_at = filed_at, decided_by_id = :who WHERE number = :n"


def test_nobody_decides_their_own_or_what_they_handled(app, ids, stage):
    case = stage.case()
    number = stage.file(case)
    refused(app, DECIDE, n=number, who=ids.users["clerk"])
    refused(app, DECIDE, n=number, who=None)
    with app.app_context(), transaction.act():
        cases.remember(locked(Case, number=case), people.actor_by_username("leader", NOW))
    refused(app, DECIDE, n=number, who=ids.users["leader"])
    done(app, DECIDE, n=number, who=ids.users["principal"])


def test_a_grave_one_is_decided_only_after_its_escalation(app, ids, stage):
    number = stage.filed(grave=True)
    refused(app, DECIDE, n=number, who=ids.users["leader"])
    refused(app, DECIDE, n=number, who=ids.users["principal"])
    stage.decide(number, Verdict.ESCALATE)
    done(app, DECIDE, n=number, who=ids.users["principal"])


def test_a_filing_is_not_born_decided(app, ids, stage):
    number = stage.filed()
    columns = (
        "case_id, department_id, refusal, ground, grave, situation, reason, basis, alternatives, authority,"
        " department_opinion, filed_by_id, filed_post_id, filed_at, edition, decider_post_id, decide_by,"
        " leader_opinion, opinion, meeting_record, deliver_by, objection, delivered_how, delivered_to,"
        " materials_returned, version"
    )
    copy = (
        f"INSERT INTO denial_filing (number, state, decided_at, decided_by_id, {columns})"
        f" SELECT :new, :state, :decided, :who, {columns} FROM denial_filing WHERE number = :n"
    )
    leader = ids.users["leader"]
    for state in ("agreed", "corrected", "supplement"):
        refused(app, copy, n=number, new="FD-2026-9999", state=state, decided=later(), who=leader)
    refused(app, copy, n=number, new="FD-2026-9999", state="recalled", decided=None, who=None)
    done(app, copy, n=number, new="FD-2026-9998", state="waiting_leader", decided=None, who=None)


@pytest.mark.parametrize(
    "change",
    [
        "state = 'corrected'",
        "state = 'waiting_leader', decided_at = NULL, decided_by_id = NULL",
        "decided_by_id = NULL",
        "decided_by_id = filed_by_id + 1",
        "decided_at = decide_by",
        "edition = 2",
        "reason = 'x'",
        "basis = 'x'",
        "situation = 'x'",
        "alternatives = 'x'",
        "opinion = 'x'",
        "refusal = 'not_approved'",
        "ground = 'other'",
        "grave = NOT grave",
        "authority = 'x'",
        "department_opinion = 'x'",
        "case_id = case_id + 1",
        "number = 'FD-2026-9999'",
    ],
)
def test_a_decided_filing_stays_as_it_was(app, stage, change):
    number = stage.filed()
    stage.case()
    stage.decide(number)
    refused(app, f"UPDATE denial_filing SET {change} WHERE number = :n", n=number)
    done(app, "UPDATE denial_filing SET delivered_to = '本人' WHERE number = :n", n=number)


def test_a_recalled_filing_comes_not_back(app, login, ids, stage):
    number = stage.filed()
    assert login("clerk").post(f"/denial-filings/{number}/recall", data={"reason": "重报"}).status_code == 303
    refused(app, "UPDATE denial_filing SET state = 'waiting_leader' WHERE number = :n", n=number)
    refused(app, DECIDE, n=number, who=ids.users["leader"])


def test_filings_are_never_deleted(app, stage):
    refused(app, "DELETE FROM denial_filing WHERE number = :n", n=stage.filed())
