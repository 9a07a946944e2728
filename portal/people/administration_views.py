"""Pages of administration: people and their roles, departments, the unit (R-1, R-2)."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, clock
from portal.kernel.actor import require_actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.htmx import go
from portal.kernel.paging import paginate
from portal.people import administration, passwords, queries
from portal.people import vocabulary as words
from portal.people.forms import (
    DepartmentForm,
    DisableForm,
    NewDepartmentForm,
    NewPersonForm,
    PeopleFilter,
    PersonForm,
    UnitForm,
)
from portal.people.models import Department, Unit, User
from portal.people.views import bp

_PERSON = ("name", "department_id", "staff_number", "title", "phone", "qualified_until")
_DEPARTMENT = ("name", "affiliated", "functions", "place", "phone")


def _values(form: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """The fields' data by name, an empty text for a text field that was not sent at all."""
    found = {name: form[name].data for name in names}
    return {k: "" if v is None and k not in ("department_id", "qualified_until") else v for k, v in found.items()}


@bp.get("/organisation")
@access.guard(words.MANAGE_UNIT)
def organisation() -> BaseResponse:
    """The first of these pages that the actor may see."""
    return go("people.users" if require_actor().can(words.MANAGE_PEOPLE) else "people.departments")


# --- people ---------------------------------------------------------------------------------------------------


@bp.get("/organisation/people")
@access.guard(words.MANAGE_PEOPLE)
def users() -> str:
    """People with search, filters and pages."""
    form = PeopleFilter(formdata=request.args)
    form.validate()
    asked = {field.name: field.data for field in form if not field.errors}
    for field in form:
        field.errors = ()  # what is not understood filters nothing and is no mistake of the person's
    page = paginate(queries.users(asked.get("q") or "", asked.get("department"), asked.get("state") or ""))
    return render_template(
        "people/users.html",
        form=form,
        page=page,
        filtered=any(asked.values()),
        labels=words.ROLE_LABELS,
        none_yet=passwords.NONE,
    )


@bp.route("/organisation/people/new", methods=["GET", "POST"])
@access.guard(words.MANAGE_PEOPLE)
def add_user() -> str | BaseResponse | tuple[str, int]:
    """Add a person; their one-time password is handed out on their page."""
    form = NewPersonForm()
    if form.sent():
        try:
            added = administration.add_user(
                require_actor(),
                form.username.data,
                password=None,
                now=clock.now(),
                roles=form.roles.data,
                **_values(form, _PERSON),
            )
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已新增 %(name)s。请生成初始密码并当面交给本人。", name=added.name))
            return go("people.change_user", username=added.username)
    return render_template("people/add_user.html", form=form), 422 if form.errors else 200


def _stored(user: User) -> dict[str, Any]:
    return {name: getattr(user, name) for name in _PERSON} | {"roles": sorted(user.role_set)}


def _person_page(user: User, form: PersonForm, stop: DisableForm) -> tuple[str, int]:
    code = 422 if form.errors or stop.errors else 200
    return render_template(
        "people/change_user.html", user=user, form=form, stop=stop, waiting=user.password_hash == passwords.NONE
    ), code


@bp.route("/organisation/people/<username>", methods=["GET", "POST"])
@access.guard(words.MANAGE_PEOPLE)
def change_user(username: str) -> BaseResponse | tuple[str, int]:
    """Change a person's data and roles."""
    user = locked(User, username=username)
    form = PersonForm(person=user, data=_stored(user))
    if form.sent():
        try:
            administration.change_user(
                require_actor(), user, clock.now(), roles=form.roles.data, **_values(form, _PERSON)
            )
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已保存。"))
            return go("people.change_user", username=username)
    return _person_page(user, form, DisableForm(formdata=None, prefix="stop-"))


@bp.post("/organisation/people/<username>/reset-password")
@access.guard(words.MANAGE_PEOPLE)
def reset_password(username: str) -> str:
    """Give a person a one-time password and show it, this once.

    The answer carries a secret, so the form has no submission key: nothing of it may be kept for a repetition.
    """
    user = locked(User, username=username)
    made = administration.reset_password(require_actor(), user, clock.now())
    return render_template("people/one_time_password.html", user=user, made=made)


@bp.post("/organisation/people/<username>/disable")
@access.guard(words.MANAGE_PEOPLE)
def disable_user(username: str) -> BaseResponse | tuple[str, int]:
    """Stop a person's login at once."""
    user, stop = locked(User, username=username), DisableForm(prefix="stop-")
    if not stop.sent():
        form = PersonForm(formdata=None, person=user, data=_stored(user))
        return _person_page(user, form, stop)
    if user.disabled_at is not None:
        raise Conflict(_("这个账号已经停用。"))
    administration.disable_user(require_actor(), user, stop.reason.data, clock.now())
    flash(_("已停用 %(name)s 的账号，其登录立即结束。", name=user.name))
    return go("people.change_user", username=username)


@bp.post("/organisation/people/<username>/enable")
@access.guard(words.MANAGE_PEOPLE)
def enable_user(username: str) -> BaseResponse:
    """Let a person log in again."""
    user = locked(User, username=username)
    administration.enable_user(require_actor(), user, clock.now())
    flash(_("已恢复 %(name)s 的账号。", name=user.name))
    return go("people.change_user", username=username)


# --- departments and the unit ---------------------------------------------------------------------------------


@bp.get("/organisation/departments")
@access.guard(words.MANAGE_UNIT)
def departments() -> str:
    """All departments and affiliated units."""
    return render_template(
        "people/departments.html", departments=queries.departments(), people=queries.people_per_department()
    )


@bp.route("/organisation/departments/new", methods=["GET", "POST"])
@access.guard(words.MANAGE_UNIT)
def add_department() -> str | BaseResponse | tuple[str, int]:
    """Add a department."""
    form = NewDepartmentForm()
    if form.sent():
        try:
            administration.add_department(
                require_actor(), form.code.data, now=clock.now(), sort=form.sort.data or 0, **_values(form, _DEPARTMENT)
            )
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已新增 %(name)s。", name=form.name.data))
            return go("people.departments")
    return render_template("people/add_department.html", form=form), 422 if form.errors else 200


@bp.route("/organisation/departments/<code>/edit", methods=["GET", "POST"])
@access.guard(words.MANAGE_UNIT)
def change_department(code: str) -> str | BaseResponse | tuple[str, int]:
    """Change or close a department."""
    department = locked(Department, code=code)
    form = DepartmentForm(obj=department, data={"closed": department.closed_on is not None})
    if form.sent():
        closed_on = (department.closed_on or clock.today()) if form.closed.data else None
        try:
            administration.change_department(
                require_actor(),
                department,
                clock.now(),
                sort=form.sort.data or 0,
                closed_on=closed_on,
                **_values(form, _DEPARTMENT),
            )
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已保存。"))
            return go("people.departments")
    return render_template(
        "people/change_department.html", form=form, department=department
    ), 422 if form.errors else 200


@bp.route("/organisation/unit", methods=["GET", "POST"])
@access.guard(words.MANAGE_UNIT)
def change_unit() -> str | BaseResponse | tuple[str, int]:
    """What is published of the unit."""
    unit = locked(Unit, id=1) if request.method == "POST" else db.session.get_one(Unit, 1)
    form = UnitForm(obj=unit)
    if form.sent():
        administration.change_unit(
            require_actor(), unit, clock.now(), **_values(form, ("name", "functions", "address", "phone"))
        )
        flash(_("已保存。"))
        return go("people.change_unit")
    return render_template("people/unit.html", form=form), 422 if form.errors else 200
