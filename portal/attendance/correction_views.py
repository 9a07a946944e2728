"""Pages of corrections: ask, withdraw, decide, file (O-3)."""

from __future__ import annotations

from flask import Response, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.attendance import corrections as verbs
from portal.attendance import queries, rights
from portal.attendance import vocabulary as words
from portal.attendance.forms import CorrectionFilter, CorrectionForm, OpinionForm
from portal.attendance.models import Correction, CorrectionState
from portal.attendance.views import Answer, bp
from portal.kernel import access, clock, files, journal, timeline
from portal.kernel.actor import require_actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Invalid
from portal.kernel.forms import read_day
from portal.kernel.htmx import go, page_or_fragment
from portal.kernel.paging import paginate
from portal.people import queries as people

__all__ = ["bp"]


@bp.get("/corrections")
@access.guard(words.READ)
def corrections() -> str:
    """One's own corrections and those one decides, files or may read."""
    actor = require_actor()
    form = CorrectionFilter(rights.departments(actor), request.args)
    form.validate()
    return page_or_fragment(
        "attendance/corrections.html",
        "attendance/_corrections.html",
        form=form,
        page=paginate(queries.corrections(actor, form.wanted())),
        filtered=bool(request.args),
        **_labels(),
    )


def _labels() -> dict[str, object]:
    return {"words": words, "names": people.user_names(), "departments": people.department_names()}


@bp.route("/corrections/new", methods=["GET", "POST"])
@access.guard(words.READ)
def ask() -> Answer:
    """Ask that a missed punch be counted."""
    day = read_day(request.args.get("day")) or clock.today()
    slot = request.args.get("slot", "")
    form = CorrectionForm(day=day, slot=slot if slot in tuple(words.SLOT_LABELS) else None)
    if form.sent() and form.day.data is not None:
        try:
            made = verbs.ask(
                require_actor(),
                form.day.data,
                form.chosen_slot,
                form.there,
                form.reason.data or "",
                clock.now(),
                form.files.data or (),
            )
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("补卡申请已提交，请等待审批。"))
            return go("attendance.correction", number=made.number)
        db.session.rollback()
    return render_template("attendance/ask.html", form=form), 422 if form.errors else 200


def _page(found: Correction, form: OpinionForm) -> str:
    actor = require_actor()
    return render_template(
        "attendance/correction.html",
        found=found,
        form=form,
        may_decide=rights.may_decide(actor, found),
        may_withdraw=found.asked_by_id == actor.id and found.state is CorrectionState.WAITING,
        may_file=actor.can(words.MANAGE) and found.state is CorrectionState.APPROVED and found.filed_at is None,
        attachments=files.of(verbs.FILES, found.id),
        history=timeline.lines(reversed(journal.of_object("attendance_correction", found.id))),
        **_labels(),
    )


@bp.get("/corrections/<number>")
@access.guard(words.READ)
def correction(number: str) -> str:
    """One correction with its reason, evidence and history."""
    return _page(queries.correction_by_number(require_actor(), number), OpinionForm(formdata=None))


def _locked(number: str) -> Correction:
    queries.correction_by_number(require_actor(), number)
    return locked(Correction, number=number)


@bp.post("/corrections/<number>/decide")
@access.guard(words.APPROVE)
def decide_correction(number: str) -> Answer:
    """Approve or refuse; never one's own (O-3)."""
    found, form = _locked(number), OpinionForm()
    if form.sent():
        approve = request.form.get("decision") == "approve"
        try:
            verbs.decide(require_actor(), found, approve, form.opinion.data or "", clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已批准补卡。") if approve else _("未批准，已告知申请人。"))
            return go("attendance.corrections")
    return _page(found, form), 422


@bp.post("/corrections/<number>/withdraw")
@access.guard(words.READ)
def withdraw_correction(number: str) -> BaseResponse:
    """Take one's own request back."""
    verbs.withdraw(require_actor(), _locked(number), clock.now())
    flash(_("补卡申请已撤回。"))
    return go("attendance.correction", number=number)


@bp.post("/corrections/<number>/file")
@access.guard(words.MANAGE)
def file_correction(number: str) -> BaseResponse:
    """Take an approved correction to the office's files."""
    verbs.file(require_actor(), _locked(number), clock.now())
    flash(_("补卡已备案。"))
    return go("attendance.correction", number=number)


@bp.get("/corrections/<number>/files/<int:file_id>")
@access.guard(words.READ)
def correction_file(number: str, file_id: int) -> Response:
    """One piece of evidence, as a download."""
    found = queries.correction_by_number(require_actor(), number)
    return files.send(files.one_of(file_id, (verbs.FILES, found.id)))
