"""Lists of leave: to decide, the month of a department, the register, balances, papers (O-3)."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, flash, render_template, request
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.kernel import access, clock, documents, sheets
from portal.kernel.actor import require_actor
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.kernel.forms import FIRST_YEAR, LAST_YEAR
from portal.kernel.htmx import go, page_or_fragment
from portal.kernel.paging import paginate
from portal.leave import balances, page, paper, queries, register, steps
from portal.leave import vocabulary as words
from portal.leave.forms import AllowanceForm, DecideForm, FilterForm, halves_of
from portal.leave.models import LeaveAllowance, LeaveRequest, LeaveService
from portal.leave.rules import PER_DAY
from portal.leave.views import Answer, bp
from portal.people import queries as people
from portal.people.models import User
from portal.pure.months import read_month

__all__ = ["bp"]

#: Rows of an export and of a printed list at most.
MOST_EXPORTED, MOST_PRINTED = 20_000, 500


@bp.get("/to-decide")
@access.guard(words.ASK)
def to_decide() -> Answer:
    """What waits for the actor: approvals, filings, handovers; each can be answered here (O-3, AB-2)."""
    actor, now = require_actor(), clock.now()
    waiting = [*steps.to_decide(actor, now), *steps.to_file(actor)]
    numbers = [each.number for each in waiting]
    found = {r.number: r for r in db.session.scalars(select(LeaveRequest).where(LeaveRequest.number.in_(numbers)))}
    rows = [
        (found[number], page.context(actor, found[number], queries.Sight.FULL, now))
        for number in numbers
        if number in found
    ]
    return render_template(
        "leave/to_decide.html",
        rows=rows,
        confirm=steps.to_confirm(actor.id or 0, now),
        form=DecideForm(formdata=None),
        names=people.user_names(),
        departments=people.department_names(),
        pages=page,
        words=words,
    )


# --- the month ------------------------------------------------------------------------------------------------


def _month() -> date:
    return read_month(request.args.get("month", "")) or clock.today().replace(day=1)


@bp.get("/calendar")
@access.guard(words.READ)
def show_calendar() -> Answer:
    """Who is away when, day by day of a month, for the departments that the actor sees (O-3)."""
    actor, first = require_actor(), _month()
    seen = queries.departments_seen(actor)
    offered = [(d, name) for d, name in people.open_departments() if seen is None or d in seen]
    typed = request.args.get("department", "")
    chosen = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
    wanted = {d for d, _name in offered if not chosen or d == chosen}
    before, after = _shifted(first, -1), _shifted(first, 1)
    return render_template(
        "leave/calendar.html",
        rows=queries.month(wanted, first),
        first=first,
        before=before,
        after=after,
        offered=offered,
        chosen=chosen,
        today=clock.today(),
        pages=page,
        words=words,
    )


def _shifted(first: date, months: int) -> date | None:
    n = first.year * 12 + first.month - 1 + months
    return date(n // 12, n % 12 + 1, 1) if FIRST_YEAR <= n // 12 <= LAST_YEAR else None


# --- register -------------------------------------------------------------------------------------------------


def _filters() -> MultiDict[str, str]:
    """The filters of the address; without any, this year."""
    given = {k: v for k, v in request.args.items() if k != "page"}
    return MultiDict(given or {"from_on": clock.today().replace(month=1, day=1).isoformat()})


def _wanted() -> tuple[FilterForm, MultiDict[str, str]]:
    given = _filters()
    form = FilterForm(given)
    form.validate()
    return form, given


@bp.get("/register")
@access.guard(words.READ)
def show_register() -> Answer:
    """The register of leave with filters; late certificates are one of them (O-3)."""
    actor, now = require_actor(), clock.now()
    form, given = _wanted()
    return page_or_fragment(
        "leave/register.html",
        "leave/_list.html",
        form=form,
        given=given,
        page=paginate(register.listing(actor, form.wanted(), now)),
        filtered=bool(request.args),
        late=len(queries.certificates_late(clock.today())) if actor.can(words.READ_ALL) else 0,
        departments=people.department_names(),
        names=people.user_names(),
        pages=page,
        words=words,
    )


@bp.get("/register/print")
@access.guard(words.READ)
def print_register() -> Answer:
    """The filtered register on paper (at most MOST_PRINTED rows)."""
    form, given = _wanted()
    rows = list(register.exported(require_actor(), form.wanted(), clock.now(), MOST_PRINTED))
    return render_template(
        "leave/register_paper.html",
        rows=rows,
        most=MOST_PRINTED,
        given=given,
        unit=people.unit_name(),
        departments=people.department_names(),
        pages=page,
        words=words,
    )


@bp.get("/register.xlsx")
@access.guard(words.READ)
def export_register() -> Response:
    """The filtered register as XLSX (at most MOST_EXPORTED rows)."""
    form, _given = _wanted()
    now, departments = clock.now(), people.department_names()
    headings = [
        _("编号"), _("姓名"), _("科室"), _("假别"), _("开始"), _("结束"), _("天数"), _("事由"), _("去向"),
        _("联系电话"), _("提交时间"), _("状态"), _("审批意见"), _("批准时间"), _("事后补办"), _("病假证明"),
    ]  # fmt: skip
    rows = (
        [
            r.number,
            r.applicant.name,
            departments.get(r.department_id or 0, ""),
            str(words.KIND_LABELS[r.kind]),
            r.from_at,
            r.to_at,
            balances.days(r.halves),
            r.reason,
            r.destination,
            r.contact,
            r.sent_at,
            page.badge(r, now).text,
            "\n".join(text for _title, text in paper.opinions(r)),
            r.decided_at,
            _("是") if r.made_up else "",
            paper.certificate_words(r),
        ]
        for r in register.exported(require_actor(), form.wanted(), now, MOST_EXPORTED)
    )
    return sheets.listed(_("请假登记"), headings, rows)


# --- the slip -------------------------------------------------------------------------------------------------


def _slip(number: str) -> LeaveRequest:
    made, seen = queries.by_number(require_actor(), number)
    if seen is not queries.Sight.FULL:
        raise NotFound()
    return made


@bp.get("/<number>/slip")
@access.guard(words.ASK)
def slip(number: str) -> Answer:
    """The 请假条 on paper, with the opinions (O-3)."""
    made = _slip(number)
    return render_template("leave/slip.html", made=made, rows=paper.rows(made, clock.now()), unit=people.unit_name())


@bp.get("/<number>/slip.docx")
@access.guard(words.ASK)
def slip_docx(number: str) -> Response:
    """The 请假条 as DOCX."""
    made = _slip(number)
    return documents.download(paper.docx(made, clock.now()), f"{_('请假条')}-{made.number}.docx")


# --- balances -------------------------------------------------------------------------------------------------


def _year() -> int:
    typed = request.args.get("year", "")
    year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else clock.today().year
    return year if FIRST_YEAR <= year <= LAST_YEAR else clock.today().year


def _listed() -> tuple[int, int | None, list[balances.Line]]:
    typed = request.args.get("department", "")
    department = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None
    return _year(), department, balances.listing(_year(), clock.now(), department)


@bp.get("/balances")
@access.guard(words.READ_ALL)
def show_balances() -> Answer:
    """Annual leave of everybody in a year (O-3)."""
    year, department, lines = _listed()
    return render_template(
        "leave/balances.html",
        lines=lines,
        year=year,
        department=department,
        offered=people.open_departments(),
        days=balances.days,
        unset=sum(1 for line in lines if line.balance.entitled is None),
    )


@bp.get("/balances.xlsx")
@access.guard(words.READ_ALL)
def export_balances() -> Response:
    """The list of balances as XLSX."""
    year, _department, lines = _listed()
    headings = [
        _("姓名"), _("科室"), _("参加工作日期"), _("应休天数"), _("结转天数"), _("已休天数"), _("已排天数"),
        _("剩余天数"),
    ]  # fmt: skip
    rows = [[line.name, line.department, line.since, *(_number(n) for n in _figures(line))] for line in lines]
    content = sheets.workbook([(_("%(year)s 年年休假", year=year), headings, rows)])
    return sheets.download(content, f"{_('年休假')}-{year}.xlsx")


def _figures(line: balances.Line) -> list[int | None]:
    b = line.balance
    return [b.entitled, b.carried, b.used, b.planned, b.left]


def _number(halves: int | None) -> float | None:
    return None if halves is None else halves / PER_DAY


@bp.route("/balances/<username>", methods=["GET", "POST"])
@access.guard(words.SET)
def set_allowance(username: str) -> Answer:
    """Enter since when a person works, an own entitlement, and days carried over (O-3)."""
    actor, now, year = require_actor(), clock.now(), _year()
    user = db.session.scalar(select(User).where(User.username == username))
    if user is None:
        raise NotFound()
    since, row = db.session.get(LeaveService, user.id), db.session.get(LeaveAllowance, (user.id, year))
    form = AllowanceForm(
        working_since=since.working_since if since else None,
        entitled=balances.days(row.entitled) if row else "",
        carried=balances.days(row.carried) if row else "",
        reason=row.reason if row else "",
    )
    if form.sent():
        try:
            balances.set_allowance(
                actor, user, year, form.working_since.data, halves_of(form.entitled.data),
                halves_of(form.carried.data) or 0, form.reason.data or "", now,
            )  # fmt: skip
        except Invalid as error:
            db.session.rollback()
            form.refuse(error)
        else:
            flash(_("%(name)s的年休假已保存。", name=user.name))
            return go("leave.show_balances", year=year)
    shown: dict[str, Any] = {"user": user, "year": year, "form": form, "days": balances.days}
    balance = balances.of([user.id], year, now)[user.id]
    return render_template("leave/set_allowance.html", balance=balance, **shown), 422 if form.errors else 200
