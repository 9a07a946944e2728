"""Small, rarely changing tables kept in memory, correct across processes and rolled-back transactions.

Each such table names an epoch. Every change of a row gives the epoch a new random value in the same transaction;
a process that sees another value than the one its copy was made under makes the copy anew. Values are random, not
counted, so that a copy made inside a transaction that was rolled back never matches a later state.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Any, TypeVar, cast

from flask import current_app
from sqlalchemy import String, Table, column, event, func, insert, literal, select, table, union_all, update
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.kernel.db import Base, db, writing
from portal.kernel.statements import Ready

T = TypeVar("T")


class Epoch(Base):
    """The current state's name of one group of tables."""

    __tablename__ = "epoch"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str] = mapped_column(String(32))


_entry = table("journal_entry", column("seq"), column("hash"))
#: Every recorded change has an entry: the newest one, number and hash, names the state of all recorded tables (J-1).
JOURNAL = "journal"
_ALL = Ready(
    union_all(
        select(cast(Table, Epoch.__table__).c.name, cast(Table, Epoch.__table__).c.value),
        select(
            literal(JOURNAL),
            select(sql_cast(_entry.c.seq, String) + ":" + _entry.c.hash)
            .where(_entry.c.seq == select(func.max(_entry.c.seq)).scalar_subquery())
            .scalar_subquery(),
        ),
    )
)
#: How many answers of one kind (`while_unchanged`) are remembered at most: each person asks for one or a few of a
#: kind, so that this many people do not push one another out, and a process never holds more, whoever asks for what.
KEPT = 1024


def present() -> dict[str, str]:
    """The names of the present state of all groups: equal stamps mean that no such table has changed between."""
    session = db.session()
    found: dict[str, str] | None = session.info.get("epochs")
    if found is None:
        found = dict(cast(Any, _ALL.run().all()))
        session.info["epochs"] = found
    return found


def tables() -> dict[str, str]:
    """The present state of what is kept in memory, alone: a new entry of the journal does not change it."""
    return {name: value for name, value in present().items() if name != JOURNAL}


def bump(session: Session, name: str) -> None:
    """Give an epoch a new value in the current transaction."""
    value = secrets.token_hex(16)
    connection = session.connection()
    changed = connection.execute(update(Epoch).where(Epoch.name == name).values(value=value))
    if changed.rowcount == 0:
        connection.execute(insert(Epoch), {"name": name, "value": value})
    session.info.pop("epochs", None)


def cached(name: str, what: str, build: Callable[[], T], epochs: tuple[str, ...] = ()) -> T:
    """The value of ``build()``, made again only when one of the epochs has changed.

    ``name`` is the first epoch, ``what`` tells apart several copies under it, ``epochs`` are further ones.
    The value must not hold rows of a session.
    """
    return renewed(name, what, lambda _before: build(), epochs)


def renewed(name: str, what: str, build: Callable[[T | None], T], epochs: tuple[str, ...] = ()) -> T:
    """As ``cached``, for what costs much to make: ``build`` is given the copy that no longer holds, if there is one.

    It may be of any state, even of one that was rolled back: only what is found equal in the tables may be taken over.
    """
    known = present()
    stamp = tuple(known.get(n, "") for n in (name, *epochs))
    store: dict[str, tuple[Any, Any]] = current_app.extensions.setdefault("portal.epochs", {})
    kept = store.get(f"{name}/{what}")
    if kept is not None and kept[0] == stamp:
        value: T = kept[1]
        return value
    value = build(None if kept is None else kept[1])
    store[f"{name}/{what}"] = (stamp, value)
    return value


def while_unchanged(key: tuple[Hashable, ...], now: datetime, build: Callable[[], T]) -> T:
    """The value of ``build()``, made again when anything recorded has changed or another minute has begun.

    For what every page asks and only people's acts and time can change. Inside a writing transaction it is always
    made anew. The value must not hold rows of a session. The first part of the key names the kind of answer: each kind
    has a room of its own, and where it is full the answer that was made longest ago goes.
    """
    if writing.get():
        return build()
    stamp = (frozenset(present().items()), now.replace(second=0, microsecond=0))
    rooms: dict[Hashable, OrderedDict[tuple[Hashable, ...], tuple[Any, Any]]]
    rooms = current_app.extensions.setdefault("portal.unchanged", {})
    store = rooms.setdefault(key[0], OrderedDict())
    kept = store.get(key)
    if kept is not None and kept[0] == stamp:
        value: T = kept[1]
        return value
    value = build()
    store.pop(key, None)  # what is made anew is the newest, wherever it stood
    store[key] = (stamp, value)
    while len(store) > KEPT:
        store.popitem(last=False)
    return value


@event.listens_for(Session, "after_flush")
def _bump_changed(session: Session, _context: Any) -> None:
    names = {getattr(o, "__epoch__", None) for o in (*session.new, *session.deleted)}
    names |= {getattr(o, "__epoch__", None) for o in session.dirty if session.is_modified(o)}
    for name in names - {None}:
        bump(session, str(name))


@event.listens_for(Session, "after_begin")
def _fresh(session: Session, _transaction: Any, _connection: Any) -> None:
    session.info.pop("epochs", None)
