"""The sample office: two months of an invented institution, made once by driving the services through time.

Everything in it went through the same verbs as in a real office, at its own instant, so that every state, warning
and register has rows and the journal verifies. It must never be made in the database of a real office, never hold a
real person, and never record anything after now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from flask_babel import force_locale
from flask_babel import gettext as _

from portal.calendar import queries as calendar
from portal.demo import (
    attendance,
    bulletins,
    cards,
    care,
    cast,
    clues,
    commitments,
    complaints,
    cover,
    evaluation,
    evidence,
    grades,
    history,
    honours,
    items,
    leaves,
    office,
    openness,
    opinions,
    plans,
    plots,
    plots_kinds,
    posts,
    proceedings,
    registers,
    reports,
    results,
    score_tables,
    supervision,
    surveys,
    urging,
    weak,
)
from portal.demo.cast import PASSWORD
from portal.demo.stage import Stage
from portal.demo.worktime import WorkTime, on
from portal.kernel import clock, transaction
from portal.people import queries as people

__all__ = ["PASSWORD", "Login", "build", "logins", "perform"]


@dataclass(frozen=True)
class Login:
    """One login of the sample office, as printed at the start."""

    username: str
    password: str
    name: str
    role: str


def logins() -> list[Login]:
    """One login for every role, named in the language of the moment."""
    shown = {
        "wangmin": _("窗口工作人员"),
        "zhaogang": _("科室负责人"),
        "chenjing": _("分管领导"),
        "heping": _("主要负责人"),
        "wuxia": _("办公室"),
        "zhenghao": _("督查"),
        "fengyuan": _("审计员"),
        "chuwen": _("安全管理员"),
        "weidong": _("系统管理员"),
    }
    return [Login(username, PASSWORD, cast.PEOPLE[username].name, role) for username, role in shown.items()]


def build(app: Flask, scale: float = 1.0) -> list[Login]:
    """Make the sample office in a migrated database unless it is there; returns one login for every role.

    ``scale`` makes the everyday part smaller, the scripted cases stay. Raises ValueError when the database holds a
    real office.
    """
    with app.app_context():
        if people.is_set_up():
            if not people.is_sample():
                raise ValueError(_("这个实例里是真实单位，不能做成示例。"))
        else:
            with force_locale("zh"):  # what is stored is Chinese, whoever starts the office
                perform(scale)
        return logins()


def perform(scale: float = 1.0) -> Stage:
    """Found the office and play its two months up to now; returns the stage with whatever was refused on it."""
    end = clock.now()
    today = clock.local(end).date()
    first = today - timedelta(days=history.DAYS)
    with transaction.act():
        official = calendar.work_calendar()
        founded = on(official.add_workdays(first, -1), "09:00")
        with clock.at(founded):
            made = cast.found(founded, today)
            published = items.publish(made, founded) | plots_kinds.publish(made, founded)
    work = WorkTime(official, end)
    stage = Stage(made, published, office.with_day_off(work), scale)
    with clock.at(founded):
        stage.tell(stage.sweeps(first))
        office.begin(stage)
        cover.begin(stage)
        leaves.begin(stage)
        urging.begin(stage)
        history.begin(stage)
        plots.begin(stage)
        cards.begin(stage)
        attendance.begin(stage)
        posts.begin(stage)
        care.begin(stage)
        openness.begin(stage)
        opinions.begin(stage)
        reports.begin(stage)
        evaluation.begin(stage)
        commitments.begin(stage)
        complaints.begin(stage)
        supervision.begin(stage)
        clues.begin(stage)
        proceedings.begin(stage)
        surveys.begin(stage)
        plans.begin(stage)
        weak.begin(stage)
        score_tables.begin(stage)
        results.begin(stage)
        evidence.begin(stage)
        honours.begin(stage)
        grades.begin(stage)
        bulletins.begin(stage)
        registers.begin(stage)
    stage.run()
    with clock.at(end), transaction.act():
        stage.sweep(end)
    return stage
