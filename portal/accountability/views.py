"""Pages of proceedings: lists, the file, one's own part, the acts, letters, figures, what follows (A-2, A-3, A-4)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.accountability import acts, closing, paper, queries, rights, rules, service
from portal.accountability import vocabulary as words
from portal.accountability.acts import ACTS, Ask
from portal.accountability.forms import FilterForm, RegisterForm, YearForm
from portal.accountability.models import Duty, Origin, Proceeding, Said, Subject, Utterance
from portal.accountability.rules import Counts
from portal.clue import page as clue_page
from portal.clue import rights as clue_rights
from portal.clue import vocabulary as clue_words
from portal.clue.models import Clue
from portal.kernel import access, clock, documents, files, htmx, journal, sheets, timeline
from portal.kernel.actor import Actor, require_actor
from portal.kernel.acts import carried_out
from portal.kernel.db import db, locked
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.htmx import go
from portal.kernel.paging import paginate
from portal.people import queries as people

bp = Blueprint("accountability", __name__, url_prefix="/proceedings")

Answer = str | BaseResponse | tuple[str, int]
EXPORTED = 5_000
MOST_CLUES = 20


def _shown() -> dict[str, Any]:
    return {
        "words": words,
        "names": people.user_names(),
        "departments": people.department_names(),
        "name_of": paper.name_of,
        "holders": service.holders,
        "Duty": Duty,
    }


# --- lists ----------------------------------------------------------------------------------------------------


@bp.get("")
@access.guard(words.READ)
def index() -> Answer:
    """The proceedings whose file one may open, and what concerns oneself."""
    actor = require_actor()
    form = FilterForm(request.args)
    form.validate()
    return htmx.page_or_fragment(
        "accountability/index.html",
        "accountability/_list.html",
        form=form,
        page=paginate(queries.listing(actor, form.wanted())),
        own=queries.own(actor),
        filtered=bool(request.args),
        **_shown(),
    )


@bp.get("/export.xlsx")
@access.guard(words.READ)
def export() -> Response:
    """The filtered proceedings that one may open as XLSX."""
    actor = require_actor()
    form = FilterForm(request.args)
    form.validate()
    headings = [_("编号"), _("事项"), _("来源"), _("科室"), _("当事方"), _("状态"), _("立案时间"), _("结案时间")]
    departments = people.department_names()
    rows = (
        [
            p.number,
            p.title,
            str(words.ORIGIN_LABELS[p.origin]),
            departments.get(p.department_id or 0, ""),
            "、".join(paper.name_of(s) for s in p.subjects),
            str(words.STATE_LABELS[p.state]),
            p.registered_at,
            p.closed_at,
        ]
        for p in db.session.scalars(queries.listing(actor, form.wanted()).limit(EXPORTED))
    )
    return sheets.download(sheets.workbook([(_("追责案件"), headings, rows)]), _("追责案件") + ".xlsx")


@bp.get("/figures")
@access.guard(words.FIGURES)
def figures() -> Answer:
    """Figures of a year, without any content; small groups are withheld."""
    form = YearForm(request.args)
    form.validate()
    year = form.chosen()
    return render_template(
        "accountability/figures.html", form=form, year=year, figures=queries.figures(year), **_shown()
    )


@bp.get("/effects")
@access.guard(words.EFFECTS)
def effects() -> Answer:
    """What the decisions of a year mean for people and departments: score, bonus, awards (A-4)."""
    form = YearForm(request.args)
    form.validate()
    found = queries.effects_of(form.chosen())
    names, departments = people.user_names(), people.department_names()
    rows = [
        (names.get(key or 0, "") if kind == "person" else departments.get(key or 0, ""), lines)
        for (kind, key), lines in found.items()
    ]
    return render_template(
        "accountability/effects.html",
        form=form,
        year=form.chosen(),
        rows=rows,
        Counts=Counts,
        total=rules.total,
        **_shown(),
    )


# --- registering ----------------------------------------------------------------------------------------------


def _clues(actor: Actor, lock: bool) -> list[Clue]:
    """The clues that the address names, if the actor may read them all. Raises NotFound."""
    numbers = list(dict.fromkeys(request.args.getlist("clue")))
    if len(numbers) > MOST_CLUES:
        abort(404)
    found = list(db.session.scalars(select(Clue).where(Clue.number.in_(numbers))))
    if len(found) != len(numbers) or not all(clue_rights.may_read(actor, clue) for clue in found):
        raise NotFound()
    return [locked(Clue, id=clue.id) for clue in sorted(found, key=lambda c: c.id)] if lock else found


@bp.route("/new", methods=["GET", "POST"])
@access.guard(words.REGISTER)
def register() -> Answer:
    """Open a proceeding: on clues that the address names, or from a complaint, an inspection, an upper body."""
    actor, now, form = require_actor(), clock.now(), RegisterForm()
    rows = _clues(actor, request.method == "POST")
    if request.method == "GET" and rows:
        form.origin.data = Origin.CLUE
        matter = rows[0].case.number if rows[0].case is not None else ""
        form.title.data = f"{clue_words.KIND_LABELS[rows[0].kind]} {matter}".strip()
        form.summary.data = "\n".join(clue_page.account(clue) for clue in rows)
        form.people.data = [c.person_id for c in rows if c.person_id is not None]
        form.departments.data = [c.department_id for c in rows if c.person_id is None and c.department_id is not None]
    if form.sent():
        try:
            if form.origin.data is None:
                raise Invalid("origin", _("请选择来源。"), "A-2")
            what = service.Matter(
                form.title.data,
                form.summary.data,
                form.origin.data,
                form.source.data or "",
                form.complainant.data,
                tuple(form.complainants.data or ()),
                tuple(form.people.data or ()),
                tuple(form.departments.data or ()),
            )
            made = service.register(actor, what, rows, now)
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已立案，编号 %(number)s。请指定调查人。", number=made.number))
            return go("accountability.show", number=made.number)
    page = render_template("accountability/register.html", form=form, clues=rows, clue_words=clue_words)
    return page, 422 if form.errors or form.form_errors else 200


# --- the file -------------------------------------------------------------------------------------------------


@bp.get("/<number>")
@access.guard(words.READ)
def show(number: str) -> Answer:
    """The whole file for who works on it, the own part for who is concerned; the reading is journalled."""
    actor, now = require_actor(), clock.now()
    found = queries.opened(actor, number, now)

    def offered(part: Any = None, *names: str) -> Any:
        return acts.offered(Ask(actor, found, part, now), *names)

    common = {
        "p": found,
        "files": files.of(service.FILES, found.id),
        "hear_by": service.hear_by(found),
        "offered": offered,
        "measure_words": paper.measure_words,
        "Said": Said,
        "pending": closing.pending,
    }
    if not rights.works_on(actor, found):
        mine = rights.own_subjects(actor, found)
        return render_template("accountability/own.html", mine=mine, **common, **_shown())
    notes = select(Utterance).where(Utterance.proceeding_id == found.id, Utterance.kind == Said.NOTE)
    return render_template(
        "accountability/show.html",
        notes=list(db.session.scalars(notes.order_by(Utterance.id))),
        lacking=closing.lacking(found, now),
        clues=[link.clue for link in found.clues],
        clue_words=clue_words,
        bars=found.bars,
        history=timeline.lines(
            e for e in reversed(journal.of_object("proceeding", found.id)) if e.event != words.OPENED.tag
        ),
        **common,
        **_shown(),
    )


@bp.route("/<number>/do/<name>", methods=["GET", "POST"], defaults={"part_id": None})
@bp.route("/<number>/do/<name>/<int:part_id>", methods=["GET", "POST"])
@access.guard(words.READ)
def act(number: str, name: str, part_id: int | None) -> Answer:
    """One act on a proceeding, or on a part of it: its form, and the act."""
    actor, now = require_actor(), clock.now()
    if request.method == "GET":
        found = queries.opened(actor, number, now)
    else:
        queries.by_number(actor, number)
        locked(Proceeding, number=number)
        found = queries.by_number(actor, number)
    what = ACTS.get(name)
    part = acts.part_of(found, what, part_id) if what is not None else None
    if what is None or bool(what.part) != (part is not None) or not _sees(actor, found, part):
        raise NotFound()
    ask = Ask(actor, found, part, now)
    if request.method == "GET" and not what.offered(ask):
        raise Conflict(_("案件目前不能进行这一操作，或者不由您办理。"), "A-2")
    form = what.form(ask)
    if carried_out(form, lambda: what.run(ask, form), what.done):
        return go("accountability.index" if name == "recuse" else "accountability.show", **_back(name, number))
    found = queries.by_number(actor, number)
    part = acts.part_of(found, what, part_id)
    page = render_template(
        "accountability/act.html", p=found, part=part, form=form, act=what, name=name,
        measure_words=paper.measure_words,
        subject=part if isinstance(part, Subject) else getattr(part, "subject", None), **_shown(),
    )  # fmt: skip
    return page, 422 if request.method == "POST" else 200


def _back(name: str, number: str) -> dict[str, str]:
    return {} if name == "recuse" else {"number": number}


def _sees(actor: Actor, found: Proceeding, part: acts.Part) -> bool:
    """Whether a part of a proceeding is the actor's to see: who is concerned sees their own only."""
    if rights.works_on(actor, found) or part is None:
        return True
    return isinstance(part, Subject) and rights.represents(actor, part)


@bp.get("/<number>/files/<int:file_id>")
@access.guard(words.READ)
def attachment(number: str, file_id: int) -> Answer:
    """A piece of evidence."""
    found = queries.opened(require_actor(), number, clock.now())
    return files.send(files.one_of(file_id, (service.FILES, found.id)))


def _told(number: str, subject_id: int) -> Subject:
    """A subject that was told its decision, if the actor may see it. Raises NotFound."""
    actor = require_actor()
    found = queries.opened(actor, number, clock.now())
    subject = next((s for s in found.subjects if s.id == subject_id), None)
    if subject is None or subject.told_at is None or not _sees(actor, found, subject):
        raise NotFound()
    return subject


@bp.get("/<number>/letters/<int:subject_id>")
@access.guard(words.READ)
def letter(number: str, subject_id: int) -> Answer:
    """The decision (and the review) for print."""
    subject = _told(number, subject_id)
    return render_template("accountability/letter.html", subject=subject, letters=paper.letters(subject), number=number)


@bp.get("/<number>/letters/<int:subject_id>/<any(decision, review):which>.docx")
@access.guard(words.READ)
def letter_docx(number: str, subject_id: int, which: str) -> Response:
    """The decision or the review as DOCX."""
    subject = _told(number, subject_id)
    found = paper.decision(subject) if which == "decision" else paper.review(subject)
    if found is None:
        raise NotFound()
    return documents.download(paper.docx(found), f"{found.number}.docx")


def address(actor: Actor, number: str) -> str | None:
    """Where a reader opens a proceeding; None for who may not."""
    try:
        queries.by_number(actor, number)
    except NotFound:
        return None
    return url_for("accountability.show", number=number)


def begin(actor: Actor, clue: Clue) -> str | None:
    """Where a reader begins a proceeding on a clue; None where they may not."""
    return url_for("accountability.register", clue=clue.number) if actor.can(words.REGISTER) else None
