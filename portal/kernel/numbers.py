"""Public numbers without gaps: one series per kind and year, counted in the act's own transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import clock
from portal.kernel.db import Base, db
from portal.pure.numbering import format_number


class NumberSeries(Base):
    """The last number given in one series."""

    __tablename__ = "number_series"

    prefix: Mapped[str] = mapped_column(String(8), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


def take(prefix: str, now: datetime) -> str:
    """The next number of a series, such as ``SX-2026-0412``; given back when the transaction is rolled back."""
    year = clock.local(now).year
    where = (NumberSeries.prefix == prefix, NumberSeries.year == year)
    last = db.session.scalar(select(NumberSeries.last).where(*where).with_for_update())
    if last is None:
        db.session.execute(insert(NumberSeries), {"prefix": prefix, "year": year, "last": 1})
        return format_number(prefix, year, 1)
    db.session.execute(update(NumberSeries).where(*where).values(last=last + 1))
    return format_number(prefix, year, last + 1)
