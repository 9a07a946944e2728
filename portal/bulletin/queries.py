"""Reads of bulletins: the editions, and what one says in the reader's language."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import defer
from werkzeug.exceptions import NotFound

from portal.bulletin.models import Bulletin
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.editions import chosen
from portal.pure.months import month_after, month_text, read_month

#: Months to choose from, the present one first.
CHOICES = 24


def parse(typed: str) -> date:
    """The first day of a month of an address (2026-10). Raises NotFound."""
    found = read_month(typed)
    if found is None:
        raise NotFound()
    return found


def months(now: datetime) -> list[date]:
    """The months that the office can choose, the newest first."""
    this = clock.local(now).date().replace(day=1)
    return [month_after(this, -n) for n in range(CHOICES)]


def published(limit: int = 200) -> list[Bulletin]:
    """The published editions, the newest month and edition first."""
    query = select(Bulletin).where(Bulletin.published_at.is_not(None))
    query = query.options(defer(Bulletin.content), defer(Bulletin.notes))  # what a list does not show
    return list(db.session.scalars(query.order_by(Bulletin.month.desc(), Bulletin.edition.desc()).limit(limit)))


def editions(month: date) -> list[Bulletin]:
    """The published editions of a month, the newest first."""
    query = select(Bulletin).where(Bulletin.month == month, Bulletin.published_at.is_not(None))
    return list(db.session.scalars(query.order_by(Bulletin.edition.desc())))


def draft(month: date) -> Bulletin | None:
    """The draft of a month, if there is one."""
    return db.session.scalar(select(Bulletin).where(Bulletin.month == month, Bulletin.published_at.is_(None)))


def edition(month: date, typed: str = "") -> Bulletin:
    """A published edition of a month: that of its number, else the newest. Raises NotFound."""
    return chosen(editions(month), typed)


def title(month: date) -> str:
    """What a bulletin is called."""
    return _("%(month)s 效能通报", month=month_text(month))
