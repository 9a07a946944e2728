"""The home page: one page, composed of what the actor's roles need (W-3)."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from portal.cases import queries as cases
from portal.cases import vocabulary as case_words
from portal.desk import queries, voices
from portal.desk import vocabulary as words
from portal.first_ask import queries as first_ask
from portal.first_ask import vocabulary as ask_words
from portal.first_ask.models import FirstAsk
from portal.first_ask.views import quick_context
from portal.kernel import access, clock, plates
from portal.kernel.actor import Role, require_actor

bp = Blueprint("desk", __name__, url_prefix="/")


@bp.get("/")
@access.guard(words.HOME)
def home() -> str:
    """The desk of whoever is logged in."""
    actor, now = require_actor(), clock.now()
    context: dict[str, object] = {"now_local": clock.local(now), "todos": plates.todos(actor, now)}
    context["voices"] = voices.voices(actor, now)
    if actor.can(ask_words.FILE):
        context.update(queries.own(actor, now, request.args.get("tab", "")))
        context.update(quick_context(actor, filed=_just_filed()))
    led = queries.departments_led(actor)
    if led and actor.can(case_words.READ):
        lines = queries.department_lines(led, now)
        first = clock.local(now).date().replace(day=1)
        context.update(
            lines=lines,
            urgent=queries.urgent_cases(led),
            on_time=cases.on_time(first, clock.today(), now) if len(lines) > 1 else None,
            away=queries.away(led, now),
        )
    return render_template(
        "desk/home.html",
        case_words=case_words,
        words=ask_words,
        roles={str(r) for r in actor.roles},
        is_business=bool(actor.roles - {Role.AUDITOR, Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN}),
        **{k: v for k, v in context.items() if k != "words"},
    )


def _just_filed() -> FirstAsk | None:
    """The entry that was filed without a script a moment ago, so that it can be undone from here."""
    number = request.args.get("filed", "")
    actor = require_actor()
    if not number or len(number) > 20:
        return None
    return next((e for e in first_ask.today(actor.id or 0, 3) if e.number == number), None)
