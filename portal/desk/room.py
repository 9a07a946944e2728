"""Door plate of the room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.desk import vocabulary
from portal.kernel.plates import Plate

PLATE = Plate(name="desk", title=_l("工作台"), permissions=vocabulary.PERMISSIONS)
