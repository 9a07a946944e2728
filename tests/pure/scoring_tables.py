"""Tables and lines that Hypothesis draws for the properties of the score grammar (E-2)."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from portal.pure.scoring import Band, Bar, Category, Group, Kind, Line, Rule, Side, Subject, Table

ONE = Decimal(1)


def decimals(low: str, high: str, places: int = 2) -> st.SearchStrategy[Decimal]:
    return st.decimals(Decimal(low), Decimal(high), places=places, allow_nan=False, allow_infinity=False)


positive = decimals("0.01", "60")
points = st.one_of(decimals("-20", "-0.01"), decimals("0.01", "20"))
words = st.text("考评窗口办件服务超期差错", min_size=1, max_size=8)
sources = st.lists(
    st.sampled_from(["hand", "clue:overdue", "fact:satisfaction"]), min_size=1, max_size=3, unique=True
).map(tuple)


@st.composite
def rules(draw: st.DrawFn, code: str, groups: list[str]) -> Rule:
    kind = draw(st.sampled_from(Kind))
    low = draw(decimals("-10", "5"))
    steps = sorted(draw(st.lists(decimals("0", "100"), max_size=3, unique=True)))
    bands = tuple(Band(start, draw(st.one_of(st.none(), points))) for start in (None, *steps))
    pointed = kind in (Kind.OCCURRENCE, Kind.PER_DAY, Kind.PER_POINT, Kind.FIXED)
    bar = draw(st.sampled_from([each for each in Bar if each or kind is not Kind.DISQUALIFY]))
    return Rule(
        code,
        draw(words),
        kind,
        points=draw(st.one_of(st.none(), points)) if pointed else None,
        low=low if kind is Kind.RANGE else None,
        high=low + draw(positive) if kind is Kind.RANGE else None,
        bands=bands if kind is Kind.BAND else (),
        mark=draw(decimals("0", "100")) if kind is Kind.PER_POINT else None,
        side=draw(st.sampled_from(Side)),
        per=draw(st.sampled_from([ONE, Decimal(2), Decimal(3)])),
        whole=draw(st.booleans()),
        cap=draw(st.one_of(st.none(), positive)),
        group=draw(st.sampled_from(["", *groups])),
        source=draw(sources),
        yearly=draw(st.booleans()),
        disqualifies=bar,
        times=draw(st.sampled_from([ONE, Decimal(3)])) if bar else ONE,
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
        tuple(draw(rules(f"{code}.{n}", names)) for n in range(draw(st.integers(1, 4)))),
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
    from dataclasses import replace

    return replace(category, groups=(), rules=tuple(replace(rule, group="") for rule in category.rules))


@st.composite
def months(draw: st.DrawFn, most: int = 12) -> tuple[Table, list[Line]]:
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
