"""Policy values of yearly work plans (E-1, POL-1)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.policy.definition import Definition
from portal.policy.kinds import IntegerKind, Measure
from portal.policy.source import Source

DEFINITIONS = (
    Definition(
        "work_plan.due_soon_days",
        IntegerKind(1, 60, Measure.DAYS),
        7,
        _l("计划事项临期的天数"),
        _l("距完成期限不足此天数（按日历日计）的，亮黄灯并列入待办。"),
        Source.OWN,
        ("E-1", "T-6"),
    ),
    Definition(
        "work_plan.extensions",
        IntegerKind(0, 5, Measure.TIMES),
        1,
        _l("计划事项延期的次数"),
        _l("每个计划事项最多可以同意延期的次数；再要变动，须按调整程序报班子会。"),
        Source.OWN,
        ("E-1", "T-5"),
    ),
    Definition(
        "work_plan.mid_review_after_months",
        IntegerKind(3, 9, Measure.MONTHS),
        6,
        _l("年中检查的时间"),
        _l("计划年度开始后满此月数的，提示科室提交年中检查的自查。"),
        Source.CORE,
        ("E-1",),
    ),
    Definition(
        "work_plan.year_review_after_months",
        IntegerKind(9, 12, Measure.MONTHS),
        11,
        _l("年终总结的时间"),
        _l("计划年度开始后满此月数的，提示科室提交年终总结的自查；年中检查不再受理。"),
        Source.CORE,
        ("E-1",),
    ),
)
