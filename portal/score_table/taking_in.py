"""All that is wrong with a score table's workbook, found at once, and the table that it makes (E-2, POL-2).

Every row passes through the form by which the editor fills the same part. Nothing is read or written here: what the
table was comes in as ``Known``, what it is to become goes out as ``Plan``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from portal.kernel.forms import clean_line, normal, too_long
from portal.kernel.importing import Fault, without_echoes
from portal.kernel.sheets import Reading, Row
from portal.pure.scoring import Category, Group, Rule, Subject, Table, TableError, from_data, to_data
from portal.pure.scoring.data import CODE_LENGTH, MOST_CATEGORIES, MOST_GROUPS, MOST_RULES
from portal.score_table import checks, editing, sheet
from portal.score_table import rule_cells as cells
from portal.score_table.forms import CategoryForm, HeadingForm
from portal.score_table.rule_forms import RuleForm
from portal.score_table.sheet import CATEGORIES, HEADING, ITEMS, RULES, SHEETS

_CODE = re.compile(r"[a-z0-9][a-z0-9._-]*")
_PLACE = re.compile(r"categories\[(\d+)\](?:\.(rules|groups)\[(\d+)\])?(?:\.([a-z_]+))?.*")
NAME = 100


@dataclass(frozen=True)
class Known:
    """What there is already: the table that is to be changed (None for a new one), and what codes stood for.

    ``rules`` gives the text of every rule that the table ever had by its code, ``codes`` all codes ever; ``taken``
    holds the names of other tables.
    """

    base: Table | None = None
    rules: Mapping[str, str] = field(default_factory=dict)
    codes: frozenset[str] = frozenset()
    taken: frozenset[str] = frozenset()


@dataclass
class Plan:
    """The table that a workbook makes, and what is wrong; there is no table while anything is."""

    table: Table | None = None
    faults: list[Fault] = field(default_factory=list)


@dataclass
class _Part:
    """A category under examination, with the rows that it came from."""

    row: Row
    code: str
    name: str
    groups: list[tuple[Row, str, str]] = field(default_factory=list)
    rules: list[tuple[Row, Rule]] = field(default_factory=list)
    made: Category | None = None


class TableCheck:
    """The examination of one workbook."""

    def __init__(self, readings: Mapping[str, Reading], known: Known) -> None:
        self.readings, self.known, self.plan = readings, known, Plan()
        self.headings = {title: {c.key: c.heading for c in columns} for title, columns in SHEETS.items()}
        self.fixed = sheet.format_words()
        self.parts: list[_Part] = []
        self.heading_row = 0

    def fault(self, title: str, row: int, key: str, message: Any) -> None:
        """Note what is wrong with a cell."""
        self.plan.faults.append(Fault(title, row, self.headings.get(title, {}).get(key, ""), str(message)))

    def rows(self, title: str) -> list[Row]:
        """The rows of a sheet without examples; a cell that must be filled and is not is a fault."""
        first = SHEETS[title][0].key
        found = [r for r in self.readings[title].rows if not r.cells[first].startswith(sheet.SAMPLE)]
        for row in found:
            for column in SHEETS[title]:
                if column.needed and not clean_line(row.cells[column.key]):
                    self.fault(title, row.number, column.key, _("必填。"))
        return found

    def run(self) -> Plan:
        """Examine sheet by sheet, so that references find what stands above them."""
        for title in SHEETS:
            self.plan.faults += [Fault(title, p.row, p.column, p.message) for p in self.readings[title].problems]
        heading = self.heading()
        if self.categories() and self.items():
            for part in self.parts:
                part.made = self.category(part)
            self.rules()
        if not self.plan.faults and heading is not None:
            self.whole(heading)
        self.plan.faults = without_echoes(
            self.plan.faults, {title: list(named.values()) for title, named in self.headings.items()}
        )
        return self.plan

    def whole(self, heading: Table) -> None:
        """The table of the parts; what only the whole can tell is said at the row that it concerns."""
        made = [replace(p.made, rules=tuple(r for _row, r in p.rules)) for p in self.parts if p.made is not None]
        table = replace(heading, categories=tuple(made))
        try:
            from_data(to_data(table))
        except TableError as error:
            self.fault(*self.place(error.place), checks.says(error.code))
        else:
            self.plan.table = table

    def place(self, place: str) -> tuple[str, int, str]:
        """The sheet, row and column of a place in a table."""
        found = _PLACE.fullmatch(place)
        if found is None:
            return HEADING, self.heading_row, place
        part, key = self.parts[int(found[1])], found[4] or ""
        if found[2] == "rules":
            return RULES, part.rules[int(found[3])][0].number, key
        if found[2] == "groups":
            return ITEMS, part.groups[int(found[3])][0].number, key
        return CATEGORIES, part.row.number, key

    def heading(self) -> Table | None:
        """What holds of the whole; None when it is not there."""
        found = self.rows(HEADING)
        if len(found) != 1:
            if self.readings[HEADING].problems and not found:
                return None
            self.fault(HEADING, found[1].number if found else 2, "", _("这张工作表须填一行，也只填一行。"))
            return None
        row = found[0]
        self.heading_row = row.number
        name, base = clean_line(row.cells["name"]), self.known.base
        subject = self.word(HEADING, row, "subject", self.fixed.subjects)
        if len(name) > NAME:
            self.fault(HEADING, row.number, "name", too_long(name, NAME))
        elif base is not None and name and name != base.name:
            self.fault(HEADING, row.number, "name", _("这个文件不是这张评分表的：名称应为“%(name)s”。", name=base.name))
        elif name in self.known.taken:
            self.fault(HEADING, row.number, "name", _("已有同名的评分表，请换一个名称。"))
        if base is not None and subject is not None and subject != base.subject:
            self.fault(HEADING, row.number, "subject", _("考核对象与这张评分表的不同。"))
        form = HeadingForm(formdata=MultiDict({k: row.cells[k] for k in ("total_cap", "source", "note")}))
        self.taken_by(HEADING, row, form)
        return Table(
            base.code if base else "own", name, Subject(subject or Subject.DEPARTMENT), (), form.total_cap.data,
            form.source.data or "", form.note.data or "",
        )  # fmt: skip

    def word(self, title: str, row: Row, key: str, named: Mapping[str, Any]) -> Any:
        """What a fixed word of the format stands for; None when the cell is empty or wrong."""
        typed = clean_line(row.cells[key])
        if typed and typed not in named:
            self.fault(title, row.number, key, cells.not_a_word(typed, named))
        return named.get(typed)

    def flag(self, title: str, row: Row, key: str) -> bool:
        """Yes or no; empty is no."""
        return bool(self.word(title, row, key, {sheet.YES: True, sheet.NO: False}))

    def taken_by(self, title: str, row: Row, form: Any) -> bool:
        """Whether a form takes a row; what it does not like is said at the cells."""
        good = bool(form.validate())
        for each in form:
            for message in each.errors if each.name in self.headings[title] else ():
                self.fault(title, row.number, each.name, message)
        return good

    def coded(self, title: str, row: Row, seen: dict[str, int]) -> str:
        """The code of a row; empty when it has none or a bad one."""
        typed = normal(row.cells["code"])
        if not typed:
            return ""
        if len(typed) > CODE_LENGTH or not _CODE.fullmatch(typed):
            self.fault(title, row.number, "code", _("编号只能用小写字母、数字、点和横线，最多 40 位；新增的请留空。"))
        elif typed in seen:
            self.fault(title, row.number, "code", _("与第 %(row)s 行重复。", row=seen[typed]))
        else:
            seen[typed] = row.number
            return typed
        return ""

    def categories(self) -> bool:
        """Take the categories down; whether there is something to go on with."""
        found, codes, names = self.rows(CATEGORIES), dict[str, int](), dict[str, int]()
        if not found and not self.readings[CATEGORIES].problems:
            self.fault(CATEGORIES, 2, "", _("评分表至少要有一个类别。"))
        if len(found) > MOST_CATEGORIES:
            self.fault(CATEGORIES, found[MOST_CATEGORIES].number, "", _("最多 %(n)s 个类别。", n=MOST_CATEGORIES))
            return False
        for row in found:
            code, name = self.coded(CATEGORIES, row, codes), clean_line(row.cells["name"])
            if name in names:
                self.fault(CATEGORIES, row.number, "name", _("与第 %(row)s 行重复。", row=names[name]))
            names.setdefault(name, row.number)
            self.parts.append(_Part(row, code, name))
        self.number(self.parts, "c", set(self.known.codes))
        return bool(self.parts)

    @staticmethod
    def number(parts: Sequence[Any], prefix: str, taken: set[str]) -> None:
        """Give a code to every part without one: none that any part ever had."""
        taken |= {p.code for p in parts}
        for each in parts:
            if not each.code:
                each.code = editing.new_code(taken, prefix)
                taken.add(each.code)

    def referred(self, title: str, row: Row, key: str, choices: Mapping[str, Any]) -> Any:
        """What a cell names, by name or code; None when it names nothing that is there."""
        typed = clean_line(row.cells[key])
        found = choices.get(typed) or choices.get(normal(typed))
        if typed and found is None:
            where = CATEGORIES if key == "category" else ITEMS
            self.fault(title, row.number, key, _("“%(sheet)s”表里没有“%(name)s”。", sheet=where, name=typed[:60]))
        return found

    def _parts(self) -> dict[str, _Part]:
        return {p.code: p for p in self.parts} | {p.name: p for p in self.parts}

    def items(self) -> bool:
        """Take the items down at their categories; whether no category has too many."""
        choices, codes = self._parts(), dict[str, dict[str, int]]()
        for row in self.rows(ITEMS):
            part = self.referred(ITEMS, row, "category", choices)
            if part is None:
                continue
            code, name = self.coded(ITEMS, row, codes.setdefault(part.code, {})), clean_line(row.cells["name"])
            same = next((r.number for r, _code, known in part.groups if known == name), None)
            if same is not None:
                self.fault(ITEMS, row.number, "name", _("与第 %(row)s 行重复。", row=same))
            part.groups.append((row, code, name))
            if len(part.groups) > MOST_GROUPS:
                self.fault(ITEMS, row.number, "", _("一个类别最多 %(n)s 个项目。", n=MOST_GROUPS))
                return False
        for part in self.parts:
            taken = {code for _row, code, _name in part.groups}
            for n, (row, code, name) in enumerate(part.groups):
                own = code or editing.new_code(taken, "g")
                taken.add(own)
                part.groups[n] = row, own, name
        return True

    def category(self, part: _Part) -> Category:
        """A category with its items, by the form of the editor; still without rules."""
        data = {k: part.row.cells[k] for k in ("name", "base", "cap", "weight")}
        for n, (row, _code, name) in enumerate(part.groups):
            data |= {f"groups-{n}-name": name, f"groups-{n}-base": row.cells["base"]}
            data[f"groups-{n}-cap"] = row.cells["cap"]
        form = CategoryForm(formdata=MultiDict(data))
        self.taken_by(CATEGORIES, part.row, form)
        groups = []
        for (row, code, name), entry in zip(part.groups, form.groups, strict=True):
            for each in entry.form:
                for message in each.errors:
                    self.fault(ITEMS, row.number, each.short_name, message)
            strongest = self.flag(ITEMS, row, "strongest")
            groups.append(Group(code, name, entry.form.base.data, entry.form.cap.data, strongest))
        return Category(
            part.code, part.name, form.base.data, (), form.weight.data, form.cap.data, tuple(groups)
        )  # fmt: skip

    def rules(self) -> None:
        """The rules, each by the form of the editor."""
        found, codes = self.rows(RULES), dict[str, int]()
        choices = self._parts()
        own = [(row, self.coded(RULES, row, codes), self.referred(RULES, row, "category", choices)) for row in found]
        if any(sum(p is part for _row, _code, p in own) > MOST_RULES for part in self.parts):
            self.fault(RULES, 2, "", _("一个类别最多 %(n)s 条考核内容。", n=MOST_RULES))
            return
        table = Table("own", "-", Subject.DEPARTMENT, tuple(p.made for p in self.parts if p.made is not None))
        taken = set(self.known.codes) | set(codes)
        for row, given, part in own:
            self.known_code(row, given)
            code = given or editing.new_code(taken, "r")
            taken.add(code)
            if part is not None:
                rule = self.rule(table, row, code, part)
                if rule is not None:
                    part.rules.append((row, rule))

    def known_code(self, row: Row, code: str) -> None:
        """A code that was given up comes back for the same rule alone: lines name their rule by it."""
        before, base = self.known.rules.get(code), self.known.base
        if before is None or base is None or code in base.places or before == clean_line(row.cells["text"]):
            return
        self.fault(
            RULES, row.number, "code", _("这个编号曾是“%(text)s”的，不能给另一条；新增的请留空。", text=before[:60])
        )

    def rule(self, table: Table, row: Row, code: str, part: _Part) -> Rule | None:
        """One rule of a category; None when something is wrong with its row."""
        before = len(self.plan.faults)
        items = {c: c for _row, c, _name in part.groups} | {name: c for _row, c, name in part.groups}
        group = self.referred(RULES, row, "group", items) or ""
        data, faults = cells.form_data(row.cells, self.fixed)
        for key, message in faults:
            self.fault(RULES, row.number, key, message)
        data["place"] = f"{part.code}/{group}" if group else part.code
        if not data.get("kind"):
            return None  # without knowing how it counts nothing else can be told
        form = RuleForm(table, formdata=data)
        form.validate()
        for key, message in cells.form_faults(form, row.cells):
            self.fault(RULES, row.number, key, message)
        if len(self.plan.faults) > before:
            return None
        rule = form.chosen(code)[1]
        return replace(rule, source=tuple(cells.sources_of(row.cells["source"], self.fixed)[0]))


def check(readings: Mapping[str, Reading], known: Known) -> Plan:
    """Examine a workbook that was read. The plan may be carried out when it has no faults."""
    return TableCheck(readings, known).run()
