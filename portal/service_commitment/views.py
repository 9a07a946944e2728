"""The catalogue: searched, shown, published by version (C-1 … C-3)."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, clock, journal, paging, timeline
from portal.kernel.actor import require_actor
from portal.kernel.db import locked
from portal.kernel.errors import Invalid
from portal.kernel.htmx import go, page_or_fragment
from portal.people import queries as people
from portal.policy import queries as policy
from portal.post_duty import queries as posts
from portal.post_duty import seams
from portal.post_duty.models import Post
from portal.service_commitment import contents, draft_queries, drafting, listing, parts, queries, service, versions
from portal.service_commitment import vocabulary as words
from portal.service_commitment.forms import NewItemForm, PlaceForm, RetireForm, SearchForm
from portal.service_commitment.models import CaseKind, ItemVersion, ServiceItem
from portal.service_commitment.words import fee_text

bp = Blueprint("service_commitment", __name__, url_prefix="/catalogue")


@bp.get("/")
@access.guard(words.READ)
def index() -> str:
    """The list of items with search and filters (C-1)."""
    actor = require_actor()
    writer = actor.can(words.PUBLISH) or actor.can(words.DRAFT)
    form = SearchForm(listing.topics(), writer, request.args)
    rows = listing.narrowed(wanted(form), writer)
    return page_or_fragment(
        "service_commitment/index.html",
        "service_commitment/_items.html",
        form=form,
        page=paging.slice_of(rows),
        departments=people.department_names(),
        kinds=words.KIND_LABELS,
        reviewed=draft_queries.in_review(),
        drafts=writer or actor.can(words.REVIEW),
    )


def wanted(form: SearchForm) -> listing.Wanted:
    """How an address narrows the list; what cannot be read narrows nothing."""
    form.validate()
    return listing.Wanted(
        "" if form.q.errors else form.q.data or "",
        None if form.department.errors else form.department.data,
        form.topic.data if form.topic.data in listing.topics() else "",
        form.kind.data if form.kind.data in set(CaseKind) else "",
        form.state.data or "",
        form.only.data or "",
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
            flash(_("事项已新增，请拟订第 1 版；公布后即可使用。"))
            return go("service_commitment.edit_draft", code=made.code)
    return render_template("service_commitment/add.html", form=form), 422 if form.errors else 200


@bp.get("/<code>")
@access.guard(words.READ)
def show(code: str) -> str:
    """One item: its current version, or the one asked for by number (C-1, C-3)."""
    item = queries.by_code(code)
    if item is None:
        raise NotFound()
    known, asked = queries.versions(item.id), request.args.get("version", "")
    version = _version(item, known, asked)
    actor = require_actor()
    may_write = drafting.may_write(actor, item)
    if version is None and not may_write:
        raise NotFound()
    running = draft_queries.of_item(item.id) if may_write or drafting.may_review(actor, item) else None
    return render_template(
        "service_commitment/show.html",
        item=item,
        version=version,
        versions=known,
        bound=versions.bound([version.id]).get(version.id, 0) if version else 0,
        samples=versions.samples(item),
        running=running,
        may_write=may_write,
        successor=queries.by_code(item.replaced_by) if item.replaced_by else None,
        related=[g for g in map(queries.guide, version.related.split()) if g] if version else [],
        breach=contents.breach_text(version.breach_kinds) if version else "",
        fee=fee_text(version.fee_fen, version.fee_unit, version.fee) if version else "",
        retired=item.retired_on is not None and item.retired_on <= clock.today(),
        current=version is not None and version.id == item.current_version_id,
        holders=seams.holders(item.post_id, clock.now()),
        department=people.department_names().get(item.post.department_id, ""),
        kinds=words.KIND_LABELS,
        parts_of=parts.read,
        posts_by_code={p.code: p for p in posts.open_posts()} if version and version.parts else {},
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


@bp.route("/<code>/retire", methods=["GET", "POST"])
@access.guard(words.PUBLISH)
def retire(code: str) -> str | BaseResponse | tuple[str, int]:
    """Take an item out of the catalogue from a day on; its open cases go on."""
    item = locked(ServiceItem, code=code)
    others = [(e.code, f"{e.code} {e.name}") for e in queries.entries() if e.id != item.id]
    form = RetireForm(others, data={"on": clock.today()} if request.method == "GET" else None)
    if form.sent():
        on = form.on.data or clock.today()
        try:
            service.retire(
                require_actor(),
                item,
                on,
                clock.now(),
                reason=form.reason.data or "",
                replaced_by=form.replaced_by.data or "",
            )
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("事项已停办。") if on <= clock.today() else _("已安排停办。"))
            return go("service_commitment.show", code=code)
    return render_template("service_commitment/retire.html", form=form, item=item), 422 if form.errors else 200


@bp.post("/<code>/resume")
@access.guard(words.PUBLISH)
def resume(code: str) -> BaseResponse:
    """Offer a retired item again under its last version."""
    service.resume(require_actor(), locked(ServiceItem, code=code), clock.now())
    flash(_("事项已恢复办理。"))
    return go("service_commitment.show", code=code)
