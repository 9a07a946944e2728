"""The catalogue as a workbook: its rows out, a checked plan of it carried out (C-1, C-3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.intake import layout
from portal.intake import vocabulary as words
from portal.intake.item_checking import PLACE, Change, Current, ItemPlan
from portal.intake.layout import ITEMS, MATERIALS
from portal.kernel import clock, journal
from portal.kernel.actor import Actor
from portal.kernel.db import db, locked
from portal.policy import queries as policy
from portal.post_duty.models import Post
from portal.service_commitment import contents, draft_queries, drafting, rules
from portal.service_commitment import service as catalogue
from portal.service_commitment.models import ItemVersion, ServiceItem
from portal.service_commitment.service import Content
from portal.service_commitment.words import limit_text, money_figure


def current() -> dict[str, Current]:
    """All items as they stand, by code."""
    query = (
        select(ServiceItem, ItemVersion, Post.code)
        .outerjoin(ItemVersion, ItemVersion.id == ServiceItem.current_version_id)
        .join(Post, Post.id == ServiceItem.post_id)
        .options(selectinload(ItemVersion.materials))
        .order_by(ServiceItem.code)
    )
    drafted, today = draft_queries.in_review(), clock.today()
    return {
        item.code: Current(
            {"post": post, "aliases": item.aliases, "topic": item.topic, "common": item.common},
            catalogue.content_of(version) if version is not None else None,
            item.retired_on is not None and item.retired_on <= today,
            item.id in drafted,
        )
        for item, version, post in db.session.execute(query)
    }


def rule(code: str, content: Content) -> Content:
    """Content by the rules of the catalogue (C-2). Raises Invalid."""
    item = db.session.scalar(select(ServiceItem).where(ServiceItem.code == code))
    return catalogue.check(item or ServiceItem(code=code), content)


def second(old: Content, new: Content) -> bool:
    """Whether the policy asks for a second person for a change (C-3)."""
    kinds = rules.touched(contents.changed(old, new))
    return any(policy.value(f"service_commitment.second_person_{kind}") for kind in kinds)


def rows() -> tuple[list[Sequence[Any]], list[Sequence[Any]]]:
    """The rows of both sheets: everything that is offered, in the words of the format."""
    found = {code: c for code, c in current().items() if c.content is not None and not c.retired}
    kinds = {kind: word for word, kind in layout.ITEM_KINDS.items()}
    breaches = {str(kind): word for word, kind in layout.BREACH_KINDS.items()}
    items: list[Sequence[Any]] = []
    materials: list[Sequence[Any]] = []
    with force_locale("zh"):
        for code, each in found.items():
            content = each.content
            assert content is not None
            cells: dict[str, Any] = {**vars(content), **each.place, "code": code, "kind": kinds[content.kind]}
            cells["promised_limit"] = limit_text(content.promised_limit)
            cells["statutory_limit"] = limit_text(content.statutory_limit)
            cells["fee_amount"] = money_figure(content.fee_fen) if content.fee_fen else ""
            cells["breach_kinds"] = "、".join(breaches[k] for k in content.breach_kinds.split(",") if k)
            cells["related"] = "、".join(content.related.split())
            items.append([_cell(cells[c.key]) for c in layout.SHEETS[ITEMS]])
            for m in content.materials:
                line = {**vars(m), "item": code}
                materials.append([_cell(line[c.key]) for c in layout.SHEETS[MATERIALS]])
    return items, materials


def _cell(value: Any) -> str:
    return (layout.YES if value else layout.NO) if isinstance(value, bool) else str(value)


def bring_in(actor: Actor, plan: ItemPlan, sha256: str, now: datetime) -> None:
    """Carry a plan out whole in the caller's transaction: items added, versions published or submitted for review.

    Raises ValueError for a plan with faults, Invalid or Conflict when a verb refuses after all.
    """
    if plan.faults:
        raise ValueError("a plan with faults is not carried out")
    made = [(change, _add(actor, change, now)) for change in plan.added]
    note = _("由表格导入（文件摘要 %(sha)s）", sha=sha256[:12])
    for change, item in [*made, *((c, locked(ServiceItem, code=c.code)) for c in plan.changed)]:
        if change.place_changed:
            aliases, topic, common = (change.place[k] for k in PLACE[1:])
            catalogue.change(actor, item, _post(change), aliases, topic, common, now)
        if change.content is not None:
            drafting.bring(actor, item, change.content, now, note)
    journal.record(
        words.ITEMS_IMPORTED,
        None,
        actor,
        now,
        added=len(plan.added),
        changed=len(plan.changed),
        unchanged=plan.unchanged,
        reviewed=sum(c.reviewed for c in (*plan.added, *plan.changed)),
        sha256=sha256,
    )


def _post(change: Change) -> Post:
    return db.session.scalars(select(Post).where(Post.code == change.place["post"])).one()


def _add(actor: Actor, change: Change, now: datetime) -> ServiceItem:
    aliases, topic, common = (change.place[k] for k in PLACE[1:])
    return catalogue.add(
        actor, change.code, change.name, _post(change), now, aliases=aliases, topic=topic, common=common
    )
