"""Statements of the main road, compiled once and then handed straight to the driver.

Every execution through the library looks at the statement anew (its key in the cache, its defaults, the shape of its
result), which costs ten times what the embedded database needs for it. A `Ready` statement lets the library write the
SQL and convert the values, once for each database, and leaves out the rest. It is for plain statements of plain
values: no lists, no defaults, nothing that the session keeps track of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import CursorResult, Dialect, Executable, Insert, Row, Select, Table, insert
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from portal.kernel.db import connection

Values = Mapping[str, Any]
_Convert = Callable[[Any], Any] | None


@dataclass(frozen=True)
class _Compiled:
    """A statement for one database: its text, the names it takes, what is fixed, and how values become the driver's."""

    sql: str
    names: tuple[str, ...]
    positional: bool
    fixed: Values
    binds: tuple[_Convert, ...]
    results: tuple[_Convert, ...]

    def parameters(self, values: Values) -> Any:
        given = {**self.fixed, **values} if self.fixed else values
        found = [
            given[name] if convert is None else convert(given[name])
            for name, convert in zip(self.names, self.binds, strict=True)
        ]
        return tuple(found) if self.positional else dict(zip(self.names, found, strict=True))


class Ready:
    """One statement, ready to run in the present transaction. ``columns``: those that an INSERT is given.

    Raises ValueError at its first run when the statement has parts that only the library can carry out, and KeyError
    when a value is missing.
    """

    def __init__(self, statement: Executable, columns: Sequence[str] | None = None) -> None:
        self._statement, self._columns = statement, columns
        self._made: dict[str, _Compiled] = {}

    @classmethod
    def into(cls, table: Table, *columns: str) -> Ready:
        """An INSERT of the given columns, of all when none is named."""
        return cls(insert(table).inline(), columns or tuple(table.columns.keys()))

    def run(self, *values: Values) -> CursorResult[Any]:
        """Run once for each set of values (once without any); a row that comes back is as the driver gives it."""
        found = connection()
        made = self._for(found.dialect)
        if len(values) > 1:
            return found.exec_driver_sql(made.sql, [made.parameters(each) for each in values])
        return found.exec_driver_sql(made.sql, made.parameters(values[0] if values else {}))

    def one_or_none(self, values: Values) -> tuple[Any, ...] | None:
        """The one row of a SELECT, its values as the models have them; None when there is none."""
        row: Row[Any] | None = self.run(values).one_or_none()
        if row is None:
            return None
        made = self._for(connection().dialect)
        return tuple(
            value if convert is None else convert(value) for value, convert in zip(row, made.results, strict=True)
        )

    def _for(self, dialect: Dialect) -> _Compiled:
        made = self._made.get(dialect.name)
        if made is None:
            made = self._made[dialect.name] = self._compile(dialect)
        return made

    def _compile(self, dialect: Dialect) -> _Compiled:
        keys = None if self._columns is None else list(self._columns)
        statement: Any = self._statement
        compiled = cast(SQLCompiler, statement.compile(dialect=dialect, column_keys=keys))
        if compiled.post_compile_params or compiled.literal_execute_params:
            raise ValueError(f"takes a list: {compiled}")
        if isinstance(statement, Insert) and compiled.insert_prefetch:
            raise ValueError(f"needs defaults: {compiled}")
        columns = statement.selected_columns if isinstance(statement, Select) else ()
        names = compiled.positiontup if compiled.positional else list(compiled.binds)
        return _Compiled(
            sql=compiled.string,
            names=tuple(names or ()),
            positional=compiled.positional,
            fixed={name: bind.effective_value for name, bind in compiled.binds.items() if not bind.required},
            binds=tuple(_of(compiled.binds[name].type, dialect).bind_processor(dialect) for name in names or ()),
            results=tuple(_of(column.type, dialect).result_processor(dialect, None) for column in columns),
        )


def _of(kind: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    """A type as the database at hand stores it."""
    return kind.dialect_impl(dialect)
