"""Door plate of the room: no permissions, no menu; the login page leads here."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel.plates import Plate
from portal.public.views import bp

PLATE = Plate(name="public", title=_l("公开页面"), blueprint=bp)
