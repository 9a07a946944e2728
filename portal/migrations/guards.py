"""What the database itself refuses (J-1, D-1): made by the first migration, checked by tests on both databases."""

from __future__ import annotations

from collections.abc import Iterable

FINAL = "('completed','denied','deemed_agreed','withdrawn','lapsed','returned')"
_SEQ = "NEW.seq <> COALESCE((SELECT MAX(seq) FROM journal_entry), 0) + 1"
_PREV = (
    "NEW.prev_hash <> COALESCE((SELECT hash FROM journal_entry ORDER BY seq DESC LIMIT 1), "
    "'0000000000000000000000000000000000000000000000000000000000000000')"
)
_ERASED = "NOT EXISTS (SELECT 1 FROM journal_entry e WHERE e.event = 'audit.personal_erased' AND e.object_id = OLD.seq)"
_AGREED = (
    "NOT EXISTS (SELECT 1 FROM denial_filing f WHERE f.case_id = NEW.id AND f.state = 'agreed'"
    " AND f.decided_by_id IS NOT NULL AND f.decided_by_id <> f.filed_by_id)"
)

#: D-3, D-4: at the instant of the decision; later the decider may well come to handle other things of the case.
_BARRED = (
    "NEW.decided_by_id IS NULL OR NEW.decided_by_id = NEW.filed_by_id OR OLD.state = 'recalled'"
    " OR (NEW.grave AND OLD.state <> 'waiting_principal') OR NEW.edition <> OLD.edition"
    " OR EXISTS (SELECT 1 FROM case_handler h WHERE h.case_id = NEW.case_id AND h.user_id = NEW.decided_by_id)"
)
_KEPT_TEXT = (
    "number state refusal ground situation reason basis alternatives authority department_opinion"
    " leader_opinion opinion meeting_record"
).split()
_KEPT_NUMBER = "case_id department_id filed_by_id edition".split()
_CHANGED = " OR ".join(
    [f"NEW.{c} <> OLD.{c}" for c in (*_KEPT_TEXT, *_KEPT_NUMBER, "grave")]
    + ["COALESCE(NEW.decided_by_id, 0) <> COALESCE(OLD.decided_by_id, 0)"]
    + ["(NEW.decided_at IS NULL) <> (OLD.decided_at IS NULL) OR NEW.decided_at <> OLD.decided_at"]
)

#: (name, table, when, condition, message); a condition of None refuses always.
GUARDS = (
    ("journal_in_order", "journal_entry", "INSERT", f"{_SEQ} OR {_PREV}", "journal entries are appended in order"),
    ("journal_no_update", "journal_entry", "UPDATE", None, "journal entries are never changed"),
    ("journal_no_delete", "journal_entry", "DELETE", None, "journal entries are never deleted"),
    ("personal_no_update", "journal_personal", "UPDATE", None, "personal text of the journal is never changed"),
    ("personal_no_delete", "journal_personal", "DELETE", _ERASED, "personal text is erased only by an erasure entry"),
    ("case_closed_is_closed", "case", "UPDATE", "OLD.closed_at IS NOT NULL", "a closed case never changes"),
    (
        "case_denied_only_by_filing",
        "case",
        "UPDATE",
        f"NEW.state IN ('denied','returned') AND {_AGREED}",
        "a case is denied only through an agreed filing by someone else",
    ),
    (
        "case_not_born_final",
        "case",
        "INSERT",
        f"NEW.state IN {FINAL}",
        "a case begins open",
    ),
    ("case_no_delete", "case", "DELETE", None, "cases are never deleted"),
    (
        "filing_not_born_decided",
        "denial_filing",
        "INSERT",
        "NEW.state NOT IN ('waiting_leader','waiting_principal') OR NEW.decided_by_id IS NOT NULL",
        "a filing begins undecided",
    ),
    (
        "filing_decided_by_another",
        "denial_filing",
        "UPDATE",
        f"OLD.decided_at IS NULL AND NEW.decided_at IS NOT NULL AND ({_BARRED})",
        "a filing is decided by someone who neither filed nor handled it, a grave one by the principal",
    ),
    (
        "filing_decided_once",
        "denial_filing",
        "UPDATE",
        f"(OLD.decided_at IS NOT NULL OR OLD.state = 'recalled') AND ({_CHANGED})",
        "a filing is decided once, on the content it had",
    ),
    ("filing_no_delete", "denial_filing", "DELETE", None, "filings are never deleted"),
    ("first_ask_no_delete", "first_ask", "DELETE", None, "entries of the first-ask log are never deleted"),
)


def statements(dialect: str) -> list[str]:
    """The SQL of the first floor: its guards, the journal that is never emptied, the search index."""
    return [*triggers(dialect, GUARDS), *(_sqlite() if dialect == "sqlite" else _postgresql())]


def triggers(dialect: str, guards: Iterable[tuple[str, str, str, str | None, str]]) -> list[str]:
    """The SQL that makes some guards; a migration brings a list of its own in the form of GUARDS."""
    made = []
    for name, table, when, condition, message in guards:
        if dialect == "sqlite":
            where = f" WHEN {condition}" if condition else ""
            made.append(
                f"CREATE TRIGGER {name} BEFORE {when} ON \"{table}\"{where} BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
            continue
        test = condition or "TRUE"
        row = "OLD" if when == "DELETE" else "NEW"
        made.append(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {test} THEN "
            f"RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; END IF; RETURN {row}; END $$"
        )
        made.append(f'CREATE TRIGGER {name} BEFORE {when} ON "{table}" FOR EACH ROW EXECUTE FUNCTION {name}()')
    return made


def untriggers(dialect: str, guards: Iterable[tuple[str, str, str, str | None, str]]) -> list[str]:
    """The SQL that takes some guards away again (for a downgrade)."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name, *_rest in guards]
    return [f"DROP FUNCTION IF EXISTS {name}() CASCADE" for name, *_rest in guards]


def _sqlite() -> list[str]:
    return ["CREATE VIRTUAL TABLE search_index USING fts5(tokens, content='', detail=none)"]


def _postgresql() -> list[str]:
    made = [
        "CREATE FUNCTION journal_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'the journal is never emptied' USING ERRCODE = 'check_violation'; END $$"
    ]
    for table in ("journal_entry", "journal_personal"):
        made.append(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION journal_no_truncate()"
        )
    made.append("CREATE TABLE search_index (ref bigint PRIMARY KEY, tokens tsvector NOT NULL)")
    made.append("CREATE INDEX search_index_tokens ON search_index USING gin (tokens)")
    return made


#: Of migration 0003 (AB-2, AB-5).
COVER_GUARDS = (
    (
        "handover_by_another",
        "handover",
        "INSERT",
        "EXISTS (SELECT 1 FROM absence a WHERE a.id = NEW.absence_id AND a.user_id = NEW.by_id)",
        "nobody takes over from themselves",
    ),
    ("handover_no_update", "handover", "UPDATE", None, "a confirmed handover stays as it was"),
    ("handover_no_delete", "handover", "DELETE", None, "a confirmed handover stays as it was"),
    ("pair_publication_no_update", "pair_publication", "UPDATE", None, "a publication stays as it was"),
    ("pair_publication_no_delete", "pair_publication", "DELETE", None, "a publication stays as it was"),
)
