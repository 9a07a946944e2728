"""The verbs of reviews: file, give an opinion, conclude with the figures of the day; year-end ends the plan (E-1)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from portal.kernel import clock, journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import queries as people
from portal.policy import queries as policy
from portal.pure.deadlines import Light
from portal.work_plan import lights, rights, rules
from portal.work_plan import vocabulary as words
from portal.work_plan.common import REVIEW_FILES, store, tell_of_plan
from portal.work_plan.executing import waiting_extension
from portal.work_plan.models import ItemState, PlanAmendment, PlanReview, PlanState, Term, WorkPlan
from portal.work_plan.rules import Figures


def term_due(plan: WorkPlan, now: datetime) -> Term | None:
    """The review that a plan in force is to have now (POL-1)."""
    if plan.state is not PlanState.APPROVED:
        return None
    mid, year = policy.value("work_plan.mid_review_after_months"), policy.value("work_plan.year_review_after_months")
    return rules.term_due(plan.year, clock.local(now).date(), mid, year)


def review_of(plan: WorkPlan, term: Term) -> PlanReview | None:
    """A review of a plan."""
    return next((each for each in plan.reviews if each.term is term), None)


def file(
    actor: Actor, plan: WorkPlan, term: Term, summary: str, now: datetime, uploads: Sequence[FileStorage] = ()
) -> PlanReview:
    """The department says how its plan stands. Raises NotAllowed, Invalid; Conflict at another time or twice."""
    if not rights.writes_for(actor, plan.department_id):
        raise NotAllowed(_("由本科室负责人提交自查。"), "E-1")
    if term is not term_due(plan, now):
        raise Conflict(_("现在不是这次检查的时间，或者计划不在执行中。"), "E-1")
    if review_of(plan, term) is not None:
        raise Conflict(_("自查已经提交。"), "E-1")
    if not summary:
        raise Invalid("text", _("请填写自查情况。"), "E-1")
    made = PlanReview(
        term=term, summary=summary, filed_by_id=actor.id or 0, filed_at=now, opinion="", conclusion="", figures=""
    )
    plan.reviews.append(made)
    db.session.flush()
    kept = store(actor, REVIEW_FILES, made.id, uploads, now)
    journal.record(words.REVIEW_FILED, made, actor, now, term=term, summary=summary, files=kept)
    leader = rights.extender(plan.department_id, made.filed_by_id, None, now)
    title = _l("工作计划 %(number)s 提交自查，请提出意见", number=plan.number)
    tell_of_plan(plan, [leader], f"review:{made.id}", title, "", now)
    return made


def opine(actor: Actor, review: PlanReview, opinion: str, now: datetime) -> None:
    """Who is in charge says what it is worth, until the conclusion. Raises NotAllowed, Conflict, Invalid."""
    if not rights.in_charge(actor, review.plan.department_id) or actor.id == review.filed_by_id:
        raise NotAllowed(_("由分管领导或者办公室提出意见，提交自查的人不能。"), "E-1")
    if review.concluded_at is not None:
        raise Conflict(_("已经作出结论，不再变动。"), "E-1")
    if not opinion:
        raise Invalid("text", _("请填写检查意见。"), "E-1")
    review.opinion, review.opinion_by_id, review.opinion_at = opinion, actor.id, now
    journal.record(words.REVIEW_OPINION, review, actor, now, term=review.term, opinion=opinion)


def conclude(actor: Actor, review: PlanReview, conclusion: str, now: datetime) -> None:
    """Conclude a review: figures and items are kept as they stand; the year-end one ends the plan (E-1).

    Raises NotAllowed for who filed it; Conflict before the opinion, a second time, or while something waits for an
    answer at year-end; Invalid.
    """
    plan = review.plan
    if not rights.approves(actor, (review.filed_by_id,)):
        raise NotAllowed(_("由主要负责人或者办公室记录检查结论，提交自查的人不能。"), "E-1")
    if review.opinion_at is None or review.concluded_at is not None or plan.state is not PlanState.APPROVED:
        raise Conflict(_("还没有检查意见，或者已经作出结论。"), "E-1")
    if not conclusion:
        raise Invalid("text", _("请填写检查结论。"), "E-1")
    if review.term is Term.YEAR and _something_waits(plan):
        raise Conflict(_("还有待确认的事项、未答复的延期或者未审定的调整，不能结束计划。"), "E-1")
    found = lights.figures(plan, now)
    review.figures = json.dumps({"figures": asdict(found), "items": lines(plan, now)}, ensure_ascii=False)
    review.conclusion, review.concluded_by_id, review.concluded_at = conclusion, actor.id, now
    journal.record(
        words.REVIEW_CONCLUDED, review, actor, now, term=review.term, conclusion=conclusion, items=found.items,
        done=found.done, late=found.late + found.done_late, percent=found.percent,
    )  # fmt: skip
    if review.term is Term.YEAR:
        plan.state, plan.ended_at = rules.PLAN_MOVES.after(plan.state, "end"), now
        journal.record(words.ENDED, plan, actor, now)
    title = _l("工作计划 %(number)s 的检查已有结论", number=plan.number)
    tell_of_plan(plan, [review.filed_by_id], f"concluded:{review.id}", title, conclusion, now)


def _something_waits(plan: WorkPlan) -> bool:
    if any(each.state is ItemState.REPORTED or waiting_extension(each) is not None for each in plan.items):
        return True
    asked = select(PlanAmendment.id).where(PlanAmendment.plan_id == plan.id, PlanAmendment.decided_at.is_(None))
    return db.session.scalar(asked.limit(1)) is not None


def lines(plan: WorkPlan, now: datetime) -> list[dict[str, Any]]:
    """Every item as it stands, for a concluded review."""
    names = people.user_names()
    return [
        {
            "number": each.number,
            "key_task": each.key_task,
            "step": each.step,
            "person": names.get(each.person_id, ""),
            "due_on": str(each.due_on),
            "state": str(each.state),
            "percent": each.percent,
            "light": str(lights.light(each, now)),
        }
        for each in plan.items
    ]


@dataclass(frozen=True)
class Frozen:
    """What a concluded review keeps."""

    figures: Figures
    lines: list[dict[str, Any]]


def frozen(review: PlanReview) -> Frozen | None:
    """The figures and items of a concluded review as they stood."""
    if not review.figures:
        return None
    kept = json.loads(review.figures)
    read = [{**each, "state": ItemState(each["state"]), "light": Light(each["light"])} for each in kept["items"]]
    return Frozen(Figures(**kept["figures"]), read)
