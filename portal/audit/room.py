"""Door plate of the room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.audit import vocabulary
from portal.kernel.plates import Plate

PLATE = Plate(name="audit", title=_l("日志审计"), permissions=vocabulary.PERMISSIONS)
