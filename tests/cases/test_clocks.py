"""Clocks of a case in the database: acceptance, tacit acceptance, waiting, restart, sweep, calendar (T-3 … T-7a)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.calendar import service as calendar_service
from portal.cases import handling, recomputing, service, sweeping
from portal.cases import vocabulary as words
from portal.cases.models import CasePause, CaseState
from portal.kernel import clock, journal, transaction
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db
from portal.service_commitment import service as catalogue_service
from portal.service_commitment.models import ServiceItem
from portal.service_commitment.service import Content, Material
from tests.calendar.notices import NOTICE
from tests.cases.conftest import again, events, facts
from tests.office import NOW, later

ZONE = ZoneInfo("Asia/Shanghai")


def local(*when):
    return datetime(*when, tzinfo=ZONE)


def want(case, wrong=(1,), at=NOW, do=None, until=date(2026, 12, 9)):
    papers = [m for m in case.materials if m.position in wrong]

    def verb(actor, now):
        service.want_supplement(actor, case, "GZ-2026-0001", until, papers, now)

    do("clerk", at, verb)


# --- acceptance ---------------------------------------------------------------------------------------------------


def test_accept_starts_both_clocks_on_the_version_of_that_day(opened, do, act, as_actor, office):
    case = opened()
    shorter = Content("科普教育基地认定", "3wd", "20wd", materials=(Material("只此一份"),))
    with act():
        catalogue_service.publish(
            as_actor("office"), db.session.get(ServiceItem, office.items["SX-001"]), shorter, later(minutes=1)
        )
    do("clerk", later(days=1), service.accept, again(case))
    found = again(case)
    assert found.promised_limit == "3wd", "the promise published at acceptance binds (C-3)"
    assert len(found.materials) == 4, "the checklist is that of the receipt (C-3)"
    assert found.due_at == local(2026, 11, 24, 17, 30)
    assert found.statutory_due_at == local(2026, 12, 17, 17, 30)
    assert found.tacit_at is None


def test_a_matter_outside_the_catalogue_is_promised_by_policy(opened, do):
    case = opened((), item=None, post="YW-1")
    do("clerk", NOW, service.accept, case)
    assert again(case).promised_limit == "3wd"
    assert again(case).due_at == local(2026, 11, 23, 17, 30)


# --- tacit acceptance (T-7a) --------------------------------------------------------------------------------------


def test_silence_for_five_working_days_accepts_from_the_day_of_receipt(opened):
    case = opened((1,))
    assert case.tacit_at == local(2026, 11, 25, 17, 30)
    with transaction.act():
        assert sweeping.sweep(case.tacit_at) == 0, "at the very instant nothing has passed"
        assert sweeping.sweep(case.tacit_at + timedelta(seconds=1)) >= 1
    found = again(case)
    assert (found.state, found.tacitly_accepted, found.clock_from) == (CaseState.ACCEPTED, True, NOW)
    assert found.due_at == local(2026, 11, 25, 17, 30), "counted from receipt, so it is due at once"
    assert events(found).count("cases.tacitly_accepted") == 1


def test_tacit_acceptance_holds_whether_or_not_the_sweep_ran(opened, do):
    case = opened((1,))
    do("clerk", case.tacit_at + timedelta(days=3), service.start, case)
    found = again(case)
    assert (found.state, found.clock_from) == (CaseState.IN_PROGRESS, NOW)
    assert events(found)[-2:] == ["cases.tacitly_accepted", "cases.started"]


def test_a_notice_in_time_ends_the_five_days(opened, do):
    case = opened((1,))
    want(case, (), do=do)
    with transaction.act():
        sweeping.sweep(later(days=30))
    assert again(case).state is CaseState.SUPPLEMENT_BEFORE


def test_after_hours_receipt_counts_from_the_next_day_where_the_type_says_so(opened, act, as_actor, office):
    saturday = local(2026, 11, 21, 10)
    assert opened(at=saturday).tacit_at == local(2026, 11, 27, 17, 30)
    content = Content("科普教育基地认定", "5wd", "20wd", next_day_after_hours=True)
    with act():
        catalogue_service.publish(
            as_actor("office"), db.session.get(ServiceItem, office.items["SX-001"]), content, later(days=1)
        )
    assert opened(at=saturday).tacit_at == local(2026, 11, 30, 17, 30)


# --- waiting for the client (T-4) ---------------------------------------------------------------------------------


def test_waiting_before_acceptance_stops_no_clock_since_none_runs(opened, do):
    case = opened((1,))
    want(case, (), do=do)
    found = again(case)
    assert (found.due_at, found.stopped, found.pauses) == (None, False, [])


def test_waiting_after_acceptance_stops_the_promised_clock_only(accepted, do):
    case = accepted()
    law = case.statutory_due_at
    want(case, at=later(days=1), do=do)
    found = again(case)
    assert (found.due_at, found.stopped, found.statutory_due_at) == (None, True, law)
    assert found.soon_at is None
    assert found.red_at == law, "the law's clock still leads to red"
    [pause] = found.pauses
    assert (pause.stops_promised, pause.stops_statutory) == (True, False)
    do("clerk", later(days=6), service.supplement, found, [1])
    found = again(case)
    assert (found.due_at, found.stopped, found.statutory_due_at) == (local(2026, 11, 30, 17, 30), False, law)
    [entry] = facts(case, "cases.supplemented")
    assert entry["how"] == "resume"


def test_a_type_that_restarts_begins_anew(accepted, do):
    case = accepted("SX-003", "other", received=(1, 2))
    do(
        "other",
        later(days=1),
        lambda actor, now: service.want_supplement(
            actor, case, "GZ-2026-0001", date(2026, 12, 9), case.materials[:1], now
        ),
    )
    do("other", later(days=6), service.supplement, again(case), [1])
    found = again(case)
    assert found.due_at == local(2026, 11, 27, 17, 30)
    assert facts(case, "cases.supplemented")[0]["how"] == "restart"


def test_a_second_notice_does_not_stop_twice(accepted, do):
    case = accepted()
    want(case, at=later(days=1), do=do)
    want(again(case), (2,), at=later(days=2), do=do)
    assert len(again(case).pauses) == 1


def test_other_reasons_are_not_ended_by_the_supplement(accepted, do):
    """A hearing ends by itself; while it lasts the clock stands, whatever the client brings (T-4)."""
    case = accepted()
    want(case, at=later(days=1), do=do)
    with transaction.act():
        found = again(case)
        hearing = {"from_at": later(days=2), "stops_promised": True, "stops_statutory": True}
        found.pauses.append(CasePause(reason="hearing", **hearing))
        journal.record(words.STEP_NOTED, found, SYSTEM, later(days=2), note="听证")
    do("clerk", later(days=6), service.supplement, again(case), [1])
    found = again(case)
    assert found.stopped
    assert {p.reason: p.to_at is None for p in found.pauses} == {"supplement": False, "hearing": True}


def test_what_had_run_out_before_the_notice_stays_overdue(accepted, do):
    case = accepted()
    due = case.due_at
    want(case, at=later(days=10), do=do)
    assert again(case).due_at == due


# --- the sweep (T-6) ----------------------------------------------------------------------------------------------


def test_every_threshold_is_recorded_once_and_in_order(accepted):
    case = accepted()
    for at in (NOW, case.soon_at, case.red_at + timedelta(minutes=1), case.red_at + timedelta(days=9)):
        with transaction.act():
            sweeping.sweep(at)
    assert [f["light"] for f in facts(case, "cases.warned")] == ["due_soon", "overdue", "red"]
    with transaction.act():
        assert sweeping.sweep(later(days=90)) == 0


# --- a change of the calendar (T-3) -------------------------------------------------------------------------------


def test_a_day_off_moves_every_open_date_with_old_and_new_in_the_history(accepted, opened, do):
    running, waiting, untouched = accepted(), opened((1,)), accepted(at=local(2026, 10, 12, 10))
    old = running.due_at
    do("office", NOW, lambda actor, now: calendar_service.set_day(actor, date(2026, 11, 20), False, "停电检修", now))
    found = again(running)
    assert found.due_at == local(2026, 11, 26, 17, 30)
    [entry] = facts(running, "cases.recomputed")
    assert datetime.fromisoformat(entry["old_due"]) == old
    assert datetime.fromisoformat(entry["due"]) == found.due_at
    assert again(waiting).tacit_at == local(2026, 11, 26, 17, 30)
    assert facts(untouched, "cases.recomputed") == [], "its date lies before the change"
    do("office", NOW, lambda actor, now: calendar_service.clear_day(actor, date(2026, 11, 20), "检修取消", now))
    assert again(running).due_at == old


def test_closed_cases_are_not_recomputed(accepted, do):
    case = accepted()
    due = case.due_at
    do("clerk", NOW, handling.complete, case, "已认定", "批复", "")
    do("office", NOW, lambda actor, now: calendar_service.set_day(actor, date(2026, 11, 20), False, "停电检修", now))
    assert again(case).due_at == due
    assert facts(case, "cases.recomputed") == []


def test_entering_the_year_ends_what_was_provisional(accepted, do):
    late = local(2026, 12, 30, 10)
    with clock.at(late):
        case = accepted()
        assert case.provisional
        do("office", late, lambda actor, now: calendar_service.enter_year(actor, 2027, "国办通知", NOTICE, now))
    found = again(case)
    assert not found.provisional
    [entry] = facts(case, "cases.recomputed")
    assert entry["provisional"] is False


def test_recompute_counts_what_changed(accepted, as_actor):
    accepted()
    with transaction.act():
        assert recomputing.recompute(as_actor("office"), NOW) == 0
