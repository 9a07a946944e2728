"""Service items, their published versions, and the material checklist of each version (C-1, C-2, C-3)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.post_duty.models import Post


class CaseKind(StrEnum):
    """How an item is handled (T-9): on the spot, or within a promised limit."""

    ON_SPOT = "on_spot"
    PROMISED = "promised"


class ServiceItem(Recorded, Base):
    """One thing that clients can ask for; its content lives in versions."""

    __epoch__ = "catalogue"
    __tablename__ = "service_item"
    record_name = "service_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    aliases: Mapped[str] = mapped_column(String(200), default="")
    initials: Mapped[str] = mapped_column(String(400), default="")
    topic: Mapped[str] = mapped_column(String(40), default="")
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    #: Set after the version exists; no foreign key, since the two tables would need each other first.
    current_version_id: Mapped[int | None]
    common: Mapped[bool] = mapped_column(default=False)
    retired_on: Mapped[date | None]

    post: Mapped[Post] = relationship()
    current_version: Mapped[ItemVersion | None] = relationship(
        primaryjoin="foreign(ServiceItem.current_version_id) == ItemVersion.id", viewonly=True
    )

    __table_args__ = (Index("ix_service_item_post", "post_id"),)


class ItemVersion(Recorded, Base):
    """What was published of an item; binds every case of its day (C-3)."""

    __epoch__ = "catalogue"
    __tablename__ = "item_version"
    record_name = "service_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("service_item.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[CaseKind] = mapped_column(Words(CaseKind), default=CaseKind.PROMISED)
    basis: Mapped[str] = mapped_column(Text, default="")
    conditions: Mapped[str] = mapped_column(Text, default="")
    procedure: Mapped[str] = mapped_column(Text, default="")
    promised_limit: Mapped[str] = mapped_column(String(8))
    statutory_limit: Mapped[str] = mapped_column(String(8), default="")
    service_standard: Mapped[str] = mapped_column(Text, default="")
    fee: Mapped[str] = mapped_column(String(120), default="")
    fee_basis: Mapped[str] = mapped_column(String(200), default="")
    place: Mapped[str] = mapped_column(String(120), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    outcome: Mapped[str] = mapped_column(String(120), default="")
    licence: Mapped[bool] = mapped_column(default=False)
    #: R-3: the kind of qualification that a decision needs; empty with ``licence``: any valid one.
    qualification: Mapped[str] = mapped_column(String(60), default="", server_default="")
    restarts: Mapped[bool] = mapped_column(default=False)
    next_day_after_hours: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    item: Mapped[ServiceItem] = relationship(foreign_keys=[item_id])
    materials: Mapped[list[ItemMaterial]] = relationship(
        back_populates="version", order_by="ItemMaterial.position", cascade="all, delete-orphan"
    )

    __table_args__ = (UniqueConstraint("item_id", "number"),)

    def record_key(self) -> tuple[str, int | None]:
        """A version is recorded on its item."""
        return "service_item", self.item_id


class ItemMaterial(Recorded, Base):
    """One line of a version's material checklist."""

    __epoch__ = "catalogue"
    __tablename__ = "item_material"
    record_name = "service_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    form: Mapped[str] = mapped_column(String(40), default="")
    copies: Mapped[int] = mapped_column(default=1)
    required: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str] = mapped_column(String(200), default="")

    version: Mapped[ItemVersion] = relationship(back_populates="materials")

    __table_args__ = (UniqueConstraint("version_id", "position"),)

    def record_key(self) -> tuple[str, int | None]:
        """The checklist is recorded on the item."""
        return "service_item", self.version.item_id
