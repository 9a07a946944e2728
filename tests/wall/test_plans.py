"""The wall reads open work and today through indexes, never history (W-1)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import Column, event
from sqlalchemy.sql import visitors

from portal.cases.models import Case, CaseState
from portal.kernel.db import db, dialect
from portal.wall import board, queries
from tests.office import NOW

#: Tables that grow for ever; small ones that an office fills once may be read whole.
GROWING = ("case", "first_ask", "hand_over", "denial_filing", "journal_entry", "absence", "complaint", "clue")
#: Partial indexes that hold nothing but what is open: reading one whole is reading the open work.
OF_OPEN_WORK = {
    "ix_case_open_due",
    "ix_case_open_department",
    "ix_case_open_tacit",
    "ix_first_ask_unacknowledged",
    "ix_hand_over_waiting",
    "ix_denial_filing_waiting",
    "ix_complaint_running",
    "ix_clue_open",
}


@pytest.fixture
def statements(office):
    """Every statement that making the wall sends, with its parameters."""
    if dialect() != "sqlite":
        pytest.skip("plans of SQLite; the indexes are the same")
    sent = []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        sent.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    event.remove(db.engine, "before_cursor_execute", note)


def full_scans(sent):
    """The parts of plans that read a growing table whole."""
    found = []
    raw = db.session.connection().connection.driver_connection
    for statement, parameters in sent:
        if not statement.lstrip().upper().startswith("SELECT"):
            continue
        for *_numbers, step in raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters):
            scan = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", step)
            if scan and scan[1] in GROWING and scan[2] not in OF_OPEN_WORK:
                found.append((step, statement))
    return found


def test_no_statement_of_the_wall_reads_a_table_whole(rows, statements):
    for hours in range(1, 4):
        rows.case(due_at=NOW - timedelta(hours=hours), soon_at=NOW - timedelta(days=2), red_at=NOW - timedelta(hours=1))
        rows.case(due_at=None, red_at=NOW - timedelta(hours=1), stopped=True)
        rows.case(due_at=NOW + timedelta(hours=2), soon_at=NOW - timedelta(hours=2), red_at=NOW - timedelta(hours=1))
        rows.case(state=CaseState.RECEIVED, tacit_at=NOW)
        rows.case(closed_at=NOW - timedelta(days=2))
    board.make(NOW, False)  # the small tables are in memory from now on
    statements.clear()
    current_app.extensions.pop("portal.wall.month")
    current_app.extensions.pop("portal.wall.satisfied")
    made = board.make(NOW, False)
    assert made.lights.red == 9
    tables = {t for statement, _p in statements for t in GROWING if re.search(rf'FROM "?{t}\b', statement)}
    assert {"case", "first_ask", "hand_over", "denial_filing"} <= tables
    assert full_scans(statements) == []


def test_the_check_finds_a_full_scan(statements):
    db.session.execute(db.text("SELECT count(*) FROM \"case\" WHERE matter = 'x'"))
    assert full_scans(statements)


def test_lights_are_counted_from_the_index_alone():
    """The index of open work holds every column that is asked for, so that much open work stays cheap."""
    index = next(i for i in Case.__table__.indexes if i.name == "ix_case_open_due")
    for statement in (queries._PAST, queries._AHEAD, queries._STOPPED):
        asked = {column.name for column in named(statement)}
        assert "due_at" in asked
        assert asked - {"closed_at"} <= {column.name for column in index.columns}


def named(statement):
    """The columns that a statement names, not those of the table it reads."""
    parts = (*statement._raw_columns, *statement._where_criteria, *statement._group_by_clauses)
    return [c for part in parts for c in visitors.iterate(part) if isinstance(c, Column)]
