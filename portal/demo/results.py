"""Months of the appraisal in the sample office: computed, reviewed, signed, published, one corrected (E-4, E-6)."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal

from portal.demo.history import DAYS
from portal.demo.stage import Stage, Story
from portal.demo.worktime import on
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.db import locked
from portal.kernel.errors import Conflict
from portal.monthly_result import queries, rights, service
from portal.monthly_result import vocabulary as words
from portal.monthly_result.models import MonthlyResult, Standing
from portal.pure.months import month_after
from portal.pure.scoring import Subject
from portal.score_evidence import queries as evidence
from portal.score_evidence import service as months
from portal.score_evidence.models import ScoreMonth

_OFFICE = "wuxia"
_OPINION = "抽查了部分依据，扣分事实清楚，同意送签。"


def begin(stage: Stage) -> None:
    """Plan a result of windows and of persons for each month that is over before the end."""
    last = clock.local(stage.end).date()
    month = (last - timedelta(days=DAYS)).replace(day=1)
    while month_after(month, 1) <= last:
        for subject in Subject:
            stage.tell(result(stage, subject, month))
        month = month_after(month, 1)


def _who(stage: Stage, permission: str, at: datetime, but: frozenset[int] = frozenset()) -> Actor | None:
    """Somebody who may take a step now."""
    actors = (stage.actor(name, at) for name in stage.made.users)
    return next((a for a in actors if a.can(permission) and a.id not in but), None)


def _open(subject: Subject, month: date) -> MonthlyResult:
    found = queries.open_edition(subject, month)
    if found is None:
        raise LookupError("no result is on its way")
    return found


def result(stage: Stage, subject: Subject, month: date) -> Story:
    """Computed on the second working day; once its evidence is settled the result goes its way, a step a day."""
    day = stage.work.calendar.add_workdays(month_after(month, 1), 1)
    at = yield on(day, "10:10" if subject is Subject.DEPARTMENT else "10:40")
    found = evidence.month_of(subject, month)
    if found is None:
        return
    if found.computed_at is None:
        months.compute(stage.actor(_OFFICE, at), locked(ScoreMonth, id=found.id), at)
    while not evidence.is_settled(subject, month):
        day = stage.work.calendar.add_workdays(day, 1)
        at = yield on(day, "11:05")
    if queries.published(subject, month) is not None or queries.open_edition(subject, month) is not None:
        return
    service.submit(stage.actor(_OFFICE, at), subject, month, at)
    day = yield from approved(stage, subject, month, day, _OPINION)
    if subject is Subject.DEPARTMENT:
        yield from corrected(stage, month, day)


def approved(
    stage: Stage, subject: Subject, month: date, day: date, opinion: str
) -> Generator[datetime, datetime, date]:
    """Reviewed, signed and published on the working days after; returns the last of them."""
    day = stage.work.calendar.add_workdays(day, 1)
    at = yield on(day, "15:20")
    made = _open(subject, month)
    reviewer = _who(stage, words.REVIEW, at, rights.hands(made) | {made.made_by_id})
    if reviewer is None:
        return day
    service.review(reviewer, made, opinion, at)
    day = stage.work.calendar.add_workdays(day, 1)
    at = yield on(day, "09:30")
    signer = _who(stage, words.SIGN, at)
    if signer is None:
        return day
    service.sign(signer, _open(subject, month), at)
    at = yield on(day, "16:30")
    with suppress(Conflict):  # a fact was corrected since: the result waits to be sent back and computed again
        service.publish(stage.actor(_OFFICE, at), _open(subject, month), at)
    return day


def corrected(stage: Stage, month: date, day: date) -> Story:
    """A week later one window gets back what was taken for a lateness of somebody else."""
    day = stage.work.calendar.add_workdays(day, 5)
    at = yield on(day, "09:40")
    last = queries.published(Subject.DEPARTMENT, month)
    if last is None:
        return
    office = stage.actor(_OFFICE, at)
    made = service.correct(office, Subject.DEPARTMENT, month, "核对考勤后发现一次迟到记错了科室。", at)
    service.set_correction(
        office, made, last.rows[-1].subject_id, Decimal(1), Standing.SAME, "迟到一次记错了科室，退还 1 分。", at
    )
    service.submit(office, Subject.DEPARTMENT, month, at)
    yield from approved(stage, Subject.DEPARTMENT, month, day, "情况属实，同意更正。")
