"""Months by their first day."""

from __future__ import annotations

import re
from datetime import date

_MONTH = re.compile(r"[0-9]{4}-[0-9]{1,2}")
#: Beyond these years no office has recorded anything, and the months around one can still be counted.
FIRST_YEAR, LAST_YEAR = 2000, 2098


def month_after(month: date, count: int) -> date:
    """The first day of the month so many months after (negative: before) the one of a day."""
    years, months = divmod(month.month - 1 + count, 12)
    return date(month.year + years, months + 1, 1)


def read_month(typed: str) -> date | None:
    """The first day of a month of an address (2026-11); None for anything else."""
    if not _MONTH.fullmatch(typed) or not FIRST_YEAR <= int(typed[:4]) <= LAST_YEAR or not 1 <= int(typed[5:]) <= 12:
        return None
    return date(int(typed[:4]), int(typed[5:]), 1)


def month_text(month: date) -> str:
    """A month in digits: 2026-11."""
    return f"{month.year}-{month.month:02}"
