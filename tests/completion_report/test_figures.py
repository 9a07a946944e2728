"""Every figure is the number of rows that it opens, from tallies as from the cases (W-0)."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import event, func, select, update

from portal.cases import queries as cases
from portal.cases.models import Case, CaseState
from portal.completion_report import definitions as define
from portal.completion_report import figures, page, tallies
from portal.completion_report.definitions import DEFINITIONS, Period, Scope
from portal.completion_report.forms import ReportForm
from portal.completion_report.models import ClosingTally, ReceiptTally, ResultError, TallyMark
from portal.kernel import clock
from portal.kernel.db import db, dialect
from portal.pure.months import month_after
from portal.service_commitment.models import ItemVersion
from tests.office import NOW

PERIODS = (
    Period(date(2026, 11, 1), date(2026, 11, 30)),
    Period(date(2026, 9, 1), date(2026, 11, 18)),
    Period(date(2026, 10, 13), date(2026, 11, 3)),
)
COUNTED = ("received", "done", "early", "on_time", "late", "overdue", "running", "paused", "left", "wrong", "shared")


def counted(name: str, scope: Scope, period: Period) -> int:
    """The number of rows behind a figure."""
    report = page.Asked(ReportForm(None), period, scope, "department")
    query = page.rows(DEFINITIONS["average" if name == "shared" else name], report, NOW).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(query)) or 0


def error(case_id: int, office, withdrawn: bool = False, kind: str = "law") -> None:
    closed_on = db.session.scalar(select(Case.closed_on).where(Case.id == case_id))
    made = ResultError(
        case_id=case_id,
        closed_on=closed_on,
        kind=kind,
        found_by="review",
        found_on=closed_on,
        facts="x",
        recorded_by_id=office.users["office"],
        recorded_at=NOW,
    )
    db.session.execute(
        ResultError.__table__.insert().values(
            **{
                c.name: getattr(made, c.name)
                for c in ResultError.__table__.columns
                if c.name not in ("id", "withdrawal")
            },
            withdrawal="",
        )
    )
    if withdrawn:
        db.session.execute(
            ResultError.__table__.update()
            .where(ResultError.case_id == case_id)
            .values(withdrawn_at=NOW, withdrawn_by_id=office.users["office"], withdrawal="x")
        )


def with_errors(office, rows) -> None:
    closed = list(db.session.scalars(select(Case.id).where(Case.closed_on.is_not(None)).limit(12)))
    for n, case_id in enumerate(closed):
        error(case_id, office, withdrawn=n % 3 == 0)
    error(closed[1], office, kind="client")  # two errors are one case


def cells(scope: Scope, period: Period, by: str):
    """Every cell of a table with the scope and period of its rows."""
    for key, line in figures.table(scope, period, NOW, by).items():
        own, days = scope, period
        if by == "month":
            first = date(key // 100, key % 100, 1)
            days = Period(max(first, period.first), min(month_after(first, 1) - timedelta(days=1), period.last))
        elif by:
            own = scope.narrowed(by, key)
            if by == "person":
                own = Scope(**{**vars(own), "person_posts": figures.posts_of_person(key)})
        yield line, own, days


@pytest.mark.parametrize("tallied", [False, True, "half"])
def test_every_cell_counts_its_rows(office, rows, act, tallied):
    with act():
        rows.many(70)
        with_errors(office, rows)
        if tallied:
            tallies.tally(NOW, 1000 if tallied is True else 20)
        for period in PERIODS[1:]:
            for by in ("", *figures.GROUPS):
                for line, scope, days in cells(Scope(), period, by):
                    for name in COUNTED:
                        if line.receipts or name not in ("received", "left"):
                            assert getattr(line, name) == counted(name, scope, days), (name, by, scope, days)
                    assert line.done + line.overdue == counted("rate", scope, days)


@pytest.mark.parametrize("seed", [2, 3])
def test_narrowed_tables_count_their_rows_too(office, rows, act, seed):
    with act():
        rows.many(50, seed)
        tallies.tally(NOW)
        rows.many(15, seed + 100)
        scopes = (
            Scope(department_id=office.departments["YW"]),
            Scope(item_id=0, departments=frozenset({office.departments["XH"]})),
            Scope(post_id=office.posts["YW-2"], item_id=office.items["SX-001"]),
            Scope(person_id=office.users["clerk"], person_posts=figures.posts_of_person(office.users["clerk"])),
        )
        for scope in scopes:
            for by in ("", "item", "month"):
                for line, own, days in cells(scope, PERIODS[1], by):
                    for name in COUNTED:
                        if line.receipts or name not in ("received", "left"):
                            assert getattr(line, name) == counted(name, own, days), (name, by, own)


@pytest.mark.parametrize("tallied", [False, True])
def test_whole_months_add_up_to_their_period(office, rows, act, tallied):
    """The page takes the figures of a period from the table by month where that holds them all, and only there."""
    year = Period(date(2025, 12, 1), date(2026, 11, 30))
    wang = office.users["clerk"]
    with act():
        rows.many(90, 11)
        with_errors(office, rows)
        if tallied:
            tallies.tally(NOW)
        for scope in (Scope(), Scope(person_id=wang, person_posts=figures.posts_of_person(wang))):
            months = figures.table(scope, year, NOW, "month")
            for first, last in ((9, 10), (10, 10), (11, 11), (1, 11), (1, 12)):
                period = Period(date(2026, first, 1), month_after(date(2026, last, 1), 1) - timedelta(days=1))
                known, whole = figures.of_months(scope, period, year, months), figures.total(scope, period, NOW)
                assert known == whole, (scope, period)
            for period in (*PERIODS[1:], year.before, Period(date(2026, 12, 1), date(2026, 12, 31))):
                assert figures.of_months(scope, period, year, months) is None


def test_tallies_say_what_the_cases_say(office, rows, act):
    with act():
        rows.many(120, 5)
        before = {by: figures.table(Scope(), PERIODS[1], NOW, by) for by in ("", *figures.GROUPS)}
        assert db.session.scalar(select(func.count()).select_from(ClosingTally)) == 0
        assert tallies.tally(NOW, 1000) > 30
        assert tallies.tally(NOW, 1000) == 0
        assert db.session.scalars(select(TallyMark.day).distinct()).all() == [clock.today()]
        assert db.session.scalar(select(func.sum(ReceiptTally.received))) > 80
        for by, table in before.items():
            assert figures.table(Scope(), PERIODS[1], NOW, by) == table


def test_whatever_changes_a_day_marks_it(office, rows, act):
    then = NOW - timedelta(days=20)
    with act():
        case_id = rows.case(received_at=then)
        tallies.tally(NOW)
        assert marked() == set()
        db.session.execute(Case.__table__.update().where(Case.id == case_id).values(post_id=office.posts["YW-2"]))
        assert marked() == {then.date()}
        table = figures.table(Scope(), PERIODS[1], NOW, "post")
        assert {key: line.received for key, line in table.items()} == {office.posts["YW-2"]: 1}
        tallies.tally(NOW)
        db.session.execute(Case.__table__.update().where(Case.id == case_id).values(matter="另一件"))
        assert marked() == set()
        late = NOW - timedelta(days=3)  # a consent that is recorded afterwards (T-7)
        db.session.execute(
            Case.__table__.update()
            .where(Case.id == case_id)
            .values(state=CaseState.COMPLETED, closed_at=late, closed_on=late.date(), closed_late=True)
        )
        assert marked() == {late.date()}
        assert figures.total(Scope(), PERIODS[1], NOW).late == 1


def marked() -> set[date]:
    return set(db.session.scalars(select(TallyMark.day).where(TallyMark.day < clock.today())))


def test_parts_of_a_joint_matter_count_once_for_the_unit(office, rows, act):
    with act():
        lead = rows.case()
        rows.case(post="XH-1", lead_id=lead)
        rows.case(post="YW-2", lead_id=lead, closed_at=NOW)
        for _turn in range(2):
            assert figures.total(Scope(), PERIODS[0], NOW).received == 1
            assert figures.total(Scope(), PERIODS[0], NOW).done == 0
            table = figures.table(Scope(), PERIODS[0], NOW, "department")
            assert table[office.departments["XH"]].received == 1
            assert table[office.departments["YW"]].received == 2
            assert table[office.departments["YW"]].done == 1
            tallies.tally(NOW + timedelta(days=1))


def test_deemed_agreed_is_late_whatever_the_clock_says(office, rows, act):
    """T-7, W-0."""
    with act():
        rows.case(closed_at=NOW, share_used=300)
        item_id = office.items["SX-003"]
        db.session.execute(update(ItemVersion).where(ItemVersion.item_id == item_id).values(tacit_consent=True))
        version = db.session.scalar(select(ItemVersion.id).where(ItemVersion.item_id == item_id))
        rows.case(
            "XH-1",
            item_id=item_id,
            promise_version_id=version,
            consent_from=NOW - timedelta(days=3),
            consent_at=NOW,
            closed_at=NOW,
            state=CaseState.DEEMED_AGREED,
            closed_late=False,
            share_used=900,
        )
        line = figures.total(Scope(), PERIODS[0], NOW)
        assert (line.done, line.early, line.on_time, line.late, line.rate) == (2, 1, 0, 1, 50.0)


def test_a_rate_counts_what_is_open_and_overdue(office, rows, act):
    with act():
        rows.case(closed_at=NOW, share_used=300)
        rows.case(due_at=NOW - timedelta(days=1), received_at=NOW - timedelta(days=40))
        rows.case(due_at=NOW + timedelta(days=1))
        line = figures.total(Scope(), PERIODS[0], NOW)
        assert (line.overdue, line.rate, line.running, line.left) == (1, 50.0, 2, 1)
        assert line.completion == 50.0
        # What fell due after the end of an earlier month is not held against it.
        assert figures.total(Scope(), PERIODS[0].before, NOW).overdue == 0


def test_the_rate_is_that_of_the_other_pages(office, rows, act):
    with act():
        rows.many(100, 9)
        whole = figures.total(Scope(department_id=office.departments["YW"]), PERIODS[0], NOW)
        other = cases.on_time(PERIODS[0].first, PERIODS[0].last, NOW, office.departments["YW"])
        assert whole.done > 5
        assert (whole.done, whole.done - whole.late, whole.overdue) == (other.closed, other.on_time, other.open_overdue)


def test_a_share_that_was_not_kept_is_not_averaged(office, rows, act):
    with act():
        for share in (200, 400, None):
            rows.case(closed_at=NOW, share_used=share)
        line = figures.total(Scope(), PERIODS[0], NOW)
        assert (line.done, line.shared, line.average) == (3, 2, 30.0)


#: Tables that grow for ever.
GROWING = ("case", "first_ask", "journal_entry", "closing_tally", "receipt_tally")


@pytest.mark.parametrize("by", ["", *figures.GROUPS])
def test_no_table_that_grows_is_read_whole(office, rows, act, by):
    """Statistics over a million cases: periods are read from indexes, open work from what is open."""
    if dialect() != "sqlite":
        pytest.skip("plans of SQLite; the indexes are the same")
    sent = []
    with act():
        rows.many(40)
        tallies.tally(NOW)
        event.listen(db.engine, "before_cursor_execute", lambda _c, _u, s, p, _x, _m: sent.append((s, p)))
        for scope in (Scope(), Scope(department_id=office.departments["YW"]), Scope(item_id=office.items["SX-001"])):
            figures.table(scope, PERIODS[0], NOW, by)
            report = page.Asked(ReportForm(None), PERIODS[0], scope, "department")
            for name in ("received", "done", "overdue", "late"):
                db.session.execute(page.rows(DEFINITIONS[name], report, NOW).limit(50))
        scans = whole_reads(sent)
    assert len(sent) > 12
    assert scans == []


def whole_reads(sent):
    """The parts of plans that read a growing table whole; the open work has indexes of its own."""
    found, raw = [], db.session.connection().connection.driver_connection
    for statement, parameters in sent:
        if statement.lstrip().upper().startswith("SELECT"):
            for *_numbers, step in raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters):
                scan = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", step)
                if scan and scan[1] in GROWING and not (scan[2] or "").startswith("ix_case_open_"):
                    found.append((step, statement))
    return found


def test_the_check_finds_a_whole_read(office):
    if dialect() != "sqlite":
        pytest.skip("plans of SQLite")
    assert whole_reads([("SELECT count(*) FROM \"case\" WHERE matter = 'x'", ())])


def test_every_figure_says_what_it_counts():
    for definition in DEFINITIONS.values():
        assert definition.rows.__doc__
        assert str(definition.meaning)
    assert set(define.COUNTS + define.RATES) <= set(DEFINITIONS)
