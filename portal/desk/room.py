"""Door plate of the desk."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.desk import vocabulary
from portal.desk.views import bp
from portal.kernel.plates import MenuItem, Plate

PLATE = Plate(
    name="desk",
    title=_l("工作台"),
    blueprint=bp,
    permissions=vocabulary.PERMISSIONS,
    menu=(MenuItem(_l("工作台"), "desk.home", vocabulary.HOME, order=0),),
)
