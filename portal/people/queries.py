"""Reads of people, and the actor of a session."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, select, update

from portal.kernel import clock, epochs, transaction
from portal.kernel.actor import SEPARATED, Actor, Role, posts_of
from portal.kernel.db import db, writing
from portal.people.models import Department, LoginFailure, Unit, User, UserRole, UserSession
from portal.policy import queries as policy

_SEEN_EVERY = timedelta(seconds=60)


def token_hash(token: str) -> str:
    """What the database keeps of a session or display token."""
    return hashlib.sha256(token.encode()).hexdigest()


def actor_of_token(token: str, now: datetime) -> Actor | None:
    """The actor of a session token: None when it is unknown, ended, idle for too long, or its user is disabled."""
    row = db.session.execute(
        select(UserSession.id, UserSession.seen_at, User)
        .join(User, User.id == UserSession.user_id)
        .where(UserSession.token_hash == token_hash(token), UserSession.ended_at.is_(None), User.disabled_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    session_id, seen_at, user = row
    if now - seen_at > timedelta(minutes=policy.value("people.session_idle_minutes")):
        return None
    actor = actor_of(user, now, session_id)
    if now - seen_at > _SEEN_EVERY:
        _touch(session_id, now)
    return actor


def _touch(session_id: int, now: datetime) -> None:
    change = update(UserSession).where(UserSession.id == session_id).values(seen_at=now)
    if writing.get():
        db.session.execute(change)
    else:
        with transaction.act():
            db.session.execute(change)


def actor_of(user: User, now: datetime, session_id: int | None = None) -> Actor:
    """A person as an actor: given roles, those that the posts convey, and what all of them permit."""
    roles = set(user.role_set)
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
    )


def actor_by_username(username: str, now: datetime) -> Actor:
    """A person as an actor, for commands and the demo office. Raises LookupError when unknown."""
    user = db.session.scalar(select(User).where(User.username == username))
    if user is None:
        raise LookupError(username)
    return actor_of(user, now)


def failures_since(username: str, since: datetime) -> int:
    """Failed logins of a username since an instant."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(LoginFailure)
            .where(LoginFailure.username == username, LoginFailure.at > since)
        )
        or 0
    )


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
    rows = select(Department.id, Department.name).where(Department.closed_on.is_(None))
    return list(db.session.execute(rows.order_by(Department.sort, Department.id)).all())


def user_names() -> dict[int, str]:
    """Names of all people by id, the disabled ones too."""
    return epochs.cached(
        "people", "user_names", lambda: dict(db.session.execute(select(User.id, User.name)).all())
    )


def users_with_role(role: Role) -> list[int]:
    """Ids of the people to whom a role was given (posts convey further ones)."""
    return list(
        db.session.scalars(select(UserRole.user_id).join(User).where(UserRole.role == role, User.disabled_at.is_(None)))
    )


def sessions_of(user_id: int) -> list[UserSession]:
    """The open sessions of a person, the newest first."""
    return list(
        db.session.scalars(
            select(UserSession)
            .where(
                UserSession.user_id == user_id,
                UserSession.ended_at.is_(None),
                UserSession.seen_at > clock.now() - timedelta(minutes=policy.value("people.session_idle_minutes")),
            )
            .order_by(UserSession.seen_at.desc())
        )
    )
