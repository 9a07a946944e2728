"""Pages of a line: propose it by hand, decide on it, object to it, rule; the queue of objections (E-3)."""

from __future__ import annotations

from flask import Response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.kernel import access, acts, clock, files
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Invalid
from portal.kernel.forms import PortalForm
from portal.kernel.htmx import go
from portal.kernel.paging import paginate
from portal.pure.scoring import plain
from portal.score_evidence import changing, collecting, objections, page, queries, rights
from portal.score_evidence import lines as verbs
from portal.score_evidence import vocabulary as words
from portal.score_evidence.forms import DecideForm, ObjectForm, ProposeForm, RuleForm
from portal.score_evidence.models import LineState, Objection, ObjectionState, ScoreLine, ScoreMonth
from portal.score_evidence.views import Answer, bp, month_asked

__all__ = ["bp"]


# --- by hand --------------------------------------------------------------------------------------------------


@bp.route("/<subject>/<month>/propose", methods=["GET", "POST"])
@access.guard(words.PROPOSE)
def propose(subject: str, month: str) -> Answer:
    """Propose a manual line for a month that is not settled."""
    actor, now = require_actor(), clock.now()
    found = month_asked(subject, month)
    if request.method == "POST":
        found = locked(ScoreMonth, id=found.id)
    name = page.names_of(subject)
    choices = [(each, name(each)) for each in collecting.subjects(subject, collecting.at(found.month, now))]
    form = ProposeForm(found.version.table, sorted(choices, key=lambda pair: pair[1] if subject == "person" else ""))
    made: list[ScoreLine] = []

    def act() -> None:
        what = verbs.Proposal(
            form.subject_id.data, form.rule.data or "", form.quantity.data, form.points.data, form.happened_on.data,
            form.note.data or "", form.finder.data or "",
        )  # fmt: skip
        made.append(verbs.propose(actor, found, what, form.files.data or (), now))

    if request.method == "POST" and acts.carried_out(form, act, _("已提出，由其他人核准后计入。")):
        return go("score_evidence.line", line_id=made[0].id)
    found = month_asked(subject, month)
    answer = render_template(
        "score_evidence/propose.html",
        month=found,
        form=form,
        open=rights.takes_lines(found),
        none=not verbs.hand_rules(found.version.table),
        **page.shown(),
    )
    return answer, 422 if request.method == "POST" else 200


# --- one line -------------------------------------------------------------------------------------------------


def _line(actor: Actor, line_id: int) -> ScoreLine:
    """A line that the actor may see. Raises NotFound for a missing and a foreign one alike."""
    found = db.session.get(ScoreLine, line_id)
    if found is None or not rights.sees_line(actor, found):
        raise NotFound()
    return found


def _page(line_id: int, form: PortalForm | None = None) -> str:
    actor, now = require_actor(), clock.now()
    found = _line(actor, line_id)
    month, table = found.month, found.month.version.table
    category, rule = table.places.get(found.rule, (None, None))
    raised = queries.objections_of_lines([line_id]).get(line_id, [])
    running = next((each for each in raised if each.state is ObjectionState.OPEN), None)
    return render_template(
        "score_evidence/line.html",
        line=found,
        month=month,
        table=table,
        category=category,
        rule=rule,
        name=page.name_of(found.subject, found.subject_id),
        url=page.address(actor, found),
        clue_url=page.clue_address(actor, found),
        papers=files.of(verbs.OWNER, line_id) if found.proposed_by_id else [],
        alike=verbs.alike(found) if found.state is LineState.PROPOSED else [],
        raised=raised,
        running=running,
        told=changing.shown(month, [(change, found) for change in queries.changes_of_line(line_id)]),
        may_decide=rights.may_decide(actor, found) and rights.takes_lines(month),
        barred=found.state is LineState.PROPOSED and actor.can(words.APPROVE),
        may_object=objections.may_object(actor, month, found, now),
        may_rule=running is not None and rights.may_rule(actor, running),
        decide_form=form if isinstance(form, DecideForm) else DecideForm(formdata=None),
        object_form=form if isinstance(form, ObjectForm) else ObjectForm(formdata=None),
        rule_form=form if isinstance(form, RuleForm) else RuleForm(formdata=None),
        today=clock.today(),
        plain=plain,
        **page.shown(),
    )


@bp.get("/lines/<int:line_id>")
@access.guard(words.READ)
def line(line_id: int) -> str:
    """One line: what it says, its evidence, what was decided and objected."""
    return _page(line_id)


def _taken(line_id: int) -> tuple[ScoreMonth, ScoreLine]:
    """A line and its month, both locked: the month first, as every verb does."""
    found = _line(require_actor(), line_id)
    month = locked(ScoreMonth, id=found.score_month_id)
    return month, locked(ScoreLine, id=line_id)


@bp.post("/lines/<int:line_id>/decide")
@access.guard(words.APPROVE)
def decide(line_id: int) -> Answer:
    """Approve or refuse a proposed line."""
    actor, now, form = require_actor(), clock.now(), DecideForm()
    month, found = _taken(line_id)

    def act() -> None:
        reason = form.decision.data or ""
        if form.outcome.data == "approve":
            verbs.approve(actor, month, found, reason, now, form.points.data)
        else:
            verbs.refuse(actor, month, found, reason, now)

    done = _("已核准，计入考评。") if form.outcome.data == "approve" else _("已记录不核准的理由。")
    if acts.carried_out(form, act, done):
        return go("score_evidence.line", line_id=line_id)
    return _page(line_id, form), 422


@bp.post("/lines/<int:line_id>/object")
@access.guard(words.READ)
def object_to(line_id: int) -> Answer:
    """The scored object to a line."""
    actor, now, form = require_actor(), clock.now(), ObjectForm()
    month, found = _taken(line_id)
    done = _("异议已提出，由其他人员裁定。")
    if acts.carried_out(form, lambda: objections.object_to(actor, month, found, form.text.data or "", now), done):
        return go("score_evidence.line", line_id=line_id)
    return _page(line_id, form), 422


@bp.post("/lines/<int:line_id>/rule")
@access.guard(words.RULE)
def rule(line_id: int) -> Answer:
    """Rule on the open objection to a line."""
    actor, now, form = require_actor(), clock.now(), RuleForm()
    month, _found = _taken(line_id)
    running = db.session.scalar(
        db.select(Objection).where(Objection.line_id == line_id, Objection.state == ObjectionState.OPEN)
    )
    if running is None:
        raise NotFound()

    def act() -> None:
        changes = form.outcome.data == "change"
        if changes and form.quantity.data is None and form.points.data is None:
            raise Invalid("quantity", _("请填写更改后的数量或者分值。"), "E-3")
        objections.rule(
            actor, month, running, form.outcome.data != "refuse", form.ruling.data or "", now,
            quantity=form.quantity.data if changes else None, points=form.points.data if changes else None,
        )  # fmt: skip

    if acts.carried_out(form, act, _("已裁定。")):
        return go("score_evidence.line", line_id=line_id)
    return _page(line_id, form), 422


@bp.get("/lines/<int:line_id>/files/<int:file_id>")
@access.guard(words.READ)
def file(line_id: int, file_id: int) -> Response:
    """A piece of evidence of a manual line, as a download."""
    found = _line(require_actor(), line_id)
    return files.send(files.one_of(file_id, (verbs.OWNER, found.id)))


# --- the queue ------------------------------------------------------------------------------------------------


@bp.get("/objections")
@access.guard(words.READ_ALL)
def objections_list() -> str:
    """The objections, the open ones first by the day on which a ruling is due."""
    state = request.args.get("state", "open")
    state = state if state in ("open", "all") else "open"
    return render_template(
        "score_evidence/objections.html",
        page=paginate(queries.objections(state)),
        state=state,
        name_of=page.name_of,
        today=clock.today(),
        **page.shown(),
    )
