"""Reads of special procedures, extensions and closing notices. What waits is read from partial indexes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload
from werkzeug.exceptions import NotFound

from portal.ab_post import superiors
from portal.cases import queries as cases
from portal.cases.models import Case, CaseHandler, CasePause, CaseState
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.policy import queries as policy
from portal.post_duty.models import PostKind
from portal.pure.numbering import NumberError, parse_number, verify_check_code
from portal.service_commitment.models import CaseKind
from portal.timed_completion import rules
from portal.timed_completion import vocabulary as words
from portal.timed_completion.models import CaseExtension, ClosingNotice, ExtensionState, Letter, SpecialProcedure
from portal.timed_completion.rules import Matter

#: Beyond this many waiting requests a list of to-dos shows the earliest ones.
MOST_WAITING = 200


# --- one case --------------------------------------------------------------------------------------------------


def procedures(case_id: int) -> list[SpecialProcedure]:
    """The special procedures of a case, oldest first."""
    query = (
        select(SpecialProcedure).where(SpecialProcedure.case_id == case_id).options(joinedload(SpecialProcedure.pause))
    )
    return list(db.session.scalars(query.order_by(SpecialProcedure.id)))


def extensions(case_id: int) -> list[CaseExtension]:
    """The requests for more time of a case, oldest first."""
    return list(
        db.session.scalars(select(CaseExtension).where(CaseExtension.case_id == case_id).order_by(CaseExtension.id))
    )


def closing_notice(case_id: int) -> ClosingNotice | None:
    """The closing notice of a case, if one was issued."""
    return db.session.get(ClosingNotice, case_id)


def matter_of(case: Case) -> Matter:
    """What the longest extension of a case depends on (T-5)."""
    version = case.promise_version
    return rules.matter(bool(version and version.licence), case.kind == CaseKind.JOINT)


def is_licence(case: Case) -> bool:
    """Whether the case is about a licence: its extension moves the statutory clock as well."""
    return bool(case.promise_version and case.promise_version.licence)


def most_days(case: Case) -> int:
    """The longest extension of a case in working days (T-5, POL-1)."""
    return rules.most_days(policy.value(f"timed_completion.extension_max_{matter_of(case)}"))


def standing(extension: CaseExtension, now: datetime) -> ExtensionState:
    """Where a request stands now."""
    case = extension.case
    return rules.standing(extension.state, case.due_at, case.closed_at, now)


# --- one paper -------------------------------------------------------------------------------------------------


def by_number(actor: Actor, number: str) -> Letter:
    """A procedure, an extension or a closing notice of a case that the actor may see. Raises NotFound otherwise."""
    found = _paper(number)
    if found is None or not actor.can(words.READ) or not cases.may_read(actor, found.case):
        raise NotFound()
    return found


def _paper(number: str) -> Letter | None:
    match number.partition("-")[0]:
        case "TC":
            of_kind = select(SpecialProcedure).where(SpecialProcedure.number == number)
            return db.session.scalar(of_kind.options(joinedload(SpecialProcedure.case)))
        case "YQ":
            asked = select(CaseExtension).where(CaseExtension.number == number)
            return db.session.scalar(asked.options(joinedload(CaseExtension.case)))
        case "BJ":
            closing = select(ClosingNotice).where(ClosingNotice.number == number)
            return db.session.scalar(closing.options(joinedload(ClosingNotice.case)))
        case _:
            return None


@dataclass(frozen=True)
class Genuine:
    """What the check page says of a genuine paper: no client data."""

    number: str
    paper: str
    on: date
    department_id: int


def check(typed: str, code: str, secret: bytes) -> Genuine | None:
    """A paper whose number and check code belong together; None when they do not, or nothing was sent out."""
    try:
        number = str(parse_number(typed))
    except NumberError:
        return None
    found = _paper(number) if verify_check_code(number, code, secret) else None
    if found is None or (isinstance(found, CaseExtension) and found.state is not ExtensionState.GRANTED):
        return None
    return Genuine(number, kind_of(found), clock.local(issued_at(found)).date(), found.case.department_id)


def kind_of(letter: Letter) -> str:
    """The word of a paper's kind, a key of PAPER_LABELS."""
    if isinstance(letter, SpecialProcedure):
        return "procedure"
    return "extension" if isinstance(letter, CaseExtension) else "closing"


def issued_at(letter: Letter) -> datetime:
    """When a paper was made."""
    if isinstance(letter, SpecialProcedure):
        return letter.started_at
    if isinstance(letter, CaseExtension):
        return letter.decided_at or letter.asked_at
    return letter.issued_at


# --- who decides -----------------------------------------------------------------------------------------------


def handlers(case_id: int) -> set[int]:
    """Everybody who has had a hand in a case."""
    return set(db.session.scalars(select(CaseHandler.user_id).where(CaseHandler.case_id == case_id)))


def decider(extension: CaseExtension, now: datetime) -> int | None:
    """Who decides a request now (T-5): the head where policy lets heads decide and it is neither licence nor joint,
    else the leader in charge, whoever answers for them; never who asked or has had a hand in the case."""
    case = extension.case
    by_head = matter_of(case) is Matter.OTHER and policy.value("timed_completion.extension_head_decides")
    excluded = handlers(case.id) | {extension.asked_by_id}
    found = superiors.decider(PostKind.HEAD if by_head else PostKind.LEADER, case.department_id, excluded, now)
    return found[0] if found else None


def may_decide(actor: Actor, extension: CaseExtension, now: datetime) -> bool:
    """Whether the actor is who decides this request now."""
    if not actor.can(words.DECIDE) or actor.id is None or standing(extension, now) is not ExtensionState.WAITING:
        return False
    return decider(extension, now) == actor.id


# --- what waits ------------------------------------------------------------------------------------------------


@cache
def _any_waiting() -> Select[Any]:
    return select(CaseExtension.id).where(CaseExtension.state == ExtensionState.WAITING).limit(1)


def waiting(actor: Actor, now: datetime) -> list[CaseExtension]:
    """The requests that the actor is to decide now, the earliest limit first."""
    if not actor.can(words.DECIDE) or db.session.scalar(_any_waiting()) is None:
        return []
    query = select(CaseExtension).join(CaseExtension.case).options(contains_eager(CaseExtension.case))
    query = query.where(CaseExtension.state == ExtensionState.WAITING, Case.closed_at.is_(None))
    query = query.where(or_(Case.due_at.is_(None), Case.due_at >= now))
    found = db.session.scalars(query.order_by(Case.due_at.is_(None), Case.due_at, CaseExtension.id).limit(MOST_WAITING))
    return [each for each in found if may_decide(actor, each, now)]


def without_result(post_ids: tuple[int, ...], now: datetime) -> list[SpecialProcedure]:
    """Procedures of some posts whose clocks run again and whose result nobody has written down: the alarm of T-4."""
    if not post_ids:
        return []
    query = select(SpecialProcedure).join(SpecialProcedure.case).join(SpecialProcedure.pause)
    query = query.options(contains_eager(SpecialProcedure.case), contains_eager(SpecialProcedure.pause))
    query = query.where(SpecialProcedure.result_at.is_(None), Case.closed_at.is_(None), Case.post_id.in_(post_ids))
    query = query.where(or_(CasePause.to_at.is_not(None), CasePause.until_at <= now))
    return list(db.session.scalars(query.order_by(CasePause.until_at, SpecialProcedure.id).limit(MOST_WAITING)))


def untold(post_ids: tuple[int, ...]) -> list[Letter]:
    """Special procedures under way of which the client has not been told yet in writing (T-4), extensions too (T-5)."""
    if not post_ids:
        return []
    begun = select(SpecialProcedure).join(SpecialProcedure.case).options(contains_eager(SpecialProcedure.case))
    begun = begun.where(SpecialProcedure.result_at.is_(None), SpecialProcedure.told_on.is_(None))
    given = select(CaseExtension).join(CaseExtension.case).options(contains_eager(CaseExtension.case))
    given = given.where(CaseExtension.state == ExtensionState.GRANTED, CaseExtension.told_on.is_(None))
    found: list[Letter] = []
    for query in (begun, given):
        query = query.where(Case.closed_at.is_(None), Case.post_id.in_(post_ids))
        found += db.session.scalars(query.order_by(Case.due_at).limit(MOST_WAITING))
    return found


# --- the lists -------------------------------------------------------------------------------------------------

PROCEDURE_TABS = ("running", "ended", "all")
EXTENSION_TABS = ("waiting", "granted", "refused", "fallen", "all")


@dataclass(frozen=True)
class Wanted:
    """Filters of both lists; empty ones do not restrict."""

    tab: str = ""
    number: str = ""
    reason: str = ""
    department_id: int | None = None
    from_on: date | None = None
    until_on: date | None = None


def procedure_list(actor: Actor, wanted: Wanted, now: datetime) -> Select[Any]:
    """Special procedures that the actor may read and that fit; running ones by their cap, others newest first."""
    query = select(SpecialProcedure).join(SpecialProcedure.case).join(SpecialProcedure.pause)
    query = query.options(contains_eager(SpecialProcedure.case), contains_eager(SpecialProcedure.pause))
    query = _narrowed(query, actor, wanted, SpecialProcedure, SpecialProcedure.started_at)
    running = and_(SpecialProcedure.result_at.is_(None), CasePause.to_at.is_(None), CasePause.until_at > now)
    if wanted.reason:
        query = query.where(SpecialProcedure.reason == wanted.reason)
    if wanted.tab == "running":
        return query.where(running).order_by(CasePause.until_at, SpecialProcedure.id)
    if wanted.tab == "ended":
        query = query.where(~running)
    return query.order_by(SpecialProcedure.started_at.desc(), SpecialProcedure.id.desc())


def extension_list(actor: Actor, wanted: Wanted, now: datetime) -> Select[Any]:
    """Requests for more time that the actor may read and that fit; what waits by its limit, others newest first."""
    query = select(CaseExtension).join(CaseExtension.case).options(contains_eager(CaseExtension.case))
    query = _narrowed(query, actor, wanted, CaseExtension, CaseExtension.asked_at)
    lapsed = or_(Case.closed_at.is_not(None), Case.due_at < now)
    if wanted.tab == "waiting":
        query = query.where(CaseExtension.state == ExtensionState.WAITING, ~func.coalesce(lapsed, False))
        return query.order_by(Case.due_at.is_(None), Case.due_at, CaseExtension.id)
    if wanted.tab == "fallen":
        undecided = and_(CaseExtension.state == ExtensionState.WAITING, lapsed)
        query = query.where(or_(CaseExtension.state == ExtensionState.FALLEN, undecided))
    elif wanted.tab in ("granted", "refused"):
        query = query.where(CaseExtension.state == ExtensionState(wanted.tab))
    return query.order_by(CaseExtension.asked_at.desc(), CaseExtension.id.desc())


def _narrowed(query: Select[Any], actor: Actor, wanted: Wanted, model: Any, at: Any) -> Select[Any]:
    seen = cases.visible(actor)
    if seen is not None:
        query = query.where(seen)
    if wanted.department_id:
        query = query.where(model.department_id == wanted.department_id)
    if wanted.number:
        query = query.where(or_(model.number == wanted.number, Case.number == wanted.number))
    if wanted.from_on:
        query = query.where(at >= clock.day_start(wanted.from_on))
    if wanted.until_on:
        query = query.where(at < clock.day_start(wanted.until_on + timedelta(days=1)))
    return query


def completed(case: Case) -> bool:
    """Whether a closing notice belongs to this case."""
    return case.state is CaseState.COMPLETED
