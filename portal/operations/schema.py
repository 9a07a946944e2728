"""The schema of the database: which migration it has, and bringing it up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_babel import gettext as _
from flask_migrate import upgrade as run_migrations
from sqlalchemy import text

from portal.kernel.db import db

_PG_LOCK = 0x736368656D61  # one process migrates, the others wait and find nothing left to do


class SchemaError(RuntimeError):
    """The database has a schema that this version of the portal does not know."""


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(current_app.extensions["migrate"].directory)


def heads() -> list[str]:
    """The newest migrations; exactly one in a sound tree."""
    return list(_scripts().get_heads())


def current() -> str | None:
    """The migration that the database has, None for an empty database."""
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


def upgrade() -> tuple[str | None, str | None]:
    """Bring the database to the newest migration; returns the migration before and after.

    Raises SchemaError when a newer version of the portal has been at it.
    """
    before = current()
    if not is_known(before):
        raise SchemaError(_("数据库由更新版本的程序建立（%(r)s），请先升级程序。", r=before))
    if [before] != heads():
        with _alone():
            run_migrations()
    return before, current()
