"""Door plate of the clue room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.clue import sweeping
from portal.clue import vocabulary as words
from portal.kernel.plates import Plate

PLATE = Plate(
    name="clue",
    title=_l("问责线索"),
    permissions=words.PERMISSIONS,
    sweep=sweeping.sweep,
)
