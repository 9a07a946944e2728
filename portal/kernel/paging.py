"""Numbered pages over long lists whose cost does not grow with the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request, url_for
from flask_babel import gettext as _
from sqlalchemy import Select, func, literal_column, select

from portal.kernel.db import db

T = TypeVar("T")
PER_PAGE = 50
#: Rows counted at most: beyond it the page says "more than" and asks for a filter.
COUNTED = 2000


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list. ``total`` stops at COUNTED; ``capped`` says that there is more."""

    items: list[T]
    number: int
    total: int
    capped: bool
    per_page: int = PER_PAGE

    @property
    def pages(self) -> int:
        """Number of pages that can be turned to."""
        return max(1, -(-self.total // self.per_page))

    @property
    def has_prev(self) -> bool:
        """Whether there is a page before this one."""
        return self.number > 1

    @property
    def has_next(self) -> bool:
        """Whether there is a page after this one."""
        return self.number < self.pages

    @property
    def total_text(self) -> str:
        """The count in words."""
        if self.capped:
            return _("共 %(n)s 条以上，请用筛选缩小范围", n=self.total)
        return _("共 %(n)s 条", n=self.total)

    def url_for_page(self, number: int) -> str:
        """Address of another page with the same filters."""
        args: dict[str, Any] = {**(request.view_args or {}), **request.args.to_dict(), "page": number}
        return url_for(request.endpoint or "", **{k: v for k, v in args.items() if not k.startswith("_")})


def page_number() -> int:
    """The page asked for in the address, 1 when absent or nonsense."""
    typed = request.args.get("page", "1")
    return min(max(1, int(typed)), COUNTED) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1


def paginate(
    query: Select[Any], number: int | None = None, per_page: int = PER_PAGE, scalars: bool = True
) -> Page[Any]:
    """Run one page of an ordered query and count at most COUNTED rows of it."""
    bounded = _bare(query, scalars).order_by(None).limit(COUNTED + 1).subquery()
    total = db.session.scalar(select(func.count()).select_from(bounded)) or 0
    capped = total > COUNTED
    total = min(total, COUNTED)
    pages = max(1, -(-total // per_page))
    number = min(number or page_number(), pages)
    found = db.session.execute(query.limit(per_page).offset((number - 1) * per_page))
    items = list(found.scalars() if scalars else found.all())
    return Page(items, number, total, capped, per_page)


def rows_of(query: Select[Any]) -> int:
    """How many rows a list has, however many there are."""
    return db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def slice_of(rows: Sequence[T], per_page: int = PER_PAGE) -> Page[T]:
    """One page of a list that is in memory."""
    pages = max(1, -(-len(rows) // per_page))
    number = min(page_number(), pages)
    return Page(list(rows[(number - 1) * per_page : number * per_page]), number, len(rows), False, per_page)


def _bare(query: Select[Any], scalars: bool) -> Select[Any]:
    """The query with one constant for its columns: nothing but the rows is counted."""
    return query if scalars else query.with_only_columns(literal_column("1"), maintain_column_froms=True)
