"""Door plate of the room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel.plates import Plate
from portal.post_duty import vocabulary

PLATE = Plate(name="post_duty", title=_l("岗位责任"), permissions=vocabulary.PERMISSIONS)
