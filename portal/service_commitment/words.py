"""Time limits in words, and words as time limits: one place for pages, documents and slips (T-2)."""

from __future__ import annotations

import re

from flask_babel import gettext as _

from portal.kernel.i18n import limit_words
from portal.pure.limits import Limit, LimitError, Unit
from portal.pure.text import clean, nfkc

_ON_SPOT = re.compile(r"(当场|即办|即时|即到即办|onthespot).*")
_TYPED = re.compile(r"(\d{1,4})个?(.+)")
_UNITS = {
    Unit.WORKING_HOURS: ("工作小时", "工作时", "小时", "workinghour", "workinghours"),
    Unit.WORKING_DAYS: ("工作日", "工作天", "workingday", "workingdays"),
    Unit.DAYS: ("自然日", "日(自然日)", "日历日", "日历天", "天", "日", "day", "days", "calendarday", "calendardays"),
    Unit.MONTHS: ("月", "month", "months"),
}
_SUFFIX_OF = {word: unit.value for unit, words in _UNITS.items() for word in words}


def limit_text(limit: str) -> str:
    """A promise in words of the current language: ``5wd`` → 5 个工作日, ``0d`` → 当场办结.

    Empty stays empty; a text that is no limit is returned as it is.
    """
    try:
        return _("当场办结") if limit == Unit.ON_SPOT else limit_words(limit)
    except LimitError:
        return limit


def limit_code(typed: str) -> str:
    """What a person typed as a stored limit: 5 个工作日, ５wd and "5 working days" all give ``5wd``.

    A text that is no limit is returned cleaned, so that the rule that checks limits can refuse it at its field.
    """
    plain = clean(typed)
    bare = re.sub(r"\s+", "", nfkc(plain).lower())
    if _ON_SPOT.fullmatch(bare):
        return "0d"
    match = _TYPED.fullmatch(bare)
    if match is not None and match[2] in _SUFFIX_OF:
        return f"{int(match[1])}{_SUFFIX_OF[match[2]]}"
    try:
        return str(Limit.parse(plain))
    except LimitError:
        return plain


_AMOUNT = re.compile(r"(\d{1,7})(?:\.(\d{1,2}))?元?")


def money_code(typed: str) -> int | None:
    """What a person typed as an amount in fen: 10, 10.5 and １０.50 元; None for what is no amount."""
    match = _AMOUNT.fullmatch(re.sub(r"[\s,，]+", "", nfkc(typed)))
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")) if match else None


def money_figure(fen: int) -> str:
    """An amount in yuan as a figure: 1050 → 10.50, 1000 → 10."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100}" + (f".{fen % 100:02d}" if fen % 100 else "")


def money_text(fen: int | None) -> str:
    """An amount in words of the current language; empty for none."""
    return "" if fen is None else _("%(n)s 元", n=money_figure(fen))


def fee_text(fen: int | None, unit: str, more: str = "") -> str:
    """A published fee in words: 10 元/件, with its explanation; "no fee" when there is nothing to pay."""
    if not fen:
        return more or _("不收费")
    rate = _("%(amount)s 元/%(unit)s", amount=money_figure(fen), unit=unit)
    return _("%(rate)s；%(more)s", rate=rate, more=more) if more else rate
