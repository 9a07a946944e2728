"""Words of the bulletin: permissions, sections, events."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel.journal import kind

#: Read what was published.
READ = "bulletin.read"
#: Write, publish, correct.
MANAGE = "bulletin.manage"
PERMISSIONS = (READ, MANAGE)

#: The sections in their order.
SECTION_LABELS = {
    "cases": _l("办件和按期办结"),
    "registers": _l("首问、告知和否定报备"),
    "ab_post": _l("AB 岗"),
    "complaints": _l("投诉"),
    "evaluation": _l("服务评议"),
    "callbacks": _l("回访"),
    "inspections": _l("督查和整改"),
    "clues": _l("问责线索"),
    "proceedings": _l("责任追究"),
    "praise": _l("值得肯定"),
}

BEGUN = kind(
    "bulletin.begun", _l("起草 %(month)s 效能通报第 %(edition)s 版"), facts=("month", "edition"), rules=("W-0",)
)
CORRECTED = kind(
    "bulletin.corrected",
    _l("更正 %(month)s 效能通报，起草第 %(edition)s 版：%(reason)s"),
    facts=("month", "edition", "reason"),
    rules=("W-0", "J-3"),
)
WRITTEN = kind(
    "bulletin.written",
    _l("修改 %(month)s 效能通报的前言和说明"),
    facts=("month", "edition", "introduction", "notes"),
    rules=("W-0",),
)
PUBLISHED = kind(
    "bulletin.published",
    _l("发布 %(month)s 效能通报第 %(edition)s 版"),
    facts=("month", "edition", "digest"),
    rules=("W-0", "O-8"),
)
