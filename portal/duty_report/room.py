"""Door plate of the room."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.duty_report import queries
from portal.duty_report import vocabulary as words
from portal.duty_report.models import DutyRound, RoundState
from portal.duty_report.views import bp
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.i18n import local_date
from portal.kernel.plates import MenuItem, Plate, ToDo


def _to_write(actor: Actor) -> int:
    return sum(r.submitted_at is None and r.round.state is RoundState.OPEN for r in queries.own(actor.id or 0))


def waiting(actor: Actor, _now: datetime) -> int:
    """How many reports the actor has yet to write or to assess; every page asks, and rounds are open for some weeks."""
    if not queries.any_open():
        return 0
    return _to_write(actor) + sum(a.assessed_at is None for _r, a in queries.to_assess(actor.id or 0))


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """The own report, the reports to assess; for the office the round itself (P-5)."""
    if not actor.can(words.READ):
        return []
    live = list(db.session.scalars(select(DutyRound).where(DutyRound.state != RoundState.CLOSED)))
    if not live:
        return []
    today, found = clock.local(now).date(), []
    for report in queries.own(actor.id or 0):
        if report.submitted_at is None and report.round.state is RoundState.OPEN:
            found.append(
                ToDo(
                    "duty_report.write",
                    _("%(year)s 年述职报告", year=report.round.year),
                    _("%(day)s 前提交", day=local_date(report.round.report_by)),
                    url_for("duty_report.write", report_id=report.id),
                    _("填写"),
                    None,
                    "overdue" if today > report.round.report_by else "normal",
                )
            )
    left = [report for report, mine in queries.to_assess(actor.id or 0) if mine.assessed_at is None]
    if left:
        by = min(report.round.assess_by for report in left)
        found.append(
            ToDo(
                "duty_report.assess",
                _("%(n)s 份述职待评议", n=len(left)),
                _("%(day)s 前完成", day=local_date(by)),
                url_for("duty_report.index"),
                _("评议"),
                None,
                "overdue" if today > by else "normal",
            )
        )
    if actor.can(words.MANAGE):
        for round_ in live:
            if round_.state is RoundState.OPEN and today <= round_.assess_by:
                continue
            opens = round_.state is RoundState.PREPARED
            found.append(
                ToDo(
                    "duty_report.open" if opens else "duty_report.close",
                    _("%(year)s 年述职", year=round_.year),
                    _("已准备，核对评议范围后开始") if opens else _("评议期限已过，可以结束"),
                    url_for("duty_report.show_round", year=round_.year),
                    _("开始") if opens else _("结束"),
                    None,
                    "normal" if opens else "due_soon",
                )
            )
    return found


PLATE = Plate(
    name="duty_report",
    title=_l("年终述职"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("年终述职"), "duty_report.index", words.READ, order=72, count=waiting),),
    todos=todos,
)
