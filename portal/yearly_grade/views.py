"""Pages of the rounds: list, prepare, result, ballots, review, decision, papers (E-5, E-6, E-7)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, clock, documents, journal, sheets, timeline
from portal.kernel.actor import require_actor
from portal.kernel.acts import carried_out
from portal.kernel.errors import Conflict
from portal.kernel.htmx import go, page_or_fragment
from portal.kernel.paging import paginate
from portal.people import queries as people
from portal.pure.scoring import Subject
from portal.yearly_grade import deciding, gathering, paper, queries, service, settings
from portal.yearly_grade import vocabulary as words
from portal.yearly_grade.forms import (
    DecisionForm,
    FilterForm,
    ReasonForm,
    ReviewForm,
    RoundForm,
    VoterFilterForm,
    ballot_form,
    subject_of,
)
from portal.yearly_grade.models import RoundState, YearlyRound

bp = Blueprint("yearly_grade", __name__, url_prefix="/yearly-grades")

Answer = str | BaseResponse | tuple[str, int]
_ROUND = "/<int:year>/<any(department, person):subject>"


def common() -> dict[str, Any]:
    """What the templates of the room use."""
    return {
        "words": words,
        "names": people.user_names(),
        "departments": people.department_names(),
        "name_of": service.name_of,
        "stands": deciding.stands,
        "figure": paper.figure,
        "title_of": paper.title,
        "up_to": paper.up_to,
        "grade_word": words.grade_word,
    }


@bp.get("/")
@access.guard(words.READ)
def index() -> str:
    """One's own results, ballots to cast, and the rounds."""
    actor = require_actor()
    return render_template(
        "yearly_grade/index.html",
        own=queries.own(actor),
        to_vote=queries.to_vote(actor),
        rounds=queries.rounds(actor),
        **common(),
    )


@bp.route("/new", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def prepare() -> Answer:
    """Prepare a year's round (E-5)."""
    form = RoundForm(year=clock.today().year, subject=str(Subject.PERSON))

    def act() -> None:
        service.prepare(require_actor(), form.year.data or 0, subject_of(form), form.vote_by.data, clock.now())

    if carried_out(form, act, _("考评已准备。")):
        return go("yearly_grade.show", year=form.year.data, subject=form.subject.data)
    return render_template("yearly_grade/prepare.html", form=form), 422 if form.errors else 200


@bp.get(_ROUND)
@access.guard(words.READ)
def show(year: int, subject: str) -> Answer:
    """A round: where it stands, what comes next, the results."""
    actor = require_actor()
    round_ = queries.round_of(actor, year, subject)
    by, now = settings.of(round_), clock.now()
    form = FilterForm(by.names, request.args)
    form.validate()
    good = {f.name: f.data for f in form if f.data and not f.errors}
    shown = round_.state in queries.SHOWN
    page = paginate(queries.listing(round_, good.get("q", ""), good.get("grade", ""), good.get("department")))
    follows = queries.follows(actor)
    voters = service.voters(round_.id) if follows and round_.subject is Subject.PERSON else None
    return page_or_fragment(
        "yearly_grade/round.html",
        "yearly_grade/_yearly_results.html",
        round=round_,
        by=by,
        form=form,
        page=page,
        shown=shown,
        follows=follows,
        filtered=any(v for k, v in request.args.items() if k != "page"),
        quotas=service.quota_left(round_) if shown else [],
        voters=voters,
        missing=[] if shown else gathering.missing(round_, voters, now),
        objections=queries.objections(round_.id) if follows else [],
        vetoes=queries.vetoes(round_.id) if follows else [],
        corrections=[c for c in queries.corrections(round_.id) if follows or c.accepted],
        waiting=deciding.waiting_objections(round_.id),
        objecting=round_.object_by is not None and now <= round_.object_by,
        over=round_.vote_by is not None and clock.today() > round_.vote_by,
        why_not_review=deciding.why_not_review(actor, round_),
        lines=timeline.lines(journal.of_object("yearly_round", round_.id), with_personal=False) if follows else [],
        **common(),
    )


def _followed(year: int, subject: str) -> YearlyRound:
    actor = require_actor()
    if not queries.follows(actor):
        raise NotFound()
    return queries.round_of(actor, year, subject)


@bp.post(_ROUND + "/open")
@access.guard(words.MANAGE)
def open_round(year: int, subject: str) -> Answer:
    """Open the ballots (E-7)."""
    service.open_round(require_actor(), _followed(year, subject), clock.now())
    flash(_("投票已开始。"))
    return go("yearly_grade.show", year=year, subject=subject)


@bp.post(_ROUND + "/count")
@access.guard(words.MANAGE)
def count(year: int, subject: str) -> Answer:
    """Open the urn (E-7)."""
    service.count(require_actor(), _followed(year, subject), clock.now())
    flash(_("已计票，评议票已经销毁。"))
    return go("yearly_grade.show", year=year, subject=subject)


@bp.post(_ROUND + "/compute")
@access.guard(words.MANAGE)
def compute(year: int, subject: str) -> Answer:
    """Compute the result (E-5)."""
    changed = service.compute(require_actor(), _followed(year, subject), clock.now())
    flash(_("已核算，变动 %(n)s 个。", n=changed))
    return go("yearly_grade.show", year=year, subject=subject)


@bp.post(_ROUND + "/publish")
@access.guard(words.MANAGE)
def publish(year: int, subject: str) -> Answer:
    """Publish a decided result (E-6)."""
    deciding.publish(require_actor(), _followed(year, subject), clock.now())
    flash(_("考评结果已公布。"))
    return go("yearly_grade.show", year=year, subject=subject)


def _act_page(form: Any, round_: YearlyRound, what: str, note: str = "", clause: str = "appraisal.6") -> Answer:
    page = render_template(
        "yearly_grade/act.html",
        form=form,
        what=what,
        note=note,
        clause_id=clause,
        crumb=paper.title(round_),
        back_url=_url(round_),
    )
    return page, 422 if form.errors else 200


def _url(round_: YearlyRound) -> str:
    from flask import url_for

    return url_for("yearly_grade.show", year=round_.year, subject=str(round_.subject))


@bp.route(_ROUND + "/restart", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def restart(year: int, subject: str) -> Answer:
    """Begin the ballots anew (E-7)."""
    round_, form = _followed(year, subject), ReasonForm()
    service.in_state(round_, RoundState.OPEN)

    def act() -> None:
        service.restart(require_actor(), round_, form.reason.data or "", clock.now())

    if carried_out(form, act, _("已重新开始投票。")):
        return go("yearly_grade.show", year=year, subject=subject)
    note = _("已经投的票全部作废，所有人重新投票。")
    return _act_page(form, _followed(year, subject), _("重新投票"), note, "appraisal.7")


@bp.route(_ROUND + "/review", methods=["GET", "POST"])
@access.guard(words.REVIEW)
def review(year: int, subject: str) -> Answer:
    """The review by the supervision group (E-6)."""
    round_, form = _followed(year, subject), ReviewForm()
    service.in_state(round_, RoundState.COMPUTED)

    def act() -> None:
        deciding.review(require_actor(), round_, form.opinion.data or "", clock.now())

    if carried_out(form, act, _("审核意见已提交。")):
        return go("yearly_grade.show", year=year, subject=subject)
    return _act_page(form, _followed(year, subject), _("审核考评结果"))


@bp.route(_ROUND + "/return", methods=["GET", "POST"])
@access.guard(words.DECIDE)
def send_back(year: int, subject: str) -> Answer:
    """The principal sends a result back (E-6)."""
    round_, form = _followed(year, subject), ReasonForm()
    service.in_state(round_, RoundState.REVIEWED)

    def act() -> None:
        deciding.send_back(require_actor(), round_, form.reason.data or "", clock.now())

    if carried_out(form, act, _("已退回办公室。")):
        return go("yearly_grade.show", year=year, subject=subject)
    return _act_page(form, _followed(year, subject), _("退回考评结果"))


@bp.route(_ROUND + "/decide", methods=["GET", "POST"])
@access.guard(words.DECIDE)
def decide(year: int, subject: str) -> Answer:
    """The decision of the leaders' meeting (E-5, E-6)."""
    round_, form = _followed(year, subject), DecisionForm(meeting_on=clock.today())
    service.in_state(round_, RoundState.REVIEWED)

    def act() -> None:
        day, record = form.meeting_on.data, form.meeting_record.data or ""
        deciding.decide(require_actor(), round_, day or clock.today(), record, clock.now())

    if carried_out(form, act, _("决定已记录，可以公布。")):
        return go("yearly_grade.show", year=year, subject=subject)
    return _act_page(form, _followed(year, subject), _("决定考评结果"))


# --- ballots --------------------------------------------------------------------------------------------------


@bp.route(_ROUND + "/vote", methods=["GET", "POST"])
@access.guard(words.READ)
def vote(year: int, subject: str) -> Answer:
    """One's own ballot, cast once; nobody can see what it says (E-7)."""
    actor, round_ = require_actor(), queries.any_round(year, subject)
    mine = queries.is_voter(actor, round_.id)
    if mine is None:
        raise NotFound()
    if mine.voted or round_.state is not RoundState.OPEN:
        raise Conflict(_("您已经投过票，或者投票没有进行。"), "E-7")
    by, panels = settings.of(round_), service.panels_of(round_.id, actor.id or 0)
    form = ballot_form(queries.ballot_rows(list(panels)), by.mark_names)

    def act() -> None:
        service.vote(actor, round_, form.marks(), clock.now())

    if carried_out(form, act, _("投票已完成，评议票已经密封，不能再改。")):
        return go("yearly_grade.index")
    round_ = queries.any_round(year, subject)
    page = render_template(
        "yearly_grade/vote.html",
        form=form,
        round=round_,
        by=by,
        rows=[(row, panels[row.id], form[f"row_{row.id}"]) for row in queries.ballot_rows(list(panels))],
        **common(),
    )
    return page, 422 if form.errors else 200


@bp.get(_ROUND + "/voters")
@access.guard(words.READ)
def voters(year: int, subject: str) -> Answer:
    """Who has voted and who has not; not how (E-7)."""
    round_, form = _followed(year, subject), VoterFilterForm(request.args)
    form.validate()
    state = (form.state.data or "") if not form.state.errors else ""
    page = paginate(queries.voter_list(round_.id, state), scalars=False)
    return page_or_fragment(
        "yearly_grade/voters.html",
        "yearly_grade/_yearly_voters.html",
        round=round_,
        form=form,
        page=page,
        voters=service.voters(round_.id),
        **common(),
    )


# --- papers ---------------------------------------------------------------------------------------------------


def _printable(year: int, subject: str) -> YearlyRound:
    round_ = queries.round_of(require_actor(), year, subject)
    if round_.state not in queries.SHOWN:
        raise Conflict(_("考评还没有核算。"), "E-6")
    return round_


@bp.get(_ROUND + "/paper")
@access.guard(words.READ)
def print_paper(year: int, subject: str) -> str:
    """The result for printing."""
    round_ = _printable(year, subject)
    return render_template("yearly_grade/paper.html", round=round_, p=paper.content(round_))


@bp.get(_ROUND + "/paper.docx")
@access.guard(words.READ)
def docx(year: int, subject: str) -> Response:
    """The result as DOCX."""
    round_ = _printable(year, subject)
    return documents.download(paper.docx(round_), f"{paper.title(round_)}.docx")


@bp.get(_ROUND + "/export.xlsx")
@access.guard(words.READ)
def export(year: int, subject: str) -> Response:
    """The result as XLSX."""
    round_ = _printable(year, subject)
    said = paper.content(round_)
    sheet = [(_("考评结果"), said.headings, said.rows)]
    if said.corrections:
        sheet.append((_("更正"), [_("更正")], [[text] for text in said.corrections]))
    return sheets.download(sheets.workbook(sheet), f"{said.title}.xlsx")
