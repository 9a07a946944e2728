"""Reads of urges and supervisions. Open ones through partial indexes, history by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.exceptions import NotFound

from portal.ab_post import rights as ab_rights
from portal.kernel import search
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.post_task.models import Task
from portal.pure.deadlines import Light
from portal.urging import rights, rules
from portal.urging import vocabulary as words
from portal.urging.models import Supervision, SupervisionState, Urge

S = SupervisionState
TABS = ("open", "overdue", "replied", "closed", "all")
URGE_TABS = ("open", "overdue", "ended", "all")


def by_number(actor: Actor, number: str) -> Supervision:
    """A supervision that the actor may read. Raises NotFound for a missing and a foreign one alike."""
    found = db.session.scalar(
        select(Supervision).where(Supervision.number == number).options(selectinload(Supervision.replies))
    )
    if found is None or not rights.may_read(actor, found):
        raise NotFound()
    return found


def urge(actor: Actor, urge_id: int) -> Urge:
    """An urge that the actor may read. Raises NotFound for a missing and a foreign one alike."""
    query = select(Urge).where(Urge.id == urge_id)
    seen = rights.visible_urges(actor)
    found = db.session.scalar(query if seen is None else query.where(seen)) if actor.can(words.READ) else None
    if found is None:
        raise NotFound()
    return found


def light(supervision: Supervision, now: datetime) -> Light:
    """The light of a supervision: of its reply while that is waited for."""
    waits = supervision.state is S.ISSUED
    return rules.light(now, supervision.reply_by, supervision.soon_at, waits)


def urge_light(what: Urge, now: datetime) -> Light:
    """The light of an urge."""
    return rules.light(now, what.reply_by, None, what.ended_at is None)


# --- lists -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """Filters of the lists; empty ones do not restrict."""

    q: str = ""
    state: str = "open"
    department: int | None = None
    mine: str = ""


def _open() -> ColumnElement[bool]:
    return Supervision.closed_at.is_(None)


def condition(name: str, now: datetime) -> ColumnElement[bool] | None:
    """The condition behind one of TABS; None does not restrict."""
    match name:
        case "overdue":
            return and_(_open(), Supervision.state == S.ISSUED, Supervision.reply_by < now)
        case "replied":
            return and_(_open(), Supervision.state == S.REPLIED)
        case "closed":
            return Supervision.closed_at.is_not(None)
        case "all":
            return None
        case _:
            return _open()


def listing(actor: Actor, wanted: Wanted, now: datetime) -> Select[Any]:
    """The supervisions that the actor may read and that fit: open ones by their date, the overdue first."""
    query = select(Supervision).options(joinedload(Supervision.post), selectinload(Supervision.replies))
    for each in (rights.visible(actor), condition(wanted.state, now)):
        if each is not None:
            query = query.where(each)
    if wanted.department:
        query = query.where(Supervision.department_id == wanted.department)
    if wanted.mine == "answer":
        query = query.where(Supervision.post_id.in_(actor.post_ids))
    elif wanted.mine == "issue":
        own = [Supervision.issued_by_id == actor.id, Supervision.issued_post_id.in_(actor.post_ids)]
        query = query.where(or_(*own))
    query = search.restrict(query, Supervision.id, "supervision", wanted.q)
    if wanted.state in ("closed", "all"):
        return query.order_by(Supervision.issued_at.desc(), Supervision.id.desc())
    return query.order_by(Supervision.reply_by, Supervision.id)


def urges(actor: Actor, wanted: Wanted, now: datetime) -> Select[Any]:
    """The urges that the actor may read: open ones by their date, others newest first."""
    query = select(Urge).options(joinedload(Urge.post), joinedload(Urge.case), joinedload(Urge.task))
    seen = rights.visible_urges(actor)
    if seen is not None:
        query = query.where(seen)
    if wanted.department:
        query = query.where(Urge.department_id == wanted.department)
    if wanted.mine == "answer":
        query = query.where(Urge.post_id.in_(actor.post_ids))
    elif wanted.mine == "issue":
        query = query.where(or_(Urge.urged_by_id == actor.id, Urge.by_post_id.in_(actor.post_ids)))
    match wanted.state:
        case "overdue":
            return query.where(Urge.ended_at.is_(None), Urge.reply_by < now).order_by(Urge.reply_by, Urge.id)
        case "ended":
            query = query.where(Urge.ended_at.is_not(None))
        case "all":
            pass
        case _:
            return query.where(Urge.ended_at.is_(None)).order_by(Urge.reply_by, Urge.id)
    return query.order_by(Urge.urged_at.desc(), Urge.id.desc())


# --- what waits ------------------------------------------------------------------------------------------------


@cache
def _waiting() -> Select[Any]:
    posts: Any = bindparam("posts", expanding=True)
    urged = select(func.count()).where(
        Urge.ended_at.is_(None), Urge.post_id.in_(posts), Urge.urged_by_id != bindparam("user")
    )
    asked = select(func.count()).where(_open(), Supervision.post_id.in_(posts), Supervision.state == S.ISSUED)
    replied = select(func.count()).where(
        _open(),
        Supervision.state == S.REPLIED,
        or_(
            Supervision.issued_post_id.in_(posts),
            and_(Supervision.issued_post_id.is_(None), Supervision.issued_by_id == bindparam("user")),
        ),
        Supervision.post_id.not_in(posts),
    )
    return select(urged.scalar_subquery() + asked.scalar_subquery() + replied.scalar_subquery())


def count_waiting(actor: Actor) -> int:
    """How many urges and supervisions wait for the actor: one statement over the indexes of open ones."""
    if not actor.post_ids and not actor.can(words.SUPERVISE):
        return 0
    return db.session.scalar(_waiting(), {"posts": actor.post_ids, "user": actor.id or 0}) or 0


def urges_to_answer(actor: Actor, limit: int = 50) -> list[Urge]:
    """Open urges of the posts that the actor answers for, the earliest date first."""
    if not actor.post_ids:
        return []
    query = select(Urge).where(
        Urge.ended_at.is_(None), Urge.post_id.in_(actor.post_ids), Urge.urged_by_id != (actor.id or 0)
    )
    query = query.options(joinedload(Urge.case), joinedload(Urge.task)).order_by(Urge.reply_by, Urge.id)
    return list(db.session.scalars(query.limit(limit)))


def to_answer(actor: Actor, limit: int = 50) -> list[Supervision]:
    """Supervisions that wait for a reply of the actor's posts."""
    if not actor.post_ids:
        return []
    query = select(Supervision).where(_open(), Supervision.state == S.ISSUED, Supervision.post_id.in_(actor.post_ids))
    return list(db.session.scalars(query.order_by(Supervision.reply_by, Supervision.id).limit(limit)))


def to_decide(actor: Actor, limit: int = 50) -> list[Supervision]:
    """Replies that wait for the issuing side."""
    if not actor.can(words.SUPERVISE):
        return []
    query = select(Supervision).where(_open(), Supervision.state == S.REPLIED)
    query = query.where(
        or_(
            Supervision.issued_post_id.in_(actor.post_ids),
            and_(Supervision.issued_post_id.is_(None), Supervision.issued_by_id == (actor.id or 0)),
        )
    ).options(selectinload(Supervision.replies))
    found = db.session.scalars(query.order_by(Supervision.reply_by, Supervision.id).limit(limit))
    return [each for each in found if rights.decides(actor, each)]


def unanswered_of(actor: Actor, now: datetime) -> int:
    """How many supervisions are overdue that the actor should know of: as head, as leader in charge, as issuer."""
    departments = actor.departments_headed() | ab_rights.departments_led(actor)
    query = select(func.count()).select_from(Supervision).where(_open(), Supervision.state == S.ISSUED)
    query = query.where(Supervision.reply_by < now)
    if not actor.can(words.READ_ALL):
        if not departments:
            return 0
        query = query.where(Supervision.department_id.in_(departments))
    return db.session.scalar(query) or 0


def overdue(now: datetime, limit: int) -> tuple[int, list[Supervision]]:
    """Supervisions without a reply past their date: how many, and the longest waiting (for the wall)."""
    late = _open(), Supervision.state == S.ISSUED, Supervision.reply_by < now
    count = db.session.scalar(select(func.count()).where(*late)) or 0
    if not count:
        return 0, []
    rows = select(Supervision).where(*late).order_by(Supervision.reply_by, Supervision.id).limit(limit)
    return count, list(db.session.scalars(rows))


def open_on(post_id: int) -> list[Supervision]:
    """The open supervisions of a post."""
    query = select(Supervision).where(_open(), Supervision.post_id == post_id)
    return list(db.session.scalars(query.order_by(Supervision.reply_by)))


def of_case(case_id: int) -> tuple[list[Urge], list[Supervision]]:
    """The urges and supervisions of a case, oldest first."""
    return _of(Urge.case_id == case_id, Supervision.case_id == case_id)


def of_task(task: Task) -> tuple[list[Urge], list[Supervision]]:
    """The urges and supervisions of a task, oldest first."""
    return _of(Urge.task_id == task.id, Supervision.task_id == task.id)


def _of(urged: ColumnElement[bool], supervised: ColumnElement[bool]) -> tuple[list[Urge], list[Supervision]]:
    return (
        list(db.session.scalars(select(Urge).where(urged).order_by(Urge.id))),
        list(db.session.scalars(select(Supervision).where(supervised).order_by(Supervision.id))),
    )
