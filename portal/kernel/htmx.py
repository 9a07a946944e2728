"""Every HX- word of the portal."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse


def wants_fragment() -> bool:
    """True when htmx asked for a part of the page (not for a whole one, nor a history restore)."""
    return request.headers.get("HX-Request-Type") == "partial"


def is_htmx() -> bool:
    """True for any request of htmx."""
    return request.headers.get("HX-Request") == "true"


def page_or_fragment(page: str, fragment: str, /, **context: Any) -> str:
    """Render the fragment for htmx's partial requests, the whole page otherwise."""
    return render_template(fragment if wants_fragment() else page, **context)


def go(endpoint: str, **values: Any) -> BaseResponse:
    """Redirect after a good act (303); htmx is told to load the page as a whole."""
    target = url_for(endpoint, **values)
    if is_htmx():
        answer = make_response("", 200)
        answer.headers["HX-Redirect"] = target
        return answer
    return redirect(target, 303)


def trigger(answer: Response, **events: Any) -> Response:
    """Tell the page about events; the JSON is ASCII since real servers refuse anything else in a header."""
    answer.headers["HX-Trigger"] = json.dumps(events, ensure_ascii=True)
    return answer


def say(answer: Response, message: str) -> Response:
    """Attach a message for the page's alert line (percent-encoded UTF-8)."""
    answer.headers["X-Portal-Message"] = quote(message, safe=" ")
    return answer


def local_path(target: str | None, default: str = "/") -> str:
    """A redirect target that stays on this site: a path of ours, or the default."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or "\\" in target:
        return default
    if any(ord(c) < 0x20 for c in target):
        return default
    parts = urlsplit(target)
    return default if parts.scheme or parts.netloc else target


def referring_path(default: str = "/") -> str:
    """The path of the page that a form was sent from, when it is ours."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host:
        return default
    return local_path(parts.path + (f"?{parts.query}" if parts.query else ""), default)
