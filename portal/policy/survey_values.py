"""Policy values of surveys and meetings with clients (S-2, POL-1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.policy.definition import Definition
from portal.policy.kinds import BooleanKind, IntegerKind, Measure, TextKind
from portal.policy.source import Source
from portal.pure.scale import read_scale


@dataclass(frozen=True)
class ScaleKind(TextKind):
    """The grades of a scale with their points, best first."""

    name: ClassVar[str] = "text"

    @property
    def hint(self) -> LazyString:
        return _l("请按“很满意=100、满意=80”的格式由高到低填写 2 至 10 个等次，分值 0 至 100。")

    def read(self, text: str) -> str:
        line = super().read(text)
        try:
            read_scale(line)
        except ValueError:
            raise self.refuse("not_a_scale") from None
        return line


DEFINITIONS = (
    Definition(
        "survey.answers_per_address",
        IntegerKind(1, 1000, Measure.TIMES),
        20,
        _l("同一地址每天答卷上限"),
        _l("同一网络地址一天内最多可以提交的问卷份数，防止刷票；同一单位常共用一个地址，不宜过小。"),
        Source.OWN,
        ("S-2",),
    ),
    Definition(
        "survey.answers_per_day",
        IntegerKind(10, 100_000, Measure.TIMES),
        2000,
        _l("一份问卷每天答卷上限"),
        _l("一份问卷一天内最多接受的答卷份数。"),
        Source.OWN,
        ("S-2",),
    ),
    Definition(
        "survey.clients_kept_days",
        IntegerKind(0, 3650, Measure.DAYS),
        180,
        _l("抽样名单保留时间"),
        _l("问卷截止后，服务对象名单保留多少天，期满由平台删除；抽样的数量、种子和名单摘要长期保留。"),
        Source.OWN,
        ("S-2",),
    ),
    Definition(
        "survey.drop_extremes",
        BooleanKind(),
        False,
        _l("平均分去掉一个最高分和一个最低分"),
        _l("选“是”的，此后发布的问卷计算平均分时各去掉一个最高分和一个最低分。"),
        Source.SURROUNDING,
        ("S-2",),
    ),
    Definition(
        "survey.due_soon_workdays",
        IntegerKind(0, 30, Measure.WORKING_DAYS),
        5,
        _l("改进措施到期提醒"),
        _l("改进措施完成日期之前多少个工作日开始提醒责任科室。"),
        Source.OWN,
        ("S-2",),
    ),
    Definition(
        "survey.least_group",
        IntegerKind(2, 50, Measure.TIMES),
        5,
        _l("统计结果的最少人数"),
        _l("人数不足的问题和科室不显示结果，能由合计推算出来的一并不显示。以问卷发布时的值为准。"),
        Source.OWN,
        ("S-2",),
    ),
    Definition(
        "survey.meeting_warn_days",
        IntegerKind(0, 180, Measure.DAYS),
        45,
        _l("座谈会提醒"),
        _l("每半年召开一次服务对象座谈会；半年结束前多少天还没有记录的，提醒办公室。"),
        Source.SURROUNDING,
        ("S-2",),
    ),
    Definition(
        "survey.sample_percent",
        IntegerKind(1, 100, Measure.PERCENT),
        50,
        _l("抽样比例下限"),
        _l("从服务对象名单中随机抽取的人数不得低于名单的这一比例。"),
        Source.SURROUNDING,
        ("S-2",),
    ),
    Definition(
        "survey.scale",
        ScaleKind(200),
        "很满意=100、满意=80、基本满意=60、不满意=30、很不满意=0",
        _l("评分题的等次和分值"),
        _l("新发布的问卷中评分题使用的等次，由高到低，写明每个等次的分值；已发布的问卷不变。"),
        Source.OWN,
        ("S-2",),
    ),
    Definition(
        "survey.wrong_codes",
        IntegerKind(1, 100, Measure.TIMES),
        10,
        _l("答卷码每天输错上限"),
        _l("同一网络地址一天内输错答卷码达到次数后，当天不再接受，防止试码。"),
        Source.OWN,
        ("S-2",),
    ),
)
