"""All that is wrong with a workbook of service items, and what it would add, publish anew or leave (C-1, C-2, C-3).

The workbook is that of the export: what was not touched changes nothing. A row states the whole version: an empty cell
empties the field, the rows of the sheet of materials are the whole checklist; a column that is absent changes nothing.
Items that are not listed stay as they are. Nothing is read or written here: the rules that ask the database come in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from flask_babel import gettext as _

from portal.intake import layout
from portal.intake.checking import OfficeCheck
from portal.intake.layout import ITEMS, MATERIALS
from portal.intake.lines import Known, Line, Plan, without_echoes
from portal.kernel.errors import Invalid
from portal.kernel.importing import Fault
from portal.kernel.sheets import Reading
from portal.people.administration import check_code
from portal.service_commitment import contents
from portal.service_commitment import vocabulary as words
from portal.service_commitment.service import Content, Material

#: How an item is found and who answers for it: changed at once, no matter of a version.
PLACE = ("post", "aliases", "topic", "common")
#: Columns whose field has another name in the content of a version.
_COLUMNS = {"fee_fen": "fee_amount"}


@dataclass(frozen=True)
class Current:
    """An item as it stands. ``content`` is None before the first publication."""

    place: Mapping[str, Any]
    content: Content | None
    retired: bool = False
    drafted: bool = False


@dataclass(frozen=True)
class Change:
    """What a row does: the item's code and name, where it is found, its content if that differs."""

    code: str
    name: str
    place: Mapping[str, Any]
    place_changed: bool
    content: Content | None
    #: Field in words → (old, new).
    differences: tuple[tuple[str, str, str], ...]
    #: Whether the policy asks for a second person: submitted for review instead of published (C-3).
    reviewed: bool


@dataclass
class ItemPlan(Plan):
    """A plan of items: new ones, changed ones; the others stay as they are."""

    added: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: int = 0

    @property
    def nothing(self) -> bool:
        """Whether carrying it out would change nothing."""
        return not self.added and not self.changed


#: Content in its stored form by the rules of the catalogue; raises Invalid. (code, content) → content.
Rule = Callable[[str, Content], Content]
#: Whether the policy asks for a second person for content of an item. (content in force, new content) → bool.
Second = Callable[[Content, Content], bool]


class _ItemCheck(OfficeCheck):
    """The examination of one workbook of items."""

    plan: ItemPlan

    def __init__(self, known: Known, current: Mapping[str, Current], today: date, rule: Rule, second: Second) -> None:
        super().__init__({}, known, False, today)
        self.plan, self.current, self.rule, self.second = ItemPlan(), current, rule, second
        self.lines: dict[str, Line] = {}
        self.lists: dict[str, list[Line]] = {}

    def examine(self, readings: Mapping[str, Reading]) -> ItemPlan:
        """Examine the items, then their checklists, then each item as a whole."""
        for title, one in ((ITEMS, self.row), (MATERIALS, self.material)):
            self.plan.faults += [Fault(title, p.row, p.column, p.message) for p in readings[title].problems]
            for row in readings[title].rows:
                if row.cells[layout.SHEETS[title][0].key].startswith(layout.SAMPLE):
                    self.plan.samples += 1
                    continue
                one(Line(self.plan, title, row))
        self.check_related()
        for code, line in self.lines.items():
            self.whole(code, line)
        self.plan.faults = without_echoes(self.plan.faults)
        if not self.plan.faults and self.plan.nothing and not self.plan.unchanged:
            self.plan.faults.append(Fault("", 0, "", _("文件里没有可以导入的行。")))
        return self.plan

    def row(self, line: Line) -> None:
        """One item: its own cells."""
        line.checked("code", check_code)
        line.new("code", self.items, (), "")
        line.ref("post", {}, self.known.posts, _("没有这个岗位编码。"), _("这个岗位已经撤销。"))
        now = self.current.get(line.values["code"])
        if now is not None and now.retired:
            line.fault("code", _("这个事项已经停办，请先恢复办理。"))
        self.content(line)
        if line.given("code"):
            self.lines.setdefault(line.values["code"], line)

    def material(self, line: Line) -> None:
        """One line of the checklist of an item of this file."""
        super().material(line)
        self.lists.setdefault(line.values["item"], []).append(line)

    def whole(self, code: str, line: Line) -> None:
        """The item with its checklist by the rules of the catalogue, and what it changes."""
        now, rows = self.current.get(code), self.lists.get(code, [])
        if line.bad or any(each.bad for each in rows):
            return
        old = now.content if now is not None and now.content is not None else Content(line.values["name"], "")
        new = self._content(line, rows, old)
        try:
            new = replace(self.rule(code, replace(new, related="")), related=new.related)
        except Invalid as error:
            key = _COLUMNS.get(error.field, error.field)
            line.fault(key if key in line.columns else "code", error.message)
            return
        place = {key: line.values[key] for key in PLACE}
        published = now is not None and now.content is not None
        moved = now is not None and place != dict(now.place)
        changed = new != old if published else True
        if not (changed or moved):
            self.plan.unchanged += 1
            return
        if changed and now is not None and now.drafted:
            line.fault("code", _("这个事项有正在拟订的新版本，请先处理。"))
            return
        made = Change(
            code,
            line.values["name"],
            place,
            moved,
            new if changed else None,
            (*self._moved(now, place), *_differences(old, new)) if now is not None else (),
            changed and self.second(old if published else Content(line.values["name"], ""), new),
        )
        (self.plan.changed if now is not None else self.plan.added).append(made)

    @staticmethod
    def _content(line: Line, rows: list[Line], old: Content) -> Content:
        """What the row says; columns that the file lacks, and sample forms by the material's name, as they stand."""
        absent = {k for k in line.columns if k not in line.row.cells}
        kept = {("fee_fen" if k == "fee_amount" else k) for k in absent}
        samples = {m.name: m.sample_id for m in old.materials}
        plain = {k: v for k, v in line.values.items() if k not in (*PLACE, "code", "fee_amount") and k not in kept}
        materials = tuple(
            Material(
                m.values["name"],
                m.values["form"],
                m.values["copies"],
                m.values["required"],
                m.values["note"],
                samples.get(m.values["name"]),
            )
            for m in rows
        )
        return replace(old, **plain, materials=materials)

    @staticmethod
    def _moved(now: Current | None, place: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
        labels = {c.key: c.heading for c in layout.SHEETS[ITEMS]}
        if now is None:
            return ()
        return tuple(
            (labels[key], _said(now.place[key]), _said(place[key])) for key in PLACE if now.place[key] != place[key]
        )


def _said(value: Any) -> str:
    return (layout.YES if value else layout.NO) if isinstance(value, bool) else str(value)


def _differences(old: Content, new: Content) -> tuple[tuple[str, str, str], ...]:
    """The fields that differ, in words."""
    return tuple(
        (str(words.CONTENT_LABELS[name]), contents.in_words(old, name), contents.in_words(new, name))
        for name in contents.changed(old, new)
        if name in words.CONTENT_LABELS
    )


def check(
    readings: Mapping[str, Reading],
    known: Known,
    current: Mapping[str, Current],
    today: date,
    rule: Rule,
    second: Second,
) -> ItemPlan:
    """Examine a workbook of items that was read. The plan may be carried out when it has no faults."""
    return _ItemCheck(known, current, today, rule, second).examine(readings)
