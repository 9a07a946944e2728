"""The way of the next version: drafted, submitted, published by somebody else or refused (C-2, C-3).

There is at most one running draft for an item. Every save is an edition that is kept; a save on an older edition than
the last is refused, and both texts stay: one in the draft, one in the form of whoever came second.
Callers hold the row of the item (`kernel.db.locked`), so that what is asked here stays true until the commit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from portal.kernel import files, journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import queries as people
from portal.policy import queries as policy
from portal.post_duty import queries as posts
from portal.service_commitment import contents, rules, service
from portal.service_commitment import vocabulary as words
from portal.service_commitment.models import DraftState, DraftText, ItemDraft, ItemVersion, ServiceItem
from portal.service_commitment.service import SAMPLES, Content

RUNNING = (DraftState.WRITING, DraftState.SUBMITTED)


def may_write(actor: Actor, item: ServiceItem) -> bool:
    """Whether a person may write the next version: the office, or the head of the answering department (C-3)."""
    if actor.can(words.PUBLISH):
        return True
    return actor.can(words.DRAFT) and item.post.department_id in actor.departments_headed()


def may_review(actor: Actor, item: ServiceItem) -> bool:
    """Whether a person may agree to a version of an item: the office, the leader in charge, the principal."""
    if actor.can(words.PUBLISH):
        return True
    if not actor.can(words.REVIEW):
        return False
    charge = posts.charges().get(item.post.department_id)
    return actor.answers_for(charge) is not None or any(a.kind == "principal" for a in actor.posts)


def running(item: ServiceItem) -> ItemDraft | None:
    """The draft of an item that is written or reviewed now."""
    query = select(ItemDraft).where(ItemDraft.item_id == item.id, ItemDraft.state.in_(RUNNING))
    return db.session.scalar(query.execution_options(populate_existing=True))


def text_of(draft: ItemDraft, edition: int | None = None) -> DraftText:
    """The last edition of a draft, or the one of a number. Raises LookupError for a number that does not exist."""
    wanted = draft.edition if edition is None else edition
    query = select(DraftText).where(DraftText.draft_id == draft.id, DraftText.edition == wanted)
    found = db.session.scalar(query)
    if found is None:
        raise LookupError(wanted)
    return found


def content_of(draft: ItemDraft) -> Content:
    """What a draft says now."""
    return contents.load(text_of(draft).content)


def current_content(item: ServiceItem) -> Content:
    """What is published of an item now; of one without version only its name."""
    version = current_version(item)
    return service.content_of(version) if version is not None else Content(item.name, "")


def current_version(item: ServiceItem) -> ItemVersion | None:
    """The version in force."""
    return db.session.get(ItemVersion, item.current_version_id) if item.current_version_id else None


def wrote(actor: Actor, draft: ItemDraft) -> bool:
    """Whether a person has saved an edition of a draft."""
    query = select(DraftText.id).where(DraftText.draft_id == draft.id, DraftText.saved_by_id == actor.id).limit(1)
    return actor.id is not None and db.session.scalar(query) is not None


def second_needed(item: ServiceItem, content: Content) -> bool:
    """Whether the policy asks for a second person for what would change (C-3)."""
    kinds = rules.touched(contents.changed(current_content(item), content))
    return any(policy.value(f"service_commitment.second_person_{kind}") for kind in kinds)


def save(actor: Actor, item: ServiceItem, content: Content, edition: int, now: datetime) -> ItemDraft:
    """Save an edition of the next version; ``edition`` is the one that the writer started from, 0 for none.

    Raises NotAllowed for others than `may_write`, Invalid for content that could not be published (C-2) or that is the
    version in force, Conflict when somebody saved meanwhile or the draft is under review.
    """
    if not may_write(actor, item):
        raise NotAllowed(_("只有办公室和负责科室的负责人可以拟订新版本。"))
    draft = running(item)
    if draft is not None and draft.state is DraftState.SUBMITTED:
        raise Conflict(_("新版本已提交审核，取回后才能修改。"), "C-3")
    content = service.check(item, content)
    if draft is not None and content == content_of(draft) and draft.edition >= edition:
        return draft
    if (draft.edition if draft is not None else 0) != edition:
        raise Conflict(_stale(draft), "C-3")
    current = current_version(item)
    changed = contents.changed(current_content(item), content)
    if not changed and current is not None and draft is None:
        raise Invalid("", _("与现行版本相同，没有需要公布的变化。"), "C-3")
    if draft is None:
        draft = ItemDraft(item_id=item.id, base_number=current.number if current else 0, made_at=now, edition=1)
        draft.item = item
        db.session.add(draft)
        db.session.flush()
    else:
        draft.edition += 1
    text = DraftText(edition=draft.edition, content=contents.dump(content), saved_at=now, saved_by_id=actor.id)
    text.draft = draft
    db.session.add(text)
    db.session.flush()
    journal.record(words.DRAFT_SAVED, item, actor, now, name=content.name, edition=draft.edition, changed=changed)
    return draft


def _stale(draft: ItemDraft | None) -> str:
    if draft is None:
        return _("这份草稿已经公布、退回或者撤回，请核对后再保存。")
    last = text_of(draft)
    who = people.user_names().get(last.saved_by_id or 0, "")
    return _("%(who)s 已保存第 %(n)s 稿。两份内容都保留：下面是您的，请核对后再保存。", who=who, n=draft.edition)


def add_sample(
    actor: Actor, item: ServiceItem, position: int, uploads: Iterable[FileStorage], edition: int, now: datetime
) -> ItemDraft:
    """Attach a sample form to a material of the draft, by its place in the checklist: a new edition (C-1).

    Raises Invalid for no file or one that is not accepted, Conflict as `save` does.
    """
    draft = _writable(actor, item)
    content = content_of(draft)
    if not 0 < position <= len(content.materials):
        raise Conflict(_("清单已经变化，请刷新后再上传。"))
    stored = files.store(uploads, SAMPLES, item.id, actor.id, now, policy.value("attachments.max_megabytes"), "file")
    if len(stored) != 1:
        raise Invalid("file", _("请选择一个文件。"))
    db.session.flush()
    material = content.materials[position - 1]
    journal.record(
        words.SAMPLE_ADDED, item, actor, now, name=content.name, material=material.name, files=files.facts(stored)
    )
    return save(actor, item, _with_sample(content, position, stored[0].id), edition, now)


def drop_sample(actor: Actor, item: ServiceItem, position: int, edition: int, now: datetime) -> ItemDraft:
    """Publish a material without its sample form from the next version on; older versions keep theirs (C-3)."""
    content = content_of(_writable(actor, item))
    if not 0 < position <= len(content.materials):
        raise Conflict(_("清单已经变化，请刷新后再试。"))
    return save(actor, item, _with_sample(content, position, None), edition, now)


def _writable(actor: Actor, item: ServiceItem) -> ItemDraft:
    draft = running(item)
    if draft is None or not may_write(actor, item):
        raise Conflict(_("没有正在拟订的新版本。"))
    return draft


def _with_sample(content: Content, position: int, sample_id: int | None) -> Content:
    return replace(
        content,
        materials=tuple(
            replace(m, sample_id=sample_id) if n == position else m for n, m in enumerate(content.materials, 1)
        ),
    )


def submit(actor: Actor, item: ServiceItem, now: datetime, note: str = "") -> ItemDraft:
    """Submit the draft for review; whether a second person is needed is decided here and kept (POL-1).

    Raises Conflict when there is none, another version was published meanwhile, or nothing would change.
    """
    draft = running(item)
    if draft is None or draft.state is not DraftState.WRITING:
        raise Conflict(_("没有可以提交的草稿。"))
    if not may_write(actor, item):
        raise NotAllowed(_("只有办公室和负责科室的负责人可以拟订新版本。"))
    content = service.check(item, content_of(draft))
    _same_base(item, draft)
    changed = contents.changed(current_content(item), content)
    if not changed and item.retired_on is None:
        raise Conflict(_("与现行版本相同，没有需要公布的变化。"), "C-3")
    draft.second_needed = second_needed(item, content)
    draft.state, draft.submitted_at, draft.submitted_by_id, draft.note = DraftState.SUBMITTED, now, actor.id, note
    journal.record(
        words.DRAFT_SUBMITTED,
        item,
        actor,
        now,
        name=content.name,
        changed=changed,
        second=draft.second_needed,
        note=note,
    )
    return draft


def _same_base(item: ServiceItem, draft: ItemDraft) -> None:
    current = current_version(item)
    if draft.base_number != (current.number if current else 0):
        raise Conflict(
            _("这期间已公布第 %(n)s 版，请撤回后按现行版本重新拟订。", n=current.number if current else 0), "C-3"
        )


def recall(actor: Actor, item: ServiceItem, now: datetime) -> ItemDraft:
    """Take a submitted draft back to go on writing. Raises Conflict when it is not under review."""
    draft = _submitted(item)
    if not may_write(actor, item):
        raise NotAllowed(_("只有办公室和负责科室的负责人可以拟订新版本。"))
    draft.state = DraftState.WRITING
    journal.record(words.DRAFT_RECALLED, item, actor, now, name=content_of(draft).name)
    return draft


def approve(actor: Actor, item: ServiceItem, edition: int, now: datetime) -> ItemVersion:
    """Agree to the submitted draft and publish it in one act, on the edition that was read.

    Raises NotAllowed for a writer of it where a second person is needed (the database refuses that too), Conflict when
    it is no longer what was read, Invalid when its content may not be published any more (C-2).
    """
    draft = _submitted(item)
    if not may_review(actor, item):
        raise NotAllowed(_("只有办公室、分管领导和主要负责人可以审核。"))
    if draft.second_needed and wrote(actor, draft):
        raise NotAllowed(_("参与拟订的人不能审核，请由另一人审核（规则 C-3）。"), "C-3")
    if draft.edition != edition:
        raise Conflict(_("内容已经变化，请重新查看后再审核。"), "C-3")
    _same_base(item, draft)
    version = service.publish(actor, item, content_of(draft), now)
    draft.state, draft.decided_at, draft.decided_by_id = DraftState.PUBLISHED, now, actor.id
    draft.version_id = version.id
    journal.record(
        words.DRAFT_APPROVED, item, actor, now, name=version.name, number=version.number, second=draft.second_needed
    )
    return version


def refuse(actor: Actor, item: ServiceItem, reason: str, now: datetime) -> ItemDraft:
    """Refuse the submitted draft with a reason; its text stays and may be the beginning of the next one."""
    draft = _submitted(item)
    if not may_review(actor, item):
        raise NotAllowed(_("只有办公室、分管领导和主要负责人可以审核。"))
    if not reason:
        raise Invalid("reason", _("请写明不通过的理由。"), "C-3")
    draft.state, draft.decided_at, draft.decided_by_id, draft.reason = DraftState.REFUSED, now, actor.id, reason
    journal.record(words.DRAFT_REFUSED, item, actor, now, name=content_of(draft).name, reason=reason)
    return draft


def withdraw(actor: Actor, item: ServiceItem, now: datetime) -> ItemDraft:
    """Give up the draft. Raises Conflict when there is none."""
    draft = running(item)
    if draft is None:
        raise Conflict(_("没有正在拟订的新版本。"))
    if not may_write(actor, item):
        raise NotAllowed(_("只有办公室和负责科室的负责人可以拟订新版本。"))
    draft.state, draft.decided_at, draft.decided_by_id = DraftState.WITHDRAWN, now, actor.id
    journal.record(words.DRAFT_WITHDRAWN, item, actor, now, name=content_of(draft).name)
    return draft


def _submitted(item: ServiceItem) -> ItemDraft:
    draft = running(item)
    if draft is None or draft.state is not DraftState.SUBMITTED:
        raise Conflict(_("没有待审核的新版本。"))
    return draft


@dataclass(frozen=True)
class Brought:
    """What became of content that was brought in whole: published at once, or submitted for review."""

    version: ItemVersion | None
    draft: ItemDraft | None


def bring(actor: Actor, item: ServiceItem, content: Content, now: datetime, note: str = "") -> Brought:
    """Publish content where the policy lets one person do so, else submit it for review (imports).

    Raises Conflict when a draft is on its way, Invalid as `service.publish` does.
    """
    if running(item) is not None:
        raise Conflict(_("“%(name)s”有正在拟订的新版本，请先处理。", name=item.name))
    content = service.check(item, content)
    if not second_needed(item, content):
        return Brought(service.publish(actor, item, content, now), None)
    save(actor, item, content, 0, now)
    return Brought(None, submit(actor, item, now, note))
