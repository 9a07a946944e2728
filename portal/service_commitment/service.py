"""The verbs of the catalogue: add an item, publish a version, retire (C-1 … C-3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from portal.calendar import queries as calendar
from portal.kernel import journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid
from portal.post_duty.models import Post
from portal.pure.limits import Limit, LimitError, Unit, shorter
from portal.service_commitment import vocabulary as words
from portal.service_commitment.initials import initials_of
from portal.service_commitment.models import CaseKind, ItemMaterial, ItemVersion, ServiceItem
from portal.service_commitment.words import limit_text


@dataclass(frozen=True)
class Material:
    """One line of a checklist as it is entered."""

    name: str
    form: str = ""
    copies: int = 1
    required: bool = True
    note: str = ""
    sample_id: int | None = None


@dataclass(frozen=True)
class Content:
    """What is published of an item."""

    name: str
    promised_limit: str
    statutory_limit: str = ""
    kind: CaseKind = CaseKind.PROMISED
    basis: str = ""
    conditions: str = ""
    procedure: str = ""
    service_standard: str = ""
    fee: str = ""
    fee_basis: str = ""
    place: str = ""
    phone: str = ""
    outcome: str = ""
    licence: bool = False
    qualification: str = ""
    restarts: bool = False
    next_day_after_hours: bool = False
    fee_fen: int | None = None
    fee_unit: str = ""
    breach_kinds: str = ""
    breach: str = ""
    complaint: str = ""
    related: str = ""
    materials: Sequence[Material] = field(default_factory=tuple)


def check_limits(promised: str, statutory: str) -> tuple[str, str]:
    """The two limits in their stored form. Raises Invalid when unreadable or against C-2 (only shorter)."""
    try:
        limit = Limit.parse(promised)
    except LimitError:
        raise Invalid(
            "promised_limit", _("请填写承诺时限，如：当场办结、4 个工作小时、5 个工作日、15 天、3 个月。")
        ) from None
    if not statutory:
        return str(limit), ""
    try:
        law = Limit.parse(statutory)
    except LimitError:
        raise Invalid("statutory_limit", _("请填写法定时限，如 20 个工作日；法律没有规定的留空。")) from None
    minutes = calendar.work_calendar().hours.minutes_per_day
    if not shorter(limit, law, minutes):
        raise Invalid(
            "promised_limit",
            _("承诺时限须短于法定时限（%(law)s），只有已是最小单位时可以相同（规则 C-2）。", law=limit_text(str(law))),
            "C-2",
        )
    return str(limit), str(law)


def add(
    actor: Actor,
    code: str,
    name: str,
    post: Post,
    now: datetime,
    *,
    aliases: str = "",
    topic: str = "",
    common: bool = False,
) -> ServiceItem:
    """Add an item without content yet. Raises Invalid when the code is taken or the post is closed."""
    if post.closed_on is not None:
        raise Invalid("post_id", _("这个岗位已经撤销。"))
    if db.session.scalar(select(ServiceItem.id).where(ServiceItem.code == code)):
        raise Invalid("code", _("这个事项编码已经使用。"))
    made = ServiceItem(
        code=code,
        name=name,
        aliases=aliases,
        initials=initials_of(name, aliases),
        topic=topic,
        post_id=post.id,
        common=common,
    )
    db.session.add(made)
    db.session.flush()
    journal.record(words.ADDED, made, actor, now, code=code, name=name, post=post.name)
    return made


def publish(actor: Actor, item: ServiceItem, content: Content, now: datetime) -> ItemVersion:
    """Publish a new version; cases of earlier days keep theirs (C-3). A retired item is taken up again.

    What is promised on the spot is of that kind (T-9). Raises Invalid for a promise against C-2, a material named
    twice, or content that is the current version's.
    """
    promised, statutory = check_limits(content.promised_limit, content.statutory_limit)
    kind = CaseKind.ON_SPOT if promised == Unit.ON_SPOT else content.kind  # T-9
    _check_materials(content.materials)
    content = replace(
        content, promised_limit=promised, statutory_limit=statutory, kind=kind, materials=tuple(content.materials)
    )
    if item.retired_on is None and item.current_version is not None and content == content_of(item.current_version):
        raise Invalid("", _("与现行版本相同，没有需要公布的变化。"), "C-3")
    number = 1 + (db.session.scalar(select(func.max(ItemVersion.number)).where(ItemVersion.item_id == item.id)) or 0)
    plain: dict[str, Any] = {k: v for k, v in vars(content).items() if k != "materials"}
    version = ItemVersion(
        **plain,
        item_id=item.id,
        number=number,
        published_at=now,
        published_by_id=actor.id,
    )
    version.materials = [
        ItemMaterial(
            position=n,
            name=m.name,
            form=m.form,
            copies=m.copies,
            required=m.required,
            note=m.note,
            sample_id=m.sample_id,
        )
        for n, m in enumerate(content.materials, 1)
    ]
    db.session.add(version)
    db.session.flush()
    item.current_version_id, item.name, item.retired_on = version.id, content.name, None
    db.session.expire(item, ["current_version"])
    item.initials = initials_of(content.name, item.aliases)
    journal.record(
        words.PUBLISHED,
        item,
        actor,
        now,
        name=content.name,
        number=number,
        promised=promised,
        statutory=statutory,
        materials=[m.name for m in content.materials],
    )
    return version


def _check_materials(materials: Sequence[Material]) -> None:
    names = [m.name for m in materials]
    if twice := next((name for n, name in enumerate(names) if name in names[:n]), None):
        raise Invalid("materials", _("材料“%(name)s”写了两次，请合并并注明份数。", name=twice), "N-2")


def content_of(version: ItemVersion) -> Content:
    """What a version published, as it would be entered."""
    plain = {f.name: getattr(version, f.name) for f in fields(Content) if f.name != "materials"}
    return Content(
        **plain,
        materials=tuple(Material(m.name, m.form, m.copies, m.required, m.note, m.sample_id) for m in version.materials),
    )


def change(actor: Actor, item: ServiceItem, post: Post, aliases: str, topic: str, common: bool, now: datetime) -> bool:
    """Change how an item is found and which post answers for new cases of it; returns whether anything changed.

    Raises Invalid for a closed post.
    """
    if post.closed_on is not None:
        raise Invalid("post_id", _("这个岗位已经撤销。"))
    if (item.post_id, item.aliases, item.topic, item.common) == (post.id, aliases, topic, common):
        return False
    item.post_id, item.aliases, item.topic, item.common = post.id, aliases, topic, common
    item.initials = initials_of(item.name, aliases)
    journal.record(words.CHANGED, item, actor, now, name=item.name, post=post.name, aliases=aliases, topic=topic)
    return True


def retire(actor: Actor, item: ServiceItem, on: date, now: datetime) -> None:
    """Take an item out of the catalogue; its open cases go on. Raises Conflict when it is out already."""
    if item.retired_on is not None:
        raise Conflict(_("这个事项已经停办。"))
    item.retired_on = on
    journal.record(words.RETIRED, item, actor, now, name=item.name, on=on)
