"""The numbered papers on a case's page and in its archive file, and what tacit consent asks people to do (T-7, T-9)."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select, text

from portal.cases import narrowing, panels, papers, service, tacit
from portal.cases import vocabulary as words
from portal.cases.models import Case
from portal.cases.paper_models import CasePaper
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.i18n import local_dt
from portal.kernel.plates import ToDo

MOST = 50
#: The condition of the partial index in its own words: with a bound value SQLite could not know that it fits.
_UNTOLD = text("case_paper.kind = 'deemed_agreed' AND case_paper.told_on IS NULL")


def on_case(case: Case, actor: Actor) -> list[panels.Panel]:
    """The papers of a case, and the form that records how the client was told."""
    found = papers.of_case(case.id)
    if not found:
        return []
    context = {
        "papers": found,
        "titles": words.PAPER_LABELS,
        "told": words.TOLD_LABELS,
        "may_tell": service.may_handle(actor, case),
        "today": clock.today(),
    }
    return [panels.Panel("cases/_papers.html", 15, context)]


def in_archive(case: Case, _actor: Actor) -> list[panels.Paper]:
    """The papers as documents of the archive file (J-4)."""
    return [
        panels.Paper(
            str(words.PAPER_LABELS[p.kind]),
            p.number,
            p.issued_at,
            url_for("cases.paper", number=case.number, kind=str(p.kind)),
        )
        for p in papers.of_case(case.id)
    ]


def todos(actor: Actor) -> list[ToDo]:
    """For who answers for the post: tell the client of a deemed agreement; act where silence cannot count (T-7)."""
    own = narrowing.handled_posts(actor)
    if not own or not actor.can(words.HANDLE):
        return []
    untold = select(Case).join(CasePaper, CasePaper.case_id == Case.id).where(_UNTOLD)
    held = select(Case).where(tacit.is_held(), Case.consent_held_at.is_not(None))
    return [
        _todo(case)
        for query in (untold, held)
        for case in db.session.scalars(query.where(Case.post_id.in_(own)).order_by(Case.id).limit(MOST))
    ]


def _todo(case: Case) -> ToDo:
    name = _("%(matter)s %(number)s", matter=case.matter, number=case.number)
    url = url_for("cases.show", number=case.number)
    if case.closed_at is None:
        why = _("承诺期限已过，时限停表，不能视为同意") if case.stopped else _("承诺期限已过，期限为暂定，不能视为同意")
        return ToDo("cases.consent_held", name, why, url, _("处理"), case.due_at, "overdue")
    detail = _("%(at)s 起视为同意，请告知服务对象", at=local_dt(case.closed_at, "near"))
    return ToDo("cases.tell", name, detail, url, _("登记告知"), None, "overdue")


panels.register("case_papers", panels=on_case, papers=in_archive)
