"""Door plate of the room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.calendar import drafts, vocabulary
from portal.calendar.change_views import bp
from portal.kernel.plates import MenuItem, Plate

PLATE = Plate(
    name="calendar",
    title=_l("工作日历"),
    blueprint=bp,
    permissions=vocabulary.PERMISSIONS,
    menu=(MenuItem(_l("工作日历"), "calendar.show", vocabulary.READ, order=80),),
    sweep=drafts.sweep,
)
