"""The year over a change of score tables: what counted in its month never counts again (E-4, POL-1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

from portal.kernel import clock
from portal.kernel.db import db
from portal.pure.scoring import Category, Kind, Rule, Subject, Table
from portal.score_evidence import lines, queries, service
from portal.score_evidence.years import of_year
from tests.clue.house import there
from tests.score_evidence import month as month_of

RULES = (
    Rule("a", "柜台杂乱", Kind.OCCURRENCE, D(-1)),
    Rule("b", "好做法", Kind.OCCURRENCE, D(2), yearly=True, cap=D(5)),
)
BEFORE = Table("before", "旧表", Subject.DEPARTMENT, (Category("c", "全部", D(100), RULES),))
#: The same codes with another meaning: what was counted in the month would take ten points in the year.
GRAVE = Rule("a", "吃拿卡要", Kind.OCCURRENCE, D(-10), yearly=True)
AFTER = Table("after", "新表", Subject.DEPARTMENT, (Category("c", "全部", D(100), (GRAVE, RULES[1])),))


def _line(department: int, month: date, rule: str, times: int) -> None:
    day = month.replace(day=3)
    at = there(20, month=month.month)
    found = queries.month_of("department", month)
    what = lines.Proposal(department, rule, D(times), None, day, "情况属实。", "巡查")
    made = lines.propose(month_of.actor("office", at), found, what, (), at)
    lines.approve(month_of.actor("leader2", at), found, made, "同意", at)


def test_lines_of_an_earlier_table_keep_their_meaning(office):
    """November: two untidy counters and two good practices by the old table; December: two more by the new one."""
    november, december = date(2026, 11, 1), date(2026, 12, 1)
    department = office.departments["YW"]
    month_of.in_force(BEFORE, november)
    month_of.in_force(replace(AFTER, name="新表"), december)
    with clock.at(there(1, month=12)):
        service.open_months(there(1, month=12))
        db.session.flush()
    for month, times in ((november, 2), (december, 2)):
        with clock.at(there(20, month=month.month)):
            _line(department, month, "b", times)
            if month == november:
                _line(department, month, "a", 2)
    months = []
    for month, computed, settled in (
        (november, there(1, month=12), there(28, month=12)),
        (december, there(4, month=1, year=2027), there(20, month=1, year=2027)),
    ):
        with clock.at(computed):
            found = queries.month_of("department", month)
            service.compute(month_of.actor("office", computed), found, computed)
            months.append(queries.totals("department", month)[department])
        with clock.at(settled):
            service.settle(month_of.actor("office", settled), found, settled)
    assert months == [D(98), D(100)]
    found = of_year("department", 2026, {department: months})[department]
    # (98 + 100) ÷ 2 = 99; good practices 2 × 2 + 2 × 2 = 8, at most 5 in the year; the untidy counters count no more
    assert (found.average, found.added, found.total) == (D(99), D(5), D(104))
    assert of_year("department", 2026, {}) == {}
    assert of_year("person", 2026, {1: [D(100)]}) == {}
