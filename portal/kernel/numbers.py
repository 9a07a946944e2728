"""Public numbers without gaps: one series per kind and year, counted in the act's own transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import clock
from portal.kernel.db import Base
from portal.kernel.statements import Ready
from portal.pure.numbering import format_number


class NumberSeries(Base):
    """The last number given in one series."""

    __tablename__ = "number_series"

    prefix: Mapped[str] = mapped_column(String(8), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


_TAKE = Ready(
    text(
        "INSERT INTO number_series (prefix, year, last) VALUES (:prefix, :year, 1)"
        " ON CONFLICT (prefix, year) DO UPDATE SET last = number_series.last + 1 RETURNING last"
    )
)


def take(prefix: str, now: datetime) -> str:
    """The next number of a series, such as ``SX-2026-0412``; given back when the transaction is rolled back."""
    year = clock.local(now).year
    last: int = _TAKE.run({"prefix": prefix, "year": year}).scalar_one()
    return format_number(prefix, year, last)
