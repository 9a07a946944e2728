"""Words of the policy room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel import timeline
from portal.kernel.journal import kind
from portal.policy.display import fact_words, key_words

READ = "policy.read"
SET = "policy.set"
PERMISSIONS = (READ, SET)

VALUE_SET = kind(
    "policy.value_set",
    _l("政策值“%(key)s”：%(old)s → %(new)s（%(reason)s）"),
    facts=("key", "old", "new", "reason"),
    rules=("POL-1",),
)
timeline.label("key", key_words, of="policy")
timeline.label("old", fact_words, of="policy")
timeline.label("new", fact_words, of="policy")
