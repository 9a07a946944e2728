"""The catalogue of policy values (POL-1): every number and wording that the office may set for itself.

A value's text of storage and its parsed form both come from its `Definition`; versions and the value in force are
kept elsewhere. A key is never reused for another meaning, because old versions refer to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.policy import (
    accountability_values,
    attendance_values,
    award_values,
    card_values,
    clue_values,
    commitment_values,
    complaint_values,
    evaluation_values,
    evidence_values,
    extension_values,
    inspection_values,
    joint_values,
    leave_values,
    openness_values,
    opinion_values,
    pause_reasons,
    people_values,
    plan_values,
    public_values,
    register_values,
    reminder_values,
    report_values,
    result_values,
    supervision_values,
    survey_values,
    wall_values,
    weak_values,
    yearly_values,
)
from portal.policy.definition import Definition, up_to, wd
from portal.policy.kinds import (
    BooleanKind,
    IntegerKind,
    LimitKind,
    Measure,
    PolicyError,
    TextKind,
    TimesKind,
    Value,
)
from portal.policy.source import Source
from portal.policy.words import load
from portal.pure.limits import Limit, Unit
from portal.pure.workdays import USUAL_HOURS

__all__ = ["GROUPS", "Definition", "PolicyError", "Value", "definition", "definitions"]

# Where a key stands: the part before its dot. The order is that of the settings page.
GROUPS: Mapping[str, LazyString] = MappingProxyType(
    {
        "calendar": _l("工作日历"),
        "timed_completion": _l("限时办结制"),
        "urging": _l("催办督办"),
        "reminder": _l("提醒"),
        "first_ask": _l("首问负责制"),
        "one_time_notice": _l("一次性告知制"),
        "denial_filing": _l("否定报备制"),
        "service_commitment": _l("服务承诺制"),
        "post_duty": _l("岗位责任制"),
        "leave": _l("请假"),
        "message_card": _l("留言卡"),
        "supervision_card": _l("办事监督卡"),
        "supervision": _l("效能督查"),
        "work_plan": _l("工作计划"),
        "weak_result": _l("考评整改"),
        "register": _l("工作台账"),
        "score_evidence": _l("考评依据"),
        "public": _l("公开页面"),
        "client_opinion": _l("服务对象意见"),
        "callback": _l("回访"),
        "openness": _l("信息公开"),
        "appointment": _l("预约服务"),
        "backup_training": _l("备岗培训"),
        "duty_report": _l("年终述职"),
        "monthly_result": _l("考评结果"),
        "completion_report": _l("办结统计"),
        "survey": _l("问卷评议"),
        "people": _l("人员与登录"),
        "attendance": _l("考勤与工作纪律"),
        "complaint": _l("投诉"),
        "clue": _l("问责线索"),
        "accountability": _l("责任追究"),
        "evaluation": _l("服务对象评议"),
        "eligibility": _l("评选资格"),
        "yearly_grade": _l("年度考评"),
        "award": _l("评先评优"),
        "attachments": _l("附件"),
        "journal": _l("日志"),
        "wall": _l("大屏"),
    }
)


def definition(key: str) -> Definition:
    """The definition of a key. Raises KeyError."""
    return _by_key()[key]


def definitions() -> tuple[Definition, ...]:
    """All definitions, sorted by key."""
    return _DEFINITIONS


@cache
def _by_key() -> Mapping[str, Definition]:
    return MappingProxyType({each.key: each for each in _DEFINITIONS})


_OWN = (
    Definition(
        "attachments.max_megabytes",
        IntegerKind(1, 100, Measure.MEGABYTES),
        20,
        _l("单个附件的大小上限"),
        _l("超过上限的文件不予上传。"),
        Source.OWN,
        ("J-4",),
    ),
    Definition(
        "calendar.office_hours",
        TimesKind(),
        USUAL_HOURS,
        _l("工作时间"),
        _l("每个工作日的办公时段。时限在最后一个时段结束时届满，工作小时只在时段内计算。"),
        Source.OWN,
        ("T-3", "T-2"),
    ),
    Definition(
        "denial_filing.decide_within",
        up_to(5),
        wd(1),
        _l("报备审批时限"),
        _l("分管领导自报备之时起作出决定的时限，并且不得迟于办件本身的时限。"),
        Source.OWN,
        ("D-5",),
    ),
    Definition(
        "denial_filing.deliver_within",
        LimitKind({Unit.DAYS: 10, Unit.WORKING_DAYS: 7}),
        Limit(7, Unit.DAYS),
        _l("书面决定送达时限"),
        _l("自报备之日起，将书面决定送达服务对象的时限。"),
        Source.CORE,
        ("D-5",),
    ),
    Definition(
        "denial_filing.where_to_object",
        TextKind(300),
        load("defaults")["where_to_object"],
        _l("救济途径的表述"),
        _l("印在书面决定末尾，告诉服务对象不服决定时怎么办。请按本单位的复议机关和管辖法院修改。"),
        Source.STATUTE,
        ("D-5",),
    ),
    Definition(
        "first_ask.dispute_within",
        up_to(3),
        wd(1),
        _l("转交异议时限"),
        _l("承接科室接收转交事项或者提出异议的时限。"),
        Source.OWN,
        ("F-4",),
    ),
    Definition(
        "first_ask.undo_minutes",
        IntegerKind(1, 60, Measure.MINUTES),
        10,
        _l("首问登记可撤销的时间"),
        _l("登记人在此时间内可以撤销自己的登记，撤销另留记录。"),
        Source.OWN,
        ("F-6", "J-3"),
    ),
    Definition(
        "first_ask.urgent_acknowledge_within",
        LimitKind({Unit.WORKING_HOURS: 8}),
        Limit(1, Unit.WORKING_HOURS),
        _l("紧急事项确认时限"),
        _l("主要负责人确认紧急重大事项的时限，逾期未确认的计为未确认。"),
        Source.OWN,
        ("F-5",),
    ),
    Definition(
        "journal.retention_days",
        IntegerKind(183, 36500, Measure.DAYS),
        183,
        _l("日志最短保存期限"),
        _l("不得少于六个月，即 183 天。"),
        Source.STATUTE,
        ("J-1",),
    ),
    Definition(
        "one_time_notice.remind_before",
        LimitKind({Unit.WORKING_DAYS: 10, Unit.DAYS: 14}),
        wd(3),
        _l("补正提醒提前量"),
        _l("在告知书所定日期之前多久提醒服务对象补正。"),
        Source.OWN,
        ("N-7",),
    ),
    Definition(
        "one_time_notice.supplement_within",
        LimitKind({Unit.WORKING_DAYS: 60, Unit.DAYS: 90}),
        wd(15),
        _l("补正期限"),
        _l("告知书上默认的补正日期，自告知之日起计算。"),
        Source.OWN,
        ("N-7",),
    ),
    Definition(
        "one_time_notice.written_always",
        BooleanKind(),
        False,
        _l("一律书面告知"),
        _l("选“是”的，对所有来访者都出具书面告知书；选“否”的，服务对象要求时出具。"),
        Source.CORE,
        ("N-3",),
    ),
    Definition(
        "post_duty.qualification_warn_days",
        IntegerKind(7, 365, Measure.DAYS),
        60,
        _l("资格到期提醒提前量"),
        _l("人员资格到期前多少天提醒办公室安排复审或者换证。"),
        Source.OWN,
        ("R-3",),
    ),
    Definition(
        "post_duty.task_extensions",
        IntegerKind(1, 5, Measure.TIMES),
        1,
        _l("交办事项延期次数"),
        _l("一件交办事项最多可以延期几次，每次都由交办人在到期之前准许。"),
        Source.OWN,
        ("P-4", "T-5"),
    ),
    Definition(
        "service_commitment.complaint_contact",
        TextKind(120, optional=True),
        "",
        _l("投诉方式"),
        _l("投诉电话或者地点，随服务事项目录公布，并印在出具给服务对象的文书上。"),
        Source.OWN,
        ("C-1", "C-5"),
    ),
    Definition(
        "timed_completion.acceptance_review",
        up_to(5),
        wd(1),
        _l("受理审核时限"),
        _l("自收到材料起，决定受理或者告知补正的时限；不得超过视为受理的期限。"),
        Source.CORE,
        ("T-1",),
    ),
    Definition(
        "timed_completion.due_soon_workdays",
        IntegerKind(1, 10, Measure.WORKING_DAYS),
        2,
        _l("临期提醒提前量"),
        _l("到期前多少个工作日进入“临期”。"),
        Source.OWN,
        ("T-6",),
    ),
    Definition(
        "timed_completion.enquiry",
        up_to(15),
        wd(3),
        _l("咨询答复时限"),
        _l("当场不能答复的咨询，自提出起的答复时限。"),
        Source.CORE,
        ("T-1",),
    ),
    Definition(
        "timed_completion.extension_max_joint",
        LimitKind({Unit.WORKING_DAYS: 15}),
        wd(15),
        _l("联办事项延期上限"),
        _l("联办事项一次延期的最长时间，法律规定为 15 个工作日以内。"),
        Source.STATUTE,
        ("T-5",),
    ),
    Definition(
        "timed_completion.extension_max_licence",
        LimitKind({Unit.WORKING_DAYS: 10}),
        wd(10),
        _l("行政许可延期上限"),
        _l("行政许可一次延期的最长时间，法律规定为 10 个工作日以内。"),
        Source.STATUTE,
        ("T-5",),
    ),
    Definition(
        "timed_completion.formal_reply",
        up_to(20),
        wd(3),
        _l("批复时限"),
        _l("需要批复的事项的默认办理时限。"),
        Source.CORE,
        ("T-1",),
    ),
    Definition(
        "timed_completion.red_after",
        LimitKind({Unit.WORKING_DAYS: 30}),
        wd(2),
        _l("转为红色的超期时间"),
        _l("没有法定时限的办件，超期多久转为红色并报分管领导。"),
        Source.OWN,
        ("T-6",),
    ),
    Definition(
        "timed_completion.rights_of_science_workers",
        up_to(30),
        wd(15),
        _l("科技工作者维权时限"),
        _l("向当事人提出具体办理结果的时限。"),
        Source.CORE,
        ("T-1",),
    ),
    Definition(
        "timed_completion.short_limit_below",
        IntegerKind(2, 20, Measure.WORKING_DAYS),
        6,
        _l("短时限的界线"),
        _l("时限不足此数的，改在最后三分之一时进入“临期”。"),
        Source.OWN,
        ("T-6",),
    ),
    Definition(
        "timed_completion.tacit_acceptance",
        LimitKind({Unit.WORKING_DAYS: 5}),
        wd(5),
        _l("视为受理的期限"),
        _l("收到材料满此期限没有告知的，视为自收到之日起受理；法律规定为 5 个工作日，只能缩短。"),
        Source.STATUTE,
        ("T-7a",),
    ),
)

# Each further system brings its values in a file of its own.
_ALL = (
    *_OWN,
    *accountability_values.DEFINITIONS,
    *attendance_values.DEFINITIONS,
    *award_values.DEFINITIONS,
    *card_values.DEFINITIONS,
    *clue_values.DEFINITIONS,
    *commitment_values.DEFINITIONS,
    *complaint_values.DEFINITIONS,
    *evaluation_values.DEFINITIONS,
    *evidence_values.DEFINITIONS,
    *extension_values.DEFINITIONS,
    *inspection_values.DEFINITIONS,
    *joint_values.DEFINITIONS,
    *leave_values.DEFINITIONS,
    *openness_values.DEFINITIONS,
    *opinion_values.DEFINITIONS,
    *people_values.DEFINITIONS,
    *plan_values.DEFINITIONS,
    *pause_reasons.DEFINITIONS,
    *register_values.DEFINITIONS,
    *reminder_values.DEFINITIONS,
    *report_values.DEFINITIONS,
    *result_values.DEFINITIONS,
    *public_values.DEFINITIONS,
    *supervision_values.DEFINITIONS,
    *survey_values.DEFINITIONS,
    *wall_values.DEFINITIONS,
    *weak_values.DEFINITIONS,
    *yearly_values.DEFINITIONS,
)
_DEFINITIONS = tuple(sorted(_ALL, key=lambda each: each.key))
