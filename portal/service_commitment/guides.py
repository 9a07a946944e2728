"""Everything that is published of an item, from memory: for public pages, printed guides and slips (C-1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.kernel import clock, epochs
from portal.kernel.db import db
from portal.kernel.files import Attachment
from portal.people.models import Department
from portal.post_duty.models import Post
from portal.service_commitment.models import CaseKind, ItemVersion, ServiceItem


@dataclass(frozen=True)
class GuideMaterial:
    """One line of the checklist; ``sample_id`` is the attachment of its sample form, if any."""

    position: int
    name: str
    form: str
    copies: int
    required: bool
    note: str
    sample_id: int | None
    sample_name: str


@dataclass(frozen=True)
class Guide:
    """What is published of one item now. Texts are as published; ``steps`` are the lines of the procedure.

    ``fee_fen`` is the amount for one ``fee_unit`` in fen; None: nothing is charged unless ``fee`` says otherwise.
    ``complaint`` is empty where the office's own address holds (policy ``service_commitment.complaint_contact``).
    """

    code: str
    name: str
    aliases: str
    topic: str
    number: int
    version_id: int
    published_at: datetime
    kind: CaseKind
    promised_limit: str
    statutory_limit: str
    basis: str
    conditions: str
    procedure: str
    steps: tuple[str, ...]
    materials: tuple[GuideMaterial, ...]
    service_standard: str
    fee_fen: int | None
    fee_unit: str
    fee: str
    fee_basis: str
    outcome: str
    place: str
    phone: str
    complaint: str
    breach_kinds: tuple[str, ...]
    breach: str
    licence: bool
    qualification: str
    restarts: bool
    next_day_after_hours: bool
    #: Codes of related items; `guide` of one that is no longer offered is None.
    related: tuple[str, ...]
    item_id: int
    post_id: int
    post_code: str
    post_name: str
    department_id: int
    department: str
    retired_on: date | None

    @property
    def free(self) -> bool:
        """Whether nothing is charged."""
        return not self.fee_fen and not self.fee_basis


def guides() -> tuple[Guide, ...]:
    """The guides of all items that are offered today, by code."""
    today = clock.today()
    return tuple(g for g in _all() if g.retired_on is None or g.retired_on > today)


def guide(code: str) -> Guide | None:
    """The guide of an item that is offered today; None for any other code."""
    found = epochs.cached("catalogue", "guides/by-code", lambda: {g.code: g for g in _all()}, _EPOCHS).get(code)
    return found if found is not None and (found.retired_on is None or found.retired_on > clock.today()) else None


def published_sample(code: str, attachment_id: int) -> Attachment | None:
    """The sample form of a material that is published of an item now; anybody may have it (`kernel.files.send`).

    None when the file belongs to another item, to a draft or to an older version.
    """
    found = guide(code)
    if found is None or attachment_id not in {m.sample_id for m in found.materials}:
        return None
    return db.session.get(Attachment, attachment_id)


_EPOCHS = ("posts", "people")


def _all() -> tuple[Guide, ...]:
    return epochs.cached("catalogue", "guides", _read, _EPOCHS)


def _read() -> tuple[Guide, ...]:
    rows = db.session.execute(
        select(ServiceItem, ItemVersion, Post, Department.name)
        .join(ItemVersion, ItemVersion.id == ServiceItem.current_version_id)
        .join(Post, Post.id == ServiceItem.post_id)
        .join(Department, Department.id == Post.department_id)
        .options(selectinload(ItemVersion.materials))
        .order_by(ServiceItem.code)
    ).all()
    samples = {m.sample_id for _i, v, _p, _d in rows for m in v.materials if m.sample_id}
    named = select(Attachment.id, Attachment.name).where(Attachment.id.in_(samples))
    names = dict(db.session.execute(named).all()) if samples else {}
    return tuple(_guide(*row, names) for row in rows)


def _guide(i: ServiceItem, v: ItemVersion, p: Post, department: str, names: dict[int, str]) -> Guide:
    return Guide(
        code=i.code,
        name=v.name,
        aliases=i.aliases,
        topic=i.topic,
        number=v.number,
        version_id=v.id,
        published_at=v.published_at,
        kind=v.kind,
        promised_limit=v.promised_limit,
        statutory_limit=v.statutory_limit,
        basis=v.basis,
        conditions=v.conditions,
        procedure=v.procedure,
        steps=tuple(line.strip() for line in v.procedure.splitlines() if line.strip()),
        materials=tuple(
            GuideMaterial(
                m.position, m.name, m.form, m.copies, m.required, m.note, m.sample_id, names.get(m.sample_id or 0, "")
            )
            for m in v.materials
        ),
        service_standard=v.service_standard,
        fee_fen=v.fee_fen,
        fee_unit=v.fee_unit,
        fee=v.fee,
        fee_basis=v.fee_basis,
        outcome=v.outcome,
        place=v.place or p.place,
        phone=v.phone or p.phone,
        complaint=v.complaint,
        breach_kinds=tuple(k for k in v.breach_kinds.split(",") if k),
        breach=v.breach,
        licence=v.licence,
        qualification=v.qualification,
        restarts=v.restarts,
        next_day_after_hours=v.next_day_after_hours,
        related=tuple(v.related.split()),
        item_id=i.id,
        post_id=p.id,
        post_code=p.code,
        post_name=p.name,
        department_id=p.department_id,
        department=department,
        retired_on=i.retired_on,
    )
