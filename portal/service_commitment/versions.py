"""Reads of published versions: content by number, their sample forms, how many cases each binds (C-3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.kernel.db import db
from portal.kernel.files import Attachment
from portal.service_commitment import service
from portal.service_commitment.models import ItemVersion, ServiceItem
from portal.service_commitment.service import SAMPLES, Content

#: Version id → how many cases it binds: told by the case room above (C-3).
BoundSource = Callable[[Iterable[int]], Mapping[int, int]]
_bound: list[BoundSource] = []


def bound_source(source: BoundSource) -> None:
    """Register who counts the cases that a version binds (one source, the case room)."""
    _bound[:] = [source]


def bound(version_ids: Iterable[int]) -> Mapping[int, int]:
    """How many cases each version binds, since they were accepted under it; nothing where no room tells."""
    return _bound[0](list(version_ids)) if _bound else {}


def of_item(item: ServiceItem) -> list[ItemVersion]:
    """All versions of an item with their checklists, the newest first."""
    query = select(ItemVersion).where(ItemVersion.item_id == item.id).options(selectinload(ItemVersion.materials))
    return list(db.session.scalars(query.order_by(ItemVersion.number.desc())))


def content_by_number(item: ServiceItem, number: int) -> Content:
    """What a version published; of number 0 (nothing yet) only the name. Raises LookupError for any other number."""
    if number == 0:
        return Content(item.name, "")
    query = select(ItemVersion).where(ItemVersion.item_id == item.id, ItemVersion.number == number)
    found = db.session.scalar(query)
    if found is None:
        raise LookupError(number)
    return service.content_of(found)


def samples(item: ServiceItem) -> dict[int, str]:
    """The names of all sample forms that were ever given for an item, by id."""
    query = select(Attachment.id, Attachment.name).where(
        Attachment.owner_type == SAMPLES, Attachment.owner_id == item.id
    )
    return dict(db.session.execute(query).all())
