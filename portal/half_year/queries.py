"""Reads of half-yearly publications: the editions, and what one says in the reader's language."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import defer
from werkzeug.exceptions import NotFound

from portal.half_year.models import HalfYear, HalfYearState
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.editions import chosen
from portal.register import rules

#: Half years to choose from, the one that ended last first.
CHOICES = 6

Half = tuple[int, int]


def parse(typed: str) -> Half:
    """A half year of an address (2026-1) that has begun. Raises NotFound."""
    year, _dash, half = typed.partition("-")
    if len(typed) != 6 or not (year.isascii() and year.isdigit()) or half not in ("1", "2") or int(year) < 2000:
        raise NotFound()
    found = int(year), int(half)
    if rules.half_days(*found)[0] > clock.today():
        raise NotFound()
    return found


def text(half: Half) -> str:
    """A half year as in an address."""
    return f"{half[0]}-{half[1]}"


def halves(today: date) -> list[Half]:
    """The half years that the office can publish, the newest first."""
    found = [rules.half_before(today)]
    while len(found) < CHOICES:
        found.append(rules.half_before(rules.half_days(*found[-1])[0]))
    return found


def is_over(half: Half, now: datetime) -> bool:
    """Whether a half year has ended."""
    return clock.local(now).date() >= rules.half_days(*half)[1]


def published(limit: int = 100) -> list[HalfYear]:
    """The published editions, the newest half year and edition first."""
    query = select(HalfYear).where(HalfYear.state == HalfYearState.PUBLISHED)
    query = query.options(defer(HalfYear.content), defer(HalfYear.notes))  # what a list does not show
    return list(
        db.session.scalars(
            query.order_by(HalfYear.year.desc(), HalfYear.half.desc(), HalfYear.edition.desc()).limit(limit)
        )
    )


def editions(half: Half) -> list[HalfYear]:
    """The published editions of a half year, the newest first."""
    query = select(HalfYear).where(
        HalfYear.year == half[0], HalfYear.half == half[1], HalfYear.state == HalfYearState.PUBLISHED
    )
    return list(db.session.scalars(query.order_by(HalfYear.edition.desc())))


def draft(half: Half) -> HalfYear | None:
    """The edition of a half year that is on its way to publication, if there is one."""
    query = select(HalfYear).where(
        HalfYear.year == half[0], HalfYear.half == half[1], HalfYear.state != HalfYearState.PUBLISHED
    )
    return db.session.scalar(query)


def on_the_way() -> list[HalfYear]:
    """The editions that are not published yet (by the partial index)."""
    query = select(HalfYear).where(HalfYear.state != HalfYearState.PUBLISHED)
    return list(db.session.scalars(query.order_by(HalfYear.year.desc(), HalfYear.half.desc())))


def edition(half: Half, typed: str = "") -> HalfYear:
    """A published edition of a half year: that of its number, else the newest. Raises NotFound."""
    return chosen(editions(half), typed)


def title(half: Half) -> str:
    """What a publication is called."""
    if half[1] == 1:
        return _("%(year)s 年上半年效能公示", year=half[0])
    return _("%(year)s 年下半年效能公示", year=half[0])
