"""Who is away and who covers, gaps, absences with their handover, named covers (AB-1 … AB-5)."""

from __future__ import annotations

import json

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.ab_post import halves, queries, rights, service
from portal.ab_post import vocabulary as words
from portal.ab_post.forms import (
    VACANT,
    AbsenceForm,
    AssignForm,
    CoverForm,
    NoteForm,
    RecordForm,
    usual_halves,
    usual_times,
)
from portal.ab_post.models import Absence, AbsenceKind, Cover, Letter
from portal.calendar import queries as calendar
from portal.kernel import access, clock, journal, timeline
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Invalid, NotAllowed
from portal.kernel.htmx import go
from portal.people import queries as people
from portal.post_duty import seams
from portal.post_duty.models import Post

bp = Blueprint("ab_post", __name__, url_prefix="/ab")


@bp.get("/")
@access.guard(words.READ)
def index() -> str:
    """Who is away now and in the coming 14 days, and who covers (AB-3, AB-8)."""
    actor, now = require_actor(), clock.now()
    board = queries.board(now)
    return render_template(
        "ab_post/index.html",
        away=[p for p in board if p.row.from_at <= now],
        coming=[p for p in board if p.row.from_at > now],
        acting=queries.acting_for(actor, now),
        handovers=queries.open_handovers(actor.id or 0, now),
        own=queries.absences_of(actor.id or 0, now),
        openable={p.row.absence_id for p in board if _seen_by(actor, p.row.absence_id)},
        **_labels(),
    )


def _seen_by(actor: Actor, absence_id: int) -> bool:
    absence = db.session.get(Absence, absence_id)
    return absence is not None and rights.may_see(actor, absence)


def _labels() -> dict[str, object]:
    return {
        "kinds": words.ABSENCE_LABELS,
        "reasons": words.REASON_LABELS,
        "lacks": words.GAP_LABELS,
        "names": people.user_names(),
    }


@bp.get("/gaps")
@access.guard(words.NAME_COVER)
def gaps() -> str:
    """Posts without A or B, and times without anybody: all for the office and the principal, else one's own (AB-1)."""
    actor, now = require_actor(), clock.now()
    return render_template(
        "ab_post/gaps.html", rows=queries.gap_rows(now, departments=rights.watched(actor)), **_labels()
    )


@bp.route("/absences/new", methods=["GET", "POST"])
@access.guard(words.REPORT_ABSENCE)
def report() -> str | BaseResponse | tuple[str, int]:
    """Report an absence of one's own (AB-2)."""
    actor, now = require_actor(), clock.now()
    form = AbsenceForm(kind=str(AbsenceKind.OFFICIAL), **usual_halves(now))
    if form.sent():
        try:
            made = service.record_absence(
                actor,
                actor.id or 0,
                form.chosen_kind,
                *form.times(now, planned=not form.emergency.data),
                now,
                note=form.note.data or "",
                emergency=form.emergency.data,
            )
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("离岗已登记，请 B 岗确认交接。"))
            return go("ab_post.show", absence_id=made.id)
    page = render_template("ab_post/report.html", form=form, matters=_own_matters(actor))
    return page, 422 if form.errors else 200


def _own_matters(actor: Actor) -> list[tuple[str, list[seams.Thing]]]:
    own = [held for held in actor.posts if held.reason == "holder"]
    return [(held.post_name, found) for held in own if (found := seams.open_matters(held.post_id))]


@bp.route("/absences/record", methods=["GET", "POST"])
@access.guard(words.NAME_COVER)
def record() -> str | BaseResponse | tuple[str, int]:
    """Record at once that somebody else is away (AB-2, emergency)."""
    actor, now = require_actor(), clock.now()
    choices = queries.colleagues(actor.id, lambda user_id: rights.may_record_for(actor, user_id), now)
    form = RecordForm(choices, kind=str(AbsenceKind.SICK), **usual_halves(now))
    if form.sent():
        try:
            made = service.record_absence(
                actor,
                form.user_id.data,
                form.chosen_kind,
                *form.times(now, planned=False),
                now,
                note=form.note.data or "",
                emergency=True,
            )
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("临时离岗已登记，顶岗立即生效。"))
            return go("ab_post.show", absence_id=made.id)
    return render_template("ab_post/record.html", form=form), 422 if form.errors else 200


def _absence(absence_id: int, lock: bool = False) -> Absence:
    """An absence that the actor may see. Raises NotFound: a foreign one looks like a missing one."""
    found = locked(Absence, id=absence_id) if lock else db.session.get(Absence, absence_id)
    if found is None or not rights.may_see(require_actor(), found):
        raise NotFound()
    return found


@bp.get("/absences/<int:absence_id>")
@access.guard(words.READ)
def show(absence_id: int) -> str:
    """An absence: who covers when, handover post by post, what was done meanwhile (AB-2, AB-4)."""
    actor, now, absence = require_actor(), clock.now(), _absence(absence_id)
    seen, fact = queries.picture_at(absence.from_at), queries.fact_of(absence)
    taken = {h.post_id: h for h in absence.handovers}
    mine = rights.receives(actor, absence)
    over = absence.ended_at is not None or absence.to_at <= now
    posts = [
        {
            "post": post,
            "parts": queries.parts(seen, post.id, fact.from_at, fact.to_at),
            "handover": taken.get(post.id),
            "as_it_was": json.loads(taken[post.id].matters) if post.id in taken else [],
            "confirm": post.id in mine and post.id not in taken and not over,
            "matters": seams.open_matters(post.id) if not over else [],
            "cover": rights.may_name_cover(actor, post.department_id, post.kind) and not over,
        }
        for post in seen.held_as_a(absence.user_id, absence.from_at, absence.to_at)
    ]
    own = absence.user_id == actor.id
    done = journal.on_behalf_of(absence.user_id, fact.from_at, max(fact.to_at, fact.from_at))
    return render_template(
        "ab_post/show.html",
        absence=absence,
        until=fact.to_at,
        posts=posts,
        over=over,
        started=absence.from_at <= now,
        may_end=rights.may_end(actor, absence) and not over,
        note_form=NoteForm(note=absence.note) if own and not over else None,
        report=over and fact.to_at > fact.from_at and bool(posts) and rights.may_end(actor, absence),
        days=halves.days(fact.from_at, fact.to_at, calendar.work_calendar()),
        done=timeline.lines(done, with_personal=False),
        history=timeline.lines(reversed(journal.of_object("absence", absence.id))),
        **_labels(),
    )


@bp.post("/absences/<int:absence_id>/confirm-handover")
@access.guard(words.READ)
def confirm_handover(absence_id: int) -> BaseResponse:
    """Confirm that a post's matters were handed over (AB-2)."""
    absence = _absence(absence_id, lock=True)
    post = locked(Post, code=request.form.get("post", ""))
    service.confirm_handover(require_actor(), absence, post, clock.now())
    flash(_("已确认接手“%(post)s”。", post=post.name))
    return go("ab_post.show", absence_id=absence.id)


@bp.post("/absences/<int:absence_id>/note")
@access.guard(words.REPORT_ABSENCE)
def write_note(absence_id: int) -> str | BaseResponse | tuple[str, int]:
    """Add to what the successors should know (AB-2)."""
    absence, form = _absence(absence_id, lock=True), NoteForm()
    if form.sent():
        service.write_note(require_actor(), absence, form.note.data, clock.now())
        flash(_("交接说明已保存。"))
        return go("ab_post.show", absence_id=absence.id)
    return render_template("ab_post/note.html", form=form, absence=absence), 422


@bp.post("/absences/<int:absence_id>/end")
@access.guard(words.READ)
def end_absence(absence_id: int) -> BaseResponse:
    """Return early, or cancel an absence that has not begun (AB-4)."""
    actor, now, absence = require_actor(), clock.now(), _absence(absence_id, lock=True)
    if not rights.may_end(actor, absence):
        raise NotAllowed(_("离岗由本人、科室负责人或办公室结束。"))
    service.end_absence(actor, absence, now)
    flash(_("已登记返岗，岗位回到 A 岗。") if absence.from_at <= now else _("离岗已取消。"))
    return go("ab_post.show", absence_id=absence.id)


@bp.route("/posts/<code>/assign/<letter>", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def assign(code: str, letter: str) -> str | BaseResponse | tuple[str, int]:
    """Change who holds place A or B of a post (AB-1, AB-5)."""
    if letter not in tuple(Letter):
        raise NotFound()
    post, place, now = locked(Post, code=code), Letter(letter), clock.now()
    if post.closed_on is not None:
        raise NotFound()
    holder = queries.picture().holder(post.id, place, clock.local(now).date())
    form = AssignForm(holder is not None, decided_on=clock.today(), from_on=clock.today())
    if form.sent():
        from_on, decided_on = form.dates
        try:
            if form.user_id.data == VACANT:
                service.vacate(require_actor(), post, place, from_on, decided_on, now)
            else:
                service.assign(require_actor(), post, place, form.user_id.data, from_on, decided_on, now)
        except Invalid as error:
            form.refuse(error)
        else:
            late = decided_on < clock.today()
            flash(_("已备案；未在决定当日备案，记为迟报。") if late else _("已备案。"))
            return go("post_duty.show", code=code)
    page = render_template(
        "ab_post/assign.html", form=form, post=post, letter=letter, holder=people.user_names().get(holder or 0)
    )
    return page, 422 if form.errors else 200


@bp.route("/posts/<code>/cover", methods=["GET", "POST"])
@access.guard(words.NAME_COVER)
def name_cover(code: str) -> str | BaseResponse | tuple[str, int]:
    """Name who answers for a post while A and B are both away (AB-3)."""
    post, actor, now = locked(Post, code=code), require_actor(), clock.now()
    if post.closed_on is not None:
        raise NotFound()
    if not rights.may_name_cover(actor, post.department_id, post.kind):
        raise NotAllowed(_("顶岗人由科室负责人或分管领导指定；领导岗位由办公室或主要负责人指定。"))
    start, end = usual_times(now)
    form = CoverForm(queries.picture().holder(post.id, Letter.A, clock.local(now).date()), from_at=start, to_at=end)
    if form.sent():
        try:
            service.name_cover(actor, post, form.user_id.data, *form.times, form.reason.data or "", now)
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("顶岗人已指定。"))
            return go("post_duty.show", code=code)
    page = render_template(
        "ab_post/name_cover.html", form=form, post=post, away=queries.away_from(post.id, now), **_labels()
    )
    return page, 422 if form.errors else 200


@bp.post("/covers/<int:cover_id>/end")
@access.guard(words.NAME_COVER)
def end_cover(cover_id: int) -> BaseResponse:
    """Take a named cover back (AB-3)."""
    cover = locked(Cover, id=cover_id)
    post = locked(Post, id=cover.post_id)
    if not rights.may_name_cover(require_actor(), post.department_id, post.kind):
        abort(404)
    service.end_cover(require_actor(), cover, post, clock.now())
    flash(_("指定顶岗已取消。"))
    return redirect(url_for("post_duty.show", code=post.code), 303)
