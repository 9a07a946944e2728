"""Door plate of the room, and what it tells the post room below."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.kernel.actor import Actor
from portal.kernel.i18n import local_dt
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.post_duty import seams
from portal.post_duty import service as post_service
from portal.post_duty.models import Post
from portal.service_commitment import draft_queries, draft_views, queries, vocabulary
from portal.service_commitment.models import DraftState
from portal.service_commitment.version_views import bp
from portal.service_commitment.words import limit_text

#: Imported for the addresses that they add to the blueprint.
VIEWS = draft_views


def items_of(post_id: int) -> list[seams.Thing]:
    """The service items that a post answers for, with their promise."""
    return [
        seams.Thing(
            e.name,
            _("承诺 %(limit)s", limit=limit_text(e.promised_limit)),
            url_for("service_commitment.show", code=e.code),
        )
        for e in queries.of_post(post_id)
    ]


def still_answering(post: Post) -> str | None:
    """Why a post cannot be closed: items of the catalogue are still its own (C-1)."""
    count = queries.count_of_post(post.id)
    return _("还有 %(n)s 个服务事项由该岗位负责，请先交给其他岗位。", n=count) if count else None


def count(actor: Actor, _now: datetime) -> int:
    """How many drafts wait for the actor's review; asked of memory."""
    return len(draft_queries.to_review(actor))


def todos(actor: Actor, _now: datetime) -> list[ToDo]:
    """Drafts to review, and for writers those that were begun and not submitted (C-3)."""
    found = [
        ToDo(
            "service_commitment.review",
            _("“%(name)s”的新版本待审核", name=d.name),
            _("%(at)s 提交", at=local_dt(d.submitted_at, "near")) if d.submitted_at else "",
            url_for("service_commitment.draft", code=d.code, draft_id=d.id),
            _("审核"),
        )
        for d in draft_queries.to_review(actor)
    ]
    return found + [
        ToDo(
            "service_commitment.draft",
            _("“%(name)s”的新版本还没有提交", name=d.name),
            _("修改完成后提交审核"),
            url_for("service_commitment.draft", code=d.code, draft_id=d.id),
            _("继续"),
        )
        for d in draft_queries.running()
        if d.state is DraftState.WRITING and actor.id in d.writers
    ]


seams.items_source(items_of)
post_service.before_close(still_answering)

PLATE = Plate(
    name="service_commitment",
    title=_l("服务承诺"),
    blueprint=bp,
    permissions=vocabulary.PERMISSIONS,
    menu=(MenuItem(_l("服务承诺"), "service_commitment.index", vocabulary.READ, order=60, count=count),),
    todos=todos,
)
