"""Policy values of eligibility and of the yearly grades (E-5, E-7, A-4, P-5, POL-1)."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.policy.definition import Definition, up_to, wd
from portal.policy.kinds import BooleanKind, ChoiceKind, IntegerKind, Measure, Value
from portal.policy.source import Source
from portal.policy.survey_values import ScaleKind
from portal.pure.scale import read_scale


@dataclass(frozen=True)
class GradesKind(ScaleKind):
    """A scale of exactly so many grades."""

    count: int = 4

    @property
    def hint(self) -> LazyString:
        return _l("请按“优秀=90、合格=60”的格式由高到低填写 %(count)s 个等次，分值 0 至 100。", count=self.count)

    def read(self, text: str) -> str:
        line = super().read(text)
        if len(read_scale(line)) != self.count:
            raise self.refuse("not_a_scale")
        return line


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


_SERVICE = _l("在本单位连续任岗的整月数，按评选时段的最后一天计算；填 0 的，不要求任岗时间。")
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

_SETS = {"three": _l("三个等次"), "four": _l("四个等次"), "five": _l("五个等次（A 至 E）")}
_SCALE = _l("由高到低列出等次和进入该等次的最低总分；低于最后一等分数的，也定为最后一等。")
_QUOTA = _l("占参加考评总数的百分比，按此计算的名额舍去小数。")
_WEIGHT = _l("在民主评议中所占的权重；没有评议票的一方，权重由其他各方按比例分担。")
_SHARE = _l("在个人年度总分中所占的比重；没有成绩的部分，比重由其他部分按比例分担。")
_HONOUR = _l("年度内所获荣誉的加分，以十分之一分计；同一级别只计一次，多个级别取最高一级。")


def _set(key: str, default: str, label: LazyString) -> Definition:
    text = _l("开始一年的考评时采用，已经开始的不受影响。")
    return Definition(f"yearly_grade.{key}", ChoiceKind(_SETS), default, label, text, Source.SURROUNDING, ("E-5",))


def _scale(key: str, count: int, default: str, label: LazyString) -> Definition:
    kind = GradesKind(200, count=count)
    return Definition(f"yearly_grade.{key}", kind, default, label, _SCALE, Source.OWN, ("E-5",))


def _percent(
    key: str, default: int, label: LazyString, text: LazyString, rule: str, source: Source = Source.SURROUNDING
) -> Definition:
    return _number(f"yearly_grade.{key}", 0, 100, Measure.PERCENT, default, label, text, rule, source)


def _honour(level: str, default: int, label: LazyString) -> Definition:
    return _number(f"yearly_grade.honour_{level}", 0, 100, Measure.TENTHS, default, label, _HONOUR, "E-7")


GRADES = (
    _set("set_department", "three", _l("科室年度考评的等次")),
    _set("set_person", "five", _l("个人年度考评的等次")),
    _scale("scale_three", 3, "优秀=90、合格=60、不合格=0", _l("三个等次的名称和分数线")),
    _scale("scale_four", 4, "优秀=90、称职=75、基本称职=60、不称职=0", _l("四个等次的名称和分数线")),
    _scale("scale_five", 5, "A=90、B=80、C=70、D=60、E=0", _l("五个等次的名称和分数线")),
    _percent("quota_first", 20, _l("第一等的名额"), _QUOTA, "E-5"),
    _percent("quota_second", 60, _l("五个等次时前两等合计的名额"), _QUOTA, "E-5"),
    _number(
        "yearly_grade.barred_grades",
        1,
        2,
        Measure.TIMES,
        1,
        _l("一票否决后不能评的等次数"),
        _l("被一票否决或者没有评选资格的，自第一等起有几个等次不能评。"),
        "E-5",
        Source.CORE,
    ),
    Definition(
        "yearly_grade.ties",
        ChoiceKind(
            {"together": _l("同分同等，名额不够时都进入下一等"), "compared": _l("先比服务对象评分，再比月度均分")}
        ),
        "together",
        _l("总分相同时的定等办法"),
        _l("比较之后仍然相同的，同分同等；任何情况下不突破名额。"),
        Source.OWN,
        ("E-5",),
    ),
    Definition(
        "yearly_grade.way",
        ChoiceKind({"department": _l("部门内互评和负责人评议"), "levels": _l("领导、科室负责人、其他人员分层评议")}),
        "department",
        _l("民主评议的方式"),
        _l("部门内互评的，服务对象评分计入评议；分层评议的，服务对象评分单独计入总分。"),
        Source.SURROUNDING,
        ("E-7",),
    ),
    _percent("weight_self", 0, _l("自评的权重"), _WEIGHT, "E-7"),
    _percent("weight_peers", 40, _l("部门内互评的权重"), _WEIGHT, "E-7"),
    _percent("weight_heads", 40, _l("负责人评议的权重"), _WEIGHT, "E-7"),
    _percent("weight_clients", 20, _l("服务对象评分的权重"), _WEIGHT, "E-7"),
    _percent("level_leaders", 50, _l("分层评议：领导的权重"), _WEIGHT, "E-7"),
    _percent("level_heads", 30, _l("分层评议：科室负责人的权重"), _WEIGHT, "E-7"),
    _percent("level_others", 20, _l("分层评议：其他人员的权重"), _WEIGHT, "E-7"),
    _percent("share_months", 50, _l("月度考评均分的比重"), _SHARE, "E-5", Source.OWN),
    _percent("share_ballots", 40, _l("民主评议的比重"), _SHARE, "E-7", Source.OWN),
    _percent("share_clients", 15, _l("分层评议时服务对象评分的比重"), _SHARE, "E-7"),
    _percent("share_duty", 10, _l("年终述职评议的比重"), _SHARE, "P-5", Source.OWN),
    Definition(
        "yearly_grade.marks",
        GradesKind(200, count=4),
        "好=90、良好=80、一般=60、差=50",
        _l("民主评议的等次和分值"),
        _l("评议票上的四个等次；服务对象评议和述职评议的四个等次按同样的分值折算。"),
        Source.SURROUNDING,
        ("E-7",),
    ),
    Definition(
        "yearly_grade.drop_extremes",
        BooleanKind(),
        True,
        _l("去掉一个最高分和一个最低分"),
        _l("每一方的评议票达到三张的，先去掉一个最高分和一个最低分，再计算平均分。"),
        Source.SURROUNDING,
        ("E-7",),
    ),
    _number(
        "yearly_grade.least_papers",
        2,
        20,
        Measure.TIMES,
        3,
        _l("评议票的最少张数"),
        _l("一个人的评议票总数少于此数的不计分；有任何一方少于此数的，只公布合计，不公布各方评分。"),
        "E-7",
        Source.OWN,
    ),
    _honour("county", 10, _l("县级荣誉加分")),
    _honour("city", 15, _l("市级荣誉加分")),
    _honour("province", 20, _l("省级荣誉加分")),
    _honour("nation", 25, _l("国家级荣誉加分")),
    _number(
        "yearly_grade.honour_cap",
        0,
        200,
        Measure.TENTHS,
        100,
        _l("荣誉加分的上限"),
        _l("以十分之一分计。"),
        "E-7",
    ),
    Definition(
        "yearly_grade.object_within",
        up_to(15),
        wd(3),
        _l("对年度考评结果提出异议的期限"),
        _l("自结果告知本人或者本科室之时起。"),
        Source.OWN,
        ("E-6",),
    ),
    Definition(
        "yearly_grade.rule_within",
        up_to(30),
        wd(10),
        _l("对异议作出裁定的期限"),
        _l("自提出异议之时起；裁定以前不能提交审核。"),
        Source.OWN,
        ("E-6",),
    ),
)

DEFINITIONS = (*ELIGIBILITY, *GRADES)
