"""The registers that come with the portal (O-4); the office takes them over and changes them as it likes.

Meetings with clients are recorded among the surveys (S-2), once; the registers lead there (J-3).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.kernel.i18n import Shipped
from portal.register.models import FieldType, Keeper, Rhythm, Scope


@dataclass(frozen=True)
class Preset:
    """A kind as it is shipped: its texts (taken over in the office's language) and settings."""

    code: str
    name: Any
    purpose: Any
    settings: dict[str, Any]
    fields: tuple[tuple[Any, FieldType, bool], ...] = field(default=())


PRESETS = (
    Preset(
        "study",
        _l("学习台账"),
        _l("每周一次集中学习，一般一至两小时；无故不到按缺勤，全年学习笔记不少于一万字。"),
        {
            "scope": Scope.DEPARTMENT, "keeper": Keeper.HEAD, "rhythm": Rhythm.WEEK, "attendance": True,
            "hours": True, "minutes_least": 60, "notes": True, "notes_least": 10_000,
        },
        ((_l("主讲人或学习方式"), FieldType.LINE, False),),
    ),
    Preset(
        "meeting",
        _l("月例会台账"),
        _l("每月上旬召开，科室负责人参加；本人不能来的派人参加，会后向本科室传达。"),
        {
            "scope": Scope.UNIT, "keeper": Keeper.OFFICE, "rhythm": Rhythm.MONTH, "due_day": 10, "attendance": True,
            "heads_only": True, "agenda": True, "passing_on": True,
        },
        ((_l("列席人员"), FieldType.LINE, False), (_l("议定事项"), FieldType.PARAGRAPH, False)),
    ),
    Preset(
        "safety",
        _l("安全检查台账"),
        _l("防火、防触电、防盗窃、防泄密；发现隐患限期整改，由他人复查。"),
        {"scope": Scope.DEPARTMENT, "keeper": Keeper.HEAD, "rhythm": Rhythm.MONTH, "hazards": True},
        ((_l("检查人员"), FieldType.LINE, True), (_l("检查范围"), FieldType.LINE, False)),
    ),
    Preset(
        "duty",
        _l("值班台账"),
        _l("记录值班情况，交接班由接班人确认。"),
        {"scope": Scope.UNIT, "keeper": Keeper.MEMBER, "rhythm": Rhythm.WORKDAY, "handover": True},
        ((_l("值班班次"), FieldType.LINE, True),),
    ),
)  # fmt: skip

#: A name, purpose or field of a kind as a page shows it.
shown = Shipped(text for p in PRESETS for text in (p.name, p.purpose, *(label for label, _type, _needed in p.fields)))
