"""The command ``portal``: run the site and look after it."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
from flask import Flask
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError

from portal import config as settings
from portal.audit import vocabulary as audit
from portal.calendar.command import due
from portal.config import Config
from portal.factory import create_app
from portal.kernel import clock, journal, transaction, verification
from portal.kernel.actor import SYSTEM
from portal.operations import anchors, doctor, schema, serving, sweeping
from portal.operations import backup as backups
from portal.operations.archive import BackupError
from portal.operations.doctor import Finding, Level

if TYPE_CHECKING:
    from portal.demo import Login

ROOT = Path(__file__).resolve().parent.parent


def _fail(message: str) -> NoReturn:
    raise click.ClickException(message)


def _load(**overrides: Any) -> Config:
    try:
        return settings.load(**overrides)
    except settings.ConfigError as error:
        _fail(str(error))


def _load_sample(**overrides: Any) -> Config:
    """The settings of the sample office: an instance folder of its own unless the environment names one."""
    own = None if os.environ.get("PORTAL_INSTANCE") else str(ROOT / "instance" / "demo")
    return _load(instance=own, sample=True, **overrides)


def _language() -> str:
    """Chinese, unless the terminal speaks English."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if spoken.lower().startswith("en") else "zh"


@contextmanager
def _inside(app: Flask) -> Iterator[None]:
    """An application context whose messages are in the terminal's language."""
    with app.app_context(), force_locale(_language()):
        yield


def _say(findings: list[Finding], least: Level = Level.WARNING) -> bool:
    """Print findings; returns whether an error is among them."""
    for finding in findings:
        if least == Level.WARNING or finding.level == Level.ERROR:
            label = doctor.LEVEL_LABELS[finding.level]
            click.echo(f"[{finding.level}] {finding.code}: {label}：{finding.text}", err=True)
    return any(f.level == Level.ERROR for f in findings)


def _prepare(config: Config) -> Flask:
    """The application on a migrated database, unless the doctor refuses the settings."""
    app = create_app(config)
    with _inside(app):
        if _say(doctor.settings(config), Level.ERROR):
            _fail(_("设置不安全，没有启动。portal doctor 会列出全部问题。"))
        try:
            schema.upgrade()
        except schema.SchemaError as error:
            _fail(str(error))
        except DBAPIError as error:
            _fail(_("数据库打不开：%(why)s", why=error.orig))
    return app


def _migrated(app: Flask) -> None:
    """Refuse to work on a database without the current schema."""
    if [schema.current()] != schema.heads():
        _fail(_("数据库结构不是最新。请执行 portal upgrade。"))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="efficiency-portal", prog_name="portal")
def main() -> None:
    """The efficiency portal: run it, look after it.

    PORTAL_INSTANCE names the instance folder (settings, database, attachments, backups).
    """
    if os.name == "posix":
        os.umask(0o077)  # what a site owns is nobody else's to read
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")


main.add_command(due)


# --- running ----------------------------------------------------------------------------------------------------


@main.command()
@click.option("--demo", is_flag=True, help="Run the sample office, made on the first run.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on (0: any free one).")
@click.option("--host", help="Address to listen on; 127.0.0.1 is this machine only.")
def run(demo: bool, port: int | None, host: str | None) -> None:
    """Migrate the database, then serve, with the sweeps in the same process. Ctrl-C stops."""
    config = (_load_sample if demo else _load)(port=port, host=host)
    app = _prepare(config)
    logins = _build(app) if demo else []
    with _inside(app):
        if _say(doctor.examine()):
            _fail(_("设置不安全，没有启动。portal doctor 会列出全部问题。"))

    def ready(address: str) -> None:
        with _inside(app):
            click.echo(_("平台已启动：%(address)s", address=address))
            _say_logins(logins)
            click.echo(_("按 Ctrl-C 停止。"))

    try:
        serving.serve(app, config, ready)
    except OSError as error:
        with _inside(app):
            _fail(_("无法监听 %(host)s:%(port)s：%(why)s", host=config.host, port=config.port, why=error.strerror))


def _build(app: Flask) -> list[Login]:
    from portal import demo as sample_office  # only here: no other command needs its two months of history

    with _inside(app):
        click.echo(_("正在准备示例单位……"), err=True)
        try:
            return sample_office.build(app)
        except ValueError as error:
            _fail(str(error))


def _say_logins(logins: list[Login]) -> None:
    if logins:
        click.echo(_("示例登录："))
        for login in logins:
            click.echo(f"  {login.username:<12} {login.password:<16} {login.name}  {login.role}")


@main.command()
def demo() -> None:
    """Only make the sample office (in instance/demo unless PORTAL_INSTANCE names a folder)."""
    config = _load_sample()
    app = _prepare(config)
    logins = _build(app)
    with _inside(app):
        _say_logins(logins)


@main.command()
def upgrade() -> None:
    """Bring the database to the current schema."""
    app = _prepare(_load())
    with _inside(app):
        click.echo(_("数据库结构：%(revision)s", revision=schema.current()))


@main.command()
@click.option("--loop", is_flag=True, help="Go on every sweep_seconds (beside gunicorn).")
def sweep(loop: bool) -> None:
    """Let every room record what time has brought about. Running it late or twice changes nothing."""
    config = _load()
    app = create_app(config)
    with _inside(app):
        _migrated(app)
    if loop:
        serving.until_stopped(lambda stop: sweeping.loop(app, config.sweep_seconds, stop))
        return
    done, failed = sweeping.once(app)
    for name, count in done.items():
        click.echo(f"{name}: {count}")
    if failed:
        raise SystemExit(1)


# --- looking after it -------------------------------------------------------------------------------------------


@main.command()
@click.option("--anchors", "anchors_file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Heads exported before; shows a cut tail and a full re-hash too.")  # fmt: skip
@click.option("--export", "export_file", type=click.Path(dir_okay=False, path_type=Path),
              help="Append the verified head to this file; keep it off this machine.")  # fmt: skip
def verify(anchors_file: Path | None, export_file: Path | None) -> None:
    """Check the journal's chain (J-2). Names the first bad entry and exits with 1 when it is broken."""
    app = create_app(_load())
    with _inside(app):
        _migrated(app)
        try:
            wanted = anchors.read(anchors_file) if anchors_file else []
        except anchors.AnchorError as error:
            _fail(str(error))
        verdict = verification.verify(wanted)
        _record_verdict(verdict)
        if not verdict.ok:
            click.echo(
                _("日志有问题：第 %(seq)s 条 %(problem)s", seq=verdict.bad_seq, problem=audit.problem_words(verdict)),
                err=True,
            )
            raise SystemExit(1)
        click.echo(
            _(
                "日志完整：%(entries)s 条，对照外存 %(anchors)s 个，末条摘要 %(head)s",
                entries=verdict.entries,
                anchors=len(wanted),
                head=verdict.head,
            )
        )
        if export_file and verdict.entries:
            anchors.append(export_file, verdict.entries, verdict.head, clock.now())
            click.echo(_("已写入 %(path)s，请保存到别的机器或介质上。", path=export_file))


def _record_verdict(verdict: verification.Verdict) -> None:
    try:
        with transaction.act():
            journal.record(
                audit.VERIFIED,
                None,
                SYSTEM,
                clock.now(),
                entries=verdict.entries,
                result="ok" if verdict.ok else "bad",
                head=verdict.head,
            )
    except DBAPIError as error:  # a database that may only be read can be verified all the same
        click.echo(_("校验结果没有记入日志：%(why)s", why=error.orig), err=True)


@main.command("doctor")
@click.option("--demo", is_flag=True, help="Look at the sample office.")
@click.option("--host", help="The address that the portal will listen on.")
def doctor_command(demo: bool, host: str | None) -> None:
    """Name unsafe settings. Exits with 1 when there is an error; warnings alone exit with 0."""
    config = (_load_sample if demo else _load)(host=host)
    app = create_app(config)
    with _inside(app):
        found = doctor.examine(deep=True)
        bad = _say(found)
        if not found:
            click.echo(_("没有发现问题。"))
    if bad:
        raise SystemExit(1)


@main.command()
@click.option(
    "--to", type=click.Path(file_okay=False, path_type=Path), help="Folder; the instance's backups if absent."
)
def backup(to: Path | None) -> None:
    """Back up database, attachments, settings and secret key into one file, while people work."""
    app = create_app(_load())
    with _inside(app):
        try:
            path, manifest = backups.backup(to)
        except (BackupError, OSError) as error:
            _fail(_("没有备份：%(why)s", why=error))
        click.echo(
            _("已备份到 %(path)s（日志 %(entries)s 条，文件 %(n)s 个）", path=path, entries=manifest.seq,
              n=len(manifest.files))
        )  # fmt: skip
        if manifest.missing:
            click.echo(_("有 %(n)s 个附件的文件早已不在，备份里没有它们。", n=len(manifest.missing)), err=True)


@main.command()
@click.argument("source", metavar="BACKUP", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(source: Path) -> None:
    """Restore a backup into an empty instance; checks every file and then the journal."""
    app = create_app(_load())
    with _inside(app):
        try:
            manifest, verdict = backups.restore(source)
        except (BackupError, OSError) as error:
            _fail(_("没有恢复：%(why)s", why=error))
        if not verdict.ok:
            _fail(
                _(
                    "已恢复，但日志有问题：第 %(seq)s 条 %(problem)s",
                    seq=verdict.bad_seq,
                    problem=audit.problem_words(verdict),
                )
            )
        click.echo(_("已恢复 %(at)s 的备份，日志 %(entries)s 条完整。", at=manifest.made_at, entries=manifest.seq))


if __name__ == "__main__":
    main()
