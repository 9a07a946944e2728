"""Door plate of the complaint room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.calendar.service import on_change
from portal.complaint import passing
from portal.complaint import vocabulary as words
from portal.kernel.plates import Plate

PLATE = Plate(name="complaint", title=_l("投诉"), permissions=words.PERMISSIONS, sweep=passing.sweep)

on_change(passing.recompute)
