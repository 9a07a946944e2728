"""The register of leave: filters, rows, export (O-3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.ab_post.models import Absence, AbsenceKind
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.leave import queries
from portal.leave.models import LeaveRequest, LeaveState
from portal.leave.rules import Level
from portal.people.models import User

#: What the register can be narrowed to, beside the other filters.
OUTCOMES = {
    "waiting": _l("审批中"),
    "returned": _l("退回修改"),
    "approved": _l("已批准"),
    "under_way": _l("正在离岗"),
    "unfiled": _l("待备案"),
    "ended_early": _l("提前返岗"),
    "cancelled": _l("已取消"),
    "refused": _l("未批准"),
    "withdrawn": _l("已撤回"),
    "made_up": _l("事后补办"),
    "no_certificate": _l("病假证明未交"),
    "late_certificate": _l("病假证明逾期未交"),
}


@dataclass(frozen=True)
class Wanted:
    """Filters of the register; empty ones do not restrict."""

    q: str = ""
    from_on: date | None = None
    until_on: date | None = None
    department: int | None = None
    kind: str = ""
    outcome: str = ""


def outcome(name: str, now: datetime) -> list[ColumnElement[bool]]:
    """The conditions behind an outcome at an instant."""
    approved = LeaveRequest.state == LeaveState.APPROVED
    match name:
        case "under_way":
            going = or_(Absence.ended_at.is_(None), Absence.ended_at > now)
            return [approved, Absence.from_at <= now, Absence.to_at > now, going]
        case "unfiled":
            return [LeaveRequest.open_level == Level.FILE]
        case "ended_early":
            return [approved, Absence.ended_at > Absence.from_at]
        case "cancelled":
            return [approved, Absence.ended_at <= Absence.from_at]
        case "made_up":
            return [LeaveRequest.made_up.is_(True)]
        case "no_certificate":
            return [*queries.lacking_certificate()]
        case "late_certificate":
            late = LeaveRequest.certificate_due_on < clock.local(now).date()
            return [*queries.lacking_certificate(), late]
        case _:
            return [LeaveRequest.state == LeaveState(name)]


def listing(actor: Actor, wanted: Wanted, now: datetime) -> Select[Any]:
    """The requests that the actor may see in lists and that fit, the latest first; drafts are nobody's business."""
    found: list[ColumnElement[bool]] = [LeaveRequest.state != LeaveState.DRAFT]
    seen = queries.departments_seen(actor)
    if seen is not None:
        found.append(LeaveRequest.department_id.in_(seen))
    if wanted.from_on:
        found.append(LeaveRequest.to_on >= wanted.from_on)
    if wanted.until_on:
        found.append(LeaveRequest.from_on <= wanted.until_on)
    if wanted.department:
        found.append(LeaveRequest.department_id == wanted.department)
    if wanted.kind:
        found.append(LeaveRequest.kind == AbsenceKind(wanted.kind))
    if wanted.outcome:
        found += outcome(wanted.outcome, now)
    if wanted.q:
        like = (LeaveRequest.number.contains(wanted.q.upper(), autoescape=True),)
        found.append(or_(*like, User.name.contains(wanted.q, autoescape=True)))
    query = (
        select(LeaveRequest)
        .join(LeaveRequest.applicant)
        .outerjoin(LeaveRequest.absence)
        .options(
            contains_eager(LeaveRequest.applicant),
            contains_eager(LeaveRequest.absence),
            selectinload(LeaveRequest.steps),
        )
    )
    return query.where(*found).order_by(LeaveRequest.from_at.desc(), LeaveRequest.id.desc())


def exported(actor: Actor, wanted: Wanted, now: datetime, limit: int) -> Iterator[LeaveRequest]:
    """The first ``limit`` requests of the register."""
    yield from db.session.scalars(listing(actor, wanted, now).options(joinedload(LeaveRequest.extends)).limit(limit))
