"""Door plate of the people room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel.plates import Plate
from portal.people import vocabulary
from portal.people.views import bp

PLATE = Plate(name="people", title=_l("人员与登录"), blueprint=bp, permissions=vocabulary.PERMISSIONS)
