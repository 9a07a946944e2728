"""The verbs of posts (P-1, R-2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from portal.kernel import clock, journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid
from portal.people import queries as people
from portal.people.models import Department
from portal.post_duty import vocabulary as words
from portal.post_duty.models import LeaderCharge, Post, PostKind

#: Says why a post cannot be closed now, in the reader's language; None when nothing hinders.
Hindrance = Callable[[Post], str | None]
_hindrances: list[Hindrance] = []


def before_close(callback: Hindrance) -> None:
    """Register a room above that may refuse the closing of a post: something of its is still open there."""
    if callback not in _hindrances:
        _hindrances.append(callback)


def add(
    actor: Actor,
    code: str,
    name: str,
    department_id: int,
    now: datetime,
    *,
    kind: PostKind = PostKind.STAFF,
    place: str = "",
    phone: str = "",
    duties: str = "",
    powers: str = "",
    standard: str = "",
    liability: str = "",
) -> Post:
    """Set up a post (P-1). Raises Invalid when the code is taken or the one principal's post exists already."""
    if db.session.scalar(select(Post.id).where(Post.code == code)):
        raise Invalid("code", _("这个岗位编码已经使用。"))
    if kind is PostKind.PRINCIPAL and db.session.scalar(
        select(Post.id).where(Post.kind == PostKind.PRINCIPAL, Post.closed_on.is_(None))
    ):
        raise Invalid("kind", _("主要负责人岗位只能有一个。"))
    made = Post(
        code=code,
        name=name,
        department_id=department_id,
        kind=kind,
        place=place,
        phone=phone,
        duties=duties,
        powers=powers,
        standard=standard,
        liability=liability,
    )
    db.session.add(made)
    db.session.flush()
    journal.record(words.ADDED, made, actor, now, code=code, name=name, kind=str(kind))
    return made


def change(actor: Actor, post: Post, now: datetime, **values: Any) -> bool:
    """Change a post's text fields; the journal keeps old and new, which makes a version (P-1).

    Returns whether anything changed. Raises Conflict when the post is closed.
    """
    _refuse_closed(post)
    changes = {k: [getattr(post, k), v] for k, v in values.items() if getattr(post, k) != v}
    for name, (_old, new) in changes.items():
        setattr(post, name, new)
    if changes:
        journal.record(words.CHANGED, post, actor, now, name=post.name, changes=changes)
    return bool(changes)


def charge(actor: Actor, post: Post, department_ids: Iterable[int], now: datetime) -> None:
    """Put the leader of a post in charge of departments (R-2); each department has one leader in charge.

    Departments taken from another leader are recorded on both posts. Raises Invalid when the post is no leader's, or
    for a department that does not exist; Conflict when the post is closed.
    """
    _refuse_closed(post)
    if post.kind not in (PostKind.LEADER, PostKind.PRINCIPAL):
        raise Invalid("departments", _("只有领导岗位可以分管科室。"))
    wanted, names = set(department_ids), people.department_names()
    if not wanted <= set(db.session.scalars(select(Department.id).where(Department.closed_on.is_(None)))):
        raise Invalid("departments", _("请选择现有的科室。"))
    rows = {row.department_id: row for row in db.session.scalars(select(LeaderCharge).with_for_update())}
    touched: dict[int, Post] = {}
    for department_id in sorted(wanted):
        row = rows.get(department_id)
        if row is None:
            db.session.add(LeaderCharge(department_id=department_id, post_id=post.id))
        elif row.post_id != post.id:
            touched[row.post_id] = db.session.get_one(Post, row.post_id)
            row.post_id = post.id
        else:
            continue
        touched[post.id] = post
    for department_id, row in rows.items():
        if row.post_id == post.id and department_id not in wanted:
            db.session.delete(row)
            touched[post.id] = post
    db.session.flush()
    for changed in touched.values():
        held = set(db.session.scalars(select(LeaderCharge.department_id).where(LeaderCharge.post_id == changed.id)))
        departments = [name for department_id, name in names.items() if department_id in held]
        journal.record(words.CHARGED, changed, actor, now, name=changed.name, departments=departments)


def close(actor: Actor, post: Post, now: datetime) -> None:
    """Close a post from today on (P-1).

    Raises Conflict when it is closed, when it is the principal's or a leader's with departments in charge, or when a
    room above says that something is still open on it.
    """
    _refuse_closed(post)
    if hindered := hindrance(post):
        raise Conflict(*hindered)
    post.closed_on = clock.local(now).date()
    journal.record(words.CLOSED, post, actor, now, name=post.name, on=post.closed_on)


def hindrance(post: Post) -> tuple[str, str] | None:
    """Why an open post cannot be closed now, with the rule's ID; None: it can."""
    if post.kind is PostKind.PRINCIPAL:
        return _("主要负责人岗位不能撤销；更换人员请调整 A 岗。"), "R-2"
    if db.session.scalar(select(LeaderCharge.department_id).where(LeaderCharge.post_id == post.id).limit(1)):
        return _("该岗位还在分管科室，请先把科室交给其他领导岗位。"), "R-2"
    return next(((reason, "P-1") for callback in _hindrances if (reason := callback(post))), None)


def _refuse_closed(post: Post) -> None:
    if post.closed_on is not None:
        raise Conflict(_("这个岗位已经撤销。"))
