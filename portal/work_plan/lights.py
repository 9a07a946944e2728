"""The lights and figures of plans as they stand, by the office's threshold (E-1, T-6)."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.policy import queries as policy
from portal.pure.deadlines import Light
from portal.work_plan import rules
from portal.work_plan.models import PlanItem, WorkPlan
from portal.work_plan.rules import Fact, Figures


def soon() -> timedelta:
    """How long before its date an item is due soon (POL-1)."""
    return timedelta(days=policy.value("work_plan.due_soon_days"))


def light(item: PlanItem, now: datetime) -> Light:
    """The light of an item; of a plan that ended, as it was then."""
    at = item.plan.ended_at or now
    return rules.light(item.state, at, item.due_at, item.reported_at, soon(), item.excused_at is not None)


def figures(plan: WorkPlan, now: datetime) -> Figures:
    """The figures of a plan as they stand."""
    return rules.figures(Fact(each.state, light(each, now), each.percent) for each in plan.items)
