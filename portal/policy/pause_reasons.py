"""Why a clock may stop, and why it may not (T-4): the table of reasons, and the caps that the office sets.

Which clocks a reason stops follows from the law and from the system's own rule, so it is no figure that an office could
set differently. How long a special procedure may last at most is one: each cap is a policy value with its source and
its versions. A pause takes its cap with it when it begins; a later change of the value never rewrites it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.policy.definition import Definition, wd
from portal.policy.kinds import LimitKind
from portal.policy.source import Source
from portal.pure.limits import Unit


class Reason(StrEnum):
    """What stops a clock (T-4); the value is what is stored with a pause."""

    HEARING = "hearing"
    TENDER = "tender"
    AUCTION = "auction"
    INSPECTION = "inspection"
    TEST = "test"
    QUARANTINE = "quarantine"
    APPRAISAL = "appraisal"
    EXPERT_REVIEW = "expert_review"
    SUPPLEMENT = "supplement"
    UPPER_AUTHORITY = "upper_authority"


class NoReason(StrEnum):
    """What people give as a reason and what stops nothing (T-4)."""

    SITE_VISIT = "site_visit"
    COUNTERSIGNING = "countersigning"
    LEADER_ABSENT = "leader_absent"


@dataclass(frozen=True)
class PauseReason:
    """A line of the table: what stops, on what basis, and what has to be told.

    ``special``: a special procedure that the handler begins and ends, with a cap at which it ends by itself.
    ``in_writing``: the client gets a notice. ``cap_key``: the policy value of the cap; empty: without one.
    """

    reason: Reason
    label: LazyString
    basis: LazyString
    stops_promised: bool
    stops_statutory: bool
    special: bool
    in_writing: bool
    cap_key: str = ""


_LAW_45 = _l(
    "《中华人民共和国行政许可法》第四十五条：依法需要听证、招标、拍卖、检验、检测、检疫、鉴定和专家评审的，所需时间不计算在规定的期限内，并应书面告知申请人"
)

_SPECIAL = {
    Reason.HEARING: _l("听证"),
    Reason.TENDER: _l("招标"),
    Reason.AUCTION: _l("拍卖"),
    Reason.INSPECTION: _l("检验"),
    Reason.TEST: _l("检测"),
    Reason.QUARANTINE: _l("检疫"),
    Reason.APPRAISAL: _l("鉴定"),
    Reason.EXPERT_REVIEW: _l("专家评审"),
}

TABLE: Mapping[Reason, PauseReason] = MappingProxyType(
    {
        **{
            reason: PauseReason(
                reason,
                label,
                _LAW_45,
                stops_promised=True,
                stops_statutory=True,
                special=True,
                in_writing=True,
                cap_key=f"timed_completion.pause_cap_{reason}",
            )
            for reason, label in _SPECIAL.items()
        },
        Reason.SUPPLEMENT: PauseReason(
            Reason.SUPPLEMENT,
            _l("等待申请人补正"),
            _l("一次性告知后等待申请人补齐材料；法定时限照常计算"),
            stops_promised=True,
            stops_statutory=False,
            special=False,
            in_writing=False,
        ),
        Reason.UPPER_AUTHORITY: PauseReason(
            Reason.UPPER_AUTHORITY,
            _l("上级机关办理"),
            _l("上报件在上级机关办理的时间不计入本单位的承诺时限；法定时限照常计算"),
            stops_promised=True,
            stops_statutory=False,
            special=False,
            in_writing=False,
        ),
    }
)

#: What is refused by name, and why.
REFUSED: Mapping[NoReason, tuple[LazyString, LazyString]] = MappingProxyType(
    {
        NoReason.SITE_VISIT: (
            _l("现场踏勘、核查"),
            _l("现场踏勘、核查是办理工作的一部分，法律没有把它列入可以扣除的时间，时限照常计算。"),
        ),
        NoReason.COUNTERSIGNING: (
            _l("会签、内部流转"),
            _l("会签和内部流转是机关自己的事，不能由申请人等待，时限照常计算。"),
        ),
        NoReason.LEADER_ABSENT: (
            _l("领导外出、经办人不在岗"),
            _l("领导外出或者经办人不在岗，由 AB 岗代为办理，时限照常计算。"),
        ),
    }
)


def label(reason: str) -> LazyString | str:
    """A stored reason in words; an unknown one as it stands."""
    return TABLE[Reason(reason)].label if reason in set(Reason) else reason


#: Caps in working days until the office sets its own.
_CAPS = {
    Reason.HEARING: 30,
    Reason.TENDER: 60,
    Reason.AUCTION: 60,
    Reason.INSPECTION: 30,
    Reason.TEST: 30,
    Reason.QUARANTINE: 30,
    Reason.APPRAISAL: 60,
    Reason.EXPERT_REVIEW: 45,
}

DEFINITIONS = tuple(
    Definition(
        f"timed_completion.pause_cap_{reason}",
        LimitKind({Unit.WORKING_DAYS: 250, Unit.DAYS: 366, Unit.MONTHS: 12}),
        wd(days),
        _l("特别程序最长时间：%(what)s", what=_SPECIAL[reason]),
        _l("特别程序停表的上限。到上限自动恢复计时并提醒；修改不影响已经开始的特别程序。"),
        Source.OWN,
        ("T-4",),
    )
    for reason, days in _CAPS.items()
)
