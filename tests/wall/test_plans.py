"""The wall reads open work and today through indexes, never history (W-1)."""

from __future__ import annotations

import re
from datetime import timedelta

from flask import current_app
from sqlalchemy import Column
from sqlalchemy.sql import visitors

from portal.cases.models import Case, CaseState
from portal.kernel.db import db
from portal.wall import board, queries
from tests.office import NOW
from tests.plans import GROWING, full_scans


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
