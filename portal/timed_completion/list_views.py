"""The lists of special procedures and extensions, with filters, pages and XLSX."""

from __future__ import annotations

from flask import Response, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, clock, sheets
from portal.kernel.actor import require_actor
from portal.kernel.db import db
from portal.kernel.htmx import page_or_fragment
from portal.kernel.paging import paginate
from portal.people import queries as people
from portal.policy import pause_reasons
from portal.timed_completion import queries
from portal.timed_completion import vocabulary as words
from portal.timed_completion.forms import EXTENSION_LABELS, PROCEDURE_LABELS, FilterForm, tab_of
from portal.timed_completion.queries import EXTENSION_TABS, PROCEDURE_TABS
from portal.timed_completion.views import bp

Answer = str | BaseResponse | tuple[str, int]
#: Rows of an export at most; beyond it the list is to be narrowed by its filters.
MOST_EXPORTED = 20_000


@bp.get("/special-procedures")
@access.guard(words.READ)
def index() -> Answer:
    """Special procedures with filters and pages (T-4)."""
    form, now = FilterForm(request.args), clock.now()
    form.validate()
    tab = tab_of(request.args.get("tab"), PROCEDURE_TABS)
    return page_or_fragment(
        "timed_completion/index.html",
        "timed_completion/_procedures.html",
        page=paginate(queries.procedure_list(require_actor(), form.wanted(tab), now)),
        form=form,
        tab=tab,
        labels=PROCEDURE_LABELS,
        reason_label=pause_reasons.label,
        departments=people.department_names(),
        filtered=any(v for k, v in request.args.items() if k not in ("page", "tab")),
    )


@bp.get("/special-procedures/export.xlsx")
@access.guard(words.READ)
def export() -> Response:
    """The filtered special procedures as XLSX, without client data."""
    form = FilterForm(request.args)
    form.validate()
    tab = tab_of(request.args.get("tab"), PROCEDURE_TABS)
    query = queries.procedure_list(require_actor(), form.wanted(tab), clock.now()).limit(MOST_EXPORTED)
    departments = people.department_names()
    headings = [
        _("通知书编号"), _("办件"), _("事项"), _("科室"), _("特别程序"), _("承担机构"), _("停表时间"),
        _("预计完成日期"), _("最迟恢复"), _("恢复计时"), _("停表前承诺期限"), _("恢复后承诺期限"), _("停表前法定期限"),
        _("恢复后法定期限"), _("送达日期"), _("结果"),
    ]  # fmt: skip
    rows = (
        [
            p.number,
            p.case.number,
            p.case.matter,
            departments.get(p.department_id, ""),
            str(pause_reasons.label(p.reason)),
            p.agency,
            p.pause.from_at,
            p.expected_on,
            p.pause.until_at,
            p.pause.to_at,
            p.pause.due_before,
            p.pause.due_after,
            p.pause.statutory_before,
            p.pause.statutory_after,
            p.told_on,
            p.result,
        ]
        for p in db.session.scalars(query)
    )
    return sheets.listed(_("特别程序"), headings, rows)


@bp.get("/case-extensions")
@access.guard(words.READ)
def extensions() -> Answer:
    """Requests for more time with filters and pages (T-5)."""
    form, now = FilterForm(request.args), clock.now()
    form.validate()
    tab = tab_of(request.args.get("tab"), EXTENSION_TABS)
    return page_or_fragment(
        "timed_completion/extensions.html",
        "timed_completion/_extensions.html",
        page=paginate(queries.extension_list(require_actor(), form.wanted(tab), now)),
        form=form,
        tab=tab,
        labels=EXTENSION_LABELS,
        standing=queries.standing,
        words=words,
        names=people.user_names(),
        departments=people.department_names(),
        filtered=any(v for k, v in request.args.items() if k not in ("page", "tab")),
    )


@bp.get("/case-extensions/export.xlsx")
@access.guard(words.READ)
def export_extensions() -> Response:
    """The filtered requests for more time as XLSX, without client data."""
    form, now = FilterForm(request.args), clock.now()
    form.validate()
    tab = tab_of(request.args.get("tab"), EXTENSION_TABS)
    query = queries.extension_list(require_actor(), form.wanted(tab), now).limit(MOST_EXPORTED)
    departments, names = people.department_names(), people.user_names()
    headings = [
        _("编号"), _("办件"), _("事项"), _("科室"), _("延期工作日数"), _("申请人"), _("申请时间"), _("状态"),
        _("决定人"), _("决定时间"), _("原承诺期限"), _("延期后承诺期限"), _("原法定期限"), _("延期后法定期限"),
        _("送达日期"),
    ]  # fmt: skip
    rows = (
        [
            e.number,
            e.case.number,
            e.case.matter,
            departments.get(e.department_id, ""),
            e.days,
            names.get(e.asked_by_id, ""),
            e.asked_at,
            str(words.STATE_LABELS[queries.standing(e, now)]),
            names.get(e.decided_by_id or 0, ""),
            e.decided_at,
            e.old_due_at,
            e.due_at,
            e.old_statutory_due_at,
            e.statutory_due_at,
            e.told_on,
        ]
        for e in db.session.scalars(query)
    )
    return sheets.listed(_("延期"), headings, rows)
