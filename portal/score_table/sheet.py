"""A score table as a workbook that can be changed and taken in again (E-2).

Titles, headings and fixed words are the file's format: the same in every language, so that a file made yesterday is
read today. Explanations are text for people and are translated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from portal.kernel import sheets
from portal.kernel.sheets import Figure
from portal.policy.clue_values import KINDS as CLUES
from portal.pure.scoring import Band, Bar, Category, Group, Kind, Rule, Table, plain
from portal.score_table import vocabulary as words
from portal.score_table.words import CLUE, FACT, HAND, rule_words

HEADING, CATEGORIES, ITEMS, RULES, EXPLANATIONS = "整张表", "类别", "项目", "考核内容", "填写说明"
#: A row whose first cell begins so is an example: it is left out.
SAMPLE = "示例"
YES, NO = "是", "否"
#: The first band reaches down without end; a band may wait for its points.
LOWEST, UNSET = "最低", "未定"
#: What stands between several sources or bands in one cell.
BETWEEN = "；"
#: For reading alone: what the figures of a row say together.
IN_WORDS = "计分办法（供阅读，导入时不看）"


@dataclass(frozen=True)
class Column:
    """One column; ``sample`` stands in the example row."""

    key: str
    heading: str
    explanation: Any
    sample: str = ""
    needed: bool = False


_FLAG = _l("填“是”或“否”，空白为“否”。")
_CODE = _l("本系统里已有的不要改；新增的留空，由系统编号。")

SHEETS: dict[str, Sequence[Column]] = {
    HEADING: (
        Column("name", "名称", _l("评分表的名称；这张工作表只填一行。"), needed=True),
        Column("subject", "考核对象", _l("填“窗口、科室”或“个人”。"), needed=True),
        Column("total_cap", "总分上限", _l("如 100 或 110；不设上限的留空。")),
        Column("source", "来源", _l("依据哪份文件制定。")),
        Column("note", "说明", _l("选填。")),
    ),
    CATEGORIES: (
        Column("code", "编号", _CODE, "示例-1"),
        Column("name", "类别名称", _l("按计分表的顺序一行一类，名称不要重复。"), "服务质量", True),
        Column("base", "基础分", _l("从基础分往下扣，扣完为止；不设的留空，奖扣累计，可以是负数。"), "40"),
        Column("cap", "最高分", _l("有基础分的填最高得分，没有的填奖扣最多多少；不限的留空。")),
        Column("weight", "占比", _l("本类得分按百分之几计入总分；全部计入的留空。")),
    ),
    ITEMS: (
        Column("code", "编号", _CODE, "示例-1"),
        Column("category", "所在类别", _l("“类别”表里的名称或编号。"), "服务质量", True),
        Column("name", "项目名称", _l("一类之内分项的才填；一行一项。"), "办件", True),
        Column("base", "分值", _l("项目从多少分往下扣；没有的留空。"), "20"),
        Column("cap", "合计最多", _l("项目内合计最多加或扣多少分；不限的留空。")),
        Column("strongest", "只计最重的一条", _FLAG, NO),
    ),
    RULES: (
        Column("code", "编号", _CODE, "示例-1"),
        Column("category", "所在类别", _l("“类别”表里的名称或编号。"), "服务质量", True),
        Column("group", "所属项目", _l("“项目”表里的名称或编号；不分项的留空。"), "办件"),
        Column("text", "考核内容", _l("考核什么，一行一条。"), "办件超过承诺时限", True),
        Column(
            "kind",
            "计分方式",
            _l("填“按次数”“按天数”“按百分点”“按档次”“在幅度内酌情”“有即计一次”或“只作否决，不计分”。"),
            "按天数",
            True,
        ),
        Column("points", "分值", _l("扣分写负数，如 -2；未定的留空，填定后才能送审。"), "-2"),
        Column("per", "每多少计一次", _l("如每 2 天计一次填 2；空白为 1。"), "1"),
        Column("whole", "不足一个单位的不计", _l("填“是”或“否”，空白为“是”。"), YES),
        Column("mark", "起算的百分比", _l("只有按百分点的填，如 90。")),
        Column("side", "哪一边计分", _l("只有按百分点的填“低于”或“高于”。")),
        Column("low", "幅度从", _l("只有在幅度内酌情的填；扣分写负数，小的在前，如 -5。")),
        Column("high", "幅度到", _l("只有在幅度内酌情的填，如 -1。")),
        Column("bands", "各档", _l("只有按档次的填，从低到高，如 最低：-4；30：-2；50：0。分值未定的写“未定”。")),
        Column("cap", "合计最多", _l("每月（只计入年度的，全年）最多加或扣多少分；不限的留空。")),
        Column("source", "得分来源", _l("可以填的见下列各行；多个用分号隔开。"), "数据：办件超过承诺时限", True),
        Column("yearly", "只计入年度", _FLAG, NO),
        Column(
            "disqualifies",
            "此外还取消",
            _l("填“取消评优资格”“取消当月评优资格”“取消当年评优资格”或“取消评优资格和奖金”；没有的留空。"),
        ),
        Column("times", "满几次起", _l("取消资格的，从第几次起；空白为 1。")),
    ),
}


def _named(labels: Mapping[Any, Any], before: str = "") -> dict[str, Any]:
    return {before + str(label): key for key, label in labels.items()}


@dataclass(frozen=True)
class Format:
    """The fixed words of cells, each with what it stands for."""

    subjects: Mapping[str, Any]
    kinds: Mapping[str, Any]
    sides: Mapping[str, Any]
    bars: Mapping[str, Any]
    sources: Mapping[str, str]


def format_words() -> Format:
    """The words of the format, whatever the language of the page."""
    with force_locale("zh"):
        return Format(
            _named(words.SUBJECT_LABELS),
            _named(words.KIND_LABELS),
            _named(words.SIDE_LABELS),
            {str(label): bar for bar, label in words.BAR_LABELS.items() if bar is not Bar.NONE},
            {
                "手工登记": HAND,
                **_named({FACT + key: fact.label for key, fact in words.FACTS.items()}, "数据："),
                **_named({CLUE + key: label for key, (label, _rules) in CLUES.items()}, "线索："),
            },
        )


def _back(named: Mapping[str, Any], value: Any) -> str:
    return next((word for word, key in named.items() if key == value), str(value))


def _figure(number: Decimal | None) -> Figure | None:
    return None if number is None else Figure(plain(number), number, "General")


def _band(band: Band) -> str:
    start = LOWEST if band.start is None else plain(band.start)
    return f"{start}：{UNSET if band.points is None else plain(band.points)}"


def naming(parts: Sequence[Category] | Sequence[Group]) -> dict[str, str]:
    """How a cell names each part by its code: by its name, or by the code where the name would say two things."""
    names, codes = [each.name for each in parts], {each.code for each in parts}
    return {p.code: p.name if names.count(p.name) == 1 and p.name not in codes else p.code for p in parts}


def _rule(rule: Rule, category: str, items: Mapping[str, str], fixed: Format) -> list[Any]:
    return [
        rule.code, category, items.get(rule.group, ""), rule.text, _back(fixed.kinds, rule.kind),
        _figure(rule.points), _figure(rule.per) if rule.per != 1 else None, NO if not rule.whole else "",
        _figure(rule.mark), _back(fixed.sides, rule.side) if rule.kind is Kind.PER_POINT else "",
        _figure(rule.low), _figure(rule.high), BETWEEN.join(_band(each) for each in rule.bands), _figure(rule.cap),
        BETWEEN.join(_back(fixed.sources, each) for each in rule.source), YES if rule.yearly else "",
        _back(fixed.bars, rule.disqualifies) if rule.disqualifies else "",
        _figure(rule.times) if rule.times != 1 else None, rule_words(rule),
    ]  # fmt: skip


def rows(table: Table) -> dict[str, list[list[Any]]]:
    """A table as the rows of its sheets."""
    fixed, named = format_words(), naming(table.categories)
    made: dict[str, list[list[Any]]] = {title: [] for title in SHEETS}
    subject = _back(fixed.subjects, table.subject)
    made[HEADING] = [[table.name, subject, _figure(table.total_cap), table.source, table.note]]
    for category in table.categories:
        where, items = named[category.code], naming(category.groups)
        figures = (_figure(category.base), _figure(category.cap), _figure(category.weight))
        made[CATEGORIES].append([category.code, category.name, *figures])
        made[ITEMS] += [
            [g.code, where, g.name, _figure(g.base), _figure(g.cap), YES if g.strongest else ""]
            for g in category.groups
        ]
        made[RULES] += [_rule(rule, where, items, fixed) for rule in category.rules]
    return made


def _headings(title: str) -> list[str]:
    return [c.heading for c in SHEETS[title]]


def workbook(table: Table) -> bytes:
    """A table as the workbook that can be changed and taken in again."""
    found = rows(table)
    more = {RULES: [IN_WORDS]}
    return sheets.workbook(
        [(title, [*_headings(title), *more.get(title, [])], found[title]) for title in SHEETS] + [_explained()]
    )


def template() -> bytes:
    """The workbook to fill in, with an example row in every sheet but the first."""
    filled = [(t, _headings(t), [[c.sample for c in SHEETS[t]]] if t != HEADING else []) for t in SHEETS]
    return sheets.workbook([*filled, _explained()])


def _explained() -> tuple[str, list[str], list[list[str]]]:
    notes = [
        _l("一行写明一部分的全部内容，空白单元格即为空；文件里没有的类别和考核内容，导入后就没有了。"),
        _l("首列以“示例”开头的行只供参考，导入时略过，可以不删。"),
        _l("不要使用公式、合并单元格；不要改动表名和首行标题。"),
        _l("导入的是草稿，填定后送审，由另一人批准才施行。"),
    ]
    made = [[EXPLANATIONS, "", "", str(each)] for each in notes]
    for title, columns in SHEETS.items():
        made += [[title, c.heading, YES if c.needed else NO, str(c.explanation)] for c in columns]
    made += [[RULES, "得分来源", "", word] for word in format_words().sources]
    return EXPLANATIONS, ["表", "列", "必填", "说明"], made
