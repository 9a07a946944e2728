"""Drafts of the next version: written, submitted, published by somebody else or refused (C-2, C-3)."""

from __future__ import annotations

from flask import flash, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, clock, paging
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.kernel.htmx import go
from portal.people import queries as people
from portal.service_commitment import contents, draft_queries, drafting, versions
from portal.service_commitment import vocabulary as words
from portal.service_commitment.forms import DecideForm, SampleForm, SubmitForm, VersionForm
from portal.service_commitment.models import DraftState, ItemDraft, ServiceItem
from portal.service_commitment.service import Content
from portal.service_commitment.views import bp

__all__ = ["bp"]


@bp.get("/drafts")
@access.guard(words.READ_DRAFTS)
def drafts() -> str:
    """Drafts that the reader may write or review, the running ones first; refused and published ones by filter."""
    actor = require_actor()
    state = request.args.get("state", "running")
    page = paging.paginate(draft_queries.listing(actor, state).options(selectinload(ItemDraft.item)))
    return render_template(
        "service_commitment/drafts.html",
        page=page,
        state=state if state in draft_queries.STATES else "running",
        names=people.user_names(),
        writers=draft_queries.writers([d.id for d in page.items]),
        labels=words.STATE_LABELS,
        marks=words.STATE_MARKS,
    )


@bp.route("/<code>/draft/edit", methods=["GET", "POST"])
@access.guard(words.DRAFT)
def edit_draft(code: str) -> str | BaseResponse | tuple[str, int]:
    """Write the next version through one form; rows of the checklist come and go on request (C-2, C-3)."""
    actor, item = require_actor(), locked(ServiceItem, code=code)
    if not drafting.may_write(actor, item):
        raise NotAllowed(_("只有办公室和负责科室的负责人可以拟订新版本。"))
    draft = drafting.running(item)
    edition = draft.edition if draft else 0
    if request.method == "GET":
        if draft is not None and draft.state is DraftState.SUBMITTED:
            return _to(draft)
        content = drafting.content_of(draft) if draft else _beginning(item)
        form = VersionForm.of(content, edition)
        form.rows()
        return _edit_page(form, item)
    form = VersionForm()
    if "more" in request.form or "remove" in request.form:
        remove = request.form.get("remove", "")
        if remove.isascii() and remove.isdigit() and len(remove) < 4:
            form.remove(int(remove))
        else:
            form.rows()
        return _edit_page(form, item)
    if not form.sent():
        return _edit_page(form, item), 422
    base = form.base.data or ""
    try:
        made = drafting.save(
            actor,
            item,
            form.content(),
            int(base) if base.isascii() and base.isdigit() and len(base) < 6 else -1,
            clock.now(),
        )
    except Invalid as error:
        form.refuse(error)
        return _edit_page(form, item), 422
    except Conflict as error:
        return _conflict(form, item, draft, error), 409
    flash(_("已保存第 %(n)s 稿，提交审核后公布。", n=made.edition))
    return _to(made)


def _beginning(item: ServiceItem) -> Content:
    """What a new draft begins from: an earlier draft that the address names, else what is in force."""
    asked = request.args.get("from", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 10:
        found = db.session.get(ItemDraft, int(asked))
        if found is not None and found.item_id == item.id:
            return drafting.content_of(found)
    return drafting.current_content(item)


def _edit_page(form: VersionForm, item: ServiceItem, parts: list[contents.Part] | None = None) -> str:
    current = drafting.current_version(item)
    return render_template(
        "service_commitment/draft_edit.html", form=form, item=item, number=current.number if current else 0, parts=parts
    )


def _conflict(form: VersionForm, item: ServiceItem, draft: ItemDraft | None, error: Conflict) -> str:
    """The form as it was sent, and line by line where the text that was saved meanwhile differs (C-3)."""
    form.form_errors.append(str(error.message))
    parts = []
    if draft is not None and draft.state is DraftState.WRITING:
        form.base.data = form.base.raw_data = None
        form.base.data = str(draft.edition)
        parts = [
            p for p in contents.compare(drafting.content_of(draft), form.content(), versions.samples(item)) if p.differs
        ]
    return _edit_page(form, item, parts)


def _to(draft: ItemDraft) -> BaseResponse:
    return go("service_commitment.draft", code=draft.item.code, draft_id=draft.id)


def _found(code: str, draft_id: int, actor: Actor) -> tuple[ServiceItem, ItemDraft]:
    """A draft that the reader may see: writers and reviewers of the item. Raises NotFound for any other."""
    item = locked(ServiceItem, code=code)
    draft = db.session.get(ItemDraft, draft_id, populate_existing=True) if draft_id < 2**31 else None
    if draft is None or draft.item_id != item.id:
        raise NotFound()
    if not (drafting.may_write(actor, item) or drafting.may_review(actor, item)):
        raise NotFound()
    return item, draft


@bp.get("/<code>/drafts/<int:draft_id>")
@access.guard(words.READ)
def draft(code: str, draft_id: int) -> str:
    """A draft beside the version in force, its editions, and what can be done with it."""
    return _page(*_found(code, draft_id, require_actor()))


def _page(
    item: ServiceItem,
    found: ItemDraft,
    *,
    sample: SampleForm | None = None,
    at: int = 0,
    decide: DecideForm | None = None,
) -> str:
    actor = require_actor()
    texts = draft_queries.texts(found.id)
    asked = request.args.get("edition", "")
    shown = next((t for t in texts if str(t.edition) == asked), texts[-1])
    content, base = contents.load(shown.content), versions.content_by_number(item, found.base_number)
    names = versions.samples(item)
    parts = contents.compare(base, content, names)
    running = found.state in drafting.RUNNING
    return render_template(
        "service_commitment/draft.html",
        item=item,
        draft=found,
        texts=texts,
        shown=shown,
        content=content,
        samples=names,
        parts=[p for p in parts if p.differs],
        same=[p.label for p in parts if not p.differs],
        names=people.user_names(),
        labels=words.STATE_LABELS,
        marks=words.STATE_MARKS,
        may_write=drafting.may_write(actor, item) and running,
        may_review=found.state is DraftState.SUBMITTED and drafting.may_review(actor, item),
        barred=found.second_needed and drafting.wrote(actor, found),
        second=drafting.second_needed(item, content) if found.state is DraftState.WRITING else found.second_needed,
        sample=sample or SampleForm(formdata=None, base=str(found.edition)),
        at=at,
        submit=SubmitForm(formdata=None),
        decide=decide or DecideForm(formdata=None, base=str(found.edition)),
    )


@bp.post("/<code>/drafts/<int:draft_id>/samples/<int:position>")
@access.guard(words.DRAFT)
def add_sample(code: str, draft_id: int, position: int) -> BaseResponse | tuple[str, int]:
    """Attach a sample form to a material of the draft (C-1)."""
    actor = require_actor()
    item, found = _found(code, draft_id, actor)
    form = SampleForm()
    if form.sent():
        try:
            drafting.add_sample(actor, item, position, [form.file.data], _edition(form), clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("样表已上传。"))
            return _to(found)
    return _page(item, found, sample=form, at=position), 422


@bp.post("/<code>/drafts/<int:draft_id>/samples/<int:position>/drop")
@access.guard(words.DRAFT)
def drop_sample(code: str, draft_id: int, position: int) -> BaseResponse:
    """Take the sample form of a material out of the draft."""
    actor = require_actor()
    item, found = _found(code, draft_id, actor)
    drafting.drop_sample(actor, item, position, _edition(SampleForm()), clock.now())
    flash(_("样表已移除。"))
    return _to(found)


def _edition(form: SampleForm | DecideForm) -> int:
    typed = form.base.data or ""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else -1


@bp.post("/<code>/drafts/<int:draft_id>/submit")
@access.guard(words.DRAFT)
def submit_draft(code: str, draft_id: int) -> BaseResponse | tuple[str, int]:
    """Submit the draft for review."""
    actor = require_actor()
    item, found = _found(code, draft_id, actor)
    form = SubmitForm()
    if not form.sent():
        return _page(item, found), 422
    made = drafting.submit(actor, item, clock.now(), form.note.data or "")
    flash(_("已提交，等待另一人审核。") if made.second_needed else _("已提交，审核后公布。"))
    return _to(found)


@bp.post("/<code>/drafts/<int:draft_id>/recall")
@access.guard(words.DRAFT)
def recall_draft(code: str, draft_id: int) -> BaseResponse:
    """Take a submitted draft back to go on writing."""
    actor = require_actor()
    item, found = _found(code, draft_id, actor)
    drafting.recall(actor, item, clock.now())
    flash(_("已取回，可以继续修改。"))
    return _to(found)


@bp.post("/<code>/drafts/<int:draft_id>/withdraw")
@access.guard(words.DRAFT)
def withdraw_draft(code: str, draft_id: int) -> BaseResponse:
    """Give up a draft; its text stays."""
    actor = require_actor()
    item, found = _found(code, draft_id, actor)
    drafting.withdraw(actor, item, clock.now())
    flash(_("草稿已撤回，内容留存。"))
    return _to(found)


@bp.post("/<code>/drafts/<int:draft_id>/approve")
@access.guard(words.REVIEW)
def approve_draft(code: str, draft_id: int) -> BaseResponse | tuple[str, int]:
    """Agree to the draft that was read, and publish it."""
    actor = require_actor()
    item, found = _found(code, draft_id, actor)
    form = DecideForm()
    try:
        made = drafting.approve(actor, item, _edition(form), clock.now())
    except Invalid as error:
        form.refuse(Invalid("", error.message))
        return _page(item, found, decide=form), 422
    flash(_("第 %(n)s 版已公布。", n=made.number))
    return go("service_commitment.show", code=code)


@bp.post("/<code>/drafts/<int:draft_id>/refuse")
@access.guard(words.REVIEW)
def refuse_draft(code: str, draft_id: int) -> BaseResponse | tuple[str, int]:
    """Refuse the draft with a reason."""
    actor = require_actor()
    item, found = _found(code, draft_id, actor)
    form = DecideForm()
    if form.sent():
        try:
            drafting.refuse(actor, item, form.reason.data or "", clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已退回，理由会告知拟订人。"))
            return _to(found)
    return _page(item, found, decide=form), 422
