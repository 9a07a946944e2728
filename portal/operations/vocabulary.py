"""Words of looking after a site: what the journal keeps of backups and restores."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel.journal import kind

BACKED_UP = kind(
    "operations.backed_up",
    _l("备份完成：%(name)s（截至日志第 %(entries)s 条）"),
    facts=("name", "entries", "head", "sha256"),
    rules=("J-1",),
)
RESTORED = kind(
    "operations.restored",
    _l("从 %(made_at)s 的备份恢复（截至日志第 %(entries)s 条）"),
    facts=("made_at", "entries", "head", "sha256"),
    rules=("J-1",),
)
