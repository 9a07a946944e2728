"""What the embedded database would do for statements: none may read a growing table whole."""

from __future__ import annotations

import re
from typing import Any

from portal.kernel.db import db

#: Tables that grow for ever; small ones that an office fills once may be read whole.
GROWING = ("case", "first_ask", "hand_over", "denial_filing", "journal_entry", "absence", "complaint", "clue")
#: Partial indexes that hold nothing but what is open: reading one whole is reading the open work.
OF_OPEN_WORK = {
    "ix_case_open_due",
    "ix_case_open_department",
    "ix_case_open_tacit",
    "ix_case_consent_held",
    "ix_first_ask_unacknowledged",
    "ix_hand_over_waiting",
    "ix_denial_filing_waiting",
    "ix_complaint_running",
    "ix_clue_open",
}
#: The newest entry is read from the end of the table by its key.
NEWEST = re.compile(r"ORDER BY journal_entry\.seq DESC\s+LIMIT")


def full_scans(sent: list[tuple[str, Any]]) -> list[tuple[str, str]]:
    """The parts of plans that read a growing table whole."""
    found = []
    raw = db.session.connection().connection.driver_connection
    for statement, parameters in sent:
        if not statement.lstrip().upper().startswith("SELECT") or NEWEST.search(statement):
            continue
        for *_numbers, step in raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters):
            scan = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", step)
            if scan and scan[1] in GROWING and scan[2] not in OF_OPEN_WORK:
                found.append((step, statement))
    return found
