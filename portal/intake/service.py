"""The verbs of intake: carry out a checked plan whole, hand out first passwords (R-1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.ab_post import service as ab_post
from portal.ab_post.models import Letter
from portal.intake import vocabulary as words
from portal.intake.layout import DEPARTMENTS, ITEMS, MATERIALS, PEOPLE, POSTS
from portal.intake.lines import Plan
from portal.intake.post_checking import TEXTS, PostPlan, Update
from portal.kernel import clock, journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.people import administration
from portal.people.models import Department, User
from portal.post_duty import service as post_duty
from portal.post_duty.models import Post
from portal.service_commitment import service as catalogue
from portal.service_commitment.models import ServiceItem
from portal.service_commitment.service import Content, Material

PLACES = {"a": Letter.A, "b": Letter.B}


def bring_in(actor: Actor, plan: Plan, sha256: str, now: datetime) -> None:
    """Make everything of a plan in the caller's transaction: all of it or nothing.

    ``sha256`` is the file's digest, kept in the journal. Raises ValueError for a plan with faults, and Invalid or
    Conflict when a verb refuses after all.
    """
    if plan.faults:
        raise ValueError("a plan with faults is not carried out")
    for row in plan.rows[DEPARTMENTS]:
        administration.add_department(actor, now=now, **row)
    departments = _ids(Department.code, Department.id)
    for row in plan.rows[PEOPLE]:
        code = row["department"]
        administration.add_user(
            actor, password=None, now=now, department_id=departments[code] if code else None, **_but(row, "department")
        )
    users = _ids(User.username, User.id)
    posts = [(row, _add_post(actor, row, departments, now)) for row in plan.rows[POSTS]]
    for row, post in posts:
        _fill_post(actor, row, post, departments, users, now)
    items = [(row, _add_item(actor, row, now)) for row in plan.rows[ITEMS]]
    for row, item in items:  # related items may stand further down: all exist before one is published
        materials = [m for m in plan.rows[MATERIALS] if m["item"] == row["code"]]
        catalogue.publish(actor, item, content_of_row(row, materials), now)
    counts = plan.counts()
    journal.record(
        words.IMPORTED,
        None,
        actor,
        now,
        departments=counts[DEPARTMENTS],
        people=counts[PEOPLE],
        posts=counts[POSTS],
        items=counts[ITEMS],
        materials=counts[MATERIALS],
        sha256=sha256,
    )


def _ids(code: Any, key: Any) -> dict[str, int]:
    return dict(db.session.execute(select(code, key)).all())


def _but(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {k: v for k, v in row.items() if k not in names}


def _add_post(actor: Actor, row: Mapping[str, Any], departments: Mapping[str, int], now: datetime) -> Post:
    plain = _but(row, "department", "a", "b", "from_on", "charge")
    return post_duty.add(actor, department_id=departments[row["department"]], now=now, **plain)


def _fill_post(
    actor: Actor,
    row: Mapping[str, Any],
    post: Post,
    departments: Mapping[str, int],
    users: Mapping[str, int],
    now: datetime,
) -> None:
    if row["charge"]:
        post_duty.charge(actor, post, [departments[c] for c in row["charge"]], now)
    for letter, username in ((Letter.A, row["a"]), (Letter.B, row["b"])):
        if username:
            # Decided on the day it is entered: an office that begins has filed nothing late (AB-5).
            ab_post.assign(actor, post, letter, users[username], row["from_on"], clock.local(now).date(), now)


def _add_item(actor: Actor, row: Mapping[str, Any], now: datetime) -> ServiceItem:
    post = db.session.scalars(select(Post).where(Post.code == row["post"])).one()
    return catalogue.add(
        actor, row["code"], row["name"], post, now, aliases=row["aliases"], topic=row["topic"], common=row["common"]
    )


def content_of_row(row: Mapping[str, Any], materials: Iterable[Mapping[str, Any]]) -> Content:
    """What a row of the sheet of items publishes, with its checklist."""
    return Content(
        **_but(row, "code", "post", "aliases", "topic", "common"),
        materials=tuple(Material(**_but(m, "item")) for m in materials),
    )


def bring_in_posts(actor: Actor, plan: PostPlan, sha256: str, now: datetime) -> None:
    """Add and change posts as a plan says, all of it or nothing; changed texts make versions (P-1).

    Raises ValueError for a plan with faults, and Invalid or Conflict when a verb refuses after all.
    """
    if plan.faults:
        raise ValueError("a plan with faults is not carried out")
    departments, users = _ids(Department.code, Department.id), _ids(User.username, User.id)
    posts = [(row, _add_post(actor, row, departments, now)) for row in plan.rows[POSTS]]
    for row, post in posts:
        _fill_post(actor, row, post, departments, users, now)
    for update in plan.updates:
        post = db.session.scalars(select(Post).where(Post.code == update.code).with_for_update()).one()
        texts = {key: update.values[key] for key in TEXTS if key in update.changes}
        if texts:
            post_duty.change(actor, post, now, **texts)
        if "charge" in update.changes:
            post_duty.charge(actor, post, [departments[c] for c in update.values["charge"]], now)
        _change_holders(actor, post, update, users, now)
    journal.record(
        words.POSTS_IMPORTED,
        None,
        actor,
        now,
        added=len(plan.rows[POSTS]),
        changed=len(plan.updates),
        unchanged=plan.unchanged,
        sha256=sha256,
    )


def _change_holders(actor: Actor, post: Post, update: Update, users: Mapping[str, int], now: datetime) -> None:
    """Both places as the row says; who changes places leaves the old one first (AB-1)."""
    changed = {letter: update.changes[key][1] for key, letter in PLACES.items() if key in update.changes}
    from_on, today = update.values["from_on"], clock.local(now).date()
    if len(changed) == len(PLACES) and changed[Letter.A] == update.changes["b"][0]:
        ab_post.vacate(actor, post, Letter.B, from_on, today, now)
    for letter, username in changed.items():
        ab_post.assign(actor, post, letter, users[username], from_on, today, now)


def hand_out_passwords(actor: Actor, hashes: Mapping[int, str], now: datetime) -> list[int]:
    """Give first passwords (by their hashes) to people who have none; returns the ids of those who got one."""
    given = administration.hand_out_passwords(actor, hashes, now)
    if given:
        journal.record(words.PASSWORDS_HANDED_OUT, None, actor, now, count=len(given))
    return given
