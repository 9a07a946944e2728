"""Policy values of the service commitment (C-3, POL-1)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.policy.definition import Definition
from portal.policy.kinds import BooleanKind
from portal.policy.source import Source

DEFINITIONS = (
    Definition(
        "service_commitment.second_person_fees",
        BooleanKind(),
        True,
        _l("收费变动须另一人审核"),
        _l("服务事项的收费金额、单位、依据有变动时，须由没有参与拟订的人审核公布。"),
        Source.OWN,
        ("C-3", "C-9"),
    ),
    Definition(
        "service_commitment.second_person_limits",
        BooleanKind(),
        True,
        _l("时限变动须另一人审核"),
        _l("承诺时限、法定时限、办件类型和计时方式有变动时，须由没有参与拟订的人审核公布。"),
        Source.OWN,
        ("C-2", "C-3"),
    ),
    Definition(
        "service_commitment.second_person_materials",
        BooleanKind(),
        True,
        _l("材料变动须另一人审核"),
        _l("申请材料清单有变动时，须由没有参与拟订的人审核公布。"),
        Source.OWN,
        ("C-3", "N-2"),
    ),
    Definition(
        "service_commitment.second_person_texts",
        BooleanKind(),
        False,
        _l("其他内容变动须另一人审核"),
        _l("依据、条件、程序、地点、电话等内容有变动时，须由没有参与拟订的人审核公布。"),
        Source.OWN,
        ("C-3",),
    ),
)
