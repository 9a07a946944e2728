"""What the verbs of inspections share: photos, whom to tell, who may deal with a finding (O-2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from portal.ab_post import queries as ab
from portal.ab_post import superiors
from portal.kernel import files
from portal.kernel.actor import Actor
from portal.kernel.errors import Invalid, NotAllowed
from portal.kernel.files import Attachment
from portal.policy import queries as policy
from portal.post_duty import queries as posts
from portal.post_duty.models import PostKind
from portal.reminder import service as reminder
from portal.reminder.models import Kind
from portal.supervision import rights
from portal.supervision.models import InspectionFinding


def photos(
    uploads: Iterable[FileStorage], owner: str, owner_id: int, actor: Actor, now: datetime, field: str = "photos"
) -> list[Attachment]:
    """Keep photos. Raises Invalid for what is no picture, too large, or too many."""
    stored = files.store(uploads, owner, owner_id, actor.id, now, policy.value("attachments.max_megabytes"), field)
    for each in stored:
        if each.media_type not in files.PICTURES:
            raise Invalid(field, _("“%(name)s”不是照片，请上传 JPG 或者 PNG 图片。", name=each.name))
    return stored


def of_group(actor: Actor, found: InspectionFinding) -> None:
    """Raises NotAllowed unless the actor inspects and the department is none of their own, nor they concerned."""
    if not rights.may_inspect(actor, found.department_id) or actor.id == found.person_id:
        raise NotAllowed(_("由督查组办理，检查人不能办理自己所在或者负责的科室的事项。"), "O-2")


def of_department(found: InspectionFinding, now: datetime) -> list[int]:
    """Who speaks for the department now, and who answers for the post concerned."""
    head = superiors.decider(PostKind.HEAD, found.department_id, (), now)
    users = [head[0]] if head is not None else []
    holder = ab.who_answers_for(found.post_id, now).user_id if found.post_id is not None else None
    return [*users, holder] if holder is not None else users


def in_charge(department_id: int, now: datetime) -> int | None:
    """Who answers now for the post in charge of a department."""
    post_id = posts.leader_post_of(department_id)
    return None if post_id is None else ab.who_answers_for(post_id, now).user_id


def tell(
    found: InspectionFinding, users: Iterable[int | None], key: str, title: object, body: object, now: datetime,
    kind: Kind = Kind.OTHER, about_at: datetime | None = None,
) -> None:  # fmt: skip
    """Tell people of something about a finding; the message leads to its page."""
    reminder.tell(
        now, users, kind, f"inspection_{key}", title, body, "supervision.show_finding",
        values={"number": found.number}, about_at=about_at,
    )  # fmt: skip
