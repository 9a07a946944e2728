"""The list of cases: what is asked for in the address, and the query that answers it from an index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import request
from sqlalchemy import Select, not_, or_, text

from portal.cases import keeping, narrowing, queries, tacit
from portal.cases import vocabulary as words
from portal.cases.models import Case, CaseState
from portal.kernel import clock, search
from portal.kernel.actor import Actor
from portal.kernel.forms import normal, read_day
from portal.service_commitment.models import CaseKind


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to."""

    q: str = ""
    first: date | None = None
    last: date | None = None
    department_id: int | None = None
    state: CaseState | None = None
    light: str = ""
    mine: bool = False
    kind: CaseKind | None = None
    #: The figure of kept promises that the list stands behind (C-4), its item (0: cases without one) and days.
    kept: str = ""
    item_id: int | None = None
    closed_first: date | None = None
    closed_last: date | None = None
    #: Without the parts of joint cases: the client's matter counts once (T-9).
    no_parts: bool = False
    #: The published version that binds the cases (C-3).
    version_id: int | None = None


def _id(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else None


def wanted() -> Wanted:
    """The filters in this request's address; nonsense is ignored."""
    args = request.args
    department, item = args.get("department", ""), args.get("item", "")
    return Wanted(
        q=normal(args.get("q", ""))[:60],
        first=read_day(args.get("first")),
        last=read_day(args.get("last")),
        department_id=_id(department),
        state=CaseState(args["state"]) if args.get("state") in set(CaseState) else None,
        light=args.get("light", ""),
        kind=CaseKind(args["kind"]) if args.get("kind") in set(CaseKind) else None,
        mine=args.get("mine") == "1",
        kept=args["kept"] if args.get("kept") in keeping.KEPT else "",
        item_id=_id(item),
        closed_first=read_day(args.get("closed_first")),
        closed_last=read_day(args.get("closed_last")),
        no_parts=args.get("parts") == "0",
        version_id=_id(args.get("version", "")),
    )


def query(actor: Actor, found: Wanted) -> Select[Any]:
    """The query of the list as the actor may see it.

    Open work is ordered by urgency and read from the partial indexes, history newest first from its index.
    """
    now, select = clock.now(), queries.columns()
    open_only = found.light == "open" or found.light in narrowing.LIGHTS
    if open_only:
        select = select.where(queries.is_open())
    if found.light in narrowing.LIGHTS:
        select = select.where(narrowing.LIGHTS[found.light](now))
    elif found.light == "closed_today":
        select = select.where(Case.closed_on == clock.today())
    if found.mine:
        select = select.where(Case.post_id.in_(narrowing.handled_posts(actor) or (0,)))
    if found.department_id:
        select = select.where(Case.department_id == found.department_id)
    if not actor.can(words.READ_ALL):
        seen = queries.departments_seen(actor)
        if len(seen) == 1 and not found.department_id:
            select = select.where(Case.department_id == next(iter(seen)))
        else:
            # "+ 0" leaves the order's index in use: a few departments are met soon in that order.
            select = select.where((Case.department_id + 0).in_(seen))
    if found.state is CaseState.DEEMED_AGREED:
        select = select.where(or_(Case.state == found.state, tacit.unswept(now)))
    elif found.state:
        select = select.where(Case.state == found.state, not_(tacit.is_unswept(now)))
    if found.kind:
        select = select.where(Case.kind == found.kind)
        if found.kind in (CaseKind.JOINT, CaseKind.FORWARDED):
            # The condition of the index in its own words: with a bound value SQLite could not know that it fits.
            select = select.where(text("\"case\".kind IN ('joint','forwarded')"))
    if found.first:
        select = select.where(Case.received_at >= clock.day_start(found.first))
    if found.last:
        select = select.where(Case.received_at < clock.day_start(found.last + timedelta(days=1)))
    if found.kept:
        select = select.where(keeping.KEPT[found.kept](now))
    if found.no_parts:
        select = select.where(Case.lead_id.is_(None))
    if found.item_id is not None:
        select = select.where(Case.item_id == found.item_id if found.item_id else Case.item_id.is_(None))
    if found.version_id is not None:
        select = select.where(Case.promise_version_id == found.version_id)
    if found.closed_first:
        select = select.where(Case.closed_on >= found.closed_first)
    if found.closed_last:
        select = select.where(Case.closed_on <= found.closed_last)
    if found.q:
        select = search.restrict(select, Case.id, "case", found.q)
    if open_only:
        return select.order_by(Case.due_at.is_(None), Case.due_at, Case.id)
    if found.closed_first:
        return select.order_by(Case.closed_on.desc(), Case.id.desc())
    return select.order_by(Case.received_at.desc(), Case.id.desc())
