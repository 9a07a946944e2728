"""The verbs of administration: the unit, its departments, people and their roles (R-1, R-2)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select

from portal.kernel import journal
from portal.kernel.actor import SEPARATED, SYSTEM, Actor, Role
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import passwords, queries, service
from portal.people import vocabulary as words
from portal.people.models import Department, Unit, User, UserRole

#: Roles that are given to persons; the others are conveyed by posts.
GIVEN = (Role.OFFICE, Role.SUPERVISION, Role.AUDITOR, Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN)
_USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")


def set_up(unit: str, username: str, name: str, password: str, now: datetime, sample: bool = False) -> User:
    """Make the unit and its first administrator, once. Raises Conflict afterwards, Invalid for bad input."""
    if queries.is_set_up():
        raise Conflict(_("单位已经建立。"))
    username = check_username(username)
    service.check_new_password("password", password, username)
    institution = Unit(id=1, name=unit, sample=sample)
    user = _user(username, name, password, now)
    user.roles.append(UserRole(role=Role.SYSTEM_ADMIN))
    db.session.add_all([institution, user])
    db.session.flush()
    journal.record(words.SET_UP, institution, SYSTEM, now, unit=unit, username=username)
    journal.record(
        words.USER_ADDED, user, SYSTEM, now, roles=["system_admin"], department=None, name=name, username=username
    )
    return user


def check_username(username: str) -> str:
    """A login name in its stored form. Raises Invalid."""
    found = username.strip().lower()
    if not _USERNAME.fullmatch(found):
        raise Invalid("username", _("用户名用 2 至 40 位小写字母、数字、点、横线，以字母开头。"))
    return found


def check_roles(roles: Iterable[Role]) -> frozenset[Role]:
    """Refuse a combination that R-2 forbids. Raises Invalid."""
    found = frozenset(roles)
    if not found <= set(GIVEN):
        raise Invalid("roles", _("负责人和领导的角色由岗位带来，不能单独授予。"), "R-2")
    if found & SEPARATED and len(found) > 1:
        raise Invalid("roles", _("系统管理员、安全管理员、审计员互斥，也不能兼任业务角色。"), "R-2")
    return found


def _user(username: str, name: str, password: str, now: datetime) -> User:
    return User(
        username=username,
        name=name,
        password_hash=passwords.hash_password(password),
        password_changed_at=now,
        roles=[],
    )


def add_department(
    actor: Actor,
    code: str,
    name: str,
    now: datetime,
    *,
    affiliated: bool = False,
    functions: str = "",
    place: str = "",
    phone: str = "",
    sort: int = 0,
) -> Department:
    """Add a department. Raises Invalid when its code or name is taken."""
    if db.session.scalar(select(Department.id).where(Department.code == code)):
        raise Invalid("code", _("这个科室编码已经使用。"))
    if db.session.scalar(select(Department.id).where(Department.name == name)):
        raise Invalid("name", _("这个科室名称已经使用。"))
    made = Department(
        code=code, name=name, affiliated=affiliated, functions=functions, place=place, phone=phone, sort=sort
    )
    db.session.add(made)
    db.session.flush()
    journal.record(words.DEPARTMENT_ADDED, made, actor, now, code=code, name=name)
    return made


def change_department(actor: Actor, department: Department, now: datetime, **values: object) -> None:
    """Change a department's fields. Raises Invalid when the name is taken."""
    name = values.get("name")
    if name and db.session.scalar(select(Department.id).where(Department.name == name, Department.id != department.id)):
        raise Invalid("name", _("这个科室名称已经使用。"))
    changes = _apply(department, values)
    if changes:
        journal.record(words.DEPARTMENT_CHANGED, department, actor, now, name=department.name, changes=changes)


def change_unit(actor: Actor, unit: Unit, now: datetime, **values: object) -> None:
    """Change what is published of the unit."""
    changes = _apply(unit, values)
    if changes:
        journal.record(words.UNIT_CHANGED, unit, actor, now, changes=changes)


def _apply(row: object, values: dict[str, object]) -> dict[str, list[object]]:
    changes: dict[str, list[object]] = {}
    for name, value in values.items():
        old = getattr(row, name)
        if old != value:
            changes[name] = [old, value]
            setattr(row, name, value)
    return changes


def add_user(
    actor: Actor,
    username: str,
    name: str,
    password: str,
    now: datetime,
    *,
    department_id: int | None = None,
    roles: Iterable[Role] = (),
    staff_number: str = "",
    title: str = "",
    phone: str = "",
    qualified_until: date | None = None,
    must_change_password: bool = True,
) -> User:
    """Add a person with a login. Raises Invalid for a taken or malformed name, a weak password or forbidden roles."""
    username = check_username(username)
    if db.session.scalar(select(User.id).where(User.username == username)):
        raise Invalid("username", _("这个用户名已经使用。"))
    given = check_roles(roles)
    service.check_new_password("password", password, username)
    user = _user(username, name, password, now)
    user.department_id, user.staff_number, user.title, user.phone = department_id, staff_number, title, phone
    user.qualified_until, user.must_change_password = qualified_until, must_change_password
    user.roles = [UserRole(role=r) for r in sorted(given)]
    db.session.add(user)
    db.session.flush()
    journal.record(
        words.USER_ADDED,
        user,
        actor,
        now,
        roles=sorted(given),
        department=queries.department_names().get(department_id or 0),
        name=name,
        username=username,
    )
    return user


def change_user(actor: Actor, user: User, now: datetime, roles: Iterable[Role] | None = None, **values: object) -> None:
    """Change a person's fields and given roles. Raises Invalid for forbidden roles."""
    changes = _apply(user, values)
    if roles is not None:
        given = check_roles(roles)
        if given != user.role_set:
            if user.id == actor.id and Role.SYSTEM_ADMIN in user.role_set - given:
                raise Invalid("roles", _("不能取消自己的系统管理员角色。"))
            changes["roles"] = [sorted(user.role_set), sorted(given)]
            user.roles = [r for r in user.roles if r.role in given] + [
                UserRole(role=r) for r in sorted(given - user.role_set)
            ]
    if changes:
        db.session.flush()
        journal.record(
            words.USER_CHANGED,
            user,
            actor,
            now,
            roles=sorted(user.role_set),
            department=queries.department_names().get(user.department_id or 0),
            name=user.name,
            changes=journal.canonical(changes),
        )


def set_password(actor: Actor, user: User, password: str, now: datetime) -> None:
    """Give a person a new first password; all their sessions end. Raises Invalid when weak."""
    service.check_new_password("password", password, user.username)
    user.password_hash = passwords.hash_password(password)
    user.password_changed_at, user.must_change_password = now, True
    service.end_all_sessions(user.id, now)
    journal.record(words.PASSWORD_CHANGED, user, actor, now, by_self=False)


def disable_user(actor: Actor, user: User, reason: str, now: datetime) -> None:
    """Stop a person's login at once; nothing of theirs is deleted. Raises NotAllowed for oneself."""
    if user.id == actor.id:
        raise NotAllowed(_("不能停用自己的账号。"))
    if user.disabled_at is None:
        user.disabled_at = now
        service.end_all_sessions(user.id, now)
        journal.record(words.USER_DISABLED, user, actor, now, reason=reason)


def enable_user(actor: Actor, user: User, now: datetime) -> None:
    """Let a person log in again."""
    if user.disabled_at is not None:
        user.disabled_at = None
        journal.record(words.USER_ENABLED, user, actor, now)
