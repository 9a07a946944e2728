"""Deny by default: a view without a declared permission answers nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, g, request
from flask_babel import gettext as _
from werkzeug.exceptions import Forbidden, Unauthorized

from portal.kernel import epochs
from portal.kernel.actor import current_actor
from portal.kernel.errors import NotAllowed

PUBLIC = "public"
LOGIN = "login"

F = TypeVar("F", bound=Callable[..., Any])


def guard(permission: str) -> Callable[[F], F]:
    """Declare who may reach a view: a permission of the matrix."""

    def mark(view: F) -> F:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


#: Anyone, without a login.
public = guard(PUBLIC)
#: Anyone who is logged in.
login = guard(LOGIN)


def permission_of(app: Flask, endpoint: str | None) -> str | None:
    """The declared permission of an endpoint; None means that nobody may reach it."""
    if endpoint is None:
        return None
    found: str | None = getattr(app.view_functions.get(endpoint), "permission", None)
    return found


def check() -> None:
    """Before every request: refuse who may not reach the view. Raises Unauthorized or Forbidden."""
    if request.endpoint is None:
        return  # no such page: the router answers 404 or 405
    wanted = permission_of(current_app, request.endpoint)
    if wanted == PUBLIC:
        return
    actor = current_actor()
    if actor is None:
        raise Unauthorized()
    if wanted is None:
        raise Forbidden()
    if wanted != LOGIN and not actor.can(wanted):
        raise NotAllowed(_("您的角色不能使用这个页面。"))
    g.rights_stamp = epochs.tables()


def recheck() -> None:
    """In the transaction that writes: check again if people, posts, absences or policy changed since the check.

    Raises what ``check`` raises.
    """
    if "rights_stamp" in g and g.rights_stamp != epochs.tables():
        for name in ("actor", "_login_user"):
            g.pop(name, None)
        check()
