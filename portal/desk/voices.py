"""What clients say and what follows, as figures of a home; each opens exactly the rows that it counts (W-0, W-3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from portal.ab_post import rights as ab_rights
from portal.client_opinion import queries as opinions
from portal.client_opinion import rights as opinion_rights
from portal.client_opinion import vocabulary as opinion_words
from portal.clue import queries as clues
from portal.clue import vocabulary as clue_words
from portal.complaint import queries as complaints
from portal.complaint import rights as complaint_rights
from portal.complaint import vocabulary as complaint_words
from portal.evaluation import queries as evaluation
from portal.evaluation import vocabulary as evaluation_words
from portal.kernel import clock, epochs, i18n
from portal.kernel.actor import Actor
from portal.kernel.paging import rows_of
from portal.pure.months import month_after, month_text
from portal.supervision import queries as inspections
from portal.supervision import vocabulary as inspection_words


@dataclass(frozen=True)
class Figure:
    """A number with the list behind it; ``kind`` is "red" for what is past its limit."""

    label: str
    value: int
    url: str
    kind: str = ""


@dataclass(frozen=True)
class Satisfied:
    """The satisfaction and coverage of a month as they may be shown; None where they are withheld."""

    month: str
    percent: float | None
    coverage: float | None
    url: str


@dataclass(frozen=True)
class Voices:
    """What a home shows of complaints, opinions, orders, clues and ballots."""

    figures: tuple[Figure, ...]
    satisfied: Satisfied | None


def voices(actor: Actor, now: datetime) -> Voices:
    """The figures that the actor's rights allow, the same while nothing has changed."""
    key = ("desk.voices", actor.id, i18n.language())
    return epochs.while_unchanged(key, now, lambda: Voices(tuple(_figures(actor, now)), _satisfied(actor, now)))


def _figures(actor: Actor, now: datetime) -> list[Figure]:
    found: list[Figure] = []
    leads = bool(ab_rights.departments_in_charge(actor))
    if actor.can(complaint_words.READ) and (actor.can(complaint_words.READ_ALL) or leads):
        seen = complaint_rights.visible(actor)
        for tab, label in (("running", _("投诉在办")), ("overdue", _("投诉逾期未答复"))):
            n = rows_of(complaints.listing(seen, complaints.Wanted(tab=tab), now))
            found.append(Figure(label, n, url_for("complaint.index", tab=tab), _red(tab, n)))
    elif actor.can(complaint_words.READ) and actor.departments_headed():
        n = rows_of(complaints.listing(complaint_rights.about(actor), complaints.Wanted(tab="running"), now))
        found.append(Figure(_("涉及本科室的投诉"), n, url_for("complaint.about_us", tab="running")))
    if actor.can(opinion_words.READ) and (
        opinion_rights.sees_all(actor) or opinion_rights.departments_in_charge(actor) or actor.departments_headed()
    ):
        for tab, label in (("open", _("意见和差评办理中")), ("overdue", _("意见和差评逾期"))):
            n = rows_of(opinions.listing(actor, opinions.Wanted(tab=tab), now))
            found.append(Figure(label, n, url_for("client_opinion.index", tab=tab), _red(tab, n)))
    if actor.can(inspection_words.LIST):
        n = rows_of(inspections.orders(actor, inspections.Wanted(state="overdue"), now))
        found.append(Figure(_("整改逾期"), n, url_for("supervision.orders", state="overdue"), _red("overdue", n)))
    if actor.can(clue_words.READ):
        n = rows_of(clues.listing(actor, clues.Wanted()))
        found.append(Figure(_("待处理线索"), n, url_for("clue.index", state="open")))
    return found


def _red(tab: str, n: int) -> str:
    return "red" if tab == "overdue" and n else ""


def _satisfied(actor: Actor, now: datetime) -> Satisfied | None:
    """This month's satisfaction, else the last one's; of the unit, or of the department of who sees one alone."""
    if not actor.can(evaluation_words.READ):
        return None
    seen = evaluation.departments_seen(actor)
    this = clock.local(now).date().replace(day=1)
    for month in (this, month_after(this, -1)):
        _lines, total = evaluation.by_department([month], seen)
        url = url_for("evaluation.index", period=month_text(month))
        found = Satisfied(month_text(month), total.cell.percent, total.coverage, url)
        if found.percent is not None:
            return found
    return Satisfied(month_text(this), None, None, url_for("evaluation.index", period=month_text(this)))
