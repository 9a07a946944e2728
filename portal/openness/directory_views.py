"""Pages of the yearly list: what must be published, by whom, when; what is owed (O-1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Response, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.kernel import access, clock, sheets
from portal.kernel.actor import require_actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.htmx import go
from portal.openness import queries, service
from portal.openness import vocabulary as words
from portal.openness.forms import DutyForm, WithdrawForm
from portal.openness.models import Duty
from portal.openness.views import Answer, bp, shown
from portal.people import queries as people


def _year() -> int:
    typed = request.args.get("year", "")
    good = typed.isascii() and typed.isdigit() and len(typed) == 4 and 2000 <= int(typed) <= 2099
    return int(typed) if good else clock.today().year


def _department() -> int | None:
    typed = request.args.get("department", "")
    wanted = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0
    return wanted if wanted in people.department_names() else None


#: What the list can be narrowed to; each figure above it opens exactly its due days (W-0).
_STATES: dict[str, Callable[[queries.Due, date], bool]] = {
    "met": lambda due, _today: bool(due.met_by),
    "late": lambda due, _today: due.late,
    "overdue": lambda due, today: not due.met_by and due.due_on < today,
}


def _rows(year: int, department_id: int | None) -> list[tuple[Duty, list[queries.Due]]]:
    found = queries.duties(year, department_id)
    met = queries.met_of(d.id for d in found)
    return [(duty, queries.dues_of(duty, met)) for duty in found]


@bp.get("/openness/directory")
@access.guard(words.READ)
def directory() -> str:
    """A year's list with every due day: published, owed, overdue."""
    year, department_id, today = _year(), _department(), queries.today()
    rows = _rows(year, department_id)
    state = request.args.get("state", "")
    if state in _STATES:
        rows = [(d, [x for x in dues if _STATES[state](x, today)]) for d, dues in rows]
        rows = [(d, dues) for d, dues in rows if dues]
    every = [x for _d, dues in _rows(year, department_id) for x in dues]
    return render_template(
        "openness/directory.html",
        year=year,
        years=sorted({*queries.years(), clock.today().year}, reverse=True),
        rows=rows,
        department_id=department_id,
        state=state if state in _STATES else "",
        day=today,
        soon=queries.soon_from(today),
        counts={
            "all": len(every),
            **{name: sum(fits(x, today) for x in every) for name, fits in _STATES.items()},
        },
        **shown(),
    )


@bp.get("/openness/directory.xlsx")
@access.guard(words.READ)
def export_directory() -> Response:
    """A year's list as XLSX, one row a due day."""
    year, departments = _year(), people.department_names()
    headings = [
        _("年份"), _("公开内容"), _("类别"), _("责任科室"), _("公开周期"), _("应公开日期"), _("公开日期"), _("编号"),
        _("逾期"), _("依据"),
    ]  # fmt: skip
    today = queries.today()
    lines = (
        [
            year,
            duty.title,
            words.kind_label(duty.kind),
            departments.get(duty.department_id, ""),
            str(words.PERIOD_LABELS[duty.period]),
            due.due_on,
            due.met_on,
            due.met_by,
            _("是") if due.late or (not due.met_by and due.due_on < today) else "",
            duty.basis,
        ]
        for duty, dues in _rows(year, _department())
        for due in dues
    )
    return sheets.listed(_("公开目录"), headings, lines, year)


@bp.route("/openness/directory/new", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def add_duty() -> Answer:
    """Put an entry on the list."""
    form = DutyForm()
    if form.sent():
        try:
            made = service.add_duty(require_actor(), *form.entry(), clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已列入公开目录。"))
            return go("openness.directory", year=made.year)
    return render_template("openness/duty.html", form=form), 422 if form.errors else 200


@bp.route("/openness/directory/<int:duty_id>/end", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def end_duty(duty_id: int) -> Answer:
    """Take an entry off the list."""
    duty = locked(Duty, id=duty_id) if request.method == "POST" else db.session.get(Duty, duty_id)
    form = WithdrawForm()
    if duty is None:
        raise NotFound()
    if duty.ended_on is not None:
        raise Conflict(_("这一条已经取消。"))
    if form.sent():
        service.end_duty(require_actor(), duty, form.reason.data or "", clock.now())
        flash(_("已取消。"))
        return go("openness.directory", year=duty.year)
    return render_template("openness/end_duty.html", form=form, duty=duty), 422 if form.errors else 200


@bp.post("/openness/directory/copy")
@access.guard(words.MANAGE)
def copy_year() -> Answer:
    """Carry a year's list over to the next year."""
    year = _year()
    made = service.copy_year(require_actor(), year, clock.now())
    flash(_("已把 %(n)s 条带入 %(year)s 年。", n=made, year=year + 1))
    return go("openness.directory", year=year + 1)
