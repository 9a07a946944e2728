"""The overview of what is owed and missing, people's study, half-yearly checks, and the kinds (O-4)."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.kernel import access, acts, clock, sheets
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import locked
from portal.kernel.htmx import go
from portal.people import queries as people
from portal.register import checks, kinds, owed, queries, rights, rules
from portal.register import vocabulary as words
from portal.register.forms import CheckForm, KindForm
from portal.register.models import FieldType, Keeper, RegisterKind, Rhythm, Scope
from portal.register.views import Answer, bp, common

__all__ = ["bp"]

#: Half years that can be looked at.
HALVES = 6


def _halves() -> list[tuple[int, int]]:
    found = [rules.half_of(clock.today())]
    while len(found) < HALVES:
        found.append(rules.half_before(rules.half_days(*found[-1])[0]))
    return found


def _half(typed: str) -> tuple[int, int]:
    """A half year of an address (2026-1), the present one when there is none. Raises NotFound for another."""
    for year, half in _halves():
        if typed in (f"{year}-{half}", ""):
            return year, half
    raise NotFound()


def _seen(actor: Actor) -> list[int]:
    """The departments whose registers an actor looks at."""
    keeping = rights.keeping_departments()
    return keeping if actor.can(words.READ_ALL) else [d for d in keeping if d in rights.departments_seen(actor)]


def _choice(half: tuple[int, int]) -> dict[str, Any]:
    return {"half": half, "halves": _halves(), "half_name": owed.half_name, "over": _over(half)}


def _over(half: tuple[int, int]) -> bool:
    return clock.today() >= rules.half_days(*half)[1]


@bp.get("/overview")
@access.guard(words.READ)
def overview() -> Answer:
    """What each register of a half year owed, has and misses; the check's results beside it."""
    actor, half = require_actor(), _half(request.args.get("half", ""))
    departments = _seen(actor)
    found = owed.kept(*rules.half_days(*half), [None, *departments])
    rhythms = {kind.id: kind.rhythm for kind in kinds.all_kinds()}
    return render_template(
        "register/overview.html",
        shared=[k for k in found if k.department_id is None],
        by_department=[(d, [k for k in found if k.department_id == d]) for d in departments],
        results=checks.of_half(*half),
        rhythms=rhythms,
        may_check=actor.can(words.CHECK),
        **_choice(half),
        **common(),
    )


@bp.get("/overview.xlsx")
@access.guard(words.READ)
def export_overview() -> Response:
    """What each register of a half year owed, has and misses, and the results of the check, as XLSX."""
    actor, half = require_actor(), _half(request.args.get("half", ""))
    rhythms, results = {kind.id: kind.rhythm for kind in kinds.all_kinds()}, checks.of_half(*half)
    rows = [
        [
            owed.place(k.department_id), words.shown(k.kind), len(k.owed), k.done, len(k.missed), k.entries,
            "\n".join(owed.period_name(rhythms[k.kind_id], p) for p in k.missed),
        ]
        for k in owed.kept(*rules.half_days(*half), [None, *_seen(actor)])
    ]  # fmt: skip
    checked = [
        [owed.place(d), str(words.RESULT_LABELS[results[d].result]), results[d].comment, results[d].checked_at]
        for d in _seen(actor)
        if d in results
    ]
    headings = [_("科室"), _("台账"), _("应记次数"), _("已记次数"), _("缺记次数"), _("记录数"), _("缺记的周期")]
    content = sheets.workbook(
        [(_("台账记录"), headings, rows), (_("检查结果"), [_("科室"), _("结果"), _("意见"), _("检查时间")], checked)]
    )
    return sheets.download(content, f"{_('台账检查')}-{half[0]}-{half[1]}.xlsx")


def _study_rows(actor: Actor, year: int) -> list[list[Any]]:
    found = queries.study(date(year, 1, 1), date(year + 1, 1, 1))
    rows = []
    for department_id in _seen(actor):
        for user_id, name in people.people_in_service(department_id):
            one = found.get(user_id, queries.Study(0, 0, 0))
            rows.append([user_id, people.user_names().get(user_id, name), department_id, one])
    return rows


def _year() -> int:
    typed = request.args.get("year", "") or str(clock.today().year)
    if not (typed.isascii() and typed.isdigit() and len(typed) == 4 and 2000 <= int(typed) <= clock.today().year):
        raise NotFound()
    return int(typed)


def _notes_least() -> int:
    return max((kind.notes_least or 0 for kind in kinds.open_kinds()), default=0)


@bp.get("/study")
@access.guard(words.READ)
def study() -> Answer:
    """How often, how long and with how many notes people studied in a year."""
    actor, year = require_actor(), _year()
    return render_template(
        "register/study.html",
        rows=_study_rows(actor, year),
        year=year,
        years=range(clock.today().year, clock.today().year - 3, -1),
        least=_notes_least(),
        **common(),
    )


@bp.get("/study.xlsx")
@access.guard(words.READ)
def export_study() -> Response:
    """People's study of a year as XLSX."""
    actor, year = require_actor(), _year()
    departments = people.department_names()
    rows = [[departments.get(d, ""), name, s.times, s.minutes, s.notes] for _u, name, d, s in _study_rows(actor, year)]
    headings = [_("科室"), _("姓名"), _("参加次数"), _("学习时长（分钟）"), _("笔记字数")]
    return sheets.listed(_("学习统计"), headings, rows, year)


# --- the half-yearly check ---------------------------------------------------------------------------------------


@bp.route("/checks/<half>/<int:department_id>", methods=["GET", "POST"])
@access.guard(words.READ)
def check(half: str, department_id: int) -> Answer:
    """The check of one department: figures, result, earlier editions; the group and the office give the result."""
    actor, wanted = require_actor(), _half(half)
    if department_id not in _seen(actor):
        raise NotFound()
    form = CheckForm()
    may = actor.can(words.CHECK) and _over(wanted) and not checks.represented(actor, department_id)
    if request.method == "POST" and acts.carried_out(
        form,
        lambda: checks.check(actor, *wanted, department_id, form.chosen(), form.comment.data or "", clock.now()),
        _("检查结果已记录。"),
    ):
        return go("register.check", half=half, department_id=department_id)
    page = render_template(
        "register/check.html",
        department_id=department_id,
        figures=checks.figures(department_id, *wanted),
        editions=[(each, checks.thawed(each)) for each in checks.editions(*wanted, department_id)],
        form=form,
        may=may,
        half_text=half,
        **_choice(wanted),
        **common(),
    )
    return page, 422 if form.errors or form.form_errors else 200


# --- the kinds ---------------------------------------------------------------------------------------------------


@bp.get("/kinds")
@access.guard(words.READ)
def list_kinds() -> Answer:
    """The kinds of register and what each asks."""
    found = kinds.all_kinds()
    return render_template(
        "register/kinds.html",
        found=found,
        features=kinds.features,
        labels=kinds.field_labels,
        shipped=kinds.shipped_missing(found),
        may_manage=require_actor().can(words.MANAGE),
        **common(),
    )


@bp.post("/kinds/adopt")
@access.guard(words.MANAGE)
def adopt() -> Answer:
    """Take over the shipped kinds."""
    made = kinds.adopt(require_actor(), clock.now())
    flash(_("已启用 %(n)s 种台账，可以按需要修改。", n=len(made)))
    return go("register.list_kinds")


@bp.route("/kinds/new", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def add_kind() -> Answer:
    """A kind of the office's own."""
    form = KindForm()
    if request.method == "GET":
        form.scope.data, form.keeper.data, form.rhythm.data = Scope.DEPARTMENT, Keeper.HEAD, Rhythm.MONTH
    elif acts.carried_out(form, lambda: kinds.add(require_actor(), form.settings(), clock.now()), _("台账已新增。")):
        return go("register.list_kinds")
    return _kind_page(form, None)


@bp.route("/kinds/<code>", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def change_kind(code: str) -> Answer:
    """Other settings of a kind."""
    kind, form = kinds.by_code(code), KindForm()
    if request.method == "GET":
        form.fill(kind)
    else:
        actor = require_actor()
        if acts.carried_out(
            form,
            lambda: kinds.change(actor, locked(RegisterKind, code=code), form.settings(kind), clock.now()),
            _("已保存。"),
        ):
            return go("register.list_kinds")
        kind = kinds.by_code(code)
    return _kind_page(form, kind)


def _kind_page(form: KindForm, kind: RegisterKind | None) -> tuple[str, int]:
    page = render_template(
        "register/kind.html", form=form, kind=kind, rows=form.rows(kind), types=words.FIELD_LABELS,
        line=FieldType.LINE, **common(),
    )  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200


@bp.post("/kinds/<code>/<verb>")
@access.guard(words.MANAGE)
def turn_kind(code: str, verb: str) -> Answer:
    """Put a kind aside, or take it up again."""
    kind = locked(RegisterKind, code=code[:20])
    if verb == "close":
        kinds.close(require_actor(), kind, clock.now())
    elif verb == "reopen":
        kinds.reopen(require_actor(), kind, clock.now())
    else:
        raise NotFound()
    return go("register.list_kinds")
