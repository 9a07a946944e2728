"""The command ``portal due`` (T-10): the deadline calculator on the command line."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask, has_app_context
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import create_engine, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal import config as settings
from portal.calendar import official, queries
from portal.calendar import vocabulary as words
from portal.calendar.calculator import calculate
from portal.kernel import i18n
from portal.kernel.db import prepare_engine, sqlite_module
from portal.policy import queries as policy
from portal.pure.counting import SkipReason
from portal.pure.limits import Limit, LimitError
from portal.pure.text import clean, nfkc
from portal.pure.workdays import OutOfCalendar, WorkCalendar

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def _speaking() -> Iterator[None]:
    """Words in the terminal's language; the command needs no portal that is set up."""
    if has_app_context():
        yield
        return
    app = Flask("portal", root_path=str(ROOT))
    i18n.init_app(app)
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    with app.app_context(), force_locale("en" if spoken.lower().startswith("en") else "zh"):
        yield


class SpokenCommand(click.Command):
    """A command whose reading of its arguments and whose work are in the terminal's language."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the arguments."""
        with _speaking():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Do the work."""
        with _speaking():
            return super().invoke(ctx)


class StartParam(click.ParamType[date | datetime]):
    """A date, or a date and time on the office's wall clock."""

    name = "date[Thh:mm]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date | datetime:
        """Read ``2026-02-13``, ``2026-02-13T16:00`` or one with an offset."""
        if isinstance(value, date):
            return value
        text = clean(nfkc(value))
        try:
            return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else _moment(text)
        except ValueError:
            self.fail(_("“%(text)s”不是日期，请写成 2026-02-13 或 2026-02-13T16:00。", text=value), param, ctx)


def _moment(text: str) -> datetime:
    if not re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", text):
        raise ValueError(text)
    return datetime.fromisoformat(text)


class LimitParam(click.ParamType[Limit]):
    """A limit in one of the units of T-2."""

    name = "limit"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Limit:
        """Read ``0d``, ``4wh``, ``5wd``, ``15d`` or ``3m``."""
        if isinstance(value, Limit):
            return value
        try:
            return Limit.parse(value)
        except LimitError:
            self.fail(_("“%(text)s”不是时限，请写成 0d、4wh、5wd、15d 或 3m，数字最大 999。", text=value), param, ctx)


@click.command(cls=SpokenCommand)
@click.option("--from", "start", type=StartParam(), required=True, help="Day, or day and time, that the limit starts.")
@click.option("--limit", type=LimitParam(), required=True, help="0d, 4wh, 5wd, 15d or 3m.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def due(start: date | datetime, limit: Limit, as_json: bool) -> None:
    """Say when a limit ends, with the days counted and skipped."""
    calendar = calendar_in_force()
    try:
        found = calculate(start, limit, calendar=calendar)
    except OutOfCalendar:
        raise click.UsageError(_("届满日超出 9999 年，无法计算。")) from None
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        click.echo(_report(found))


def _report(found: dict[str, Any]) -> str:
    lines = [_("届满：%(due)s", due=found["due"])]
    if found["provisional"]:
        lines.append(_("暂定：所涉年份的放假安排尚未录入，录入后可能变动。"))
    lines += [_("计入：%(day)s", day=day) for day in found["counted"]]
    for each in found["skipped"]:
        why = each["name"] or words.SKIP_LABELS[SkipReason(each["reason"])]
        lines.append(_("跳过：%(day)s（%(why)s）", day=each["date"], why=why))
    return "\n".join(lines)


def calendar_in_force() -> WorkCalendar:
    """The calendar of this site's database; the official days and usual hours when there is no database yet."""
    try:
        config = settings.load()
    except settings.ConfigError as error:
        raise click.ClickException(str(error)) from None
    if config.embedded and not config.database_file.exists():
        return official.default_calendar()
    engine = create_engine(config.url, **({"module": sqlite_module} if config.embedded else {}))
    prepare_engine(engine, config.busy_ms)
    try:
        if not inspect(engine).has_table("calendar_year"):
            return official.default_calendar()
        with Session(engine) as session:
            return queries.calendar_of(session, policy.values_of(session)["calendar.office_hours"])
    except DBAPIError as error:
        raise click.ClickException(_("数据库读不了：%(problem)s", problem=error.orig)) from None
    finally:
        engine.dispose()
