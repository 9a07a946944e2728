"""What the portal holds already, as the examination of a workbook needs it."""

from __future__ import annotations

from sqlalchemy import select

from portal.intake.checking import Known
from portal.kernel.actor import SEPARATED
from portal.kernel.db import db
from portal.people.models import Department, User
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
