"""Fixtures: a fresh copy of the fixed office for every test, on SQLite or (PORTAL_TEST_DATABASE_URL) PostgreSQL."""

from __future__ import annotations

import gc
import os
import re
import secrets
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar
from urllib.parse import urlsplit, urlunsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import event, update
from werkzeug.routing import Rule

from portal import config as settings
from portal.factory import create_app
from portal.kernel import clock, transaction
from portal.kernel.actor import Actor
from portal.kernel.db import db, dialect
from portal.operations.schema import upgrade
from portal.people import queries as people
from portal.people.models import UserSession
from tests import office as cast

SERVER = os.environ.get("PORTAL_TEST_DATABASE_URL", "")


def _with_name(url: str, name: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{name}"))


def _connect(url: str) -> Any:
    import psycopg

    return psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"), autocommit=True)


def _server(statement: str) -> None:
    with _connect(SERVER) as connection:
        if " TEMPLATE " in statement and connection.info.server_version >= 150000:
            statement += " STRATEGY FILE_COPY"  # a small database is copied sooner by its files than by the log
        connection.execute(statement)


class Compiled(BytecodeCache):
    """Compiled templates, kept for all applications of this run."""

    kept: ClassVar[dict[str, bytes]] = {}

    def get_bucket(self, environment: Any, name: str, filename: str | None, source: str) -> Bucket:
        """A template is compiled once for each language."""
        key = f"{environment.language}/{self.get_cache_key(name, filename)}"
        bucket = Bucket(environment, key, self.get_source_checksum(source))
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template compiled before (Jinja compares its source)."""
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template."""
        self.kept[bucket.key] = bucket.bytecode_to_string()


_compile_builder = Rule._compile_builder
_builders: dict[tuple[str, str, bool], Callable[..., tuple[str, str]]] = {}


def _compiled_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    """What builds the address of a rule, compiled once a run: it depends on nothing of the application."""
    key = rule.rule, repr(rule.defaults), append_unknown
    if key not in _builders:
        _builders[key] = _compile_builder(rule, append_unknown)
    return _builders[key]


# Every test has an application of its own; compiling its hundreds of rules was most of what that cost.
Rule._compile_builder = _compiled_once  # type: ignore[method-assign]


def make_app(folder: Path, url: str = "") -> Flask:
    """An application on its own instance folder."""
    app = create_app(
        settings.load(instance=str(folder), database_url=url or None, testing=True, secret_key="test " * 8)
    )
    app.jinja_env.bytecode_cache = Compiled()
    return app


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """The migrated database with the cast, made once a run."""
    folder = tmp_path_factory.mktemp("template")
    name = f"portal_test_{secrets.token_hex(4)}"
    if SERVER:
        _server(f"CREATE DATABASE {name}")
    app = make_app(folder, _with_name(SERVER, name) if SERVER else "")
    with app.app_context():
        upgrade()
        ids = cast.build()
        db.session.remove()
        if not SERVER:
            with db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    yield SimpleNamespace(folder=folder, name=name, ids=ids)
    if SERVER:
        _server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


class Pristine:
    """Puts the rows of a server's database back as they were: copying the whole database takes ten times as long."""

    def __init__(self, url: str) -> None:
        self.connection = _connect(url)
        tables = self._names("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        self.connection.execute("CREATE SCHEMA pristine")
        lines = ["SET session_replication_role = replica;"]  # no trigger and no foreign key is asked
        for name in tables:
            self.connection.execute(f'CREATE TABLE pristine."{name}" AS TABLE public."{name}"')
            lines.append(f'DELETE FROM public."{name}";')
            if self.connection.execute(f'SELECT 1 FROM public."{name}" LIMIT 1').fetchone():
                lines.append(f'INSERT INTO public."{name}" SELECT * FROM pristine."{name}";')
        for name in self._names("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"):
            last, called = self.connection.execute(f'SELECT last_value, is_called FROM public."{name}"').fetchone()
            lines.append(f"SELECT setval('public.\"{name}\"', {last}, {called});")
        self._again = "\n".join([*lines, "SET session_replication_role = origin;"])
        self._shape = self._seen()

    def _names(self, query: str) -> list[str]:
        return [row[0] for row in self.connection.execute(query)]

    def _seen(self) -> list[str]:
        """What a test may have changed of the schema."""
        return self._names(
            "SELECT tgrelid::regclass || ' ' || tgname || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal"
            " UNION ALL SELECT attrelid::regclass || ' ' || attname FROM pg_attribute"
            " JOIN pg_class c ON c.oid = attrelid WHERE relnamespace = 'public'::regnamespace"
            " AND relkind = 'r' AND attnum > 0 AND NOT attisdropped ORDER BY 1"
        )

    def put_back(self) -> bool:
        """Whether all is as it was; False when the schema is not, so that the database has to be made anew."""
        if self._seen() != self._shape:
            return False
        self.connection.execute(self._again)
        return True

    def close(self) -> None:
        """Let the database go."""
        self.connection.close()


class Site:
    """One application of a run on one database; every test finds it as it was made, on a fresh copy of the template."""

    def __init__(self, template: SimpleNamespace, folder: Path, shared: bool = False) -> None:
        self.template, self.folder, self.shared = template, folder, shared
        self.pristine: Pristine | None = None
        self.name = f"{template.name}_{secrets.token_hex(4)}"
        self.app = make_app(folder, _with_name(SERVER, self.name) if SERVER else "")
        self._config, self._extensions = dict(self.app.config), dict(self.app.extensions)

    def renew(self) -> Flask:
        """The application as it was made, its folder and database as after set-up."""
        self.leave()
        self.app.config.clear()
        self.app.config.update(self._config)
        self.app.extensions.clear()
        self.app.extensions.update(self._extensions)
        for path in self.folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if SERVER:
            if self.pristine is None or not self.pristine.put_back():
                self.drop()
                _server(f"CREATE DATABASE {self.name} TEMPLATE {self.template.name}")
                self.pristine = Pristine(_with_name(SERVER, self.name)) if self.shared else None
        else:
            shutil.copy(self.template.folder / "portal.db", self.folder / "portal.db")
        return self.app

    def leave(self) -> None:
        """Close every connection."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def drop(self) -> None:
        """Drop the database of a server."""
        if self.pristine is not None:
            self.pristine.close()
            self.pristine = None
        if SERVER:
            _server(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")


@pytest.fixture(scope="session")
def shared_site(template: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The application that the tests of a run share: making one costs more than most tests."""
    site = Site(template, tmp_path_factory.mktemp("site"), shared=True)
    yield site
    site.leave()
    site.drop()


@pytest.fixture
def app(request: pytest.FixtureRequest, template: SimpleNamespace) -> Iterator[Flask]:
    """The application on a fresh copy of the template; one of its own for tests marked ``own_app``."""
    own = request.node.get_closest_marker("own_app") is not None
    # A folder for each of thousands of tests would cost as much as some of them.
    site = Site(template, request.getfixturevalue("tmp_path")) if own else request.getfixturevalue("shared_site")
    made = site.renew()
    with clock.at(cast.NOW):
        yield made
    site.leave()
    if own:
        site.drop()


@pytest.fixture
def office(template: SimpleNamespace, app: Flask) -> Iterator[SimpleNamespace]:
    """The ids of the cast, inside an application context (for tests of rules and services)."""
    with app.app_context():
        yield template.ids


@pytest.fixture
def ids(template: SimpleNamespace) -> SimpleNamespace:
    """The ids of the cast, without an application context (for tests over HTTP)."""
    found: SimpleNamespace = template.ids
    return found


@pytest.fixture
def as_actor(office: SimpleNamespace) -> Callable[..., Actor]:
    """A person of the cast as an actor at an instant (NOW unless given)."""

    def make(username: str, at: datetime | None = None) -> Actor:
        return people.actor_by_username(username, at or clock.now())

    return make


@pytest.fixture
def act(office: SimpleNamespace) -> Callable[[], AbstractContextManager[None]]:
    """One committed business act outside a request."""
    return transaction.act


@pytest.fixture
def login(app: Flask, ids: SimpleNamespace) -> Callable[[str], FlaskClient]:
    """A client logged in as a person of the cast (by a session made directly: argon2 is tested elsewhere)."""
    made: dict[str, FlaskClient] = {}

    def log_in(username: str) -> FlaskClient:
        if username in made:  # the clock may have been moved since: the person is not idle
            with app.app_context(), transaction.act():
                db.session.execute(
                    update(UserSession).where(UserSession.user_id == ids.users[username]).values(seen_at=clock.now())
                )
            return made[username]
        token = secrets.token_urlsafe(16)
        with app.app_context(), transaction.act():
            db.session.add(
                UserSession(
                    token_hash=people.token_hash(token),
                    user_id=ids.users[username],
                    started_at=clock.now(),
                    seen_at=clock.now(),
                )
            )
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        made[username] = client
        return client

    return log_in


@pytest.fixture(autouse=True)
def _no_csrf(request: pytest.FixtureRequest) -> None:
    """CSRF is on in the application; tests over HTTP switch it off unless marked ``csrf``."""
    if "app" in request.fixturenames and request.node.get_closest_marker("csrf") is None:
        request.getfixturevalue("app").config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def statements(office) -> Iterator[list[tuple[str, Any]]]:
    """Every statement that is sent from now on, with its parameters."""
    if dialect() != "sqlite":
        pytest.skip("plans of SQLite; the indexes are the same")
    sent = []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        sent.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    event.remove(db.engine, "before_cursor_execute", note)


#: Of several workers one runs what shares a costly beginning: a sample office (by its instant), the sources' texts.
TOGETHER = re.compile(r"tests/demo/.*\[(?P<instant>\w+).*\]$|(?P<file>tests/house/test_translations\.py)::")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Deal out the tests one by one, but those that belong together to one worker."""
    from xdist.scheduler import LoadScopeScheduling

    class Dealing(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            found = TOGETHER.match(nodeid)
            return found["instant"] or found["file"] if found else nodeid

    return Dealing(config, log)


#: Which part of the tests a run takes, as ``0/4``: every fourth by name. Everything of the kernel is in every part.
SHARE = os.environ.get("PORTAL_TEST_SHARE", "")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what another part takes."""
    if not SHARE:
        return
    mine, of = map(int, SHARE.split("/"))

    def taken(item: pytest.Item) -> bool:
        return item.nodeid.startswith("tests/kernel/") or zlib.crc32(item.nodeid.encode()) % of == mine

    left_out = [item for item in items if not taken(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if taken(item)]


def pytest_collection_finish() -> None:
    """The application's thousands of objects live until the end: they need not be looked through for garbage again."""
    gc.collect()
    gc.freeze()
