"""Policy values of eligibility and of the yearly grades (E-5, E-7, A-4, P-5, POL-1)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.policy.definition import Definition
from portal.policy.kinds import IntegerKind, Measure, Value
from portal.policy.source import Source


def _number(
    key: str,
    low: int,
    high: int,
    measure: Measure,
    default: Value,
    label: LazyString,
    text: LazyString,
    rule: str = "E-5",
    source: Source = Source.SURROUNDING,
) -> Definition:
    return Definition(key, IntegerKind(low, high, measure), default, label, text, source, (rule,))


_SERVICE = _l("在本单位连续任岗的整月数，按评选时段的最后一天计算。")
_LEAVE = _l("自年初起累计的工作日天数，超过此数的不得参加评选。")
_COMPLAINTS = _l("经查实的投诉达到此数的，不得参加评选。")

ELIGIBILITY = (
    _number("eligibility.months_month", 0, 60, Measure.MONTHS, 3, _l("月度、季度评选的任岗时间"), _SERVICE),
    _number("eligibility.months_year", 0, 60, Measure.MONTHS, 12, _l("年度评选的任岗时间"), _SERVICE),
    _number("eligibility.private_days", 0, 250, Measure.DAYS, 20, _l("参加评选的事假上限"), _LEAVE),
    _number("eligibility.sick_days", 0, 250, Measure.DAYS, 30, _l("参加评选的病假上限"), _LEAVE),
    _number("eligibility.complaints_month", 1, 20, Measure.TIMES, 1, _l("失去当月评选资格的有效投诉"), _COMPLAINTS),
    _number("eligibility.complaints_year", 1, 20, Measure.TIMES, 3, _l("失去年度评选资格的有效投诉"), _COMPLAINTS),
)

DEFINITIONS = ELIGIBILITY
