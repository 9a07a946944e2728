"""Policy values in force, and their history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.kernel import epochs
from portal.kernel.db import db
from portal.policy import catalogue
from portal.policy.catalogue import PolicyError
from portal.policy.models import PolicyValue


def value(key: str) -> Any:
    """The value in force of a policy key, parsed. Raises KeyError for an unknown key."""
    return values()[key]


def values() -> dict[str, Any]:
    """All values in force by key."""
    return epochs.cached("policy", "values", _build)


def _build() -> dict[str, Any]:
    return values_of(db.session())


def values_of(session: Session) -> dict[str, Any]:
    """The values in force that a database holds, by key.

    A stored value that no longer parses, because its definition has become stricter, gives way to the default: the
    portal keeps running, and `unreadable` names it.
    """
    found = {d.key: d.default for d in catalogue.definitions()}
    for key, stored in _newest(session):
        try:
            found[key] = catalogue.definition(key).parse(stored)
        except PolicyError:
            continue
    return found


@dataclass(frozen=True)
class Unreadable:
    """A stored value in whose place the default holds; ``problem`` is the code of the refusal."""

    key: str
    stored: str
    problem: str


def unreadable() -> list[Unreadable]:
    """The newest stored values that cannot be read, for whoever checks the portal's health."""
    found = []
    for key, stored in _newest(db.session()):
        try:
            catalogue.definition(key).parse(stored)
        except PolicyError as error:
            found.append(Unreadable(key, stored, error.code))
    return found


def _newest(session: Session) -> list[tuple[str, str]]:
    """Key and text of the newest version of every value that is still in the catalogue."""
    newest = select(func.max(PolicyValue.id)).group_by(PolicyValue.key)
    rows = session.execute(select(PolicyValue.key, PolicyValue.value).where(PolicyValue.id.in_(newest)))
    known = {d.key for d in catalogue.definitions()}
    return sorted((key, stored) for key, stored in rows if key in known)


def newest_versions() -> dict[str, PolicyValue]:
    """The newest version of every value that the office set, by key."""
    newest = select(func.max(PolicyValue.id)).group_by(PolicyValue.key)
    return {row.key: row for row in db.session.scalars(select(PolicyValue).where(PolicyValue.id.in_(newest)))}


def history(key: str) -> list[PolicyValue]:
    """All versions of a value that the office set, newest first."""
    return list(db.session.scalars(select(PolicyValue).where(PolicyValue.key == key).order_by(PolicyValue.id.desc())))
