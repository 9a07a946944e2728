"""Words of the calendar room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel.journal import kind

READ = "calendar.read"
ENTER = "calendar.enter"
PERMISSIONS = (READ, ENTER)

DAY_SET = kind("calendar.day_set", _l("日历 %(day)s 设为%(what)s"), facts=("day", "what", "reason"), rules=("T-3",))
DAY_CLEARED = kind("calendar.day_cleared", _l("日历 %(day)s 恢复官方安排"), facts=("day",), rules=("T-3",))
YEAR_ENTERED = kind("calendar.year_entered", _l("录入 %(year)s 年放假安排"), facts=("year", "notice"), rules=("T-3",))
