"""What a settled month gives: rows with their lines, copied so that nothing later changes them (E-3, E-6)."""

from __future__ import annotations

import json
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from portal.kernel.db import db
from portal.monthly_result.models import ResultRow
from portal.monthly_result.rows import Given
from portal.people import queries as people
from portal.people.models import User
from portal.pure.scoring import Result, Table, plain
from portal.score_evidence import queries as evidence
from portal.score_evidence.models import ScoreLine, ScoreMonth
from portal.score_table.models import Subject


def names(subject: str) -> dict[int, tuple[str, str]]:
    """The name of each subject, and a person's department."""
    departments = people.department_names()
    if subject == Subject.DEPARTMENT:
        return {key: (name, "") for key, name in departments.items()}
    rows = db.session.execute(select(User.id, User.name, User.department_id))
    return {key: (name, departments.get(department or 0, "")) for key, name, department in rows}


def table_name(month: ScoreMonth) -> str:
    """What the table of a month and its version are called."""
    return _("%(name)s第 %(n)s 版", name=month.version.score_table.name, n=month.version.version)[:200]


def of_month(subject: str, month: ScoreMonth) -> list[Given]:
    """The results of a settled month, each with its categories and lines."""
    found = evidence.results(subject, month.month)
    by_line = {(line.subject_id, evidence.as_line(line).key): line for line in evidence.counting(month.id)}
    table, called = month.version.table, names(subject)
    made = []
    for subject_id, result in found.items():
        name, department = called.get(subject_id, (f"#{subject_id}", ""))
        lines = {key: line for (owner, key), line in by_line.items() if owner == subject_id}
        detail, out = _detail(table, result, lines), excluded(table, result)
        made.append(Given(subject_id, name, department, result.total, out, detail=detail))
    return made


def excluded(table: Table, result: Result) -> str:
    """Why a subject is not ranked: the rules that disqualify it, in their own words; empty when it is (E-2, E-5)."""
    rules = [table.rule(bar.rule).text for bar in result.disqualified_by]
    return _("一票否决：%(rules)s", rules=_("；").join(rules))[:400] if rules else ""


def of_edition(rows: list[ResultRow]) -> list[Given]:
    """The rows of an edition as the beginning of the next one."""
    return [
        Given(r.subject_id, r.name, r.department, r.total, r.excluded, r.corrected, json.loads(r.detail)) for r in rows
    ]


def _detail(table: Table, result: Result, lines: dict[str, ScoreLine]) -> dict[str, Any]:
    """Categories, rules and lines as plain text and figures, in the order of the table."""
    categories = [
        {
            "name": table.categories[n].name,
            "base": None if each.base is None else plain(each.base),
            "change": plain(each.change),
            "points": plain(each.points),
            "counted": plain(each.counted),
            "note": str(each.note),
            "rules": [
                {
                    "code": rule.rule,
                    "text": table.rule(rule.rule).text,
                    "gross": plain(rule.gross),
                    "points": plain(rule.points),
                    "note": str(rule.note),
                }
                for rule in each.rules
            ],
        }
        for n, each in enumerate(result.categories)
    ]
    counted = []
    for each in result.scored:
        line = lines.get(each.line.key)
        counted.append(
            {
                "rule": each.line.rule,
                "text": table.rule(each.line.rule).text,
                "quantity": plain(each.line.quantity),
                "kind": str(table.rule(each.line.rule).kind),
                "source": line.source if line else "",
                "points": plain(each.points),
                "note": str(each.note),
                "on": line.happened_on.isoformat() if line else "",
                "what": " ".join(part for part in (line.matter, line.note) if part) if line else "",
                "clue": line.clue_number if line else "",
            }
        )
    bars = [{"text": table.rule(each.rule).text, "bar": str(each.bar)} for each in result.disqualified_by]
    return {"categories": categories, "lines": counted, "bars": bars, "capped": result.capped}
