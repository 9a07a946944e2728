"""The rows of a workbook under examination: each cell as a value, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any, TypeVar

from flask_babel import gettext as _
from wtforms.validators import ValidationError

from portal.intake import layout
from portal.intake.layout import Column
from portal.kernel import importing
from portal.kernel.errors import Invalid
from portal.kernel.forms import FIRST_YEAR, LAST_YEAR, clean_line, normal, phone_like
from portal.kernel.importing import Fault
from portal.kernel.sheets import Row

T = TypeVar("T")
_COUNT = re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True)
class Known:
    """What the portal holds already. ``usernames`` tells whether the person may hold a post."""

    departments: Mapping[str, bool] = field(default_factory=dict)
    department_names: frozenset[str] = frozenset()
    usernames: Mapping[str, bool] = field(default_factory=dict)
    posts: Mapping[str, bool] = field(default_factory=dict)
    items: frozenset[str] = frozenset()
    charged: frozenset[str] = frozenset()
    has_principal: bool = False


@dataclass
class Plan:
    """The rows to be made by sheet, each as its checked values; and what is wrong, or only remarkable."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {title: [] for title in layout.SHEETS})
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)
    samples: int = 0

    def counts(self) -> dict[str, int]:
        """How many new rows each sheet has."""
        return {title: len(rows) for title, rows in self.rows.items()}


class Line:
    """One row under examination: takes its cells as values and notes what is wrong with them."""

    def __init__(self, plan: Plan, sheet: str, row: Row) -> None:
        self.plan, self.sheet, self.row = plan, sheet, row
        self.columns: dict[str, Column] = {c.key: c for c in layout.SHEETS[sheet]}
        self.values: dict[str, Any] = {}
        self.bad: set[str] = set()
        for key, column in self.columns.items():
            typed = row.cells.get(key, "")
            self.values[key] = typed if column.paragraph else clean_line(typed)
            if column.needed and not self.values[key]:
                self.fault(key, _("必填。"))
            elif len(self.values[key]) > column.limit:
                self.fault(
                    key,
                    _("最多 %(limit)s 个字，现有 %(length)s 个。", limit=column.limit, length=len(self.values[key])),
                )

    def fault(self, key: str, message: Any) -> None:
        """Note what is wrong with a cell."""
        self.bad.add(key)
        self.plan.faults.append(Fault(self.sheet, self.row.number, self.columns[key].heading, str(message)))

    def remark(self, key: str, message: Any) -> None:
        """Note what hinders nothing but should be known."""
        self.plan.remarks.append(Fault(self.sheet, self.row.number, self.columns[key].heading, str(message)))

    def given(self, key: str) -> bool:
        """Whether the cell holds something that was not refused yet."""
        return bool(self.values[key]) and key not in self.bad

    def word(self, key: str, words: Mapping[str, T], default: T) -> T:
        """One of the fixed words of the format."""
        typed = self.values[key]
        if not typed:
            return default
        if typed not in words:
            self.fault(key, _("“%(typed)s”不是可以填写的内容，请填：%(words)s。", typed=typed, words="、".join(words)))
            return default
        return words[typed]

    def flag(self, key: str, default: bool = False) -> bool:
        """Yes or no."""
        return self.word(key, {layout.YES: True, layout.NO: False}, default)

    def count(self, key: str, low: int, high: int, default: int) -> int:
        """A whole number within bounds."""
        typed = normal(self.values[key])
        if not typed:
            return default
        if not _COUNT.fullmatch(typed) or not low <= int(typed) <= high:
            self.fault(key, _("请填 %(low)s 至 %(high)s 的整数。", low=low, high=high))
            return default
        return int(typed)

    def day(self, key: str) -> date | None:
        """A date; None when empty or wrong."""
        typed = normal(self.values[key]).replace("/", "-").replace(".", "-")
        if not typed:
            return None
        try:
            parts = [int(p) for p in typed.split("-")] if len(typed) <= 10 else []
            found = date(*parts) if len(parts) == 3 else None
        except ValueError:
            found = None
        if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
            self.fault(key, _("请填日期，如 2026-03-09，年份在 %(a)s 至 %(b)s 之间。", a=FIRST_YEAR, b=LAST_YEAR))
            return None
        return found

    def phone(self, key: str = "phone") -> None:
        """Check a phone number by the rule of all forms."""
        self.values[key] = normal(self.values[key])
        if self.given(key):
            try:
                phone_like(None, SimpleNamespace(data=self.values[key]))
            except ValidationError as error:
                self.fault(key, error)

    def checked(self, key: str, rule: Callable[[str], str]) -> None:
        """Bring a cell into its stored form by a rule that raises Invalid."""
        self.values[key] = normal(self.values[key])
        if self.given(key):
            try:
                self.values[key] = rule(self.values[key])
            except Invalid as error:
                self.fault(key, error.message)

    def new(self, key: str, seen: dict[str, int], taken: Any, what: Any) -> None:
        """Refuse what stands twice in the file or exists already."""
        if not self.given(key):
            return
        value = self.values[key]
        if value in seen:
            self.fault(key, _("与第 %(row)s 行重复。", row=seen[value]))
        elif value in taken:
            self.fault(key, what)
        else:
            seen[value] = self.row.number

    def ref(self, key: str, inside: Any, outside: Mapping[str, bool], missing: Any, unfit: Any) -> None:
        """Refuse a reference to what neither the file nor the portal holds."""
        self.values[key] = normal(self.values[key])
        if not self.given(key) or self.values[key] in inside:
            return
        if self.values[key] not in outside:
            self.fault(key, missing)
        elif not outside[self.values[key]]:
            self.fault(key, unfit)


def without_echoes(faults: list[Fault]) -> list[Fault]:
    """One fault a cell in the order of this room's workbooks."""
    return importing.without_echoes(faults, {t: [c.heading for c in columns] for t, columns in layout.SHEETS.items()})
