"""Door plate of the room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.first_ask import vocabulary
from portal.kernel.plates import Plate

PLATE = Plate(name="first_ask", title=_l("首问登记"), permissions=vocabulary.PERMISSIONS)
