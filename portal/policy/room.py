"""Door plate of the room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel.plates import Plate
from portal.policy import vocabulary

PLATE = Plate(name="policy", title=_l("制度与政策"), permissions=vocabulary.PERMISSIONS)
