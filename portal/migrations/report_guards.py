"""What the database itself refuses, and notes, for the figures of completion (W-0, O-8)."""

from __future__ import annotations

#: Of migration 0014, in the form of `guards.GUARDS`.
REPORT_GUARDS = (
    (
        "result_error_of_closed_case",
        "result_error",
        "INSERT",
        'NOT EXISTS (SELECT 1 FROM "case" c WHERE c.id = NEW.case_id AND c.closed_on = NEW.closed_on)',
        "a result error belongs to a closed case",
    ),
    (
        "result_error_not_by_handler",
        "result_error",
        "INSERT",
        "EXISTS (SELECT 1 FROM case_handler h WHERE h.case_id = NEW.case_id AND h.user_id = NEW.recorded_by_id)",
        "a result error is recorded by somebody who did not handle the case",
    ),
    (
        "result_error_not_born_withdrawn",
        "result_error",
        "INSERT",
        "NEW.withdrawn_at IS NOT NULL",
        "a result error begins standing",
    ),
    (
        "result_error_only_withdrawn",
        "result_error",
        "UPDATE",
        "OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL OR NEW.case_id <> OLD.case_id"
        " OR NEW.closed_on <> OLD.closed_on OR NEW.kind <> OLD.kind OR NEW.found_by <> OLD.found_by"
        " OR NEW.found_on <> OLD.found_on OR NEW.facts <> OLD.facts OR NEW.recorded_by_id <> OLD.recorded_by_id"
        " OR NEW.recorded_at <> OLD.recorded_at",
        "a result error is withdrawn once and not changed otherwise",
    ),
    ("result_error_no_delete", "result_error", "DELETE", None, "result errors are never deleted"),
    (
        "monthly_statistics_filed_once",
        "monthly_statistics",
        "UPDATE",
        "OLD.filed_at IS NOT NULL",
        "filed statistics never change",
    ),
    (
        "monthly_statistics_not_born_filed",
        "monthly_statistics",
        "INSERT",
        "NEW.filed_at IS NOT NULL",
        "statistics are filed after they were opened",
    ),
    ("monthly_statistics_no_delete", "monthly_statistics", "DELETE", None, "statistics are never deleted"),
)

_DAY = {
    "sqlite": "date({0}, '+8 hours')",
    "postgresql": "({0} AT TIME ZONE 'Asia/Shanghai')::date",
}
_MOVED = ("department_id", "post_id", "item_id", "lead_id")


def marking(dialect: str) -> list[str]:
    """The SQL by which every receipt, change and closing of a case marks its day, so that tallies are made anew.

    A mark is only ever added; whoever tallies a day takes away the marks that it saw.
    """
    day = _DAY[dialect].format("NEW.received_at")
    differs = "IS NOT" if dialect == "sqlite" else "IS DISTINCT FROM"
    moved = " OR ".join(f"NEW.{c} {differs} OLD.{c}" for c in _MOVED)
    note, closed = "INSERT INTO tally_mark (day) VALUES ({0});", "NEW.closed_on"
    if dialect == "sqlite":
        columns = ", ".join(_MOVED)
        return [
            f'CREATE TRIGGER case_marks_receipt AFTER INSERT ON "case" BEGIN {note.format(day)} END',
            f'CREATE TRIGGER case_marks_move AFTER UPDATE OF {columns} ON "case" WHEN {moved}'
            f" BEGIN {note.format(day)} END",
            'CREATE TRIGGER case_marks_closing AFTER UPDATE OF closed_on ON "case"'
            f" WHEN NEW.closed_on IS NOT NULL BEGIN {note.format(closed)} END",
        ]
    return [
        "CREATE FUNCTION case_marks_day() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF TG_OP = 'INSERT' THEN {note.format(day)} RETURN NEW; END IF;"
        f" IF {moved} THEN {note.format(day)} END IF;"
        f" IF NEW.closed_on IS DISTINCT FROM OLD.closed_on AND NEW.closed_on IS NOT NULL THEN {note.format(closed)}"
        " END IF; RETURN NEW; END $$",
        'CREATE TRIGGER case_marks_day AFTER INSERT OR UPDATE ON "case" FOR EACH ROW EXECUTE FUNCTION case_marks_day()',
    ]


def unmarking(dialect: str) -> list[str]:
    """The SQL that takes the marking away again."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER IF EXISTS case_marks_{name}" for name in ("receipt", "move", "closing")]
    return ["DROP FUNCTION IF EXISTS case_marks_day() CASCADE"]
