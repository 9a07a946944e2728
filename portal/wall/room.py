"""Door plate of the room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel.plates import MenuItem, Plate
from portal.people import pairing
from portal.wall import vocabulary
from portal.wall.views import bp

PLATE = Plate(
    name="wall",
    title=_l("效能看板"),
    blueprint=bp,
    permissions=vocabulary.PERMISSIONS,
    menu=(
        MenuItem(_l("效能看板"), "wall.view", vocabulary.SHOW, order=85),
        MenuItem(_l("大屏管理"), "wall.displays", vocabulary.PAIR, order=86),
    ),
    sweep=pairing.sweep,
)
