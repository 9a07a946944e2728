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
