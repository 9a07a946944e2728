"""Names and choices of items, posts and people, from memory where they change rarely."""

from __future__ import annotations

from sqlalchemy import select

from portal.ab_post import queries as ab
from portal.kernel import epochs
from portal.kernel.db import db
from portal.people import queries as people
from portal.people.models import User
from portal.service_commitment.models import ItemVersion, ServiceItem


def items() -> list[tuple[int, str]]:
    """All items with their names, the retired ones too."""
    return epochs.cached("catalogue", "report_items", _read_items)


def _read_items() -> list[tuple[int, str]]:
    rows = (
        select(ServiceItem.id, ItemVersion.name)
        .join(ItemVersion, ItemVersion.id == ServiceItem.current_version_id)
        .order_by(ServiceItem.code)
    )
    return [(item_id, name) for item_id, name in db.session.execute(rows)]


def posts_choices(departments: frozenset[int] | None) -> list[tuple[int, str]]:
    """The posts of some departments (None: of all), with their department's name."""
    seen = ab.picture().posts.values()
    return [
        (post.id, f"{post.department} · {post.name}")
        for post in sorted(seen, key=lambda p: (p.department_id, p.code))
        if departments is None or post.department_id in departments
    ]


def people_choices(departments: frozenset[int] | None) -> list[tuple[int, str]]:
    """The people of some departments (None: of all)."""
    found = epochs.cached("people", "report_people", _read_people)
    return [(u, name) for u, name, department in found if departments is None or department in departments]


def _read_people() -> list[tuple[int, str, int | None]]:
    rows = select(User.id, User.name, User.department_id).order_by(User.department_id, User.id)
    return [(user_id, name, department) for user_id, name, department in db.session.execute(rows)]


def names(by: str) -> dict[int, str]:
    """The names of the lines of a table by key."""
    if by == "department":
        return people.department_names()
    if by == "item":
        return dict(items())
    if by == "post":
        return dict(posts_choices(None))
    if by == "person":
        return people.user_names()
    return {}
