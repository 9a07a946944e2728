"""Policy values with their history (POL-1): every row is one version, the newest holds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base, UtcDateTime
from portal.kernel.journal import Recorded


class PolicyValue(Recorded, Base):
    """A value that the office set; what was decided under an older one keeps it."""

    __epoch__ = "policy"
    __tablename__ = "policy_value"
    record_name = "policy_value"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80))
    value: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(200), default="")
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_policy_value_key", "key", "id"),)
