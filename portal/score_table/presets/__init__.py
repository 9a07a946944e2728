"""The score tables that come with the portal (POL-2), each with every rule and figure that its source gives.

A figure that the source leaves out stands as unset: the rule is shown and scores nothing until somebody sets it. Where
a source says *each time* the rule counts every time; where it does not, once in the month. The texts are in the
portal's own words.
"""

from flask_babel import lazy_gettext as _l

from portal.kernel.i18n import Shipped
from portal.pure.scoring import Table
from portal.score_table.presets import county, hexian, hongqi, jixiao, yihuang_persons, yihuang_windows

PRESETS: tuple[Table, ...] = (
    yihuang_windows.FIRST,
    yihuang_windows.SECOND,
    yihuang_persons.TABLE,
    county.WINDOWS,
    county.PERSONS,
    hexian.TABLE,
    hongqi.TABLE,
    jixiao.TABLE,
)


def find(code: str) -> Table | None:
    """A shipped table by its code."""
    return next((table for table in PRESETS if table.code == code), None)


#: The name of a table as a page shows it: those above in the language of the page, others as the office wrote them.
named = Shipped(
    (
        _l("宜黄窗口考评表（办法）"),
        _l("宜黄窗口考评表（24 个窗口）"),
        _l("宜黄窗口人员考评表"),
        _l("县级窗口考核表（最高 110 分）"),
        _l("县级窗口人员考核表（最高 110 分）"),
        _l("和县窗口考核表"),
        _l("红旗窗口评分表（日常考核 65 分）"),
        _l("个人绩效考核表（50/25/15/+10）"),
    )
)
