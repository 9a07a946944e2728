"""What the portal holds already, as the examination of a workbook needs it."""

from __future__ import annotations

from sqlalchemy import select

from portal.ab_post import queries as ab_post
from portal.ab_post.models import Letter
from portal.intake import layout
from portal.intake.lines import Known
from portal.intake.post_checking import TEXTS, Current
from portal.kernel import clock
from portal.kernel.actor import SEPARATED
from portal.kernel.db import db
from portal.people.models import Department, User
from portal.post_duty import queries as post_duty
from portal.post_duty.models import LeaderCharge, Post, PostKind
from portal.service_commitment.models import ServiceItem


def known() -> Known:
    """All codes, names and usernames that a file may refer to or must not repeat."""
    departments = db.session.execute(select(Department.code, Department.name, Department.closed_on)).all()
    posts = db.session.execute(select(Post.code, Post.kind, Post.closed_on)).all()
    charged = select(Department.code).join(LeaderCharge, LeaderCharge.department_id == Department.id)
    return Known(
        departments={code: closed_on is None for code, _name, closed_on in departments},
        department_names=frozenset(name for _code, name, _closed_on in departments),
        usernames={
            user.username: user.disabled_at is None and not user.role_set & SEPARATED
            for user in db.session.scalars(select(User))
        },
        posts={code: closed_on is None for code, _kind, closed_on in posts},
        items=frozenset(db.session.scalars(select(ServiceItem.code))),
        charged=frozenset(db.session.scalars(charged)),
        has_principal=any(kind is PostKind.PRINCIPAL and closed_on is None for _code, kind, closed_on in posts),
    )


def current_posts() -> dict[str, Current]:
    """All posts as rows of the sheet of posts."""
    picture, today = ab_post.picture(), clock.today()
    usernames = dict(db.session.execute(select(User.id, User.username)).all())
    codes = dict(db.session.execute(select(Department.id, Department.code)).all())
    charged: dict[int, set[str]] = {}
    for department_id, post_id in post_duty.charges().items():
        charged.setdefault(post_id, set()).add(codes[department_id])
    kinds = {kind: word for word, kind in layout.POST_KINDS.items()}
    found = {}
    for post in db.session.scalars(select(Post).order_by(Post.department_id, Post.code)):
        cells = {key: str(getattr(post, key)) for key in ("code", *TEXTS)}
        cells |= {"department": codes[post.department_id], "kind": kinds[post.kind], "from_on": ""}
        cells |= {letter.lower(): usernames.get(picture.holder(post.id, letter, today) or 0, "") for letter in Letter}
        charge = frozenset(charged.get(post.id, ()))
        cells["charge"] = "、".join(sorted(charge))
        found[post.code] = Current(cells, charge, post.kind, post.closed_on is not None)
    return found
