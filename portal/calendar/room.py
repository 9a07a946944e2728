"""Door plate of the room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.calendar import change_views, drafts, service, service_views, vocabulary
from portal.calendar.views import bp
from portal.kernel.plates import MenuItem, Plate
from portal.policy import elsewhere

#: Importing them puts their pages on the blueprint.
PAGES = (change_views, service_views)

PLATE = Plate(
    name="calendar",
    title=_l("工作日历"),
    blueprint=bp,
    permissions=vocabulary.PERMISSIONS,
    menu=(MenuItem(_l("工作日历"), "calendar.show", vocabulary.READ, order=80),),
    sweep=drafts.sweep,
)

elsewhere.register(service.HOURS, "calendar.set_hours")
