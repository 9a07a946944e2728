"""The verbs of the year's reports: prepare, adjust, open, write, submit, assess, close (P-5)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from portal.ab_post import queries as ab
from portal.ab_post.models import Letter
from portal.duty_report import queries, rules
from portal.duty_report import vocabulary as words
from portal.duty_report.models import (
    Assessment,
    Assessor,
    DutyReport,
    DutyRound,
    Grade,
    RoundState,
    Standing,
)
from portal.kernel import clock, journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import queries as people
from portal.policy import queries as policy
from portal.post_duty import queries as posts


def _manages(actor: Actor) -> None:
    if not actor.can(words.MANAGE):
        raise NotAllowed(_("年终述职由办公室组织。"))


def prepare(actor: Actor, year: int, report_by: date, assess_by: date, now: datetime) -> DutyRound:
    """Prepare a year's round: a report for everybody who holds a post, its circle by policy (P-5).

    Raises NotAllowed, Invalid for a year that has a round already, or for dates out of order.
    """
    _manages(actor)
    if db.session.scalar(select(DutyRound.id).where(DutyRound.year == year)):
        raise Invalid("year", _("这一年的述职已经准备。"))
    if report_by < clock.local(now).date():
        raise Invalid("report_by", _("提交期限不能早于今天。"))
    if assess_by < report_by:
        raise Invalid("assess_by", _("评议期限不能早于提交期限。"))
    made = DutyRound(year=year, report_by=report_by, assess_by=assess_by, made_by_id=actor.id, made_at=now)
    db.session.add(made)
    db.session.flush()
    holders, scope = queries.holders(now), rules.Scope(policy.value("duty_report.circle"))
    for user_id, (post_id, department_id) in holders.items():
        circle = _circle(user_id, department_id, post_id, holders, scope, now)
        report = DutyReport(round=made, user_id=user_id, post_id=post_id)
        report.circle = [Assessor(user_id=u, standing=Standing(str(why))) for u, why in sorted(circle.items())]
        db.session.add(report)
        journal.record(words.LISTED, report, actor, now, people=len(circle))
    journal.record(
        words.PREPARED,
        made,
        actor,
        now,
        year=year,
        people=len(holders),
        report_by=report_by,
        assess_by=assess_by,
        circle=str(scope),
    )
    return made


def _circle(
    user_id: int,
    department_id: int,
    post_id: int,
    holders: Mapping[int, tuple[int, int]],
    scope: rules.Scope,
    now: datetime,
) -> dict[int, rules.Belongs]:
    seen, day = ab.picture(), clock.local(now).date()
    over = posts.leader_post_of(department_id)
    if over == post_id:
        over = posts.principal_post()
    leader = seen.holder(over, Letter.A, day) if over is not None else None
    colleagues = [u for u, (_post, d) in holders.items() if d == department_id]
    heads = [u for u in seen.heads_of(department_id, day) if u in holders]
    leaders = [leader] if leader in holders else []
    return rules.circle(scope, user_id, colleagues, heads, [u for u in leaders if u], holders)


def _in(round_: DutyRound, state: RoundState) -> None:
    if round_.state is not state:
        raise Conflict(_("现在是“%(now)s”，不能这样操作。", now=words.STATE_LABELS[round_.state]))


def add_assessor(actor: Actor, report: DutyReport, user_id: int, now: datetime) -> None:
    """Add somebody to a circle before the round opens. Raises NotAllowed, Conflict, Invalid."""
    _manages(actor)
    _in(report.round, RoundState.PREPARED)
    if user_id == report.user_id:
        raise Invalid("user_id", _("本人不能评议自己的述职。"), "P-5")
    if not ab.picture().able(user_id, now):
        raise Invalid("user_id", _("请选择可以办理业务的在职人员。"))
    if any(a.user_id == user_id for a in report.circle):
        raise Invalid("user_id", _("这名人员已在评议范围内。"))
    report.circle.append(Assessor(user_id=user_id, standing=Standing.ADDED))
    name = people.user_names().get(user_id, "")
    journal.record(words.CIRCLE_CHANGED, report, actor, now, added=[name], removed=[])


def remove_assessor(actor: Actor, report: DutyReport, user_id: int, now: datetime) -> None:
    """Take somebody out of a circle before the round opens. Raises NotAllowed, Conflict."""
    _manages(actor)
    _in(report.round, RoundState.PREPARED)
    found = next((a for a in report.circle if a.user_id == user_id), None)
    if found is None:
        raise Conflict(_("这名人员不在评议范围内。"))
    report.circle.remove(found)
    name = people.user_names().get(user_id, "")
    journal.record(words.CIRCLE_CHANGED, report, actor, now, added=[], removed=[name])


def open_round(actor: Actor, round_: DutyRound, now: datetime) -> None:
    """Open a round: people write, assessors assess. Raises NotAllowed, Conflict for a report without a circle."""
    _manages(actor)
    _in(round_, RoundState.PREPARED)
    empty = [r for r in db.session.scalars(queries.reports(round_.id)) if not r.circle]
    if empty:
        raise Conflict(_("%(name)s还没有评议人，请先调整评议范围。", name=empty[0].user.name), "P-5")
    round_.state, round_.opened_at = RoundState.OPEN, now
    journal.record(words.OPENED, round_, actor, now, year=round_.year)


def save(actor: Actor, report: DutyReport, texts: Mapping[str, str], now: datetime) -> None:
    """Keep a draft of one's own report. Raises NotAllowed, Conflict when it was submitted or the round is not open."""
    _writes(actor, report)
    _take(report, texts, now)
    journal.record(words.SAVED, report, actor, now)


def submit(actor: Actor, report: DutyReport, texts: Mapping[str, str], now: datetime) -> None:
    """Submit one's own report with the year's figures; it never changes afterwards (P-5).

    Raises NotAllowed, Conflict as for ``save``, Invalid at a section that is empty.
    """
    _writes(actor, report)
    for name in words.SECTIONS:
        if not texts.get(name):
            raise Invalid(name, _("请填写“%(section)s”。", section=words.SECTIONS[name]), "P-5")
    _take(report, texts, now)
    found = queries.figures_now(report.user_id, report.round.year, now)
    report.figures = json.dumps([asdict(f) for f in found], ensure_ascii=False)
    report.submitted_at = now
    late = clock.local(now).date() > report.round.report_by
    journal.record(words.SUBMITTED, report, actor, now, late=late)


def _writes(actor: Actor, report: DutyReport) -> None:
    if actor.id != report.user_id:
        raise NotAllowed(_("述职报告由本人填写。"))
    _in(report.round, RoundState.OPEN)
    if report.submitted_at is not None:
        raise Conflict(_("述职报告已经提交，不能再改。"))


def _take(report: DutyReport, texts: Mapping[str, str], now: datetime) -> None:
    for name in words.SECTIONS:
        setattr(report, name, texts.get(name, ""))
    report.saved_at = now


def assess(actor: Actor, report: DutyReport, grade: Grade, remark: str, now: datetime) -> None:
    """Give a report a grade and a remark, once (P-5). The grade is kept apart from who gave it.

    Raises NotAllowed for who is not of the circle, and for one's own report; Conflict when it was assessed before, is
    not submitted, or the round is not open.
    """
    mine = queries.assessor_of(actor, report)
    if mine is None or report.user_id == actor.id:
        raise NotAllowed(_("您不在这份述职的评议范围内。"))
    _in(report.round, RoundState.OPEN)
    if report.submitted_at is None:
        raise Conflict(_("述职报告还没有提交。"))
    if mine.assessed_at is not None:
        raise Conflict(_("您已经评议过这份述职。"))
    mine.assessed_at = now
    db.session.flush()  # the database counts who has assessed before it takes a grade
    db.session.add(Assessment(key=secrets.token_hex(16), report_id=report.id, grade=grade, remark=remark))
    journal.record(words.ASSESSED, report, actor, now)


def close(actor: Actor, round_: DutyRound, now: datetime) -> None:
    """Close a round; results can be read from now on (P-5).

    Raises NotAllowed, Conflict before the assessors' last day while anything is still to come.
    """
    _manages(actor)
    _in(round_, RoundState.OPEN)
    reports = list(db.session.scalars(queries.reports(round_.id)))
    missing = any(r.submitted_at is None or any(a.assessed_at is None for a in r.circle) for r in reports)
    if missing and clock.local(now).date() <= round_.assess_by:
        raise Conflict(_("评议期限未到，还有报告或评议没有完成。"), "P-5")
    round_.state, round_.closed_at = RoundState.CLOSED, now
    given = select(func.count()).select_from(Assessment).where(Assessment.report_id.in_([r.id for r in reports]))
    journal.record(
        words.CLOSED,
        round_,
        actor,
        now,
        year=round_.year,
        submitted=sum(r.submitted_at is not None for r in reports),
        given=db.session.scalar(given) or 0,
    )
