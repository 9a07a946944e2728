"""The database: engine settings that keep records safe, column types, and locked reads."""

from __future__ import annotations

import sqlite3
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Engine, MetaData, String, Table, TypeDecorator, event, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction
from werkzeug.exceptions import NotFound

from portal.config import Config

try:
    from pysqlite3 import dbapi2
except ImportError:  # Windows, macOS and other processors: the interpreter's own library
    dbapi2 = sqlite3

#: The one SQLite library that everything uses.
sqlite_module: Any = dbapi2

#: True while the current context may write: its transactions begin IMMEDIATE.
writing: ContextVar[bool] = ContextVar("writing", default=False)


class Base(DeclarativeBase):
    """Base of all models; constraint names are fixed so that migrations can name them on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant: UTC in the database, UTC in Python; naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime given where an instant is stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[Any]):
    """A StrEnum stored by its value."""

    impl = String(32)
    cache_ok = True

    def __init__(self, kind: type[Any]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        return None if value is None else str(self.kind(value))

    def process_result_value(self, value: str | None, dialect: Any) -> Any:
        return None if value is None else self.kind(value)


class Exact(TypeDecorator[Decimal]):
    """A decimal figure to its last digit, on every database: stored as its plain text (``-2.5``), never as a float.

    Text is not ordered as numbers are: figures are compared and added in Python.
    """

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> str | None:
        return None if value is None else f"{Decimal(value):f}"

    def process_result_value(self, value: str | None, dialect: Any) -> Decimal | None:
        return None if value is None else Decimal(value)


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite library keeps a WAL file shared by several connections whole (3.51.3, or 3.50.7 on)."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51, 0)


def sqlite_version() -> tuple[int, ...]:
    """Version of the SQLite library in use."""
    return tuple(int(part) for part in sqlite_module.sqlite_version.split("."))


def _configure(connection: Any, busy_ms: int) -> None:
    connection.isolation_level = None  # the driver begins nothing; _begin does
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={busy_ms}")
    if wal_is_safe(sqlite_version()):
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
    else:
        cursor.execute("PRAGMA journal_mode=DELETE")
        cursor.execute("PRAGMA synchronous=EXTRA")
    for pragma in ("foreign_keys=ON", "recursive_triggers=ON", "trusted_schema=OFF"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing.get() else "BEGIN")


def init_app(app: Flask, config: Config) -> None:
    """Bind the database to the application with the settings of the README's safety notes."""
    app.config["SQLALCHEMY_DATABASE_URI"] = config.url
    if config.embedded:
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
            "module": sqlite_module,
            "connect_args": {"check_same_thread": False},
            "pool_size": 8,
            "max_overflow": 16,
        }
    else:
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
            "pool_pre_ping": True,
            "pool_size": 4,
            "max_overflow": 8,
            "connect_args": {"options": f"-c lock_timeout={config.busy_ms}"},
        }
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine, config.busy_ms)


def prepare_engine(engine: Engine, busy_ms: int = 10_000) -> None:
    """Attach the connection settings to an engine (SQLite only); a lock is waited for at most ``busy_ms``."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _record: _configure(connection, busy_ms))
        event.listen(engine, "begin", _begin)


def connection() -> Connection:
    """The connection of the present transaction, which is begun if there is none yet.

    The session looks after its state each time that it is asked; what runs a dozen plain statements asks it once.
    """
    session = db.session()
    found: Connection | None = session.info.get("connection")
    return session.connection() if found is None else found


@event.listens_for(Session, "after_begin")
def _remember_connection(session: Session, _transaction: Any, found: Connection) -> None:
    session.info["connection"] = found


@event.listens_for(Session, "after_transaction_end")
def _forget_connection(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop("connection", None)


M = TypeVar("M", bound=Base)


def locked(model: type[M], **where: Any) -> M:
    """The one row that matches, locked until the end of the transaction.

    Raises NotFound when there is none: a foreign object looks like a missing one.
    """
    found = db.session.execute(
        select(model).filter_by(**where).with_for_update().execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound()
    return found


def insert_new(table: Table) -> Any:
    """An INSERT that does nothing where a row with the same key is there already: of two at once one makes it."""
    make: Any = sqlite.insert if dialect() == "sqlite" else postgresql.insert
    return make(table).on_conflict_do_nothing()


def dialect() -> str:
    """Name of the database in use: ``sqlite`` or ``postgresql``."""
    return db.engine.dialect.name
