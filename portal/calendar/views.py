"""Pages of the calendar: a year, the deadline calculator."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.calendar import calculator, official, queries, strip
from portal.calendar import vocabulary as words
from portal.calendar.forms import CalculatorForm
from portal.kernel import access, clock
from portal.pure.deadlines import OutOfCalendar

bp = Blueprint("calendar", __name__, url_prefix="/calendar")


@bp.get("/", defaults={"year": None})
@bp.get("/<int:year>")
@access.guard(words.READ)
def show(year: int | None) -> str:
    """A year with its days off, shifted workdays and the office's own days."""
    year = within(year or clock.today().year)
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


def within(year: int) -> int:
    """The year, when it has a page. Raises NotFound."""
    if not queries.FIRST_YEAR <= year <= queries.LAST_YEAR:
        raise NotFound()
    return year


@bp.get("/calculator")
@access.guard(words.READ)
def calculate() -> str | tuple[str, int]:
    """The deadline calculator (T-10); the question is in the address, so that a result can be shared."""
    asked = "start" in request.args
    form = CalculatorForm(request.args if asked else None, start=clock.today(), amount=5)
    result = None
    if asked and form.validate():
        calendar = queries.of_department(form.department.data)
        try:
            since = calculator.instant_of(form.since, calendar)
            due = calculator.due_of(since, form.limit, calendar, form.pauses, bool(form.next_day.data))
        except OutOfCalendar:
            form.amount.errors = [_("届满日超出 9999 年，无法计算。")]
        else:
            result = strip.result(since, form.limit, due, calendar)
    return render_template("calendar/calculate.html", form=form, result=result), 422 if form.errors else 200
