"""What follows an entry: passing on, taking over, hazards with their list (O-4)."""

from __future__ import annotations

from datetime import datetime

from flask import Response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, acts, clock, files, htmx, journal, sheets, timeline
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import db, locked
from portal.kernel.htmx import go
from portal.kernel.paging import paginate
from portal.people import queries as people
from portal.register import hazards, passing, queries, rights
from portal.register import vocabulary as words
from portal.register.forms import ActForm, HazardFilter, HazardForm
from portal.register.models import Hazard, HazardState, RegisterEntry, RegisterPassing
from portal.register.views import EXPORTED, Answer, bp, common, do, page_of

__all__ = ["bp"]


@bp.post("/<number>/pass-on/<int:department_id>")
@access.guard(words.READ)
def pass_on(number: str, department_id: int) -> Answer:
    """Confirm that a department heard what the meeting said."""
    actor = require_actor()
    entry = queries.by_number(actor, number)
    wanted = next((p for p in entry.passings if p.department_id == department_id), None)
    if wanted is None:
        raise NotFound()
    found = locked(RegisterPassing, id=wanted.id)

    def act(actor: Actor, _entry: RegisterEntry, form: ActForm, now: datetime) -> None:
        passing.pass_on(actor, found, form.passed_on.data, form.heard.data, form.note.data or "", now)

    return do(number, f"pass-{department_id}", act, _("已确认传达。"))


@bp.post("/<number>/take-over")
@access.guard(words.READ)
def take_over(number: str) -> Answer:
    """The next shift confirms that it has taken over."""
    return do(
        number, "take_over", lambda a, e, f, now: passing.take_over(a, e, f.note.data or "", now), _("已确认接班。")
    )


# --- hazards ---------------------------------------------------------------------------------------------------


@bp.post("/<number>/hazards")
@access.guard(words.WRITE)
def find_hazard(number: str) -> Answer:
    """Note a hazard in an entry."""
    actor, form = require_actor(), HazardForm()
    queries.by_number(actor, number)
    entry = locked(RegisterEntry, number=number)

    def act() -> None:
        what = hazards.Seen(
            form.seen.data or "",
            form.demand.data or "",
            form.hazard_due.data,
            form.hazard_department.data,
            form.hazard_place.data or "",
        )
        hazards.find(actor, entry, what, clock.now())

    fields = {"due_on": "hazard_due", "department_id": "hazard_department"}
    if acts.carried_out(form, act, _("隐患已登记，整改科室会看到待办。"), fields):
        return go("register.show", number=number)
    return page_of(actor, queries.by_number(actor, number), ActForm(formdata=None), "hazard", form), 422


def _filtered() -> tuple[HazardFilter, queries.HazardsWanted]:
    form = HazardFilter(request.args)
    form.validate()
    return form, form.wanted()


@bp.get("/hazards")
@access.guard(words.READ)
def list_hazards() -> Answer:
    """Hazards with filters and pages, the open ones first."""
    actor, (form, wanted) = require_actor(), _filtered()
    return htmx.page_or_fragment(
        "register/hazards.html",
        "register/_hazards.html",
        form=form,
        page=paginate(queries.hazards(actor, wanted, clock.today())),
        overdue=hazards.overdue,
        today=clock.today(),
        filtered=bool(request.args),
        **common(),
    )


@bp.get("/hazards/export.xlsx")
@access.guard(words.READ)
def export_hazards() -> Response:
    """The filtered hazards as XLSX."""
    actor, (_form, wanted) = require_actor(), _filtered()
    departments, names, today = people.department_names(), people.user_names(), clock.today()
    rows = (
        [
            h.number, h.entry.number, departments.get(h.department_id, ""), h.place, h.seen, h.demand, h.due_on,
            str(words.HAZARD_LABELS[h.state]), _("是") if hazards.overdue(h, today) else "", h.rectified,
            h.rectified_at, names.get(h.rectified_by_id or 0, ""), h.checked, h.checked_at,
            names.get(h.checked_by_id or 0, ""), h.returned,
        ]
        for h in db.session.scalars(queries.hazards(actor, wanted, today).limit(EXPORTED))
    )  # fmt: skip
    headings = [
        _("编号"), _("检查记录"), _("整改科室"), _("部位"), _("隐患"), _("整改要求"), _("整改期限"), _("状态"),
        _("逾期"), _("整改情况"), _("整改时间"), _("整改人"), _("复查意见"), _("复查时间"), _("复查人"), _("退回次数"),
    ]  # fmt: skip
    return sheets.listed(_("安全隐患"), headings, rows)


@bp.get("/hazards/<number>")
@access.guard(words.READ)
def show_hazard(number: str) -> Answer:
    """A hazard: what was seen, until when, what was done."""
    actor = require_actor()
    return _hazard_page(actor, queries.hazard_by_number(actor, number), ActForm(formdata=None))


def _hazard_page(actor: Actor, hazard: Hazard, form: ActForm, verb: str = "") -> str:
    may_read = rights.may_read(actor, hazard.entry)
    return render_template(
        "register/hazard.html",
        hazard=hazard,
        form=form,
        verb=verb,
        entry=hazard.entry if may_read else None,
        late=hazards.overdue(hazard, clock.today()),
        attachments=files.of(hazards.FILES, hazard.id),
        history=timeline.lines(reversed(journal.of_object("register_hazard", hazard.id))),
        can={
            "rectify": hazard.state is HazardState.OPEN and rights.rectifies(actor, hazard),
            "recheck": hazard.state is HazardState.RECTIFIED and rights.rechecks(actor, hazard),
        },
        **common(),
    )


_on_hazard = acts.Verbs(
    Hazard, queries.hazard_by_number, lambda _hazard: ActForm(), _hazard_page, "register.show_hazard"
)


@bp.post("/hazards/<number>/rectify")
@access.guard(words.READ)
def rectify(number: str) -> Answer:
    """Report a hazard rectified."""
    return _on_hazard(
        number,
        "rectify",
        lambda a, h, f, now: hazards.rectify(a, h, f.text.data or "", now, f.files.data or ()),
        _("已报告整改，等待复查。"),
    )


@bp.post("/hazards/<number>/recheck/<result>")
@access.guard(words.READ)
def recheck(number: str, result: str) -> Answer:
    """Check a rectified hazard again: gone, or back with a new date."""
    if result not in ("passed", "returned"):
        raise NotFound()
    passed = result == "passed"
    return _on_hazard(
        number,
        "recheck",
        lambda a, h, f, now: hazards.recheck(a, h, passed, f.text.data or "", f.due_on.data, now),
        _("隐患已消除。") if passed else _("已退回，限期再整改。"),
    )


@bp.get("/hazards/<number>/files/<int:file_id>")
@access.guard(words.READ)
def hazard_file(number: str, file_id: int) -> Response | BaseResponse:
    """One file of a hazard, for who may read it."""
    hazard = queries.hazard_by_number(require_actor(), number)
    return files.send(files.one_of(file_id, (hazards.FILES, hazard.id)))
