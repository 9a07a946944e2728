"""Pages of the registers: the list, an entry from draft to correction, print, DOCX, XLSX (O-4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, acts, clock, documents, files, htmx, journal, sheets, timeline
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Invalid
from portal.kernel.htmx import go
from portal.kernel.paging import paginate
from portal.people import queries as people
from portal.pure.months import month_after, month_text, read_month
from portal.register import agenda, attendance, kinds, owed, paper, queries, rights, service
from portal.register import vocabulary as words
from portal.register.forms import ActForm, EntryForm, FilterForm, HazardForm, entry_form
from portal.register.models import EntryState, RegisterEntry, RegisterKind, Scope

bp = Blueprint("register", __name__, url_prefix="/registers")

Answer = str | BaseResponse | tuple[str, int]
EXPORTED = 20_000
#: Months whose facts a meeting may talk about.
MONTHS = 6


def common() -> dict[str, Any]:
    """What all pages of the room need."""
    return {
        "words": words,
        "names": people.user_names(),
        "departments": people.department_names(),
        "place": owed.place,
        "period_name": owed.period_name,
        "month_text": month_text,
    }


# --- the list -------------------------------------------------------------------------------------------------


@bp.get("")
@access.guard(words.READ)
def index() -> Answer:
    """Entries of all registers with filters, search and pages; what is missing is told on top."""
    actor = require_actor()
    form = FilterForm(request.args)
    form.validate()
    found = kinds.open_kinds()
    return htmx.page_or_fragment(
        "register/index.html",
        "register/_entries.html",
        form=form,
        wanted=form.wanted(),
        page=paginate(queries.listing(actor, form.wanted())),
        kinds=found,
        writable=[kind for kind in found if rights.writes(actor, kind)],
        missing=owed.missing(actor),
        may_adopt=actor.can(words.MANAGE) and not found,
        filtered=bool(request.args),
        **common(),
    )


@bp.get("/export.xlsx")
@access.guard(words.READ)
def export() -> Response:
    """The filtered entries and their attendance as XLSX (at most EXPORTED entries)."""
    actor = require_actor()
    form = FilterForm(request.args)
    form.validate()
    departments, names = people.department_names(), people.user_names()
    found = list(db.session.scalars(queries.listing(actor, form.wanted()).limit(EXPORTED)))
    entries = [
        [
            e.number, words.shown(e.kind.name), owed.place(e.department_id), e.title, e.held_at, e.minutes, e.place,
            names.get(e.chair_id or 0, ""), str(words.STATE_LABELS[e.state]), e.agenda, e.content,
            "\n".join(f"{words.shown(each['label'])}：{service.shown_answer(e, each)}" for each in e.asked()),
            names.get(e.recorded_by_id, ""), e.filed_at, _("是") if service.is_late(e) else "", e.corrected,
        ]
        for e in found
    ]  # fmt: skip
    people_rows = [
        [
            e.number, e.held_on, e.title, departments.get(row.department_id or 0, ""), names.get(row.user_id, ""),
            str(words.PRESENCE_LABELS[row.presence]), row.reason, names.get(row.delegate_id or 0, ""), row.notes,
        ]
        for e in found
        for row in e.presences
    ]  # fmt: skip
    content = sheets.workbook(
        [
            (
                _("台账"),
                [
                    _("编号"), _("台账"), _("科室"), _("标题"), _("时间"), _("时长（分钟）"), _("地点"), _("主持人"),
                    _("状态"), _("议题"), _("内容"), _("其他栏目"), _("记录人"), _("记入时间"), _("补记"),
                    _("更正次数"),
                ],
                entries,
            ),
            (
                _("出席"),
                [
                    _("编号"), _("日期"), _("标题"), _("科室"), _("姓名"), _("出席"), _("事由"), _("代替的人"),
                    _("笔记字数"),
                ],
                people_rows,
            ),
        ]
    )  # fmt: skip
    return sheets.download(content, f"{_('台账')}-{clock.today().isoformat()}.xlsx")


# --- drafting -------------------------------------------------------------------------------------------------


@bp.route("/new/<code>", methods=["GET", "POST"])
@access.guard(words.WRITE)
def begin(code: str) -> Answer:
    """Draft an entry; a meeting's agenda is filled in from last month's facts."""
    actor, now = require_actor(), clock.now()
    kind = kinds.by_code(code)
    if kind.closed_on is not None or not rights.writes(actor, kind):
        raise NotFound()
    choices = None if kind.scope is Scope.UNIT else rights.kept_departments(actor, kind)
    form = entry_form(kind, kind.own_fields(), choices)
    if request.method == "GET":
        _first_words(actor, kind, form, choices, now)
    if form.sent():
        department = form.department_id.data if choices is not None else None
        typed = read_month(form.agenda_month.data or "") if kind.agenda and form.agenda.data else None
        try:
            made = service.begin(actor, kind, department, form.what(), now, typed)
        except Invalid as error:
            db.session.rollback()
            form.refuse(error)
        else:
            flash(_("草稿 %(number)s 已保存。", number=made.number))
            return go("register.take" if kind.attendance and made.held_on <= clock.today() else "register.show",
                      number=made.number)  # fmt: skip
    this = clock.today().replace(day=1)
    page = render_template(
        "register/edit.html",
        form=form,
        kind=kind,
        entry=None,
        correcting=False,
        months=[month_text(month_after(this, -n)) for n in range(1, MONTHS + 1)],
        **common(),
    )
    return page, 422 if form.errors or form.form_errors else 200


def _first_words(actor: Actor, kind: RegisterKind, form: EntryForm, choices: list[int] | None, now: datetime) -> None:
    """What a new entry's form shows first."""
    form.held_at.data = clock.local(now).replace(minute=0, second=0, microsecond=0)
    form.title.data = _("%(name)s（%(month)s）", name=words.shown(kind.name), month=month_text(clock.today()))
    if choices is not None and len(choices) == 1:
        form.department_id.data = choices[0]
    if kind.agenda:
        month = read_month(request.args.get("month", "")) or agenda.month_for(clock.today())
        form.agenda.data = agenda.filled(actor, month, now)
        form.agenda_month.data = month_text(month) if form.agenda.data else ""


def _entry(actor: Actor, number: str) -> RegisterEntry:
    """An entry to be changed, locked. Raises NotFound for what the actor may not read."""
    queries.by_number(actor, number)
    return locked(RegisterEntry, number=number)


@bp.route("/<number>/edit", methods=["GET", "POST"])
@access.guard(words.WRITE)
def edit(number: str) -> Answer:
    """Change a draft; a filed entry is corrected with a reason and keeps what stood before (J-3)."""
    actor, now = require_actor(), clock.now()
    entry = queries.by_number(actor, number)
    if entry.state is EntryState.STRUCK:
        return go("register.show", number=number)
    service.keep_or_refuse(actor, entry.kind, entry.department_id)
    correcting = entry.state is EntryState.FILED
    form = entry_form(entry.kind, entry.asked(), correcting=correcting)
    if request.method == "POST":

        def act() -> None:
            found, what = _entry(actor, number), form.what()
            if not correcting:
                service.write(actor, found, what, form.read_version(), now)
                return
            service.same_or_refuse(found, form.read_version())
            service.correct(actor, found, what, form.reason.data or "", now)

        if acts.carried_out(form, act, _("已更正，原来的内容保留在更正记录里。") if correcting else _("已保存。")):
            return go("register.show", number=number)
        entry = queries.by_number(actor, number)
    else:
        form.fill(entry)
    page = render_template(
        "register/edit.html", form=form, kind=entry.kind, entry=entry, correcting=correcting, **common()
    )
    return page, 422 if form.errors or form.form_errors else 200


# --- an entry -------------------------------------------------------------------------------------------------


@bp.get("/<number>")
@access.guard(words.READ)
def show(number: str) -> Answer:
    """An entry: what was said and done, who was there, what follows."""
    actor = require_actor()
    return page_of(actor, queries.by_number(actor, number), ActForm(formdata=None))


def page_of(
    actor: Actor, entry: RegisterEntry, form: ActForm, verb: str = "", hazard_form: HazardForm | None = None
) -> str:
    """The page of an entry, with the form of one verb as it was sent."""
    keeps = rights.keeps(actor, entry.kind, entry.department_id)
    draft, filed = entry.state is EntryState.DRAFT, entry.state is EntryState.FILED
    return render_template(
        "register/show.html",
        entry=entry,
        kind=entry.kind,
        form=form,
        verb=verb,
        hazard_form=hazard_form or HazardForm(formdata=None),
        answers=[(words.shown(each["label"]), service.shown_answer(entry, each)) for each in entry.asked()],
        tally=attendance.tally(entry),
        shown=attendance.shown,
        late=service.is_late(entry),
        today=clock.today(),
        attachments=files.of(service.FILES, entry.id),
        corrections=paper.corrections(entry),
        history=timeline.lines(reversed(journal.of_object("register_entry", entry.id))),
        passes_on=lambda each: rights.passes_on(actor, each),
        can={
            "edit": keeps and draft,
            "correct": keeps and filed,
            "take": keeps and entry.kind.attendance and (draft or filed) and entry.held_on <= clock.today(),
            "file": keeps and draft,
            "strike": keeps and (draft or filed),
            "attach": keeps and (draft or filed),
            "hazard": keeps and entry.kind.hazards and (draft or filed),
            "take_over": filed and entry.taken_at is None and actor.id == entry.handed_to_id,
        },
        **common(),
    )


Verb = Callable[[Actor, RegisterEntry, ActForm, datetime], Any]


def do(number: str, name: str, verb: Verb, done: str) -> Answer:
    """One verb on an entry: lock, do, and back to its page; a refusal is shown at its field."""
    actor, form = require_actor(), ActForm()
    entry = _entry(actor, number)
    if acts.carried_out(form, lambda: verb(actor, entry, form, clock.now()), done):
        return go("register.show", number=number)
    return page_of(actor, queries.by_number(actor, number), form, name), 422


@bp.post("/<number>/file")
@access.guard(words.WRITE)
def file(number: str) -> Answer:
    """File a draft; what it still lacks is asked for in its form."""
    actor, now = require_actor(), clock.now()
    entry = _entry(actor, number)
    try:
        service.file(actor, entry, now)
    except Invalid as error:
        db.session.rollback()
        entry = queries.by_number(actor, number)
        form = entry_form(entry.kind, entry.asked())
        form.process(None)
        form.fill(entry)
        form.refuse(error)
        page = render_template(
            "register/edit.html", form=form, kind=entry.kind, entry=entry, correcting=False, **common()
        )
        return page, 422
    flash(_("已记入台账。"))
    return go("register.show", number=number)


@bp.post("/<number>/strike")
@access.guard(words.WRITE)
def strike(number: str) -> Answer:
    """Strike an entry that should not be there."""
    return do(number, "strike", lambda a, e, f, now: service.strike(a, e, f.reason.data or "", now), _("已作废。"))


@bp.post("/<number>/attach")
@access.guard(words.WRITE)
def attach(number: str) -> Answer:
    """Add attachments."""
    return do(number, "attach", lambda a, e, f, now: service.attach(a, e, f.files.data or (), now), _("附件已上传。"))


@bp.get("/<number>/files/<int:file_id>")
@access.guard(words.READ)
def attachment(number: str, file_id: int) -> Response:
    """One file of an entry, as a download, for who may read the entry."""
    entry = queries.by_number(require_actor(), number)
    return files.send(files.one_of(file_id, (service.FILES, entry.id)))


@bp.get("/<number>/paper")
@access.guard(words.READ)
def print_paper(number: str) -> Answer:
    """An entry for print: minutes with agenda, attendance, what follows."""
    entry = queries.by_number(require_actor(), number)
    return render_template("register/paper.html", entry=entry, made=paper.content(entry), **common())


@bp.get("/<number>/paper.docx")
@access.guard(words.READ)
def docx(number: str) -> Response:
    """An entry as DOCX."""
    entry = queries.by_number(require_actor(), number)
    return documents.download(paper.docx(entry), f"{entry.number}.docx")
