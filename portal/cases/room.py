"""Door plate of the case room."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

import portal.cases.post_panel
import portal.cases.promise_panel  # noqa: F401 - puts the published promise there (C-3)
from portal.calendar import foresight
from portal.calendar.service import on_change
from portal.cases import narrowing, paper_panel, queries, recomputing, sweeping
from portal.cases import vocabulary as words
from portal.cases.models import Case
from portal.cases.views import bp
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.people import queries as people
from portal.post_duty import seams
from portal.post_duty.models import Post
from portal.post_duty.service import before_close


def todos(actor: Actor, _now: datetime) -> list[ToDo]:
    """Withdrawals and lapses that wait for their second person (N-7); what silence has decided or cannot (T-7)."""
    return [*_proposals(actor), *paper_panel.todos(actor)]


def _proposals(actor: Actor) -> list[ToDo]:
    return [
        ToDo(
            "cases.decide",
            p.case.matter,
            _("%(who)s提出%(what)s，待您确认", who=p.proposed_by.name, what=words.PROPOSAL_LABELS[p.kind]),
            url_for("cases.show", number=p.case.number),
            _("确认"),
        )
        for p in queries.proposals_waiting(actor)
    ]


def _late(actor: Actor, now: datetime) -> int:
    own = narrowing.handled_posts(actor)
    if not own or not actor.can(words.HANDLE):
        return 0
    return queries.count_late(own, now)


def open_on_post(post_id: int) -> list[seams.Thing]:
    """The open cases of a post, the most urgent first: the portal's part of a handover (AB-2)."""
    return [
        seams.Thing(
            row.matter,
            _("%(number)s · %(state)s", number=row.number, state=words.STATE_LABELS[row.state]),
            url_for("cases.show", number=row.number),
        )
        for row in queries.queue((post_id,), limit=500)
    ]


def still_open(post: Post) -> str | None:
    """Why a post cannot be closed: cases are open on it (P-1)."""
    count = db.session.scalar(select(func.count()).where(queries.is_open(), Case.post_id == post.id)) or 0
    return _("该岗位还有 %(n)s 件未办结的办件，请先办结或调整经办岗位。", n=count) if count else None


seams.year_source(queries.year_of_post)

PLATE = Plate(
    name="cases",
    title=_l("办件"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("限时办结"), "cases.index", words.READ, order=20, count=_late, urgent=True),),
    todos=todos,
    sweep=sweeping.sweep,
)

on_change(recomputing.recompute)
foresight.register("cases", _l("办件"), "cases.show", recomputing.foresee)
foresight.departments_source(people.department_names)
seams.open_matters_source(open_on_post)
before_close(still_open)
