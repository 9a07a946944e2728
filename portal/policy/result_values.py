"""Policy values of monthly results and of those named for a quarter or a year (E-4, POL-1)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.policy.definition import Definition
from portal.policy.kinds import IntegerKind, Measure
from portal.policy.source import Source


def _number(key: str, low: int, high: int, default: int, label: LazyString, text: LazyString) -> Definition:
    return Definition(
        f"monthly_result.{key}", IntegerKind(low, high, Measure.TIMES), default, label, text, Source.SURROUNDING,
        ("E-4",),
    )  # fmt: skip


_FLAGS = _l("每月排名前多少名授予流动红旗；末位并列的一并授予。以提交审核时的值为准。")
_PERSONS = _l("由平台按已公布的月度考评平均分提出建议，办公室可以说明理由调整，主要负责人签发。")
_WINDOWS = _l("由平台按已公布的月度考评平均分提出建议，签发的名单不得超出上限。")
_LEAST = _l("有资格的窗口不少于此数时，签发的名单不得少于此数。")

DEFINITIONS = (
    _number("flags", 0, 50, 5, _l("流动红旗数"), _FLAGS),
    _number("quarter_persons", 0, 200, 10, _l("季度先进个人数"), _PERSONS),
    _number("year_collectives", 0, 50, 5, _l("年度先进集体数"), _WINDOWS),
    _number("year_persons", 0, 200, 15, _l("年度先进个人数"), _PERSONS),
    _number("year_windows_least", 0, 50, 3, _l("年度示范窗口最少数"), _LEAST),
    _number("year_windows_most", 0, 50, 5, _l("年度示范窗口最多数"), _WINDOWS),
)
