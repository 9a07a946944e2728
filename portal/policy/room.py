"""Door plate of the room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel.plates import MenuItem, Plate
from portal.policy import vocabulary
from portal.policy.views import bp

PLATE = Plate(
    name="policy",
    title=_l("制度与政策"),
    blueprint=bp,
    permissions=vocabulary.PERMISSIONS,
    menu=(MenuItem(_l("制度与政策"), "policy.index", vocabulary.READ, order=90),),
)
