"""Pages of clues (A-1): the list, figures, one clue with its evidence, the form by hand, dismissing and reopening."""

from __future__ import annotations

import json

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.routing import BuildError
from werkzeug.wrappers import Response as BaseResponse

from portal.cases import queries as cases
from portal.clue import page, queries, rights, rules, seams, service
from portal.clue import vocabulary as words
from portal.clue.forms import FilterForm, RaiseForm, ReasonForm
from portal.clue.models import Clue, ClueState
from portal.kernel import access, acts, clock, htmx, journal, sheets, timeline
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.kernel.htmx import go
from portal.kernel.paging import paginate
from portal.people import queries as people
from portal.policy import nine_systems, rule_table
from portal.pure.numbering import NumberError, parse_number

bp = Blueprint("clue", __name__, url_prefix="/clues")

Answer = str | BaseResponse | tuple[str, int]
EXPORTED = 20_000


def _filters() -> tuple[FilterForm, queries.Wanted]:
    form = FilterForm(request.args)
    form.validate()
    return form, form.wanted()


@bp.get("")
@access.guard(words.READ)
def index() -> Answer:
    """The clues with filters, search and pages."""
    form, wanted = _filters()
    return htmx.page_or_fragment(
        "clue/index.html",
        "clue/_list.html",
        form=form,
        page=paginate(queries.listing(require_actor(), wanted)),
        filtered=bool(request.args),
        **page.shown(),
    )


@bp.get("/export.xlsx")
@access.guard(words.READ)
def export() -> Response:
    """The filtered clues as XLSX (at most EXPORTED rows)."""
    _form, wanted = _filters()
    found = db.session.scalars(queries.listing(require_actor(), wanted).limit(EXPORTED))
    return sheets.listed(_("问责线索"), page.headings(), (page.row(clue) for clue in found))


@bp.get("/figures")
@access.guard(words.READ)
def figures() -> Answer:
    """How many clues there are by kind and department; every figure opens its rows (W-0)."""
    form, wanted = _filters()
    counts = queries.counts(require_actor(), wanted)
    departments = [d for d in (*people.department_names(), None) if any(d in c.by_department for c in counts)]
    return render_template(
        "clue/figures.html",
        form=form,
        counts=counts,
        columns=departments,
        kept={k: v for k, v in request.args.items() if k not in ("kind", "department", "page")},
        filtered=bool(request.args),
        **page.shown(),
    )


# --- by hand ---------------------------------------------------------------------------------------------------


@bp.route("/new", methods=["GET", "POST"])
@access.guard(words.RAISE)
def report() -> Answer:
    """Report a departure by hand (A-1)."""
    actor, form = require_actor(), RaiseForm()
    if form.sent():
        try:
            made = _reported(actor, form)
        except Invalid as error:
            form.refuse(error)
        else:
            if rights.concerned(actor, made):
                flash(_("线索已登记。线索涉及您本人，由其他人员处理。"))
                return go("clue.index")
            flash(_("线索 %(number)s 已登记。", number=made.number))
            return go("clue.show", number=made.number)
    return render_template("clue/report.html", form=form), 422 if form.errors else 200


def _reported(actor: Actor, form: RaiseForm) -> Clue:
    case_id = None
    if form.case_number.data:
        try:
            case_id = cases.by_number(actor, str(parse_number(form.case_number.data))).id
        except (NotFound, NumberError):
            raise Invalid("case_number", _("没有这个编号的办件。")) from None
    return service.raise_by_hand(
        actor,
        form.kind.data or "",
        form.text.data or "",
        clock.now(),
        department_id=form.department_id.data,
        post_id=form.post_id.data,
        person_id=form.person_id.data,
        case_id=case_id,
        source=form.source.data or "",
        at=form.at.data,
    )


# --- one clue --------------------------------------------------------------------------------------------------


def _evidence(clue: Clue) -> tuple[timeline.Line | None, str]:
    """The entry that shows the departure, in words without personal facts, and the address of its page."""
    line = page.line(clue.entry_seq)
    try:
        return line, url_for(clue.endpoint, **json.loads(clue.values)) if clue.endpoint else ""
    except BuildError:  # of a page that is no longer there
        return line, ""


def _page(actor: Actor, clue: Clue, form: ReasonForm, verb: str = "") -> str:
    line, address = _evidence(clue)
    rule = next((r for r in rule_table.rules() if r.id == clue.rule), None)
    decides = rights.may_decide(actor, clue)
    return render_template(
        "clue/show.html",
        clue=clue,
        form=form,
        verb=verb,
        line=line,
        address=address,
        taken_back=page.line(clue.withdrawn_seq),
        rule=rule,
        clause=nine_systems.clause(page.clause_of(clue)),
        proceeding=seams.proceeding_address(actor, clue.proceeding_number),
        begin=seams.begin_address(actor, clue) if clue.state is ClueState.OPEN else None,
        can={verb: decides and rules.MOVES.allowed(clue.state, verb) for verb in ("dismiss", "reopen")},
        barred=actor.can(words.DECIDE) and not decides,
        history=timeline.lines(reversed(journal.of_object("clue", clue.id))),
        **page.shown(),
    )


@bp.get("/<number>")
@access.guard(words.READ)
def show(number: str) -> Answer:
    """A clue: what it says, the rule, the evidence, what was done."""
    actor = require_actor()
    return _page(actor, queries.by_number(actor, number), ReasonForm(formdata=None))


_do = acts.Verbs(Clue, queries.by_number, lambda _clue: ReasonForm(), _page, "clue.show")


@bp.post("/<number>/dismiss")
@access.guard(words.DECIDE)
def dismiss(number: str) -> Answer:
    """Nothing follows from a clue, with reasons."""
    return _do(
        number,
        "dismiss",
        lambda a, c, f, now: service.dismiss(a, c, f.reason.data or "", now),
        _("已记录不予追究的理由。"),
    )


@bp.post("/<number>/reopen")
@access.guard(words.DECIDE)
def reopen(number: str) -> Answer:
    """Look at a dismissed clue again."""
    return _do(
        number,
        "reopen",
        lambda a, c, f, now: service.reopen(a, c, f.reason.data or "", now),
        _("线索已重新列入待处理。"),
    )
