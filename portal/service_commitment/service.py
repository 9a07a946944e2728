"""The verbs of the catalogue: add an item, publish a version, retire (C-1 … C-3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from portal.calendar import queries as calendar
from portal.kernel import journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.post_duty.models import Post
from portal.pure.limits import Limit, LimitError, shorter
from portal.service_commitment import vocabulary as words
from portal.service_commitment.initials import initials_of
from portal.service_commitment.models import CaseKind, ItemMaterial, ItemVersion, ServiceItem


@dataclass(frozen=True)
class Material:
    """One line of a checklist as it is entered."""

    name: str
    form: str = ""
    copies: int = 1
    required: bool = True
    note: str = ""


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
    restarts: bool = False
    next_day_after_hours: bool = False
    materials: Sequence[Material] = field(default_factory=tuple)


def check_limits(promised: str, statutory: str) -> tuple[str, str]:
    """The two limits in their stored form. Raises Invalid when unreadable or against C-2 (only shorter)."""
    try:
        limit = Limit.parse(promised)
    except LimitError:
        raise Invalid("promised_limit", _("请填写承诺时限，如 0d（即办）、4wh、5wd、15d、3m。")) from None
    if not statutory:
        return str(limit), ""
    try:
        law = Limit.parse(statutory)
    except LimitError:
        raise Invalid("statutory_limit", _("请填写法定时限，如 20wd，或留空表示法律未规定。")) from None
    minutes = calendar.work_calendar().hours.minutes_per_day
    if not shorter(limit, law, minutes):
        raise Invalid(
            "promised_limit",
            _("承诺时限须短于法定时限（%(law)s）；只有最小单位时可以相同。", law=str(law)),
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
    """Add an item without content yet. Raises Invalid when the code is taken."""
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
    """Publish a new version; cases of earlier days keep theirs (C-3). Raises Invalid (C-2)."""
    promised, statutory = check_limits(content.promised_limit, content.statutory_limit)
    number = 1 + (db.session.scalar(select(func.max(ItemVersion.number)).where(ItemVersion.item_id == item.id)) or 0)
    plain: dict[str, Any] = {k: v for k, v in vars(content).items() if k != "materials"}
    version = ItemVersion(
        **{**plain, "promised_limit": promised, "statutory_limit": statutory},
        item_id=item.id,
        number=number,
        published_at=now,
        published_by_id=actor.id,
    )
    version.materials = [
        ItemMaterial(position=n, name=m.name, form=m.form, copies=m.copies, required=m.required, note=m.note)
        for n, m in enumerate(content.materials, 1)
    ]
    db.session.add(version)
    db.session.flush()
    item.current_version_id, item.name = version.id, content.name
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


def change(actor: Actor, item: ServiceItem, post: Post, aliases: str, topic: str, common: bool, now: datetime) -> None:
    """Change how an item is found and which post answers for new cases of it."""
    item.post_id, item.aliases, item.topic, item.common = post.id, aliases, topic, common
    item.initials = initials_of(item.name, aliases)
    journal.record(words.CHANGED, item, actor, now, name=item.name, post=post.name, aliases=aliases, topic=topic)


def retire(actor: Actor, item: ServiceItem, on: date, now: datetime) -> None:
    """Take an item out of the catalogue; its open cases go on."""
    item.retired_on = on
    journal.record(words.RETIRED, item, actor, now, name=item.name, on=on)
