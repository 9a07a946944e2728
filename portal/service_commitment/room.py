"""Door plate of the room, and what it tells the post room below."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.kernel.plates import MenuItem, Plate
from portal.post_duty import seams
from portal.post_duty import service as post_service
from portal.post_duty.models import Post
from portal.service_commitment import queries, vocabulary
from portal.service_commitment.views import bp
from portal.service_commitment.words import limit_text


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


seams.items_source(items_of)
post_service.before_close(still_answering)

PLATE = Plate(
    name="service_commitment",
    title=_l("服务承诺"),
    blueprint=bp,
    permissions=vocabulary.PERMISSIONS,
    menu=(MenuItem(_l("服务承诺"), "service_commitment.index", vocabulary.READ, order=60),),
)
