"""What all public pages share: one answer for everybody who sees the same, the language and the size of type."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import time
from typing import Any

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, i18n
from portal.kernel.htmx import local_path
from portal.people.views import keep_language
from portal.public import vocabulary as words

bp = Blueprint("public", __name__, url_prefix="/public")

#: The cookie of the large type: nothing but a choice of this browser.
LARGE = "large_type"


def large_type() -> bool:
    """Whether this browser asked for large type."""
    return request.cookies.get(LARGE) == "1"


@bp.app_context_processor
def _choices() -> dict[str, Any]:
    return {"large_type": bool(request) and large_type()}


def sections() -> list[tuple[str, str, str]]:
    """The sections of the public pages: name, address, endpoint; those of other rooms where they exist."""
    found = [
        (_("办事指南"), "public.catalogue"),
        (_("服务承诺"), "public.promise_kept"),
        (_("窗口与岗位"), "public.on_duty"),
        (_("办件查询"), "public.status"),
    ]
    found += [(str(name), endpoint) for endpoint, name in words.ELSEWHERE if endpoint in current_app.view_functions]
    found += [(_("机构职能"), "public.about"), (_("投诉"), "public.complain")]
    return [(name, url_for(endpoint), endpoint) for name, endpoint in found]


def office_hours(periods: Iterable[tuple[time, time]]) -> str:
    """The office's hours as they are written."""
    return _("、").join(f"{a:%H:%M}–{b:%H:%M}" for a, b in periods)


bp.add_app_template_global(sections, "public_sections")
bp.add_app_template_global(office_hours)


def page(template: str, /, **context: Any) -> BaseResponse:
    """A page that is asked for again only when it has changed; nothing in it depends on who asks."""
    return tagged(make_response(render_template(template, **context)))


def tagged(answer: Response) -> BaseResponse:
    """An answer with a tag of its content: the same content is not sent twice to the same browser."""
    answer.set_etag(hashlib.sha256(answer.get_data()).hexdigest()[:24])
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers.add("Vary", "HX-Request, HX-Request-Type, Cookie")
    return answer.make_conditional(request)


@bp.get("/display")
@access.public
def display() -> BaseResponse:
    """Choose the language or the size of type for this browser; a link, so that no session is needed for it."""
    answer = redirect(local_path(request.args.get("next"), url_for("public.catalogue")), 303)
    if request.args.get("language") in i18n.LANGUAGES:
        keep_language(answer, request.args["language"])
    size = request.args.get("size")
    if size == "large":
        answer.set_cookie(
            LARGE,
            "1",
            max_age=365 * 86400,
            httponly=True,
            samesite="Lax",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )
    elif size == "usual":
        answer.delete_cookie(LARGE)
    return answer
