"""Pages of one's own account: data, preferences, sessions, password."""

from __future__ import annotations

from flask import flash, render_template
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, clock
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Invalid
from portal.kernel.htmx import go
from portal.people import queries, rules, service
from portal.people import vocabulary as words
from portal.people.forms import PasswordForm, PreferencesForm
from portal.people.models import User
from portal.people.views import bp, keep_language


def _page(actor: Actor, form: PreferencesForm) -> str:
    return render_template(
        "people/account.html",
        form=form,
        user=db.session.get_one(User, actor.id),
        role_names=[label for role, label in words.ROLE_LABELS.items() if role in actor.roles],
        sessions=queries.sessions_of(actor.id or 0),
        device=rules.device,
    )


@bp.get("/account")
@access.login
def account() -> str:
    """One's own data, preferences and open sessions."""
    actor = require_actor()
    shortcuts = "shortcuts_off" not in actor.preferences
    return _page(actor, PreferencesForm(language=actor.language, shortcuts=shortcuts))


@bp.post("/account/preferences")
@access.login
def set_preferences() -> BaseResponse | tuple[str, int]:
    """Keep language and shortcuts."""
    actor, form = require_actor(), PreferencesForm()
    if not form.sent():
        return _page(actor, form), 422
    service.set_preferences(actor, form.language.data, not form.shortcuts.data, clock.now())
    flash(_("已保存。"))
    answer = go("people.account")
    keep_language(answer, form.language.data)
    return answer


@bp.post("/account/sessions/<int:session_id>/end")
@access.login
def end_session(session_id: int) -> BaseResponse:
    """End one of one's own sessions; the present one is ended by logging out."""
    actor = require_actor()
    if session_id == actor.session_id or not service.end_session(session_id, actor.id or 0, actor, clock.now(), "own"):
        raise NotFound()
    flash(_("已结束这次登录。"))
    return go("people.account")


@bp.post("/account/sessions/end-others")
@access.login
def end_other_sessions() -> BaseResponse:
    """End every session but this one."""
    ended = service.end_other_sessions(require_actor(), clock.now())
    flash(_("已结束其他 %(n)s 处登录。", n=ended) if ended else _("没有其他登录。"))
    return go("people.account")


@bp.route("/account/password", methods=["GET", "POST"])
@access.login
def password() -> str | BaseResponse | tuple[str, int]:
    """Change one's own password; the only page while it is due."""
    actor, form = require_actor(), PasswordForm()
    if form.sent():
        locked(User, id=actor.id)
        try:
            service.change_password(actor, form.old.data, form.new.data, clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("密码已修改，其他地方的登录已全部结束。"))
            return go("people.account")
    return render_template(
        "people/password.html", form=form, rules=service.password_rules()
    ), 422 if form.errors else 200
