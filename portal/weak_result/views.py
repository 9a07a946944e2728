"""Pages of rectified results: what is weak, ordering, an order and its verbs, the notice on paper (E-8)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, acts, clock, documents, files, htmx, journal, sheets, timeline
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import db
from portal.kernel.htmx import go
from portal.kernel.paging import paginate
from portal.people import queries as people
from portal.people.models import Department
from portal.pure.months import month_text, read_month
from portal.weak_result import paper, queries, rules, service
from portal.weak_result import vocabulary as words
from portal.weak_result.forms import STATE_TABS, ActForm, FilterForm, OrderForm
from portal.weak_result.models import OrderState, WeakOrder
from portal.weak_result.queries import Weak

bp = Blueprint("weak_result", __name__, url_prefix="/weak-results")

Answer = str | BaseResponse | tuple[str, int]
EXPORTED = 20_000


def _shown() -> dict[str, Any]:
    return {
        "queries": queries,
        "words": words,
        "points": paper.points,
        "month_text": month_text,
        "names": people.user_names(),
        "departments": people.department_names(),
    }


def _to_order(actor: Actor) -> list[Weak]:
    """The weak results on which the actor may order."""
    if not actor.can(words.ORDER):
        return []
    return [w for w in queries.to_order(clock.today()) if service.may_order(actor, w.department_id)]


@bp.get("")
@access.guard(words.READ)
def index() -> Answer:
    """What is weak and has no order yet; the orders with filters, search and pages."""
    actor, now = require_actor(), clock.now()
    form = FilterForm(request.args)
    form.validate()
    wanted = form.wanted()
    return htmx.page_or_fragment(
        "weak_result/index.html",
        "weak_result/_orders.html",
        form=form,
        wanted=wanted,
        weak=_to_order(actor),
        codes=_codes(),
        page=paginate(queries.listing(actor, wanted, now)),
        tabs=STATE_TABS,
        filtered=bool(request.args),
        now=now,
        **_shown(),
    )


def _codes() -> dict[int, str]:
    return dict(db.session.execute(db.select(Department.id, Department.code)).all())


@bp.get("/export.xlsx")
@access.guard(words.READ)
def export() -> Response:
    """The filtered orders as XLSX (at most EXPORTED rows)."""
    actor, now = require_actor(), clock.now()
    form = FilterForm(request.args)
    form.validate()
    headings = [
        _("编号"), _("科室"), _("考评月份"), _("总分"), _("名次"), _("整改要求"), _("整改期限"), _("状态"),
        _("报告时间"), _("整改措施和成效"), _("逾期"), _("复查意见"), _("问责线索"),
    ]  # fmt: skip
    rows = (
        [
            o.number, o.department.name, month_text(o.month), paper.points(o), o.place, o.demand, o.due_on,
            str(words.STATE_LABELS[o.state]), o.answered_at, o.answer, _("是") if o.late_at else "", o.opinion,
            o.clue_number,
        ]
        for o in db.session.scalars(queries.listing(actor, form.wanted(), now).limit(EXPORTED))
    )  # fmt: skip
    return sheets.listed(_("考评整改"), headings, rows)


@bp.route("/<month>/<code>/order", methods=["GET", "POST"])
@access.guard(words.ORDER)
def order(month: str, code: str) -> Answer:
    """Order a department to rectify the weak result of a month."""
    actor, first = require_actor(), read_month(month)
    department = db.session.scalar(db.select(Department).where(Department.code == code))
    if first is None or department is None:
        raise NotFound()
    department_id = department.id
    form = OrderForm(due_on=service.suggested_due(clock.today()))
    made: list[WeakOrder] = []
    if request.method == "POST" and acts.carried_out(
        form,
        lambda: made.append(
            service.order(actor, department_id, first, form.text.data or "", form.due_on.data, clock.now())
        ),
        _("整改通知已发出。"),
    ):
        return go("weak_result.show", number=made[0].number)
    weak = next((w for w in _to_order(actor) if (w.department_id, w.month) == (department_id, first)), None)
    if weak is None:
        raise NotFound()
    return render_template("weak_result/order.html", form=form, weak=weak, **_shown()), 422 if form.errors else 200


# --- an order -------------------------------------------------------------------------------------------------


def _page(actor: Actor, found: WeakOrder, form: ActForm, verb: str = "") -> str:
    now, allowed = clock.now(), rules.MOVES.allowed
    checks = service.may_order(actor, found.department_id) and actor.id != found.answered_by_id
    return render_template(
        "weak_result/show.html",
        order=found,
        form=form,
        verb=verb,
        light=queries.light(found, now),
        can={
            "answer": allowed(found.state, "answer") and service.answers(actor, found),
            "improved": checks and allowed(found.state, "improved"),
            "failed": checks
            and allowed(found.state, "failed")
            and (found.state is OrderState.ANSWERED or now > found.due_at),
            "withdraw": allowed(found.state, "withdraw") and service.may_order(actor, found.department_id),
        },
        since=queries.since(found, clock.today()),
        answer_files=files.of(service.FILES, found.id),
        check_files=files.of(service.CHECK_FILES, found.id),
        history=timeline.lines(reversed(journal.of_object("weak_result", found.id))),
        reads_clue=bool(found.clue_number) and actor.can("clue.read"),
        now=now,
        **_shown(),
    )


@bp.get("/<number>")
@access.guard(words.READ)
def show(number: str) -> Answer:
    """An order: the result, what is demanded, what was answered, the re-check."""
    actor = require_actor()
    return _page(actor, queries.by_number(actor, number), ActForm(formdata=None))


@bp.get("/<number>/files/<int:file_id>")
@access.guard(words.READ)
def attachment(number: str, file_id: int) -> Response:
    """A file of an answer or a re-check, for who may read the order."""
    found = queries.by_number(require_actor(), number)
    return files.send(files.one_of(file_id, (service.FILES, found.id), (service.CHECK_FILES, found.id)))


_do = acts.Verbs(WeakOrder, queries.by_number, lambda _order: ActForm(), _page, "weak_result.show")


@bp.post("/<number>/answer")
@access.guard(words.READ)
def answer(number: str) -> Answer:
    """The department answers."""
    return _do(
        number,
        "answer",
        lambda a, o, f, now: service.answer(a, o, f.text.data or "", now, f.files.data or ()),
        _("整改情况已报告，等待复查。"),
    )


@bp.post("/<number>/recheck/<any(improved, failed):result>")
@access.guard(words.ORDER)
def recheck(number: str, result: str) -> Answer:
    """The office checks: it improved, or a clue follows."""
    verb = service.improved if result == "improved" else service.failed
    return _do(
        number,
        "recheck",
        lambda a, o, f, now: verb(a, o, f.text.data or "", now, f.files.data or ()),
        _("已认定改进，整改结束。") if result == "improved" else _("已认定未改进，问责线索已登记。"),
    )


@bp.post("/<number>/withdraw")
@access.guard(words.ORDER)
def withdraw(number: str) -> Answer:
    """Take an order back."""
    return _do(
        number, "withdraw", lambda a, o, f, now: service.withdraw(a, o, f.text.data or "", now), _("整改通知已撤回。")
    )


@bp.get("/<number>/notice")
@access.guard(words.READ)
def notice(number: str) -> str:
    """The notice for print."""
    found = queries.by_number(require_actor(), number)
    return render_template("weak_result/notice.html", order=found, rows=paper.notice(found), unit=people.unit_name())


@bp.get("/<number>/notice.docx")
@access.guard(words.READ)
def notice_docx(number: str) -> Response:
    """The notice as DOCX."""
    found = queries.by_number(require_actor(), number)
    return documents.download(paper.notice_docx(found), f"{found.number}.docx")
