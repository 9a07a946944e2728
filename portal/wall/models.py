"""Displays that were paired with the wall (W-2)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base, UtcDateTime
from portal.kernel.journal import Recorded


class Display(Recorded, Base):
    """A screen that may show the wall and do nothing else; the database keeps its token's hash only."""

    __tablename__ = "display"
    record_name = "display"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    large: Mapped[bool] = mapped_column(default=False)
    paired_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    paired_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
