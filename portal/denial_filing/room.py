"""Door plate of the room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.denial_filing import vocabulary
from portal.kernel.plates import Plate

PLATE = Plate(name="denial_filing", title=_l("否定报备"), permissions=vocabulary.PERMISSIONS)
