"""Door plate of the intake room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.intake import pending, vocabulary
from portal.intake.item_views import bp
from portal.kernel.plates import MenuItem, Plate

PLATE = Plate(
    name="intake",
    title=_l("批量导入"),
    blueprint=bp,
    permissions=vocabulary.PERMISSIONS,
    menu=(MenuItem(_l("批量导入"), "intake.start", vocabulary.IMPORT, order=81),),
    sweep=pending.sweep,
)
