"""Pages of the register: rows, rates, export (D-7)."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from portal.denial_filing import page, paper, register
from portal.denial_filing import vocabulary as words
from portal.denial_filing.forms import FilterForm
from portal.denial_filing.views import Answer, bp
from portal.kernel import access, clock, sheets
from portal.kernel.actor import require_actor
from portal.kernel.htmx import page_or_fragment
from portal.kernel.paging import paginate
from portal.people import queries as people

__all__ = ["bp"]

#: Rows of an export at most; beyond it the register is to be narrowed by its filters.
MOST_EXPORTED = 20_000


def _filters() -> MultiDict[str, str]:
    """The filters of the address; without any, this year."""
    given = {k: v for k, v in request.args.items() if k != "page"}
    return MultiDict(given or {"from_on": clock.today().replace(month=1, day=1).isoformat()})


@bp.get("/denial-filings/register")
@access.guard(words.REGISTER)
def show_register() -> Answer:
    """The register with its rates by department, item or leader; every figure opens its rows."""
    actor, now, given = require_actor(), clock.now(), _filters()
    form = FilterForm(given)
    form.validate()
    wanted = form.wanted()
    group = given.get("group", "department")
    group = group if group in register.GROUPS else "department"

    def opened(line: register.Line, outcome: str) -> str:
        """The address of the rows behind a figure."""
        kept: dict[str, Any] = {k: v for k, v in given.items() if v}
        kept.update({"group": group, group: line.key, "outcome": outcome})
        return url_for("denial_filing.show_register", **{k: v for k, v in kept.items() if v != ""}, _anchor="list")

    return page_or_fragment(
        "denial_filing/register.html",
        "denial_filing/_list.html",
        form=form,
        page=paginate(register.listing(actor, wanted, now)),
        lines=register.rates(actor, wanted, group, now),
        groups=register.GROUPS,
        group=group,
        given=given,
        opened=opened,
        pages=page,
        state_words=paper.state_words,
        names=people.user_names(),
        departments=people.department_names(),
        words=words,
        filtered=bool(request.args),
    )


@bp.get("/denial-filings/register.xlsx")
@access.guard(words.REGISTER)
def export_register() -> Response:
    """The filtered register and its rates as XLSX (at most MOST_EXPORTED rows)."""
    actor, now = require_actor(), clock.now()
    form = FilterForm(_filters())
    form.validate()
    wanted = form.wanted()
    headings = [
        _("报备编号"), _("报备时间"), _("科室"), _("报备人"), _("办件"), _("事项"), _("服务对象"), _("电话"),
        _("拟作出的答复"), _("否定的种类"), _("关系重大"), _("理由"), _("依据"), _("状态"), _("审批期限"),
        _("审批人"), _("审批时间"), _("审批意见"), _("书面决定"), _("出具时间"), _("应送达日期"), _("送达日期"),
        _("送达方式"), _("签收人"), _("退还的材料"),
    ]  # fmt: skip
    departments, names = people.department_names(), people.user_names()
    rows = (
        [
            f.number,
            f.filed_at,
            departments.get(f.department_id, ""),
            names.get(f.filed_by_id, ""),
            f.case.number,
            f.case.matter,
            f.case.client_unit or f.case.client_name,
            f.case.client_phone,
            str(words.REFUSAL_LABELS[f.refusal]),
            str(words.GROUND_LABELS[f.ground]),
            _("是") if f.grave else "",
            f.reason,
            f.basis,
            paper.state_words(f),
            f.decide_by,
            names.get(f.decided_by_id or 0, ""),
            f.decided_at,
            f.opinion,
            f.letter_number or "",
            f.letter_issued_at,
            f.deliver_by,
            f.delivered_on,
            str(words.DELIVERY_LABELS[f.delivered_how]) if f.delivered_how else "",
            f.delivered_to,
            f.materials_returned,
        ]
        for f in register.exported(actor, wanted, now, MOST_EXPORTED)
    )
    figures = [
        _("报备"),
        _("同意"),
        _("纠正"),
        _("改为补正"),
        _("逾期审批"),
        _("逾期送达"),
        _("平均审批用时（工作小时）"),
    ]
    summaries = [
        (
            str(title),
            [str(title), *figures],
            [
                [line.name, *line.counts.values(), None if line.hours is None else round(line.hours, 1)]
                for line in register.rates(actor, wanted, group, now)
            ],
        )
        for group, (title, _column) in register.GROUPS.items()
    ]
    content = sheets.workbook([(_("否定报备登记"), headings, rows), *summaries])
    return sheets.download(content, f"{_('否定报备登记')}-{clock.today().isoformat()}.xlsx")
