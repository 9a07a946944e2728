"""Door plate of the reports."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

import portal.completion_report.error_views
import portal.completion_report.month_views  # noqa: F401 - both put their pages on the blueprint
from portal.cases import panels
from portal.cases.models import Case
from portal.completion_report import errors, statistics, tallies
from portal.completion_report import vocabulary as words
from portal.completion_report.models import MonthlyStatistics
from portal.completion_report.views import bp
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.i18n import local_date
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.people import queries as people
from portal.people.models import Department
from portal.pure.months import month_text


def sweep(now: datetime) -> int:
    """Open the months that are over, note late ones, tally the days that are over (O-8, W-0)."""
    return statistics.open_months(now) + statistics.note_late(now) + tallies.tally(now)


def waiting(actor: Actor, now: datetime) -> int:
    """How many departments' months the actor has yet to file, or, for the office, are late; from memory."""
    open_ones = statistics.unfiled()
    if not open_ones:
        return 0
    if actor.can(words.MANAGE):
        today = clock.local(now).date()
        return sum(due < today for due, _department, _warned in open_ones)
    headed = actor.departments_headed()
    return sum(department in headed for _due, department, _warned in open_ones) if actor.can(words.FILE) else 0


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """A head's months to file; for the office those that are late (O-8)."""
    if not waiting(actor, now):
        return []
    today, found = clock.local(now).date(), list[ToDo]()
    sheets = db.session.scalars(
        db.select(MonthlyStatistics)
        .where(MonthlyStatistics.filed_at.is_(None))
        .order_by(MonthlyStatistics.due_on, MonthlyStatistics.department_id)
        .limit(50)
    )
    codes = dict(db.session.execute(db.select(Department.id, Department.code)).all())
    for sheet in sheets:
        own, late = sheet.department_id in actor.departments_headed(), sheet.due_on < today
        if not own and not (late and actor.can(words.MANAGE)):
            continue
        month, name = month_text(sheet.month), people.department_names().get(sheet.department_id, "")
        found.append(
            ToDo(
                "completion_report.file",
                _("%(month)s 月度统计", month=month)
                if own
                else _("%(name)s未报 %(month)s 统计", name=name, month=month),
                _("应于 %(day)s 前报送，已逾期", day=local_date(sheet.due_on))
                if late
                else _("%(day)s 前报送", day=local_date(sheet.due_on)),
                url_for("completion_report.show_month", month=month, code=codes.get(sheet.department_id, "")),
                _("填报") if own else _("查看"),
                None,
                "overdue" if late else "due_soon" if (sheet.due_on - today).days <= 1 else "normal",
            )
        )
    return found


def _actions(case: Case, actor: Actor) -> list[panels.Action]:
    if case.closed_at is None or not errors.may_record(actor, case):
        return []
    url = url_for("completion_report.record_error", number=case.number)
    return [panels.Action(_("记录结果差错"), url, "alert-triangle", 90)]


def _panels(case: Case, _actor: Actor) -> list[panels.Panel]:
    found = errors.of_case(case.id) if case.closed_at is not None else []
    if not found:
        return []
    return [panels.Panel("completion_report/_case_errors.html", 85, {"errors": found, "error_words": words})]


PLATE = Plate(
    name="completion_report",
    title=_l("办结统计"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(
        MenuItem(_l("办结统计"), "completion_report.index", words.READ, order=75),
        MenuItem(_l("月度统计"), "completion_report.monthly", words.READ, order=76, count=waiting),
    ),
    todos=todos,
    sweep=sweep,
)

panels.register("completion_report", actions=_actions, panels=_panels)
