"""Words of the reports: permissions, labels, kinds of fact."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.completion_report.models import ErrorKind, FoundBy
from portal.kernel import timeline
from portal.kernel.journal import kind

READ = "completion_report.read"
READ_ALL = "completion_report.read_all"
RECORD_ERROR = "completion_report.record_error"
FILE = "completion_report.file"
MANAGE = "completion_report.manage"
PERMISSIONS = (READ, READ_ALL, RECORD_ERROR, FILE, MANAGE)

KIND_LABELS = {
    ErrorKind.DECISION: _l("结论错误"),
    ErrorKind.DOCUMENT: _l("证照或文书内容错误"),
    ErrorKind.LAW: _l("适用依据错误"),
    ErrorKind.CLIENT: _l("对象或身份错误"),
    ErrorKind.PROCEDURE: _l("程序或材料缺漏"),
    ErrorKind.OTHER: _l("其他差错"),
}
FOUND_LABELS = {
    FoundBy.CLIENT: _l("服务对象反映"),
    FoundBy.INSPECTION: _l("检查发现"),
    FoundBy.CALLBACK: _l("回访发现"),
    FoundBy.REVIEW: _l("内部复核"),
    FoundBy.UPPER: _l("上级指出"),
}
GROUP_LABELS = {
    "department": _l("科室"),
    "item": _l("事项"),
    "post": _l("岗位"),
    "person": _l("人员"),
    "month": _l("月份"),
}
#: What the portal cannot know: entered by hand, and shown so (O-8).
HAND_LABELS = {
    "phone_enquiries": _l("未登记的电话咨询"),
    "unlogged_visits": _l("未登记的来访咨询"),
    "outside_services": _l("上门和窗口以外的服务"),
}
#: The portal's own figures of a month, beside those of cases.
FACT_LABELS = {
    "first_asks": _l("首问登记"),
    "notices": _l("一次性告知"),
    "filings": _l("否定报备"),
}

timeline.label("kind", KIND_LABELS, of="completion_report")
timeline.label("found_by", FOUND_LABELS, of="completion_report")

ERROR_RECORDED = kind(
    "completion_report.error_recorded",
    _l("记录结果差错：%(kind)s（%(found_by)s，%(found_on)s）"),
    facts=("number", "kind", "found_by", "found_on", "answered_by"),
    personal=("what",),
    rules=("W-0", "A-1"),
)
ERROR_WITHDRAWN = kind(
    "completion_report.error_withdrawn",
    _l("撤销结果差错记录：%(kind)s"),
    facts=("number", "kind"),
    personal=("reason",),
    rules=("W-0",),
)
MONTH_OPENED = kind(
    "completion_report.month_opened",
    _l("生成 %(month)s 统计表，%(due)s 前报送"),
    facts=("month", "due"),
    rules=("O-8",),
)
MONTH_SAVED = kind("completion_report.month_saved", _l("保存月度统计的说明和人工填报数"), rules=("O-8",))
MONTH_FILED = kind(
    "completion_report.month_filed",
    _l("报送 %(month)s 统计表"),
    facts=("month", "due", "late", "figures"),
    rules=("O-8",),
)
MONTH_LATE = kind(
    "completion_report.month_late",
    _l("%(month)s 统计表逾期未报（应于 %(due)s 前）"),
    facts=("month", "due"),
    rules=("O-8", "A-1"),
)
