"""Tables and lines that Hypothesis draws for the properties of the score grammar (E-2)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from portal.pure.scoring import Band, Bar, Category, Group, Kind, Line, Rule, Side, Subject, Table

ONE = Decimal(1)


def decimals(low: str, high: str, places: int = 2) -> st.SearchStrategy[Decimal]:
    """Decimals of so many places; through whole numbers, which Hypothesis draws much faster."""
    unit = Decimal(10) ** places
    return st.integers(int(Decimal(low) * unit), int(Decimal(high) * unit)).map(lambda number: number / unit)


positive = decimals("0.01", "60")
points = st.one_of(decimals("-20", "-0.01"), decimals("0.01", "20"))
words = st.sampled_from(["办件超期", "服务 差错", "a"])
sources = st.sampled_from([("hand",), ("clue:overdue",), ("fact:satisfaction", "hand")])


@st.composite
def rules(draw: st.DrawFn, code: str, groups: list[str]) -> Rule:
    kind = draw(st.sampled_from(Kind))
    bar = draw(st.sampled_from(list(Bar))) if draw(st.booleans()) else Bar.NONE
    if kind is Kind.DISQUALIFY and bar is Bar.NONE:
        bar = Bar.AWARD
    figures: dict[str, Any] = {}
    if kind is Kind.RANGE:
        figures["low"] = draw(decimals("-10", "5"))
        figures["high"] = figures["low"] + draw(positive)
    elif kind is Kind.BAND:
        steps = sorted(draw(st.lists(decimals("0", "100"), max_size=2, unique=True)))
        figures["bands"] = tuple(Band(start, draw(points)) for start in (None, *steps))
    elif kind is not Kind.DISQUALIFY and draw(st.integers(0, 9)):
        figures["points"] = draw(points)
    if kind is Kind.PER_POINT:
        figures |= {"mark": draw(decimals("0", "100")), "side": draw(st.sampled_from(Side))}
    return Rule(
        code,
        draw(words),
        kind,
        **figures,
        per=Decimal(draw(st.integers(1, 3))),
        whole=draw(st.booleans()),
        cap=draw(st.one_of(st.none(), positive)),
        group=draw(st.sampled_from(["", *groups])),
        source=draw(sources),
        yearly=draw(st.booleans()),
        disqualifies=bar,
        times=ONE if bar is Bar.NONE else Decimal(draw(st.integers(1, 3))),
    )


@st.composite
def categories(draw: st.DrawFn, code: str) -> Category:
    base = draw(st.one_of(st.none(), positive))
    names = [f"{code}-{n}" for n in range(draw(st.integers(0, 2)))]
    # The items share what the category is worth, so that together they are never worth more.
    share = None if base is None else base / max(len(names), 1)
    groups = tuple(
        Group(
            name,
            draw(words),
            base=share.quantize(Decimal("0.0001"), "ROUND_DOWN") if share and draw(st.booleans()) else None,
            cap=draw(st.one_of(st.none(), positive)),
            strongest=draw(st.booleans()),
        )
        for name in names
    )
    return Category(
        code,
        draw(words),
        base,
        tuple(draw(rules(f"{code}.{n}", names)) for n in range(draw(st.integers(1, 3)))),
        weight=draw(st.one_of(st.none(), decimals("1", "100"))),
        cap=None if draw(st.booleans()) else (base or Decimal(0)) + draw(positive),
        groups=tuple(group for group in groups if group.base is None or group.base > 0),
    )


@st.composite
def tables(draw: st.DrawFn) -> Table:
    made = tuple(draw(categories(str(n))) for n in range(1, 1 + draw(st.integers(1, 3))))
    known = [(each, {group.code for group in each.groups}) for each in made]
    whole = all(rule.group in {"", *groups} for each, groups in known for rule in each.rules)
    return Table(
        "drawn",
        draw(words),
        draw(st.sampled_from(Subject)),
        made if whole else tuple(_loose(each) for each in made),
        draw(st.one_of(st.none(), decimals("20", "120"))),
        draw(st.one_of(st.just(""), words)),
    )


def _loose(category: Category) -> Category:
    """The category without items: a rule of an item that was worth nothing would belong to none."""
    return replace(category, groups=(), rules=tuple(replace(rule, group="") for rule in category.rules))


@st.composite
def months(draw: st.DrawFn, most: int = 8) -> tuple[Table, list[Line]]:
    table = draw(tables())
    codes = list(table.places)
    made = []
    for number in range(draw(st.integers(0, most))):
        rule = table.rule(draw(st.sampled_from(codes)))
        given = None
        if rule.kind is Kind.RANGE and rule.low is not None and rule.high is not None:
            given = draw(st.sampled_from([rule.low, rule.high, (rule.low + rule.high) / 2]))
        made.append(Line(f"k{number}", rule.code, draw(decimals("0", "120")), given, draw(st.booleans())))
    return table, made
