"""A score table in words: what a rule takes or gives, where its lines come from, figures as people write them."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import gettext as _

from portal.policy.clue_values import KINDS
from portal.pure.scoring import Bar, Category, Group, Kind, Rule, Side, plain
from portal.score_table import presets
from portal.score_table import vocabulary as words

#: The name of a table as a page shows it.
named = presets.named

HAND, CLUE, FACT = "hand", "clue:", "fact:"


def figure(value: Decimal | None) -> str:
    """A figure without trailing zeros; a dash for none."""
    return "—" if value is None else plain(value).replace("-", "\u2212")


def amount(points: Decimal) -> str:
    """Points as an act: 扣 2 分, 加 5 分."""
    if points < 0:
        return _("扣 %(n)s 分", n=plain(-points))
    if points > 0:
        return _("加 %(n)s 分", n=plain(points))
    return _("不扣分")


def sources() -> dict[str, str]:
    """All that a rule may name as its source, with its words, by hand first."""
    made = {HAND: _("手工登记")}
    made |= {CLUE + key: _("线索：%(kind)s", kind=label) for key, (label, _rules) in KINDS.items()}
    return made | {
        FACT + key: _("数据：%(fact)s（%(unit)s）", fact=fact.label, unit=fact.unit)
        for key, fact in words.FACTS.items()
    }


def source_words(rule: Rule) -> str:
    """Where the lines of a rule come from."""
    known = sources()
    return _("、").join(known.get(each, each) for each in rule.source)


def points_words(rule: Rule) -> str:
    """What a rule takes or gives: 每次扣 2 分, 低于 90 每 1 个百分点扣 1 分."""
    if rule.kind is Kind.DISQUALIFY:
        return _("不计分")
    if rule.kind is Kind.BAND:
        return bands_words(rule) or _("分值未定")
    if rule.kind is Kind.RANGE:
        return _range(rule)
    if rule.kind is Kind.PER_POINT and rule.mark is None:
        return _("起算的百分比未定") if rule.points is not None else _("分值未定")
    if rule.points is None:
        return _("分值未定")
    many, n, points = rule.per != 1, plain(rule.per), amount(rule.points)
    unit = _unit(rule)
    if rule.kind is Kind.OCCURRENCE and unit:
        return _("每 %(n)s %(unit)s%(points)s", n=n, unit=unit, points=points)
    if rule.kind is Kind.OCCURRENCE:
        return _("每 %(n)s 次%(points)s", n=n, points=points) if many else _("每次%(points)s", points=points)
    if rule.kind is Kind.PER_DAY:
        return _("每 %(n)s 天%(points)s", n=n, points=points) if many else _("每天%(points)s", points=points)
    if rule.kind is Kind.PER_POINT:
        facts = {"mark": figure(rule.mark), "n": n, "points": points}
        if rule.side is Side.BELOW:
            return _("低于 %(mark)s%% 的，每 %(n)s 个百分点%(points)s", **facts)
        return _("高于 %(mark)s%% 的，每 %(n)s 个百分点%(points)s", **facts)
    return _("有即%(points)s，不论次数", points=points)


def _unit(rule: Rule) -> str:
    """What the one figure behind a rule is counted in; empty where lines are counted by themselves."""
    facts = [words.FACTS[s.removeprefix(FACT)] for s in rule.source if s.removeprefix(FACT) in words.FACTS]
    unit = str(facts[0].unit) if len(rule.source) == 1 and facts else ""
    return "" if unit == _("次") else unit


def bands_words(rule: Rule) -> str:
    """The bands from the lowest up: 不足 30 扣 4 分；30 起扣 2 分；50 起不扣分."""
    made = []
    for n, band in enumerate(rule.bands):
        points = _("分值未定") if band.points is None else amount(band.points)
        if band.start is not None:
            made.append(_("%(start)s 起%(points)s", start=figure(band.start), points=points))
        elif n + 1 < len(rule.bands):
            made.append(_("不足 %(end)s %(points)s", end=figure(rule.bands[n + 1].start), points=points))
        else:
            made.append(points)
    return _("；").join(made)


def _range(rule: Rule) -> str:
    if rule.low is None or rule.high is None:
        return _("幅度未定")
    if rule.high <= 0:
        return _("每次酌情扣 %(a)s 至 %(b)s 分", a=plain(-rule.high), b=plain(-rule.low))
    if rule.low >= 0:
        return _("每次酌情加 %(a)s 至 %(b)s 分", a=plain(rule.low), b=plain(rule.high))
    return _("每次酌情，最多扣 %(a)s 分、最多加 %(b)s 分", a=plain(-rule.low), b=plain(rule.high))


def limits_words(rule: Rule) -> list[str]:
    """What else holds of a rule: its cap, the year, what it disqualifies from."""
    made = []
    if rule.cap is not None:
        made.append(
            _("全年最多 %(n)s 分", n=plain(rule.cap)) if rule.yearly else _("每月最多 %(n)s 分", n=plain(rule.cap))
        )
    if not rule.whole and (rule.kind is Kind.PER_POINT or rule.per != 1):
        made.append(_("不足一个单位的按比例计"))
    if rule.yearly:
        made.append(_("计入年度，不计入当月"))
    if rule.disqualifies is not Bar.NONE:
        bar = words.BAR_LABELS[rule.disqualifies]
        made.append(str(bar) if rule.times == 1 else _("满 %(n)s 次：%(bar)s", n=plain(rule.times), bar=bar))
    return made


def rule_words(rule: Rule) -> str:
    """Everything about a rule's points in one line."""
    return _("；").join([points_words(rule), *limits_words(rule)])


def category_words(category: Category) -> str:
    """Base, weight and cap of a category."""
    made = [
        _("不设基础分，奖扣累计") if category.base is None else _("基础分 %(n)s 分，扣完为止", n=plain(category.base))
    ]
    if category.weight is not None:
        made.append(_("按 %(n)s%% 计入总分", n=plain(category.weight)))
    if category.cap is not None:
        made.append(
            _("奖扣最多 %(n)s 分", n=plain(category.cap))
            if category.base is None
            else _("最高 %(n)s 分", n=plain(category.cap))
        )
    return _("；").join(made)


def group_words(group: Group) -> str:
    """Base and cap of an item inside a category."""
    made = []
    if group.base is not None:
        made.append(_("%(n)s 分，扣完为止", n=plain(group.base)))
    if group.cap is not None:
        made.append(_("合计最多 %(n)s 分", n=plain(group.cap)))
    if group.strongest:
        made.append(_("只计最重的一条"))
    return _("；").join(made)
