"""Door plate of the room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.calendar.service import on_change
from portal.client_opinion import clocks
from portal.client_opinion import vocabulary as words
from portal.client_opinion.views import bp
from portal.kernel.plates import Plate

PLATE = Plate(
    name="client_opinion",
    title=_l("服务对象意见"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    sweep=clocks.sweep,
)

on_change(clocks.recompute)
