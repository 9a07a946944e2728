"""Tables as data: what is refused, and where the refusal points (E-2, POL-2)."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.pure.scoring import Table, TableError, from_data, score, to_data
from portal.pure.scoring import checking as rules_of_tables
from portal.pure.scoring import data as pieces

MODEST = settings(max_examples=80, deadline=None, derandomize=True)

GOOD: dict[str, Any] = {
    "code": "own",
    "name": "本单位评分表",
    "subject": "department",
    "total_cap": "110",
    "source": "本单位",
    "note": "说明\n两行",
    "categories": [
        {
            "code": "1",
            "name": "办件",
            "base": "40",
            "weight": "50",
            "cap": "45",
            "groups": [
                {"code": "1-1", "name": "小项", "base": "10"},
                {"code": "1-2", "name": "小项", "strongest": True},
            ],
            "rules": [
                {"code": "1.1", "text": "超期", "kind": "per_day", "points": "-2", "source": ["fact:days_overdue"]},
                {"code": "1.2", "text": "酌情", "kind": "range", "low": "-5", "high": "-2", "source": ["hand"]},
                {
                    "code": "1.3",
                    "text": "覆盖率",
                    "kind": "band",
                    "bands": [{"points": "-4"}, {"start": "30", "points": "-2"}, {"start": "50", "points": "0"}],
                    "source": ["fact:coverage"],
                    "group": "1-1",
                },
            ],
        },
        {
            "code": "2",
            "name": "奖扣",
            "rules": [
                {
                    "code": "2.1",
                    "text": "满意率",
                    "kind": "per_point",
                    "points": "0.5",
                    "mark": "90",
                    "side": "above",
                    "per": "2",
                    "whole": False,
                    "cap": "3",
                    "source": ["fact:satisfaction", "hand"],
                    "yearly": True,
                },
                {
                    "code": "2.2",
                    "text": "投诉",
                    "kind": "disqualify",
                    "disqualifies": "year",
                    "times": "3",
                    "source": ["clue:confirmed_complaint"],
                },
            ],
        },
    ],
}


def at(data: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


def changed(path: tuple[str | int, ...], value: Any) -> Any:
    made = copy.deepcopy(GOOD)
    at(made, path[:-1])[path[-1]] = value
    return made


def without(path: tuple[str | int, ...]) -> Any:
    made = copy.deepcopy(GOOD)
    del at(made, path[:-1])[path[-1]]
    return made


def refusal(data: Any) -> tuple[str, str]:
    with pytest.raises(TableError) as refused:
        from_data(data)
    assert refused.value.code in (*pieces.CODES, *rules_of_tables.CODES)
    assert str(refused.value) == f"{refused.value.place}: {refused.value.code}"
    return refused.value.place, refused.value.code


def test_good_data_is_a_table_and_comes_back_as_it_was() -> None:
    table = from_data(GOOD)
    assert to_data(table) == GOOD
    assert from_data(json.loads(json.dumps(to_data(table)))) == table
    assert score(table, ()).total == 20


def test_a_draft_may_be_empty() -> None:
    assert from_data({"code": "own", "name": "x", "subject": "person", "categories": []}).categories == ()


CATEGORY, RULE = ("categories", 0), ("categories", 0, "rules", 0)


@pytest.mark.parametrize(
    ("path", "value", "place", "code"),
    [
        (("code",), "", "code", "missing"),
        (("code",), "Own Table", "code", "code"),
        (("name",), 7, "name", "text"),
        (("name",), " x", "name", "text"),
        (("name",), "   ", "name", "text"),
        (("name",), "a\x00b", "name", "text"),
        (("name",), "长" * 101, "name", "too_long"),
        (("subject",), "window", "subject", "choice"),
        (("subject",), ["person"], "subject", "choice"),
        (("subject",), None, "subject", "missing"),
        (("total_cap",), 110, "total_cap", "number"),
        (("total_cap",), 1.5, "total_cap", "number"),
        (("total_cap",), "1e3", "total_cap", "number"),
        (("total_cap",), "NaN", "total_cap", "number"),
        (("total_cap",), "１１０", "total_cap", "number"),
        (("total_cap",), "1.00001", "total_cap", "number"),
        (("total_cap",), "0", "total_cap", "positive"),
        (("categories",), None, "categories", "missing"),
        (("categories",), {}, "categories", "list"),
        (("categories",), ["x"], "categories[0]", "object"),
        (("categories",), [{}] * 21, "categories", "too_many"),
        (("colour",), "red", "colour", "unknown"),
        ((*CATEGORY, "base"), "0", "categories[0].base", "positive"),
        ((*CATEGORY, "weight"), "101", "categories[0].weight", "weight"),
        ((*CATEGORY, "cap"), "39", "categories[0].cap", "over_base"),
        ((*CATEGORY, "cap"), "-1", "categories[0].cap", "positive"),
        ((*CATEGORY, "rules"), "x", "categories[0].rules", "list"),
        (("categories", 1, "code"), "1", "categories[1].code", "repeated"),
        ((*CATEGORY, "groups", 1, "code"), "1-1", "categories[0].groups[1].code", "repeated"),
        ((*CATEGORY, "groups", 1, "base"), "31", "categories[0].groups[1].base", "over_base"),
        ((*CATEGORY, "groups", 0, "cap"), "0", "categories[0].groups[0].cap", "positive"),
        ((*CATEGORY, "groups", 1, "strongest"), 1, "categories[0].groups[1].strongest", "yes_no"),
        (("categories", 1, "groups"), [{"code": "g", "name": "g", "base": "1"}],
         "categories[1].groups[0].base", "not_used"),
        ((*RULE, "kind"), "sometimes", "categories[0].rules[0].kind", "choice"),
        ((*RULE, "points"), "two", "categories[0].rules[0].points", "number"),
        ((*RULE, "points"), "0", "categories[0].rules[0].points", "zero"),
        ((*RULE, "low"), "-3", "categories[0].rules[0].low", "not_used"),
        ((*RULE, "mark"), "3", "categories[0].rules[0].mark", "not_used"),
        ((*RULE, "bands"), [{"points": "1"}], "categories[0].rules[0].bands", "not_used"),
        ((*RULE, "per"), "0", "categories[0].rules[0].per", "positive"),
        ((*RULE, "cap"), "0", "categories[0].rules[0].cap", "positive"),
        ((*RULE, "times"), "2", "categories[0].rules[0].times", "not_used"),
        ((*RULE, "group"), "9-9", "categories[0].rules[0].group", "no_group"),
        ((*RULE, "yearly"), "yes", "categories[0].rules[0].yearly", "yes_no"),
        ((*RULE, "source"), [], "categories[0].rules[0].source", "empty"),
        ((*RULE, "source"), "hand", "categories[0].rules[0].source", "list"),
        ((*RULE, "source"), ["hand", 3], "categories[0].rules[0].source[1]", "text"),
        ((*RULE, "source"), ["hand", "hand"], "categories[0].rules[0].source[1]", "repeated"),
        ((*RULE, "source"), ["rumour"], "categories[0].rules[0].source[0]", "source"),
        ((*CATEGORY, "rules", 1, "points"), "-3", "categories[0].rules[1].points", "not_used"),
        ((*CATEGORY, "rules", 1, "high"), "-5", "categories[0].rules[1].high", "range"),
        ((*CATEGORY, "rules", 1, "code"), "1.1", "categories[0].rules[1].code", "repeated"),
        (("categories", 1, "rules", 0, "code"), "1.1", "categories[1].rules[0].code", "repeated"),
        ((*CATEGORY, "rules", 2, "bands", 0, "start"), "1", "categories[0].rules[2].bands[0].start", "order"),
        ((*CATEGORY, "rules", 2, "bands", 2, "start"), "30", "categories[0].rules[2].bands[2].start", "order"),
        ((*CATEGORY, "rules", 2, "bands", 2, "start"), None, "categories[0].rules[2].bands[2].start", "order"),
        (("categories", 1, "rules", 0, "mark"), "-1", "categories[1].rules[0].mark", "not_negative"),
        (("categories", 1, "rules", 0, "side"), "beside", "categories[1].rules[0].side", "choice"),
        (("categories", 1, "rules", 1, "disqualifies"), "", "categories[1].rules[1].disqualifies", "disqualifies"),
        (("categories", 1, "rules", 1, "times"), "0", "categories[1].rules[1].times", "positive"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_at_its_place(path: tuple[str | int, ...], value: Any, place: str, code: str) -> None:
    assert refusal(changed(path, value)) == (place, code)


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("code",), "code"),
        (("categories",), "categories"),
        ((*CATEGORY, "name"), "categories[0].name"),
        ((*CATEGORY, "rules"), "categories[0].rules"),
        ((*CATEGORY, "groups", 0, "name"), "categories[0].groups[0].name"),
        ((*RULE, "text"), "categories[0].rules[0].text"),
        ((*RULE, "kind"), "categories[0].rules[0].kind"),
        ((*RULE, "source"), "categories[0].rules[0].source"),
    ],
)
def test_what_is_needed_is_asked_for(path: tuple[str | int, ...], place: str) -> None:
    assert refusal(without(path)) == (place, "missing")


@pytest.mark.parametrize("data", [None, [], "x", 3, True])
def test_what_is_no_object_is_no_table(data: Any) -> None:
    assert refusal(data) == ("table", "object")


def _paths(data: Any, here: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [here] if here else []
    if isinstance(data, dict | list):
        for step in data if isinstance(data, dict) else range(len(data)):
            found += _paths(data[step], (*here, step))
    return found


nonsense = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=5),
        st.sampled_from(["-1", "0", "0.5", "1", "100", "hand", "range", "band", "year", "1.1", "1-1", "\ud800"]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=5,
)


@MODEST
@given(st.lists(st.tuples(st.sampled_from(_paths(GOOD)), nonsense), min_size=1, max_size=3))
def test_whatever_is_put_into_a_table_it_is_read_or_refused(changes: list[tuple[tuple[str | int, ...], Any]]) -> None:
    data = copy.deepcopy(GOOD)
    for path, value in changes:
        try:
            at(data, path[:-1])[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took that place away
    _read_or_refused(data)


@MODEST
@given(nonsense)
def test_anything_at_all_is_read_or_refused(data: Any) -> None:
    _read_or_refused(data)


def _read_or_refused(data: Any) -> None:
    refused: TableError | None = None
    try:
        table = from_data(data)
    except TableError as error:
        refused = error
    if refused is not None:
        assert refused.place
        assert refused.code in (*pieces.CODES, *rules_of_tables.CODES)
        return
    assert isinstance(table, Table)
    assert from_data(to_data(table)) == table
    score(table, ())
