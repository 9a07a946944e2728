"""Reads of parts and of what lies with an upper authority."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload

from portal.ab_post import queries as ab_post
from portal.calendar import queries as calendar
from portal.cases import queries as cases
from portal.cases.models import Case
from portal.joint_case import rules
from portal.joint_case.models import CasePart, Forwarding
from portal.kernel.db import db
from portal.people import queries as people
from portal.post_duty import queries as posts

MOST = 50


@dataclass(frozen=True)
class PartRow:
    """A part as its lead shows it: the row of the lists, what it gives, who answers for it now."""

    row: cases.Row
    gives: str
    opinion: bool
    silence_agrees: bool
    post: str
    answers: str


def parts(lead: Case, now: datetime) -> list[PartRow]:
    """The parts of a joint case, in the order in which they were asked for."""
    given = {p.case_id: p for p in db.session.scalars(select(CasePart).join(Case).where(Case.lead_id == lead.id))}
    if not given:
        return []
    names = people.user_names()
    return [
        PartRow(
            row,
            given[row.id].gives,
            given[row.id].opinion,
            given[row.id].silence_agrees,
            posts.post_name(row.post_id),
            names.get(ab_post.who_answers_for(row.post_id, now).user_id or 0, ""),
        )
        for row in cases.rows(cases.columns().where(Case.lead_id == lead.id).order_by(Case.id))
        if row.id in given
    ]


def part_of(case: Case) -> CasePart | None:
    """What a case gives as a part; None when it is none."""
    return db.session.get(CasePart, case.id) if case.lead_id is not None else None


def open_parts(lead_id: int) -> list[Case]:
    """The open parts of a case."""
    return list(db.session.scalars(select(Case).where(Case.lead_id == lead_id, Case.closed_at.is_(None))))


def count_open_parts(lead_id: int) -> int:
    """How many parts of a case are open."""
    query = select(func.count()).where(Case.lead_id == lead_id, Case.closed_at.is_(None))
    return db.session.scalar(query) or 0


def late_parts(post_ids: Sequence[int], now: datetime) -> list[tuple[Case, Case]]:
    """Open parts past their limit with their leads, for those who answer for the lead's post (T-9)."""
    lead = aliased(Case)
    query = (
        select(Case, lead)
        .join(lead, lead.id == Case.lead_id)
        .where(Case.lead_id.is_not(None), Case.closed_at.is_(None), Case.due_at < now, lead.post_id.in_(post_ids))
        .order_by(Case.due_at)
        .limit(MOST)
    )
    return [(part, its) for part, its in db.session.execute(query)]


def forwardings(case_id: int) -> list[Forwarding]:
    """Every time that a case went to an upper authority, oldest first."""
    query = select(Forwarding).where(Forwarding.case_id == case_id).order_by(Forwarding.id)
    return list(db.session.scalars(query.options(joinedload(Forwarding.tracker))))


def away(case_id: int) -> Forwarding | None:
    """Where a case lies now; None when it lies with us."""
    query = select(Forwarding).where(Forwarding.case_id == case_id, Forwarding.returned_at.is_(None))
    return db.session.scalar(query)


def tracked(user_id: int) -> list[Forwarding]:
    """What a person keeps track of, the longest away first."""
    query = select(Forwarding).where(Forwarding.tracker_id == user_id, Forwarding.returned_at.is_(None))
    return list(db.session.scalars(query.options(joinedload(Forwarding.case)).order_by(Forwarding.sent_at).limit(MOST)))


def shares(case: Case, sent: Sequence[Forwarding], now: datetime) -> rules.Shares | None:
    """Our share of the time since acceptance; None before it."""
    if case.accepted_at is None:
        return None
    away_times = [(f.sent_at, f.returned_at) for f in sent]
    return rules.shares(case.accepted_at, case.closed_at or now, away_times, calendar.work_calendar())
