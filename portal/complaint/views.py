"""Pages of complaints for the office, officers and the departments concerned (A-5); none says who complained."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response as BaseResponse

from portal.ab_post import rights as ab_rights
from portal.complaint import handling, identity, page, paper, queries, receiving, rights
from portal.complaint import vocabulary as words
from portal.complaint.forms import TAB_LABELS, ActForm, FilterForm, RegisterForm
from portal.complaint.models import Channel, Complaint
from portal.kernel import access, clock, documents, files, htmx, journal, sheets, timeline
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.kernel.htmx import go
from portal.kernel.paging import paginate
from portal.people import queries as people

bp = Blueprint("complaint", __name__)

Answer = str | BaseResponse | tuple[str, int]
EXPORTED = 20_000
#: Number and code of what was just registered, shown once to whoever registered it.
SLIP = "complaint_registered"


def shown() -> dict[str, Any]:
    """What all pages of the room need."""
    return {
        "queries": queries,
        "words": words,
        "names": people.user_names(),
        "departments": people.department_names(),
    }


# --- lists -----------------------------------------------------------------------------------------------------


def _list(which: str) -> Answer:
    actor, now = require_actor(), clock.now()
    form = FilterForm(request.args)
    form.validate()
    wanted = form.wanted()
    seen = {
        "index": lambda: rights.visible(actor),
        "mine": lambda: (Complaint.officer_id == actor.id) & rights.not_concerned(actor),
        "about_us": lambda: rights.about(actor),
    }[which]()
    query = queries.listing(seen, wanted, now).options(selectinload(Complaint.department))
    return htmx.page_or_fragment(
        "complaint/index.html",
        "complaint/_list.html",
        form=form,
        wanted=wanted,
        which=which,
        page=paginate(query),
        labels=TAB_LABELS,
        filtered=any(v for k, v in request.args.items() if k != "page"),
        lists=lists_of(actor),
        **shown(),
    )


def lists_of(actor: Actor) -> list[tuple[str, str, str]]:
    """The lists that the actor has: name, endpoint, words."""
    found = []
    if actor.can(words.READ_ALL) or ab_rights.departments_in_charge(actor):
        found.append(("index", "complaint.index", _("投诉")))
    found.append(("mine", "complaint.mine", _("我承办的")))
    if actor.departments_headed():
        found.append(("about_us", "complaint.about_us", _("涉及本科室的")))
    return found


@bp.get("/complaints")
@access.guard(words.READ)
def index() -> Answer:
    """The complaints that the actor may read, the most urgent first; without a right to them the own ones."""
    actor = require_actor()
    if not (actor.can(words.READ_ALL) or ab_rights.departments_in_charge(actor)):
        return go("complaint.about_us" if actor.departments_headed() else "complaint.mine")
    return _list("index")


@bp.get("/complaints/mine")
@access.guard(words.READ)
def mine() -> Answer:
    """The complaints that the actor is the officer of."""
    return _list("mine")


@bp.get("/complaints/about-us")
@access.guard(words.READ)
def about_us() -> Answer:
    """The extracts of complaints about the departments that the actor heads."""
    return _list("about_us")


@bp.get("/complaints/export.xlsx")
@access.guard(words.READ)
def export() -> Response:
    """The filtered complaints as XLSX, without who complained and without their words (at most EXPORTED rows)."""
    actor, now = require_actor(), clock.now()
    form = FilterForm(request.args)
    form.validate()
    headings = [
        _("编号"), _("渠道"), _("内容"), _("实名"), _("科室"), _("收到时间"), _("答复期限"), _("状态"), _("承办人"),
        _("结果"), _("未经报备拒绝办理"), _("答复时间"), _("逾期"), _("满意度"), _("办结时间"),
    ]  # fmt: skip
    departments, names = people.department_names(), people.user_names()
    rows = (
        [
            c.number,
            str(words.CHANNEL_LABELS[c.channel]),
            str(words.ABOUT_LABELS[c.about]),
            _("是") if c.named else _("否"),
            departments.get(c.department_id or 0, ""),
            c.received_at,
            c.due_at,
            str(words.STATE_LABELS[c.state]),
            names.get(c.officer_id or 0, ""),
            str(words.RESULT_LABELS[c.result]) if c.result and c.approved_at else "",
            _("是") if c.unfiled_denial and c.approved_at else "",
            c.told_at,
            _("是") if (c.told_at or now) > c.due_at else "",
            str(words.SATISFACTION_LABELS[c.satisfaction]) if c.satisfaction else "",
            c.closed_at,
        ]
        for c in db.session.scalars(queries.listing(rights.visible(actor), form.wanted(), now).limit(EXPORTED))
    )
    return sheets.listed(_("投诉"), headings, rows)


# --- entered by the office -------------------------------------------------------------------------------------


@bp.route("/complaints/new", methods=["GET", "POST"])
@access.guard(words.REGISTER)
def register() -> Answer:
    """Enter a complaint that came by phone, visit, letter, box, WeChat, or from an upper body (A-5)."""
    form = RegisterForm()
    if form.sent():
        try:
            made, code = receiving.receive(
                form.what(), Channel(form.channel.data), clock.now(), require_actor(), form.files.data or ()
            )
        except Invalid as error:
            db.session.rollback()
            form.refuse(error)
        else:
            session[SLIP] = [made.number, code]
            return go("complaint.registered")
    return render_template("complaint/register.html", form=form), 422 if form.errors else 200


@bp.get("/complaints/registered")
@access.guard(words.REGISTER)
def registered() -> Answer:
    """The slip for the complainant with number and code; the code is shown this once."""
    slip = session.pop(SLIP, None)
    if not isinstance(slip, list) or len(slip) != 2:
        return go("complaint.index")
    return render_template(
        "complaint/slip.html",
        number=str(slip[0]),
        code=str(slip[1]),
        unit=people.unit_name(),
        look=url_for("complaint.public_look", _external=True),
        back=url_for("complaint.show", number=str(slip[0])),
    )


# --- one complaint ---------------------------------------------------------------------------------------------


def show_page(actor: Actor, found: Complaint, form: ActForm | None = None, verb: str = "") -> str:
    """The page of a complaint, or of the extract for the head of the department concerned."""
    now = clock.now()
    common = {"c": found, "verb": verb, "light": queries.light(found, now), **shown()}
    if not rights.reads_all(actor, found):
        may_state = found.statement_at is None and page.may_state(found)
        return render_template(
            "complaint/extract.html", form=form or ActForm(found, [], formdata=None), may_state=may_state, **common
        )
    can = page.acts_of(actor, found)
    officers = queries.officers(found, now) if "assign" in can else []
    officer = rights.is_officer(actor, found)
    return render_template(
        "complaint/show.html",
        form=form or ActForm(found, officers, formdata=None),
        can=can,
        officer=officer,
        counted=identity.counted(found.id) if officer else (0, 0),
        attachments=files.of(handling.FILES, found.id),
        history=timeline.lines(reversed(journal.of_object("complaint", found.id))),
        **common,
    )


@bp.get("/complaints/<number>")
@access.guard(words.READ)
def show(number: str) -> Answer:
    """A complaint without who complained; its extract to the head of the department concerned."""
    actor = require_actor()
    return show_page(actor, queries.find(actor, number))


@bp.get("/complaints/<number>/files/<int:file_id>")
@access.guard(words.READ)
def attachment(number: str, file_id: int) -> Response:
    """A file of the investigation."""
    found = queries.read(require_actor(), number)
    return files.send(files.one_of(file_id, (handling.FILES, found.id)))


@bp.get("/complaints/<number>/papers/<paper_number>")
@access.guard(words.READ)
def sheet(number: str, paper_number: str) -> Answer:
    """A paper to the complainant, for print; it names nobody."""
    found, made = queries.paper_of(require_actor(), number, paper_number)
    return render_template("complaint/paper.html", c=found, said=paper.content(found, made), unit=people.unit_name())


@bp.get("/complaints/<number>/papers/<paper_number>.docx")
@access.guard(words.READ)
def sheet_docx(number: str, paper_number: str) -> Response:
    """A paper to the complainant as DOCX."""
    found, made = queries.paper_of(require_actor(), number, paper_number)
    return documents.download(paper.docx(found, made), f"{made.number}.docx")
