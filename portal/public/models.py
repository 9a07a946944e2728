"""Wrong guesses at a status, counted for every server alike (O-6)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base, UtcDateTime


class StatusGuess(Base):
    """The wrong guesses from one address, at one number, or of all together.

    ``subject`` is a keyed digest: neither addresses nor numbers can be read from it.
    """

    __tablename__ = "status_guess"

    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    wrong: Mapped[int]
    #: When counting began; it begins anew when the policy's time is over.
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    blocked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_status_guess_since", "since"),
        CheckConstraint("wrong >= 0", name="wrong"),
    )
