"""The verbs of administration: the unit, its departments, people and their roles (R-1, R-2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
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
from portal.policy import queries as policy

#: Roles that are given to persons; the others are conveyed by posts.
GIVEN = (Role.OFFICE, Role.SUPERVISION, Role.AUDITOR, Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN)
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,19}")
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


@dataclass(frozen=True)
class Newcomer:
    """What the first-run page asks of a person."""

    name: str
    username: str
    password: str


def set_up_office(unit: str, administrator: Newcomer, office: Newcomer, now: datetime) -> None:
    """Make the unit, its first administrator and the office's first person in one act (R-1, R-2).

    Two persons, since R-2 lets no administrator see business. Whoever fills in the page knows both passwords, so the
    office's one must be changed at the first login. Raises Conflict when the unit exists, Invalid for bad input with
    the field's name prefixed by ``administrator_`` or ``office_``.
    """
    with _of("administrator"):
        set_up(unit, administrator.username, administrator.name, administrator.password, now)
    department = add_department(SYSTEM, "BG", "办公室", now)
    with _of("office"):
        add_user(
            SYSTEM,
            office.username,
            office.name,
            office.password,
            now,
            department_id=department.id,
            roles=(Role.OFFICE,),
        )


@contextmanager
def _of(person: str) -> Iterator[None]:
    """Name the fields of a refusal after one of the two persons of the page."""
    try:
        yield
    except Invalid as error:
        raise Invalid(f"{person}_{error.field}", error.message, error.rule) from None


def check_code(code: str) -> str:
    """A code as it can stand in an address. Raises Invalid."""
    if not _CODE.fullmatch(code):
        raise Invalid("code", _("编码用 1 至 20 位字母、数字、横线或点，以字母或数字开头。"))
    return code


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


def _user(username: str, name: str, password: str | None, now: datetime) -> User:
    return User(
        username=username,
        name=name,
        password_hash=passwords.NONE if password is None else passwords.hash_password(password),
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
    code = check_code(code)
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
    """Change a department's fields; ``closed_on`` closes it.

    Raises Invalid when the name is taken, or people with a login still belong to a department that is to close.
    """
    name = values.get("name")
    if values.get("closed_on") and department.closed_on is None and queries.people_per_department().get(department.id):
        raise Invalid("closed", _("这个科室还有在用的人员账号，请先把人员调到其他科室。"))
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
    password: str | None,
    now: datetime,
    *,
    department_id: int | None = None,
    roles: Iterable[Role] = (),
    staff_number: str = "",
    title: str = "",
    phone: str = "",
    qualified_until: date | None = None,
    must_change_password: bool = True,
    password_hash: str | None = None,
) -> User:
    """Add a person; without a password they cannot log in until one is handed out.

    ``password_hash`` gives a password that was hashed before, in place of ``password``. Raises Invalid for a taken
    or malformed name, a weak password or forbidden roles.
    """
    username = check_username(username)
    if db.session.scalar(select(User.id).where(User.username == username)):
        raise Invalid("username", _("这个用户名已经使用。"))
    given = check_roles(roles)
    if password is not None:
        service.check_new_password("password", password, username)
    user = _user(username, name, password, now)
    user.password_hash = password_hash or user.password_hash
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


def reset_password(actor: Actor, user: User, now: datetime) -> str:
    """Give a person a generated one-time password and return it; it is stored nowhere in clear.

    Raises NotAllowed for oneself, who has a page for that.
    """
    if user.id == actor.id:
        raise NotAllowed(_("自己的密码请在“我的账号”里修改。"))
    made = passwords.generate(policy.value("people.password_min_length"), user.username)
    set_password(actor, user, made, now)
    return made


def hand_out_passwords(actor: Actor, hashes: Mapping[int, str], now: datetime) -> list[int]:
    """Give first passwords (by their hashes) to people who have none; returns the ids of those who got one.

    Somebody who meanwhile has a password keeps it.
    """
    waiting = select(User).where(User.id.in_(hashes), User.password_hash == passwords.NONE).with_for_update()
    given = []
    for user in db.session.scalars(waiting.order_by(User.id)).all():
        user.password_hash = hashes[user.id]
        user.password_changed_at, user.must_change_password = now, True
        journal.record(words.PASSWORD_CHANGED, user, actor, now, by_self=False)
        given.append(user.id)
    return given


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
