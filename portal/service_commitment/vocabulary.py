"""Words of the catalogue."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.kernel import timeline
from portal.kernel.i18n import limit_words
from portal.kernel.journal import kind
from portal.service_commitment.models import CaseKind

READ = "service_commitment.read"
PUBLISH = "service_commitment.publish"
PERMISSIONS = (READ, PUBLISH)

KIND_LABELS = {CaseKind.ON_SPOT: _l("即办件"), CaseKind.PROMISED: _l("承诺件")}

for _fact in ("promised", "statutory"):
    timeline.label(_fact, lambda value, _facts: limit_words(value) or _("无"), of="service_commitment")

ADDED = kind("service_commitment.added", _l("新增服务事项 %(name)s"), facts=("code", "name", "post"), rules=("C-1",))
PUBLISHED = kind(
    "service_commitment.published",
    _l("公布服务事项 %(name)s 第 %(number)s 版：承诺 %(promised)s，法定 %(statutory)s"),
    facts=("name", "number", "promised", "statutory", "materials"),
    rules=("C-1", "C-2", "C-3"),
    clause="service_commitment.1",
)
RETIRED = kind("service_commitment.retired", _l("停办服务事项 %(name)s"), facts=("name", "on"), rules=("C-1",))
CHANGED = kind(
    "service_commitment.changed",
    _l("修改服务事项 %(name)s 的负责岗位或检索词"),
    facts=("name", "post", "aliases", "topic"),
    rules=("C-1",),
)
