"""What the pages of evidence show of a line: its words, its points, where it opens (E-3)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from werkzeug.routing import BuildError

from portal.clue import rights as clue_rights
from portal.clue.models import Clue
from portal.clue.vocabulary import READ as READ_CLUES
from portal.evaluation import queries as evaluation
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.sheets import Figure
from portal.people import queries as people
from portal.policy.clue_values import KINDS
from portal.pure.months import month_after, month_text
from portal.pure.scoring import Subject, Table, plain, signed
from portal.score_evidence import vocabulary as words
from portal.score_evidence.amounts import amount
from portal.score_evidence.models import LineState, MonthState, ObjectionState, ScoreLine, ScoreMonth
from portal.score_table.vocabulary import FACTS

MONTH_BADGES = {
    MonthState.OPEN: "grey",
    MonthState.COMPUTED: "blue",
    MonthState.OBJECTIONS: "amber",
    MonthState.SETTLED: "green",
}
LINE_BADGES = {
    LineState.PROPOSED: "amber",
    LineState.APPROVED: "green",
    LineState.REFUSED: "grey",
    LineState.STRUCK: "grey",
}
OBJECTION_BADGES = {ObjectionState.OPEN: "amber", ObjectionState.UPHELD: "green", ObjectionState.REFUSED: "grey"}


def shown() -> dict[str, Any]:
    """What every page of the room needs."""
    return {
        "words": words,
        "month_text": month_text,
        "month_after": month_after,
        "month_badge": MONTH_BADGES,
        "line_badge": LINE_BADGES,
        "objection_badge": OBJECTION_BADGES,
        "points": points,
        "said": said,
        "source": source,
        "names": people.user_names(),
        "departments": people.department_names(),
    }


def name_of(subject: str, subject_id: int) -> str:
    """A department's or a person's name."""
    names = people.department_names() if subject == Subject.DEPARTMENT else people.user_names()
    return names.get(subject_id, f"#{subject_id}")


def names_of(subject: str) -> Callable[[int], str]:
    """The names of one kind of subject."""
    return lambda subject_id: name_of(subject, subject_id)


def points(value: Decimal | None) -> str:
    """Points with their sign, without trailing zeros; a dash where nothing counts."""
    return "—" if value is None else signed(value)


def by_category(stored: str) -> dict[str, Figure]:
    """The points of the categories as they are kept of a subject, without trailing zeros."""
    return {code: Figure(plain(Decimal(text)), Decimal(text)) for code, text in json.loads(stored).items()}


def source(line: ScoreLine) -> str:
    """Where a line comes from, in words."""
    sort, _colon, name = line.source.partition(":")
    if sort == "clue" and name in KINDS:
        return str(KINDS[name][0])
    if sort == "fact" and name in FACTS:
        return str(FACTS[name].label)
    return str(words.ORIGIN_LABELS[line.origin])


def said(line: ScoreLine, table: Table) -> str:
    """How a line counts, in words: the quantity with its unit, and why it counts otherwise."""
    rule = table.places[line.rule][1] if line.rule in table.places else None
    if rule is None:
        return ""
    parts = [amount(line.quantity, rule.kind, line.source), why(line)]
    return _("；").join(part for part in parts if part)


def why(line: ScoreLine) -> str:
    """Why a line counts otherwise than its rule says; empty where it does not."""
    return words.note(line.scoring)


def address(actor: Actor, line: ScoreLine) -> str:
    """The page that shows a line's fact, for who may read such pages; that page asks for the rest of the right."""
    if not line.endpoint:
        return ""
    view = current_app.view_functions.get(line.endpoint)
    needed = getattr(view, "permission", None)
    if view is None or (needed and needed not in ("public", "login") and not actor.can(needed)):
        return ""
    values = json.loads(line.values)
    if line.endpoint == "evaluation.index" and not evaluation.may_see(actor, values.get("department", "")):
        return ""
    try:
        return url_for(line.endpoint, **values)
    except BuildError:
        return ""


def clue_address(actor: Actor, line: ScoreLine) -> str:
    """The clue of a line, for who may read it: never for whom it is about (A-1)."""
    if not line.clue_number or not actor.can(READ_CLUES):
        return ""
    found = db.session.scalar(db.select(Clue).where(Clue.number == line.clue_number))
    if found is None or not clue_rights.may_read(actor, found):
        return ""
    return url_for("clue.show", number=found.number)


@dataclass(frozen=True)
class Shown:
    """One line of a sheet with its rule in words and where it opens."""

    line: ScoreLine
    text: str
    url: str


def lines(actor: Actor, month: ScoreMonth, rows: list[ScoreLine]) -> dict[str, list[Shown]]:
    """The lines of a sheet by category, in the order of the table; what is under no rule any more stands last."""
    table = month.version.table
    found: dict[str, list[Shown]] = {category.code: [] for category in table.categories}
    order = {code: n for n, code in enumerate(table.places)}
    for row in sorted(rows, key=lambda r: (order.get(r.rule, len(order)), r.happened_on, r.id)):
        category, rule = table.places.get(row.rule, (None, None))
        text = rule.text if rule else row.rule
        found.setdefault(category.code if category else "", []).append(Shown(row, text, address(actor, row)))
    return {code: each for code, each in found.items() if each}


def headings(month: ScoreMonth) -> list[str]:
    """The columns of the sheet of a month's totals."""
    first = _("科室") if month.subject is Subject.DEPARTMENT else _("姓名")
    return [first, *(c.name for c in month.version.table.categories), _("总分"), _("依据条数")]


def line_row(month: ScoreMonth, line: ScoreLine) -> list[Any]:
    """One line in the XLSX of a month."""
    table = month.version.table
    category, rule = table.places.get(line.rule, (None, None))
    return [
        name_of(month.subject, line.subject_id),
        category.name if category else "",
        rule.text if rule else line.rule,
        str(words.ORIGIN_LABELS[line.origin]),
        str(words.LINE_LABELS[line.state]),
        line.happened_on,
        source(line),
        line.matter,
        amount(line.quantity, rule.kind if rule else "", line.source),
        line.scored,
        why(line),
        line.note,
        line.finder,
    ]


def line_headings() -> list[str]:
    """The columns of the lines in the XLSX of a month."""
    return [
        _("被考评对象"), _("类别"), _("规则"), _("来源"), _("状态"), _("发生日期"), _("事实"), _("事项"), _("数量"),
        _("分值"), _("说明"), _("情况"), _("发现人"),
    ]  # fmt: skip
