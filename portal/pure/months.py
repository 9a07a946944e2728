"""Months by their first day."""

from __future__ import annotations

from datetime import date


def month_after(month: date, count: int) -> date:
    """The first day of the month so many months after (negative: before) the one of a day."""
    years, months = divmod(month.month - 1 + count, 12)
    return date(month.year + years, months + 1, 1)


def month_text(month: date) -> str:
    """A month in digits: 2026-11."""
    return f"{month.year}-{month.month:02}"
