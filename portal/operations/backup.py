"""Backup while people work, and restore into an empty instance.

A backup is one state of the database (the online backup of SQLite, a dump of one snapshot of PostgreSQL), the
attachments that this state names, the settings and the secret key. Both acts are journalled.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import inspect, make_url, text

from portal.config import Config
from portal.kernel import clock, files, journal, transaction, verification
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db, sqlite_module
from portal.operations import archive, storage
from portal.operations import vocabulary as words
from portal.operations.archive import BackupError, Manifest

_HEAD = "SELECT seq, hash FROM journal_entry ORDER BY seq DESC LIMIT 1"
_REVISION = "SELECT version_num FROM alembic_version"
_ATTACHMENTS = "SELECT storage_name FROM attachment ORDER BY id"
_SETTINGS = ("config.toml", "secret_key")


@dataclass(frozen=True)
class State:
    """What one state of the database says about itself."""

    revision: str
    seq: int
    head: str
    attachments: list[str]


def _state(read: Callable[[str], list[Any]]) -> State:
    head = read(_HEAD)
    return State(
        revision=read(_REVISION)[0][0],
        seq=head[0][0] if head else 0,
        head=head[0][1] if head else journal.GENESIS,
        attachments=[row[0] for row in read(_ATTACHMENTS)],
    )


def _copy_sqlite(config: Config, target: Path) -> State:
    """Copy the embedded database in one step: in WAL mode nobody waits for it."""
    source = sqlite_module.connect(str(config.database_file))
    with closing(source), closing(sqlite_module.connect(str(target))) as copy:
        source.execute(f"PRAGMA busy_timeout={config.busy_ms}")
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, complete in itself
        problem = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
        if problem != "ok":
            raise BackupError(_("数据库已损坏：%(why)s", why=problem))
        return _state(lambda query: list(copy.execute(query)))


def _postgresql(program: str, config: Config, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; the password goes by the environment, not by the list of processes."""
    found = shutil.which(program)
    if found is None:
        raise BackupError(_("没有安装 %(program)s。", program=program))
    url = make_url(config.url).set(drivername="postgresql")
    environment = dict(os.environ)
    if url.password is not None:
        environment["PGPASSWORD"] = str(url.password)
    address = url._replace(password=None).render_as_string(hide_password=False)
    done = subprocess.run(  # noqa: S603 - a fixed program with our own arguments
        [found, "--no-password", f"--dbname={address}", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        raise BackupError(_("%(program)s 失败：%(why)s", program=program, why=done.stderr.strip()[-2000:]))


def _copy_postgresql(config: Config, target: Path) -> State:
    """Dump the very snapshot that the head is read from."""
    with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        state = _state(lambda query: list(connection.execute(text(query))))
        _postgresql("pg_dump", config, "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}")
    return state


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """A private folder beside the goal, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=".staging-", dir=folder) as name:
        yield Path(name)


def backup(to: Path | None = None) -> tuple[Path, Manifest]:
    """Back the running site up into a folder (the instance's ``backups`` unless given); inside an app context.

    Returns the archive and its manifest. Raises BackupError when the database has no schema yet, is damaged, or a
    program that is needed is absent.
    """
    config: Config = current_app.extensions["portal.config"]
    folder = to or config.instance / "backups"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not inspect(db.engine).has_table("journal_entry"):
        raise BackupError(_("数据库是空的，没有可备份的内容。"))
    now = clock.now()
    target = folder / f"portal-{clock.local(now):%Y%m%d-%H%M%S}.tar.gz"
    if target.exists():
        raise BackupError(_("%(path)s 已经存在。", path=target))
    with _staging(folder) as staging:
        name = archive.SQLITE if config.embedded else archive.POSTGRESQL
        state = (_copy_sqlite if config.embedded else _copy_postgresql)(config, staging / name)
        sources, missing = {name: staging / name}, []
        for setting in _SETTINGS:
            if (config.instance / setting).is_file():
                sources[setting] = config.instance / setting
        for stored in state.attachments:
            path = files.folder() / stored[:2] / stored
            if path.is_file():
                sources[f"attachments/{stored[:2]}/{stored}"] = path
            else:
                missing.append(stored)
        manifest = Manifest(
            made_at=now.isoformat(),
            database="sqlite" if config.embedded else "postgresql",
            revision=state.revision,
            seq=state.seq,
            head=state.head,
            files={key: archive.describe(path) for key, path in sources.items()},
            missing=missing,
        )
        archive.write(target, manifest, sources)
    with transaction.act():
        journal.record(
            words.BACKED_UP,
            None,
            SYSTEM,
            clock.now(),
            name=target.name,
            entries=state.seq,
            head=state.head,
            sha256=storage.sha256(target),
        )
    return target, manifest


def refuse_unless_empty(config: Config) -> None:
    """Inside an application context. Raises BackupError when the instance holds records or attachments."""
    if inspect(db.engine).get_table_names():
        raise BackupError(_("数据库不是空的：只能恢复到新的实例。"))
    attachments = config.instance / "attachments"
    if attachments.is_dir() and any(p.is_file() for p in attachments.rglob("*")):
        raise BackupError(_("实例里已有附件：只能恢复到新的实例。"))


def restore(source: Path) -> tuple[Manifest, verification.Verdict]:
    """Restore a backup into this empty instance; inside an application context.

    Settings that the instance already has are kept. Raises BackupError when the backup is not whole, of the other
    kind of database, or the instance is not empty. The verdict tells whether the journal holds up to the manifest's
    head; the restore itself is then journalled.
    """
    config: Config = current_app.extensions["portal.config"]
    refuse_unless_empty(config)
    with _staging(config.instance) as staging:
        manifest = archive.extract(source, staging)
        kind = "sqlite" if config.embedded else "postgresql"
        if manifest.database != kind:
            raise BackupError(_("备份来自 %(theirs)s，这个实例使用 %(ours)s。", theirs=manifest.database, ours=kind))
        name = archive.SQLITE if config.embedded else archive.POSTGRESQL
        if name not in manifest.files:
            raise BackupError(_("备份缺少 %(name)s。", name=name))
        if config.embedded:
            _place_sqlite(config, staging / name)
        else:
            _postgresql(
                "pg_restore", config, "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
                str(staging / name),
            )  # fmt: skip
        if (staging / "attachments").is_dir():
            shutil.copytree(staging / "attachments", config.instance / "attachments", dirs_exist_ok=True)
        if (staging / "secret_key").is_file():
            os.replace(staging / "secret_key", config.instance / "secret_key")
        if (staging / "config.toml").is_file() and not (config.instance / "config.toml").exists():
            os.replace(staging / "config.toml", config.instance / "config.toml")
    verdict = verification.verify([(manifest.seq, manifest.head)] if manifest.seq else [])
    if verdict.ok:
        with transaction.act():
            journal.record(
                words.RESTORED,
                None,
                SYSTEM,
                clock.now(),
                made_at=manifest.made_at,
                entries=manifest.seq,
                head=manifest.head,
                sha256=storage.sha256(source),
            )
    return manifest, verdict


def _place_sqlite(config: Config, copy: Path) -> None:
    """Put the copy where the database belongs; the looking before has left an empty file there."""
    db.session.remove()
    db.engine.dispose()
    goal = config.database_file
    for ending in ("-wal", "-shm", "-journal"):
        goal.with_name(goal.name + ending).unlink(missing_ok=True)
    os.replace(copy, goal)
    storage.sync_folder(goal.parent)
