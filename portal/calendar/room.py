"""Door plate of the room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.calendar import vocabulary
from portal.kernel.plates import Plate

PLATE = Plate(name="calendar", title=_l("工作日历"), permissions=vocabulary.PERMISSIONS)
