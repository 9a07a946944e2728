"""Languages: Chinese source text, complete English translation; dates and times as the office writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from babel.dates import format_date
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, Domain, force_locale, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel.speaklater import LazyString
from markupsafe import Markup

from portal.kernel import clock
from portal.kernel.actor import current_actor
from portal.pure.limits import Limit, Unit

LANGUAGES = ("zh", "en")
COOKIE = "lang"


class Catalogues(Domain):
    """One set of catalogues for the life of the process; a page asks for hundreds of words."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[str, Any] = {}

    def get_translations(self) -> Any:
        """The catalogue of the language in force (also under ``force_locale``)."""
        held = g._get_current_object() if g else None
        locale = getattr(getattr(held, "_flask_babel", None), "babel_locale", None) or get_locale()
        if locale is None:
            return super().get_translations()
        last = getattr(held, "_catalogue", None)
        if last is not None and last[0] is locale:
            return last[1]
        found = self._kept.get(str(locale))
        if found is None:
            self._kept[str(locale)] = found = super().get_translations()
        if held is not None:
            held._catalogue = (locale, found)
        return found


class PortalBabel(Babel):
    """Flask-Babel with catalogues that are read once (its own are read again for every request)."""

    catalogues = Catalogues()

    @property
    def domain_instance(self) -> Domain:
        """The one set of catalogues."""
        return self.catalogues


babel = PortalBabel()


def template_gettext(text: str, /, **values: Any) -> Markup:
    """A message as markup for templates: values are escaped, the message itself is trusted source text.

    Jinja's own goes through the template's context twice for each of the hundreds of words of a page.
    """
    found = Markup(PortalBabel.catalogues.get_translations().gettext(text))  # noqa: S704 - our catalogues
    return found % values if values or "%" in found else found


def resolved(labels: Mapping[Any, Any]) -> dict[Any, str]:
    """Labels in the language in force, looked up once for a list of many rows."""
    return {key: str(label) for key, label in labels.items()}


class Shipped:
    """Texts that the portal brings along and the office takes over as its own: stored in Chinese, shown in both.

    What is stored and still the portal's own text is shown in the language of the page; what the office typed or
    changed is shown as it stands.
    """

    def __init__(self, texts: Iterable[LazyString]) -> None:
        self._texts = tuple(texts)

    @cached_property
    def _known(self) -> dict[str, LazyString]:
        with force_locale("zh"):
            return {str(text): text for text in self._texts}

    def __call__(self, stored: str) -> str:
        """A stored text as this page shows it."""
        found = self._known.get(stored)
        return stored if found is None else str(found)


def select_language() -> str:
    """The language of this request: the person's choice, else the cookie, else Chinese."""
    if not has_request_context():
        return "zh"
    wanted = request.cookies.get(COOKIE, "")
    if wanted in LANGUAGES:
        return wanted
    actor = current_actor()
    return actor.language if actor and actor.language in LANGUAGES else "zh"


def language() -> str:
    """``zh`` or ``en``: the language words are shown in now."""
    found = get_locale()
    return "en" if found is not None and found.language == "en" else "zh"


def init_app(app: Flask) -> None:
    """Bind Flask-Babel: Chinese needs no catalogue since it is the source text."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "zh")
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "Asia/Shanghai")
    babel.init_app(app, locale_selector=select_language)
    app.jinja_env.globals.update(_=template_gettext, resolved=resolved)


def local_date(day: date | None, style: str = "iso") -> str:
    """A date: ``iso`` 2026-11-21, ``long`` with the weekday, ``short`` 11-21, ``formal`` as in documents."""
    if day is None:
        return ""
    if style == "long":
        return format_date(day, "M月d日 EEEE" if language() == "zh" else "EEEE, d MMMM", locale=language())
    if style == "formal":
        return (
            f"{day.year} 年 {day.month} 月 {day.day} 日" if language() == "zh" else format_date(day, "d MMMM y", "en")
        )
    if style == "short":
        return day.strftime("%m-%d")
    return day.isoformat()


def local_dt(instant: datetime | None, style: str = "full") -> str:
    """An instant on the office's wall clock.

    ``full`` 2026-11-21 10:41 · ``time`` 10:41 · ``short`` 11-21 10:41 · ``near`` with the words today, yesterday,
    tomorrow where they apply · ``due`` like near, and a day that ends a time limit ends at 24:00, not at 00:00 of the
    next.
    """
    if instant is None:
        return ""
    there = clock.local(instant)
    hour = there.strftime("%H:%M")
    if style == "time":
        return hour
    day = there.date()
    if style == "due" and hour == "00:00":
        day, hour = day - timedelta(days=1), "24:00"
    if style in ("near", "due"):
        distance = day - clock.today()
        if distance == timedelta(0):
            return _("今天 %(time)s", time=hour)
        if distance == timedelta(days=-1):
            return _("昨天 %(time)s", time=hour)
        if distance == timedelta(days=1):
            return _("明天 %(time)s", time=hour)
        if day.year == clock.today().year:
            return f"{day:%m-%d} {hour}"
        return f"{day:%Y-%m-%d} {hour}"
    if style == "short":
        return there.strftime("%m-%d %H:%M")
    return there.strftime("%Y-%m-%d %H:%M")


def span(amount: timedelta) -> str:
    """A length of time in the largest two useful units: days, hours, minutes."""
    minutes = max(0, int(amount.total_seconds() // 60))
    days, rest = divmod(minutes, 1440)
    hours, minutes = divmod(rest, 60)
    if days:
        return _("%(n)s 天", n=days) if not hours or days > 2 else _("%(d)s 天 %(h)s 小时", d=days, h=hours)
    if hours:
        return _("%(n)s 小时", n=hours) if not minutes or hours > 3 else _("%(h)s 小时 %(m)s 分", h=hours, m=minutes)
    return _("%(n)s 分钟", n=minutes)


def limit_words(limit: Limit | str | None) -> str:
    """A time limit in words (T-2), from a limit or its stored text ``5wd``; empty for None and the empty text.

    Raises LimitError for a text that is no limit.
    """
    if not limit:
        return ""
    found = Limit.parse(limit) if isinstance(limit, str) else limit
    match found.unit:
        case Unit.ON_SPOT:
            return _("当场（当日）")
        case Unit.WORKING_HOURS:
            return ngettext("%(num)s 个工作小时", "%(num)s 个工作小时", found.amount)
        case Unit.WORKING_DAYS:
            return ngettext("%(num)s 个工作日", "%(num)s 个工作日", found.amount)
        case Unit.DAYS:
            return ngettext("%(num)s 日（自然日）", "%(num)s 日（自然日）", found.amount)
        case _:
            return ngettext("%(num)s 个月", "%(num)s 个月", found.amount)
