"""Words of fees and consequences."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.fee.models import ConsequenceState
from portal.kernel import timeline
from portal.kernel.journal import kind
from portal.service_commitment.vocabulary import BREACH_LABELS
from portal.service_commitment.words import money_text

#: Record what was charged, propose a consequence: who answers for the case.
RECORD = "fee.record"
#: Agree to a consequence: heads, leaders, the principal.
APPROVE = "fee.approve"
#: The two registers.
READ = "fee.read"
PERMISSIONS = (RECORD, APPROVE, READ)

STATE_LABELS = {
    ConsequenceState.PROPOSED: _l("待审批"),
    ConsequenceState.APPROVED: _l("待落实"),
    ConsequenceState.GIVEN: _l("已落实"),
    ConsequenceState.REFUSED: _l("未同意"),
    ConsequenceState.WITHDRAWN: _l("已撤回"),
}
#: Colour and sign of each state, for `ui.status`.
STATE_MARKS = {
    ConsequenceState.PROPOSED: ("amber", "clock-exclamation"),
    ConsequenceState.APPROVED: ("blue", "check"),
    ConsequenceState.GIVEN: ("green", "circle-check"),
    ConsequenceState.REFUSED: ("red", "x"),
    ConsequenceState.WITHDRAWN: ("grey", "circle-off"),
}

for _fact in ("published", "expected", "charged", "difference", "amount"):
    timeline.label(_fact, lambda value, _facts: money_text(value), of="fee")
timeline.label("kind", BREACH_LABELS, of="fee")

CHARGED = kind(
    "fee.charged",
    _l("登记收费 %(charged)s；公布的应收 %(expected)s"),
    facts=("published", "unit", "quantity", "expected", "charged", "receipt", "on", "version", "corrects"),
    rules=("C-9",),
    clause="service_commitment.2",
)
DIFFERED = kind(
    "fee.differed",
    _l("收费与公布的不一致：应收 %(expected)s，实收 %(charged)s，相差 %(difference)s。理由：%(reason)s"),
    facts=("expected", "charged", "difference", "reason", "version"),
    rules=("C-9", "A-1"),
)
PROPOSED = kind(
    "fee.consequence_proposed",
    _l("提出对服务对象%(kind)s（%(number)s）：%(what)s"),
    facts=("number", "kind", "amount", "version"),
    personal=("what", "breach"),
    rules=("C-8",),
    clause="service_commitment.8",
)
APPROVED = kind(
    "fee.consequence_approved",
    _l("同意对服务对象%(kind)s（%(number)s）"),
    facts=("number", "kind", "amount", "opinion"),
    rules=("C-8",),
    clause="service_commitment.8",
)
REFUSED = kind(
    "fee.consequence_refused",
    _l("不同意对服务对象%(kind)s（%(number)s）：%(opinion)s"),
    facts=("number", "kind", "opinion"),
    rules=("C-8",),
)
GIVEN = kind(
    "fee.consequence_given",
    _l("已对服务对象%(kind)s（%(number)s）：%(how)s"),
    facts=("number", "kind", "amount", "on"),
    personal=("how",),
    rules=("C-8",),
    clause="service_commitment.8",
)
WITHDRAWN = kind(
    "fee.consequence_withdrawn",
    _l("撤回对服务对象%(kind)s的提议（%(number)s）"),
    facts=("number", "kind"),
    rules=("C-8",),
)
