"""Kept promises: for everybody without figures of a few cases, for staff with the list behind each (C-4, W-0)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.cases import queries as case_queries
from portal.cases import vocabulary as case_words
from portal.kernel import access, clock
from portal.kernel.actor import require_actor
from portal.people import queries as people
from portal.public import guides, keeping, queries, rules
from portal.public.rules import Kept
from portal.public.web import bp, page
from portal.service_commitment import guides as published


@dataclass(frozen=True)
class Line:
    """One line of the table: an item or a department, its figures, and its part of the address of the lists."""

    name: str
    code: str
    kept: Kept
    shown: bool
    item_id: int | None = None
    department_id: int | None = None


def _span() -> str:
    wanted = request.args.get("span", "")
    return wanted if wanted in keeping.SPANS else "90d"


def _departments(found: keeping.Figures, least: int) -> list[Line]:
    figures = found.by_department()
    return [
        Line(name, "", figures[d], figures[d].shown(least), department_id=d)
        for d, name in people.department_names().items()
        if d in figures
    ]


@bp.get("/promise-kept")
@access.public
def promise_kept() -> BaseResponse:
    """How promises were kept, per item and department, over 90 days or 12 months (C-4)."""
    now, span = clock.now(), _span()
    found, least = keeping.published(span, now), guides.least()
    figures = found.by_item()
    lines = [
        Line(g.name, g.code, kept, kept.shown(least))
        for g in published.guides()
        if (kept := figures.get(g.item_id, Kept())).counted
    ]
    whole = found.whole()
    return page(
        "public/promise_kept.html",
        span=span,
        days=keeping.days_of(span, now),
        whole=whole if whole.shown(least) else None,
        departments=_departments(found, least),
        items=lines,
        quiet=len(published.guides()) - len(lines),
        least=least,
        percent=rules.percent,
        complaint=guides.complaint(),
    )


@bp.get("/promise-kept/cases")
@access.guard(case_words.READ)
def promise_kept_cases() -> str:
    """The same figures, counted now, of the departments that one sees; each opens the cases behind it (W-0)."""
    actor, now, span = require_actor(), clock.now(), _span()
    first, last = keeping.days_of(span, now)
    everything = actor.can(case_words.READ_ALL)
    seen = None if everything else case_queries.departments_seen(actor)
    found = keeping.count(first, last, now).of(seen)
    names = queries.item_names()
    figures = found.by_item()

    def address(line: Line, kept: str) -> str:
        days: dict[str, Any] = (
            {} if kept == "open_overdue" else {"closed_first": first.isoformat(), "closed_last": last.isoformat()}
        )
        if line.department_id is None:
            days["parts"] = "0"  # the client's matter counts once, in the lead case
        return url_for("cases.index", kept=kept, item=line.item_id, department=line.department_id, **days)

    items = [
        Line(*names.get(item_id, ("", "")), kept, kept.shown(guides.least()), item_id=item_id)
        for item_id, kept in sorted(figures.items(), key=lambda pair: names.get(pair[0], ("", "~"))[1])
        if kept.counted
    ]
    return render_template(
        "public/promise_kept_staff.html",
        span=span,
        days=(first, last),
        whole=Line("", "", found.whole(), True),
        departments=_departments(found, 0),
        items=items,
        address=address,
        percent=rules.percent,
        everything=everything,
        least=guides.least(),
    )
