"""Door plate of the room: no permissions, no menu; the login page leads here."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

import portal.public.about_pages
import portal.public.card_pages
import portal.public.catalogue_pages
import portal.public.kept_pages
import portal.public.status_pages
import portal.public.views  # noqa: F401 - add their pages to the blueprint
from portal.kernel.plates import Plate
from portal.people import guessing
from portal.public.web import bp

PLATE = Plate(name="public", title=_l("公开页面"), blueprint=bp, sweep=guessing.sweep)
