"""The sample office has rows for everything, and nothing in it is broken."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal.ab_post import queries as ab_post
from portal.ab_post.models import Absence
from portal.ab_post.rules import Reason
from portal.calendar.models import CalendarDay
from portal.cases import queries as cases
from portal.cases.models import Case, CaseArchive, CaseProposal, CaseState, Consultation
from portal.denial_filing.models import Filing, FilingState, Ground, Refusal
from portal.first_ask import queries as first_ask
from portal.first_ask.models import Channel, Disposition, FirstAsk, HandOver
from portal.first_ask.rules import Outcome
from portal.kernel import clock, verification
from portal.kernel.db import Base, UtcDateTime, db
from portal.kernel.journal import JournalEntry
from portal.one_time_notice.models import Form, Notice
from portal.people import queries as people
from portal.policy.models import PolicyValue
from portal.pure.deadlines import Light
from portal.pure.limits import Limit, Unit
from portal.service_commitment import queries as catalogue
from portal.service_commitment.models import ItemVersion


def _count(query) -> int:
    return db.session.scalar(query) or 0


def test_the_services_refused_nothing(inside):
    assert inside.refused == []


def test_the_journal_verifies(inside):
    verdict = verification.verify()
    assert verdict.ok
    assert verdict.entries > 500


def test_nothing_lies_after_now(inside):
    """No fact of the past is dated ahead; what is planned and what is due are no facts of the past."""
    ahead = {"due_at", "soon_at", "red_at", "statutory_due_at", "warn_at", "tacit_at", "respond_by", "decide_by"}
    ahead |= {"acknowledge_by", "from_at", "to_at", "back_at", "old_due_at", "reply_by", "next_at", "stopped_until"}
    ahead |= {"until_at", "due_before", "due_after", "statutory_before", "statutory_after", "old_statutory_due_at"}
    ahead |= {"consent_at", "contact_due_at", "comment_by", "opens_at", "closes_at", "extended_from"}
    late = []
    for mapper in Base.registry.mappers:
        for column in mapper.local_table.columns:
            if isinstance(column.type, UtcDateTime) and column.name not in ahead:
                newest = db.session.scalar(select(func.max(column)))
                if newest is not None and newest > clock.now():
                    late.append((str(column), newest))
    assert late == []


def test_the_journal_is_in_the_order_of_time(inside):
    instants = list(db.session.scalars(select(JournalEntry.at).order_by(JournalEntry.seq)))
    assert instants == sorted(instants)


def test_every_state_of_a_case(inside):
    assert set(db.session.scalars(select(Case.state).distinct())) == set(CaseState)


def test_every_light(inside):
    rows = cases.rows(cases.columns().where(Case.closed_at.is_(None)))
    assert {row.light for row in rows} == set(Light)
    assert any(row.stopped for row in rows)
    open_cases = db.session.scalars(select(Case).where(Case.closed_at.is_(None)))
    instants = [at for case in open_cases for at in (case.due_at, case.red_at, case.statutory_due_at) if at]
    assert any(row.provisional for row in rows) == any(clock.local(at).year > 2026 for at in instants)


def test_every_ending(inside):
    closed = select(func.count()).select_from(Case).where(Case.closed_at.is_not(None))
    assert _count(closed.where(Case.closed_late)) > 0
    assert _count(closed.where(~Case.closed_late)) > _count(closed.where(Case.closed_late))
    silent = Case.state == CaseState.DEEMED_AGREED  # nobody closed these, and nobody could (T-7)
    assert _count(closed.where(Case.closed_late, Case.overdue_statement == "", Case.due_at.is_not(None), ~silent)) == 0
    assert _count(select(func.count()).where(Case.tacitly_accepted, Case.closed_at.is_(None))) > 0
    assert _count(closed.where(Case.tacitly_accepted)) > 0
    assert _count(select(func.count()).where(Case.origin_id.is_not(None))) >= 2
    filed = select(func.count()).select_from(CaseArchive)
    assert _count(filed.where(CaseArchive.filed_at.is_(None))) > 0
    assert _count(filed.where(CaseArchive.filed_at.is_not(None))) > 0
    assert set(db.session.scalars(select(CaseProposal.confirmed).distinct())) == {True, False, None}
    answers = [c.answered_at is not None for c in db.session.scalars(select(Consultation))]
    assert set(answers) == {True, False}


def test_every_disposition_channel_and_outcome(inside):
    entries = list(db.session.scalars(select(FirstAsk).where(FirstAsk.reverses_id.is_(None))))
    assert {e.disposition for e in entries} == set(Disposition)
    assert {e.channel for e in entries} == set(Channel)
    assert {first_ask.outcome_of(e) for e in entries} == set(Outcome)


def test_every_turn_of_passing_on(inside):
    hands = list(db.session.scalars(select(HandOver)))
    now = clock.now()
    open_hands = [h for h in hands if not h.accepted_at and not h.ruled_at]
    assert any(h.disputed_at for h in open_hands)
    assert any(not h.disputed_at and h.respond_by < now for h in open_hands)
    assert any(h.ruled_at for h in hands)
    assert any(h.accepted_at and h.accepted_at > h.respond_by for h in hands)
    assert max(h.ordinal for h in hands) == 2


def test_urgent_matters(inside):
    urgent = list(db.session.scalars(select(FirstAsk).where(FirstAsk.urgent)))
    assert any(e.acknowledged_at is None for e in urgent)
    assert any(e.acknowledged_at and e.acknowledged_at <= e.acknowledge_by for e in urgent)
    assert any(e.acknowledged_at and e.acknowledged_at > e.acknowledge_by for e in urgent)


def test_notices(inside):
    notices = list(db.session.scalars(select(Notice)))
    assert {n.form for n in notices} == set(Form)
    assert any(n.ordinal == 2 for n in notices)
    assert any(n.repeats for n in notices)
    assert any(n.ordered_by for n in notices)
    assert any(n.answered_at is None for n in notices)


def test_every_state_and_turn_of_a_filing(inside):
    filings = list(db.session.scalars(select(Filing)))
    now = clock.now()
    assert {f.state for f in filings} == set(FilingState)
    assert {f.refusal for f in filings} == set(Refusal)
    assert {f.ground for f in filings} == set(Ground)
    waiting = [f for f in filings if f.decided_at is None and f.state is not FilingState.RECALLED]
    assert any(f.decide_by < now for f in waiting)
    assert any(f.decide_by > now for f in waiting)
    assert any(f.case.closed_at for f in waiting), "fallen with its case"
    agreed = [f for f in filings if f.state is FilingState.AGREED]
    assert any(f.letter_number is None for f in agreed)
    assert any(f.letter_number and not f.delivered_on for f in agreed)
    assert any(f.delivered_on and f.delivered_on <= f.deliver_by for f in agreed)
    assert any(f.delivered_on and f.delivered_on > f.deliver_by for f in agreed)
    assert any(f.decided_at and f.decided_at > f.decide_by for f in agreed)
    assert any(f.meeting_on and f.escalated_at for f in agreed)
    assert any(f.edition > 1 for f in filings)


def test_a_filing_was_decided_for_an_absent_leader(inside):
    acted = select(func.count()).where(
        JournalEntry.event == "denial_filing.agreed", JournalEntry.for_user_id == inside.users["chenjing"]
    )
    assert _count(acted) > 0


def test_who_is_away(inside):
    now = clock.now()
    rows = ab_post.away_now(now)
    assert any(row.gap for row in rows)
    assert any(row.reason is Reason.B_FOR_A for row in rows)
    assert any(row.cover and not row.handover_missing for row in rows)
    assert any(row.reason is Reason.NAMED_COVER for row in rows)
    assert any(row.handover_missing and row.emergency for row in rows)
    absences = list(db.session.scalars(select(Absence)))
    assert any(a.from_at > now for a in absences)
    assert any(a.ended_at for a in absences)
    waiting = [p for user_id in inside.users.values() for p in ab_post.open_handovers(user_id, now)]
    assert waiting, "a handover waits for its confirmation"


def test_the_roles_that_are_shown_are_here(inside):
    """Nobody whose login is printed is away when the office is made."""
    seen = ab_post.picture()
    for username in ("wangmin", "zhaogang", "chenjing", "heping", "wuxia", "zhenghao"):
        assert seen.present(inside.users[username], clock.now()), username
        assert not people.actor_by_username(username, clock.now()).password_due


def test_what_the_office_changed(inside):
    assert _count(select(func.count()).select_from(PolicyValue)) >= 2
    assert _count(select(func.count()).select_from(CalendarDay)) == 1
    assert _count(select(func.count()).where(ItemVersion.number == 2)) == 1
    assert _count(select(func.count()).where(JournalEntry.event == "cases.recomputed")) > 0


def test_warnings_were_recorded_about_when_they_fell_due(inside):
    """The sweep came at least every working day (T-6); what was accepted tacitly may have passed a threshold before."""
    warned = list(db.session.scalars(select(JournalEntry).where(JournalEntry.event == "cases.warned")))
    assert {entry.fact()["light"] for entry in warned} == {"due_soon", "overdue", "red"}
    gaps = [entry.at - datetime.fromisoformat(entry.fact()["threshold"]) for entry in warned]
    assert min(gaps) > timedelta()
    assert sum(gap < timedelta(days=1) for gap in gaps) >= 0.8 * len(gaps)


def test_the_catalogue(inside):
    entries = catalogue.entries()
    assert len(entries) == 33
    units = {Limit.parse(entry.promised_limit).unit for entry in entries}
    assert units == set(Unit)
    promised = {entry.promised_limit for entry in entries}
    assert {"0d", "1wd", "3wd", "15wd"} <= promised, "those of T-1"
    versions = [catalogue.version(entry.version_id) for entry in entries]
    assert sum(v.licence for v in versions) >= 2
    assert sum(v.restarts for v in versions) == 1
    for version in versions:
        for field in ("basis", "conditions", "procedure", "service_standard", "place", "phone", "outcome"):
            assert getattr(version, field), (version.name, field)
    assert all(entry.aliases for entry in entries)
    assert {v.fee_fen is None for v in versions} == {True, False}, "most things are free of charge"


def test_the_amount_is_plausible(inside):
    """Every department has asked, handled and closed; today has entries too, whatever the hour."""
    handled = Counter(db.session.scalars(select(Case.department_id)))
    assert len(handled) >= 5
    today = clock.day_start(clock.today())
    assert _count(select(func.count()).where(FirstAsk.filed_at >= today)) >= 2
    assert _count(select(func.count()).select_from(FirstAsk)) > 150


def test_it_is_marked_as_sample(inside):
    assert people.is_sample()


@pytest.mark.parametrize("kind", ["client_name", "client_phone"])
def test_clients_are_varied(inside, kind):
    values = Counter(v for v in db.session.scalars(select(getattr(FirstAsk, kind))) if v)
    assert len(values) > 0.5 * sum(values.values())
