"""Setting up, changing and closing posts. The list and a post's page name holders: the A/B room adds them here."""

from __future__ import annotations

from flask import Blueprint, flash, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, clock
from portal.kernel.actor import require_actor
from portal.kernel.db import locked
from portal.kernel.errors import Invalid
from portal.kernel.htmx import go
from portal.people import queries as people
from portal.post_duty import queries, service
from portal.post_duty import vocabulary as words
from portal.post_duty.forms import ChargeForm, NewPostForm, PostForm
from portal.post_duty.models import Post

bp = Blueprint("post_duty", __name__, url_prefix="/posts")


@bp.route("/new", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def add() -> str | BaseResponse | tuple[str, int]:
    """Set up a post."""
    form = NewPostForm()
    if form.sent():
        try:
            made = service.add(
                require_actor(),
                form.code.data,
                form.name.data,
                form.department_id.data,
                clock.now(),
                kind=form.chosen_kind,
                **_stated(form),
            )
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("岗位已设立，请确定 A 岗和 B 岗。"))
            return go("post_duty.show", code=made.code)
    return render_template("post_duty/add.html", form=form), 422 if form.errors else 200


@bp.route("/<code>/edit", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def change(code: str) -> str | BaseResponse | tuple[str, int]:
    """Change what a post states: a new version (P-1)."""
    post = locked(Post, code=code)
    form = PostForm(obj=post)
    if form.sent():
        changed = service.change(require_actor(), post, clock.now(), name=form.name.data, **_stated(form))
        flash(_("已保存为新的版本。") if changed else _("内容没有变化。"))
        return go("post_duty.show", code=code)
    return render_template("post_duty/change.html", form=form, post=post), 422 if form.errors else 200


@bp.route("/<code>/charge", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def charge(code: str) -> str | BaseResponse | tuple[str, int]:
    """Choose the departments that a leader is in charge of (R-2)."""
    post = locked(Post, code=code)
    form = ChargeForm(departments=sorted(queries.departments_of(post.id)))
    if form.sent():
        try:
            service.charge(require_actor(), post, form.departments.data or [], clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("分管科室已保存。"))
            return go("post_duty.show", code=code)
    others = {people.department_names()[d]: queries.post_name(p) for d, p in queries.charges().items() if p != post.id}
    page = render_template("post_duty/charge.html", form=form, post=post, others=others)
    return page, 422 if form.errors or form.form_errors else 200


@bp.post("/<code>/close")
@access.guard(words.MANAGE)
def close(code: str) -> BaseResponse:
    """Close a post (P-1)."""
    service.close(require_actor(), locked(Post, code=code), clock.now())
    flash(_("岗位已撤销。"))
    return go("post_duty.show", code=code)


def _stated(form: PostForm) -> dict[str, str]:
    return {name: getattr(form, name).data or "" for name in ("place", "phone", *words.STATED)}
