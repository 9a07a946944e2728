"""Pages of praise and honours: the list, recording, an entry and its verbs, one person's record (O-9)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.honour import queries, rights, seams, service
from portal.honour import vocabulary as words
from portal.honour.forms import FilterForm, ReasonForm, RecordForm
from portal.honour.models import Honour, Kind
from portal.kernel import access, acts, clock, files, journal, sheets, timeline
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import db
from portal.kernel.htmx import go, page_or_fragment
from portal.kernel.paging import paginate
from portal.people import queries as people
from portal.people.models import User

bp = Blueprint("honour", __name__, url_prefix="/honours")

Answer = str | BaseResponse | tuple[str, int]
EXPORTED = 20_000
PRINTED = 500


def _shown() -> dict[str, Any]:
    return {"words": words, "names": people.user_names(), "departments": people.department_names()}


# --- the list -------------------------------------------------------------------------------------------------


def _filter() -> FilterForm:
    form = FilterForm(request.args)
    form.validate()
    return form


@bp.get("")
@access.guard(words.READ)
def index() -> Answer:
    """Entries with filters, search and pages."""
    actor, form = require_actor(), _filter()
    return page_or_fragment(
        "honour/index.html",
        "honour/_list.html",
        form=form,
        page=paginate(queries.listing(actor, form.wanted())),
        waiting=queries.waiting(actor),
        may_record=bool(rights.recordable(actor, people.department_names())),
        filtered=any(v for k, v in request.args.items() if k != "page"),
        **_shown(),
    )


@bp.get("/export.xlsx")
@access.guard(words.READ)
def export() -> Response:
    """The filtered entries as XLSX (at most EXPORTED rows)."""
    headings = [
        _("编号"), _("类别"), _("级别"), _("名称或者摘要"), _("由谁作出"), _("日期"), _("科室"), _("人员"),
        _("计入科室"), _("状态"), _("登记人"), _("登记时间"), _("核实人"), _("核实时间"), _("理由"),
    ]  # fmt: skip
    departments, names = people.department_names(), people.user_names()
    rows = (
        [
            h.number,
            str(words.KIND_LABELS[h.kind]),
            str(words.LEVEL_LABELS[h.level]) if h.level else "",
            h.title,
            h.given_by,
            h.happened_on,
            departments.get(h.department_id, ""),
            names.get(h.user_id or 0, ""),
            _("是") if h.for_department else _("否"),
            str(words.STATE_LABELS[h.state]),
            names.get(h.recorded_by_id, ""),
            h.recorded_at,
            names.get(h.decided_by_id or 0, ""),
            h.decided_at,
            h.withdrawal or h.answer,
        ]
        for h in db.session.scalars(queries.listing(require_actor(), _filter().wanted()).limit(EXPORTED))
    )
    return sheets.listed(_("表扬与荣誉"), headings, rows)


@bp.get("/print")
@access.guard(words.READ)
def print_list() -> str:
    """The filtered entries for printing (at most PRINTED rows)."""
    query = queries.listing(require_actor(), _filter().wanted()).limit(PRINTED + 1)
    rows = list(db.session.scalars(query))
    return render_template(
        "honour/paper.html",
        title=_("表扬与荣誉登记表"),
        person=None,
        rows=rows[:PRINTED],
        most=PRINTED if len(rows) > PRINTED else None,
        unit=people.unit_name(),
        **_shown(),
    )


# --- one person -----------------------------------------------------------------------------------------------


def _person(user_id: int) -> User:
    found = db.session.get(User, user_id)
    if found is None or not rights.reads_person(require_actor(), found.id, found.department_id):
        raise NotFound()
    return found


@bp.get("/people/<int:user_id>")
@access.guard(words.READ)
def person(user_id: int) -> str:
    """What is confirmed of one person, year by year."""
    found = _person(user_id)
    return render_template("honour/person.html", person=found, rows=queries.of_person(user_id), **_shown())


@bp.get("/people/<int:user_id>/print")
@access.guard(words.READ)
def print_person(user_id: int) -> str:
    """One person's record for printing."""
    found = _person(user_id)
    return render_template(
        "honour/paper.html",
        title=_("%(name)s的表扬与荣誉", name=found.name),
        person=found,
        rows=queries.of_person(user_id),
        most=None,
        unit=people.unit_name(),
        **_shown(),
    )


# --- recording ------------------------------------------------------------------------------------------------


def _prefill(form: RecordForm, actor: Actor) -> None:
    key = request.args.get("source", "")
    place, number = seams.place_of(key)
    found = place.find(actor, number) if place else None
    if place is None or found is None:
        return
    form.kind.data, form.channel.data, form.source_key.data = str(Kind.PRAISE), str(place.channel), key
    form.facts.data, form.happened_on.data, form.department_id.data = found.text, found.on, found.department_id


@bp.route("/new", methods=["GET", "POST"])
@access.guard(words.RECORD)
def record() -> Answer:
    """Record an entry with its evidence; ``source`` in the address names what in the portal it comes from (O-9)."""
    actor = require_actor()
    departments = rights.recordable(actor, dict(people.open_departments()))
    form = RecordForm(departments, happened_on=clock.today())
    if request.method == "GET":
        _prefill(form, actor)
    made: list[Honour] = []

    def act() -> None:
        made.append(service.record(actor, form.what(), clock.now(), form.files.data or ()))

    if acts.carried_out(form, act, _("已登记，等待第二人核实。")):
        return go("honour.show", number=made[0].number)
    place, number = seams.place_of(form.source_key.data or "")
    page = render_template("honour/record.html", form=form, place=place, number=number)
    return page, 422 if form.errors or form.form_errors else 200


# --- an entry -------------------------------------------------------------------------------------------------


def _page(actor: Actor, honour: Honour, form: ReasonForm, verb: str = "") -> str:
    place, number = seams.place_of(honour.source_key)
    return render_template(
        "honour/show.html",
        honour=honour,
        form=form,
        verb=verb,
        may_decide=rights.may_decide(actor, honour),
        may_withdraw=rights.may_withdraw(actor, honour),
        place=place,
        source=number,
        source_url=place.address(number) if place and place.find(actor, number) else "",
        points=queries.points(honour),
        attachments=files.of(service.FILES, honour.id),
        history=timeline.lines(reversed(journal.of_object("honour", honour.id))),
        reads_person=honour.user is not None and rights.reads_person(actor, honour.user.id, honour.user.department_id),
        **_shown(),
    )


@bp.get("/<number>")
@access.guard(words.READ)
def show(number: str) -> str:
    """An entry: what, for whom, its evidence, where it stands."""
    actor = require_actor()
    return _page(actor, queries.by_number(actor, number), ReasonForm(formdata=None))


@bp.get("/<number>/files/<int:file_id>")
@access.guard(words.READ)
def attachment(number: str, file_id: int) -> Response:
    """One file of an entry, as a download, for who may read the entry."""
    honour = queries.by_number(require_actor(), number)
    return files.send(files.one_of(file_id, (service.FILES, honour.id)))


_do = acts.Verbs(Honour, queries.by_number, lambda _honour: ReasonForm(), _page, "honour.show")


@bp.post("/<number>/confirm")
@access.guard(words.CONFIRM)
def confirm(number: str) -> Answer:
    """A second person confirms an entry (O-9)."""
    return _do(number, "confirm", lambda a, h, _reason, now: service.confirm(a, h, now), _("已确认，计入考评。"))


@bp.post("/<number>/refuse")
@access.guard(words.CONFIRM)
def refuse(number: str) -> Answer:
    """A second person refuses an entry with a reason (O-9)."""
    return _do(
        number,
        "refuse",
        lambda a, h, f, now: service.refuse(a, h, f.reason.data or "", now),
        _("已记录不予确认的理由。"),
    )


@bp.post("/<number>/withdraw")
@access.guard(words.READ)
def withdraw(number: str) -> Answer:
    """Withdraw an entry with a reason (O-9)."""
    return _do(number, "withdraw", lambda a, h, f, now: service.withdraw(a, h, f.reason.data or "", now), _("已撤销。"))
