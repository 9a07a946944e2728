"""Lists of plans, inspections, findings and orders, their exports, and the figures of a month (O-2, W-0)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, clock, htmx, sheets
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import db
from portal.kernel.paging import paginate
from portal.people import queries as people
from portal.pure.months import month_after
from portal.supervision import figures as monthly
from portal.supervision import queries, rules
from portal.supervision import vocabulary as words
from portal.supervision.forms import (
    FINDING_TAB_LABELS,
    ORDER_TAB_LABELS,
    FilterForm,
    FindingFilter,
    InspectionFilter,
    OrderFilter,
    PlanFilter,
)
from portal.supervision.models import Inspection, InspectionDiscipline, InspectionFinding, RectificationOrder

bp = Blueprint("supervision", __name__, url_prefix="/inspections")

Answer = str | BaseResponse | tuple[str, int]
EXPORTED = 20_000


def shown(actor: Actor) -> dict[str, Any]:
    """What all pages of the room need."""
    return {
        "queries": queries,
        "words": words,
        "names": people.user_names(),
        "departments": people.department_names(),
        "inspects": actor.can(words.INSPECT),
        "rules": rules,
    }


def _list(name: str, form: FilterForm, query: Any, **more: Any) -> Answer:
    form.validate()
    actor = require_actor()
    wanted = form.wanted()
    return htmx.page_or_fragment(
        f"supervision/{name}.html",
        f"supervision/_{name}.html",
        form=form,
        wanted=wanted,
        page=paginate(query(actor, wanted)),
        filtered=bool(request.args),
        given=request.args.to_dict(),
        **more,
        **shown(actor),
    )


@bp.get("")
@access.guard(words.LIST)
def index() -> Answer:
    """Inspections with filters, search and pages, newest first."""
    return _list("inspections", InspectionFilter(request.args), queries.inspections)


@bp.get("/plans")
@access.guard(words.LIST)
def plans() -> Answer:
    """Plans by month or quarter, or all with filters and pages."""
    form, today = PlanFilter(request.args), clock.today()
    days = rules.period(form.month.data or "")
    start = days[0] if days else today.replace(day=1)
    quarter = "Q" in (form.month.data or "")
    step = 3 if quarter else 1
    around = {
        "before": rules.period_text(month_after(start, -step), quarter),
        "after": rules.period_text(month_after(start, step), quarter),
        "this_month": rules.period_text(today, False),
        "this_quarter": rules.period_text(today, True),
    }
    return _list("plans", form, queries.plans, around=around, days=days)


@bp.get("/findings")
@access.guard(words.LIST)
def findings() -> Answer:
    """Findings with filters, search and pages."""
    now = clock.now()
    return _list(
        "findings", FindingFilter(request.args), lambda a, w: queries.findings(a, w, now), labels=FINDING_TAB_LABELS
    )


@bp.get("/orders")
@access.guard(words.LIST)
def orders() -> Answer:
    """Orders to rectify with filters and pages, the most urgent first."""
    now = clock.now()
    return _list("orders", OrderFilter(request.args), lambda a, w: queries.orders(a, w, now), labels=ORDER_TAB_LABELS)


@bp.get("/export.xlsx")
@access.guard(words.LIST)
def export() -> Response:
    """The filtered inspections as XLSX (at most EXPORTED rows)."""
    actor, form = require_actor(), InspectionFilter(request.args)
    form.validate()
    departments, names = people.department_names(), people.user_names()
    told = (
        selectinload(Inspection.members),
        selectinload(Inspection.disciplines).joinedload(InspectionDiscipline.discipline),
    )
    rows = (
        [
            each.number,
            str(words.MANNER_LABELS[each.manner]),
            departments.get(each.department_id, ""),
            each.place,
            each.inspected_at,
            "、".join(names.get(u, "") for u in sorted(each.inspector_ids)),
            "、".join([*(f.number for f in each.findings), *(d.discipline.number for d in each.disciplines)]),
            str(words.INSPECTION_LABELS[each.state]),
            each.feedback,
            each.noted_at,
        ]
        for each in db.session.scalars(queries.inspections(actor, form.wanted()).options(*told).limit(EXPORTED))
    )
    headings = [
        _("编号"), _("方式"), _("科室"), _("地点"), _("检查时间"), _("检查人员"), _("发现"), _("状态"), _("反馈"),
        _("领导阅知时间"),
    ]  # fmt: skip
    return sheets.listed(_("督查记录"), headings, rows)


@bp.get("/plans/export.xlsx")
@access.guard(words.LIST)
def export_plans() -> Response:
    """The filtered plans as XLSX."""
    actor, form = require_actor(), PlanFilter(request.args)
    form.validate()
    departments, names = people.department_names(), people.user_names()
    rows = (
        [
            each.number,
            each.title,
            str(words.MANNER_LABELS[each.manner]),
            each.subject,
            each.from_on,
            each.to_on,
            "、".join(departments.get(d, "") for d in each.department_ids),
            "、".join(names.get(u, "") for u in each.member_ids),
            str(words.PLAN_LABELS[each.state]),
            each.reason,
        ]
        for each in db.session.scalars(queries.plans(actor, form.wanted()).limit(EXPORTED))
    )
    headings = [
        _("编号"), _("计划名称"), _("方式"), _("检查内容"), _("开始日期"), _("结束日期"), _("被检查科室"),
        _("检查人员"), _("状态"), _("取消的原因"),
    ]  # fmt: skip
    return sheets.listed(_("督查计划"), headings, rows)


@bp.get("/findings/export.xlsx")
@access.guard(words.LIST)
def export_findings() -> Response:
    """The filtered findings as XLSX."""
    actor, form, now = require_actor(), FindingFilter(request.args), clock.now()
    form.validate()
    departments, names = people.department_names(), people.user_names()

    def line(each: InspectionFinding) -> list[Any]:
        last = each.order
        return [
            each.number,
            each.inspection.number,
            departments.get(each.department_id, ""),
            names.get(each.person_id or 0, ""),
            words.kind_label(each.kind),
            str(words.SEVERITY_LABELS[each.severity]),
            each.seen,
            each.found_at,
            str(words.STATE_LABELS[each.state]),
            last.number if last else "",
            last.due_at if last else None,
            last.report if last else "",
            each.settled_at,
            each.withdraw_reason if each.withdrawn_at else each.conclusion,
        ]

    rows = (line(each) for each in db.session.scalars(queries.findings(actor, form.wanted(), now).limit(EXPORTED)))
    headings = [
        _("编号"), _("督查记录"), _("科室"), _("当事人"), _("类别"), _("程度"), _("看到的情况"), _("检查时间"),
        _("状态"), _("整改通知"), _("整改期限"), _("整改情况"), _("办结时间"), _("说明"),
    ]  # fmt: skip
    return sheets.listed(_("督查发现"), headings, rows)


@bp.get("/orders/export.xlsx")
@access.guard(words.LIST)
def export_orders() -> Response:
    """The filtered orders as XLSX."""
    actor, form, now = require_actor(), OrderFilter(request.args), clock.now()
    form.validate()
    departments, names = people.department_names(), people.user_names()

    def line(each: RectificationOrder) -> list[Any]:
        result = "" if each.passed is None else _("合格") if each.passed else _("不合格")
        return [
            each.number,
            each.finding.number,
            departments.get(each.department_id, ""),
            each.round,
            each.demand,
            each.issued_at,
            each.due_at,
            each.reported_at,
            each.report,
            result,
            names.get(each.checked_by_id or 0, ""),
            each.checked_at,
        ]

    rows = (line(each) for each in db.session.scalars(queries.orders(actor, form.wanted(), now).limit(EXPORTED)))
    headings = [
        _("编号"), _("督查发现"), _("科室"), _("第几次"), _("整改要求"), _("发出时间"), _("整改期限"), _("报告时间"),
        _("整改情况"), _("复查结果"), _("复查人"), _("复查时间"),
    ]  # fmt: skip
    return sheets.listed(_("整改通知"), headings, rows)


@bp.get("/figures")
@access.guard(words.LIST)
def figures() -> Answer:
    """What was inspected, found and rectified in a month; each figure opens its list (W-0)."""
    actor, now, today = require_actor(), clock.now(), clock.today()
    form = FilterForm(request.args)
    form.validate()
    month = form.month.data if form.month.data and not form.month.errors else rules.period_text(today, False)
    days = rules.period(month)
    start = days[0] if days is not None else today
    quarter = "Q" in month
    department = form.department.data if not form.department.errors else None
    return render_template(
        "supervision/figures.html",
        form=form,
        month=month,
        department=department,
        before=rules.period_text(month_after(start, -3 if quarter else -1), quarter),
        after=rules.period_text(month_after(start, 3 if quarter else 1), quarter),
        figures=monthly.of_month(actor, month, now, department),
        **shown(actor),
    )
