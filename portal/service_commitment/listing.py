"""The list of items as people narrow it: offered, retired, not yet published; from memory (C-1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.kernel import clock, epochs
from portal.kernel.db import db
from portal.post_duty.models import Post
from portal.pure.text import nfkc
from portal.service_commitment import draft_queries, queries
from portal.service_commitment.models import ItemVersion, ServiceItem


@dataclass(frozen=True)
class Row:
    """One item in the list; of one that was never published the limits are empty and ``number`` is 0."""

    id: int
    code: str
    name: str
    aliases: str
    initials: str
    topic: str
    common: bool
    post_name: str
    department_id: int
    retired_on: date | None
    number: int
    kind: str
    promised_limit: str
    statutory_limit: str
    charged: bool
    licence: bool
    consequence: bool

    @property
    def retired(self) -> bool:
        """Whether it is no longer offered today."""
        return self.retired_on is not None and self.retired_on <= clock.today()

    @property
    def offered(self) -> bool:
        """Whether clients can ask for it today."""
        return bool(self.number) and not self.retired


@dataclass(frozen=True)
class Wanted:
    """How the list is narrowed; empty words narrow nothing."""

    typed: str = ""
    department_id: int | None = None
    topic: str = ""
    kind: str = ""
    state: str = ""
    only: str = ""


STATES: dict[str, Callable[[Row], bool]] = {
    "": lambda row: row.offered,
    "retired": lambda row: row.retired,
    "unpublished": lambda row: not row.number,
    "review": lambda row: row.id in draft_queries.in_review(),
    "all": lambda row: True,
}
ONLY: dict[str, Callable[[Row], bool]] = {
    "": lambda row: True,
    "no_statute": lambda row: bool(row.number) and not row.statutory_limit,
    "fee": lambda row: row.charged,
    "licence": lambda row: row.licence,
    "no_consequence": lambda row: bool(row.number) and not row.consequence,
}


def rows() -> tuple[Row, ...]:
    """All items, by code."""
    return epochs.cached("catalogue", "rows", _rows, ("posts",))


def _rows() -> tuple[Row, ...]:
    found = db.session.execute(
        select(ServiceItem, ItemVersion, Post)
        .outerjoin(ItemVersion, ItemVersion.id == ServiceItem.current_version_id)
        .join(Post, Post.id == ServiceItem.post_id)
        .order_by(ServiceItem.code)
    )
    return tuple(
        Row(
            i.id,
            i.code,
            i.name,
            i.aliases,
            i.initials,
            i.topic,
            i.common,
            p.name,
            p.department_id,
            i.retired_on,
            v.number if v else 0,
            str(v.kind) if v else "",
            v.promised_limit if v else "",
            v.statutory_limit if v else "",
            bool(v and (v.fee_fen or v.fee_basis)),
            bool(v and v.licence),
            bool(v and v.breach),
        )
        for i, v, p in found
    )


def narrowed(wanted: Wanted, unpublished: bool) -> list[Row]:
    """The items that fit; the best first when something was typed, else by code.

    ``unpublished`` says whether the reader may see items that were never published.
    """
    state, only = STATES.get(wanted.state, STATES[""]), ONLY.get(wanted.only, ONLY[""])
    fit = [
        r
        for r in rows()
        if (unpublished or r.number)
        and (wanted.department_id is None or r.department_id == wanted.department_id)
        and (not wanted.topic or r.topic == wanted.topic)
        and (not wanted.kind or r.kind == wanted.kind)
        and state(r)
        and only(r)
    ]
    return queries.ranked(fit, wanted.typed) if nfkc(wanted.typed).strip() else fit


def topics() -> list[str]:
    """The topics of all items, in the order of their names."""
    return sorted({r.topic for r in rows() if r.topic})
