"""The week, the sheet of a day, and the figures of a month (C-6, W-0)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from flask import render_template, request

from portal.appointment import queries
from portal.appointment import vocabulary as words
from portal.appointment.rules import State
from portal.appointment.views import bp, shown
from portal.calendar import queries as calendar
from portal.kernel import access, clock
from portal.kernel.actor import require_actor
from portal.kernel.forms import read_day
from portal.people import queries as people
from portal.pure.months import read_month

FIRST, LAST = date(2000, 1, 8), date(2099, 12, 24)


def _day(name: str) -> date:
    """A day of the address within what can be asked for; today for anything else."""
    found = read_day(request.args.get(name))
    return found if found and FIRST <= found <= LAST else clock.today()


def _department() -> int | None:
    typed = request.args.get("department", "")
    wanted = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0
    return wanted if wanted in people.department_names() else None


@bp.get("/appointments/week")
@access.guard(words.READ)
def week() -> str:
    """The agreed and wished times of a week, day by day."""
    on, department = _day("on"), _department()
    first = on - timedelta(days=on.weekday())
    found = queries.agreed(require_actor(), first, first + timedelta(days=6), department)
    work = calendar.work_calendar()
    days = []
    for n in range(7):
        day = first + timedelta(days=n)
        own = [a for a in found if a.from_at is not None and clock.local(a.from_at).date() == day]
        days.append((day, work.is_workday(day), own))
    return render_template(
        "appointment/week.html",
        days=days,
        before=first - timedelta(days=7),
        after=first + timedelta(days=7),
        day=clock.today(),
        department=department,
        **shown(),
    )


@bp.get("/appointments/day")
@access.guard(words.READ)
def day_sheet() -> str:
    """The sheet of a day, to print."""
    on, department = _day("on"), _department()
    found = queries.agreed(require_actor(), on, on, department)
    return render_template(
        "appointment/day.html",
        on=on,
        department=department,
        rows=[a for a in found if a.state in (State.CONFIRMED, State.CAME, State.MISSED)],
        unit=people.unit_name(),
        **shown(),
    )


@bp.get("/appointments/figures")
@access.guard(words.READ)
def figures() -> str:
    """What was asked, kept and declined in a month, and how fast it was answered; each figure opens its rows."""
    first = read_month(request.args.get("month", "")) or clock.today().replace(day=1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    actor, department = require_actor(), _department()
    seen = queries.departments_seen(actor)
    lines = [
        (place, queries.figures(actor, first, last, place.id))
        for place in queries.places()
        if (seen is None or place.id in seen) and department in (None, place.id)
    ]
    return render_template(
        "appointment/figures.html",
        first=first,
        last=last,
        before=(first - timedelta(days=1)).replace(day=1),
        after=last + timedelta(days=1),
        all=queries.figures(actor, first, last, department),
        lines=[(p, f) for p, f in lines if f.asked],
        department=department,
        State=State,
        **shown(),
    )
