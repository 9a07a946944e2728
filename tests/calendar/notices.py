"""A notice of 2027 as the tests enter it."""

from __future__ import annotations

from datetime import date

from portal.calendar.rules import Stretch, expand

YEAR = 2027
#: Name, first and last day of each holiday.
HOLIDAYS = (
    ("元旦", (1, 1), (1, 3)),
    ("春节", (2, 5), (2, 11)),
    ("清明节", (4, 3), (4, 5)),
    ("劳动节", (5, 1), (5, 5)),
    ("端午节", (6, 9), (6, 11)),
    ("中秋节", (9, 15), (9, 17)),
    ("国庆节", (10, 1), (10, 7)),
)
SHIFTED = (date(2027, 2, 14), date(2027, 2, 20), date(2027, 10, 9))
STRETCHES = [
    *(Stretch(n, name, date(YEAR, *a), date(YEAR, *b)) for n, (name, a, b) in enumerate(HOLIDAYS, 1)),
    *(Stretch(8 + n, "", day, day, True) for n, day in enumerate(SHIFTED)),
]
NOTICE = tuple(expand(STRETCHES, YEAR)[0])


def form(notice: str = "国办发明电〔2026〕7 号", **changed: str) -> dict[str, str]:
    """The fields of the page as a browser sends them; ``rows_0_name`` stands for ``rows-0-name``."""
    sent = {"notice": notice, "workdays": "、".join(day.isoformat() for day in SHIFTED)}
    for n, (name, first, last) in enumerate(HOLIDAYS):
        sent |= {
            f"rows-{n}-name": name,
            f"rows-{n}-first": date(YEAR, *first).isoformat(),
            f"rows-{n}-last": date(YEAR, *last).isoformat(),
        }
    return sent | {key.replace("rows_", "rows-").replace("_", "-"): value for key, value in changed.items()}
