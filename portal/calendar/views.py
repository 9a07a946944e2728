"""Pages of the calendar: a year, one day, a year's notice, the deadline calculator."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.calendar import calculator, official, queries, service, strip
from portal.calendar import vocabulary as words
from portal.calendar.forms import CalculatorForm, ClearForm, DayForm, YearForm
from portal.kernel import access, clock
from portal.kernel.actor import require_actor
from portal.kernel.errors import Invalid
from portal.kernel.htmx import go
from portal.kernel.i18n import local_date
from portal.pure.deadlines import OutOfCalendar

bp = Blueprint("calendar", __name__, url_prefix="/calendar")


@bp.get("/", defaults={"year": None})
@bp.get("/<int:year>")
@access.guard(words.READ)
def show(year: int | None) -> str:
    """A year with its days off, shifted workdays and the office's own days."""
    year = _within(year or clock.today().year)
    return render_template(
        "calendar/show.html",
        year=year,
        years=sorted({*queries.years_shown(), year}),
        months=queries.year_view(year),
        known=year in queries.work_calendar().known_years,
        official=year in official.CHECKED_YEARS,
        entered=queries.entered_year(year),
        own_days=queries.own_days(year),
        day_labels=words.DAY_LABELS,
    )


def _within(year: int) -> int:
    if not queries.FIRST_YEAR <= year <= queries.LAST_YEAR:
        raise NotFound()
    return year


@bp.route("/days/new", methods=["GET", "POST"])
@access.guard(words.ENTER)
def set_day() -> str | BaseResponse | tuple[str, int]:
    """Set one day to worked or off."""
    form = DayForm()
    if form.sent():
        assert form.day.data is not None
        day, workday = form.day.data, form.workday.data == "work"
        try:
            service.set_day(require_actor(), day, workday, form.reason.data, clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("%(day)s 已设为%(what)s。", day=local_date(day), what=words.DAY_LABELS[workday]))
            return go("calendar.show", year=day.year)
    return render_template("calendar/set_day.html", form=form), 422 if form.errors else 200


@bp.route("/days/<day>/clear", methods=["GET", "POST"])
@access.guard(words.ENTER)
def clear_day(day: str) -> str | BaseResponse | tuple[str, int]:
    """Bring the official arrangement of a day back."""
    row = queries.own_day(_day(day))
    if row is None:
        raise NotFound()
    form = ClearForm()
    if form.sent():
        service.clear_day(require_actor(), row.day, form.reason.data, clock.now())
        flash(_("%(day)s 已恢复官方安排。", day=local_date(row.day)))
        return go("calendar.show", year=row.day.year)
    page = render_template("calendar/clear_day.html", form=form, row=row, day_labels=words.DAY_LABELS)
    return page, 422 if form.errors else 200


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound() from None


@bp.route("/<int:year>/notice", methods=["GET", "POST"])
@access.guard(words.ENTER)
def enter_year(year: int) -> str | BaseResponse | tuple[str, int]:
    """Enter the whole notice of a year, which makes it known (T-3)."""
    _within(year)
    if year in official.CHECKED_YEARS:
        raise NotFound()
    entered = queries.entered_year(year)
    form = YearForm(
        notice=entered.notice if entered else "",
        days=service.notice_text(queries.notice_days(year)) if entered else "",
    )
    if form.sent():
        try:
            service.enter_year(require_actor(), year, form.notice.data, form.days.data, clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("%(year)s 年放假安排已录入，未到期的期限已重新计算。", year=year))
            return go("calendar.show", year=year)
    return render_template("calendar/enter_year.html", form=form, year=year, entered=entered), (
        422 if form.errors else 200
    )


@bp.get("/calculator")
@access.guard(words.READ)
def calculate() -> str | tuple[str, int]:
    """The deadline calculator (T-10); the question is in the address, so that a result can be shared."""
    asked = "start" in request.args
    form = CalculatorForm(request.args if asked else None, start=clock.today(), amount=5)
    result = None
    if asked and form.validate():
        calendar = queries.work_calendar()
        try:
            since = calculator.instant_of(form.since, calendar)
            due = calculator.due_of(since, form.limit, calendar, form.pauses)
        except OutOfCalendar:
            form.amount.errors = [_("届满日超出 9999 年，无法计算。")]
        else:
            result = strip.result(since, form.limit, due, calendar)
    return render_template("calendar/calculate.html", form=form, result=result), 422 if form.errors else 200
