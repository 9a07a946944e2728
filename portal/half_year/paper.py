"""The half-yearly publication as DOCX."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from portal.half_year import queries
from portal.half_year.models import HalfYear
from portal.kernel import clock, sections
from portal.kernel.documents import Paper
from portal.kernel.i18n import local_date
from portal.kernel.sections import Section
from portal.people import queries as people


def subtitle(edition: HalfYear) -> str:
    """Unit, edition."""
    unit = people.unit_name()
    if edition.edition == 1:
        return unit
    return _("%(unit)s　第 %(n)s 版（更正）", unit=unit, n=edition.edition)


def day(edition: HalfYear, now: datetime) -> str:
    """The day of publication, else today."""
    return local_date(clock.local(edition.published_at or now).date(), "formal")


def docx(edition: HalfYear, found: list[Section], now: datetime) -> Paper:
    """A published edition as DOCX."""
    made = Paper(queries.title((edition.year, edition.half)), subtitle(edition))
    if edition.correction:
        made.line(_("更正原因：%(reason)s", reason=edition.correction), indent=True)
    for each in edition.introduction.splitlines():
        made.line(each, indent=True)
    sections.write(made, found, edition.note)
    made.line(people.unit_name(), right=True)
    made.line(day(edition, now), right=True)
    return made
