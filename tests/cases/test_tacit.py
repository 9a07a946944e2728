"""Tacit consent (T-7): exact to the instant, irrevocable, never for licences, never on a date that may still move."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from portal.cases import handling, papers, pauses, queries, second_person, service, sweeping, tacit
from portal.cases.models import Case, CaseProposal, CaseState, ProposalKind
from portal.cases.paper_models import CasePaper, PaperKind
from portal.cases.service import Client
from portal.denial_filing import service as filings
from portal.denial_filing.models import Filing, FilingState, Ground, Refusal
from portal.denial_filing.rules import Verdict
from portal.kernel import clock, transaction
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid
from portal.pure.states import IllegalMove
from portal.service_commitment import queries as catalogue
from portal.service_commitment import service as commitment
from portal.service_commitment.models import ItemVersion, ServiceItem
from portal.service_commitment.service import Content
from portal.timed_completion import extending
from portal.timed_completion import service as procedures
from tests.cases.conftest import again, events, facts
from tests.office import NOW, SHANGHAI

SECOND = timedelta(seconds=1)


@pytest.fixture
def tacit_item(office, act):
    """The petition item of the office: three working days, silence counts as consent; its id."""
    with act():
        item = db.session.get(ServiceItem, office.items["SX-003"])
        content = Content("基层请示批复", "3wd", "10wd", basis="限时办结规定", tacit_consent=True)
        commitment.publish(SYSTEM, item, content, NOW - timedelta(days=2))
    return office.items["SX-003"]


@pytest.fixture
def petition(tacit_item, act, as_actor):
    """An accepted petition at the society's post; due at the close of business three working days on."""

    def make(at=NOW):
        with act():
            case = service.open_case(
                as_actor("other", at),
                at,
                matter="基层请示批复",
                client=Client("", "周小明", "13800001234"),
                item=catalogue.by_id(tacit_item),
            )
            service.accept(as_actor("other", at), case, at)
        return case

    return make


def sweep(at):
    with transaction.act():
        return sweeping.sweep(at)


def test_it_counts_from_the_very_instant(petition):
    case = petition()
    due = case.due_at
    assert clock.local(due) == datetime(2026, 11, 23, 17, 30, tzinfo=SHANGHAI)
    assert case.consent_at == due
    sweep(due)
    assert again(case).state is CaseState.ACCEPTED, "at the very instant the limit has not passed"
    sweep(due + timedelta(days=9))
    case = again(case)
    assert (case.state, case.closed_at, case.closed_late) == (CaseState.DEEMED_AGREED, due, True)
    assert case.closed_on == clock.local(due).date()
    (fact,) = facts(case, "cases.deemed_agreed")
    assert datetime.fromisoformat(fact["at"]) == due
    before = events(case)
    sweep(due + timedelta(days=10))
    assert events(again(case)) == before


def test_both_sides_are_told_by_a_numbered_notice(petition, do):
    case = petition()
    sweep(case.due_at + SECOND)
    paper = papers.of_kind(case.id, PaperKind.DEEMED_AGREED)
    assert paper.number.startswith("TY-")
    assert paper.due_at == case.due_at
    handed = clock.local(case.due_at).date()
    do("other", case.due_at + timedelta(hours=1), lambda a, now: handling.tell(a, again(case), "handed", handed, now))
    with pytest.raises(Conflict):
        do("other", case.due_at + timedelta(hours=2), lambda a, now: handling.tell(a, case, "handed", handed, now))


def _verbs(case, proposal, filing, extension):
    """Everything that anybody could still want to do, by name."""
    content = filings.Content(Refusal.NOT_APPROVED, Ground.CONDITIONS, False, "事实", "理由", "依据", "", "", "")
    lock = lambda: filings.lock(filing.number)  # noqa: E731
    return {
        "start": ("other", lambda a, n: service.start(a, case, n)),
        "accept": ("other", lambda a, n: service.accept(a, case, n)),
        "note": ("other", lambda a, n: handling.note_step(a, case, "中间答复", n)),
        "complete": ("other", lambda a, n: handling.complete(a, case, "同意", "", "说明", n)),
        "statement": ("other", lambda a, n: service.make_statement(a, case, "说明", n)),
        "materials": ("other", lambda a, n: service.receive_materials(a, case, [1], n)),
        "want_supplement": ("other", lambda a, n: service.want_supplement(a, case, "", clock.local(n).date(), [], n)),
        "supplement": ("other", lambda a, n: service.supplement(a, case, [], n)),
        "remind": ("other", lambda a, n: service.remind(a, case, "phone", n)),
        "propose": ("other", lambda a, n: second_person.propose(a, case, ProposalKind.WITHDRAW, "r", True, "s", n)),
        "misfiled": (
            "other",
            lambda a, n: second_person.propose(a, case, ProposalKind.WITHDRAW, "r", True, "s", n, misfiled=True),
        ),
        "confirm": ("other_head", lambda a, n: second_person.decide(a, proposal.id, True, "", n)),
        "refuse": ("other_head", lambda a, n: second_person.decide(a, proposal.id, False, "理由", n)),
        "consult": ("other", lambda a, n: second_person.consult(a, case, "谁", "什么", n)),
        "client": ("other", lambda a, n: handling.change_client(a, case, Client("", "别人", ""), n)),
        "move": ("other", lambda a, n: handling.move(a, case, 1, "理由", n)),
        "file": ("other", lambda a, n: filings.file(a, case, content, n)),
        "amend": ("other", lambda a, n: filings.amend(a, *lock(), content, 1, n)),
        "recall": ("other", lambda a, n: filings.recall(a, *lock(), "r", n)),
        "decide": ("leader2", lambda a, n: filings.decide(a, *lock(), Verdict.AGREE, "同意", 1, n)),
        "procedure": ("other", lambda a, n: procedures.start(a, case, _procedure(n), n)),
        "extend": ("other", lambda a, n: extending.ask(a, case, 3, "理由", n)),
        "grant": ("leader2", lambda a, n: extending.decide(a, extension, case, True, "同意", n)),
        "deny": ("other", lambda a, n: service.close_denied(a, case, "FD", "BS", True, "s", n)),
    }


def _procedure(now):
    on = clock.local(now).date() + timedelta(days=3)
    return procedures.Content("expert_review", "依据", "专家委员会", on)


@pytest.mark.parametrize("swept", [False, True])
def test_no_verb_succeeds_after_the_instant(petition, do, swept):
    """Every verb, whether or not a job ran; what was pending falls (T-7)."""
    case = petition()
    at = NOW + timedelta(hours=1)
    do("other", at, service.start, case)
    content = filings.Content(Refusal.NOT_APPROVED, Ground.CONDITIONS, False, "事实", "理由", "依据", "", "", "")
    filing = do("other", at, lambda a, n: filings.file(a, case, content, n))
    proposal = do("other", at, lambda a, n: second_person.propose(a, case, ProposalKind.WITHDRAW, "r", True, "", n))
    extension = do("other", at, lambda a, n: extending.ask(a, case, 2, "须现场核实", n))
    after = case.due_at + SECOND
    if swept:
        sweep(after)
    for name, (who, verb) in _verbs(case, proposal, filing, extension).items():
        with pytest.raises((Conflict, IllegalMove)):
            do(who, after, verb)
        db.session.rollback()
        db.session.expire_all()
        assert again(case).result == "", name
    sweep(after)
    case = again(case)
    assert (case.state, case.closed_at) == (CaseState.DEEMED_AGREED, case.due_at)
    assert again_of(Filing, filing.id).state is FilingState.WAITING_LEADER
    assert "denial_filing.fallen" in [e.event for e in filings_events(filing)]
    assert again_of(CaseProposal, proposal.id).decided_at is None


def filings_events(filing):
    from portal.kernel import journal

    return journal.of_object("denial_filing", filing.id)


def again_of(model, key):
    db.session.expire_all()
    return db.session.get(model, key)


def test_an_interim_note_does_not_prevent_it(petition, do):
    case = petition()
    do("other", case.due_at - SECOND, lambda a, n: handling.note_step(a, case, "正在研究", n))
    sweep(case.due_at + SECOND)
    assert again(case).state is CaseState.DEEMED_AGREED


def test_a_decision_at_the_last_instant_stands(petition, do):
    case = petition()
    do("other", case.due_at, lambda a, n: handling.complete(a, case, "同意", "", "", n))
    sweep(case.due_at + timedelta(days=1))
    case = again(case)
    assert (case.state, case.closed_late) == (CaseState.COMPLETED, False)


def test_never_while_stopped_but_an_alarm(petition, do):
    case = petition()
    due = case.due_at
    do("other", NOW + timedelta(hours=1), service.start, case)
    do("other", NOW + timedelta(hours=1), lambda a, n: pauses.stop(a, case, "supplement", n))
    assert case.consent_at is None
    for days in (1, 2):
        sweep(due + timedelta(days=days))
    case = again(case)
    assert case.state is CaseState.IN_PROGRESS
    assert events(case).count("cases.consent_held") == 1
    back = due + timedelta(days=3)
    pause = pauses.open_pauses(case)[0]
    do("other", back, lambda a, n: pauses.resume(a, again(case), pause, n))
    case = again(case)
    assert case.consent_at == case.due_at > back


def test_never_on_a_provisional_date_but_from_when_it_is_firm(petition, do, monkeypatch):
    from portal.cases import clocks, rules

    case, real = petition(), rules.clocks

    def moved(*args, **kw):
        from dataclasses import replace

        return replace(real(*args, **kw), provisional=True, due_provisional=True)

    with transaction.act():
        monkeypatch.setattr(rules, "clocks", moved)
        db.session.add(case)
        clocks.derive(case)
        from portal.cases import vocabulary as words
        from portal.kernel import journal

        journal.record(words.STARTED, case, SYSTEM, NOW)
    late = case.due_at + timedelta(days=2)
    sweep(late)
    case = again(case)
    assert case.closed_at is None
    assert facts(case, "cases.consent_held")[0]["why"] == "provisional"
    monkeypatch.setattr(rules, "clocks", real)
    with clock.at(late + timedelta(hours=1)), transaction.act():
        case = again(case)
        clocks.derive(case)
        journal.record(words.STARTED, case, SYSTEM, late)
    sweep(late + timedelta(hours=2))
    assert again(case).closed_at == late + timedelta(hours=1), "not in hindsight"


def test_tacit_acceptance_and_consent_in_one_sleep(tacit_item, act, as_actor):
    """Nobody did anything for a month: accepted from the day of receipt, agreed when the acceptance is a fact."""
    with act():
        case = service.open_case(
            as_actor("other", NOW), NOW, matter="请示", client=Client(), item=catalogue.by_id(tacit_item)
        )
    accepted = case.tacit_at
    sweep(NOW + timedelta(days=30))
    sweep(NOW + timedelta(days=30))
    case = again(case)
    assert (case.state, case.closed_at) == (CaseState.DEEMED_AGREED, max(accepted, case.due_at))
    assert case.accepted_at == accepted


def test_never_for_a_licence(office, act):
    item = db.session.get(ServiceItem, office.items["SX-001"])
    with pytest.raises(Invalid) as refused, act():
        commitment.publish(SYSTEM, item, Content("许可", "5wd", "20wd", licence=True, tacit_consent=True), NOW)
    assert (refused.value.field, refused.value.rule) == ("tacit_consent", "T-7")
    db.session.rollback()
    with pytest.raises(DatabaseError):
        db.session.execute(
            text("UPDATE item_version SET licence = true, tacit_consent = true WHERE id = :id"),
            {"id": db.session.scalar(select(ItemVersion.id))},
        )
    db.session.rollback()


@pytest.mark.parametrize("state", ["completed", "deemed_agreed"])
def test_the_database_refuses_it_elsewhere(petition, accepted, state):
    """Deemed agreed is only what silence decided; after the instant nothing else is possible."""
    case = petition() if state == "completed" else accepted()
    at = (case.due_at + SECOND).replace(tzinfo=None) if db.engine.dialect.name == "sqlite" else case.due_at + SECOND
    with pytest.raises(DatabaseError):
        db.session.execute(
            text('UPDATE "case" SET state = :s, closed_at = :at WHERE id = :id'),
            {"s": state, "at": at, "id": case.id},
        )
    db.session.rollback()


def test_lists_take_an_unswept_one_for_agreed_and_late(petition, as_actor):
    case = petition()
    after = case.due_at + SECOND
    with clock.at(after):
        (row,) = queries.rows(queries.columns().where(Case.id == case.id))
        assert (row.state, row.closed_at, row.closed_late) == (CaseState.DEEMED_AGREED, case.due_at, True)
        rate = queries.on_time(clock.local(NOW).date(), clock.local(after).date(), after)
    assert (rate.closed + rate.open_overdue, rate.on_time) == (1, 0)
    sweep(after)
    rate = queries.on_time(clock.local(NOW).date(), clock.local(after).date(), after)
    assert (rate.closed, rate.open_overdue, rate.on_time) == (1, 0, 0)


def test_reading_the_page_settles_it(petition, login, app):
    case = petition()
    with clock.at(case.due_at + timedelta(minutes=5)):
        client = login("other")
        page = client.get(f"/cases/{case.number}")
        assert "视为同意" in page.text
        assert papers.of_kind(case.id, PaperKind.DEEMED_AGREED).number in page.text
        assert client.get(f"/cases/{case.number}/papers/deemed_agreed").status_code == 200
        assert client.get(f"/cases/{case.number}/papers/deemed_agreed.docx").status_code == 200
        assert "视为同意，请告知服务对象" in client.get("/").text
        assert client.get("/cases?state=deemed_agreed").text.count(case.number)
    assert again(case).closed_at == case.due_at


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(slept=st.integers(1, 40 * 86_400), began=st.integers(0, 7 * 86_400))
def test_the_instant_is_the_same_however_late_it_is_found(petition, slept, began):
    """Property: closed at the limit derived from the facts, by whatever sweep (T-7)."""
    case = petition(NOW + timedelta(seconds=began))
    due = case.due_at
    sweep(due + timedelta(seconds=slept))
    case = again(case)
    assert (case.state, case.closed_at, case.due_at) == (CaseState.DEEMED_AGREED, due, due)
    assert db.session.query(CasePaper).filter_by(case_id=case.id, kind=PaperKind.DEEMED_AGREED).count() == 1


def test_a_promise_is_handed_out_at_acceptance(accepted, login, app):
    case = accepted()
    text_of = login("clerk").get(f"/cases/{case.number}/papers/promise").text
    (paper,) = papers.of_case(case.id)
    assert paper.number.startswith("CN-")
    assert facts(case, "cases.accepted")[0]["notice"] == paper.number
    for said in (case.number, paper.number, paper.check_code, "5 个工作日", "周小明"):
        assert said in text_of
    assert tacit.passed(case, NOW + timedelta(days=99)) is None


def test_a_paper_is_checked_by_number_and_code(accepted):
    """Whoever holds the paper can see that it is genuine, and nothing of the client."""
    from portal.one_time_notice import queries as notices
    from portal.one_time_notice.service import secret

    (paper,) = papers.of_case(accepted().id)
    found = notices.check(paper.number, paper.check_code, secret())
    assert (found.number, found.title, found.on) == (paper.number, "承诺件通知书", paper.issued_at)
    assert notices.check(paper.number, "333333", secret()) is None


def test_the_papers_as_documents(petition, accepted):
    """DOCX with number, code, limit and instant (T-7, T-9)."""
    promise = papers.of_kind(accepted().id, PaperKind.PROMISE)
    case = petition()
    sweep(case.due_at + SECOND)
    agreed = papers.of_kind(case.id, PaperKind.DEEMED_AGREED)
    for paper, said in ((promise, "5 个工作日"), (agreed, "2026-11-23 17:30")):
        document = papers.docx(paper).document
        cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
        whole = "\n".join([*(p.text for p in document.paragraphs), *cells])
        for part in (paper.number, paper.check_code, paper.case.number, said, "示例市科学技术协会"):
            assert part in whole
