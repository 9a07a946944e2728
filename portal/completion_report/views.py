"""Pages of the figures of completion: overview, the rows behind a figure, export (W-0, C-4)."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from portal.cases import queries as cases
from portal.cases import vocabulary as case_words
from portal.completion_report import figures, page
from portal.completion_report import vocabulary as words
from portal.completion_report.definitions import AT_END, COUNTS, DEFINITIONS, LISTED, RATES, Period
from portal.kernel import access, clock, sheets
from portal.kernel.actor import require_actor
from portal.kernel.htmx import page_or_fragment
from portal.kernel.paging import paginate
from portal.people import queries as people

bp = Blueprint("completion_report", __name__, url_prefix="/reports")

#: Rows of an export at most.
EXPORTED = 20_000


@bp.get("")
@access.guard(words.READ)
def index() -> str:
    """The figures of a period beside those of the one before, by one grouping, and the last twelve months."""
    actor, now = require_actor(), clock.now()
    report = page.asked(actor)
    found = page.lines(report, report.by, figures.table(report.scope, report.period, now, report.by))
    over, months = page.trend(report, now)
    trend = page.lines(over, "month", months)

    def whole(period: Period) -> figures.Figures:
        known = figures.of_months(report.scope, period, over.period, months)
        return known or figures.total(report.scope, period, now)

    return render_template(
        "completion_report/index.html",
        report=report,
        page=page,
        form=report.form,
        definitions=DEFINITIONS,
        columns=[DEFINITIONS[name] for name in (*COUNTS, *RATES)],
        total=whole(report.period),
        before=whole(report.period.before),
        lines=found,
        trend=trend,
        presets=page.presets(clock.local(now).date()),
        groups=words.GROUP_LABELS,
        bars=page.bars(found),
        curves=page.curves(trend),
        unit=people.unit_name(),
        now=now,
    )


@bp.get("/cases")
@access.guard(words.READ)
def rows() -> str:
    """The cases behind a figure: exactly as many as it says (W-0)."""
    actor, now = require_actor(), clock.now()
    report, figure = page.asked(actor), LISTED.get(request.args.get("figure", ""), DEFINITIONS["received"])
    found = paginate(page.rows(figure, report, now), scalars=False)
    return page_or_fragment(
        "completion_report/rows.html",
        "completion_report/_list.html",
        report=report,
        figure=figure,
        page=found,
        rows=cases.rows_of(found.items),
        value=page.in_time_of(report, now) if figure is AT_END else "",
        narrowed=page.narrowed(report),
        period=page.title(report.period),
        address={**report.address(), "figure": figure.name},
        words=case_words,
    )


@bp.get("/cases.xlsx")
@access.guard(words.READ)
def export_rows() -> Response:
    """The cases behind a figure as XLSX (at most EXPORTED rows)."""
    report, now = page.asked(require_actor()), clock.now()
    figure = LISTED.get(request.args.get("figure", ""), DEFINITIONS["received"])
    found = cases.rows(page.rows(figure, report, now).limit(EXPORTED))
    headings = [_("编号"), _("事项"), _("科室"), _("状态"), _("收件时间"), _("承诺期限"), _("办结时间"), _("超期")]
    lines = (
        [
            r.number,
            r.matter,
            r.department,
            str(case_words.STATE_LABELS[r.state]),
            r.received_at,
            r.due_at,
            r.closed_at,
            _("是") if r.closed_late or (r.closed_at is None and str(r.light) in ("overdue", "red")) else "",
        ]
        for r in found
    )
    content = sheets.workbook([(str(figure.label), headings, lines)])
    return sheets.download(content, f"{figure.label}-{report.period.first}-{report.period.last}.xlsx")


@bp.get("/export.xlsx")
@access.guard(words.READ)
def export() -> Response:
    """The figures by every grouping, a sheet each, and what every figure counts."""
    report, now = page.asked(require_actor()), clock.now()
    headings = [str(DEFINITIONS[name].label) for name in (*COUNTS, *RATES)]
    made = []
    for by, label in words.GROUP_LABELS.items():
        found = page.lines(report, by, figures.table(report.scope, report.period, now, by))
        rows = [[line.name, *_values(line.figures)] for line in found]
        made.append((str(label), [str(label), *headings], rows))
    total = figures.total(report.scope, report.period, now)
    before = figures.total(report.scope, report.period.before, now)
    summary: list[list[object]] = [
        [page.title(report.period), *_values(total)],
        [page.title(report.period.before), *_values(before)],
    ]
    summary += [[text] for text in page.narrowed(report)]
    meanings = [[str(d.label), str(d.meaning)] for d in DEFINITIONS.values()]
    content = sheets.workbook(
        [
            (_("合计"), [_("期间"), *headings], summary),
            *made,
            (_("指标含义"), [_("指标"), _("含义")], meanings),
        ]
    )
    return sheets.download(content, f"{_('办结统计')}-{report.period.first}-{report.period.last}.xlsx")


def _values(line: figures.Figures) -> list[float | int | None]:
    found = [line.value(name) for name in (*COUNTS, *RATES)]
    return [round(value, 1) if isinstance(value, float) else value for value in found]
