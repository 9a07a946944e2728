"""Policy values of people and their logins (R-2, POL-1)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.policy.definition import Definition
from portal.policy.kinds import IntegerKind, Measure
from portal.policy.source import Source

DEFINITIONS = (
    Definition(
        "people.lockout_minutes",
        IntegerKind(5, 1440, Measure.MINUTES),
        15,
        _l("锁定时长"),
        _l("登录失败次数达到上限后，账号锁定的时间。"),
        Source.OWN,
        ("R-2",),
    ),
    Definition(
        "people.login_failures",
        IntegerKind(3, 10, Measure.TIMES),
        5,
        _l("登录失败次数上限"),
        _l("连续失败达到此次数的，账号暂时锁定。"),
        Source.OWN,
        ("R-2",),
    ),
    Definition(
        "people.password_max_age_days",
        IntegerKind(30, 365, Measure.DAYS),
        90,
        _l("密码有效期"),
        _l("到期后须更换密码方可继续使用。"),
        Source.OWN,
        ("R-2",),
    ),
    Definition(
        "people.password_min_length",
        IntegerKind(8, 64, Measure.CHARACTERS),
        8,
        _l("密码最短长度"),
        _l("设置新密码时适用，不影响已经设置的密码。"),
        Source.OWN,
        ("R-2",),
    ),
    Definition(
        "people.session_idle_minutes",
        IntegerKind(5, 480, Measure.MINUTES),
        30,
        _l("闲置退出时间"),
        _l("超过此时间没有操作的，须重新登录，未提交的文字予以保留。"),
        Source.OWN,
        ("R-2",),
    ),
)
