"""Policy values of the pages without a login (O-6, C-4)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.policy.definition import Definition
from portal.policy.kinds import IntegerKind, Measure
from portal.policy.source import Source

DEFINITIONS = (
    Definition(
        "public.wrong_per_number",
        IntegerKind(1, 50, Measure.TIMES),
        8,
        _l("同一编号可输错次数"),
        _l("办件查询时，同一编号在计数时间内输错这么多次后暂停查询。"),
        Source.OWN,
        ("O-6",),
    ),
    Definition(
        "public.wrong_per_address",
        IntegerKind(1, 500, Measure.TIMES),
        20,
        _l("同一地址可输错次数"),
        _l("办件查询时，同一网络地址在计数时间内输错这么多次后暂停查询；大厅自助机多人共用，可以适当放宽。"),
        Source.OWN,
        ("O-6",),
    ),
    Definition(
        "public.wrong_overall",
        IntegerKind(10, 10000, Measure.TIMES),
        500,
        _l("全部可输错次数"),
        _l("全部来访者在计数时间内一共输错这么多次后，办件查询整体暂停，防止分散地址的猜测。"),
        Source.OWN,
        ("O-6",),
    ),
    Definition(
        "public.wrong_within_minutes",
        IntegerKind(10, 10080, Measure.MINUTES),
        1440,
        _l("输错次数的计数时间"),
        _l("办件查询输错的次数在这段时间内累计，过后重新计数。"),
        Source.OWN,
        ("O-6",),
    ),
    Definition(
        "public.block_minutes",
        IntegerKind(1, 1440, Measure.MINUTES),
        60,
        _l("查询暂停时长"),
        _l("输错过多后，办件查询暂停多久；暂停期间输对也不能查询。"),
        Source.OWN,
        ("O-6",),
    ),
    Definition(
        "public.withheld_below",
        IntegerKind(2, 50, Measure.TIMES),
        5,
        _l("公布兑现情况的最少件数"),
        _l("办结少于这个件数的事项和科室，只公布件数不足，不公布比率，以免从数字看出个别办件。"),
        Source.OWN,
        ("C-4", "W-0"),
    ),
)
