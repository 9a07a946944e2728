"""Reads of filings: who decides now, what waits, what a person has to do, lists and the register's rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, exists, func, select, text
from sqlalchemy.orm import contains_eager, joinedload
from werkzeug.exceptions import NotFound

from portal.ab_post import queries as ab_post
from portal.cases import queries as cases
from portal.cases.models import Case, CaseHandler
from portal.denial_filing import rules
from portal.denial_filing import vocabulary as words
from portal.denial_filing.models import Filing, FilingState
from portal.denial_filing.rules import Answerer, Decider, Stage
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.one_time_notice.models import Notice
from portal.people import queries as people
from portal.post_duty import queries as posts

#: Beyond this many waiting filings a board shows the most urgent ones.
MOST_WAITING = 500
#: A handler's list shows at most this many steps of each kind.
MOST_STEPS = 200


def by_number(actor: Actor, number: str) -> Filing:
    """A filing of a case that the actor may see. Raises NotFound for a missing and a foreign one alike."""
    found = db.session.scalar(select(Filing).where(Filing.number == number).options(joinedload(Filing.case)))
    if found is None or not cases.may_read(actor, found.case):
        raise NotFound()
    return found


def of_case(case_id: int) -> list[Filing]:
    """The filings of a case, oldest first."""
    return list(db.session.scalars(select(Filing).where(Filing.case_id == case_id).order_by(Filing.id)))


def is_waiting() -> Any:
    """The condition of the partial index, in its own words: with bound values SQLite could not know that it fits."""
    return text("denial_filing.state IN ('waiting_leader','waiting_principal')")


def fallen(filing: Filing) -> bool:
    """Whether an undecided filing has fallen because its case ended otherwise (derived, never decided)."""
    return filing.state in rules.WAITING and filing.case.closed_at is not None


# --- what stands between a case and another filing -------------------------------------------------------------


def standing(case: Case) -> Filing | None:
    """The filing that keeps another one from being made: undecided, agreed, or with its notice still to be given."""
    found = db.session.scalar(
        select(Filing)
        .where(Filing.case_id == case.id, Filing.state.in_((*rules.WAITING, FilingState.AGREED)))
        .order_by(Filing.id.desc())
        .limit(1)
    )
    return found or ordering(case)


def ordering(case: Case) -> Filing | None:
    """The filing of an open case whose decision orders a one-time notice that nobody has issued yet (D-3)."""
    if case.closed_at is not None:
        return None
    return db.session.scalar(
        select(Filing)
        .where(Filing.case_id == case.id, Filing.state == FilingState.SUPPLEMENT, ~_noticed())
        .order_by(Filing.id.desc())
        .limit(1)
    )


def _noticed() -> Any:
    return exists().where(Notice.case_id == Filing.case_id, Notice.ordered_by == Filing.number)


# --- who decides -----------------------------------------------------------------------------------------------


def handlers(case_id: int) -> frozenset[int]:
    """Everybody who has had a hand in a case (D-4)."""
    return _handlers([case_id]).get(case_id, frozenset())


def _handlers(case_ids: Collection[int]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    if case_ids:
        rows = select(CaseHandler.case_id, CaseHandler.user_id).where(CaseHandler.case_id.in_(case_ids))
        for case_id, user_id in db.session.execute(rows):
            found.setdefault(case_id, set()).add(user_id)
    return {case_id: frozenset(users) for case_id, users in found.items()}


def answerer(post_id: int | None, now: datetime) -> Answerer:
    """Who answers for a leader's post at an instant (AB-3)."""
    if post_id is None:
        return Answerer(None)
    found = ab_post.who_answers_for(post_id, now)
    return Answerer(found.user_id, found.acting, found.for_user_id if found.acting else None)


def decider(filing: Filing, now: datetime, known: Collection[int] | None = None) -> Decider:
    """Who may decide an undecided filing now, and through which post (D-3, D-4); ``known``: the case's handlers."""
    return rules.decider(
        Stage(
            state=filing.state,
            grave=filing.grave,
            filed_by_id=filing.filed_by_id,
            handlers=handlers(filing.case_id) if known is None else known,
            escalated_by_id=filing.escalated_by_id,
            own=answerer(filing.decider_post_id, now),
            principal=answerer(posts.principal_post(), now),
            leader=answerer(posts.leader_post_of(filing.department_id), now),
        )
    )


def may_decide(actor: Actor, filing: Filing, now: datetime) -> bool:
    """Whether the actor is the one who decides this filing now."""
    if not actor.can(words.DECIDE) or filing.state not in rules.WAITING or fallen(filing):
        return False
    return actor.id is not None and decider(filing, now).user_id == actor.id


# --- what waits ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WaitingRow:
    """An undecided filing without its client: what, whose, since when, until when, and who decides now."""

    number: str
    matter: str
    department: str
    #: Since when it waits for this decision: the filing, or its escalation.
    since: datetime
    decide_by: datetime
    grave: bool
    decider_id: int | None
    #: Name of who decides now; empty when nobody may.
    decider: str


def waiting(now: datetime) -> list[WaitingRow]:
    """The undecided filings of open cases, the earliest decision first."""
    found = list(
        db.session.scalars(
            select(Filing)
            .join(Filing.case)
            .where(is_waiting(), cases.is_open())
            .options(contains_eager(Filing.case))
            .order_by(Filing.decide_by, Filing.id)
            .limit(MOST_WAITING)
        )
    )
    known = _handlers({f.case_id for f in found})
    names, departments = people.user_names(), people.department_names()
    rows = []
    for f in found:
        user_id = decider(f, now, known.get(f.case_id, frozenset())).user_id
        rows.append(
            WaitingRow(
                number=f.number,
                matter=f.case.matter,
                department=departments.get(f.department_id, ""),
                since=f.escalated_at or f.filed_at,
                decide_by=f.decide_by,
                grave=f.grave,
                decider_id=user_id,
                decider=names.get(user_id or 0, ""),
            )
        )
    return rows


def waiting_for(actor: Actor, now: datetime) -> list[WaitingRow]:
    """The filings that wait for the actor's decision now."""
    if not actor.can(words.DECIDE):
        return []
    return [row for row in waiting(now) if row.decider_id == actor.id]


def stuck(now: datetime) -> list[WaitingRow]:
    """The filings that nobody may decide now, for the office (D-4)."""
    return [row for row in waiting(now) if row.decider_id is None]


# --- what handlers have to do ----------------------------------------------------------------------------------


class Step(StrEnum):
    """What a decided filing asks of who answers for the case's post."""

    ISSUE = "issue"
    DELIVER = "deliver"
    HANDLE = "handle"
    NOTIFY = "notify"


def step(filing: Filing) -> Step | None:
    """What a filing asks for now, or None; a correction is met by whatever filing comes after it, or by the end."""
    if filing.letter_number is not None:
        return Step.DELIVER if filing.delivered_on is None else None
    if filing.case.closed_at is not None:
        return None
    return {
        FilingState.AGREED: Step.ISSUE,
        FilingState.CORRECTED: Step.HANDLE,
        FilingState.SUPPLEMENT: Step.NOTIFY,
    }.get(filing.state)


def waiting_on(post_id: int) -> list[Filing]:
    """The undecided filings of open cases that a leader's post is to decide, the earliest decision first."""
    query = select(Filing).join(Filing.case).options(contains_eager(Filing.case)).where(is_waiting(), cases.is_open())
    query = query.where(Filing.decider_post_id == post_id)
    return list(db.session.scalars(query.order_by(Filing.decide_by, Filing.id).limit(MOST_WAITING)))


@cache
def _asked_of_posts() -> tuple[Select[Any], Select[Any]]:
    """Decided filings of some posts (bound as ``posts``) that ask for something, and decisions to be delivered.

    Two ranges of partial indexes; built once, since every page's menu counts them.
    """
    mine = Case.post_id.in_(bindparam("posts", expanding=True))
    later = Filing.__table__.alias("later")
    none_later = ~exists().where(
        later.c.case_id == Filing.case_id, later.c.id > Filing.id, later.c.state != FilingState.RECALLED
    )
    decided = select(Filing).join(Filing.case).where(mine)
    open_ones = decided.where(
        cases.is_open(),
        Filing.state.in_(rules.DECIDED),
        Filing.letter_number.is_(None),
        none_later,
        (Filing.state != FilingState.SUPPLEMENT) | ~_noticed(),
    )
    return open_ones, decided.where(Filing.letter_number.is_not(None), Filing.delivered_on.is_(None))


@cache
def _steps_of_posts() -> tuple[Select[Any], ...]:
    order = (Filing.deliver_by, Filing.id)
    return tuple(q.options(contains_eager(Filing.case)).order_by(*order).limit(MOST_STEPS) for q in _asked_of_posts())


@cache
def _steps_counted() -> Select[Any]:
    open_ones, undelivered = (
        q.with_only_columns(func.count(), maintain_column_froms=True).scalar_subquery() for q in _asked_of_posts()
    )
    return select(open_ones + undelivered)


def steps(actor: Actor) -> list[tuple[Step, Filing]]:
    """What decided filings ask of the actor, for the posts answered for now."""
    return steps_of(actor.post_ids) if actor.can(words.FILE) and actor.post_ids else []


def steps_of(post_ids: tuple[int, ...]) -> list[tuple[Step, Filing]]:
    """What decided filings ask of who answers for some posts."""
    found: list[tuple[Step, Filing]] = []
    for query in _steps_of_posts():
        for filing in db.session.scalars(query, {"posts": post_ids}):
            if (due := step(filing)) is not None:
                found.append((due, filing))
    return found


def count_steps(actor: Actor) -> int:
    """How many steps decided filings ask of the actor."""
    if not actor.can(words.FILE) or not actor.post_ids:
        return 0
    return db.session.scalar(_steps_counted(), {"posts": actor.post_ids}) or 0


# --- lists -----------------------------------------------------------------------------------------------------

#: The tabs of the leader's list: their states.
TABS = {
    "waiting": rules.WAITING,
    "agreed": (FilingState.AGREED,),
    "returned": (FilingState.CORRECTED, FilingState.SUPPLEMENT),
}


def tab(actor: Actor, name: str) -> Select[Any]:
    """The filings of a tab that the actor may see: undecided ones by urgency, decided ones newest first."""
    query = select(Filing).join(Filing.case).options(contains_eager(Filing.case))
    query = query.where(is_waiting() if name == "waiting" else Filing.state.in_(TABS[name]))
    seen = cases.visible(actor)
    if seen is not None:
        query = query.where(seen)
    if name == "waiting":
        return query.where(cases.is_open()).order_by(Filing.decide_by, Filing.id)
    return query.order_by(Filing.decided_at.desc(), Filing.id.desc())


def waiting_numbers(rows: Iterable[WaitingRow]) -> frozenset[str]:
    """The numbers of some waiting filings."""
    return frozenset(row.number for row in rows)
