"""The verbs of the catalogue: add an item, publish a version, retire (C-1 … C-3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from portal.calendar import queries as calendar
from portal.kernel import clock, journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.files import Attachment
from portal.post_duty.models import Post
from portal.pure.limits import Limit, LimitError, Unit, shorter
from portal.service_commitment import parts
from portal.service_commitment import vocabulary as words
from portal.service_commitment.initials import initials_of
from portal.service_commitment.models import BreachKind, CaseKind, ItemMaterial, ItemVersion, ServiceItem
from portal.service_commitment.words import limit_text

#: Owner of sample forms among the attachments: the item, so that several versions share a file.
SAMPLES = "item_sample"


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
    tacit_consent: bool = False
    parts: str = ""
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

    Whether a second person has to agree is asked in `drafting`. Raises Invalid for content that `check` refuses or
    that is the current version's.
    """
    content = check(item, content)
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
    item.current_version_id, item.name = version.id, content.name
    item.retired_on, item.retired_reason, item.replaced_by = None, "", ""
    db.session.expire(item, ["current_version"])
    item.initials = initials_of(content.name, item.aliases)
    journal.record(
        words.PUBLISHED,
        item,
        actor,
        now,
        name=content.name,
        number=number,
        promised=content.promised_limit,
        statutory=content.statutory_limit,
        materials=[m.name for m in content.materials],
    )
    return version


def check(item: ServiceItem, content: Content) -> Content:
    """Content in its stored form, for drafts, imports and publication alike. What is promised on the spot is of that
    kind (T-9).

    Raises Invalid for a promise against C-2, a material named twice, a fee without unit or basis (C-1), a consequence
    without its text (C-8), a related item that does not exist, or a sample form of another item.
    """
    promised, statutory = check_limits(content.promised_limit, content.statutory_limit)
    kind = CaseKind.ON_SPOT if promised == Unit.ON_SPOT else content.kind  # T-9
    _check_materials(item, content.materials)
    _check_fee(content)
    kinds = check_breach(content.breach_kinds, content.breach)
    related = " ".join(check_related(item.code, content.related.split()))
    return replace(
        content,
        promised_limit=promised,
        statutory_limit=statutory,
        kind=kind,
        parts=_check_kind(content, kind, promised),
        fee_fen=content.fee_fen or None,
        breach_kinds=kinds,
        related=related,
        materials=tuple(content.materials),
    )


def _check_kind(content: Content, kind: CaseKind, promised: str) -> str:
    """The parts in their stored form. Raises Invalid when kind, parts, tacit consent do not go together (T-7, T-9)."""
    if content.tacit_consent and content.licence:
        raise Invalid("tacit_consent", _("行政许可事项不适用默认同意。"), "T-7")
    minutes = calendar.work_calendar().hours.minutes_per_day
    return parts.checked(content.parts, promised, kind is CaseKind.JOINT, minutes)


def _check_fee(content: Content) -> None:
    if content.fee_fen and not content.fee_unit:
        raise Invalid("fee_unit", _("请写明按什么收，如 件、份、场。"), "C-1")
    if content.fee_unit and not content.fee_fen:
        raise Invalid("fee_amount", _("请填写收费金额；不收费的，单位也留空。"), "C-1")
    if content.fee_fen and not content.fee_basis:
        raise Invalid("fee_basis", _("收费的事项请写明收费依据（规则 C-1）。"), "C-1")


def check_breach(kinds: str, text: str) -> str:
    """The kinds of consequence in their stored form. Raises Invalid for kinds without a text, or the reverse (C-8)."""
    chosen = [k for k in kinds.split(",") if k]
    if any(k not in set(BreachKind) for k in chosen):
        raise Invalid("breach_kinds", _("请选择列出的违诺后果。"), "C-8")
    if chosen and not text:
        raise Invalid("breach", _("请写明违诺后对服务对象怎么做。"), "C-8")
    if text and not chosen:
        raise Invalid("breach_kinds", _("请选择违诺后果的类别。"), "C-8")
    return ",".join(k for k in BreachKind if k in chosen)


def check_related(own: str, codes: Sequence[str]) -> list[str]:
    """Codes of related items, each once. Raises Invalid for one that does not exist, or for the item itself."""
    wanted = list(dict.fromkeys(codes))
    if own in wanted:
        raise Invalid("related", _("相关事项不能是本事项。"))
    known = set(db.session.scalars(select(ServiceItem.code).where(ServiceItem.code.in_(wanted)))) if wanted else set()
    if missing := [c for c in wanted if c not in known]:
        raise Invalid("related", _("没有编码为“%(code)s”的事项。", code="、".join(missing)))
    return wanted


def _check_materials(item: ServiceItem, materials: Sequence[Material]) -> None:
    names = [m.name for m in materials]
    if twice := next((name for n, name in enumerate(names) if name in names[:n]), None):
        raise Invalid("materials", _("材料“%(name)s”写了两次，请合并并注明份数。", name=twice), "N-2")
    samples = {m.sample_id for m in materials if m.sample_id is not None}
    if samples:
        own = select(Attachment.id).where(Attachment.owner_type == SAMPLES, Attachment.owner_id == item.id)
        if not samples <= set(db.session.scalars(own)):
            raise Invalid("materials", _("样表不属于这个事项，请重新上传。"))


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


def retire(
    actor: Actor, item: ServiceItem, on: date, now: datetime, *, reason: str = "", replaced_by: str = ""
) -> None:
    """Offer an item no longer from a day on, today or later; its open cases go on.

    Raises Conflict when that is decided already, Invalid for a day that has passed or a successor that is not offered.
    """
    if item.retired_on is not None:
        raise Conflict(_("这个事项已经停办。"))
    today = clock.local(now).date()
    if on < today:
        raise Invalid("on", _("停办日期不能早于今天。"))
    if replaced_by:
        successor = db.session.scalar(select(ServiceItem).where(ServiceItem.code == replaced_by))
        if successor is None or successor.id == item.id:
            raise Invalid("replaced_by", _("请选择另一个现行事项。"))
        if successor.current_version_id is None or successor.retired_on is not None:
            raise Invalid("replaced_by", _("替代事项没有公布或者已经停办。"))
    item.retired_on, item.retired_reason, item.replaced_by = on, reason, replaced_by
    journal.record(words.RETIRED, item, actor, now, name=item.name, on=on, reason=reason, replaced_by=replaced_by)


def resume(actor: Actor, item: ServiceItem, now: datetime) -> None:
    """Offer a retired item again under its last version (or call off a retirement to come).

    Raises Conflict when it is offered anyway or was never published.
    """
    if item.retired_on is None:
        raise Conflict(_("这个事项没有停办。"))
    if item.current_version_id is None:
        raise Conflict(_("这个事项还没有公布过。"))
    item.retired_on, item.retired_reason, item.replaced_by = None, "", ""
    journal.record(words.RESUMED, item, actor, now, name=item.name)
