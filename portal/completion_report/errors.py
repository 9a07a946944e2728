"""Result errors: recorded by who did not handle the case, withdrawn with a reason, never erased (W-0)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager

from portal.cases import queries as cases
from portal.cases.models import Case, CaseHandler
from portal.completion_report import vocabulary as words
from portal.completion_report.models import ErrorKind, FoundBy, ResultError
from portal.kernel import clock, journal, search
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import queries as people


def may_record(actor: Actor, case: Case) -> bool:
    """Whether the actor may say that a case's result was wrong: who sees it, supervises it, and has not handled it."""
    if not actor.can(words.RECORD_ERROR) or case.closed_at is None or not cases.may_read(actor, case):
        return False
    return not handled(actor, case)


def handled(actor: Actor, case: Case) -> bool:
    """Whether the actor has had a hand in the case, or was answerable for its end."""
    if actor.id is None or actor.id == case.answered_by_id:
        return True
    return db.session.get(CaseHandler, (case.id, actor.id)) is not None


def record(
    actor: Actor, case: Case, kind: ErrorKind, found_by: FoundBy, found_on: date, what: str, now: datetime
) -> ResultError:
    """Record that the result of a closed case was wrong (W-0).

    Raises NotAllowed for who handled it, Conflict while it is open or when such an error stands already, Invalid for
    a date before its end or ahead.
    """
    if case.closed_on is None:
        raise Conflict(_("办件还没有结束，不能记录结果差错。"), "W-0")
    if not may_record(actor, case):
        raise NotAllowed(_("结果差错由办公室、督查或负责人记录，经办人不能记录自己经办的办件。"), "W-0")
    if found_on < case.closed_on:
        raise Invalid("found_on", _("发现日期不能早于办件结束之日。"))
    if found_on > clock.local(now).date():
        raise Invalid("found_on", _("发现日期不能晚于今天。"))
    standing = select(ResultError.id).where(
        ResultError.case_id == case.id, ResultError.kind == kind, ResultError.withdrawn_at.is_(None)
    )
    if db.session.scalar(standing) is not None:
        raise Conflict(_("这件办件已经记录了这一种差错。"), "W-0")
    made = ResultError(
        case_id=case.id,
        closed_on=case.closed_on,
        kind=kind,
        found_by=found_by,
        found_on=found_on,
        facts=what,
        recorded_by_id=actor.id or 0,
        recorded_at=now,
    )
    db.session.add(made)
    try:
        db.session.flush()
    except IntegrityError:
        raise Conflict(_("这件办件已经记录了这一种差错。"), "W-0") from None
    journal.record(
        words.ERROR_RECORDED,
        made,
        actor,
        now,
        number=case.number,
        kind=str(kind),
        found_by=str(found_by),
        found_on=found_on,
        answered_by=people.user_names().get(case.answered_by_id or 0, ""),
        what=what,
    )
    return made


def withdraw(actor: Actor, error: ResultError, reason: str, now: datetime) -> None:
    """Withdraw a record that was not right; it stays to be read. Raises NotAllowed, Conflict, Invalid."""
    if not may_withdraw(actor, error.case):
        raise NotAllowed(_("结果差错由办公室、督查或负责人撤销，经办人不能撤销自己经办的办件。"), "W-0")
    if error.withdrawn_at is not None:
        raise Conflict(_("这条差错记录已经撤销。"))
    if not reason:
        raise Invalid("reason", _("请写明撤销的理由。"))
    error.withdrawn_at, error.withdrawn_by_id, error.withdrawal = now, actor.id, reason
    journal.record(
        words.ERROR_WITHDRAWN, error, actor, now, number=error.case.number, kind=str(error.kind), reason=reason
    )


def may_withdraw(actor: Actor, case: Case) -> bool:
    """The same people as may record."""
    return may_record(actor, case)


def of_case(case_id: int) -> list[ResultError]:
    """The records of a case, oldest first."""
    return list(db.session.scalars(select(ResultError).where(ResultError.case_id == case_id).order_by(ResultError.id)))


@dataclass(frozen=True)
class Wanted:
    """Filters of the list."""

    q: str = ""
    department_id: int | None = None
    kind: ErrorKind | None = None
    first: date | None = None
    last: date | None = None
    standing: bool = False


def listing(actor: Actor, wanted: Wanted) -> Select[Any]:
    """The records that the actor may see and that fit, newest first; the dates are those of the cases' ends."""
    query = select(ResultError).join(ResultError.case).options(contains_eager(ResultError.case))
    seen = None if actor.can(words.READ_ALL) else cases.departments_seen(actor)
    if seen is not None:
        query = query.where(Case.department_id.in_(seen))
    if wanted.department_id:
        query = query.where(Case.department_id == wanted.department_id)
    if wanted.kind is not None:
        query = query.where(ResultError.kind == wanted.kind)
    if wanted.first:
        query = query.where(ResultError.closed_on >= wanted.first)
    if wanted.last:
        query = query.where(ResultError.closed_on <= wanted.last)
    if wanted.standing:
        query = query.where(ResultError.withdrawn_at.is_(None))
    if wanted.q:
        query = search.restrict(query, Case.id, "case", wanted.q)
    return query.order_by(ResultError.recorded_at.desc(), ResultError.id.desc())
