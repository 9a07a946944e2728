"""The verbs of posts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select

from portal.kernel import journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.people import queries as people
from portal.post_duty import vocabulary as words
from portal.post_duty.models import LeaderCharge, Post, PostKind


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
) -> Post:
    """Set up a post (P-1). Raises Invalid when the code is taken or the one principal's post exists already."""
    if db.session.scalar(select(Post.id).where(Post.code == code)):
        raise Invalid("code", _("这个岗位编码已经使用。"))
    if kind is PostKind.PRINCIPAL and db.session.scalar(
        select(Post.id).where(Post.kind == PostKind.PRINCIPAL, Post.closed_on.is_(None))
    ):
        raise Invalid("kind", _("主要负责人岗位只能有一个。"))
    made = Post(code=code, name=name, department_id=department_id, kind=kind, place=place, phone=phone, duties=duties)
    db.session.add(made)
    db.session.flush()
    journal.record(words.ADDED, made, actor, now, code=code, name=name, kind=str(kind))
    return made


def change(actor: Actor, post: Post, now: datetime, **values: object) -> None:
    """Change a post's text fields; the journal keeps old and new (P-1)."""
    changes = {k: [getattr(post, k), v] for k, v in values.items() if getattr(post, k) != v}
    for name, (_old, new) in changes.items():
        setattr(post, name, new)
    if changes:
        journal.record(words.CHANGED, post, actor, now, name=post.name, changes=changes)


def charge(actor: Actor, post: Post, department_ids: Iterable[int], now: datetime) -> None:
    """Put the leader of a post in charge of departments (R-2); each department has one leader in charge."""
    if post.kind not in (PostKind.LEADER, PostKind.PRINCIPAL):
        raise Invalid("departments", _("只有领导岗位可以分管科室。"))
    wanted = set(department_ids)
    names = people.department_names()
    for row in db.session.scalars(select(LeaderCharge)).all():
        if row.department_id in wanted:
            if row.post_id == post.id:
                wanted.discard(row.department_id)
                continue
            former = db.session.get_one(Post, row.post_id)
            journal.record(words.CHARGED, former, actor, now, departments="− " + names[row.department_id])
            row.post_id = post.id
            wanted.discard(row.department_id)
        elif row.post_id == post.id:
            db.session.delete(row)
    db.session.add_all(LeaderCharge(department_id=d, post_id=post.id) for d in sorted(wanted))
    db.session.flush()
    held = db.session.scalars(select(LeaderCharge.department_id).where(LeaderCharge.post_id == post.id))
    journal.record(words.CHARGED, post, actor, now, departments="、".join(names[d] for d in sorted(held)))


def close(actor: Actor, post: Post, on: date, now: datetime) -> None:
    """Close a post from a date on. Who calls checks that nothing is open on it."""
    post.closed_on = on
    journal.record(words.CLOSED, post, actor, now, name=post.name, on=on)
