"""Words of the journal's reading room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel import timeline
from portal.kernel.journal import kind
from portal.kernel.verification import Problem, Verdict

READ = "audit.read"
VERIFY = "audit.verify"
ERASE = "audit.erase"
PERMISSIONS = (READ, VERIFY, ERASE)

RESULT_LABELS = {"ok": _l("完整"), "bad": _l("有问题")}
PROBLEM_LABELS = {
    Problem.MISSING: _l("缺失"),
    Problem.OUT_OF_CHAIN: _l("与前一条接不上"),
    Problem.ALGORITHM: _l("所记的摘要算法不认识"),
    Problem.CHANGED: _l("内容被改动"),
    Problem.PERSONAL_LOST: _l("个人信息不见了，又没有抹去的记录"),
    Problem.PERSONAL_CHANGED: _l("个人信息被改动"),
    Problem.REWRITTEN: _l("与外存摘要不符，整链被重算过"),
    Problem.TAIL_CUT: _l("缺失：外存摘要指向这一条或者更后面的记录，末尾被截断"),
    Problem.ORPHAN: _l("缺失，只留下个人信息"),
}
OBJECT_LABELS = {
    "unit": _l("单位"),
    "department": _l("科室"),
    "user": _l("人员"),
    "post": _l("岗位"),
    "absence": _l("离岗"),
    "service_item": _l("服务事项"),
    "case": _l("办件"),
    "first_ask": _l("首问登记"),
    "notice": _l("一次性告知书"),
    "denial_filing": _l("否定报备"),
    "policy_value": _l("政策参数"),
    "calendar": _l("工作日历"),
    "display": _l("大屏"),
    "post_task": _l("交办事项"),
    "pair_publication": _l("AB 岗公示"),
    "calendar_feed": _l("离岗日历订阅"),
    "leave": _l("请假"),
    "punch_code": _l("考勤编号"),
    "punch_import": _l("打卡记录导入"),
    "attendance_correction": _l("考勤更正"),
    "attendance_closing": _l("考勤月表"),
    "discipline_finding": _l("纪律检查"),
    "department_outing": _l("科室外出"),
    "card_message": _l("来访留言"),
    "training_plan": _l("备岗培训计划"),
    "training_session": _l("备岗培训"),
    "duty_round": _l("年终述职轮次"),
    "yearly_round": _l("年度考评轮次"),
    "duty_report": _l("年终述职报告"),
    "supervision": _l("督办单"),
    "honour": _l("表扬与荣誉"),
    "award_round": _l("评先评优"),
    "score_table": _l("考核评分表"),
    "register_kind": _l("台账种类"),
    "register_entry": _l("台账记录"),
    "register_hazard": _l("安全隐患"),
    "register_check": _l("台账检查"),
    "half_year": _l("半年公示"),
    "work_plan": _l("年度工作计划"),
    "work_plan_item": _l("工作计划事项"),
    "weak_result": _l("考评整改通知"),
    "proceeding": _l("追责案件"),
    "clue": _l("问责线索"),
    "score_month": _l("考评月份"),
    "score_objection": _l("考评异议"),
    "complaint": _l("投诉"),
    "client_opinion": _l("服务对象意见"),
    "callback_draw": _l("回访抽取"),
    "callback_call": _l("回访"),
    "survey": _l("问卷"),
    "survey_measure": _l("改进措施"),
    "client_meeting": _l("服务对象座谈会"),
    "inspection_plan": _l("督查计划"),
    "inspection": _l("督查"),
    "inspection_finding": _l("督查问题"),
    "bulletin": _l("效能通报"),
    "urge": _l("催办"),
    "supervision_card": _l("办事监督卡"),
    "evaluation_signed": _l("署名评议"),
    "evaluation_kiosk": _l("评议终端"),
    "appointment": _l("预约"),
    "appointment_hours": _l("预约时段"),
    "openness": _l("公开信息"),
    "openness_duty": _l("公开目录"),
    "result_error": _l("办理结果差错"),
    "monthly_statistics": _l("月度统计"),
    "service_day": _l("服务日"),
    "channel": _l("消息渠道"),
    "journal_entry": _l("日志记录"),
    "monthly_result": _l("考评结果"),
    "result_roll": _l("先进名单"),
}

VERIFIED = kind(
    "audit.verified",
    _l("校验日志：%(entries)s 条，结果%(result)s"),
    facts=("entries", "result", "head"),
    rules=("J-2",),
)
PERSONAL_ERASED = kind(
    "audit.personal_erased",
    _l("抹去第 %(seq)s 条日志的个人信息（%(reason)s）"),
    facts=("seq", "reason"),
    rules=("J-1",),
)
timeline.label("result", RESULT_LABELS, of="audit")


def problem_words(verdict: Verdict) -> str:
    """What is wrong with the first bad entry, to follow its number; empty when the chain holds."""
    return str(PROBLEM_LABELS[verdict.problem]) if verdict.problem else ""
