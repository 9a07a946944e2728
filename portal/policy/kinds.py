"""The kinds of policy value (POL-1): how each is read from what people type, checked, and written to storage."""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from typing import ClassVar

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.pure.limits import Limit, LimitError, Unit
from portal.pure.workdays import OfficeHours

Value = int | bool | str | Limit | OfficeHours

# Nothing longer is looked at, whatever the kind: a value is a figure or a sentence or two.
MAX_INPUT = 2000


class PolicyError(ValueError):
    """A text that is no value of its kind.

    ``code`` is one of ``too_long``, ``empty``, ``not_an_integer``, ``not_a_limit``, ``unit_not_allowed``,
    ``out_of_range``, ``not_a_boolean``, ``not_a_choice``, ``not_office_hours``, ``not_text``; ``message`` says in the
    reader's language what is expected.
    """

    def __init__(self, code: str, message: LazyString) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


class Measure(StrEnum):
    """What an integer counts."""

    SECONDS = "seconds"
    MINUTES = "minutes"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    MEGABYTES = "megabytes"
    CHARACTERS = "characters"
    TIMES = "times"
    YEARS = "years"
    MONTHS = "months"
    PERCENT = "percent"
    TENTHS = "tenths"
    POINTS = "points"

    @property
    def label(self) -> LazyString:
        """The unit as written behind the figure."""
        return _MEASURES[self]


_MEASURES = {
    Measure.SECONDS: _l("秒"),
    Measure.MINUTES: _l("分钟"),
    Measure.DAYS: _l("天"),
    Measure.WORKING_DAYS: _l("个工作日"),
    Measure.MEGABYTES: _l("MB"),
    Measure.CHARACTERS: _l("个字符"),
    Measure.TIMES: _l("次"),
    Measure.YEARS: _l("年"),
    Measure.MONTHS: _l("个月"),
    Measure.PERCENT: _l("％"),
    Measure.TENTHS: _l("（十分之一分）"),
    Measure.POINTS: _l("分"),
}


class Kind(ABC):
    """One kind of value. ``name`` chooses the form field; ``hint`` says what may be entered."""

    name: ClassVar[str]

    @property
    @abstractmethod
    def hint(self) -> LazyString:
        """What may be entered, in one sentence; the message of a refusal is the same sentence."""

    @abstractmethod
    def read(self, text: str) -> Value:
        """The value of a text of at most `MAX_INPUT` characters. Raises `PolicyError`."""

    @abstractmethod
    def dump(self, value: Value) -> str:
        """The one text that stands for the value; `parse` of it gives the value back."""

    def parse(self, text: str) -> Value:
        """The value that a person typed or that was stored. Raises `PolicyError`."""
        if len(text) > MAX_INPUT:
            raise PolicyError("too_long", _l("内容过长，请控制在 %(most)s 个字以内。", most=MAX_INPUT))
        return self.read(text)

    def refuse(self, code: str) -> PolicyError:
        """The refusal that repeats the hint."""
        return PolicyError(code, self.hint)


@dataclass(frozen=True)
class IntegerKind(Kind):
    """A whole number from `minimum` to `maximum`, both included. Full-width digits are read."""

    minimum: int
    maximum: int
    measure: Measure

    name: ClassVar[str] = "integer"

    @property
    def hint(self) -> LazyString:
        return _l("请填写 %(low)s 到 %(high)s 之间的整数。", low=self.minimum, high=self.maximum)

    def read(self, text: str) -> int:
        # Only the two usual widths of digits: int() alone would also take other scripts, signs and underscores.
        digits = text.strip()
        if re.fullmatch(r"[0-9\uff10-\uff19]{1,9}", digits) is None:
            raise self.refuse("not_an_integer")
        number = int(digits)
        if not self.minimum <= number <= self.maximum:
            raise self.refuse("out_of_range")
        return number

    def dump(self, value: Value) -> str:
        return str(value)


@dataclass(frozen=True)
class LimitKind(Kind):
    """A time limit (T-2) in one of the units of `most`, which gives the highest amount of each."""

    most: Mapping[Unit, int] = field(hash=False)

    name: ClassVar[str] = "limit"

    @property
    def hint(self) -> LazyString:
        highest = " / ".join(str(Limit(amount, unit)) for unit, amount in self.most.items())
        return _l("请填写数字和单位（wh 工作小时、wd 工作日、d 自然日），最长 %(highest)s。", highest=highest)

    def read(self, text: str) -> Limit:
        try:
            limit = Limit.parse(text)
        except LimitError as error:
            raise self.refuse("empty" if error.code == "empty" else "not_a_limit") from None
        if limit.unit not in self.most:
            raise self.refuse("unit_not_allowed")
        if limit.amount > self.most[limit.unit]:
            raise self.refuse("out_of_range")
        return limit

    def dump(self, value: Value) -> str:
        return str(value)


@dataclass(frozen=True)
class BooleanKind(Kind):
    """Yes or no."""

    name: ClassVar[str] = "boolean"

    @property
    def hint(self) -> LazyString:
        return _l("请选择“是”或者“否”。")

    def read(self, text: str) -> bool:
        match text.strip().lower():
            case "true":
                return True
            case "false":
                return False
        raise self.refuse("not_a_boolean")

    def dump(self, value: Value) -> str:
        return "true" if value else "false"


@dataclass(frozen=True)
class ChoiceKind(Kind):
    """One of the named options; each has the words people see."""

    options: Mapping[str, LazyString] = field(hash=False)

    name: ClassVar[str] = "choice"

    @property
    def hint(self) -> LazyString:
        return _l("请从列出的选项中选择一项。")

    def read(self, text: str) -> str:
        chosen = text.strip()
        if chosen not in self.options:
            raise self.refuse("not_a_choice")
        return chosen

    def dump(self, value: Value) -> str:
        return str(value)


@dataclass(frozen=True)
class TimesKind(Kind):
    """The office hours of a working day (T-3), written ``09:00-12:00,13:30-17:30``.

    Full-width signs, dashes and leading zeros left out are read; the stored form is the one above.
    """

    name: ClassVar[str] = "times"

    @property
    def hint(self) -> LazyString:
        return _l("请按“09:00-12:00,13:30-17:30”的格式填写，时段依次排列，互不重叠。")

    def read(self, text: str) -> OfficeHours:
        plain = "".join(unicodedata.normalize("NFKC", text).split()).translate(_TO_ASCII)
        try:
            return OfficeHours(tuple(_period(part) for part in plain.split(",")))
        except ValueError:
            raise self.refuse("not_office_hours") from None

    def dump(self, value: Value) -> str:
        if not isinstance(value, OfficeHours):
            raise TypeError("office hours expected")
        return ",".join(f"{begin:%H:%M}-{end:%H:%M}" for begin, end in value.periods)


_TO_ASCII = str.maketrans({"–": "-", "—": "-", "~": "-", "至": "-", "、": ",", ";": ","})
_PERIOD = re.compile(r"([0-9]{1,2}):([0-9]{2})-([0-9]{1,2}):([0-9]{2})")


def _period(text: str) -> tuple[time, time]:
    found = _PERIOD.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))


@dataclass(frozen=True)
class TextKind(Kind):
    """One line of text of at most `longest` characters. Only where `optional` may it be empty."""

    longest: int
    optional: bool = False

    name: ClassVar[str] = "text"

    @property
    def hint(self) -> LazyString:
        if self.optional:
            return _l("可以不填；填写的不超过 %(most)s 个字，不换行。", most=self.longest)
        return _l("请填写文字，不超过 %(most)s 个字，不换行。", most=self.longest)

    def read(self, text: str) -> str:
        line = text.strip()
        if not line and not self.optional:
            raise self.refuse("empty")
        if len(line) > self.longest:
            raise self.refuse("too_long")
        # Control characters (line breaks and NUL among them) and lone surrogates cannot be printed or stored.
        if any(unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} for sign in line):
            raise self.refuse("not_text")
        return line

    def dump(self, value: Value) -> str:
        return str(value)
