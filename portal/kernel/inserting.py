"""A new row inserted at once, without the session's unit of work: for the few rows that the main road makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from sqlalchemy import Table, inspect
from sqlalchemy import insert as insert_into
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from portal.kernel.db import db
from portal.kernel.journal import Recorded
from portal.kernel.statements import Ready


def insert_row(obj: Recorded) -> None:
    """Insert one new recorded row at once and keep it in the session as if it had been read.

    Quicker than ``session.add`` and ``flush`` for a row of plain column values (no relationships, no children): the
    unit of work costs more than the statement. The row needs its journal entry like any other.
    """
    kind = type(obj)
    made = _inserts.get(kind)
    if made is None:
        made = _inserts[kind] = _Insert(kind)
    given = {key: vars(obj)[name] for name, key in made.columns.items() if name in vars(obj)}
    added = {key: default(None) for key, default in made.defaults.items() if key not in given}
    added.update(zip(made.keys, made.into((*given, *added)).run({**given, **added}).one(), strict=True))
    for name, key in made.columns.items():
        if key in added:
            set_committed_value(obj, name, added[key])
    make_transient_to_detached(obj)
    session = db.session()
    session.add(obj)
    session.info.setdefault("touched", set()).add(obj.record_key())


class _Insert:
    """How rows of one kind are inserted: columns by attribute, what its table adds by itself, its key."""

    def __init__(self, kind: type[Any]) -> None:
        if getattr(kind, "__epoch__", None):
            raise ValueError(f"{kind.__name__} is kept in memory: add and flush it")
        mapper = inspect(kind)
        self.table = cast(Table, mapper.local_table)
        self.columns: dict[str, str] = {mapper.get_property_by_column(c).key: c.key for c in self.table.columns}
        self.keys = tuple(column.key for column in self.table.primary_key.columns)
        self.defaults = {c.key: _default(c.default) for c in self.table.columns if c.default is not None}
        self._statements: dict[tuple[str, ...], Ready] = {}

    def into(self, names: tuple[str, ...]) -> Ready:
        """The statement for some of the columns, which gives back the key."""
        found = self._statements.get(names)
        if found is None:
            found = Ready(insert_into(self.table).returning(*self.table.primary_key.columns), names)
            self._statements[names] = found
        return found


def _default(default: Any) -> Callable[[Any], Any]:
    """What gives a column's default; raises ValueError for one that only the database knows."""
    if default.is_scalar:
        return lambda _context: default.arg
    if default.is_callable:
        return cast(Callable[[Any], Any], default.arg)
    raise ValueError(f"the database itself gives {default.column}")


_inserts: dict[type[Any], _Insert] = {}
