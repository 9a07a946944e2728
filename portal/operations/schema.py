"""The schema of the database: which migration it has, and bringing it up to date.

Alembic is loaded only where it is used: a server's workers never migrate and would carry it for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy import text

from portal.kernel.db import db

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

_FOLDER = Path(__file__).resolve().parent.parent / "migrations"
_PG_LOCK = 0x736368656D61  # one process migrates, the others wait and find nothing left to do


class SchemaError(RuntimeError):
    """The database has a schema that this version of the portal does not know."""


def bind(app: Flask) -> None:
    """Attach Flask-Migrate to an application, once."""
    from flask_migrate import Migrate

    if "migrate" not in app.extensions:
        Migrate(app, db, directory=str(_FOLDER), render_as_batch=False, compare_type=True)


def _scripts() -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(_FOLDER))


def heads() -> list[str]:
    """The newest migrations; exactly one in a sound tree."""
    return list(_scripts().get_heads())


def current() -> str | None:
    """The migration that the database has, None for an empty database."""
    from alembic.runtime.migration import MigrationContext

    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_known(revision: str | None) -> bool:
    """Whether a migration is one of this version's (an empty database counts)."""
    return revision is None or any(script.revision == revision for script in _scripts().walk_revisions())


@contextmanager
def _alone() -> Iterator[None]:
    """Only one process migrates (on SQLite the migration's own BEGIN IMMEDIATE sees to it)."""
    if db.engine.dialect.name != "postgresql":
        yield
        return
    with db.engine.connect() as connection:
        connection.execute(text("SET lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _PG_LOCK})
        connection.rollback()
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _PG_LOCK})
            connection.rollback()


def _look_again() -> None:
    """Have the database look at its tables: without figures about new indexes it would not choose them."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA analysis_limit=1000")
        connection.exec_driver_sql("ANALYZE")


def upgrade() -> tuple[str | None, str | None]:
    """Bring the database to the newest migration; returns the migration before and after.

    Raises SchemaError when a newer version of the portal has been at it.
    """
    before = current()
    if not is_known(before):
        raise SchemaError(_("数据库由更新版本的程序建立（%(r)s），请先升级程序。", r=before))
    if [before] != heads():
        from flask_migrate import upgrade as run_migrations

        bind(current_app)
        with _alone():
            run_migrations()
        _look_again()
    return before, current()
