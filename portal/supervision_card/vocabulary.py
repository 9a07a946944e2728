"""Words of the supervision card room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel import timeline
from portal.kernel.journal import kind
from portal.service_commitment.words import limit_text

READ = "supervision_card.read"
READ_ALL = "supervision_card.read_all"
ISSUE = "supervision_card.issue"
PERMISSIONS = (READ, READ_ALL, ISSUE)

#: What the register can be narrowed to.
STATE_LABELS = {"valid": _l("有效"), "withdrawn": _l("已收回"), "case": _l("随办件出具"), "visit": _l("来访出具")}

timeline.label("time_limit", lambda value, _facts: limit_text(str(value)), of="supervision_card")

ISSUED = kind(
    "supervision_card.issued",
    _l("出具办事监督卡 %(number)s：%(matter)s，时限 %(time_limit)s"),
    facts=("number", "matter", "time_limit", "due", "mind", "contact", "phone", "complaint"),
    rules=("O-5",),
)
WITHDRAWN = kind(
    "supervision_card.withdrawn",
    _l("收回办事监督卡 %(number)s：%(reason)s"),
    facts=("number", "reason"),
    rules=("O-5",),
)
