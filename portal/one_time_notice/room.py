"""Door plate of the room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel.plates import Plate
from portal.one_time_notice import vocabulary

PLATE = Plate(name="one_time_notice", title=_l("一次性告知"), permissions=vocabulary.PERMISSIONS)
