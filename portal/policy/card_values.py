"""Policy values of message cards, training of backups, and reports on duty (AB-6, AB-7, P-5)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.policy.definition import Definition, up_to, wd
from portal.policy.kinds import BooleanKind, ChoiceKind, IntegerKind, Measure
from portal.policy.source import Source

DEFINITIONS = (
    Definition(
        "backup_training.sessions_a_year",
        IntegerKind(0, 24, Measure.TIMES),
        2,
        _l("每个岗位每年的培训次数"),
        _l("B 岗每年至少接受几次 A 岗业务培训，年度统计按此判断是否达到。"),
        Source.OWN,
        ("AB-7",),
    ),
    Definition(
        "duty_report.circle",
        ChoiceKind(
            {
                "department": _l("本科室全体、科室负责人和分管领导"),
                "leading": _l("科室负责人和分管领导"),
                "unit": _l("全体人员"),
            }
        ),
        "department",
        _l("述职评议范围"),
        _l("准备年度述职时按此列出每个人的评议人，开始之前可以逐人调整。"),
        Source.CORE,
        ("P-5",),
    ),
    Definition(
        "message_card.answer_within",
        up_to(5),
        wd(1),
        _l("留言答复时限"),
        _l("科室返回后答复留言的时限；科室有人在岗时，自留言之时起算。"),
        Source.CORE,
        ("AB-6",),
    ),
    Definition(
        "message_card.per_address",
        IntegerKind(1, 100, Measure.TIMES),
        5,
        _l("同一地址每小时留言上限"),
        _l("同一网络地址一小时内最多可以留言的次数，防止恶意提交。"),
        Source.OWN,
        ("AB-6",),
    ),
    Definition(
        "message_card.per_department",
        IntegerKind(1, 500, Measure.TIMES),
        40,
        _l("同一科室每小时留言上限"),
        _l("一个科室一小时内最多接收的留言数，防止恶意提交。"),
        Source.OWN,
        ("AB-6",),
    ),
    Definition(
        "message_card.when_present",
        BooleanKind(),
        True,
        _l("有人在岗时也可留言"),
        _l("选“否”的，科室有人在岗时，留言页只显示地点、电话和办公时间。"),
        Source.OWN,
        ("AB-6",),
    ),
)
