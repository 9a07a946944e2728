"""How the wall says times and figures: short, since nothing on it may be small."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _

from portal.pure.deadlines import Light
from portal.wall.queries import Due


def brief(span: timedelta) -> str:
    """A length of time in one unit, cut: days, else hours, else minutes."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes >= 1440:
        return _("%(n)s 天", n=minutes // 1440)
    if minutes >= 60:
        return _("%(n)s 小时", n=minutes // 60)
    return _("%(n)s 分钟", n=minutes)


def light_word(due: Due) -> str:
    """The state of a case in words (T-6): overdue and gravely overdue are told apart by word, shape and colour."""
    if due.light is Light.RED:
        return _("严重超期 %(time)s", time=brief(due.span))
    if due.light is Light.OVERDUE:
        return _("超期 %(time)s", time=brief(due.span))
    return _("剩 %(time)s", time=brief(due.span))


def percent(value: float | None) -> str:
    """A rate as the wall shows it; a dash where nothing was closed or overdue (W-0)."""
    return "—" if value is None else f"{value:g}"
