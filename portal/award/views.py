"""Pages of awards: rounds, a round with its verbs, the awards given, certificates (O-7)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.award import eligibility, paper, queries, rights, service
from portal.award import vocabulary as words
from portal.award.forms import ActForm, BallotForm, DecideForm, FilterForm, NominateForm, ReviewForm, RoundForm
from portal.award.models import AwardRound, Nomination, NominationState, Nominee, RoundState, Span
from portal.award.rules import Outcome
from portal.kernel import access, acts, clock, documents, journal, sheets, timeline
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import db
from portal.kernel.forms import PortalForm
from portal.kernel.htmx import go, page_or_fragment
from portal.kernel.paging import paginate
from portal.people import queries as people

bp = Blueprint("award", __name__, url_prefix="/awards")

Answer = str | BaseResponse | tuple[str, int]
EXPORTED = 20_000


def shown() -> dict[str, Any]:
    """What every page of the room needs."""
    return {
        "words": words,
        "names": people.user_names(),
        "departments": people.department_names(),
        "name_of": service.name_of,
    }


@bp.get("")
@access.guard(words.READ)
def index() -> Answer:
    """The rounds, the latest first, with what waits for the reader."""
    actor = require_actor()
    return page_or_fragment(
        "award/index.html",
        "award/_list.html",
        page=paginate(queries.rounds()),
        waiting={run.number for _verb, run in queries.waiting(actor, clock.now())},
        **shown(),
    )


@bp.route("/new", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def open_round() -> Answer:
    """Open a round (O-7)."""
    form, made = RoundForm(day=clock.today()), []

    def act() -> None:
        day, nominate_by, vote_by = form.day.data, form.nominate_by.data, form.vote_by.data
        made.append(
            service.open_round(
                require_actor(),
                Span(form.span.data),
                Nominee(form.nominee.data),
                day or clock.today(),
                nominate_by or clock.today(),
                vote_by or clock.today(),
                clock.now(),
            )
        )

    if acts.carried_out(form, act, _("评选已开始，可以提名。")):
        return go("award.show", number=made[0].number)
    return render_template("award/new.html", form=form), 422 if form.errors or form.form_errors else 200


# --- the awards given -----------------------------------------------------------------------------------------


def _filter() -> FilterForm:
    form = FilterForm(request.args)
    form.validate()
    return form


@bp.get("/given")
@access.guard(words.READ)
def given() -> Answer:
    """The awards given, with filters and search."""
    form = _filter()
    return page_or_fragment(
        "award/given.html",
        "award/_given.html",
        form=form,
        page=paginate(queries.given(form.wanted())),
        filtered=any(v for k, v in request.args.items() if k != "page"),
        **shown(),
    )


@bp.get("/given/export.xlsx")
@access.guard(words.READ)
def export() -> Response:
    """The filtered awards as XLSX (at most EXPORTED rows)."""
    headings = [
        _("证书编号"), _("奖项"), _("对象"), _("获得者"), _("科室"), _("授予时间"), _("状态"),
        _("撤销时间"), _("撤销理由"),
    ]  # fmt: skip
    departments = people.department_names()
    rows = (
        [
            n.certificate,
            n.round.title,
            str(words.NOMINEE_LABELS[n.round.nominee]),
            service.name_of(n),
            departments.get(n.department_id, ""),
            n.round.awarded_at,
            str(words.NOMINATION_LABELS[n.state]),
            n.revoked_at,
            n.against if n.revoked_at else "",
        ]
        for n in db.session.scalars(queries.given(_filter().wanted()).limit(EXPORTED))
    )
    return sheets.listed(_("历届获奖"), headings, rows)


def _given(number: str) -> Nomination:
    wanted = queries.Wanted(q=number)
    found = next((n for n in db.session.scalars(queries.given(wanted)) if n.certificate == number), None)
    if found is None:
        raise NotFound()
    return found


@bp.get("/certificates/<certificate>")
@access.guard(words.READ)
def print_certificate(certificate: str) -> str:
    """A certificate for printing."""
    found = _given(certificate)
    return render_template("award/certificate.html", nomination=found, c=paper.content(found))


@bp.get("/certificates/<certificate>.docx")
@access.guard(words.READ)
def docx(certificate: str) -> Response:
    """A certificate as DOCX."""
    return documents.download(paper.docx(_given(certificate)), f"{_('荣誉证书')}-{certificate}.docx")


# --- a round --------------------------------------------------------------------------------------------------


def _forms(actor: Actor, round_: AwardRound) -> dict[str, PortalForm]:
    return {
        "nominate": nominate_form(actor, round_),
        "vote": ballot_form(actor, round_),
        "review": ReviewForm(labels(round_), formdata=None),
        "decide": decide_form(round_),
    }


def _given_by(sent: bool) -> dict[str, Any]:
    """What a form is filled from: what was sent, or nothing."""
    return {} if sent else {"formdata": None}


def labels(round_: AwardRound) -> list[tuple[int, str]]:
    """The nominations that stand, as choices."""
    return [(n.id, service.name_of(n)) for n in round_.nominations if n.state is NominationState.PROPOSED]


def nominate_form(actor: Actor, round_: AwardRound, sent: bool = False) -> NominateForm:
    """The form of nominating: only who is eligible and does not stand yet."""
    taken = {n.user_id if round_.nominee is Nominee.PERSON else n.department_id for n in rights.standing(round_)}
    allowed = rights.nominable(actor, round_) - taken
    able = [(key, name) for key, name, reasons in eligibility.candidates(round_, allowed) if not reasons]
    return NominateForm(able, **_given_by(sent))


def ballot_form(actor: Actor, round_: AwardRound, sent: bool = False) -> BallotForm:
    """The ballot: whom the actor votes on."""
    mine = rights.place_in(actor, round_)
    stands = rights.votable(mine, round_) if mine else []
    return BallotForm([(n.id, service.name_of(n)) for n in stands], **_given_by(sent))


def decide_form(round_: AwardRound, sent: bool = False) -> DecideForm:
    """The form of deciding: who is eligible still, those elected and not doubted ticked."""
    stands = [n for n in round_.nominations if n.state is NominationState.PROPOSED]
    found = eligibility.against(round_, stands) if round_.state is RoundState.REVIEWED else {}
    able = [n for n in stands if not found.get(n.id)]
    form = DecideForm([(n.id, service.name_of(n)) for n in able], **_given_by(sent))
    if not sent:
        form.chosen.data = [n.id for n in able if n.outcome == Outcome.ELECTED and not n.doubted]
    return form


def page(actor: Actor, round_: AwardRound, verb: str = "", form: PortalForm | None = None, at: int = 0) -> str:
    """A round's page; ``form`` is the refused one of a verb, ``at`` the nomination or objection that it was for."""
    forms: dict[str, PortalForm] = {**_forms(actor, round_), "act": ActForm(formdata=None)}
    if form is not None:
        forms[verb if verb in forms else "act"] = form
    mine = rights.place_in(actor, round_)
    undecided = round_.state in (RoundState.NOMINATING, RoundState.REVIEWED)
    candidates = eligibility.candidates(round_, rights.nominable(actor, round_)) if undecided else []
    stands = [n for n in round_.nominations if n.state is NominationState.PROPOSED]
    found = eligibility.against(round_, stands) if undecided and stands else {}
    return render_template(
        "award/show.html",
        round=round_,
        verb=verb,
        at=at,
        refused=form,
        forms_of=forms,
        mine=mine,
        votable=rights.votable(mine, round_) if mine else [],
        nominable=bool(rights.nominable(actor, round_)) and clock.today() <= round_.nominate_by,
        ineligible=[(name, reasons) for _key, name, reasons in candidates if reasons],
        against=found,
        rights=rights,
        sees_votes=rights.sees_votes(actor),
        may_review=rights.may_review(actor, round_),
        may_decide=rights.may_decide(actor, round_),
        may_object=rights.may_object(actor, round_)
        and round_.object_by is not None
        and clock.today() <= round_.object_by,
        voted=sum(v.voted for v in round_.circle),
        history=_history(actor, round_),
        **shown(),
    )


def _history(actor: Actor, round_: AwardRound) -> list[timeline.Line]:
    """What happened; never who voted when, and who objected only for those who see it."""
    hidden = {words.VOTED.tag}
    if not rights.sees_votes(actor):
        hidden |= {words.OBJECTED.tag, words.ANSWERED.tag, words.REVIEWED.tag}
    return timeline.lines(e for e in reversed(journal.of_object("award_round", round_.id)) if e.event not in hidden)


@bp.get("/<number>")
@access.guard(words.READ)
def show(number: str) -> str:
    """A round: nominations, where it stands, what the reader may do."""
    actor = require_actor()
    return page(actor, queries.by_number(number))
