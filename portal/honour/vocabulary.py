"""Words of the room of praise and honours."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.honour.models import Channel, HonourState, Kind, Level
from portal.kernel import timeline
from portal.kernel.journal import kind

READ = "honour.read"
READ_ALL = "honour.read_all"
RECORD = "honour.record"
RECORD_ANY = "honour.record_any"
CONFIRM = "honour.confirm"
PERMISSIONS = (READ, READ_ALL, RECORD, RECORD_ANY, CONFIRM)

KIND_LABELS = {
    Kind.PRAISE: _l("表扬"),
    Kind.SUGGESTION: _l("建议采纳"),
    Kind.MEDIA: _l("媒体正面报道"),
    Kind.MEDIA_BAD: _l("媒体负面报道"),
    Kind.HONOUR: _l("获得荣誉"),
}
LEVEL_LABELS = {
    Level.COUNTY: _l("县级"),
    Level.CITY: _l("市级"),
    Level.PROVINCE: _l("省级"),
    Level.NATION: _l("国家级"),
}
CHANNEL_LABELS = {
    Channel.LETTER: _l("表扬信"),
    Channel.CALL: _l("来电表扬"),
    Channel.BANNER: _l("锦旗"),
    Channel.VISIT: _l("当面表扬"),
    Channel.CARD: _l("留言卡"),
    Channel.EVALUATION: _l("服务评价"),
}
STATE_LABELS = {
    HonourState.RECORDED: _l("待核实"),
    HonourState.CONFIRMED: _l("已确认"),
    HonourState.REFUSED: _l("未予确认"),
    HonourState.WITHDRAWN: _l("已撤销"),
}
#: What ``given_by`` is called, by kind.
GIVEN_BY_LABELS = {
    Kind.PRAISE: _l("表扬人"),
    Kind.SUGGESTION: _l("采纳单位"),
    Kind.MEDIA: _l("媒体"),
    Kind.MEDIA_BAD: _l("媒体"),
    Kind.HONOUR: _l("授予单位"),
}
#: Whose table gives the points.
SUBJECT_LABELS = {"department": _l("科室"), "person": _l("个人")}

timeline.label("kind", KIND_LABELS, of="honour")
timeline.label("level", LEVEL_LABELS, of="honour")
timeline.label("was", STATE_LABELS, of="honour")

_CLAUSE = "appraisal.3"

RECORDED = kind(
    "honour.recorded",
    _l("登记%(kind)s %(number)s：%(title)s，%(on)s，%(whom)s"),
    facts=(
        "number", "kind", "level", "title", "on", "whom", "for_department", "source", "files",
    ),
    rules=("O-9",),
    clause=_CLAUSE,
)  # fmt: skip
CONFIRMED = kind("honour.confirmed", _l("核实确认"), rules=("O-9", "E-3"), clause=_CLAUSE)
REFUSED = kind("honour.refused", _l("未予确认：%(reason)s"), facts=("reason",), rules=("O-9", "E-3"), clause=_CLAUSE)
WITHDRAWN = kind(
    "honour.withdrawn", _l("撤销（原为%(was)s）：%(reason)s"), facts=("was", "reason"), rules=("O-9",), clause=_CLAUSE
)
