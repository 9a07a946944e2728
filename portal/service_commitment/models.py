"""Service items, their published versions with checklists, and drafts of the next version (C-1, C-2, C-3)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.post_duty.models import Post


class CaseKind(StrEnum):
    """How an item is handled (T-9): on the spot, in a promised limit, by several departments, or upward."""

    ON_SPOT = "on_spot"
    PROMISED = "promised"
    JOINT = "joint"
    FORWARDED = "forwarded"


class BreachKind(StrEnum):
    """What a client gets for a broken promise (C-8)."""

    APOLOGY = "apology"
    COMPENSATION = "compensation"
    REFERENCE = "reference"


class DraftState(StrEnum):
    """The way of the next version: written, reviewed, and one of three ends (C-3)."""

    WRITING = "writing"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


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
    #: The first day on which the item is no longer offered; a day to come is allowed.
    retired_on: Mapped[date | None]
    retired_reason: Mapped[str] = mapped_column(String(200), default="", server_default="")
    #: The code of the item that takes its place; codes never change and items are never deleted.
    replaced_by: Mapped[str] = mapped_column(String(20), default="", server_default="")

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
    #: T-7: not completed by the promised limit means agreed; never together with ``licence``.
    tacit_consent: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: T-9: the departments that take part in a joint item, in the lines of ``parts``.
    parts: Mapped[str] = mapped_column(Text, default="", server_default="")
    #: C-9: the fee as data, in fen a unit; none: ``fee`` alone may explain, and nothing is charged.
    fee_fen: Mapped[int | None]
    fee_unit: Mapped[str] = mapped_column(String(20), default="", server_default="")
    #: C-8: what a client gets when the promise is broken: kinds (`BreachKind`, joined by commas) and the text.
    breach_kinds: Mapped[str] = mapped_column(String(80), default="", server_default="")
    breach: Mapped[str] = mapped_column(Text, default="", server_default="")
    #: Where to complain about this item; empty: the office's own address (C-5).
    complaint: Mapped[str] = mapped_column(String(200), default="", server_default="")
    #: Codes of related items, joined by blanks.
    related: Mapped[str] = mapped_column(String(200), default="", server_default="")
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
    #: The sample form that clients can download; the same file may serve several versions.
    sample_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))

    version: Mapped[ItemVersion] = relationship(back_populates="materials")

    __table_args__ = (UniqueConstraint("version_id", "position"),)

    def record_key(self) -> tuple[str, int | None]:
        """The checklist is recorded on the item."""
        return "service_item", self.version.item_id


_RUNNING = text("state IN ('writing', 'submitted')")


class ItemDraft(Recorded, Base):
    """The next version of an item on its way to publication (C-3). At most one runs for an item."""

    __epoch__ = "item_drafts"
    __tablename__ = "item_draft"
    record_name = "service_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("service_item.id"))
    #: The number of the version that it changes; 0 for the first one.
    base_number: Mapped[int]
    state: Mapped[DraftState] = mapped_column(Words(DraftState), default=DraftState.WRITING)
    #: How often it was saved: who saves on an older edition is told of the newer one.
    edition: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: What the change is for, told to the reviewer.
    note: Mapped[str] = mapped_column(Text, default="")
    #: Whether the policy asked for a second person when it was submitted; kept as it was then (POL-1).
    second_needed: Mapped[bool] = mapped_column(default=True)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    version_id: Mapped[int | None] = mapped_column(ForeignKey("item_version.id"))

    item: Mapped[ServiceItem] = relationship()
    texts: Mapped[list[DraftText]] = relationship(back_populates="draft", order_by="DraftText.edition")

    __table_args__ = (
        CheckConstraint("edition > 0", name="edition"),
        Index("ix_item_draft_item", "item_id", "id"),
        Index("uq_item_draft_running", "item_id", unique=True, sqlite_where=_RUNNING, postgresql_where=_RUNNING),
    )

    def record_key(self) -> tuple[str, int | None]:
        """A draft is recorded on its item."""
        return "service_item", self.item_id


class DraftText(Recorded, Base):
    """One saved edition of a draft, never changed: what everybody wrote is kept (C-3)."""

    __tablename__ = "item_draft_text"
    record_name = "service_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("item_draft.id"))
    edition: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    draft: Mapped[ItemDraft] = relationship(back_populates="texts")

    __table_args__ = (UniqueConstraint("draft_id", "edition"),)

    def record_key(self) -> tuple[str, int | None]:
        """An edition is recorded on the item."""
        return "service_item", self.draft.item_id
