"""Pages of one result: its parts, objection, ruling, veto, correction (E-5, E-6)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Response, flash, render_template, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.kernel import access, clock, documents
from portal.kernel.actor import require_actor
from portal.kernel.acts import carried_out
from portal.kernel.db import db
from portal.kernel.errors import Conflict
from portal.kernel.htmx import go
from portal.yearly_grade import deciding, paper, queries, service, settings
from portal.yearly_grade import vocabulary as words
from portal.yearly_grade.forms import CorrectionForm, ObjectionForm, ReasonForm, RulingForm, VetoForm
from portal.yearly_grade.models import (
    Ground,
    RoundState,
    YearlyCorrection,
    YearlyObjection,
    YearlyRow,
    YearlyVeto,
)
from portal.yearly_grade.views import Answer, bp, common

_VETOABLE = (RoundState.PREPARED, RoundState.OPEN, RoundState.COUNTED, RoundState.COMPUTED)


@bp.get("/results/<int:row_id>")
@access.guard(words.READ)
def result(row_id: int) -> str:
    """One result with everything that it rests on, for who is graded and who follows the round."""
    actor, now = require_actor(), clock.now()
    row = queries.row_of(actor, row_id)
    round_, follows = row.round, queries.follows(actor)
    shown = round_.state in queries.SHOWN
    return render_template(
        "yearly_grade/result.html",
        row=row,
        round=round_,
        by=settings.of(round_),
        sheet=paper.sheet(row) if shown else None,
        shown=shown,
        follows=follows,
        private=follows or deciding.may_object(actor, row),
        may_object=deciding.may_object(actor, row)
        and round_.state is RoundState.COMPUTED
        and round_.object_by is not None
        and now <= round_.object_by
        and all(each.ruled_at is not None for each in row.objections),
        may_veto=(actor.can(words.MANAGE) or actor.can(words.REVIEW))
        and round_.state in _VETOABLE
        and row.user_id != actor.id
        and all(each.lifted_at is not None for each in row.vetoes),
        vetoable=round_.state in _VETOABLE and row.user_id != actor.id,
        may_correct=actor.can(words.MANAGE) and round_.state is RoundState.PUBLISHED and row.user_id != actor.id,
        why_not_rule={each.id: deciding.why_not_rule(actor, each) for each in row.objections},
        **common(),
    )


def _page(form: Any, row_id: int, what: str, note: str = "", clause: str = "appraisal.6") -> Answer:
    row = queries.row_of(require_actor(), row_id)
    page = render_template(
        "yearly_grade/act.html",
        form=form,
        what=what,
        note=note,
        clause_id=clause,
        crumb=service.name_of(row),
        back_url=url_for("yearly_grade.result", row_id=row_id),
    )
    return page, 422 if form.errors else 200


def _row(row_id: int) -> YearlyRow:
    return queries.row_of(require_actor(), row_id)


@bp.route("/results/<int:row_id>/object", methods=["GET", "POST"])
@access.guard(words.READ)
def object_to(row_id: int) -> Answer:
    """Object to the own result (E-6)."""
    row, form = _row(row_id), ObjectionForm()
    service.in_state(row.round, RoundState.COMPUTED)

    def act() -> None:
        deciding.object_to(require_actor(), row, form.text.data or "", clock.now())

    if carried_out(form, act, _("异议已提交，由督查组裁定。")):
        return go("yearly_grade.result", row_id=row_id)
    return _page(form, row_id, _("提出异议"))


def _of_row(model: Any, row_id: int, key: int) -> Any:
    row = _row(row_id)
    found = db.session.get(model, key)
    if found is None or found.row_id != row.id or not queries.follows(require_actor()):
        raise NotFound()
    return found


@bp.route("/results/<int:row_id>/objections/<int:key>/rule", methods=["GET", "POST"])
@access.guard(words.REVIEW)
def rule(row_id: int, key: int) -> Answer:
    """Rule on an objection (E-6)."""
    given: YearlyObjection = _of_row(YearlyObjection, row_id, key)
    if given.ruled_at is not None:
        raise Conflict(_("这项异议已经裁定。"), "E-6")
    form, text = RulingForm(), given.text

    def act() -> None:
        upheld = form.outcome.data == "upheld"
        deciding.rule(require_actor(), given, upheld, form.ruling.data or "", clock.now())

    if carried_out(form, act, _("裁定已提交。")):
        return go("yearly_grade.result", row_id=row_id)
    return _page(form, row_id, _("裁定异议"), text)


@bp.route("/results/<int:row_id>/veto", methods=["GET", "POST"])
@access.guard(words.READ)
def veto(row_id: int) -> Answer:
    """Propose a one-vote veto (E-5)."""
    row, form = _row(row_id), VetoForm()
    if not queries.follows(require_actor()):
        raise NotFound()

    def act() -> None:
        ground, reason, evidence = Ground(form.ground.data), form.reason.data or "", form.evidence.data or ""
        service.veto(require_actor(), row, ground, reason, evidence, clock.now())

    if carried_out(form, act, _("已提出，由他人确认后生效。")):
        return go("yearly_grade.result", row_id=row_id)
    return _page(form, row_id, _("提出一票否决"), "", "appraisal.5")


@bp.post("/results/<int:row_id>/vetoes/<int:key>/confirm")
@access.guard(words.READ)
def confirm_veto(row_id: int, key: int) -> Answer:
    """Confirm a veto (E-5)."""
    service.confirm_veto(require_actor(), _of_row(YearlyVeto, row_id, key), clock.now())
    flash(_("一票否决已确认，请办公室重新核算。"))
    return go("yearly_grade.result", row_id=row_id)


@bp.route("/results/<int:row_id>/vetoes/<int:key>/lift", methods=["GET", "POST"])
@access.guard(words.READ)
def lift_veto(row_id: int, key: int) -> Answer:
    """Take a veto back (E-5)."""
    given, form = _of_row(YearlyVeto, row_id, key), ReasonForm()

    def act() -> None:
        service.lift_veto(require_actor(), given, form.reason.data or "", clock.now())

    if carried_out(form, act, _("一票否决已撤销，请办公室重新核算。")):
        return go("yearly_grade.result", row_id=row_id)
    return _page(form, row_id, _("撤销一票否决"), "", "appraisal.5")


@bp.route("/results/<int:row_id>/correct", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def correct(row_id: int) -> Answer:
    """Propose a correction of a published result (E-6, J-3)."""
    row = _row(row_id)
    service.in_state(row.round, RoundState.PUBLISHED)
    total, grade = deciding.stands(row)
    form = CorrectionForm(settings.of(row.round).names, total=total, grade=grade)

    def act() -> None:
        after, reason = form.total.data, form.reason.data or ""
        deciding.correct(require_actor(), row, Decimal(after or 0), form.grade.data, reason, clock.now())

    if carried_out(form, act, _("更正已提出，由主要负责人决定。")):
        return go("yearly_grade.result", row_id=row_id)
    return _page(form, row_id, _("更正考评结果"), _("公布的结果保持不变，更正另作记录，与原结果相互关联。"))


@bp.post("/results/<int:row_id>/corrections/<int:key>/<any(accept, refuse):what>")
@access.guard(words.DECIDE)
def decide_correction(row_id: int, key: int, what: str) -> Answer:
    """The principal accepts or refuses a correction (E-6)."""
    given: YearlyCorrection = _of_row(YearlyCorrection, row_id, key)
    deciding.decide_correction(require_actor(), given, what == "accept", clock.now())
    flash(_("已同意更正。") if what == "accept" else _("已决定不更正。"))
    return go("yearly_grade.result", row_id=row_id)


def _printable(row_id: int) -> YearlyRow:
    actor = require_actor()
    row = queries.row_of(actor, row_id)
    if row.round.state not in queries.SHOWN:
        raise Conflict(_("考评还没有核算。"), "E-6")
    if not (queries.follows(actor) or deciding.may_object(actor, row)):
        raise NotFound()
    return row


@bp.get("/results/<int:row_id>/paper")
@access.guard(words.READ)
def print_result(row_id: int) -> str:
    """One result for printing."""
    row = _printable(row_id)
    return render_template("yearly_grade/sheet_paper.html", row=row, round=row.round, p=paper.sheet(row))


@bp.get("/results/<int:row_id>/paper.docx")
@access.guard(words.READ)
def result_docx(row_id: int) -> Response:
    """One result as DOCX."""
    row = _printable(row_id)
    name = _("%(name)s %(year)s 年度考评结果", name=service.name_of(row), year=row.round.year)
    return documents.download(paper.sheet_docx(row), f"{name}.docx")
