"""Pages of joint and forwarded cases, each reached from its case (T-9)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.cases import queries as cases
from portal.cases import service as case_service
from portal.cases import vocabulary as case_words
from portal.cases.models import Case
from portal.joint_case import queries, service
from portal.joint_case.forms import AgentForm, ForwardForm, PartForm, ReturnForm, TrackerForm
from portal.kernel import access, clock
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import locked
from portal.kernel.errors import Invalid, NotAllowed
from portal.kernel.forms import PortalForm
from portal.kernel.htmx import go

bp = Blueprint("joint_case", __name__, url_prefix="/cases")

Answer = str | BaseResponse | tuple[str, int]


def _case(actor: Actor, number: str) -> Case:
    """The case, seen and locked. Raises NotFound for a missing and a foreign one alike."""
    cases.by_number(actor, number)
    return locked(Case, number=number)


def _page(template: str, case: Case, form: PortalForm, **more: Any) -> tuple[str, int]:
    return render_template(f"joint_case/{template}.html", case=case, form=form, **more), 422 if form.errors else 200


@bp.route("/<number>/parts/add", methods=["GET", "POST"])
@access.guard(case_words.HANDLE)
def add_part(number: str) -> Answer:
    """Ask one more post for its part of a joint case."""
    actor = require_actor()
    case = _case(actor, number)
    case_service.require_handler(actor, case)
    form = PartForm(case.post_id)
    if form.sent():
        try:
            part = service.add_part(
                actor, case, form.post.data, form.code(), form.gives.data, form.opinion.data, clock.now()
            )
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("分办件 %(number)s 已开立。", number=part.number))
            return go("cases.show", number=number)
    return _page("add_part", case, form)


@bp.route("/<number>/agent", methods=["GET", "POST"])
@access.guard(case_words.HANDLE)
def name_agent(number: str) -> Answer:
    """Name who runs the errands for the client, free of charge (全程代理)."""
    actor = require_actor()
    case = _case(actor, number)
    case_service.require_handler(actor, case)
    form = AgentForm(data={"person": case.agent_id})
    if form.sent():
        try:
            service.name_agent(actor, case, form.person.data, clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已保存。"))
            return go("cases.show", number=number)
    return _page("name_agent", case, form)


@bp.route("/<number>/forward", methods=["GET", "POST"])
@access.guard(case_words.HANDLE)
def forward(number: str) -> Answer:
    """Send a case to an upper authority."""
    actor = require_actor()
    case = _case(actor, number)
    case_service.require_handler(actor, case)
    form = ForwardForm()
    if form.sent():
        try:
            service.forward(actor, case, form.authority.data, form.document.data or "", form.person.data, clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已上报，承诺时限停表。"))
            return go("cases.show", number=number)
    return _page("forward", case, form)


@bp.route("/<number>/tracker", methods=["GET", "POST"])
@access.guard(case_words.HANDLE)
def hand_over_tracking(number: str) -> Answer:
    """Name somebody else who keeps track of what lies with an upper authority."""
    actor = require_actor()
    case = _case(actor, number)
    case_service.require_handler(actor, case)
    away = queries.away(case.id)
    if away is None:
        raise NotFound()
    form = TrackerForm(data={"person": away.tracker_id})
    if form.sent():
        try:
            service.hand_over_tracking(actor, case, form.person.data, clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已保存。"))
            return go("cases.show", number=number)
    return _page("hand_over_tracking", case, form, away=away)


@bp.route("/<number>/returned", methods=["GET", "POST"])
@access.guard(case_words.READ)
def bring_back(number: str) -> Answer:
    """Record what came back from an upper authority: by the named tracker or who handles the case."""
    actor = require_actor()
    case = _case(actor, number)
    away = queries.away(case.id)
    if away is None:
        raise NotFound()
    if not service.may_bring_back(actor, case, away):
        raise NotAllowed(_("由跟踪人或者经办人登记。"), "T-9")
    form = ReturnForm()
    if form.sent():
        try:
            service.bring_back(actor, case, form.result.data, clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已登记返回，承诺时限继续计算。"))
            return go("cases.show", number=number)
    return _page("bring_back", case, form, away=away)
