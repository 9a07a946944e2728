"""Pages of service days: which department's window is open otherwise than the office (T-3)."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.calendar import foresight, queries, service_days
from portal.calendar import vocabulary as words
from portal.calendar.forms import ServiceForm
from portal.calendar.models import ServiceDay
from portal.calendar.views import bp
from portal.kernel import access, clock
from portal.kernel.actor import require_actor
from portal.kernel.db import locked
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.htmx import go


@bp.get("/service-days")
@access.guard(words.READ)
def service() -> str:
    """The windows that are open, or closed, otherwise than the office."""
    now = clock.now()
    return render_template(
        "calendar/service.html",
        rows=queries.service_days(),
        departments=foresight.departments(),
        hours=queries.work_calendar().hours,
        opened={each: queries.in_office_hours(now, each) for each in queries.services()},
        words=words,
        today=clock.today(),
    )


@bp.route("/service-days/new", methods=["GET", "POST"])
@access.guard(words.ENTER)
def set_service() -> str | BaseResponse | tuple[str, int]:
    """Set a day of the week or a single date, from tomorrow on."""
    form = ServiceForm(sorted(foresight.departments().items()), from_on=clock.today() + timedelta(days=1))
    if form.sent():
        try:
            service_days.add(require_actor(), form.wanted(), clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("窗口服务时间已设定。"))
            return go("calendar.service")
    return render_template("calendar/set_service.html", form=form), 422 if form.errors else 200


@bp.post("/service-days/<int:row_id>/end")
@access.guard(words.ENTER)
def end_service(row_id: int) -> BaseResponse:
    """End a service day from tomorrow on, or cancel one that has not begun."""
    try:
        service_days.end(require_actor(), locked(ServiceDay, id=row_id), clock.now())
    except Conflict as error:
        flash(str(error.message), "warning")
    else:
        flash(_("已取消，今天以前的不变。"))
    return go("calendar.service")
