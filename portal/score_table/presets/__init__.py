"""The score tables that come with the portal (POL-2), each with every rule and figure that its source gives.

A figure that the source leaves out stands as unset: the rule is shown and scores nothing until somebody sets it. Where
a source says *each time* the rule counts every time; where it does not, once in the month. The texts are in the
portal's own words.
"""

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
