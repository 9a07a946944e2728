"""Builds the application from its settings."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from posixpath import commonpath
from typing import Any

from flask import Flask, abort, g, request, url_for
from flask_babel import gettext as _
from flask_login import LoginManager, UserMixin
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import config as settings
from portal import roles, rooms
from portal.ab_post import queries as ab_post
from portal.config import Config
from portal.kernel import access, clock, db, epochs, i18n, icons, timeline, web
from portal.kernel.actor import Actor, answering_source, current_actor
from portal.kernel.icons import icon, meter
from portal.operations import vocabulary as _operations  # noqa: F401 (its facts have sentences too)
from portal.people import queries as people
from portal.policy import queries as policy
from portal.reminder import queries as reminder
from portal.service_commitment.words import limit_text

HERE = Path(__file__).resolve().parent
login_manager = LoginManager()


class Visitor(UserMixin):
    """What Flask-Login carries: the session's token as its alternative id, and the actor."""

    def __init__(self, token: str, actor: Actor) -> None:
        self.token, self.actor = token, actor

    def get_id(self) -> str:
        """The random token of the server-side session, not the user's id."""
        return self.token


def create_app(config: Config | None = None) -> Flask:
    """Build the application. Raises ConfigError for settings it cannot run with."""
    config = config or settings.load()
    app = web.Portal("portal", root_path=str(HERE), instance_path=str(config.instance))
    app.config.update(
        SECRET_KEY=config.secret_key,
        TESTING=config.testing,
        MAX_CONTENT_LENGTH=64 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=4000,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        SESSION_COOKIE_NAME="__Host-portal" if config.https else "portal",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.https,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        SESSION_REFRESH_EACH_REQUEST=False,  # the cookie is renewed when the session is seen again, once a minute
        PREFERRED_URL_SCHEME="https" if config.https else "http",
        SEND_FILE_MAX_AGE_DEFAULT=3600,
        TEMPLATES_AUTO_RELOAD=False,
    )
    if config.trusted_proxies:
        n = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["portal.config"] = config
    app.extensions["portal.matrix"] = roles.MATRIX
    app.extensions["portal.plates"] = rooms.ROOMS
    app.extensions["portal.visitor"] = Visitor
    db.init_app(app, config)
    i18n.init_app(app)
    login_manager.init_app(app)
    answering_source(ab_post.answering)
    timeline.names_source(people.user_names)
    web.init_app(app)
    access.public(app.view_functions["static"])
    for plate in rooms.ROOMS:
        if find_spec(f"portal.{plate.name}.models"):
            import_module(f"portal.{plate.name}.models")  # every table is known before the first migration
        if plate.blueprint is not None:
            app.register_blueprint(plate.blueprint)
    app.add_url_rule("/healthz", "healthz", healthz)
    app.jinja_env.globals.update(icon=icon, meter=meter, status_mark=icons.status, light_mark=icons.light)
    app.jinja_env.globals.update(limit_text=limit_text, policy_value=policy.value)
    app.context_processor(_page)
    logging.getLogger("portal").setLevel(logging.INFO)
    return app


@login_manager.user_loader
def load(token: str) -> Visitor | None:
    """The visitor of a session token; nobody while the database cannot be read."""
    if "unread" in g:
        return None
    actor = people.actor_of_token(token, clock.now())
    return Visitor(token, actor) if actor else None


@access.public
def healthz() -> tuple[dict[str, str], int]:
    """Whether the portal answers and its database can be read."""
    try:
        people.unit_name()
    except Exception:  # any failure at all means "not healthy"
        abort(503)
    return {"status": "ok"}, 200


class _Site:
    """The names on every page; while the database cannot be read, those that were read last."""

    def __init__(self) -> None:
        self._known = ("", False)

    @property
    def product_name(self) -> str:
        return _("效能建设管理平台")

    @property
    def unit_name(self) -> str:
        return self._read()[0]

    @property
    def sample(self) -> bool:
        return self._read()[1]

    def _read(self) -> tuple[str, bool]:
        if "unread" not in g:
            self._known = (people.unit_name(), people.is_sample())
        return self._known


_site = _Site()


@dataclass(frozen=True)
class _Entry:
    """A menu entry as a page shows it."""

    title: str
    url: str
    room: str
    count: int
    urgent: bool
    current: bool = False


def _entries(actor: Actor, counted: bool = True) -> tuple[_Entry, ...]:
    """All entries of the actor's menu, with their counts."""
    now = clock.now()
    items = [item for plate in rooms.ROOMS for item in plate.menu if actor.can(item.permission)]
    return tuple(
        _Entry(
            str(item.title),
            url_for(item.endpoint),
            item.endpoint.split(".")[0],
            item.count(actor, now) if item.count and counted else 0,
            item.urgent,
        )
        for item in sorted(items, key=lambda item: item.order)
    )


def _with_current(entries: tuple[_Entry, ...]) -> tuple[_Entry, ...]:
    """Mark the entry of this page: of a room's entries the one whose address is most like the page's."""
    here = "" if request.path.startswith("/account") else request.blueprint  # one's own pages are in no menu
    found = [entry for entry in entries if entry.room == here]
    if not found:
        return entries
    best = max(found, key=lambda entry: len(commonpath([entry.url, request.path])))
    return tuple(replace(entry, current=True) if entry is best else entry for entry in entries)


class _Menu:
    """The main menu, made only when a page asks for it (fragments do not)."""

    #: A menu of more entries than ROW keeps the first KEPT, daily work, in the row; the others go under "more".
    ROW, KEPT = 8, 7

    def __init__(self, actor: Actor | None) -> None:
        self._actor = actor

    @cached_property
    def entries(self) -> tuple[_Entry, ...]:
        """All entries; their counts are asked again when something has changed or a minute has passed.

        A page of an error says what went wrong and asks for no counts.
        """
        actor = self._actor
        if actor is None:
            return ()
        if "erring" in g:
            return _with_current(_entries(actor, counted=False))
        key = ("menu", actor.id, i18n.language(), request.script_root)
        return _with_current(epochs.while_unchanged(key, clock.now(), lambda: _entries(actor)))

    @property
    def row(self) -> tuple[_Entry, ...]:
        """The entries that stand in the row of a wide screen."""
        return self.entries[: self.KEPT] if len(self.entries) > self.ROW else self.entries

    @property
    def more(self) -> tuple[_Entry, ...]:
        """The entries behind the row."""
        return self.entries[self.KEPT :] if len(self.entries) > self.ROW else ()

    @staticmethod
    def in_sections(entries: tuple[_Entry, ...]) -> tuple[tuple[str, tuple[_Entry, ...]], ...]:
        """Entries by the section of their room; sections without any are left out."""
        found = ((str(title), tuple(e for e in entries if e.room in names)) for title, names in rooms.SECTIONS)
        return tuple((title, below) for title, below in found if below)

    def __len__(self) -> int:
        return len(self.entries)


def _page() -> dict[str, Any]:
    actor = current_actor()
    return {"actor": actor, "menu": _Menu(actor), "site": _site, "locale": i18n.language(), "unread": reminder.unread}
