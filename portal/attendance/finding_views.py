"""Pages of findings: record, explain, conclude, the register (P-3)."""

from __future__ import annotations

from flask import Response, flash, render_template, request
from flask_babel import gettext as _

from portal.ab_post import queries as ab
from portal.attendance import exports, queries, rights
from portal.attendance import findings as verbs
from portal.attendance import vocabulary as words
from portal.attendance.forms import ConclusionForm, FindingFilter, FindingForm, ReplyForm
from portal.attendance.models import Finding
from portal.attendance.views import Answer, bp
from portal.kernel import access, clock, files, journal, sheets, timeline
from portal.kernel.actor import require_actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Invalid
from portal.kernel.htmx import go, page_or_fragment
from portal.kernel.paging import paginate
from portal.people import queries as people
from portal.post_duty import queries as posts

__all__ = ["bp"]


def _labels() -> dict[str, object]:
    return {
        "words": words,
        "names": people.user_names(),
        "departments": people.department_names(),
        "today": clock.today(),
    }


def _filter() -> FindingFilter:
    form = FindingFilter(rights.departments(require_actor()), request.args)
    form.validate()
    return form


@bp.get("/findings")
@access.guard(words.READ)
def findings() -> str:
    """The register: all for the office and supervision, one's departments' for heads and leaders, else one's own."""
    actor, form = require_actor(), _filter()
    return page_or_fragment(
        "attendance/findings.html",
        "attendance/_findings.html",
        form=form,
        page=paginate(queries.findings(actor, form.wanted())),
        filtered=bool(request.args),
        given=request.args.to_dict(),
        **_labels(),
    )


@bp.get("/findings.xlsx")
@access.guard(words.READ)
def export_findings() -> Response:
    """The filtered register as XLSX."""
    query = queries.findings(require_actor(), _filter().wanted()).limit(exports.MOST_EXPORTED)
    content = exports.findings(db.session.scalars(query))
    return sheets.download(content, f"{_('工作纪律检查登记')}-{clock.today().isoformat()}.xlsx")


@bp.get("/findings/print")
@access.guard(words.READ)
def print_findings() -> str:
    """The filtered register on paper."""
    query = queries.findings(require_actor(), _filter().wanted()).limit(500)
    return render_template(
        "attendance/print_findings.html",
        rows=db.session.scalars(query).all(),
        unit=people.unit_name(),
        **_labels(),
    )


@bp.route("/findings/new", methods=["GET", "POST"])
@access.guard(words.INSPECT)
def record_finding() -> Answer:
    """Record what an inspection found."""
    actor = require_actor()
    form = FindingForm(ab.staff_choices(clock.now(), (actor.id,)), found_at=clock.now())
    if form.sent() and form.found_at.data is not None:
        try:
            made = verbs.record(
                actor,
                form.user_id.data,
                form.chosen_kind,
                form.found_at.data,
                form.place.data or "",
                form.note.data or "",
                clock.now(),
                form.files.data or (),
            )
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已登记，本人可以在 %(day)s 前说明情况。", day=made.reply_by))
            return go("attendance.finding", number=made.number)
        db.session.rollback()
    figures = [(label, verbs.tenths(kind) / 10) for kind, label in words.FINDING_LABELS.items()]
    page = render_template("attendance/record_finding.html", form=form, figures=figures)
    return page, 422 if form.errors else 200


def _page(found: Finding, reply: ReplyForm | None = None, conclusion: ConclusionForm | None = None) -> str:
    actor = require_actor()
    return render_template(
        "attendance/finding.html",
        found=found,
        post=posts.post_name(found.post_id) if found.post_id else "",
        reply_form=reply or ReplyForm(formdata=None),
        conclusion_form=conclusion or ConclusionForm(formdata=None),
        may_reply=rights.may_reply(actor, found),
        may_conclude=rights.may_conclude(actor, found),
        evidence=files.of(verbs.FILES, found.id),
        replies=files.of(verbs.REPLY_FILES, found.id),
        history=timeline.lines(reversed(journal.of_object("discipline_finding", found.id))),
        **_labels(),
    )


@bp.get("/findings/<number>")
@access.guard(words.READ)
def finding(number: str) -> str:
    """One finding: what was seen, the reply, the conclusion, the history."""
    return _page(queries.finding_by_number(require_actor(), number))


def _locked(number: str) -> Finding:
    queries.finding_by_number(require_actor(), number)
    return locked(Finding, number=number)


@bp.post("/findings/<number>/reply")
@access.guard(words.READ)
def reply_to_finding(number: str) -> Answer:
    """The person concerned explains."""
    found, form = _locked(number), ReplyForm()
    if form.sent():
        try:
            verbs.reply(require_actor(), found, form.reply.data or "", clock.now(), form.files.data or ())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("情况说明已提交。"))
            return go("attendance.finding", number=number)
        db.session.rollback()
        found = queries.finding_by_number(require_actor(), number)
    return _page(found, reply=form), 422


@bp.post("/findings/<number>/conclude")
@access.guard(words.CONCLUDE)
def conclude_finding(number: str) -> Answer:
    """Conclude; neither the person concerned nor the inspector (P-3)."""
    found, form = _locked(number), ConclusionForm()
    if form.sent():
        verbs.conclude(require_actor(), found, form.upheld.data == "yes", form.conclusion.data or "", clock.now())
        flash(_("已作出结论。"))
        return go("attendance.finding", number=number)
    return _page(found, conclusion=form), 422


@bp.get("/findings/<number>/files/<int:file_id>")
@access.guard(words.READ)
def finding_file(number: str, file_id: int) -> Response:
    """One piece of evidence or of the reply, as a download."""
    found = queries.finding_by_number(require_actor(), number)
    return files.send(files.one_of(file_id, (verbs.FILES, found.id), (verbs.REPLY_FILES, found.id)))
