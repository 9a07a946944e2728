"""Pages of score tables: what holds, the versions, one version, comparing, approval (E-2, POL-1, POL-2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, acts, clock
from portal.kernel.actor import Actor, require_actor
from portal.kernel.forms import PortalForm
from portal.kernel.htmx import go
from portal.people import queries as people
from portal.pure.months import month_text
from portal.pure.scoring import Kind, Subject, Table
from portal.score_table import checks, comparing, queries, seams, service
from portal.score_table import vocabulary as words
from portal.score_table import words as phrases
from portal.score_table.forms import OWN, AdoptForm, ApproveForm, ReasonForm, SubmitForm
from portal.score_table.models import Version, VersionState
from portal.score_table.presets import PRESETS, find

bp = Blueprint("score_table", __name__, url_prefix="/score-tables")

Answer = str | BaseResponse | tuple[str, int]


def common() -> dict[str, Any]:
    """What the pages of this room use."""
    actor = require_actor()
    return {
        "words": words, "phrases": phrases, "checks": checks, "month_text": month_text, "names": people.user_names(),
        "may_manage": actor.can(words.MANAGE), "may_approve": actor.can(words.APPROVE), "kinds": Kind,
    }  # fmt: skip


@bp.get("")
@access.guard(words.READ)
def index() -> Answer:
    """What holds now, what comes, and all tables."""
    actor, today = require_actor(), clock.today()
    waiting = set(queries.waiting_for(actor.id)) if actor.can(words.APPROVE) else set()
    latest = queries.latest()
    return render_template(
        "score_table/index.html",
        subjects=[(s, queries.schedule(str(s)), queries.in_force(str(s), today)) for s in Subject],
        tables=queries.tables(), latest=latest, today=today,
        waiting=[each for each in latest.values() if each.id in waiting], **common(),
    )  # fmt: skip


@bp.route("/new", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def adopt() -> Answer:
    """Take over a shipped table, or begin an empty one."""
    form, made = AdoptForm(PRESETS), list[Version]()
    if request.method == "GET":
        form.preset.data = request.args.get("preset", "")
    if request.method == "POST" and acts.carried_out(
        form, lambda: made.append(_adopt(require_actor(), form, clock.now())), _("已建立草稿，请核对并填定后送审。")
    ):
        return to(made[0], edit=True)
    page = render_template("score_table/adopt.html", form=form, presets=PRESETS, own=OWN, **common())
    return page, 422 if form.errors else 200


def _adopt(actor: Actor, form: AdoptForm, now: datetime) -> Version:
    if form.preset.data == OWN:
        return service.make(actor, form.name.data or "", Subject(form.subject.data), now)
    return service.adopt(actor, form.preset.data, form.name.data or "", now)


@bp.get("/presets/<code>")
@access.guard(words.READ)
def shipped(code: str) -> Answer:
    """A shipped table, before somebody takes it over."""
    found = find(code)
    if found is None:
        raise NotFound()
    return render_template("score_table/shipped.html", table=found, gaps=checks.problems(found), **common())


@bp.get("/<number>")
@access.guard(words.READ)
def history(number: str) -> Answer:
    """A table with all its versions."""
    owner = queries.by_number(number)
    return render_template(
        "score_table/history.html", owner=owner, versions=queries.versions(owner), preset=find(owner.preset),
        held=_held(str(owner.subject)), **common(),
    )  # fmt: skip


def _held(subject: str) -> dict[int, str]:
    """From when to when a version holds, by its id."""
    made = {}
    for month, end, version in queries.schedule(subject):
        if end is None:
            made[version.id] = _("%(month)s 起", month=month_text(month))
        else:
            made[version.id] = _("%(a)s 至 %(b)s", a=month_text(month), b=month_text(end))
    return made


@bp.post("/<number>/begin")
@access.guard(words.MANAGE)
def begin(number: str) -> Answer:
    """Begin a new version."""
    actor, owner, made = require_actor(), queries.by_number(number), list[Version]()
    acts.carried_out(
        PortalForm(), lambda: made.append(service.begin(actor, owner.id, clock.now())), _("已起草新的一版。")
    )
    return to(made[0], edit=True)


@bp.get("/<number>/<int:n>")
@access.guard(words.READ)
def show(number: str, n: int) -> Answer:
    """One version to read; for who may, to send, approve, give back or discard."""
    return _show(queries.version(number, n))


def _show(version: Version, **forms: PortalForm) -> Answer:
    actor, now = require_actor(), clock.now()
    made: dict[str, Any] = {
        "submitting": SubmitForm(queries.months(str(version.subject), now), formdata=None),
        "approving": ApproveForm(formdata=None, seen=service.digest(version.content)),
        "returning": ReasonForm(formdata=None, prefix="return-"),
        "discarding": ReasonForm(formdata=None, prefix="discard-"),
    }
    made |= forms
    wrong = next((each for each in forms.values() if each.errors), None)
    page = render_template(
        "score_table/show.html",
        version=version, owner=version.score_table, table=version.table, gaps=checks.problems(version.table),
        is_draft=version.state is VersionState.DRAFT, is_sent=version.state is VersionState.SUBMITTED,
        second=actor.id not in version.written_by(), held=_held(str(version.subject)).get(version.id),
        wrong=wrong, simulates=seams.simulates(), **made, **common(),
    )  # fmt: skip
    return page, 422 if wrong else 200


@bp.post("/<number>/<int:n>/submit")
@access.guard(words.MANAGE)
def submit(number: str, n: int) -> Answer:
    """Send a draft for approval."""
    version, actor, now = queries.version(number, n), require_actor(), clock.now()
    form = SubmitForm(queries.months(str(version.subject), now))
    if acts.carried_out(
        form, lambda: service.submit(actor, version.id, form.first(), form.reason.data or "", now), _("已送审。")
    ):
        return to(version)
    return _show(queries.version(number, n), submitting=form)


@bp.post("/<number>/<int:n>/approve")
@access.guard(words.APPROVE)
def approve(number: str, n: int) -> Answer:
    """Approve as a second person."""
    version, actor, form = queries.version(number, n), require_actor(), ApproveForm()
    if acts.carried_out(
        form, lambda: service.approve(actor, version.id, form.seen.data or "", clock.now()), _("已批准。")
    ):
        return to(version)
    return _show(queries.version(number, n), approving=form)


@bp.post("/<number>/<int:n>/return")
@access.guard(words.APPROVE)
def give_back(number: str, n: int) -> Answer:
    """Give a version back to its writers."""
    version, actor, form = queries.version(number, n), require_actor(), ReasonForm(prefix="return-")
    if acts.carried_out(
        form, lambda: service.give_back(actor, version.id, form.reason.data or "", clock.now()), _("已退回修改。")
    ):
        return to(version)
    return _show(queries.version(number, n), returning=form)


@bp.post("/<number>/<int:n>/discard")
@access.guard(words.MANAGE)
def discard(number: str, n: int) -> Answer:
    """Give up a draft."""
    version, actor, form = queries.version(number, n), require_actor(), ReasonForm(prefix="discard-")
    if acts.carried_out(
        form, lambda: service.discard(actor, version.id, form.reason.data or "", clock.now()), _("已作废。")
    ):
        return to(version)
    return _show(queries.version(number, n), discarding=form)


@bp.get("/<number>/compare")
@access.guard(words.READ)
def compare(number: str) -> Answer:
    """Two versions of a table, or one with the shipped table it came from."""
    owner = queries.by_number(number)
    versions, source = queries.versions(owner), find(owner.preset)
    old = _side(versions, source, request.args.get("a", ""), 1)
    new = _side(versions, source, request.args.get("b", ""), 0)
    return render_template(
        "score_table/compare.html",
        owner=owner, versions=versions, source=source, old=old, new=new, parts=comparing.compare(old[1], new[1]),
        **common(),
    )  # fmt: skip


def _side(versions: list[Version], source: Table | None, asked: str, otherwise: int) -> tuple[str, Table]:
    if source is not None and (asked == "0" or (not asked and otherwise >= len(versions))):
        return "0", source
    found = next((each for each in versions if str(each.version) == asked), None)
    if found is None:
        if asked:
            raise NotFound()
        found = versions[min(otherwise, len(versions) - 1)]
    return str(found.version), found.table


def to(version: Version, edit: bool = False) -> BaseResponse:
    """To a version's page, or to its editor."""
    endpoint = "score_table.edit" if edit else "score_table.show"
    return go(endpoint, number=version.score_table.number, n=version.version)
