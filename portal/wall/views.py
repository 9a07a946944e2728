"""The wall, its poll, and the page where displays are paired and revoked (W-1, W-2).

The pages of a display are public to the guard, since a display is nobody's login: what opens them is the display's
cookie, which nothing else reads. People look at the wall through ``view``, by their login.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from flask import (
    Blueprint,
    Flask,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.wrappers import Response
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from portal.first_ask.vocabulary import DISPOSITION_LABELS
from portal.kernel import access, clock, htmx, i18n, journal
from portal.kernel.actor import current_actor, require_actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Invalid
from portal.kernel.htmx import go
from portal.message_card.views import qr_of
from portal.people import pairing
from portal.people import queries as people
from portal.policy import nine_systems
from portal.policy import queries as policy
from portal.pure.scoring import plain
from portal.wall import board as boards
from portal.wall import poll, queries, service, wording
from portal.wall import vocabulary as words
from portal.wall.forms import PairForm
from portal.wall.models import Display

bp = Blueprint("wall", __name__, url_prefix="/wall")
bp.record_once(lambda state: poll.install(cast(Flask, state.app)))

#: How long a browser keeps a display's cookie; every full load of the wall renews it.
_COOKIE_DAYS = 400


# --- the display's cookie -------------------------------------------------------------------------------------


def _token() -> str:
    return request.cookies.get(poll.cookie_name(current_app), "")


def _give_token(answer: BaseResponse, token: str, seconds: int) -> None:
    """The token travels in this cookie only: for the wall's own addresses, unseen by scripts and other sites."""
    answer.set_cookie(
        poll.cookie_name(current_app),
        token,
        max_age=seconds,
        path=url_for("wall.show"),
        httponly=True,
        samesite="Strict",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )


# --- the wall -------------------------------------------------------------------------------------------------


def _build() -> str:
    return poll.build(current_app.root_path)


@dataclass(frozen=True)
class _Viewer:
    """Who looks at the wall: a display, or a person with wall.show."""

    large: bool
    head: int
    language: str
    display: bool

    def tag(self, now: datetime) -> str:
        """What the answer to this viewer depends on."""
        return poll.tag(_build(), self.head, self.large, self.language, now)


def _display() -> _Viewer | None:
    """The display that asks; whoever is logged in on it does not matter."""
    token = _token()
    screen = queries.screen(db.engine, token) if token else None
    return _Viewer(screen.large, screen.head, poll.language(request.cookies), True) if screen else None


def _page(viewer: _Viewer) -> BaseResponse:
    """The whole wall."""
    now = clock.now()
    with force_locale(viewer.language):
        page = render_template(
            "wall/show.html",
            viewer=viewer,
            board_html=Markup(_fragment(viewer, now)),  # noqa: S704 - our own template's output
            build=_build(),
            stamp=int(now.timestamp() * 1000),
            at=now,
            zone=str(clock.ZONE),
            rotate=policy.value("wall.rotate_seconds"),
            idle=policy.value("people.session_idle_minutes"),
        )
    return make_response(page)


def _answer(viewer: _Viewer) -> BaseResponse:
    """The answer to a poll: 304 while nothing has changed."""
    now = clock.now()
    tag = viewer.tag(now)
    headers = poll.headers(_build(), tag)
    if tag in (request.headers.get(poll.TAG), request.headers.get("If-None-Match")):
        return Response(status=304, headers=headers)
    with force_locale(viewer.language):
        return Response(_fragment(viewer, now), headers=headers, mimetype="text/html")


def _fragment(viewer: _Viewer, now: datetime) -> str:
    """The wall as HTML; screens of one size and language share what was made under the same tag."""
    kept: dict[_Viewer, tuple[str, str]] = current_app.extensions.setdefault("portal.wall.kept", {})
    variant, tag = replace(viewer, head=0), viewer.tag(now)
    found = kept.get(variant)
    if found is not None and found[0] == tag:
        return found[1]
    made = render_template("wall/_wall.html", **_context(boards.make(now, viewer.large), viewer))
    kept[variant] = (tag, made)
    return made


def _context(made: boards.Board, viewer: _Viewer) -> dict[str, Any]:
    return {
        "b": made,
        "large": viewer.large,
        "clues": not viewer.display or policy.value("wall.clues_on_displays"),
        "address": url_for("wall.board" if viewer.display else "wall.view"),
        "every": policy.value("wall.poll_seconds"),
        "away_labels": words.AWAY_LABELS,
        "state_labels": words.STATE_LABELS,
        "dispositions": DISPOSITION_LABELS,
        "systems": nine_systems.systems(),
        "qr_of": qr_of,
        "brief": wording.brief,
        "light_word": wording.light_word,
        "percent": wording.percent,
        "points": plain,
    }


@bp.get("")
@access.public
def show() -> BaseResponse:
    """The wall for a display, the pairing code for a browser that nobody has paired; people go to their own view.

    ``?lang=en`` once is enough: the language is kept in a cookie.
    """
    if (wanted := request.args.get("lang")) is not None:
        return _keep_language(wanted)
    viewer = _display()
    if viewer is None:
        if current_actor() is not None:
            return redirect(url_for("wall.view"), 303)
        return make_response(render_template("wall/pairing.html", asked=_asked(), every=_POLL))
    answer = _page(viewer)
    _give_token(answer, _token(), _COOKIE_DAYS * 86400)
    if session and "_user_id" not in session:
        session.clear()  # left over from asking for the code; a poll needs none
    return answer


@bp.get("/board")
@access.public
def board() -> BaseResponse:
    """The poll of a display; a revoked one is shown the way back to a pairing code (401)."""
    viewer = _display()
    if viewer is None:
        return Response(status=401, headers={"HX-Redirect": url_for("wall.show")})
    return _answer(viewer)


@bp.get("/view")
@access.guard(words.SHOW)
def view() -> BaseResponse:
    """The wall as a person sees it in an own browser, page and poll."""
    large = policy.value("wall.size") == "large"
    viewer = _Viewer(large, journal.head()[0], i18n.select_language(), False)
    return _answer(viewer) if htmx.wants_fragment() else _page(viewer)


def _keep_language(wanted: str) -> BaseResponse:
    answer = redirect(url_for("wall.show"), 303)
    if wanted in i18n.LANGUAGES:
        secure = current_app.config["SESSION_COOKIE_SECURE"]
        answer.set_cookie(
            i18n.COOKIE, wanted, max_age=_COOKIE_DAYS * 86400, httponly=True, samesite="Lax", secure=secure
        )
    return answer


# --- pairing, on the screen's side ----------------------------------------------------------------------------

#: Seconds between two questions of a waiting screen.
_POLL = 3


def _asked() -> tuple[str, datetime] | None:
    """The code that this browser shows, and until when it is good."""
    found = pairing.asked(_token(), clock.now()) if _token() else None
    return (found.code, found.asked_at + pairing.LIFE) if found else None


@bp.post("/pairing")
@access.public
def ask() -> BaseResponse:
    """Give a screen a code to show, and the secret that goes with it."""
    secret, asked = pairing.ask(clock.now())
    if htmx.wants_fragment():
        shown = (asked.code, asked.asked_at + pairing.LIFE)
        answer = make_response(render_template("wall/_pairing.html", asked=shown, every=_POLL))
    else:
        answer = make_response(redirect(url_for("wall.show"), 303))
    _give_token(answer, secret, int(pairing.LIFE.total_seconds()))
    return answer


@bp.get("/pairing")
@access.public
def wait() -> BaseResponse:
    """What a waiting screen asks again and again: still waiting, paired (load the wall), or a new code is needed."""
    token = _token()
    if token and queries.screen(db.engine, token) is not None:
        return Response(status=200, headers={"HX-Redirect": url_for("wall.show")})
    asked = _asked()
    if asked is not None:
        return Response(status=204)
    return make_response(render_template("wall/_pairing.html", asked=None, every=_POLL))


# --- pairing, on the office's side ----------------------------------------------------------------------------


@bp.route("/displays", methods=["GET", "POST"])
@access.guard(words.PAIR)
def displays() -> str | BaseResponse | tuple[str, int]:
    """The displays, and the form that pairs a new one by the code on its screen."""
    form = PairForm()
    if request.method == "GET":
        form.large.data = policy.value("wall.size") == "large"
    if form.sent():
        try:
            made = service.pair(require_actor(), form.code.data, form.name.data, form.large.data, clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("大屏“%(name)s”已连接，几秒后显示看板。", name=made.name))
            return go("wall.displays")
    page = render_template(
        "wall/displays.html",
        form=form,
        displays=queries.displays(),
        names=people.user_names(),
        address=url_for("wall.show", _external=True),
    )
    return page, 422 if form.errors or form.form_errors else 200


@bp.post("/displays/<int:display_id>/size")
@access.guard(words.PAIR)
def resize(display_id: int) -> BaseResponse:
    """Switch a display between six rows and five larger ones."""
    display = locked(Display, id=display_id)
    service.resize(require_actor(), display, request.form.get("large") == "yes", clock.now())
    flash(_("字号已更改，大屏下次取数时生效。"))
    return go("wall.displays")


@bp.post("/displays/<int:display_id>/revoke")
@access.guard(words.PAIR)
def revoke(display_id: int) -> BaseResponse:
    """End a display; it goes back to showing a code."""
    display = locked(Display, id=display_id)
    service.revoke(require_actor(), display, clock.now())
    flash(_("大屏“%(name)s”已撤销。", name=display.name))
    return go("wall.displays")
