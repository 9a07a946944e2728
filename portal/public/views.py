"""Staff on duty, for anybody (C-7)."""

from __future__ import annotations

import hashlib

from flask import Response, render_template, request
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.calendar import queries as calendar
from portal.kernel import access, clock, htmx, i18n
from portal.public import queries
from portal.public.web import bp, office_hours, page

#: Seconds between two questions of an open page.
EVERY = 60
#: htmx repeats the last tag in this header.
_TAG = "HX-PTag"


def _fragment(code: str | None) -> tuple[str, str]:
    """The board as HTML with its tag; made once for everybody who sees the same."""
    now = clock.now()
    board = queries.board(now)
    departments = [d for d in board.departments if code in (None, d.code)]
    if code is not None and not departments:
        raise NotFound()
    today = clock.local(now).date()
    windows = {
        d.code: (calendar.in_office_hours(now, d.id), office_hours(calendar.opening_of(d.id, today)))
        for d in departments
        if d.id in calendar.services()
    }
    open_ = calendar.in_office_hours(now) or any(there for there, _times in windows.values())
    key = (code, i18n.language(), open_, today, tuple(windows.items()))
    if key not in board.kept:
        made = render_template(
            "public/_on_duty.html",
            departments=departments,
            one=code is not None,
            office_open=open_,
            hours=office_hours(calendar.work_calendar().hours.periods),
            windows=windows,
            every=EVERY,
        )
        board.kept[key] = (made, f'"{hashlib.sha256(made.encode()).hexdigest()[:24]}"')
    return board.kept[key]


def _answer(code: str | None) -> BaseResponse:
    made, tag = _fragment(code)
    if not htmx.wants_fragment():
        content = Markup(made)  # noqa: S704 - our own template's output
        title = next((d.name for d in queries.board(clock.now()).departments if d.code == code), "")
        return page("public/on_duty.html", board_html=content, name=title)
    headers = {_TAG: tag, "ETag": tag}
    if tag in (request.headers.get(_TAG), request.headers.get("If-None-Match")):
        return Response(status=304, headers=headers)
    return Response(made, headers=headers, mimetype="text/html")


@bp.get("/on-duty")
@access.public
def on_duty() -> BaseResponse:
    """Who answers for every post now (C-7)."""
    return _answer(None)


@bp.get("/on-duty/<code>")
@access.public
def department(code: str) -> BaseResponse:
    """Who answers for the posts of one department now (C-7)."""
    return _answer(code)
