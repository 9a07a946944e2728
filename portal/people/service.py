"""The verbs of login: open and end sessions, change passwords. Administration is in ``administration``."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select, update

from portal.kernel import journal
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.people import passwords, queries
from portal.people import vocabulary as words
from portal.people.models import LoginFailure, User, UserSession
from portal.policy import queries as policy

#: Longer than the longest lock that the policy allows.
_FAILURES_KEPT = timedelta(days=2)
#: The journal keeps logins for good; their rows are needed only while somebody may look at them.
_SESSIONS_KEPT = timedelta(days=183)


@dataclass(frozen=True)
class Opened:
    """A new session: the token goes to the browser, the database has its hash."""

    token: str
    user: User


def log_in(username: str, password: str, address: str, agent: str, now: datetime) -> Opened | None:
    """Open a session.

    Returns None for an unknown, wrong, locked or disabled login alike, after the same work; the failure is counted
    and journalled. After ``people.login_failures`` failures in a row a username is locked until the first of them
    is ``people.lockout_minutes`` old; what is tried meanwhile is journalled and does not lengthen the lock.
    """
    username = username.strip().lower()[:40]
    user = db.session.scalar(select(User).where(User.username == username))
    locked = queries.is_locked(username, now)
    good = passwords.matches(user.password_hash if user else None, password)
    if user is None or not good or locked or user.disabled_at is not None:
        if not locked:
            db.session.execute(insert(LoginFailure), {"username": username, "address": address[:64], "at": now})
        journal.record(words.LOGIN_FAILED, None, SYSTEM, now, username=username)
        return None
    token = secrets.token_urlsafe(32)
    session = UserSession(
        token_hash=queries.token_hash(token),
        user_id=user.id,
        started_at=now,
        seen_at=now,
        address=address[:64],
        agent=agent[:200],
    )
    db.session.add(session)
    db.session.flush()
    journal.record(words.LOGGED_IN, user, queries.actor_of(user, now, session.id), now, session=session.id)
    return Opened(token, user)


def log_out(actor: Actor, now: datetime) -> None:
    """End the actor's own session."""
    if actor.session_id is not None:
        db.session.execute(update(UserSession).where(UserSession.id == actor.session_id).values(ended_at=now))
        user = db.session.get(User, actor.id)
        journal.record(words.LOGGED_OUT, user, actor, now, session=actor.session_id)


def end_session(session_id: int, user_id: int, actor: Actor, now: datetime, reason: str) -> bool:
    """End one session of a person at once. Returns False when there is no such open session of theirs."""
    ended = db.session.execute(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.user_id == user_id, UserSession.ended_at.is_(None))
        .values(ended_at=now)
    )
    if ended.rowcount != 1:  # type: ignore[attr-defined]
        return False
    journal.record(words.SESSION_ENDED, db.session.get(User, user_id), actor, now, session=session_id, reason=reason)
    return True


def end_other_sessions(actor: Actor, now: datetime) -> int:
    """End every session of the actor but the present one; returns how many."""
    others = [s.id for s in queries.sessions_of(actor.id or 0) if s.id != actor.session_id]
    return sum(end_session(s, actor.id or 0, actor, now, "own") for s in others)


def end_all_sessions(user_id: int, now: datetime, keep: int | None = None) -> None:
    """End all sessions of a person but one; the caller journals why."""
    change = update(UserSession).where(UserSession.user_id == user_id, UserSession.ended_at.is_(None))
    if keep is not None:
        change = change.where(UserSession.id != keep)
    db.session.execute(change.values(ended_at=now))


def check_new_password(field: str, password: str, username: str) -> None:
    """Refuse a weak password. Raises Invalid at ``field``."""
    minimum = policy.value("people.password_min_length")
    found = passwords.problem(password, username, minimum)
    if found == "short":
        raise Invalid(field, _("密码至少 %(n)s 位。", n=minimum))
    if found == "kinds":
        raise Invalid(field, _("密码需包含大写字母、小写字母、数字、符号中的至少三种。"))
    if found == "name":
        raise Invalid(field, _("密码不能包含用户名。"))


def password_rules() -> list[str]:
    """What a new password must keep, in sentences for the page."""
    return [
        _("至少 %(n)s 位", n=policy.value("people.password_min_length")),
        _("包含大写字母、小写字母、数字、符号中的至少三种"),
        _("不包含用户名"),
    ]


def change_password(actor: Actor, old: str, new: str, now: datetime) -> None:
    """Change one's own password; every other session ends at once. Raises Invalid."""
    user = db.session.get_one(User, actor.id)
    if not passwords.matches(user.password_hash, old):
        raise Invalid("old", _("当前密码不正确。"))
    if passwords.matches(user.password_hash, new):
        raise Invalid("new", _("新密码不能与当前密码相同。"))
    check_new_password("new", new, user.username)
    user.password_hash = passwords.hash_password(new)
    user.password_changed_at, user.must_change_password = now, False
    end_all_sessions(user.id, now, keep=actor.session_id)
    journal.record(words.PASSWORD_CHANGED, user, actor, now, by_self=True)


def tidy(now: datetime) -> int:
    """Drop counted failures that lock nobody any more, and sessions that nobody can use; returns how many rows."""
    old = delete(LoginFailure).where(LoginFailure.at < now - _FAILURES_KEPT)
    over = delete(UserSession).where(UserSession.seen_at < now - _SESSIONS_KEPT)
    return sum(db.session.execute(s).rowcount for s in (old, over))  # type: ignore[attr-defined]


def set_preferences(actor: Actor, language: str, shortcuts_off: bool, now: datetime) -> None:
    """Keep a person's language and whether keyboard shortcuts are off."""
    user = db.session.get_one(User, actor.id)
    user.language, user.shortcuts_off = language, shortcuts_off
    journal.record(words.PREFERENCES_CHANGED, user, actor, now, language=language, shortcuts_off=shortcuts_off)
