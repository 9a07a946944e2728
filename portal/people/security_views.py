"""Pages of the security administrator: who is logged in, which logins failed (R-2)."""

from __future__ import annotations

from flask import flash, render_template
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, clock, journal
from portal.kernel.actor import require_actor
from portal.kernel.db import locked
from portal.kernel.errors import Conflict
from portal.kernel.htmx import go
from portal.kernel.paging import paginate
from portal.people import queries, rules, service
from portal.people import vocabulary as words
from portal.people.models import UserSession
from portal.people.views import bp


@bp.get("/security/sessions")
@access.guard(words.READ_SESSIONS)
def sessions() -> str:
    """The open sessions of all people."""
    page = paginate(queries.open_sessions(clock.now()), scalars=False)
    return render_template("people/sessions.html", page=page, device=rules.device)


@bp.post("/security/sessions/<int:session_id>/end")
@access.guard(words.READ_SESSIONS)
def end_any_session(session_id: int) -> BaseResponse:
    """End somebody's session at once."""
    actor, found = require_actor(), locked(UserSession, id=session_id)
    if found.id == actor.session_id:
        raise NotFound()
    if not service.end_session(found.id, found.user_id, actor, clock.now(), "security_admin"):
        raise Conflict(_("这次登录已经结束。"))
    flash(_("已结束这次登录。"))
    return go("people.sessions")


@bp.get("/security/login-failures")
@access.guard(words.READ_SESSIONS)
def login_failures() -> str:
    """Failed logins from the journal, and the usernames that are locked now."""
    page = paginate(queries.failed_logins())
    tried = {seq: facts.get("username", "") for seq, facts in journal.personal_of(e.seq for e in page.items).items()}
    return render_template(
        "people/login_failures.html", page=page, tried=tried, locked=queries.locked_usernames(clock.now())
    )
