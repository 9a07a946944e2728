"""Reads of rounds, reports and results; the results are also what the appraisal reads (P-5)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager, selectinload
from werkzeug.exceptions import NotFound

from portal.ab_post import queries as ab
from portal.ab_post.models import Letter
from portal.duty_report import vocabulary as words
from portal.duty_report.models import Assessment, Assessor, DutyReport, DutyRound, Grade, RoundState
from portal.duty_report.rules import Result
from portal.kernel import clock, epochs
from portal.kernel.actor import Actor, Role
from portal.kernel.db import db
from portal.people.models import User
from portal.post_duty import seams
from portal.post_duty.models import PostKind


def rounds() -> list[DutyRound]:
    """All rounds, the latest first."""
    return list(db.session.scalars(select(DutyRound).order_by(DutyRound.year.desc())))


def any_open() -> bool:
    """Whether a round is open, from memory."""
    opened = select(DutyRound.id).where(DutyRound.state == RoundState.OPEN).limit(1)
    return epochs.cached("duty_report", "any_open", lambda: db.session.scalar(opened) is not None)


def round_of(year: int) -> DutyRound:
    """The round of a year. Raises NotFound."""
    found = db.session.scalar(select(DutyRound).where(DutyRound.year == year))
    if found is None:
        raise NotFound()
    return found


def sees_results(actor: Actor) -> bool:
    """Whether the actor sees everybody's result once a round is closed: the office, supervision, the principal."""
    return actor.can(words.READ_RESULTS) or Role.PRINCIPAL in actor.roles


def assessor_of(actor: Actor, report: DutyReport) -> Assessor | None:
    """The actor's place in the circle of a report."""
    return db.session.get(Assessor, (report.id, actor.id)) if actor.id else None


def report_of(actor: Actor, report_id: int) -> DutyReport:
    """A report that the actor may open: the own one, one to assess once submitted, all for the office.

    Raises NotFound for a missing and a foreign one alike.
    """
    found = db.session.get(DutyReport, report_id)
    if found is None:
        raise NotFound()
    if found.user_id == actor.id or sees_results(actor):
        return found
    mine = assessor_of(actor, found)
    if mine is None or found.submitted_at is None or found.round.state is RoundState.PREPARED:
        raise NotFound()
    return found


def own(user_id: int) -> list[DutyReport]:
    """A person's reports of rounds that have been opened, the latest year first."""
    query = select(DutyReport).join(DutyReport.round).options(contains_eager(DutyReport.round))
    query = query.where(DutyReport.user_id == user_id, DutyRound.state != RoundState.PREPARED)
    return list(db.session.scalars(query.order_by(DutyRound.year.desc())))


def to_assess(user_id: int) -> list[tuple[DutyReport, Assessor]]:
    """The submitted reports of open rounds that a person assesses, those still to do first."""
    query = (
        select(DutyReport, Assessor)
        .join(Assessor, Assessor.report_id == DutyReport.id)
        .join(DutyReport.round)
        .options(contains_eager(DutyReport.round), selectinload(DutyReport.user), selectinload(DutyReport.post))
        .where(
            Assessor.user_id == user_id,
            DutyRound.state == RoundState.OPEN,
            DutyReport.submitted_at.is_not(None),
        )
        .order_by(Assessor.assessed_at.is_not(None), DutyReport.submitted_at)
    )
    return [(report, assessor) for report, assessor in db.session.execute(query)]


def reports(round_id: int, typed: str = "", state: str = "") -> Select[Any]:
    """The reports of a round by department and name; ``state``: written, waiting, or empty for all."""
    query = (
        select(DutyReport)
        .join(DutyReport.user)
        .options(contains_eager(DutyReport.user), selectinload(DutyReport.post), selectinload(DutyReport.circle))
        .where(DutyReport.round_id == round_id)
    )
    if typed:
        query = query.where(or_(User.name.contains(typed, autoescape=True)))
    if state == "written":
        query = query.where(DutyReport.submitted_at.is_not(None))
    elif state == "waiting":
        query = query.where(DutyReport.submitted_at.is_(None))
    return query.order_by(User.department_id, User.name, DutyReport.id)


# --- figures ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figures:
    """The cases of one post in the year (P-1: with figures)."""

    code: str
    post: str
    values: dict[str, int]

    @property
    def on_time_percent(self) -> float | None:
        """Closed on time of closed and open overdue (W-0); None when there was nothing."""
        whole = self.values.get("closed", 0) + self.values.get("open_overdue", 0)
        return 100 * self.values.get("on_time", 0) / whole if whole else None


def figures_now(user_id: int, year: int, now: datetime) -> list[Figures]:
    """The cases in a year of the posts that a person holds as A now."""
    seen, day = ab.picture(), clock.local(now).date()
    held = [
        seen.posts[p]
        for p in sorted(seen.by_user.get(user_id, ()))
        if seen.holder(p, Letter.A, day) == user_id and seen.posts[p].open_on(day)
    ]
    return [Figures(p.code, p.name, asdict(seams.year_of_work(p.id, year, now))) for p in held]


def figures_of(report: DutyReport, now: datetime) -> list[Figures]:
    """The figures of a report: as they stood when it was submitted, else as they are now."""
    if report.submitted_at is None:
        return figures_now(report.user_id, report.round.year, now)
    return [Figures(**kept) for kept in json.loads(report.figures)]


# --- results ---------------------------------------------------------------------------------------------------


def results_of(report_ids: Iterable[int]) -> dict[int, Result]:
    """The results of some reports; the caller sees to it that their round is closed."""
    wanted = list(report_ids)
    counts: dict[int, dict[str, int]] = {report_id: dict.fromkeys(map(str, Grade), 0) for report_id in wanted}
    rows = select(Assessment.report_id, Assessment.grade, func.count()).where(Assessment.report_id.in_(wanted))
    for report_id, grade, count in db.session.execute(rows.group_by(Assessment.report_id, Assessment.grade)):
        counts[report_id][str(grade)] = count
    sizes = dict(
        db.session.execute(
            select(Assessor.report_id, func.count()).where(Assessor.report_id.in_(wanted)).group_by(Assessor.report_id)
        ).all()
    )
    sent = set(
        db.session.scalars(select(DutyReport.id).where(DutyReport.id.in_(wanted), DutyReport.submitted_at.is_not(None)))
    )
    return {r: Result(counts[r], sizes.get(r, 0), r in sent) for r in wanted}


def results(year: int) -> dict[int, Result]:
    """The results of a closed round by person, for the appraisal; empty while it is not closed (P-5)."""
    rows = (
        select(DutyReport.user_id, DutyReport.id)
        .join(DutyReport.round)
        .where(DutyRound.year == year, DutyRound.state == RoundState.CLOSED)
    )
    by_user = dict(db.session.execute(rows).all())
    found = results_of(by_user.values())
    return {user_id: found[report_id] for user_id, report_id in by_user.items()}


def remarks(report_id: int) -> list[str]:
    """The remarks on a report, without who gave them, in no order that tells (by their random key)."""
    rows = select(Assessment.remark).where(Assessment.report_id == report_id, Assessment.remark != "")
    return list(db.session.scalars(rows.order_by(Assessment.key)))


def holders(now: datetime) -> dict[int, tuple[int, int]]:
    """Everybody who holds a post as A now: the post that counts (the highest, then the first) and its department."""
    seen, day = ab.picture(), clock.local(now).date()
    rank = {PostKind.PRINCIPAL: 0, PostKind.LEADER: 1, PostKind.HEAD: 2, PostKind.STAFF: 3}
    found: dict[int, tuple[int, int]] = {}
    for post in sorted(seen.posts.values(), key=lambda p: (rank[p.kind], p.code)):
        holder = seen.holder(post.id, Letter.A, day)
        if post.open_on(day) and holder is not None and seen.able(holder, now):
            found.setdefault(holder, (post.id, post.department_id))
    return found
