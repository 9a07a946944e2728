"""The catalogue: searched, shown, published by version (C-1 … C-3)."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, clock, journal, timeline
from portal.kernel.actor import require_actor
from portal.kernel.db import locked
from portal.kernel.errors import Invalid
from portal.kernel.htmx import go, page_or_fragment
from portal.people import queries as people
from portal.policy import queries as policy
from portal.post_duty import seams
from portal.post_duty.models import Post
from portal.service_commitment import parts, queries, service
from portal.service_commitment import vocabulary as words
from portal.service_commitment.forms import NewItemForm, PlaceForm, SearchForm, VersionForm
from portal.service_commitment.models import ItemVersion, ServiceItem
from portal.service_commitment.service import Content

bp = Blueprint("service_commitment", __name__, url_prefix="/catalogue")


@bp.get("/")
@access.guard(words.READ)
def index() -> str:
    """The list of items with search and filters (C-1)."""
    form = SearchForm(queries.topics(), request.args)
    form.validate()
    typed = "" if form.q.errors else form.q.data or ""
    topic = form.topic.data if form.topic.data in queries.topics() else ""
    return page_or_fragment(
        "service_commitment/index.html",
        "service_commitment/_items.html",
        form=form,
        entries=queries.listing(typed, form.department.data, topic),
        departments=people.department_names(),
        kinds=words.KIND_LABELS,
        off=queries.unpublished() if require_actor().can(words.PUBLISH) else [],
    )


@bp.get("/suggest")
@access.guard(words.READ)
def suggest() -> str:
    """The list under the field of the first-ask form: items that fit what was typed so far (F-6)."""
    typed = request.args.get("matter", "")[:60]
    found = [(entry, queries.marked(entry.name, typed)) for entry in queries.find(typed)]
    return render_template("service_commitment/_suggest.html", found=found)


@bp.route("/new", methods=["GET", "POST"])
@access.guard(words.PUBLISH)
def add() -> str | BaseResponse | tuple[str, int]:
    """Add an item; its first version is published next."""
    form = NewItemForm()
    if form.sent():
        try:
            post = locked(Post, id=form.post_id.data)
            made = service.add(
                require_actor(),
                form.code.data,
                form.name.data,
                post,
                clock.now(),
                aliases=form.aliases.data or "",
                topic=form.topic.data or "",
                common=form.common.data,
            )
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("事项已新增，公布第 1 版后即可使用。"))
            return go("service_commitment.publish", code=made.code)
    return render_template("service_commitment/add.html", form=form), 422 if form.errors else 200


@bp.get("/<code>")
@access.guard(words.READ)
def show(code: str) -> str:
    """One item: its current version, or the one asked for by number (C-1, C-3)."""
    item = queries.by_code(code)
    if item is None:
        raise NotFound()
    versions, asked = queries.versions(item.id), request.args.get("version", "")
    version = _version(item, versions, asked)
    actor = require_actor()
    if version is None and not actor.can(words.PUBLISH):
        raise NotFound()
    return render_template(
        "service_commitment/show.html",
        item=item,
        version=version,
        versions=versions,
        current=version is not None and version.id == item.current_version_id,
        holders=seams.holders(item.post_id, clock.now()),
        department=people.department_names().get(item.post.department_id, ""),
        kinds=words.KIND_LABELS,
        parts_of=parts.read,
        names=people.user_names(),
        may_publish=actor.can(words.PUBLISH),
        complaint_contact=policy.value("service_commitment.complaint_contact"),
        history=timeline.lines(reversed(journal.of_object("service_item", item.id))),
    )


def _version(item: ServiceItem, versions: list[ItemVersion], asked: str) -> ItemVersion | None:
    """The version asked for by number, else the current one. Raises NotFound for a number that does not exist."""
    if not asked:
        return next((v for v in versions if v.id == item.current_version_id), None)
    found = next((v for v in versions if str(v.number) == asked), None)
    if found is None:
        raise NotFound()
    return found


@bp.route("/<code>/publish", methods=["GET", "POST"])
@access.guard(words.PUBLISH)
def publish(code: str) -> str | BaseResponse | tuple[str, int]:
    """Publish a new version of an item through one form (C-2, C-3). Rows of the checklist come and go on request."""
    item = locked(ServiceItem, code=code)
    current = queries.version(item.current_version_id) if item.current_version_id else None
    number = current.number if current else 0
    if request.method == "GET":
        form = VersionForm.of(service.content_of(current) if current else Content(item.name, ""), number)
        form.rows()
        return render_template("service_commitment/publish.html", form=form, item=item, number=number)
    form = VersionForm()
    if "more" in request.form or "remove" in request.form:
        _edit_rows(form, request.form.get("remove", ""))
        return render_template("service_commitment/publish.html", form=form, item=item, number=number)
    if form.sent():
        try:
            if form.base.data != str(number):
                form.base.data = str(number)
                raise Invalid("", _("这期间已公布第 %(n)s 版，请核对后再公布。", n=number), "C-3")
            made = service.publish(require_actor(), item, form.content(), clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("第 %(n)s 版已公布。", n=made.number))
            return go("service_commitment.show", code=code)
    return render_template("service_commitment/publish.html", form=form, item=item, number=number), 422


def _edit_rows(form: VersionForm, remove: str) -> None:
    if remove.isascii() and remove.isdigit() and len(remove) < 4:
        form.remove(int(remove))
    else:
        form.rows()


@bp.route("/<code>/change", methods=["GET", "POST"])
@access.guard(words.PUBLISH)
def change(code: str) -> str | BaseResponse | tuple[str, int]:
    """Change the post, the words it is found by, the topic (C-1)."""
    item = locked(ServiceItem, code=code)
    form = PlaceForm(obj=item)
    if form.sent():
        try:
            post = locked(Post, id=form.post_id.data)
            changed = service.change(
                require_actor(),
                item,
                post,
                form.aliases.data or "",
                form.topic.data or "",
                form.common.data,
                clock.now(),
            )
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已保存。") if changed else _("内容没有变化。"))
            return go("service_commitment.show", code=code)
    return render_template("service_commitment/change.html", form=form, item=item), 422 if form.errors else 200


@bp.post("/<code>/retire")
@access.guard(words.PUBLISH)
def retire(code: str) -> BaseResponse:
    """Take an item out of the catalogue; its open cases go on."""
    service.retire(require_actor(), locked(ServiceItem, code=code), clock.today(), clock.now())
    flash(_("事项已停办。"))
    return go("service_commitment.show", code=code)
