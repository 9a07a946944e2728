"""Anonymous papers in a table: nothing of a row, nor where it lies, tells when it came or what came with it.

A paper has a random key, no time and no number. On SQLite its table is kept in the order of that key (WITHOUT ROWID:
``sqlite_with_rowid=False``). PostgreSQL appends rows as they come and stamps each with its transaction, so with every
paper some of those that lie there already, taken at random, are written anew together with it in random order.

Never: a journal entry, a sequence, a time or a reference to a person, case or code in such a table or beside it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table, and_, delete, func, insert, or_, select

from portal.kernel.db import Base, connection, dialect

#: Papers written anew with each new one on PostgreSQL, at most.
STIRRED = 2000


def new_key() -> str:
    """A random key of 128 bits: it tells nothing of when or where it was made."""
    return secrets.token_hex(16)


def put(model: type[Base], papers: Sequence[Mapping[str, Any]], **group: Any) -> None:
    """Put papers into an urn, those of the rows for which the columns ``group`` have these values.

    ``model`` has the text column ``id`` as its only key. Whoever calls holds a lock of the urn (the row that it
    belongs to), so that two casts do not stir the same papers at once.
    """
    table = cast(Table, model.__table__)
    rows = [{**paper, **group, "id": new_key()} for paper in papers]
    if not rows:
        return
    rows.sort(key=lambda row: row["id"])
    connection().execute(insert(table), rows)
    if dialect() == "postgresql":
        _stir(table, [row["id"] for row in rows], group)


def _stir(table: Table, fresh: Sequence[str], group: Mapping[str, Any]) -> None:
    """Write the fresh papers and others of their urn anew, in random order."""
    mine = and_(*(table.c[name] == value for name, value in group.items()))
    others = select(table.c.id).where(mine).order_by(func.random()).limit(STIRRED)
    taken = delete(table).where(or_(table.c.id.in_(others), table.c.id.in_(fresh))).returning(*table.c).cte("taken")
    again = select(*taken.c).order_by(func.random())
    connection().execute(insert(table).from_select([c.name for c in table.c], again))
