"""Policy values of complaints (A-5, POL-1)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.policy.definition import Definition
from portal.policy.kinds import BooleanKind, IntegerKind, LimitKind, Measure, TextKind
from portal.policy.source import Source
from portal.policy.words import load
from portal.pure.limits import Limit, Unit

DEFINITIONS = (
    Definition(
        "complaint.answer_within",
        LimitKind({Unit.DAYS: 60, Unit.WORKING_DAYS: 40}),
        Limit(7, Unit.DAYS),
        _l("投诉答复时限"),
        _l("自收到投诉之日起答复投诉人的时限；转其他机关、不予受理的，也在此时限内书面告知。"),
        Source.SURROUNDING,
        ("A-5",),
    ),
    Definition(
        "complaint.close_after_days",
        IntegerKind(1, 180, Measure.DAYS),
        15,
        _l("答复后等待评价的天数"),
        _l("答复后投诉人没有评价满意度的，满此天数自动办结。"),
        Source.OWN,
        ("A-5",),
    ),
    Definition(
        "complaint.extension_days",
        IntegerKind(1, 60, Measure.DAYS),
        15,
        _l("投诉延期最多天数"),
        _l("期满前说明理由可以延期一次，最多延长的天数。"),
        Source.OWN,
        ("A-5",),
    ),
    Definition(
        "complaint.identity_kept_days",
        IntegerKind(30, 3650, Measure.DAYS),
        730,
        _l("投诉人身份的保存天数"),
        _l("投诉办结后满此天数，姓名、电话、地址、投诉人补充的内容和附件一并抹去，投诉本身保留。"),
        Source.OWN,
        ("A-5", "J-1"),
    ),
    Definition(
        "complaint.officer_from_elsewhere",
        BooleanKind(),
        True,
        _l("承办人须来自其他科室"),
        _l("投诉不能交被投诉科室的人员承办、决定和审定；关闭后只排除被投诉人本人和经手人。"),
        Source.OWN,
        ("A-5",),
    ),
    Definition(
        "complaint.per_address",
        IntegerKind(1, 100, Measure.TIMES),
        5,
        _l("同一地址每小时投诉上限"),
        _l("同一网络地址一小时内在公开页面最多提交的投诉件数，防止恶意刷投诉。"),
        Source.OWN,
        ("A-5",),
    ),
    Definition(
        "complaint.summary_least",
        IntegerKind(1, 20, Measure.TIMES),
        3,
        _l("投诉汇总最少公布件数"),
        _l("季度汇总中件数少于此数的分组不显示，以免看出投诉人是谁。"),
        Source.OWN,
        ("A-5",),
    ),
    Definition(
        "complaint.where_to_turn",
        TextKind(300),
        load("defaults")["where_to_turn"],
        _l("投诉答复的告知事项"),
        _l("印在答复书末尾，告诉投诉人不满意答复时怎么办。"),
        Source.OWN,
        ("A-5",),
    ),
)
