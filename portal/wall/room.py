"""Door plate of the room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel.plates import Plate
from portal.wall import vocabulary

PLATE = Plate(name="wall", title=_l("效能看板"), permissions=vocabulary.PERMISSIONS)
