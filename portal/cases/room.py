"""Door plate of the room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.cases import vocabulary
from portal.kernel.plates import Plate

PLATE = Plate(name="cases", title=_l("办件"), permissions=vocabulary.PERMISSIONS)
