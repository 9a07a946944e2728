"""None twice, by repeated and concurrent sweeps; slices; a corrected fact closes its clue; history equals the days."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError

from portal.cases import handling
from portal.clue import seams, service, sweeping
from portal.clue.models import Clue, ClueKind, ClueState, ClueWatermark
from portal.completion_report import errors
from portal.completion_report.models import ErrorKind, FoundBy
from portal.fee import service as fees
from portal.first_ask import service as asks
from portal.first_ask.service import Asked
from portal.kernel import clock, journal, transaction
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db
from portal.policy import service as policy
from portal.pure.breach import Breach
from tests.clue import stories
from tests.clue.house import LATER, NOW, TODAY, House, there


def _forget(act: Any) -> None:
    """As if the room had been built only now: no clue, nothing read. Rows of clues cannot be deleted, so by force."""
    with act():
        db.session.execute(delete(ClueWatermark))


def test_repeated_sweeps_from_the_beginning_raise_nothing_twice(office, act):
    house = House(office)
    stories.overdue(house)
    stories.unanswered_supervision(house)
    before = [(c.number, c.key, c.state, c.entry_seq) for c in house.clues()]
    assert len(before) >= 4
    for _again in range(2):
        _forget(act)
        house.read(LATER)
        assert [(c.number, c.key, c.state, c.entry_seq) for c in house.clues()] == before


def test_a_sweep_reads_no_more_than_its_slice(office, act):
    house = House(office)
    for n in range(5):
        house.case(NOW + timedelta(minutes=n))
    with clock.at(LATER), act():
        from portal.cases import sweeping as of_cases

        of_cases.sweep(LATER)
    with clock.at(LATER), act():
        assert sweeping.sweep(LATER, most=3) <= 3
    assert len(house.clues()) < 5
    house.read(LATER, most=3)
    assert len(house.clues("overdue")) == 5


def test_eight_sweeps_at_once_raise_each_clue_once(app, office):
    house = House(office)
    for n in range(6):
        house.case(NOW + timedelta(minutes=n))
    with clock.at(LATER), transaction.act():
        from portal.cases import sweeping as of_cases

        of_cases.sweep(LATER)
    db.session.remove()
    failed: list[BaseException] = []
    start = threading.Barrier(8)

    def run() -> None:
        with app.app_context(), clock.at(LATER):
            start.wait()
            try:
                for _turn in range(2):
                    with transaction.act():
                        sweeping.sweep(LATER)
            except BaseException as error:
                failed.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    house.read(LATER)
    found = house.clues("overdue")
    assert len(found) == len({c.key for c in found}) == 6
    raised = select(journal.JournalEntry.seq).where(journal.JournalEntry.event == "clue.raised")
    assert len(db.session.scalars(raised).all()) == len(house.clues())


def test_the_unique_key_is_the_last_word(office, act):
    house = House(office)
    stories.overdue(house)
    copy = "INSERT INTO clue ({0}) SELECT {1} FROM clue LIMIT 1"
    columns = [c.name for c in Clue.__table__.columns if c.name != "id"]
    names = ", ".join(f'"{c}"' for c in columns)
    values = ", ".join("'XS-2026-9999'" if c == "number" else f'"{c}"' for c in columns)
    with pytest.raises(DatabaseError), act():
        db.session.execute(text(copy.format(names, values)))


@pytest.mark.parametrize(
    "change",
    [
        {"key": "other"}, {"text": "anders"}, {"state": ClueState.IN_PROCEEDING, "proceeding_number": ""},
        {"state": ClueState.DISMISSED}, {"proceeding_number": "ZZ-2", "state": ClueState.WITHDRAWN},
    ],
)  # fmt: skip
def test_the_database_refuses_other_words_and_dismissal_without_reasons(office, act, change):
    stories.overdue(House(office))
    with pytest.raises(DatabaseError), act():
        db.session.execute(update(Clue).values(**change))
    with pytest.raises(DatabaseError), act():
        db.session.execute(delete(Clue))


# --- corrections -----------------------------------------------------------------------------------------------


def _withdrawn(house: House, kind: str) -> Clue:
    clue = house.clues(kind)[0]
    assert clue.state is ClueState.WITHDRAWN
    entry = db.session.get_one(journal.JournalEntry, clue.withdrawn_seq)
    assert entry.seq > (clue.entry_seq or 0)
    assert [e.event for e in journal.of_object("clue", clue.id)][-1] == "clue.withdrawn"
    return clue


def test_a_corrected_fee_closes_its_clue(office):
    house = House(office)
    stories.fee_difference(house)
    fee_id = int(house.clues("fee_difference")[0].key.rsplit(":", 1)[1])
    from portal.cases.models import Case

    case = db.session.scalars(select(Case)).one()
    house.do("clerk", NOW, lambda actor, at: fees.charge(actor, case, 0, TODAY, at, corrects=fee_id))
    house.read(NOW)
    _withdrawn(house, "fee_difference")
    assert len(house.clues("fee_difference")) == 1


def test_a_withdrawn_result_error_closes_its_clue_also_in_a_proceeding(office, as_actor, monkeypatch):
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(seams, "_changed", [lambda clue, now: told.append((clue.number, str(clue.state)))])
    house = House(office)
    stories.result_error(house)
    clue = house.clues("result_error")[0]
    house.do("office", there(19), lambda a, at: service.mark_in_proceeding(a, clue, "ZZ-2026-0001", at))
    error = db.session.scalars(select(errors.ResultError)).one()
    house.do("office", there(20), lambda actor, at: errors.withdraw(actor, error, "记录有误", at))
    house.read(there(20))
    withdrawn = _withdrawn(house, "result_error")
    assert withdrawn.proceeding_number == "ZZ-2026-0001"
    assert told == [(withdrawn.number, "withdrawn")]
    case = error.case
    house.do(
        "office", there(20),
        lambda a, at: errors.record(a, case, ErrorKind.LAW, FoundBy.CLIENT, date(2026, 11, 20), "依据错", at),
    )  # fmt: skip
    house.read(there(20))
    assert [c.state for c in house.clues("result_error")] == [ClueState.WITHDRAWN, ClueState.OPEN]


def test_an_undone_first_ask_closes_its_clue(office):
    house = House(office)
    asked = Asked("大楼漏水", urgent=True, urgent_reason="可能伤人")
    entry = house.do("clerk", NOW, lambda actor, at: asks.file(actor, asked, at))
    house.sweep(LATER)
    assert house.clues("urgent_unacknowledged")[0].state is ClueState.OPEN
    house.do("clerk", LATER, lambda actor, at: asks.reverse(actor, entry, "登记错了", at))
    house.read(LATER)
    _withdrawn(house, "urgent_unacknowledged")


def test_a_ruling_turns_a_dispute_over_to_who_passed_it_on(office):
    house = House(office)
    stories.disputed_passing(house)
    entry = db.session.scalars(select(asks.FirstAsk)).one()
    house.do("office", NOW, lambda a, at: asks.rule(a, entry, office.departments["YW"], "由综合业务科办理", at))
    house.read(NOW)
    first, second = house.clues("disputed_passing")
    assert first.state is ClueState.WITHDRAWN
    assert (second.state, second.department_id) == (ClueState.OPEN, office.departments["YW"])


def test_a_new_calendar_takes_back_what_was_not_late_and_brings_it_again(office, act):
    """T-3: the due date moves behind now, and passes once more."""
    from portal.calendar import service as calendar
    from portal.cases import recomputing

    house = House(office)
    case = house.case()
    due = case.due_at
    just_late = due + timedelta(hours=1)
    house.sweep(just_late)
    assert house.clues("overdue")[0].state is ClueState.OPEN
    with clock.at(just_late), act():
        calendar.set_day(SYSTEM, clock.local(due).date(), False, "停电", just_late)
        recomputing.recompute(SYSTEM, just_late)
    house.read(just_late)
    clue = _withdrawn(house, "overdue")
    house.sweep(LATER)
    again = house.clues("overdue")
    assert len(again) == 1
    assert (again[0].number, again[0].state) == (clue.number, ClueState.OPEN)
    assert again[0].at > due


def test_switched_off_kinds_raise_nothing_and_points_are_kept(office, as_actor, act):
    house = House(office)
    with act():
        policy.set_value(as_actor("office"), "clue.raise_overdue", "false", "试行", NOW)
        policy.set_value(as_actor("office"), "clue.points_handover_sick", "4", "试行", NOW)
    house.case()
    house.away("clerk", there(19, 9), there(20, 18), kind="sick")
    house.sweep(there(20, 9))
    with act():
        policy.set_value(as_actor("office"), "clue.points_handover_sick", "1", "恢复", NOW)
    house.sweep(LATER)
    assert house.clues("overdue") == []
    [clue] = house.clues("handover_missing")
    assert (clue.points, clue.points_per_day) == (4, True)


def test_who_acted_answers_for_a(office):
    """AB-3, AB-4: B for A at the instant of the breach."""
    house = House(office)
    house.case()
    house.away("clerk", there(24, 9), there(30, 18), kind="official")
    house.sweep(LATER)
    clue = house.clues("overdue")[0]
    assert (clue.person_id, clue.for_person_id) == (office.users["clerk2"], office.users["clerk"])


# --- all of history at once, or day by day ---------------------------------------------------------------------


def _story(house: House, steps: list[int]) -> Any:
    """Things happen, day by day; between them whatever the caller does."""
    day, made = NOW, []
    for step in steps:
        day += timedelta(hours=20)
        match step:
            case 0:
                made.append(house.case(day))
            case 1 if made:
                case = made.pop(0)
                late = "人手不足" if case.due_at and day > case.due_at else ""
                house.do("clerk", day, lambda a, at, c=case, s=late: handling.complete(a, c, "认定", "批复", s, at))
            case 2:
                asked = Asked("漏水", urgent=True, urgent_reason="可能伤人")
                house.do("clerk", day, lambda a, at, w=asked: asks.file(a, w, at))
            case 3 if made:
                case = made[0]
                on = clock.local(day).date()
                house.do("clerk", day, lambda a, at, c=case, d=on: fees.charge(a, c, 100, d, at, reason="代收"))
        yield day
    yield day + timedelta(days=15)


def test_reading_is_idle_when_nothing_happened(office):
    house = House(office)
    stories.overdue(house)
    before = db.session.scalar(select(journal.func.max(journal.JournalEntry.seq)))
    assert house.read(LATER) == 0
    assert db.session.scalar(select(journal.func.max(journal.JournalEntry.seq))) == before


@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.integers(0, 3), min_size=4, max_size=7), slices=st.integers(1, 4))
def test_backfilled_history_gives_what_daily_sweeps_give(office, act, steps, slices):
    house = House(office)
    last = db.session.scalar(select(journal.func.max(journal.JournalEntry.seq))) or 0
    known = {c.key for c in house.clues()}
    for day in _story(house, steps):
        house.sweep(day)
    daily = {
        c.key: (c.kind, c.rule, c.at, c.person_id, c.post_id, c.department_id, c.case_id, c.entry_seq, c.state)
        for c in house.clues()
        if c.key not in known
    }
    # The same journal, read at once by the sources themselves: what they show must be what was raised.
    shown: dict[str, Breach | None] = {}
    from portal.clue import sources
    from portal.clue.sources.base import Raised, Seen

    head = journal.head()[0]
    for source in sources.ALL:
        after, whole = last, False
        while not whole:
            found = source.outcomes(after, head, slices, Seen())
            for outcome in found.outcomes:
                if isinstance(outcome, Raised):
                    shown.setdefault(outcome.breach.key, outcome.breach)
                else:
                    shown.pop(outcome.key, None)
            after, whole = found.read, found.whole
    assert shown.keys() == {k for k, v in daily.items() if v[-1] is not ClueState.WITHDRAWN}
    for key, breach in shown.items():
        kind, rule, at, _person, post_id, _department, case_id, seq, _state = daily[key]
        assert breach is not None
        assert (ClueKind(breach.kind), breach.rule, breach.at, breach.case_id) == (kind, rule, at, case_id)
        assert (breach.post_id, breach.entry_seq) == (post_id, seq)
