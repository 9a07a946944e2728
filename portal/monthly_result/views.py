"""Pages of a month's result: the publication page, an edition, review, signature, correction (E-4, E-6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, acts, clock, journal, timeline
from portal.kernel.actor import require_actor
from portal.kernel.errors import Invalid
from portal.kernel.forms import PortalForm
from portal.kernel.htmx import go
from portal.monthly_result import page, paper, queries, rights, rolls, service
from portal.monthly_result import vocabulary as words
from portal.monthly_result.forms import CorrectionForm, ReasonForm, ReviewForm, SignForm
from portal.monthly_result.models import MonthlyResult, ResultState, Standing
from portal.people import queries as people
from portal.pure.months import month_text
from portal.pure.scoring import Subject, plain, signed
from portal.score_table.vocabulary import SUBJECT_LABELS

bp = Blueprint("monthly_result", __name__, url_prefix="/results")

Answer = str | BaseResponse | tuple[str, int]
#: The address of a month's result.
MONTH = "/<any(department, person):subject>/<month>"
S = ResultState


def common() -> dict[str, Any]:
    """What all templates of the room use."""
    return {
        "words": words,
        "subjects": SUBJECT_LABELS,
        "month_text": month_text,
        "plain": plain,
        "signed": signed,
        "names": people.user_names(),
        "titles": paper,
        "steps": page.step_words,
        "way_title": page.title,
        "way_url": page.url,
        "actor": require_actor(),
        "codes": {each.id: each.code for each in people.departments()},
        "follows": require_actor().can(words.FOLLOW),
        "manages": require_actor().can(words.MANAGE),
    }


@bp.get("")
@access.guard(words.READ)
def index() -> Answer:
    """What was published, for everybody; what is under way, for who has a part in it."""
    actor = require_actor()
    newest = page.newest_month(Subject.DEPARTMENT)
    shown = queries.published(Subject.DEPARTMENT, newest) if newest else None
    return render_template(
        "monthly_result/index.html",
        shown=shown,
        months=page.months(),
        rolls=rolls.published(),
        waiting=page.under_way() if actor.can(words.FOLLOW) else (),
        mine=page.mine(actor),
        **common(),
    )


@bp.get(MONTH)
@access.guard(words.READ)
def show(subject: str, month: str) -> Answer:
    """An edition: the newest published one unless another is asked for."""
    found = page.edition(require_actor(), subject, page.parse(month), request.args.get("edition", ""))
    return _show(found)


def _show(
    found: MonthlyResult,
    review: ReviewForm | None = None,
    sign: SignForm | None = None,
    reason: ReasonForm | None = None,
    correction: CorrectionForm | None = None,
) -> str:
    actor = require_actor()
    published = queries.editions(found.subject, found.month)
    why = ""
    if found.state is S.SUBMITTED and actor.can(words.REVIEW):
        why = rights.why_not_review(actor, found)
    elif found.state in (S.REVIEWED, S.SIGNED) and actor.can(words.SIGN):
        why = rights.why_not_sign(actor, found)
    writing = found.state in (S.DRAFT, S.RETURNED) and found.edition > 1
    before = next((e for e in published if e.id == found.replaces_id), None)
    return render_template(
        "monthly_result/show.html",
        result=found,
        rows=found.rows or (before.rows if before else []),
        before=before,
        changed=_changed(before, found) if before and found.rows else {},
        editions=published,
        under_way=queries.open_edition(found.subject, found.month) if actor.can(words.FOLLOW) else None,
        why_not=why,
        openable={row.id for row in found.rows if page.may_open(actor, found, row)},
        history=timeline.lines(journal.of_object("monthly_result", found.id)) if actor.can(words.FOLLOW) else [],
        review=review or ReviewForm(formdata=None),
        sign=sign or SignForm(formdata=None),
        reason=reason or ReasonForm(formdata=None),
        correction=(correction or CorrectionForm(formdata=None)).offer(_subjects(before)) if writing else None,
        acting=next((p.for_user_name for p in actor.posts if p.for_user_id and p.kind == "principal"), ""),
        forms_bad=any(f and (f.errors or f.form_errors) for f in (review, sign, reason, correction)),
        **common(),
    )


def _subjects(before: MonthlyResult | None) -> list[tuple[int, str]]:
    return [(row.subject_id, row.name) for row in before.rows] if before else []


def _changed(before: MonthlyResult, found: MonthlyResult) -> dict[int, str]:
    """What a correcting edition says otherwise than the one before, by subject."""
    old = {row.subject_id: row for row in before.rows}
    made = {}
    for row in found.rows:
        was = old.get(row.subject_id)
        if was is None or (was.total, was.place, was.flag) == (row.total, row.place, row.flag):
            continue
        made[row.subject_id] = _("原 %(points)s 分，%(place)s", points=plain(was.total), place=paper.place(was))
    return made


def _at(found: MonthlyResult, **more: Any) -> dict[str, Any]:
    return {"subject": found.subject, "month": month_text(found.month), "edition": found.edition, **more}


def _open(subject: str, month: str) -> MonthlyResult:
    """The edition that is on its way. Raises NotFound."""
    found = queries.open_edition(subject, page.parse(month))
    return found or page.edition(require_actor(), subject, page.parse(month))


def _done(found: MonthlyResult, form: PortalForm, act: Callable[[], object], done: str, name: str) -> Answer:
    """Carry out what a form asks of an edition; show the page again where it is refused."""
    where = _at(found)
    if acts.carried_out(form, act, done):
        return go("monthly_result.show", **where)
    again = page.edition(require_actor(), found.subject, found.month, str(where["edition"]))
    return _show(again, **{name: form}), 422


@bp.post(MONTH + "/submit")
@access.guard(words.MANAGE)
def submit(subject: str, month: str) -> Answer:
    """Put a settled month, or a correction, before the supervision group."""
    made = service.submit(require_actor(), subject, page.parse(month), clock.now())
    flash(_("已提交督查组审核。"))
    return go("monthly_result.show", **_at(made))


@bp.post(MONTH + "/review")
@access.guard(words.REVIEW)
def review(subject: str, month: str) -> Answer:
    """The supervision group's opinion: pass it on to the principal, or send it back."""
    actor, found, form = require_actor(), _open(subject, month), ReviewForm()
    back = request.form.get("act") == "return"

    def act() -> None:
        text = form.opinion.data or ""
        try:
            (service.send_back if back else service.review)(actor, found, text, clock.now())
        except Invalid as error:
            raise Invalid("opinion", error.message, error.rule) from None

    return _done(found, form, act, _("已退回办公室。") if back else _("已审核，等待签发。"), "review")


@bp.post(MONTH + "/sign")
@access.guard(words.SIGN)
def sign(subject: str, month: str) -> Answer:
    """The principal's decision: sign, or send back with a reason."""
    actor, found, form = require_actor(), _open(subject, month), SignForm()
    if request.form.get("act") == "return":
        return _done(
            found, form, lambda: service.send_back(actor, found, form.reason.data or "", clock.now()),
            _("已退回办公室。"), "sign",
        )  # fmt: skip
    return _done(found, form, lambda: service.sign(actor, found, clock.now()), _("已签发，等待公布。"), "sign")


@bp.post(MONTH + "/publish")
@access.guard(words.MANAGE)
def publish(subject: str, month: str) -> Answer:
    """Publish a signed edition."""
    found = _open(subject, month)
    service.publish(require_actor(), found, clock.now())
    flash(_("考评结果已公布，此后不再改变。"))
    return go("monthly_result.show", **_at(found))


@bp.post(MONTH + "/correct")
@access.guard(words.MANAGE)
def correct(subject: str, month: str) -> Answer:
    """Begin an edition that corrects the last one."""
    first: date = page.parse(month)
    actor, form, found = require_actor(), ReasonForm(), page.edition(require_actor(), subject, first)
    made: list[MonthlyResult] = []
    if acts.carried_out(
        form,
        lambda: made.append(service.correct(actor, subject, first, form.reason.data or "", clock.now())),
        _("更正已起草，请写明更正内容。"),
    ):
        return go("monthly_result.show", **_at(made[0]))
    return _show(page.edition(actor, subject, first, str(found.edition)), reason=form), 422


@bp.post(MONTH + "/corrections")
@access.guard(words.MANAGE)
def set_correction(subject: str, month: str) -> Answer:
    """Say what the correction changes for one subject."""
    actor, found = require_actor(), _open(subject, month)
    before = next((e for e in queries.editions(subject, found.month) if e.id == found.replaces_id), None)
    form = CorrectionForm().offer(_subjects(before))

    def act() -> None:
        assert form.subject_id.data is not None
        assert form.points.data is not None
        service.set_correction(
            actor, found, form.subject_id.data, form.points.data, Standing(form.standing.data), form.reason.data or "",
            clock.now(),
        )  # fmt: skip

    return _done(found, form, act, _("已写入更正。"), "correction")


@bp.post(MONTH + "/corrections/<int:subject_id>/drop")
@access.guard(words.MANAGE)
def drop_correction(subject: str, month: str, subject_id: int) -> Answer:
    """Take a correction out again."""
    found = _open(subject, month)
    service.drop_correction(require_actor(), found, subject_id, clock.now())
    flash(_("已去掉这条更正。"))
    return go("monthly_result.show", **_at(found))
