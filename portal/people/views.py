"""Pages of the first run, login and language, and the gate for passwords that are due.

The account pages are in ``account``, administration in ``administration_views``, login security in ``security_views``.
"""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import login_user, logout_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, clock, i18n
from portal.kernel.actor import current_actor, require_actor
from portal.kernel.errors import Invalid
from portal.kernel.htmx import go, local_path
from portal.people import administration, queries, service
from portal.people.administration import Newcomer
from portal.people.forms import LoginForm, SetUpForm

bp = Blueprint("people", __name__, url_prefix="/")

#: What somebody whose password is due may still reach.
_OPEN_WHILE_DUE = frozenset({"people.password", "people.logout", "people.switch_language", "static", "healthz"})


@bp.before_app_request
def ask_for_new_password() -> BaseResponse | None:
    """Lead every page to the password page while the password must be changed."""
    if request.endpoint is None or request.endpoint in _OPEN_WHILE_DUE or "_user_id" not in session:
        return None  # most requests of a page are for its files: nobody is loaded for them
    actor = current_actor()
    return go("people.password") if actor is not None and actor.password_due else None


@bp.route("/setup", methods=["GET", "POST"])
@access.public
def set_up() -> str | BaseResponse | tuple[str, int]:
    """The first run: make the unit, the system administrator and the office. Gone afterwards."""
    if queries.is_set_up():
        raise NotFound()
    form = SetUpForm()
    if form.sent():
        try:
            administration.set_up_office(
                form.unit.data,
                Newcomer(
                    form.administrator_name.data, form.administrator_username.data, form.administrator_password.data
                ),
                Newcomer(form.office_name.data, form.office_username.data, form.office_password.data),
                clock.now(),
            )
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("单位已建立。请先以系统管理员登录，录入或导入科室和人员。"))
            return go("people.login")
    return render_template("people/setup.html", form=form, rules=service.password_rules()), 422 if form.errors else 200


@bp.route("/login", methods=["GET", "POST"])
@access.public
def login() -> str | BaseResponse | tuple[str, int]:
    """Log in; one message for every kind of failure."""
    if not queries.is_set_up():
        return redirect(url_for("people.set_up"))
    target = local_path(request.args.get("next"))
    former = current_actor()
    if request.method == "GET" and former is not None:
        return redirect(target)
    form = LoginForm()
    if form.sent():
        now = clock.now()
        opened = service.log_in(
            form.username.data, form.password.data, request.remote_addr or "", request.user_agent.string, now
        )
        if opened is not None:
            if former is not None:
                service.log_out(former, now)  # this browser forgets the former session: nobody else may use it
            session.clear()
            actor = queries.actor_of_token(opened.token, now)
            login_user(current_app.extensions["portal.visitor"](opened.token, actor), force=True)
            session.permanent = True
            return redirect(target, 303)
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
        keep_language(answer, wanted)
        actor = current_actor()
        if actor is not None and actor.language != wanted:
            service.set_preferences(actor, wanted, "shortcuts_off" in actor.preferences, clock.now())
    return answer


def keep_language(answer: BaseResponse, language: str) -> None:
    """Let this browser remember the language for a year."""
    answer.set_cookie(
        i18n.COOKIE,
        language,
        max_age=365 * 86400,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
