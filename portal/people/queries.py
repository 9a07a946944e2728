"""Reads of people, and the actor of a session."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, cast

from flask import current_app, has_request_context, session
from sqlalchemy import Select, Table, bindparam, func, or_, select, update
from sqlalchemy.exc import OperationalError

from portal.kernel import clock, epochs, journal, transaction
from portal.kernel.actor import SEPARATED, Actor, Role, posts_of
from portal.kernel.db import db, writing
from portal.kernel.statements import Ready
from portal.people import passwords
from portal.people import vocabulary as words
from portal.people.models import Department, LoginFailure, Unit, User, UserRole, UserSession
from portal.policy import queries as policy

_log = logging.getLogger("portal")
_SEEN_EVERY = timedelta(seconds=60)


def token_hash(token: str) -> str:
    """What the database keeps of a session or display token."""
    return hashlib.sha256(token.encode()).hexdigest()


def actor_of_token(token: str, now: datetime) -> Actor | None:
    """The actor of a session token: None when it is unknown, ended, idle for too long, or its user is disabled."""
    row = _OPEN_SESSION.one_or_none({"token_hash": token_hash(token)})
    if row is None:
        return None
    session_id, seen_at, user_id = row
    user = _people().get(user_id)
    if user is None:
        return None
    if now - seen_at > timedelta(minutes=policy.value("people.session_idle_minutes")):
        return None
    actor = actor_of(user, now, session_id)
    if now - seen_at > _SEEN_EVERY:
        _touch(session_id, now)
    return actor


@dataclass(frozen=True)
class Person:
    """What an actor is made of, of somebody who may log in."""

    id: int
    name: str
    department_id: int | None
    title: str
    language: str
    shortcuts_off: bool
    must_change_password: bool
    password_changed_at: datetime


def _people() -> dict[int, Person]:
    return epochs.cached("people", "people", _read_people)


def _read_people() -> dict[int, Person]:
    names = [field.name for field in fields(Person)]
    rows = db.session.execute(select(*(getattr(User, name) for name in names)).where(User.disabled_at.is_(None)))
    return {row.id: Person(*row) for row in rows}


_SESSIONS = cast(Table, UserSession.__table__)
#: Built once: every request of a person runs it.
_OPEN_SESSION = Ready(
    select(_SESSIONS.c.id, _SESSIONS.c.seen_at, _SESSIONS.c.user_id).where(
        _SESSIONS.c.token_hash == bindparam("token_hash"), _SESSIONS.c.ended_at.is_(None)
    )
)


def _touch(session_id: int, now: datetime) -> None:
    """Note that a session was seen; its cookie then lives for another twelve hours."""
    if has_request_context():
        session.modified = True
    change = update(UserSession).where(UserSession.id == session_id).values(seen_at=now)
    if writing.get():
        db.session.execute(change)
    else:
        try:
            with transaction.act():
                db.session.execute(change)
        except OperationalError:
            _log.warning("a session's last sight could not be kept")  # reading goes on while writing is impossible


def actor_of(user: User | Person, now: datetime, session_id: int | None = None) -> Actor:
    """A person as an actor: given roles, those that the posts convey, and what all of them permit."""
    roles = set(_given_roles().get(user.id, ()))
    posts = () if roles & SEPARATED else posts_of(user.id, now)
    if not roles & SEPARATED:
        roles.add(Role.STAFF)
        roles |= {Role(p.kind) for p in posts}
    matrix = current_app.extensions["portal.matrix"]
    permissions = frozenset(p for role in roles for p in matrix[role])
    own = [p.post_name for p in posts if p.for_user_id is None]
    return Actor(
        id=user.id,
        name=user.name,
        roles=frozenset(roles),
        permissions=permissions,
        department_id=user.department_id,
        title=user.title or (own[0] if own else ""),
        posts=posts,
        session_id=session_id,
        language=user.language,
        preferences=frozenset({"shortcuts_off"} if user.shortcuts_off else ()),
        password_due=user.must_change_password
        or now - user.password_changed_at > timedelta(days=policy.value("people.password_max_age_days")),
    )


def _given_roles() -> dict[int, list[Role]]:
    """The roles given to everybody who has any, by user."""
    return epochs.cached("people", "given_roles", _read_given_roles)


def _read_given_roles() -> dict[int, list[Role]]:
    found: dict[int, list[Role]] = {}
    for user_id, role in db.session.execute(select(UserRole.user_id, UserRole.role)):
        found.setdefault(user_id, []).append(role)
    return found


def actor_by_username(username: str, now: datetime) -> Actor:
    """A person as an actor, for commands and the demo office. Raises LookupError when unknown."""
    user = db.session.scalar(select(User).where(User.username == username))
    if user is None:
        raise LookupError(username)
    return actor_of(user, now)


def is_locked(username: str, now: datetime) -> bool:
    """Whether a username has failed ``people.login_failures`` times in a row within ``people.lockout_minutes``.

    A good login and a new password from the administrator end the row. The statement is the same for an unknown
    name, so that it takes as long.
    """
    since = now - timedelta(minutes=policy.value("people.lockout_minutes"))
    good = (
        select(func.max(UserSession.started_at))
        .join(User, User.id == UserSession.user_id)
        .where(User.username == username)
        .scalar_subquery()
    )
    renewed = select(User.password_changed_at).where(User.username == username).scalar_subquery()
    failures = db.session.scalar(
        select(func.count())
        .select_from(LoginFailure)
        .where(
            LoginFailure.username == username,
            LoginFailure.at > since,
            or_(good.is_(None), LoginFailure.at > good),
            or_(renewed.is_(None), LoginFailure.at > renewed),
        )
    )
    return (failures or 0) >= policy.value("people.login_failures")


def locked_usernames(now: datetime) -> list[str]:
    """The usernames that are locked now, for the security administrator."""
    since = now - timedelta(minutes=policy.value("people.lockout_minutes"))
    rows = select(LoginFailure.username).where(LoginFailure.at > since).group_by(LoginFailure.username)
    many = rows.having(func.count() >= policy.value("people.login_failures")).order_by(LoginFailure.username)
    return [name for name in db.session.scalars(many) if is_locked(name, now)]


def unit_name() -> str:
    """The institution's name, empty before set-up."""
    return epochs.cached("people", "unit_name", lambda: db.session.scalar(select(Unit.name)) or "")


def is_sample() -> bool:
    """Whether this is the sample office, which says so on every page."""
    return epochs.cached("people", "sample", lambda: bool(db.session.scalar(select(Unit.sample))))


def is_set_up() -> bool:
    """Whether the first administrator exists."""
    return bool(unit_name())


def department_names() -> dict[int, str]:
    """Names of all departments by id, in the office's order."""
    return epochs.cached("people", "department_names", _department_names)


def _department_names() -> dict[int, str]:
    rows = select(Department.id, Department.name).order_by(Department.sort, Department.id)
    return dict(db.session.execute(rows).all())


def open_departments() -> list[tuple[int, str]]:
    """Departments that are not closed, for choices."""
    return list(epochs.cached("people", "open_departments", _open_departments))


def _open_departments() -> list[tuple[int, str]]:
    rows = select(Department.id, Department.name).where(Department.closed_on.is_(None))
    return [(row[0], row[1]) for row in db.session.execute(rows.order_by(Department.sort, Department.id))]


def people_in_service(department_id: int | None = None) -> list[tuple[int, str]]:
    """People who can act (of a department), for choices: name and department, in the office's order."""
    query = select(User).where(User.disabled_at.is_(None))
    if department_id is not None:
        query = query.where(User.department_id == department_id)
    departments = department_names()
    order = {key: n for n, key in enumerate(departments)}
    found = [user for user in db.session.scalars(query) if not user.role_set & SEPARATED]
    found.sort(key=lambda u: (order.get(u.department_id or 0, len(order)), u.id))
    return [(u.id, " · ".join(filter(None, (u.name, departments.get(u.department_id or 0, ""))))) for u in found]


def user_names() -> dict[int, str]:
    """Names of all people by id, the disabled ones too."""
    return epochs.cached("people", "user_names", lambda: dict(db.session.execute(select(User.id, User.name)).all()))


def users_with_role(role: Role) -> list[int]:
    """Ids of the people to whom a role was given (posts convey further ones)."""
    given = select(UserRole.user_id).join(User).where(UserRole.role == role, User.disabled_at.is_(None))
    return list(epochs.cached("people", f"with_role/{role}", lambda: tuple(db.session.scalars(given))))


def sessions_of(user_id: int) -> list[UserSession]:
    """The open sessions of a person, the newest first."""
    rows = select(UserSession).where(UserSession.user_id == user_id, *_open(clock.now()))
    return list(db.session.scalars(rows.order_by(UserSession.seen_at.desc(), UserSession.id.desc())))


def _open(now: datetime) -> tuple[Any, ...]:
    """What makes a session an open one: not ended, and not idle for too long."""
    idle = timedelta(minutes=policy.value("people.session_idle_minutes"))
    return UserSession.ended_at.is_(None), UserSession.seen_at > now - idle


def open_sessions(now: datetime) -> Any:
    """A select of the open sessions of all people with their person, the newest first."""
    return (
        select(UserSession, User)
        .join(User, User.id == UserSession.user_id)
        .where(*_open(now), User.disabled_at.is_(None))
        .order_by(UserSession.seen_at.desc(), UserSession.id.desc())
    )


def users(typed: str = "", department_id: int | None = None, state: str = "") -> Select[Any]:
    """People by department and name.

    ``typed`` is a part of the name, username, staff number or phone; ``state`` is ``active``, ``disabled``,
    ``waiting`` (no password was handed out yet) or empty for all.
    """
    rows = select(User).outerjoin(Department, Department.id == User.department_id)
    if typed:
        rows = rows.where(
            or_(
                User.name.contains(typed, autoescape=True),
                User.username.contains(typed.lower(), autoescape=True),
                User.staff_number.contains(typed, autoescape=True),
                User.phone.contains(typed, autoescape=True),
            )
        )
    if department_id is not None:
        rows = rows.where(User.department_id == department_id)
    if state == "active":
        rows = rows.where(User.disabled_at.is_(None))
    elif state == "disabled":
        rows = rows.where(User.disabled_at.is_not(None))
    elif state == "waiting":
        rows = rows.where(User.password_hash == passwords.NONE, User.disabled_at.is_(None))
    return rows.order_by(func.coalesce(Department.sort, 9999), User.department_id, User.name, User.id)


def waiting_for_password(actor: Actor, manages: bool) -> list[User]:
    """People who were added and have no password yet, whom the actor may give their first one.

    Who does not manage people hands out first passwords only to persons without a given role: a password of an
    administrator in other hands would undo the separation of R-2.
    """
    rows = select(User).where(User.password_hash == passwords.NONE, User.disabled_at.is_(None), User.id != actor.id)
    if not manages:
        rows = rows.where(~User.roles.any())
    return list(db.session.scalars(rows.order_by(User.id)))


def departments() -> list[Department]:
    """All departments in the office's order, the closed ones last."""
    order = (Department.closed_on.is_not(None), Department.sort, Department.id)
    return list(db.session.scalars(select(Department).order_by(*order)))


def people_per_department() -> dict[int, int]:
    """How many people with a login belong to each department."""
    rows = select(User.department_id, func.count()).where(User.disabled_at.is_(None)).group_by(User.department_id)
    return {department: n for department, n in db.session.execute(rows) if department is not None}


def failed_logins() -> Select[Any]:
    """The journal's entries of failed logins, the newest first."""
    tag = journal.JournalEntry.event == words.LOGIN_FAILED.tag
    return select(journal.JournalEntry).where(tag).order_by(journal.JournalEntry.seq.desc())
