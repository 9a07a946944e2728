"""Reads of plans and items. Open work is read through its partial index, lists by year and page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from portal.kernel import clock
from portal.kernel.db import db
from portal.pure.months import month_after
from portal.work_plan.models import PlanItem


@dataclass(frozen=True)
class Overdue:
    """An item whose date passed without a report: what a score of its department or person may count (E-3)."""

    number: str
    title: str
    department_id: int
    person_id: int
    at: datetime


def overdue(month: date) -> list[Overdue]:
    """The items whose date passed within a month, as recorded and not taken back; in order of their dates.

    ``month`` is its first day. Each opens ``work_plan.show_item`` with its ``number``.
    """
    start, end = clock.day_start(month), clock.day_start(month_after(month, 1))
    query = (
        select(PlanItem.number, PlanItem.step, PlanItem.department_id, PlanItem.person_id, PlanItem.late_at)
        .where(PlanItem.late_at.is_not(None), PlanItem.late_at > start, PlanItem.late_at <= end)
        .order_by(PlanItem.late_at, PlanItem.id)
    )
    return [Overdue(*row) for row in db.session.execute(query)]
