"""Pages of a month: the months, its table, a subject's sheet, what changed, computing, settling, export (E-3)."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, clock, journal, sheets, timeline
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import locked
from portal.kernel.htmx import go
from portal.kernel.paging import paginate
from portal.pure.months import month_text, read_month
from portal.pure.scoring import Subject, plain
from portal.score_evidence import changing, objections, page, queries, rights, service
from portal.score_evidence import vocabulary as words
from portal.score_evidence.forms import FilterForm
from portal.score_evidence.models import ScoreMonth

bp = Blueprint("score_evidence", __name__, url_prefix="/score-evidence")

Answer = str | BaseResponse | tuple[str, int]


def month_asked(subject: str, month: str) -> ScoreMonth:
    """The month of an address. Raises NotFound for a missing one and for nonsense."""
    first: date | None = read_month(month)
    found = queries.month_of(subject, first) if first is not None and subject in set(Subject) else None
    if found is None:
        raise NotFound()
    return found


def taken(subject: str, month: str) -> ScoreMonth:
    """The same, locked for a verb."""
    return locked(ScoreMonth, id=month_asked(subject, month).id)


@bp.get("")
@access.guard(words.READ)
def index() -> str:
    """The months, the newest first, with where each stands; for the scored their own totals."""
    actor = require_actor()
    months = paginate(queries.months())
    return render_template(
        "score_evidence/index.html",
        page=months,
        mine=_mine(actor, months.items),
        waiting=queries.waiting_by_month() if actor.can(words.READ_ALL) else {},
        all=actor.can(words.READ_ALL),
        name_of=page.name_of,
        plain=plain,
        **page.shown(),
    )


def _mine(actor: Actor, months: list[ScoreMonth]) -> dict[int, list[tuple[int, Any]]]:
    """The actor's own subjects in each month with their totals."""
    found = {}
    for month in months:
        own = sorted(rights.own(actor, month.subject))
        results = queries.results_of(month.id, own)
        found[month.id] = [(subject_id, results[subject_id]) for subject_id in own if subject_id in results]
    return found


@bp.get("/<subject>/<month>")
@access.guard(words.READ_ALL)
def show(subject: str, month: str) -> str:
    """A month: subjects by categories, from what is stored."""
    actor, now = require_actor(), clock.now()
    found, form = month_asked(subject, month), FilterForm(request.args)
    form.validate()
    rows = _rows(found, form)
    return render_template(
        "score_evidence/month.html",
        month=found,
        form=form,
        rows=rows,
        filtered=bool(form.q.data),
        categories=found.version.table.categories,
        computable=actor.can(words.COMPUTE) and service.may_compute(found, now),
        hindrance=service.hindrance(found, now) if found.settled_at is None else "",
        proposed=queries.proposed_of(found.id),
        takes_lines=rights.takes_lines(found) and actor.can(words.PROPOSE),
        changes=queries.count_changes(found.id),
        name_of=page.name_of,
        history=timeline.lines(reversed(journal.of_object("score_month", found.id)[-30:])),
        plain=plain,
        **page.shown(),
    )


def _rows(month: ScoreMonth, form: FilterForm) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {
            "id": each.subject_id,
            "name": page.name_of(month.subject, each.subject_id),
            "total": each.total,
            "categories": page.by_category(each.categories),
            "lines": each.lines,
            "out": each.disqualified_by,
        }
        for each in queries.stored(month.id)
    ]
    wanted = (form.q.data or "") if not form.q.errors else ""
    rows = [row for row in rows if wanted in row["name"]]
    if form.order.data == "total" and not form.order.errors:
        return sorted(rows, key=lambda row: (-row["total"], row["name"]))
    return sorted(rows, key=lambda row: (row["id"] if month.subject is Subject.DEPARTMENT else 0, row["name"]))


@bp.get("/<subject>/<month>/<int:subject_id>")
@access.guard(words.READ)
def sheet(subject: str, month: str, subject_id: int) -> str:
    """A subject's sheet: categories, rules, every line with its evidence. The scored see it once it is computed."""
    actor, now = require_actor(), clock.now()
    found = month_asked(subject, month)
    if not rights.may_read(actor, subject, subject_id):
        raise NotFound()
    if found.computed_at is None and not actor.can(words.READ_ALL):
        raise NotFound()
    stored = queries.results_of(found.id, [subject_id]).get(subject_id)
    paged = paginate(queries.listing(found.id, subject_id), per_page=200)
    rows = [row for row in paged.items if rights.sees_line(actor, row)]
    if stored is None and not rows:
        raise NotFound()
    ruled = queries.objections_of_lines([row.id for row in rows])
    return render_template(
        "score_evidence/sheet.html",
        month=found,
        subject_id=subject_id,
        name=page.name_of(subject, subject_id),
        stored=stored,
        points_of=page.by_category(stored.categories) if stored else {},
        categories=found.version.table.categories,
        table=found.version.table,
        lines=page.lines(actor, found, rows),
        objections=ruled,
        may_object={row.id for row in rows if objections.may_object(actor, found, row, now)},
        own=subject_id in rights.own(actor, subject),
        page=paged,
        all=actor.can(words.READ_ALL),
        plain=plain,
        **page.shown(),
    )


@bp.get("/<subject>/<month>/changes")
@access.guard(words.READ_ALL)
def changes(subject: str, month: str) -> str:
    """What computations, approvals and rulings changed, line by line: from what to what, and why."""
    found = month_asked(subject, month)
    paged = paginate(queries.changes(found.id), scalars=False)
    return render_template(
        "score_evidence/changes.html",
        month=found,
        page=paged,
        rows=changing.shown(found, paged.items),
        name_of=page.name_of,
        **page.shown(),
    )


@bp.post("/<subject>/<month>/compute")
@access.guard(words.COMPUTE)
def compute(subject: str, month: str) -> Answer:
    """Compute a month, or compute it again."""
    found = taken(subject, month)
    again = found.computed_at is not None
    n = service.compute(require_actor(), found, clock.now())
    if not again:
        flash(_("已计算，被考评对象可以查看自己的依据并提出异议。"))
    elif n:
        flash(ngettext("已重新计算，%(num)s 条依据有变化。", "已重新计算，%(num)s 条依据有变化。", n))
    else:
        flash(_("已重新计算，结果没有变化。"))
    return go("score_evidence.show", subject=subject, month=month)


@bp.post("/<subject>/<month>/settle")
@access.guard(words.COMPUTE)
def settle(subject: str, month: str) -> Answer:
    """Settle the evidence of a month."""
    found = taken(subject, month)
    service.settle(require_actor(), found, clock.now())
    flash(_("考评依据已确定。") if found.settled_at else _("事实有变化，已重新计算，请再等待异议期限。"))
    return go("score_evidence.show", subject=subject, month=month)


@bp.get("/<subject>/<month>/export.xlsx")
@access.guard(words.READ_ALL)
def export(subject: str, month: str) -> Response:
    """A month as XLSX: the totals by category, and every line."""
    found = month_asked(subject, month)
    totals = [
        [page.name_of(found.subject, each.subject_id),
         *(page.by_category(each.categories).get(c.code, "") for c in found.version.table.categories),
         each.total, each.lines]
        for each in queries.stored(found.id)
    ]  # fmt: skip
    content = sheets.workbook(
        [
            (_("考评得分"), page.headings(found), totals),
            (_("考评依据"), page.line_headings(), (page.line_row(found, x) for x in queries.every_line(found.id))),
        ]
    )
    return sheets.download(
        content, f"{_('考评依据')}-{words.SUBJECT_LABELS[found.subject]}-{month_text(found.month)}.xlsx"
    )
