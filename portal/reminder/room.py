"""Door plate of the reminder room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel.plates import Plate
from portal.reminder import delivery, service
from portal.reminder import vocabulary as words
from portal.reminder.views import bp

PLATE = Plate(
    name="reminder",
    title=_l("提醒"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    sweep=service.sweep,
    afterwards=delivery.deliver,
)
