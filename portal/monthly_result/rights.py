"""Who may review and who may sign: never the only one it is about, never who made its lines (E-6)."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import NotAllowed
from portal.monthly_result import vocabulary as words
from portal.monthly_result.models import MonthlyResult, ResultRow
from portal.score_evidence.models import Objection, ScoreLine, ScoreMonth
from portal.score_table.models import Subject


def hands(result: MonthlyResult) -> frozenset[int]:
    """Who proposed lines of the month or ruled on objections to them: none of them reviews it."""
    month = ScoreMonth.subject == Subject(result.subject), ScoreMonth.month == result.month
    proposed = select(ScoreLine.proposed_by_id).join(ScoreMonth, ScoreMonth.id == ScoreLine.score_month_id)
    ruled = select(Objection.ruled_by_id).join(ScoreMonth, ScoreMonth.id == Objection.score_month_id)
    found = [
        *db.session.scalars(proposed.where(*month, ScoreLine.proposed_by_id.is_not(None)).distinct()),
        *db.session.scalars(ruled.where(*month, Objection.ruled_by_id.is_not(None)).distinct()),
    ]
    return frozenset(each for each in found if each is not None)


def only_about(result: MonthlyResult) -> int | None:
    """The person that a result is about when it is about nobody else."""
    if result.subject != Subject.PERSON:
        return None
    ids = list(db.session.scalars(select(ResultRow.subject_id).where(ResultRow.result_id == result.id).limit(2)))
    return ids[0] if len(ids) == 1 else None


def why_not_review(actor: Actor, result: MonthlyResult) -> str:
    """Why somebody of the supervision group may not review this one; empty: may."""
    if actor.id == result.made_by_id:
        return _("提交人不能审核自己提交的结果，请由督查组其他成员审核。")
    if only_about(result) == actor.id:
        return _("这份结果只涉及您本人，请由督查组其他成员审核。")
    if actor.id in hands(result):
        return _("您提出过这个月的人工依据，或者裁定过异议，请由督查组其他成员审核。")
    return ""


def why_not_sign(actor: Actor, result: MonthlyResult) -> str:
    """Why the principal, or who answers for the principal, may not sign this one; empty: may."""
    if only_about(result) == actor.id:
        return _("这份结果只涉及您本人，不能由您签发。")
    if actor.id == result.reviewed_by_id:
        return _("审核人不能签发自己审核的结果。")
    return ""


def may_review(actor: Actor, result: MonthlyResult) -> None:
    """Raises NotAllowed."""
    if not actor.can(words.REVIEW):
        raise NotAllowed(_("考评结果由督查组审核。"), "E-6")
    if why := why_not_review(actor, result):
        raise NotAllowed(why, "E-6")


def may_sign(actor: Actor, result: MonthlyResult) -> None:
    """Raises NotAllowed."""
    if not actor.can(words.SIGN):
        raise NotAllowed(_("考评结果由主要负责人签发。"), "E-6")
    if why := why_not_sign(actor, result):
        raise NotAllowed(why, "E-6")
