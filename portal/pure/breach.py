"""A departure from a rule, as a room states it from its own recorded facts (A-1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Breach:
    """One departure: which rule, when, who answers for it, and where the evidence lies.

    ``kind`` is a clue kind; ``key`` names the fact once and for all, so that the same fact is never raised twice
    (a public number or ``<number>/<step>``, never a name). ``at`` is the instant of the departure, ``rule`` an ID.
    ``entry_seq`` is the journal entry that shows it; the subject is the post's holder of that instant unless a person
    is named, else the department.
    """

    kind: str
    key: str
    rule: str
    at: datetime
    department_id: int | None = None
    post_id: int | None = None
    person_id: int | None = None
    case_id: int | None = None
    entry_seq: int | None = None
    #: The page that shows the evidence: endpoint and its values, to be opened under the reader's own rights.
    endpoint: str = ""
    values: tuple[tuple[str, str], ...] = ()
