"""Who acts: a value made once per request from the session, carrying what that person may do now."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from flask import g, has_request_context
from flask_login import current_user


class Role(StrEnum):
    """R-2. HEAD, LEADER and PRINCIPAL are conveyed by the post a person answers for at the moment (AB-4)."""

    STAFF = "staff"
    HEAD = "head"
    LEADER = "leader"
    PRINCIPAL = "principal"
    OFFICE = "office"
    SUPERVISION = "supervision"
    AUDITOR = "auditor"
    SECURITY_ADMIN = "security_admin"
    SYSTEM_ADMIN = "system_admin"


#: R-2: these three exclude each other and see no business content.
SEPARATED = frozenset({Role.AUDITOR, Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN})


@dataclass(frozen=True)
class Answering:
    """One post that the actor answers for now, and why (AB-3)."""

    post_id: int
    post_name: str
    department_id: int
    kind: str
    reason: str
    for_user_id: int | None = None
    for_user_name: str = ""


@dataclass(frozen=True)
class Actor:
    """A person (or the portal itself, ``id`` None) at one instant."""

    id: int | None
    name: str
    roles: frozenset[Role] = frozenset()
    permissions: frozenset[str] = frozenset()
    department_id: int | None = None
    title: str = ""
    posts: tuple[Answering, ...] = ()
    session_id: int | None = None
    language: str = "zh"
    preferences: frozenset[str] = field(default_factory=frozenset)
    #: The password must be changed before anything else (first login, or older than the policy allows).
    password_due: bool = False

    def can(self, permission: str) -> bool:
        """Whether the actor's roles carry a permission."""
        return permission in self.permissions

    def answers_for(self, post_id: int | None) -> Answering | None:
        """How the actor answers for a post now, or None."""
        return next((a for a in self.posts if a.post_id == post_id), None)

    @property
    def post_ids(self) -> tuple[int, ...]:
        """Ids of all posts the actor answers for now."""
        return tuple(a.post_id for a in self.posts)

    def departments_headed(self) -> frozenset[int]:
        """Departments whose head's post the actor answers for now."""
        return frozenset(a.department_id for a in self.posts if a.kind == "head")


#: The portal itself: sweeps and first set-up.
SYSTEM = Actor(id=None, name="portal")

AnsweringSource = Callable[[int, datetime], Iterable[Answering]]
_answering: list[AnsweringSource] = []


def answering_source(source: AnsweringSource) -> None:
    """Register what tells which posts a user answers for at an instant (one source, the A/B room)."""
    _answering[:] = [source]


def posts_of(user_id: int, now: datetime) -> tuple[Answering, ...]:
    """The posts a user answers for at an instant."""
    return tuple(_answering[0](user_id, now)) if _answering else ()


def current_actor() -> Actor | None:
    """The actor of this request, or None for a visitor."""
    if not has_request_context():
        return None
    if "actor" not in g:
        g.actor = getattr(current_user, "actor", None)
    actor: Actor | None = g.actor
    return actor


def require_actor() -> Actor:
    """The actor of this request; only for views that need a login (the guard has refused everyone else)."""
    actor = current_actor()
    if actor is None:
        raise RuntimeError("a guarded view ran without an actor")
    return actor
