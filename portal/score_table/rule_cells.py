"""The row of a rule in a workbook as what the editor's form of a rule would have sent, and its refusals by cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from portal.kernel.forms import clean_line, normal
from portal.pure.scoring import Kind
from portal.pure.scoring.data import MOST_BANDS, MOST_SOURCES
from portal.score_table.rule_forms import BOTH, MINUS, PLUS, RuleForm
from portal.score_table.sheet import LOWEST, NO, UNSET, YES, Format
from portal.score_table.words import CLUE, FACT, HAND

Faults = list[tuple[str, str]]

_SPLIT = re.compile(r"[；;\n]+")
#: A cell that says what holds anyway is no contradiction, whatever the way of counting.
_HARMLESS = {"per": ("1",), "whole": (YES,), "times": ("1",)}
#: The cell at which a field of the form is filled.
_CELLS = {"effect": "points", "hand": "source", "facts": "source", "clues": "source", "place": "category"}


def _parts(cell: str) -> list[str]:
    return [each.strip() for each in _SPLIT.split(cell) if each.strip()]


def not_a_word(typed: str, named: Mapping[str, Any]) -> str:
    """What is said of a word that the format does not know."""
    return _("“%(typed)s”不是可以填写的内容，请填：%(words)s。", typed=typed[:60], words="、".join(named))


def _signed(cell: str) -> tuple[str, str]:
    """The effect and the amount without sign of a figure as it is written."""
    typed = normal(cell).replace("\u2212", "-")
    return (MINUS, typed[1:]) if typed.startswith("-") else (PLUS, typed.removeprefix("+"))


def sources_of(cell: str, fixed: Format) -> tuple[list[str], list[str]]:
    """The sources that a cell names in their order, and the words that name none."""
    typed = list(dict.fromkeys(_parts(cell)))
    return [fixed.sources[t] for t in typed if t in fixed.sources], [t for t in typed if t not in fixed.sources]


def form_data(cells: Mapping[str, str], fixed: Format) -> tuple[MultiDict[str, str], Faults]:
    """What the form would have sent, and what it could not even say."""
    faults: Faults = []

    def word(key: str, named: Mapping[str, Any]) -> str:
        typed = clean_line(cells[key])
        if typed and typed not in named:
            faults.append((key, not_a_word(typed, named)))
        return str(named.get(typed, ""))

    data: MultiDict[str, str] = MultiDict({k: cells[k] for k in ("text", "mark", "cap")})
    data["kind"], data["side"] = word("kind", fixed.kinds), word("side", fixed.sides)
    data["disqualifies"] = word("disqualifies", fixed.bars)
    data["per"], data["times"] = cells["per"] or "1", cells["times"] or "1"
    for key, empty in (("whole", "y"), ("yearly", "")):
        found = word(key, {YES: "y", NO: "n"}) or empty
        if found == "y":
            data[key] = "y"
    data["effect"], data["points"] = _signed(cells["points"])
    if data["kind"] == str(Kind.RANGE):
        faults += _range(cells, data)
    if data["kind"] == str(Kind.PER_POINT) and not clean_line(cells["side"]):
        faults.append(("side", _("按百分点的，请填“低于”或“高于”。")))
    faults += _bands(cells["bands"], data)
    known, unknown = sources_of(cells["source"], fixed)
    if unknown:
        faults.append(("source", _("没有“%(name)s”这个得分来源；可以填的见“填写说明”。", name=unknown[0][:60])))
    elif len(known) > MOST_SOURCES:
        faults.append(("source", _("得分来源最多选 6 个。")))
    for each in known:
        if each == HAND:
            data["hand"] = "y"
        else:
            name = "facts" if each.startswith(FACT) else "clues"
            data.add(name, each.removeprefix(FACT).removeprefix(CLUE))
    return data, faults


def _range(cells: Mapping[str, str], data: MultiDict[str, str]) -> Faults:
    """Both ends with their signs become two amounts and an effect, as the form has them."""
    (a, low), (b, high) = _signed(cells["low"]), _signed(cells["high"])
    if a == PLUS and b == MINUS and low and high:
        return [("high", _("幅度的两端应不同，小的在前。"))]
    below, above = a == MINUS, b == PLUS and high.strip("0.") != ""
    data["effect"] = BOTH if below and above else MINUS if below else PLUS
    data["low"], data["high"] = (high, low) if data["effect"] == MINUS else (low, high)
    return []


def _bands(cell: str, data: MultiDict[str, str]) -> Faults:
    typed = _parts(cell)
    if len(typed) > MOST_BANDS:
        return [("bands", _("最多 %(n)s 档。", n=MOST_BANDS))]
    for n, each in enumerate(typed):
        start, colon, points = normal(each).partition(":")
        if not colon or not points.strip():
            return [("bands", _("第 %(n)s 档请写成“起点：分值”，如 最低：-4 或 30：-2。", n=n + 1))]
        data[f"bands-{n}-start"] = "" if start.strip() == LOWEST else start.strip() or "-"
        effect, amount = _signed(points)
        data[f"bands-{n}-effect"], data[f"bands-{n}-points"] = effect, "" if amount == UNSET else amount
        if amount == UNSET and start.strip() == LOWEST:
            data[f"bands-{n}-start"] = " "  # a form takes a row of which nothing is filled for none at all
    return []


def form_faults(form: RuleForm, cells: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What the form refuses, by the cell where it is filled; and cells that say nothing in this way of counting."""
    for field in form:
        if field.name == "bands":
            for n, entry in enumerate(form.bands, 1):
                for each in (e for f in entry.form for e in f.errors):
                    yield "bands", _("第 %(n)s 档：%(what)s", n=n, what=each)
        else:
            for each in field.errors:
                yield _CELLS.get(field.name, field.name), str(each)
    unused = [k for k in form.unused if k in cells]
    if not form.disqualifies.data:
        unused.append("times")
    for key in unused:
        if cells[key] and normal(cells[key]) not in _HARMLESS.get(key, ()):
            yield key, _("这种计分方式不用这一栏，请留空。") if key != "times" else _("没有取消资格的，请留空。")
