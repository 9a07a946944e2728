"""Public numbers without gaps: one series per kind and year, counted in the act's own transaction."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import String, Table, insert, select, update
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
    series = cast(Table, NumberSeries.__table__)  # the table itself: no row of it is ever kept in a session
    where = (series.c.prefix == prefix, series.c.year == year)
    last = db.session.scalar(select(series.c.last).where(*where).with_for_update())
    if last is None:
        db.session.execute(insert(series), {"prefix": prefix, "year": year, "last": 1})
        return format_number(prefix, year, 1)
    db.session.execute(update(series).where(*where).values(last=last + 1))
    return format_number(prefix, year, last + 1)
