"""The report on return: what was done meanwhile, by whom, and what comes back (AB-4)."""

from __future__ import annotations

from flask import flash, render_template
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.ab_post import queries, returns, rights, service
from portal.ab_post import vocabulary as words
from portal.ab_post.models import Absence
from portal.ab_post.views import bp
from portal.kernel import access, clock
from portal.kernel.actor import require_actor
from portal.kernel.db import db, locked
from portal.kernel.htmx import go
from portal.people import queries as people

__all__ = ["bp"]


def _over(absence: Absence | None) -> Absence:
    """An absence that is over and whose report the actor may read. Raises NotFound for any other."""
    if absence is None or not rights.may_end(require_actor(), absence):
        raise NotFound()
    end = queries.fact_of(absence).to_at
    if end > clock.now() or end <= absence.from_at:
        raise NotFound()
    return absence


@bp.get("/absences/<int:absence_id>/report")
@access.guard(words.READ)
def show_report(absence_id: int) -> str:
    """What was done while somebody was away; for the person and who may record for them."""
    absence = _over(db.session.get(Absence, absence_id))
    return render_template(
        "ab_post/return_report.html",
        report=returns.make(absence),
        own=absence.user_id == require_actor().id,
        names=people.user_names(),
        kinds=words.ABSENCE_LABELS,
        reasons=words.REASON_LABELS,
    )


@bp.post("/absences/<int:absence_id>/acknowledge")
@access.guard(words.READ)
def acknowledge(absence_id: int) -> BaseResponse:
    """The person has read the report."""
    absence = _over(locked(Absence, id=absence_id))
    service.acknowledge(require_actor(), absence, clock.now())
    flash(_("已确认阅读返岗报告。"))
    return go("ab_post.show_report", absence_id=absence.id)
