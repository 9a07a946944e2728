"""Door plate of the room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel.plates import MenuItem, Plate
from portal.post_duty import vocabulary
from portal.post_duty.views import bp

PLATE = Plate(
    name="post_duty",
    title=_l("岗位责任"),
    blueprint=bp,
    permissions=vocabulary.PERMISSIONS,
    menu=(MenuItem(_l("岗位责任"), "post_duty.index", vocabulary.READ, order=70),),
)
