"""Words of the policy room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel.journal import kind

READ = "policy.read"
SET = "policy.set"
PERMISSIONS = (READ, SET)

VALUE_SET = kind(
    "policy.value_set", _l("政策值 %(key)s：%(old)s → %(new)s"), facts=("key", "old", "new", "reason"), rules=("POL-1",)
)
