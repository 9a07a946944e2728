"""Policy values in force, and their history."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from portal.kernel import epochs
from portal.kernel.db import db
from portal.policy import catalogue
from portal.policy.models import PolicyValue


def value(key: str) -> Any:
    """The value in force of a policy key, parsed. Raises KeyError for an unknown key."""
    return values()[key]


def values() -> dict[str, Any]:
    """All values in force by key."""
    return epochs.cached("policy", "values", _build)


def _build() -> dict[str, Any]:
    found = {d.key: d.default for d in catalogue.definitions()}
    rows = db.session.execute(select(PolicyValue.key, PolicyValue.value).order_by(PolicyValue.id))
    for key, stored in rows:
        if key in found:
            found[key] = catalogue.definition(key).parse(stored)
    return found


def history(key: str) -> list[PolicyValue]:
    """All versions of a value that the office set, newest first."""
    return list(db.session.scalars(select(PolicyValue).where(PolicyValue.key == key).order_by(PolicyValue.id.desc())))
