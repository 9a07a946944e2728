"""The verbs of a month's result: submit, review, send back, sign, publish, correct (E-4, E-6)."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from portal.kernel import journal
from portal.kernel.actor import Actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.monthly_result import queries, rights, rows, taking
from portal.monthly_result import vocabulary as words
from portal.monthly_result.models import MonthlyResult, ResultCorrection, ResultRow, ResultState, Standing
from portal.policy import queries as policy
from portal.post_duty import queries as posts
from portal.pure.months import month_text
from portal.pure.scoring import signed
from portal.score_evidence import queries as evidence
from portal.score_evidence import service as months
from portal.score_evidence.models import ScoreMonth
from portal.score_table.models import Subject

S = ResultState
_WRITING = (S.DRAFT, S.RETURNED)


def _facts(result: MonthlyResult) -> dict[str, Any]:
    return {"subject": result.subject, "month": month_text(result.month), "edition": result.edition}


def _manages(actor: Actor) -> None:
    if not actor.can(words.MANAGE):
        raise NotAllowed(_("考评结果由办公室提交、公布和更正。"), "E-6")


def _in(result: MonthlyResult, *states: ResultState) -> None:
    if result.state not in states:
        raise Conflict(
            _("这份结果现在是“%(state)s”，不能这样处理。请刷新后查看。", state=words.STATE_LABELS[result.state]), "E-6"
        )


def _locked(result: MonthlyResult) -> MonthlyResult:
    return locked(MonthlyResult, id=result.id)


def _evidence(subject: str, month: date) -> ScoreMonth:
    """The settled evidence of a month, locked. Raises Conflict before it is settled."""
    found = evidence.month_of(subject, month)
    if found is None or not evidence.is_settled(subject, month):
        raise Conflict(_("这个月的考评依据还没有确定，不能提交审核。"), "E-6")
    return locked(ScoreMonth, id=found.id)


def submit(actor: Actor, subject: str, month: date, now: datetime) -> MonthlyResult:
    """Put a settled month, or a correction of a published one, before the supervision group.

    The rows are copied here. Raises NotAllowed; Conflict where nothing is settled, or another edition is on its way.
    """
    _manages(actor)
    found = queries.open_edition(subject, month)
    if found is not None:
        found = _locked(found)
        _in(found, *_WRITING)
    elif queries.published(subject, month) is not None:
        raise Conflict(_("这个月的结果已经公布，不能再改；需要更正的，请起草更正。"), "E-6")
    source = _evidence(subject, month)
    if found is None:
        found = _new(actor, subject, month, 1, now)
    if found.edition == 1:
        found.table_name = taking.table_name(source)
        given = taking.of_month(subject, source)
    else:
        given = _corrected(found)
    if not given:
        raise Conflict(_("这个月没有可以排名的考评对象。"), "E-4")
    found.flags = policy.value("monthly_result.flags") if subject == Subject.DEPARTMENT else 0
    _write(found, rows.placed(given, found.flags))
    # The rows go in while the edition may still be written; what follows no longer changes them.
    journal.record(
        words.SUBMITTED, found, actor, now, table=found.table_name, rows=len(given), **_facts(found)
    )  # fmt: skip
    found.made_by_id, found.submitted_at = actor.id or 0, now
    found.reviewed_at, found.reviewed_by_id, found.opinion = None, None, ""
    found.state = S.SUBMITTED
    db.session.flush()
    return found


def _new(actor: Actor, subject: str, month: date, edition: int, now: datetime, **more: Any) -> MonthlyResult:
    made = MonthlyResult(
        subject=subject, month=month, edition=edition, state=S.DRAFT, flags=0, made_at=now, made_by_id=actor.id or 0,
        opinion="", return_reason="", digest="", **{"correction": "", "table_name": "", **more},
    )  # fmt: skip
    db.session.add(made)
    return made


def _write(result: MonthlyResult, made: list[rows.Row]) -> None:
    result.rows.clear()
    db.session.flush()
    for row in made:
        given = row.given
        result.rows.append(
            ResultRow(
                subject_id=given.subject_id, name=given.name, department=given.department, sort=row.sort,
                total=given.total, corrected=given.corrected, place=row.place, excluded=given.excluded,
                flag=row.flag, detail=json.dumps(given.detail, ensure_ascii=False, sort_keys=True),
            )
        )  # fmt: skip


def _corrected(result: MonthlyResult) -> list[rows.Given]:
    """The rows of the edition before with this one's corrections. Raises Conflict without any."""
    changes = {c.subject_id: rows.Change(c.points, c.standing, c.reason) for c in result.corrections}
    if not changes:
        raise Conflict(_("请先写明更正哪些对象的分数或者排名资格。"), "E-6")
    before = db.session.scalars(
        select(ResultRow).where(ResultRow.result_id == result.replaces_id).order_by(ResultRow.sort)
    )
    return rows.corrected(taking.of_edition(list(before)), changes)


def review(actor: Actor, result: MonthlyResult, opinion: str, now: datetime) -> None:
    """The supervision group's review, with its opinion. Raises NotAllowed, Invalid, Conflict."""
    found = _locked(result)
    rights.may_review(actor, found)
    _in(found, S.SUBMITTED)
    if not opinion:
        raise Invalid("opinion", _("请填写审核意见。"), "E-6")
    _unchanged(found)
    found.reviewed_at, found.reviewed_by_id, found.opinion, found.state = now, actor.id, opinion, S.REVIEWED
    journal.record(words.REVIEWED, found, actor, now, opinion=opinion, **_facts(found))


def _unchanged(result: MonthlyResult) -> None:
    """Refuse an edition whose month says something else by now. Raises Conflict."""
    if result.edition > 1:
        return
    source = _evidence(result.subject, result.month)
    now_there = {g.subject_id: (g.total, g.excluded) for g in taking.of_month(result.subject, source)}
    if now_there != {r.subject_id: (r.total, r.excluded) for r in result.rows}:
        raise Conflict(_("提交之后考评依据有变化，请退回，由办公室重新提交。"), "E-6")


def send_back(actor: Actor, result: MonthlyResult, reason: str, now: datetime) -> None:
    """Send an edition back to the office: the group from review, the principal from signing or after it.

    A signed edition goes back when its evidence turned out otherwise before it was published.

    The evidence of a month that was never published is open again: what is wrong can be put right there.
    Raises NotAllowed, Invalid without a reason, Conflict.
    """
    found = _locked(result)
    _in(found, S.SUBMITTED, S.REVIEWED, S.SIGNED)
    signing = found.state in (S.REVIEWED, S.SIGNED)
    (rights.may_sign if signing else rights.may_review)(actor, found)
    if not reason:
        raise Invalid("reason", _("退回的，请写明原因。"), "E-6")
    post_id = posts.principal_post() if signing else None
    if found.edition == 1:
        source = evidence.month_of(found.subject, found.month)
        if source is not None:
            months.reopen(actor, locked(ScoreMonth, id=source.id), now)
    found.reviewed_at, found.reviewed_by_id, found.opinion = None, None, ""
    found.signed_at, found.signed_by_id, found.signed_for_id = None, None, None
    found.state, found.return_reason = S.RETURNED, reason
    journal.record(words.RETURNED, found, actor, now, post_id=post_id, reason=reason, **_facts(found))


def sign(actor: Actor, result: MonthlyResult, now: datetime) -> None:
    """The principal's signature, or that of who answers for the principal's post (AB-4).

    Raises NotAllowed, Conflict.
    """
    found = _locked(result)
    rights.may_sign(actor, found)
    _in(found, S.REVIEWED)
    _unchanged(found)
    post_id = posts.principal_post()
    own = actor.answers_for(post_id)
    found.signed_at, found.signed_by_id, found.state = now, actor.id, S.SIGNED
    found.signed_for_id = own.for_user_id if own else None
    journal.record(words.SIGNED, found, actor, now, post_id=post_id if own else None, **_facts(found))


def publish(actor: Actor, result: MonthlyResult, now: datetime) -> str:
    """Publish a signed edition and return its digest; nothing of it changes afterwards. Raises NotAllowed, Conflict."""
    _manages(actor)
    found = _locked(result)
    _in(found, S.SIGNED)
    _unchanged(found)
    if found.edition == 1:
        months.freeze(actor, _evidence(found.subject, found.month), now)
    found.digest = queries.digest_of(found)
    found.published_at, found.published_by_id, found.state = now, actor.id, S.PUBLISHED
    journal.record(words.PUBLISHED, found, actor, now, digest=found.digest, **_facts(found))
    return found.digest


def correct(actor: Actor, subject: str, month: date, reason: str, now: datetime) -> MonthlyResult:
    """Begin an edition that corrects the last published one; that one stays as it is.

    Raises NotAllowed, Invalid without a reason, Conflict.
    """
    _manages(actor)
    if not reason:
        raise Invalid("reason", _("请写明更正的原因。"), "J-3")
    last = queries.published(subject, month)
    if last is None or queries.open_edition(subject, month) is not None:
        raise Conflict(_("没有可以更正的结果，或者更正已经在起草。"), "E-6")
    before = locked(MonthlyResult, id=last.result_id)
    made = _new(
        actor, subject, month, before.edition + 1, now,
        replaces_id=before.id, correction=reason, table_name=before.table_name,
    )  # fmt: skip
    journal.record(words.CORRECTION_BEGUN, made, actor, now, reason=reason, **_facts(made))
    return made


def set_correction(
    actor: Actor,
    result: MonthlyResult,
    subject_id: int,
    points: Decimal,
    standing: Standing,
    reason: str,
    now: datetime,
) -> None:
    """Say what the correction changes for one subject. Raises NotAllowed, Invalid, Conflict."""
    _manages(actor)
    found = _locked(result)
    _in(found, *_WRITING)
    if found.edition == 1:
        raise Conflict(_("还没有公布的结果不必更正，请退回后重新提交。"), "E-6")
    before = db.session.scalar(
        select(ResultRow).where(ResultRow.result_id == found.replaces_id, ResultRow.subject_id == subject_id)
    )
    if before is None:
        raise Invalid("subject_id", _("请选择这个月的考评对象。"))
    if not reason:
        raise Invalid("reason", _("请写明更正的原因。"), "J-3")
    if (standing is Standing.EXCLUDED and before.excluded) or (standing is Standing.INCLUDED and not before.excluded):
        raise Invalid("standing", _("这个对象的排名资格本来就是这样。"))
    if not points and standing is Standing.SAME:
        raise Invalid("points", _("分数和排名资格都没有变化。"))
    if before.subject_id == actor.id and found.subject == Subject.PERSON:
        raise NotAllowed(_("不能更正自己的考评结果。"), "E-6")
    kept = next((c for c in found.corrections if c.subject_id == subject_id), None)
    if kept is None:
        kept = ResultCorrection(subject_id=subject_id)
        found.corrections.append(kept)
    kept.points, kept.standing, kept.reason = points, standing, reason
    kept.made_at, kept.made_by_id = now, actor.id or 0
    journal.record(
        words.CORRECTED, found, actor, now,
        name=before.name, points=signed(points), standing=standing, reason=reason, **_facts(found),
    )  # fmt: skip


def drop_correction(actor: Actor, result: MonthlyResult, subject_id: int, now: datetime) -> None:
    """Take a correction out again before it is submitted. Raises NotAllowed, Conflict."""
    _manages(actor)
    found = _locked(result)
    _in(found, *_WRITING)
    kept = next((c for c in found.corrections if c.subject_id == subject_id), None)
    if kept is None:
        raise Conflict(_("这条更正已经去掉了。"))
    name = db.session.scalar(
        select(ResultRow.name).where(ResultRow.result_id == found.replaces_id, ResultRow.subject_id == subject_id)
    )
    found.corrections.remove(kept)
    journal.record(words.CORRECTION_DROPPED, found, actor, now, name=name or "", **_facts(found))
