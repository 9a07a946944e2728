"""Policy values of evaluation by clients (S-1, S-3, POL-1)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.policy.definition import Definition
from portal.policy.kinds import ChoiceKind, IntegerKind, Measure, TextKind
from portal.policy.source import Source

_FOUR = {"1": _l("第一档（好）"), "2": _l("第二档（较好）"), "3": _l("第三档（一般）"), "4": _l("第四档（差）")}
_HELP_REASONS = _l("选了这一等次的服务对象可以勾选的原因，用顿号隔开；留空则不列原因。")
_HELP_FOUR = _l("上级要求按四档统计时，这一等次归入哪一档。")
_GRADES = (
    ("very_satisfied", "1", _l("非常满意的原因"), _l("非常满意归入"), "态度热情、办理很快、一次办好、讲解清楚"),
    ("satisfied", "1", _l("满意的原因"), _l("满意归入"), "态度好、按时办好、讲解清楚、少跑腿"),
    (
        "basically_satisfied",
        "2",
        _l("基本满意的原因"),
        _l("基本满意归入"),
        "等候偏久、讲解不够清楚、跑了两次、环境一般",
    ),
    (
        "dissatisfied",
        "3",
        _l("不满意的原因"),
        _l("不满意归入"),
        "态度生硬、没有一次告知、超过承诺时间、互相推诿、工作时间没人",
    ),
    (
        "very_dissatisfied",
        "4",
        _l("非常不满意的原因"),
        _l("非常不满意归入"),
        "态度恶劣、故意刁难、多次跑腿、超过承诺时间、违规收费、吃拿卡要",
    ),
)

DEFINITIONS = (
    *(
        Definition(
            f"evaluation.reasons_{grade}",
            TextKind(200, optional=True),
            words,
            label,
            _HELP_REASONS,
            Source.OWN,
            ("S-1",),
        )
        for grade, _four, label, _label_four, words in _GRADES
    ),
    *(
        Definition(f"evaluation.four_{grade}", ChoiceKind(_FOUR), four, label, _HELP_FOUR, Source.OWN, ("S-1",))
        for grade, four, _label, label, _words in _GRADES
    ),
    Definition(
        "evaluation.batch",
        IntegerKind(5, 100, Measure.TIMES),
        5,
        _l("匿名评议每批最少票数"),
        _l("匿名评议先投入票箱，一个科室攒够这么多票才一起计入统计；评议单过期时不足的也一并计入。"),
        Source.OWN,
        ("S-1",),
    ),
    Definition(
        "evaluation.withheld_below",
        IntegerKind(5, 50, Measure.TIMES),
        5,
        _l("评议结果不公布的票数"),
        _l("一个科室一个月的票数少于这个数时，不显示结果，也不计入可以推算出它的合计。"),
        Source.OWN,
        ("S-2", "S-3"),
    ),
    Definition(
        "evaluation.valid_days",
        IntegerKind(1, 28, Measure.DAYS),
        10,
        _l("评议单的有效期"),
        _l("当月发出的评议单，到次月第几日为止可以使用；过后这个月的评议结果不再变动。"),
        Source.OWN,
        ("S-1",),
    ),
    Definition(
        "evaluation.coverage_low",
        IntegerKind(1, 100, Measure.PERCENT),
        30,
        _l("评议覆盖率的下限"),
        _l("评议票数占当月办结数的比例低于此数的，扣分最多。"),
        Source.SURROUNDING,
        ("S-3",),
    ),
    Definition(
        "evaluation.coverage_middle",
        IntegerKind(1, 100, Measure.PERCENT),
        50,
        _l("评议覆盖率的要求"),
        _l("评议票数占当月办结数的比例低于此数、不低于下限的，扣分较少。"),
        Source.SURROUNDING,
        ("S-3",),
    ),
    Definition(
        "evaluation.wrong_per_address",
        IntegerKind(1, 500, Measure.TIMES),
        20,
        _l("评议码：同一地址可输错次数"),
        _l("同一网络地址输错评议码这么多次后暂停；计数和暂停的时间与办件查询相同。"),
        Source.OWN,
        ("S-1",),
    ),
    Definition(
        "evaluation.wrong_per_kiosk",
        IntegerKind(1, 1000, Measure.TIMES),
        100,
        _l("评议码：一台评议终端可输错次数"),
        _l("窗口的评议终端由许多人使用，可以比同一地址宽一些。"),
        Source.OWN,
        ("S-1",),
    ),
    Definition(
        "evaluation.wrong_overall",
        IntegerKind(10, 10000, Measure.TIMES),
        500,
        _l("评议码：全部可输错次数"),
        _l("全部来访者一共输错评议码这么多次后，评议整体暂停，防止分散地址的猜测。"),
        Source.OWN,
        ("S-1",),
    ),
)
