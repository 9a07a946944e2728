"""One line of migrations, and what it makes is what the models say, on the database in use."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, Integer, inspect, text

from portal.kernel.db import db, dialect
from portal.migrations import guards
from portal.operations import schema

#: Made by hand: a virtual table with its shadows on SQLite, a tsvector table on PostgreSQL.
BY_HAND = "search_index"


def _include(thing, name, kind, reflected, compare_to) -> bool:
    return not (kind == "table" and str(name).startswith(BY_HAND))


def _differences() -> list:
    with db.engine.connect() as connection:
        options = {"compare_type": True, "include_object": _include}
        return compare_metadata(MigrationContext.configure(connection, opts=options), db.metadata)


def test_there_is_one_head(office):
    assert len(schema.heads()) == 1
    assert schema.current() == schema.heads()[0]


def test_migrations_make_what_the_models_say(office):
    assert _differences() == []


def test_a_forgotten_column_would_be_found(office):
    table = db.metadata.tables["department"]
    table.append_column(Column("forgotten", Integer))
    try:
        assert [d[0] for d in _differences()] == ["add_column"]
    finally:
        table._columns.remove(table.c.forgotten)


def test_every_check_of_the_models_is_in_the_database(office):
    """Alembic does not compare CHECK constraints."""
    found = inspect(db.engine)
    for name, table in db.metadata.tables.items():
        named = {str(c.name) for c in table.constraints if type(c).__name__ == "CheckConstraint" and c.name}
        there = {str(c["name"]) for c in found.get_check_constraints(name)}
        assert named <= there, name


def test_every_guard_is_in_the_database(office):
    if dialect() == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    there = set(db.session.scalars(text(query)))
    assert {guard[0] for guard in guards.GUARDS} <= there


def test_connections_are_set_up_safely(office):
    if dialect() != "sqlite":
        with db.engine.connect() as connection:
            assert connection.scalar(text("SHOW lock_timeout")) == "10s"
        return
    with db.engine.connect() as connection:
        values = {
            name: connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "trusted_schema")
        }
        assert connection.scalar(text("PRAGMA busy_timeout")) == 10_000
    assert values == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "trusted_schema": 0,
    }


def test_an_affected_library_gets_no_wal(app, tmp_path, monkeypatch):
    from portal.kernel import db as kernel_db
    from tests.conftest import make_app

    if dialect_of(app) != "sqlite":
        pytest.skip("settings of the embedded database")
    monkeypatch.setattr(kernel_db, "sqlite_version", lambda: (3, 46, 1))
    other = make_app(tmp_path / "other")
    with other.app_context(), db.engine.connect() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "delete"
        assert connection.scalar(text("PRAGMA synchronous")) == 3


def dialect_of(app) -> str:
    with app.app_context():
        return dialect()
