"""What the score table itself takes away: named among the reasons against somebody, with its rule (E-5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from portal.pure.eligibility import Hindrance
from portal.pure.scoring import Bar, Kind, Rule
from portal.score_evidence import eligibility, service
from tests.score_evidence import month as m
from tests.score_evidence.month import AFTER, MONTH, actor, clue, compute, of


@pytest.mark.parametrize(("bar", "in_year"), [(Bar.MONTH, []), (Bar.YEAR, ["未经报备即答复"])])
def test_a_rule_that_disqualifies_is_named(office, act, bar, in_year):
    out = Rule("out", "未经报备即答复", Kind.DISQUALIFY, source=("clue:unfiled_denial",), disqualifies=bar)
    work = m.PERSONS.categories[0]
    table = replace(m.PERSONS, categories=(replace(work, rules=(*work.rules, out)),))
    who = office.users["clerk"]

    def named(**over):
        found = eligibility.reasons(who, **over)
        return [text for each in found if each.hindrance is Hindrance.DISQUALIFIED for text in each.sources]

    with act():
        m.in_force(table)
        clue("unfiled:A", "unfiled_denial", 8, post=office.posts["YW-1"], person=who)
        compute(subject="person")
    assert named(month=MONTH) == []  # objections are open
    later = AFTER + m.days(8)
    with act():
        service.settle(actor("office", later), of("person"), later)
    assert named(month=MONTH) == ["未经报备即答复"]
    assert named(month=date(2026, 10, 1)) == []
    assert named(year=2026) == in_year
    said = [eligibility.words(r) for r in eligibility.reasons(who, month=MONTH)]
    assert "评分表规定一票否决（未经报备即答复）" in said
