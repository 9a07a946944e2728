"""Pages of login and language. The account pages are in ``account``, administration in ``administration_views``."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, clock, i18n
from portal.kernel.actor import current_actor, require_actor
from portal.kernel.htmx import local_path
from portal.people import queries, service
from portal.people.forms import LoginForm

bp = Blueprint("people", __name__, url_prefix="/")


@bp.route("/login", methods=["GET", "POST"])
@access.public
def login() -> str | BaseResponse | tuple[str, int]:
    """Log in; one message for every kind of failure."""
    if not queries.is_set_up():
        return redirect(url_for("people.set_up"))
    target = local_path(request.args.get("next"))
    if request.method == "GET" and current_actor() is not None:
        return redirect(target)
    form = LoginForm()
    if form.sent():
        now = clock.now()
        opened = service.log_in(
            form.username.data, form.password.data, request.remote_addr or "", request.user_agent.string, now
        )
        if opened is not None:
            session.clear()
            actor = queries.actor_of_token(opened.token, now)
            login_user(current_app.extensions["portal.visitor"](opened.token, actor), force=True)
            session.permanent = True
            return redirect(target, 303)
        form.password.data = ""
        form.form_errors.append(_("用户名或密码不正确，或账号暂时不能登录。"))
        # The failure itself is a record: it is committed, and the answer says 200 with the form.
        return render_template("people/login.html", form=form), 200
    return render_template("people/login.html", form=form), 422 if form.errors else 200


@bp.post("/logout")
@access.login
def logout() -> BaseResponse:
    """End this session at once."""
    service.log_out(require_actor(), clock.now())
    logout_user()
    session.clear()
    flash(_("已退出登录。"))
    return redirect(url_for("people.login"), 303)


@bp.post("/language")
@access.public
def switch_language() -> BaseResponse:
    """Choose Chinese or English for this browser (and for the person, when logged in)."""
    wanted = request.form.get("language", "")
    answer = redirect(local_path(request.form.get("next")), 303)
    if wanted in i18n.LANGUAGES:
        answer.set_cookie(
            i18n.COOKIE,
            wanted,
            max_age=365 * 86400,
            httponly=True,
            samesite="Lax",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )
        actor = current_actor()
        if actor is not None and actor.language != wanted:
            service.set_preferences(actor, wanted, "shortcuts_off" in actor.preferences, clock.now())
    return answer
