"""The bulletin as DOCX."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from portal.bulletin import queries
from portal.bulletin.models import Bulletin
from portal.kernel import clock, sections
from portal.kernel.documents import Paper
from portal.kernel.i18n import local_date
from portal.kernel.sections import Section
from portal.people import queries as people


def subtitle(bulletin: Bulletin | None) -> str:
    """Unit, edition."""
    unit = people.unit_name()
    if bulletin is None or bulletin.published_at is None:
        return _("%(unit)s　草稿", unit=unit)
    if bulletin.edition == 1:
        return unit
    return _("%(unit)s　第 %(n)s 版（更正）", unit=unit, n=bulletin.edition)


def day(bulletin: Bulletin | None, now: datetime) -> str:
    """The day of publication, else today."""
    at = bulletin.published_at if bulletin is not None and bulletin.published_at else now
    return local_date(clock.local(at).date(), "formal")


def docx(bulletin: Bulletin, found: list[Section], now: datetime) -> Paper:
    """A published edition as DOCX."""
    made = Paper(queries.title(bulletin.month), subtitle(bulletin))
    if bulletin.correction:
        made.line(_("更正原因：%(reason)s", reason=bulletin.correction), indent=True)
    for each in bulletin.introduction.splitlines():
        made.line(each, indent=True)
    sections.write(made, found, bulletin.note)
    made.line(people.unit_name(), right=True)
    made.line(day(bulletin, now), right=True)
    return made
