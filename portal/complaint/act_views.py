"""The verbs on a complaint's page, and the reading of who complained by its officer (A-5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from flask import Response, render_template
from flask_babel import gettext as _

from portal.complaint import handling, identity, queries, rights, service
from portal.complaint import vocabulary as words
from portal.complaint.forms import ActForm
from portal.complaint.models import Complaint
from portal.complaint.views import Answer, bp, show_page, shown
from portal.kernel import access, acts, clock, files
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import db, locked
from portal.kernel.htmx import go

Verb = Callable[[Actor, Complaint, ActForm, datetime], Any]
_FIELDS = {"department_id": "department"}


def _do(number: str, name: str, verb: Verb, done: str) -> Answer:
    """One verb on a complaint: lock, do, and back to its page; a refusal is shown at its field."""
    actor, now = require_actor(), clock.now()
    queries.find(actor, number)
    found = locked(Complaint, number=number)
    form = ActForm(found, queries.officers(found, now) if name == "assign" else [])
    if acts.carried_out(form, lambda: verb(actor, found, form, now), done, _FIELDS):
        readable = rights.reads_all(actor, found) or rights.reads_extract(actor, found)
        return go("complaint.show", number=number) if readable else go("complaint.index")
    return show_page(actor, queries.find(actor, number), form, name), 422


@bp.post("/complaints/<number>/resolve")
@access.guard(words.READ)
def resolve(number: str) -> Answer:
    """Record whom it is about."""
    return _do(number, "resolve", lambda a, c, f, now: service.resolve(a, c, f.whom(), now), _("已核定投诉对象。"))


@bp.post("/complaints/<number>/take-up")
@access.guard(words.DECIDE)
def take_up(number: str) -> Answer:
    """Take it up, told in writing."""
    return _do(
        number,
        "decide",
        lambda a, c, f, now: service.take_up(a, c, f.text.data or "", now),
        _("已受理，请指定承办人。"),
    )


@bp.post("/complaints/<number>/pass-on")
@access.guard(words.DECIDE)
def pass_on(number: str) -> Answer:
    """Pass it on to another body, told in writing."""
    return _do(
        number,
        "decide",
        lambda a, c, f, now: service.pass_on(a, c, f.passed_to.data or "", f.text.data or "", now),
        _("已转其他机关。"),
    )


@bp.post("/complaints/<number>/not-take-up")
@access.guard(words.DECIDE)
def not_take_up(number: str) -> Answer:
    """Do not take it up, with reasons, told in writing."""
    return _do(
        number,
        "decide",
        lambda a, c, f, now: service.not_take_up(a, c, f.text.data or "", now),
        _("已决定不予受理。"),
    )


@bp.post("/complaints/<number>/assign")
@access.guard(words.DECIDE)
def assign(number: str) -> Answer:
    """Name the officer, or another one."""
    return _do(
        number, "assign", lambda a, c, f, now: service.assign(a, c, f.officer_id.data, now), _("已指定承办人。")
    )  # fmt: skip


@bp.post("/complaints/<number>/extend")
@access.guard(words.DECIDE)
def extend(number: str) -> Answer:
    """Extend the time for the answer."""
    return _do(
        number,
        "extend",
        lambda a, c, f, now: service.extend(a, c, f.days.data, f.text.data or "", now),
        _("已延期，理由在查询页告知投诉人。"),
    )


@bp.post("/complaints/<number>/note")
@access.guard(words.READ)
def note(number: str) -> Answer:
    """Note what was found out, with files; the complainant may be told."""
    return _do(
        number,
        "note",
        lambda a, c, f, now: handling.note(a, c, f.text.data or "", bool(f.told.data), now, f.files.data or ()),
        _("已记录。"),
    )


@bp.post("/complaints/<number>/extract")
@access.guard(words.READ)
def extract(number: str) -> Answer:
    """Give the department concerned an extract."""
    return _do(
        number,
        "extract",
        lambda a, c, f, now: handling.give_extract(a, c, f.text.data or "", now),
        _("摘要已提供给被投诉科室。"),
    )


@bp.post("/complaints/<number>/state")
@access.guard(words.READ)
def state(number: str) -> Answer:
    """The department concerned says how it was."""
    return _do(
        number, "state", lambda a, c, f, now: handling.state(a, c, f.text.data or "", now), _("已提交情况说明。")
    )


@bp.post("/complaints/<number>/propose")
@access.guard(words.READ)
def propose(number: str) -> Answer:
    """Propose the result."""
    return _do(number, "propose", lambda a, c, f, now: handling.propose(a, c, f.finding(), now), _("结果已报审定。"))


@bp.post("/complaints/<number>/approve")
@access.guard(words.DECIDE)
def approve(number: str) -> Answer:
    """Approve the result."""
    return _do(
        number, "approve", lambda a, c, f, now: handling.approve(a, c, now), _("结果已审定，由承办人答复投诉人。")
    )


@bp.post("/complaints/<number>/send-back")
@access.guard(words.DECIDE)
def send_back(number: str) -> Answer:
    """Send the result back."""
    return _do(
        number, "approve", lambda a, c, f, now: handling.send_back(a, c, f.text.data or "", now), _("结果已退回再查。")
    )


@bp.post("/complaints/<number>/tell")
@access.guard(words.READ)
def tell(number: str) -> Answer:
    """Tell the complainant the answer."""
    return _do(number, "tell", lambda a, c, f, now: handling.tell(a, c, f.told_how(), now), _("已答复投诉人。"))


@bp.post("/complaints/<number>/reverse")
@access.guard(words.DECIDE)
def reverse(number: str) -> Answer:
    """Take back that it was confirmed."""
    return _do(
        number, "reverse", lambda a, c, f, now: service.reverse(a, c, f.text.data or "", now), _("属实结论已撤销。")
    )


# --- who complained --------------------------------------------------------------------------------------------


def _once(content: str) -> Response:
    """A page that is sent and kept nowhere: the memory of sent forms keeps no stream."""

    def parts() -> Iterator[str]:
        yield content

    return Response(parts(), headers={"Cache-Control": "no-store"}, mimetype="text/html")


def _own(actor: Actor, number: str) -> Complaint:
    queries.read(actor, number)
    return locked(Complaint, number=number)


@bp.post("/complaints/<number>/identity")
@access.guard(words.READ)
def read_identity(number: str) -> Response:
    """Who complained, to the assigned officer alone; the reading is journalled, so that it is asked for by a button."""
    actor = require_actor()
    found = _own(actor, number)
    who = identity.read(actor, found, clock.now())
    db.session.flush()
    return _once(render_template("complaint/identity.html", c=found, who=who, **shown()))


@bp.post("/complaints/<number>/identity/files/<int:file_id>")
@access.guard(words.READ)
def identity_file(number: str, file_id: int) -> Response:
    """A file of the complainant, to the assigned officer alone; journalled too."""
    actor = require_actor()
    return files.send(identity.file(actor, _own(actor, number), file_id, clock.now()))
