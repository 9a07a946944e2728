"""Runs migrations on the application's own engine."""

from alembic import context
from flask import current_app

from portal.kernel.db import writing

db = current_app.extensions["migrate"].db


def include_object(_thing: object, name: str | None, kind: str, _reflected: bool, _compare_to: object) -> bool:
    """The search index is made by hand: it is a virtual table on SQLite and a tsvector table on PostgreSQL."""
    return not (kind == "table" and str(name).startswith("search_index"))


def run() -> None:
    """Apply the migrations in one transaction."""
    token = writing.set(True)
    try:
        with db.engine.connect() as connection:
            context.configure(
                connection=connection,
                target_metadata=db.metadata,
                include_object=include_object,
                compare_type=True,
                transaction_per_migration=False,
            )
            with context.begin_transaction():
                context.run_migrations()
            connection.commit()
    finally:
        writing.reset(token)


run()
