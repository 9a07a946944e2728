"""What keeps a draft from being sent for approval, and what its reader should know (E-2, POL-2)."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from portal.pure.scoring import Category, Rule, Table, TableError, from_data, plain, to_data
from portal.score_table.words import points_words, sources

#: What is wrong with a figure or a text, by the grammar's code.
_SAYS = {
    "repeated": lambda: _("重复了，请保留一个。"),
    "empty": lambda: _("不能为空。"),
    "positive": lambda: _("应大于 0。"),
    "not_negative": lambda: _("不能是负数。"),
    "weight": lambda: _("占比应大于 0，不超过 100。"),
    "over_base": lambda: _("与基础分不符：项目的分值合计不能超过基础分，最高分不能低于基础分。"),
    "order": lambda: _("各档应从低到高，起点各不相同；第一档的起点留空。"),
    "range": lambda: _("幅度的两端应不同，小的在前。"),
    "zero": lambda: _("分值不能是 0。"),
    "disqualifies": lambda: _("只作否决的，请选择取消什么。"),
    "too_many": lambda: _("太多了，请合并或删去一些。"),
    "too_long": lambda: _("太长了。"),
}


@dataclass(frozen=True)
class Gap:
    """A rule that cannot be used yet, and why."""

    category: Category
    rule: Rule
    why: str


def says(code: str) -> str:
    """What is wrong with a figure or a text, in words."""
    found = _SAYS.get(code)
    return found() if found else _("这里填写的内容不能使用，请核对。")


def fault(table: Table) -> tuple[str, str] | None:
    """Why a table cannot be kept: the name of the field and words for it; None when it can."""
    try:
        from_data(to_data(table))
    except TableError as error:
        field = error.place.rpartition(".")[2].partition("[")[0]
        return field, says(error.code)
    return None


def problems(table: Table) -> list[Gap]:
    """The rules that a person has to complete before the table can come into force, in reading order."""
    known, found = sources(), list[Gap]()
    for category in table.categories:
        for rule in category.rules:
            if rule.unset:
                found.append(Gap(category, rule, points_words(rule)))
            elif any(each not in known for each in rule.source):
                found.append(Gap(category, rule, _("得分来源不是本系统提供的，请重新选择")))
    return found


def is_empty(table: Table) -> bool:
    """Whether there is nothing to score by."""
    return not any(category.rules for category in table.categories)


def remarks(table: Table) -> list[str]:
    """What does not add up, said to whoever writes or reads the table (POL-2: it is loaded as it stands)."""
    made = []
    cap = table.total_cap
    if cap is not None and table.base > cap:
        made.append(_("各类基础分合计 %(base)s 分，超过总分上限 %(cap)s 分。", base=plain(table.base), cap=plain(cap)))
    weights = [c.weight for c in table.categories if c.weight is not None]
    if weights and sum(weights) != 100:
        made.append(_("各类占比合计 %(n)s%%，不是 100%%。", n=plain(sum(weights[1:], weights[0]))))
    return made
