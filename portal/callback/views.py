"""Pages of callbacks: draws, call sheets, calls, the month's summary (S-5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.callback import queries, rules, service
from portal.callback import vocabulary as words
from portal.callback.forms import CorrectForm, ResultForm
from portal.callback.models import CallbackCall, CallState
from portal.cases import queries as cases
from portal.kernel import access, acts, clock, journal, sheets, timeline
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import locked
from portal.kernel.errors import Conflict
from portal.kernel.htmx import go, page_or_fragment
from portal.kernel.paging import paginate
from portal.people import queries as people
from portal.pure.months import read_month

bp = Blueprint("callback", __name__, url_prefix="/callbacks")

Answer = str | BaseResponse | tuple[str, int]


def _shown() -> dict[str, Any]:
    return {
        "words": words,
        "names": people.user_names(),
        "departments": people.department_names(),
        "week_name": rules.week_name,
        "queries": queries,
        "at": clock.now(),
    }


# --- draws -----------------------------------------------------------------------------------------------------


@bp.get("")
@access.guard(words.READ)
def index() -> Answer:
    """The draws of all weeks, the newest first."""
    return page_or_fragment(
        "callback/index.html",
        "callback/_draws.html",
        page=paginate(queries.draws()),
        undrawn=queries.undrawn(clock.now()) if require_actor().can(words.CALL) else [],
        may_call=require_actor().can(words.CALL),
        waiting=CallState.WAITING,
        **_shown(),
    )


@bp.post("/<week>/draw")
@access.guard(words.CALL)
def draw(week: str) -> Answer:
    """Draw a week that is over, once."""
    try:
        week_on = rules.week_of(week)
    except ValueError:
        raise NotFound() from None
    if week_on not in queries.undrawn(clock.now()):
        raise Conflict(_("这一周已经抽取过，或者不在可以补抽的范围内。"), "S-5")
    made = service.draw(require_actor(), week_on, clock.now())
    flash(_("已抽取 %(n)s 人。", n=len(made.calls)))
    return go("callback.show", week=week)


@bp.get("/<week>")
@access.guard(words.READ)
def show(week: str) -> Answer:
    """One week's draw and its calls; with ``check`` in the address it is drawn again and compared."""
    found = queries.by_week(week)
    return render_template(
        "callback/show.html",
        d=found,
        week=rules.week_name(found.week_on),
        check=queries.check(found) if request.args.get("check") else None,
        may=lambda call: queries.may_call(require_actor(), call),
        history=timeline.lines(reversed(journal.of_object("callback_draw", found.id))),
        **_shown(),
    )


@bp.get("/<week>/sheet")
@access.guard(words.CALL)
def sheet(week: str) -> Answer:
    """The call sheet of a week for print: only the clients that the reader may call."""
    actor, found = require_actor(), queries.by_week(week)
    return render_template(
        "callback/sheet.html",
        d=found,
        week=rules.week_name(found.week_on),
        calls=[c for c in found.calls if c.state is CallState.WAITING and queries.may_call(actor, c)],
        unit=people.unit_name(),
        **_shown(),
    )


# --- calls -----------------------------------------------------------------------------------------------------


def _page(actor: Actor, call: CallbackCall, form: ResultForm, correct: CorrectForm, verb: str = "") -> str:
    week = rules.week_name(call.draw.week_on)
    return render_template(
        "callback/call.html",
        c=call,
        week=week,
        form=form,
        correct=correct,
        verb=verb,
        may=queries.may_call(actor, call),
        case_readable=cases.may_read(actor, call.case),
        light=queries.light(call, clock.now()),
        history=timeline.lines(reversed(journal.of_object("callback_call", call.id))),
        **_shown(),
    )


@bp.get("/<week>/<int:place>")
@access.guard(words.READ)
def show_call(week: str, place: int) -> Answer:
    """One call: whom, about what, what they said."""
    return _page(require_actor(), queries.call(week, place), ResultForm(formdata=None), CorrectForm(formdata=None))


def _locked(week: str, place: int) -> CallbackCall:
    return locked(CallbackCall, id=queries.call(week, place).id)


@bp.post("/<week>/<int:place>/record")
@access.guard(words.CALL)
def record(week: str, place: int) -> Answer:
    """Record what the client said."""
    actor, form, call = require_actor(), ResultForm(), _locked(week, place)
    if acts.carried_out(form, lambda: service.record(actor, call, form.result(), clock.now()), _("已登记回访。")):
        return go("callback.show_call", week=week, place=place)
    return _page(actor, queries.call(week, place), form, CorrectForm(formdata=None), "record"), 422


def _do(week: str, place: int, verb: Callable[[CallbackCall], None], done: str) -> Answer:
    verb(_locked(week, place))
    flash(done)
    return go("callback.show_call", week=week, place=place)


@bp.post("/<week>/<int:place>/try")
@access.guard(words.CALL)
def try_call(week: str, place: int) -> Answer:
    """Record an attempt that reached nobody."""
    return _do(week, place, lambda c: service.try_call(require_actor(), c, clock.now()), _("已登记一次未接通。"))


@bp.post("/<week>/<int:place>/give-up")
@access.guard(words.CALL)
def give_up(week: str, place: int) -> Answer:
    """Record that the client could not be reached."""
    return _do(week, place, lambda c: service.give_up(require_actor(), c, clock.now()), _("已登记为未能接通。"))


@bp.post("/<week>/<int:place>/withdraw-denial")
@access.guard(words.CALL)
def withdraw_denial(week: str, place: int) -> Answer:
    """Correct a tick of a refusal without filing that was wrong."""
    actor, form, call = require_actor(), CorrectForm(), _locked(week, place)
    if acts.carried_out(
        form, lambda: service.withdraw_denial(actor, call, form.text.data or "", clock.now()), _("已更正。")
    ):
        return go("callback.show_call", week=week, place=place)
    return _page(actor, queries.call(week, place), ResultForm(formdata=None), form, "correct"), 422


# --- the month -------------------------------------------------------------------------------------------------


def _month() -> tuple[date, list[date]]:
    """The month that is asked for, else the newest with calls; and those to choose from."""
    months = queries.months()
    usual = months[0] if months else clock.today().replace(day=1)
    return read_month(request.args.get("month", "")) or usual, months


def _summary(template: str) -> str:
    first, months = _month()
    lines, total = queries.summary(first)
    return render_template(
        template,
        first=first,
        month=f"{first:%Y-%m}",
        months=[f"{m:%Y-%m}" for m in months],
        lines=lines,
        total=total,
        suggestions=queries.suggestions(first) if require_actor().can(words.READ) else [],
        unit=people.unit_name(),
        back=url_for("callback.summary", month=f"{first:%Y-%m}"),
        **_shown(),
    )


@bp.get("/summary")
@access.guard(words.SUMMARY)
def summary() -> str:
    """The month by department; small groups show no grades."""
    return _summary("callback/summary.html")


@bp.get("/summary/print")
@access.guard(words.SUMMARY)
def print_summary() -> str:
    """The month on paper."""
    return _summary("callback/print_summary.html")


@bp.get("/summary.xlsx")
@access.guard(words.SUMMARY)
def export_summary() -> Response:
    """The month as XLSX, with the same figures withheld."""
    first, _months = _month()
    lines, total = queries.summary(first)
    departments = people.department_names()
    headings = [
        _("科室"), _("回访人数"), _("接通人数"), _("服务态度"), _("办事效率"), _("遵守规定"),
        _("未经报备的否定"), _("反映问题"),
    ]  # fmt: skip
    rows = []
    for line in (*lines, total):
        group = line.group
        grades: tuple[Any, ...] = line.averages or ((_("不予显示"),) * 3 if line.withheld else (None,) * 3)
        name = departments.get(group.department_id, "") if group.department_id else _("合计")
        rows.append([name, group.called, group.reached, *grades, group.denials, group.problems])
    return sheets.listed(_("回访汇总"), headings, rows, f"{first:%Y-%m}")
