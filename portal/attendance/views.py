"""Pages of sheets: one's own, a person's, a department's month, the week's bulletin, closing a month (O-3)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.attendance import bulletin, exports, queries, rights, service, showing
from portal.attendance import sheet as sheets_of
from portal.attendance import vocabulary as words
from portal.attendance.forms import ReasonForm
from portal.attendance.models import Closing
from portal.attendance.sheet import Sheet
from portal.kernel import access, clock, sheets
from portal.kernel.actor import current_actor, require_actor
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.kernel.forms import FIRST_YEAR, normal
from portal.kernel.htmx import go
from portal.people import queries as people
from portal.people.models import User
from portal.pure.months import month_after, read_month

bp = Blueprint("attendance", __name__, url_prefix="/attendance")

Answer = str | BaseResponse | tuple[str, int]


@bp.context_processor
def _waiting() -> dict[str, Any]:
    """What waits for the actor, for the tabs and the first page."""
    actor = current_actor()
    return {"waits": queries.Waiting(actor)} if actor is not None else {}


def month_asked() -> date:
    """The month of the address; this month when absent or nonsense."""
    return read_month(normal(request.args.get("month"))) or clock.today().replace(day=1)


def months_around(month: date) -> dict[str, date | None]:
    """The months before and after one, as far as there are any."""
    before = (month - timedelta(days=1)).replace(day=1) if month > date(FIRST_YEAR, 1, 1) else None
    after = month_after(month, 1) if month < clock.today().replace(day=1) else None
    return {"month": month, "before": before, "after": after}


def month_sheet(
    month: date, department_ids: list[int] | None = None, user_id: int | None = None, version: int = 0
) -> tuple[Sheet, list[Closing]]:
    """A month's sheet: the closed one (the newest version, or the one asked for), else as things stand."""
    versions = queries.closings(month)
    if versions:
        chosen = next((v for v in versions if v.version == version), versions[0])
        found = sheets_of.thaw(chosen.sheet)
        found.rows = [
            row
            for row in found.rows
            if (department_ids is None or row.department_id in department_ids)
            and (user_id is None or row.user_id == user_id)
        ]
        return found, versions
    last = month_after(month, 1) - timedelta(days=1)
    return sheets_of.make(month, last, department_ids, user_id), versions


def _labels() -> dict[str, Any]:
    return {
        "cell": showing.cell,
        "legend": showing.legend(),
        "hour": showing.hour,
        "half_words": showing.half_words,
        "kinds": showing.KIND_LABELS,
        "departments": people.department_names(),
    }


@bp.get("/")
@access.guard(words.READ)
def index() -> str:
    """One's own month (O-3)."""
    actor = require_actor()
    return _person_page(actor.id or 0, actor.name, own=True)


def _person_page(user_id: int, name: str, own: bool) -> str:
    month = month_asked()
    found, versions = month_sheet(month, user_id=user_id)
    actor = require_actor()
    wanted = queries.CorrectionsWanted(user=user_id, month=month)
    start = queries.FindingsWanted(month, month_after(month, 1) - timedelta(days=1), user=user_id)
    return render_template(
        "attendance/person.html",
        row=found.rows[0] if found.rows else None,
        sheet=found,
        closed=versions[0] if versions else None,
        punches=queries.punches_of(user_id, found.first, found.last),
        corrections=db.session.scalars(queries.corrections(actor, wanted)).all(),
        findings=db.session.scalars(queries.findings(actor, start)).all(),
        until=queries.data_until(),
        person_id=user_id,
        name=name,
        own=own,
        words=words,
        names=people.user_names(),
        terms=sheets_of.terms_on(found.last),
        today=clock.today(),
        **months_around(month),
        **_labels(),
    )


@bp.get("/people/<int:user_id>")
@access.guard(words.READ_DEPARTMENT)
def person(user_id: int) -> str:
    """A person's month, for who may read their department's sheet."""
    user = db.session.get(User, user_id)
    if user is None or not rights.may_see(require_actor(), user.id, user.department_id):
        raise NotFound()
    return _person_page(user.id, user.name, own=user.id == require_actor().id)


def _department_asked() -> tuple[list[tuple[int, str]], int | None, list[int] | None]:
    """The departments to choose from, the one of the address (None: all of them), and the ids to read."""
    choices = rights.departments(require_actor())
    typed = request.args.get("department", "")
    chosen = next((d for d, _name in choices if str(d) == typed), None)
    if typed and chosen is None:
        raise NotFound()
    if chosen is not None:
        return choices, chosen, [chosen]
    return choices, None, None if rights.sees_all(require_actor()) else [d for d, _name in choices]


def _version_asked() -> int:
    typed = request.args.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 0


@bp.get("/sheet")
@access.guard(words.READ_DEPARTMENT)
def sheet() -> str:
    """A month of a department: days and people, totals, legend."""
    month = month_asked()
    choices, chosen, wanted = _department_asked()
    found, versions = month_sheet(month, wanted, version=_version_asked())
    actor = require_actor()
    asked = queries.CorrectionsWanted(department=chosen, month=month)
    return render_template(
        "attendance/sheet.html",
        sheet=found,
        groups=showing.groups(found.rows),
        versions=versions,
        shown=_shown(versions),
        choices=choices,
        chosen=chosen,
        until=queries.data_until(),
        corrections=len(db.session.scalars(queries.corrections(actor, asked)).all()),
        over=clock.today() >= month_after(month, 1),
        names=people.user_names(),
        **months_around(month),
        **_labels(),
    )


def _shown(versions: list[Closing]) -> Closing | None:
    asked = _version_asked()
    return next((v for v in versions if v.version == asked), versions[0]) if versions else None


@bp.get("/sheet/print")
@access.guard(words.READ_DEPARTMENT)
def print_sheet() -> str:
    """The month of a department on paper."""
    month = month_asked()
    _choices, chosen, wanted = _department_asked()
    found, versions = month_sheet(month, wanted, version=_version_asked())
    return render_template(
        "attendance/print_sheet.html",
        sheet=found,
        groups=showing.groups(found.rows),
        shown=_shown(versions),
        chosen=chosen,
        unit=people.unit_name(),
        **months_around(month),
        **_labels(),
    )


@bp.get("/sheet.xlsx")
@access.guard(words.READ_DEPARTMENT)
def export_sheet() -> Response:
    """The month of a department as XLSX: matrix, totals, details."""
    month = month_asked()
    _choices, _chosen, wanted = _department_asked()
    found, versions = month_sheet(month, wanted, version=_version_asked())
    return sheets.download(exports.month(found, bool(versions)), f"{_('考勤月表')}-{month:%Y-%m}.xlsx")


@bp.get("/weekly")
@access.guard(words.READ_DEPARTMENT)
def weekly() -> str:
    """The week's bulletin: who was late, left early, missed a punch or was absent."""
    return _weekly("attendance/weekly.html")


@bp.get("/weekly/print")
@access.guard(words.READ_DEPARTMENT)
def print_weekly() -> str:
    """The week's bulletin on paper."""
    return _weekly("attendance/print_weekly.html")


def _weekly(template: str) -> str:
    monday = bulletin.week_of(request.args.get("week", ""), clock.today())
    choices, chosen, wanted = _department_asked()
    found = sheets_of.make(monday, monday + timedelta(days=6), wanted)
    return render_template(
        template,
        lines=bulletin.lines(found),
        monday=monday,
        sunday=monday + timedelta(days=6),
        before=monday - timedelta(days=7) if monday.year > FIRST_YEAR else None,
        after=monday + timedelta(days=7) if monday + timedelta(days=7) <= clock.today() else None,
        choices=choices,
        chosen=chosen,
        taking=len(found.rows),
        until=queries.data_until(),
        unit=people.unit_name(),
        **_labels(),
    )


# --- closing a month ------------------------------------------------------------------------------------------


def _month_of(text: str) -> date:
    found = read_month(normal(text))
    if found is None:
        raise NotFound()
    return found


def _whole(month: date) -> Sheet:
    return sheets_of.make(month, month_after(month, 1) - timedelta(days=1))


@bp.post("/months/<month>/close")
@access.guard(words.MANAGE)
def close_month(month: str) -> BaseResponse:
    """Freeze a month's sheet (J-3)."""
    which = _month_of(month)
    found = _whole(which)
    service.close_month(require_actor(), which, sheets_of.freeze(found), len(found.rows), clock.now())
    flash(_("%(month)s 月表已关闭。", month=f"{which:%Y-%m}"))
    return go("attendance.sheet", month=f"{which:%Y-%m}")


@bp.route("/months/<month>/amend", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def amend_month(month: str) -> Answer:
    """What has changed since a month was closed, and the corrected sheet beside the closed one (J-3)."""
    which, form = _month_of(month), ReasonForm()
    versions = queries.closings(which)
    if not versions:
        raise NotFound()
    found = _whole(which)
    changed = sheets_of.changes(sheets_of.thaw(versions[0].sheet), found)
    if form.sent():
        try:
            service.amend_month(
                require_actor(),
                which,
                sheets_of.freeze(found),
                len(found.rows),
                len(changed),
                form.reason.data or "",
                clock.now(),
            )
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已更正，原月表保留为第 %(n)s 版。", n=versions[0].version))
            return go("attendance.sheet", month=f"{which:%Y-%m}")
    page = render_template(
        "attendance/amend.html",
        form=form,
        month=which,
        versions=versions,
        changed=changed,
        names=people.user_names(),
        **_labels(),
    )
    return page, 422 if form.errors else 200
