"""Door plate of the evidence of scores."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

import portal.score_evidence.line_views  # noqa: F401 - puts its pages on the blueprint
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.i18n import local_date
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.pure.months import month_after, month_text
from portal.pure.scoring import Subject
from portal.score_evidence import collecting, queries, rights, sweeping
from portal.score_evidence import vocabulary as words
from portal.score_evidence.models import MonthState
from portal.score_evidence.queries import Proposed, Running, Waiting
from portal.score_evidence.views import bp
from portal.score_table import seams as table_seams

#: A ruling is shown as pressing so many days before it is due.
_SOON = timedelta(days=3)


def _to_compute(actor: Actor, now: datetime) -> list[Running]:
    if not actor.can(words.COMPUTE):
        return []
    this = clock.local(now).date().replace(day=1)
    return [each for each in queries.running() if each.state == MonthState.OPEN and each.month < this]


def _to_approve(actor: Actor) -> list[Proposed]:
    if not actor.can(words.APPROVE):
        return []
    return [
        each
        for each in queries.proposed()
        if each.by != actor.id and not rights.concerned(actor, each.subject, each.subject_id)
    ]


def _to_rule(actor: Actor) -> list[Waiting]:
    if not actor.can(words.RULE):
        return []
    return [
        each
        for each in queries.open_objections()
        if actor.id not in each.barred and not rights.concerned(actor, each.subject, each.subject_id)
    ]


def waiting(actor: Actor, now: datetime) -> int:
    """How many things wait for the actor: months, lines to approve, objections to rule; from memory."""
    return len(_to_compute(actor, now)) + len(_to_approve(actor)) + len(_to_rule(actor))


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """What the office, the second person and the scored have to do about a month (E-3)."""
    return [*_of_office(actor, now), *_of_scored(actor, now)]


def _of_office(actor: Actor, now: datetime) -> list[ToDo]:
    found, today = [], clock.local(now).date()
    for each in _to_compute(actor, now):
        found.append(
            ToDo(
                "score_evidence.compute",
                _("%(month)s 考评待计算", month=month_text(each.month)),
                str(words.SUBJECT_LABELS[Subject(each.subject)]),
                url_for("score_evidence.show", subject=each.subject, month=month_text(each.month)),
                _("计算"),
                None,
                "due_soon" if month_after(each.month, 1) < today else "normal",
            )
        )
    lines = _to_approve(actor)
    if lines:
        found.append(
            ToDo(
                "score_evidence.approve",
                ngettext("%(num)s 条考评依据待核准", "%(num)s 条考评依据待核准", len(lines)),
                _("由提出人以外的第二人核准"),
                url_for("score_evidence.line", line_id=lines[0].line_id),
                _("核准"),
            )
        )
    for objection in _to_rule(actor)[:10]:
        late = objection.due < today
        found.append(
            ToDo(
                "score_evidence.rule",
                _("考评异议待裁定"),
                _("应于 %(day)s 前裁定，已逾期", day=local_date(objection.due))
                if late
                else _("%(day)s 前裁定", day=local_date(objection.due)),
                url_for("score_evidence.line", line_id=objection.line_id),
                _("裁定"),
                None,
                "overdue" if late else "due_soon" if objection.due - today <= _SOON else "normal",
            )
        )
    return found


def _of_scored(actor: Actor, now: datetime) -> list[ToDo]:
    """The scored may look at their lines while the days for objections last."""
    found, today = [], clock.local(now).date()
    for each in queries.running():
        if each.state == MonthState.OPEN or each.until is None or each.until < today:
            continue
        speaks = [who for who in sorted(rights.own(actor, each.subject)) if rights.speaks_for(actor, each.subject, who)]
        scored = queries.results_of(each.id, speaks) if speaks else {}
        for subject_id in scored:
            found.append(
                ToDo(
                    "score_evidence.object",
                    _("%(month)s 考评依据已计算", month=month_text(each.month)),
                    _("%(day)s 前可以逐条提出异议", day=local_date(each.until)),
                    url_for(
                        "score_evidence.sheet",
                        subject=each.subject,
                        month=month_text(each.month),
                        subject_id=subject_id,
                    ),
                    _("查看"),
                )
            )
    return found


PLATE = Plate(
    name="score_evidence",
    title=_l("考评依据"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("考评依据"), "score_evidence.index", words.READ, order=83, count=waiting),),
    todos=todos,
    sweep=sweeping.sweep,
)

table_seams.simulation(collecting.simulate)
table_seams.computed(queries.last_computed)
