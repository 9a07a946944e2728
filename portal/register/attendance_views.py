"""The sheet on which attendance is taken: one line per person, quick with the keyboard (O-4)."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, clock
from portal.kernel.actor import require_actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Invalid
from portal.kernel.forms import clean_line, normal
from portal.kernel.htmx import go
from portal.pure.text import is_storable
from portal.register import attendance, queries, service
from portal.register import vocabulary as words
from portal.register.attendance import Expected, Mark, Refused
from portal.register.models import EntryState, Presence, RegisterEntry
from portal.register.views import bp, common

__all__ = ["bp"]

REASON = 200


def _typed(each: Expected) -> dict[str, str]:
    """One line of the sheet as it was sent."""
    return {name: request.form.get(f"{name}-{each.user_id}", "") for name in ("p", "r", "d", "n")}


def _mark(each: Expected) -> Mark:
    """One line of the sheet. Raises Refused for nonsense."""
    typed = _typed(each)
    if typed["p"] not in {str(p) for p in Presence}:
        raise Refused(each.user_id, _("请选择%(name)s的出席情况。", name=each.name))
    reason = clean_line(typed["r"])
    if len(reason) > REASON or not is_storable(reason):
        raise Refused(each.user_id, _("%(name)s的事由最多 %(n)s 个字。", name=each.name, n=REASON))
    delegate, notes = normal(typed["d"]), normal(typed["n"])
    for value in (delegate, notes):
        if value and not (value.isascii() and value.isdigit() and len(value) < 10):
            raise Refused(each.user_id, _("%(name)s一行有不是数字的内容。", name=each.name))
    return Mark(Presence(typed["p"]), reason, int(delegate) if delegate else None, int(notes) if notes else None)


@bp.route("/<number>/attendance", methods=["GET", "POST"])
@access.guard(words.WRITE)
def take(number: str) -> str | BaseResponse | tuple[str, int]:
    """Write who was there; what is wrong is told at each line."""
    actor = require_actor()
    entry = queries.by_number(actor, number)
    service.keep_or_refuse(actor, entry.kind, entry.department_id)
    if not entry.kind.attendance or entry.state is EntryState.STRUCK or entry.held_on > clock.today():
        return go("register.show", number=number)
    if request.method == "GET":
        return _sheet(entry, {}, "")
    typed = request.form.get("version", "")
    version = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1
    reason = clean_line(request.form.get("reason", ""))
    entry = locked(RegisterEntry, number=number)
    errors, marks = dict[str, str](), dict[int, Mark]()
    if len(reason) > 2 * REASON or not is_storable(reason):
        errors["reason"] = _("最多 %(limit)s 个字。", limit=2 * REASON)
    for each in attendance.expected(entry):
        try:
            marks[each.user_id] = _mark(each)
        except Refused as error:
            errors[error.field] = str(error.message)
    if not errors:
        try:
            attendance.take(actor, entry, marks, version, clock.now(), reason)
        except Invalid as error:
            errors[error.field] = str(error.message)
        else:
            flash(_("出席已登记。"))
            return go("register.show", number=number)
    db.session.rollback()
    return _sheet(queries.by_number(actor, number), errors, reason), 422


def _sheet(entry: RegisterEntry, errors: dict[str, str], reason: str) -> str:
    people, proposed = attendance.expected(entry), attendance.proposed(entry)
    lines: list[dict[str, Any]] = []
    for each in people:
        mark = proposed[each.user_id]
        shown = {
            "p": str(mark.presence),
            "r": mark.reason,
            "d": str(mark.delegate_id or ""),
            "n": "" if mark.notes is None else str(mark.notes),
        }
        if request.method == "POST":
            shown = _typed(each)
        choices = attendance.delegates(each) if entry.kind.heads_only else []
        lines.append({"each": each, "typed": shown, "error": errors.get(f"user-{each.user_id}"), "delegates": choices})
    presences = [p for p in Presence if entry.kind.heads_only or p is not Presence.DELEGATED]
    return render_template(
        "register/attendance.html",
        entry=entry,
        lines=lines,
        errors=errors,
        reason=reason,
        presences=presences,
        correcting=entry.state is EntryState.FILED,
        **common(),
    )
