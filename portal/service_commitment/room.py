"""Door plate of the room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel.plates import Plate
from portal.service_commitment import vocabulary

PLATE = Plate(name="service_commitment", title=_l("服务承诺"), permissions=vocabulary.PERMISSIONS)
