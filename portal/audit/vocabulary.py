"""Words of the journal's reading room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel.journal import kind

READ = "audit.read"
VERIFY = "audit.verify"
PERMISSIONS = (READ, VERIFY)

VERIFIED = kind(
    "audit.verified",
    _l("校验日志：%(entries)s 条，结果%(result)s"),
    facts=("entries", "result", "head"),
    rules=("J-2",),
)
PERSONAL_ERASED = kind(
    "audit.personal_erased", _l("抹去第 %(seq)s 条日志的个人信息"), facts=("seq", "reason"), rules=("J-1",)
)
