"""Door plate of the bulletin."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

import portal.bulletin.agenda  # noqa: F401 - fills the monthly meeting's agenda in
from portal.bulletin import vocabulary as words
from portal.bulletin.views import bp
from portal.kernel.plates import MenuItem, Plate

PLATE = Plate(
    name="bulletin",
    title=_l("效能通报"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("效能通报"), "bulletin.index", words.READ, order=77),),
)
