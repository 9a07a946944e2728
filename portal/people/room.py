"""Door plate of the people room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel.plates import MenuItem, Plate
from portal.people import account, administration_views, security_views, service, vocabulary
from portal.people.views import bp

#: Importing them puts their pages on the blueprint.
PAGES = (account, administration_views, security_views)

PLATE = Plate(
    name="people",
    title=_l("人员与登录"),
    blueprint=bp,
    permissions=vocabulary.PERMISSIONS,
    menu=(
        MenuItem(_l("机构人员"), "people.organisation", vocabulary.MANAGE_UNIT, order=80),
        MenuItem(_l("登录安全"), "people.sessions", vocabulary.READ_SESSIONS, order=82),
    ),
    sweep=service.tidy,
)
