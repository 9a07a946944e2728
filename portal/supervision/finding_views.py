"""Pages of a finding: comment, order, report, re-check, withdrawal; the notice on paper (O-2)."""

from __future__ import annotations

from datetime import datetime

from flask import Response, render_template
from flask_babel import gettext as _

from portal.cases import queries as cases
from portal.kernel import access, acts, clock, documents, files, journal, timeline
from portal.kernel.actor import Actor, require_actor
from portal.kernel.files import Attachment
from portal.people import queries as people
from portal.post_duty import queries as posts
from portal.supervision import findings as verbs
from portal.supervision import paper, queries, rectifying, rights, rules, service
from portal.supervision import vocabulary as words
from portal.supervision.forms import ActForm
from portal.supervision.models import FindingState, InspectionFinding
from portal.supervision.views import Answer, bp, shown

__all__ = ["bp"]


def _can(actor: Actor, found: InspectionFinding, now: datetime) -> dict[str, bool]:
    """Which verbs the page offers to the actor."""
    allowed = rules.MOVES.allowed
    group = rights.may_inspect(actor, found.department_id) and actor.id != found.person_id
    heard = rules.heard(found.commented_at, found.comment_by, now, found.severity)
    asked = found.withdraw_asked_at is not None
    last = found.order
    return {
        "comment": allowed(found.state, "comment") and rights.speaks(actor, found),
        "order": group and allowed(found.state, "order") and heard,
        "settle": group and allowed(found.state, "note") and heard,
        "wait": group and allowed(found.state, "order") and not heard,
        "report": allowed(found.state, "report") and rectifying.reports(actor, found),
        "recheck": allowed(found.state, "pass") and last is not None and rights.may_recheck(actor, found, last),
        "ask_withdrawal": group and allowed(found.state, "withdraw") and not asked,
        "decide_withdrawal": group
        and asked
        and found.state is not FindingState.WITHDRAWN
        and actor.id != found.withdraw_asked_by_id,
    }


def _photos(found: InspectionFinding) -> dict[str, list[Attachment]]:
    """The photos of the finding, of each report and each re-check, by owner."""
    kept = {"found": files.of(service.FINDING_FILES, found.id)}
    for each in found.orders:
        kept[f"report-{each.id}"] = files.of(rectifying.FILES, each.id) if each.reported_at else []
        kept[f"check-{each.id}"] = files.of(rectifying.CHECK_FILES, each.id) if each.checked_at else []
    return kept


def _page(actor: Actor, found: InspectionFinding, form: ActForm, verb: str = "") -> str:
    now = clock.now()
    return render_template(
        "supervision/show_finding.html",
        found=found,
        form=form,
        verb=verb,
        can=_can(actor, found, now),
        light=queries.light(found.order, now),
        photos=_photos(found),
        post=posts.post_name(found.post_id) if found.post_id is not None else "",
        reads_inspection=rights.may_read_inspection(actor, found.inspection),
        reads_case=found.case is not None and cases.may_read(actor, found.case),
        history=timeline.lines(reversed(journal.of_object("inspection_finding", found.id))),
        **shown(actor),
    )


@bp.get("/findings/<number>")
@access.guard(words.READ)
def show_finding(number: str) -> Answer:
    """A finding: what was seen, what was said, ordered, reported and checked."""
    actor = require_actor()
    return _page(actor, queries.finding(actor, number), ActForm(formdata=None))


@bp.get("/findings/<number>/photos/<int:file_id>")
@access.guard(words.READ)
def finding_photo(number: str, file_id: int) -> Response:
    """A photo of a finding, of a report or of a re-check, for who may read the finding."""
    found = queries.finding(require_actor(), number)
    owners = [(kind, each.id) for each in found.orders for kind in (rectifying.FILES, rectifying.CHECK_FILES)]
    return files.show(files.one_of(file_id, (service.FINDING_FILES, found.id), *owners))


_do = acts.Verbs(InspectionFinding, queries.finding, lambda _finding: ActForm(), _page, "supervision.show_finding")


@bp.post("/findings/<number>/comment")
@access.guard(words.READ)
def comment(number: str) -> Answer:
    """The department, or whom it concerns, says how it was."""
    return _do(number, "comment", lambda a, x, f, now: verbs.comment(a, x, f.text.data or "", now), _("说明已提交。"))


@bp.post("/findings/<number>/order")
@access.guard(words.INSPECT)
def order(number: str) -> Answer:
    """Order the department to rectify by a date."""
    return _do(
        number,
        "order",
        lambda a, x, f, now: rectifying.order(a, x, f.text.data or "", f.until(), now),
        _("整改通知已发出。"),
    )


@bp.post("/findings/<number>/settle")
@access.guard(words.INSPECT)
def settle(number: str) -> Answer:
    """End a finding: there is nothing to rectify."""
    return _do(
        number, "order", lambda a, x, f, now: verbs.settle(a, x, f.text.data or "", now), _("已办结，不需整改。")
    )


@bp.post("/findings/<number>/report")
@access.guard(words.READ)
def report_rectification(number: str) -> Answer:
    """The department reports what it did."""
    return _do(
        number,
        "report",
        lambda a, x, f, now: rectifying.report(a, x, f.text.data or "", now, f.photos.data or ()),
        _("整改情况已报告，等待复查。"),
    )


@bp.post("/findings/<number>/recheck/<any(pass, again):result>")
@access.guard(words.INSPECT)
def recheck(number: str, result: str) -> Answer:
    """The group checks: it passes, or a further order follows."""
    passed = result == "pass"
    return _do(
        number,
        "recheck",
        lambda a, x, f, now: rectifying.recheck(a, x, passed, f.text.data or "", f.until(), now, f.photos.data or ()),
        _("复查合格，问题办结。") if passed else _("复查不合格，已再次发出整改通知。"),
    )


@bp.post("/findings/<number>/withdraw")
@access.guard(words.INSPECT)
def ask_withdrawal(number: str) -> Answer:
    """Propose to withdraw a finding."""
    return _do(
        number,
        "withdraw",
        lambda a, x, f, now: verbs.ask_withdrawal(a, x, f.text.data or "", now),
        _("已提出撤销，等待另一人确认。"),
    )


@bp.post("/findings/<number>/withdraw/<any(agree, refuse):decision>")
@access.guard(words.INSPECT)
def decide_withdrawal(number: str, decision: str) -> Answer:
    """A second person withdraws the finding, or lets it stand."""
    agreed = decision == "agree"
    return _do(
        number,
        "decide_withdrawal",
        lambda a, x, f, now: verbs.decide_withdrawal(a, x, agreed, f.text.data or "", now),
        _("督查发现已撤销。") if agreed else _("不予撤销。"),
    )


@bp.get("/orders/<number>")
@access.guard(words.READ)
def notice(number: str) -> Answer:
    """The notice to rectify for print."""
    made = queries.order(require_actor(), number)
    return render_template("supervision/notice.html", made=made, rows=paper.notice(made), unit=people.unit_name())


@bp.get("/orders/<number>/notice.docx")
@access.guard(words.READ)
def notice_docx(number: str) -> Response:
    """The notice as DOCX."""
    made = queries.order(require_actor(), number)
    return documents.download(paper.notice_docx(made), f"{made.number}.docx")
