"""Door plate of the room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.ab_post import vocabulary
from portal.kernel.plates import Plate

PLATE = Plate(name="ab_post", title=_l("AB 岗"), permissions=vocabulary.PERMISSIONS)
