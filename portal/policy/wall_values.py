"""Policy values of the office television (W-1)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.policy.definition import Definition
from portal.policy.kinds import BooleanKind, ChoiceKind, IntegerKind, Measure
from portal.policy.source import Source

DEFINITIONS = (
    Definition(
        "wall.clues_on_displays",
        BooleanKind(),
        False,
        _l("大屏显示待处理线索数"),
        _l("只显示数字。挂在大厅、服务对象也能看到的大屏不要显示；登录后查看的看板总是显示。"),
        Source.OWN,
        ("W-1", "A-1"),
    ),
    Definition(
        "wall.poll_seconds",
        IntegerKind(5, 60, Measure.SECONDS),
        10,
        _l("大屏取数间隔"),
        _l("大屏每隔多久向服务器取一次数据。"),
        Source.OWN,
        ("W-1",),
    ),
    Definition(
        "wall.rotate_seconds",
        IntegerKind(10, 120, Measure.SECONDS),
        20,
        _l("大屏翻页间隔"),
        _l("下半屏每隔多久换一页。"),
        Source.OWN,
        ("W-1",),
    ),
    Definition(
        "wall.size",
        ChoiceKind({"standard": _l("标准（六行）"), "large": _l("大字（五行）")}),
        "standard",
        _l("大屏字号"),
        _l("屏幕较小或者观看距离较远的，选大字。"),
        Source.OWN,
        ("W-1",),
    ),
)
