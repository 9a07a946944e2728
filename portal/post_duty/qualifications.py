"""Qualifications of people, and the representatives of departments (R-3): verbs and reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_, select

from portal.kernel import clock, journal
from portal.kernel.actor import SEPARATED, Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid
from portal.people import queries as people
from portal.people.models import Department, User
from portal.policy import queries as policy
from portal.post_duty import vocabulary as words
from portal.post_duty.models import Qualification, Representative

# --- qualifications ---------------------------------------------------------------------------------------------


def add_qualification(
    actor: Actor, user_id: int, kind: str, number: str, valid_from: date, valid_until: date | None, now: datetime
) -> Qualification:
    """Record a certificate that the office has seen (R-3). Raises Invalid for a person who is not in service, dates
    out of order, or the same certificate of the same person once more."""
    user = db.session.get(User, user_id)
    if user is None or user.disabled_at is not None:
        raise Invalid("user_id", _("请选择在职人员。"))
    if valid_until is not None and valid_until < valid_from:
        raise Invalid("valid_until", _("不能早于有效期的开始。"))
    same = select(Qualification.id).where(
        Qualification.user_id == user_id,
        Qualification.kind == kind,
        Qualification.number == number,
        Qualification.valid_from == valid_from,
        Qualification.revoked_on.is_(None),
    )
    if db.session.scalar(same.limit(1)):
        raise Invalid("number", _("这份证书已经登记。"))
    made = Qualification(
        user_id=user_id,
        kind=kind,
        number=number,
        valid_from=valid_from,
        valid_until=valid_until,
        recorded_by_id=actor.id,
        recorded_at=now,
    )
    db.session.add(made)
    db.session.flush()
    journal.record(
        words.QUALIFICATION_RECORDED,
        made,
        actor,
        now,
        name=user.name,
        what=kind,
        number=number,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    return made


def revoke_qualification(actor: Actor, found: Qualification, reason: str, now: datetime) -> None:
    """End a qualification from today on, such as a certificate that was withdrawn. Raises Conflict when it is ended,
    Invalid without a reason."""
    if found.revoked_on is not None:
        raise Conflict(_("这项资格已经终止。"))
    if not reason:
        raise Invalid("reason", _("请写明终止的原因。"))
    found.revoked_on = clock.local(now).date()
    journal.record(
        words.QUALIFICATION_REVOKED,
        found,
        actor,
        now,
        name=people.user_names()[found.user_id],
        what=found.kind,
        number=found.number,
        reason=reason,
    )


def _valid(on: date) -> ColumnElement[bool]:
    return and_(
        Qualification.valid_from <= on,
        or_(Qualification.valid_until.is_(None), Qualification.valid_until >= on),
        or_(Qualification.revoked_on.is_(None), Qualification.revoked_on > on),
    )


def qualified(user_id: int, on: date, kind: str = "") -> bool:
    """Whether a person holds a qualification that is valid on a day: of that kind, or (empty) any one, the day that
    the person's own record names included (R-3)."""
    query = select(Qualification.id).where(Qualification.user_id == user_id, _valid(on))
    if kind:
        query = query.where(Qualification.kind == kind)
    if db.session.scalar(query.limit(1)) is not None:
        return True
    if kind:
        return False
    until = db.session.scalar(select(User.qualified_until).where(User.id == user_id))
    return until is not None and on <= until


def kinds() -> list[str]:
    """The kinds that were recorded so far."""
    return sorted(db.session.scalars(select(Qualification.kind).distinct()))


@dataclass(frozen=True)
class Held:
    """One qualification as a list shows it; ``id`` None: the day in the person's own record."""

    id: int | None
    user_id: int
    name: str
    department_id: int | None
    kind: str
    number: str
    valid_from: date | None
    valid_until: date | None
    revoked_on: date | None
    state: str


STATES = ("valid", "expiring", "expired", "coming", "revoked")


def _state(valid_from: date | None, until: date | None, revoked_on: date | None, on: date, ahead: int) -> str:
    if revoked_on is not None and revoked_on <= on:
        return "revoked"
    if valid_from is not None and valid_from > on:
        return "coming"
    if until is None:
        return "valid"
    return "expired" if until < on else "expiring" if until <= on + timedelta(days=ahead) else "valid"


def held(on: date, user_ids: Iterable[int] | None = None) -> list[Held]:
    """All qualifications of people in service (of some people), by the day on which they end, the next first.

    One that a later one of the same kind and person takes over is not *expiring* (R-3).
    """
    ahead: int = policy.value("post_duty.qualification_warn_days")
    rows = select(Qualification, User).join(Qualification.user).where(User.disabled_at.is_(None))
    own = select(User).where(User.disabled_at.is_(None), User.qualified_until.is_not(None))
    if user_ids is not None:
        wanted = set(user_ids)
        rows, own = rows.where(User.id.in_(wanted)), own.where(User.id.in_(wanted))
    found = [
        Held(
            q.id, u.id, u.name, u.department_id, q.kind, q.number, q.valid_from, q.valid_until, q.revoked_on,
            _state(q.valid_from, q.valid_until, q.revoked_on, on, ahead),
        )
        for q, u in db.session.execute(rows)
    ]  # fmt: skip
    last: dict[tuple[int, str], date] = {}
    for each in found:
        if each.state != "revoked":
            key = (each.user_id, each.kind)
            last[key] = max(last.get(key, date.min), each.valid_until or date.max)
    found = [
        each
        for each in found
        if each.state not in ("expiring", "expired") or (each.valid_until or date.max) >= last[each.user_id, each.kind]
    ]
    found += [
        Held(
            None, u.id, u.name, u.department_id, "", "", None, u.qualified_until, None,
            _state(None, u.qualified_until, None, on, ahead),
        )
        for u in db.session.scalars(own)
    ]  # fmt: skip
    return sorted(found, key=lambda h: (h.state == "revoked", h.valid_until or date.max, h.user_id, h.kind))


# --- representatives --------------------------------------------------------------------------------------------


def name_representative(
    actor: Actor, department: Department, user_id: int | None, from_on: date, basis: str, now: datetime
) -> Representative | None:
    """Empower somebody to act for a department from a day on; whoever did before ends the day before (R-3).

    ``user_id`` None: nobody from then on. Raises Invalid for a person of another department or not in service, for a
    day before the one on which the present representative began, and when nothing changes; Conflict for a closed
    department.
    """
    if department.closed_on is not None:
        raise Conflict(_("这个科室已经撤销。"))
    user = db.session.get(User, user_id) if user_id is not None else None
    if user_id is not None and (
        user is None or user.disabled_at is not None or user.department_id != department.id or user.role_set & SEPARATED
    ):
        raise Invalid("user_id", _("请选择本科室的在职人员。"))
    former = db.session.scalar(
        select(Representative)
        .where(Representative.department_id == department.id, Representative.until_on.is_(None))
        .with_for_update()
    )
    if former is not None and from_on <= former.from_on:
        raise Invalid("from_on", _("应晚于现任首席代表的起始日期 %(on)s。", on=former.from_on))
    if (former.user_id if former else None) == user_id:
        raise Invalid("user_id", _("没有变化。"))
    over = db.session.scalar(
        select(Representative.until_on)
        .where(Representative.department_id == department.id, Representative.until_on >= from_on)
        .limit(1)
    )
    if over is not None:
        raise Invalid("from_on", _("这一天已有首席代表，应晚于 %(on)s。", on=over))
    if former is not None:
        former.until_on = from_on - timedelta(days=1)
        db.session.flush()
    made = None
    if user is not None:
        made = Representative(
            department_id=department.id, user_id=user.id, from_on=from_on, basis=basis, recorded_at=now
        )
        db.session.add(made)
        db.session.flush()
    journal.record(
        words.REPRESENTATIVE_NAMED,
        made or former,
        actor,
        now,
        department=department.name,
        old=people.user_names().get(former.user_id, "") if former else "",
        new=user.name if user else "",
        from_on=from_on,
        basis=basis,
    )
    return made


def representatives(on: date) -> dict[int, Representative]:
    """Who represents each department on a day."""
    query = select(Representative).where(
        Representative.from_on <= on, or_(Representative.until_on.is_(None), Representative.until_on >= on)
    )
    return {row.department_id: row for row in db.session.scalars(query)}


def representatives_of(department_id: int) -> list[Representative]:
    """Everybody who has represented a department, the latest first."""
    query = select(Representative).where(Representative.department_id == department_id)
    return list(db.session.scalars(query.order_by(Representative.from_on.desc())))
