"""Door plate of the room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.audit import vocabulary
from portal.audit.views import bp
from portal.kernel.plates import MenuItem, Plate

PLATE = Plate(
    name="audit",
    title=_l("日志审计"),
    blueprint=bp,
    permissions=vocabulary.PERMISSIONS,
    menu=(MenuItem(_l("日志审计"), "audit.index", vocabulary.READ, order=95),),
)
