"""The doctor: names what is unsafe about a site's settings and keeps the portal from starting with an error.

Every check gives findings with a fixed code; the texts are for the administrator. Nothing is changed here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from portal.audit import vocabulary as audit
from portal.config import Config
from portal.kernel import clock, files
from portal.kernel.db import db, dialect, sqlite_version, wal_is_safe
from portal.kernel.files import Attachment
from portal.kernel.journal import EventKind, JournalEntry
from portal.operations import schema, storage
from portal.operations import vocabulary as words
from portal.people import queries as people
from portal.policy import catalogue
from portal.policy.models import PolicyValue

BACKUP_AGE = timedelta(days=1)
VERIFY_AGE = timedelta(days=7)
CLOCK_SLACK = timedelta(minutes=2)
LEAST_FREE = 1024**3
_EARLIEST = 2026


class Level(StrEnum):
    """How bad a finding is: the portal does not start with an error."""

    ERROR = "error"
    WARNING = "warning"


LEVEL_LABELS = {Level.ERROR: _l("错误"), Level.WARNING: _l("提醒")}


@dataclass(frozen=True)
class Finding:
    """Something unsafe. ``code`` is stable; ``text`` says what and what to do."""

    level: Level
    code: str
    text: str


def _error(code: str, words_: str) -> Finding:
    return Finding(Level.ERROR, code, words_)


def _warning(code: str, words_: str) -> Finding:
    return Finding(Level.WARNING, code, words_)


# --- before the database is opened ----------------------------------------------------------------------------


def settings(config: Config) -> list[Finding]:
    """What is unsafe about the settings and the instance folder."""
    return [*_folder(config), *_secrets(config), *_network(config), *_library(config)]


def _folder(config: Config) -> Iterator[Finding]:
    kind = storage.network_filesystem(config.instance)
    if kind and config.embedded:
        yield _error(
            "instance-on-network",
            _(
                "实例目录 %(path)s 在网络共享（%(kind)s）上，SQLite 会损坏数据。请用本机磁盘，或改用 PostgreSQL。",
                path=config.instance,
                kind=kind,
            ),
        )
    elif kind:
        yield _warning(
            "instance-on-network", _("实例目录在网络共享（%(kind)s）上，附件和密钥会经网络传送。", kind=kind)
        )
    if os.name == "posix" and config.instance.stat().st_mode & 0o002:
        yield _error(
            "instance-world-writable",
            _("实例目录 %(path)s 任何用户都可写。请执行 chmod o-w。", path=config.instance),
        )
    free = storage.free_bytes(config.instance)
    if free < LEAST_FREE:
        yield _warning("disk-nearly-full", _("实例目录所在磁盘只剩 %(n)s MB。", n=free // 1024**2))


def _secrets(config: Config) -> Iterator[Finding]:
    if len(config.secret_key) < 32 or len(set(config.secret_key)) < 4:
        yield _error("secret-key-weak", _("密钥缺失、过短或过于简单。删除 secret_key 文件后重新启动，会自动生成。"))
    if os.name != "posix":
        return
    for name, code in (("secret_key", "secret-key-readable"), ("config.toml", "config-readable")):
        path = config.instance / name
        if not path.exists():
            continue
        open_to_all = path.stat().st_mode & 0o007
        if name == "secret_key" and path.stat().st_mode & 0o077:
            yield _error(code, _("密钥文件 %(path)s 其他用户可读。请执行 chmod 600。", path=path))
        elif name != "secret_key" and open_to_all and storage.holds_secret(path):
            yield _error(code, _("%(path)s 内有密钥或数据库密码，其他用户可读。请执行 chmod 600。", path=path))
    database = config.database_file
    if config.embedded and database.exists() and database.stat().st_mode & 0o007:
        yield _warning("database-readable", _("数据库文件 %(path)s 其他用户可读。请执行 chmod 600。", path=database))


def is_loopback(host: str) -> bool:
    """Whether a host to listen on can be reached from this machine only."""
    return host in ("localhost", "::1") or host.startswith("127.")


def _network(config: Config) -> Iterator[Finding]:
    if not is_loopback(config.host):
        if not config.https:
            yield _warning(
                "no-https",
                _(
                    "监听 %(host)s 而没有启用 HTTPS，密码会明文传送。请放在 HTTPS 代理后面并设置 https = true。",
                    host=config.host,
                ),
            )
        if config.sample:
            yield _warning("sample-on-network", _("示例单位的登录密码是公开的，不要让其他电脑访问。"))
    if config.https and not config.trusted_proxies:
        yield _warning(
            "https-without-proxy", _("已设置 https，但没有设置 trusted_proxies；来访地址将都记成代理的地址。")
        )
    if os.environ.get("FLASK_DEBUG", "").lower() not in ("", "0", "false", "no"):
        yield _error("debug-on", _("环境变量 FLASK_DEBUG 已打开，任何来访者都可能执行程序。请去掉它。"))


def _library(config: Config) -> Iterator[Finding]:
    if config.embedded and not wal_is_safe(sqlite_version()):
        yield _warning(
            "sqlite-wal-unsafe",
            _(
                "SQLite %(version)s 的 WAL 模式可能损坏数据，已改用较慢的 DELETE 模式。请安装 pysqlite3。",
                version=".".join(map(str, sqlite_version())),
            ),
        )


# --- with the database (inside an application context) ----------------------------------------------------------


def database(config: Config, *, deep: bool = False) -> list[Finding]:
    """What is unsafe about the database and its records; ``deep`` also reads every page and looks for every file."""
    try:
        revision = schema.current()
    except DBAPIError as error:
        return [_error("database-unreachable", _("数据库打不开：%(why)s", why=error.orig))]
    if not schema.is_known(revision):
        return [_error("schema-unknown", _("数据库由更新版本的程序建立（%(r)s），请先升级程序。", r=revision))]
    if [revision] != schema.heads():
        return [_error("migration-missing", _("数据库结构不是最新。请执行 portal upgrade。"))]
    found = [*_server(config), *_sample(config), *_policy(), *_clock(clock.now())]
    if people.is_set_up() and not people.is_sample():
        found += _habits(clock.now())
    if deep:
        found += _whole()
    return found


def _server(config: Config) -> Iterator[Finding]:
    if dialect() != "postgresql":
        return
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        if db.session.scalar(text(f"SHOW {name}")) == "off":
            made = _warning if config.sample else _error
            yield made(
                "postgresql-unsafe", _("PostgreSQL 的 %(name)s 是 off，断电会丢失已确认的记录。请改回 on。", name=name)
            )


def _sample(config: Config) -> Iterator[Finding]:
    if people.is_set_up() and people.is_sample() and not config.sample:
        yield _error(
            "sample-data",
            _("这个实例里是示例单位，登录密码是公开的。请用 --demo 运行，或换一个空的实例目录。"),
        )
    if config.sample and people.is_set_up() and not people.is_sample():
        yield _error("not-sample", _("这个实例里是真实单位，不能用 --demo 运行。"))


def _policy() -> Iterator[Finding]:
    known = {definition.key for definition in catalogue.definitions()}
    newest: dict[str, str] = dict(
        db.session.execute(select(PolicyValue.key, PolicyValue.value).order_by(PolicyValue.id)).all()
    )
    for key, stored in newest.items():
        if key not in known:
            yield _warning("policy-unknown", _("制度参数 %(key)s 不是本版本的参数，没有作用。", key=key))
            continue
        try:
            catalogue.definition(key).parse(stored)
        except catalogue.PolicyError as error:
            yield _error("policy-unreadable", _("制度参数 %(key)s 的值无法读取：%(why)s", key=key, why=error.message))


def _clock(now: datetime) -> Iterator[Finding]:
    if now.year < _EARLIEST:
        yield _error("clock-wrong", _("本机时钟是 %(year)s 年，请先校时。", year=now.year))
    newest = db.session.scalar(select(JournalEntry.at).order_by(JournalEntry.seq.desc()).limit(1))
    if newest is not None and newest - now > CLOCK_SLACK:
        yield _warning(
            "clock-behind",
            _("本机时钟比最后一条日志（%(at)s）还早，请校时。", at=clock.local(newest).isoformat(timespec="minutes")),
        )


def _last(kind: EventKind) -> datetime | None:
    return db.session.scalar(
        select(JournalEntry.at).where(JournalEntry.event == kind.tag).order_by(JournalEntry.seq.desc()).limit(1)
    )


def _habits(now: datetime) -> Iterator[Finding]:
    backup = _last(words.BACKED_UP)
    if backup is None or now - backup > BACKUP_AGE:
        yield _warning("backup-old", _("超过一天没有备份。请每天执行 portal backup，并把文件拷到别的机器。"))
    verified = _last(audit.VERIFIED)
    if verified is None or now - verified > VERIFY_AGE:
        yield _warning("verify-old", _("超过一周没有校验日志。请每周执行 portal verify。"))


def _whole() -> Iterator[Finding]:
    if dialect() == "sqlite":
        problem = db.session.scalar(text("PRAGMA quick_check(1)"))
        if problem != "ok":
            yield _error("database-damaged", _("数据库文件已损坏：%(why)s。请从备份恢复。", why=problem))
    folder = files.folder()
    names = db.session.scalars(select(Attachment.storage_name))
    missing = sum(not Path(folder, name[:2], name).is_file() for name in names)
    if missing:
        total = db.session.scalar(select(func.count()).select_from(Attachment))
        yield _error("attachments-missing", _("%(total)s 个附件中有 %(n)s 个文件不见了。", total=total, n=missing))


def examine(*, deep: bool = False) -> list[Finding]:
    """Everything, inside an application context; errors first."""
    config: Config = current_app.extensions["portal.config"]
    found = [*settings(config), *database(config, deep=deep)]
    return sorted(found, key=lambda f: f.level != Level.ERROR)
