"""The editor of a draft: each part a plain form; rows are moved and taken away by plain posts (E-2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import flash, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.kernel import access, clock
from portal.kernel.actor import require_actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.htmx import go, page_or_fragment
from portal.pure.scoring import Category
from portal.score_table import checks, drafting, editing, queries
from portal.score_table import vocabulary as words
from portal.score_table.forms import CategoryForm, HeadingForm, StampForm
from portal.score_table.models import Version, VersionState
from portal.score_table.rule_forms import RuleForm
from portal.score_table.views import Answer, bp, common, to

#: What the buttons of the editor may ask of a row.
ACTS = frozenset(f"{part}_{verb}" for part in ("rule", "category") for verb in ("up", "down", "drop"))


def _draft(number: str, n: int) -> Version:
    version = queries.version(number, n)
    if version.state is not VersionState.DRAFT:
        raise Conflict(
            _("这一版现在是“%(state)s”，不能再改；请另起一版。", state=words.STATE_LABELS[version.state]), "POL-1"
        )
    return version


@bp.get("/<number>/<int:n>/edit")
@access.guard(words.MANAGE)
def edit(number: str, n: int) -> Answer:
    """The draft with a button at every part."""
    version = queries.version(number, n)
    if version.state is not VersionState.DRAFT:
        return to(version)
    table = version.table
    return render_template(
        "score_table/edit.html",
        version=version, owner=version.score_table, table=table, seen=editing.stamp(table),
        gaps=checks.problems(table), **common(),
    )  # fmt: skip


@bp.post("/<number>/<int:n>/arrange")
@access.guard(words.MANAGE)
def arrange(number: str, n: int) -> Answer:
    """Move a row up or down, or take it away."""
    act, _colon, code = request.form.get("act", "").partition(":")
    version = queries.version(number, n)
    if act not in ACTS:
        raise NotFound()
    try:
        drafting.arrange(require_actor(), version.id, act, code, request.form.get("seen", ""), clock.now())
    except Conflict as error:
        db.session.rollback()
        flash(str(error.message), "warning")
    else:
        if act.endswith("drop"):
            flash(_("已删除。"))
    return go("score_table.edit", number=number, n=n, _anchor=f"r-{code}" if not act.endswith("drop") else "t")


def _kept(form: StampForm, act: Callable[[], object], stamp: Callable[[], str]) -> tuple[bool, int]:
    """Whether ``act()`` kept what was typed; else the status, the refusal at its field, and all that was typed.

    After somebody else's change the form carries the new stamp: saving once more is a decision, not an accident.
    """
    if not form.sent():
        return False, 422
    try:
        act()
    except Invalid as error:
        db.session.rollback()
        form.refuse(error)
        return False, 422
    except Conflict as error:
        db.session.rollback()
        form.form_errors.append(str(error.message))
        form.seen.raw_data = None
        form.seen.data = stamp()
        return False, 409
    flash(_("已保存。"))
    return True, 200


@bp.route("/<number>/<int:n>/heading", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def edit_heading(number: str, n: int) -> Answer:
    """What holds of the whole table."""
    version, form, status = _draft(number, n), HeadingForm(), 200

    def stamp() -> str:
        return editing.stamp(drafting.heading(queries.version(number, n).table))

    if request.method == "POST":
        actor, now = require_actor(), clock.now()
        done, status = _kept(
            form,
            lambda: drafting.save_heading(
                actor,
                version.id,
                lambda t: replace(
                    t, total_cap=form.total_cap.data, source=form.source.data or "", note=form.note.data or ""
                ),
                form.base(),
                now,
            ),
            stamp,
        )
        if done:
            return go("score_table.edit", number=number, n=n)
    else:
        form.fill(version.table)
        form.seen.data = stamp()
    version = queries.version(number, n)
    page = render_template(
        "score_table/heading.html", form=form, version=version, owner=version.score_table, table=version.table,
        clash=status == 409, **common(),
    )  # fmt: skip
    return page, status


def _rows(form: CategoryForm | RuleForm) -> bool:
    """Whether a button asked for more rows or to take one away; nothing is saved then."""
    drop = request.form.get("drop", "")
    if "more" in request.form:
        form.rows()
    elif drop.isascii() and drop.isdigit() and len(drop) < 4:
        form.drop(int(drop))
    else:
        return "refresh" in request.form
    return True


@bp.route("/<number>/<int:n>/categories/new", methods=["GET", "POST"], defaults={"code": ""})
@bp.route("/<number>/<int:n>/categories/<code>", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def edit_category(number: str, n: int, code: str) -> Answer:
    """A category with its items; without a code a new one."""
    version, form, status = _draft(number, n), CategoryForm(), 200
    found = editing.category(version.table, code) if code else None
    if code and found is None:
        raise NotFound()

    def stamp() -> str:
        return editing.stamp(drafting.bare(editing.category(queries.version(number, n).table, code)))

    def make(old: Category | None) -> Category:
        return form.chosen(old.code if old else editing.new_code(queries.codes(version.table_id), "c"), old)

    if request.method == "POST":
        actor, now = require_actor(), clock.now()
        if not _rows(form):
            done, status = _kept(
                form, lambda: drafting.save_category(actor, version.id, code, make, form.base(), now), stamp
            )
            if done:
                return go("score_table.edit", number=number, n=n, _anchor=f"c-{code}" if code else None)
    else:
        form.fill(found)
        form.seen.data = stamp()
    version = queries.version(number, n)
    page = render_template(
        "score_table/category.html", form=form, version=version, owner=version.score_table,
        category=editing.category(version.table, code), code=code, clash=status == 409, **common(),
    )  # fmt: skip
    return page, status


@bp.route("/<number>/<int:n>/rules/new", methods=["GET", "POST"], defaults={"code": ""})
@bp.route("/<number>/<int:n>/rules/<code>", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def edit_rule(number: str, n: int, code: str) -> Answer:
    """A rule; without a code a new one, in the category that the address names."""
    version, status = _draft(number, n), 200
    table = version.table
    form, found = RuleForm(table), editing.rule(table, code) if code else None
    if code and found is None:
        raise NotFound()

    def now_there() -> Version:
        return queries.version(number, n)

    def stamp() -> str:
        there = editing.rule(now_there().table, code)
        return editing.stamp(there[1] if there else None)

    if request.method == "POST":
        actor, now = require_actor(), clock.now()
        if not _rows(form):
            own = code or editing.new_code(queries.codes(version.table_id), "r")

            def save() -> None:
                where, rule = form.chosen(own)
                drafting.save_rule(actor, version.id, code, where, rule, form.base(), now)

            done, status = _kept(form, save, stamp)
            if done and request.form.get("act") == "again":
                where = (form.place.data or "").partition("/")[0]
                return go("score_table.edit_rule", number=number, n=n, code="", category=where)
            if done:
                return go("score_table.edit", number=number, n=n, _anchor=f"r-{own}")
    else:
        asked = editing.category(table, request.args.get("category", ""))
        form.fill(found[0] if found else asked or table.categories[0], found[1] if found else None)
        form.seen.data = stamp()
    version = now_there()
    there = editing.rule(version.table, code) if code else None
    page = page_or_fragment(
        "score_table/rule.html", "score_table/_rule_form.html", form=form, version=version, owner=version.score_table,
        rule=there[1] if there else None,
        code=code, clash=status == 409, **common(),
    )  # fmt: skip
    return page, status
