"""The monthly meeting's agenda from a month's facts: the bulletin's sections and the red flags (O-4, E-6)."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import gettext as _

from portal.bulletin import queries, sections
from portal.bulletin.sections import NOTHING, Section, Table
from portal.kernel.actor import Actor
from portal.monthly_result import queries as results
from portal.pure.months import month_text
from portal.register import seams
from portal.register import vocabulary as register
from portal.register.seams import AgendaItem

#: Lines of a table that an agenda repeats at most; the rest stands in the bulletin.
MOST_ROWS = 15


def items(actor: Actor, month: date, now: datetime) -> list[AgendaItem]:
    """Sections of the published bulletin, else of the facts as they stand; then who holds the red flags."""
    found = queries.editions(month)
    if not found and not actor.can(register.READ_ALL):
        return _flags(month)
    said = found[0].sections() if found else sections.of(actor, month, now)
    made = [AgendaItem(section.title, _lines(section)) for section in said]
    return [*_flags(month), *(item for item in made if item.lines)]


def _flags(month: date) -> list[AgendaItem]:
    held = results.flags(month)
    if not held:
        return []
    names = _("、").join(each.name for each in held)
    return [AgendaItem(_("颁发 %(month)s 流动红旗", month=month_text(month)), (names,))]


def _lines(section: Section) -> tuple[str, ...]:
    return (*section.lines, *(line for table in section.tables for line in _rows(table)))


def _rows(table: Table) -> list[str]:
    """The rows of a table that say something, each as one line."""
    made = []
    for name, *cells in table.rows:
        pairs = [
            _("%(what)s %(value)s", what=heading, value=cell)
            for heading, cell in zip(table.headings[1:], cells, strict=True)
            if cell not in ("0", "", NOTHING)
        ]
        if pairs:
            made.append(_("%(name)s：%(values)s", name=name, values=_("，").join(pairs)))
    return made if len(made) <= MOST_ROWS else [*made[:MOST_ROWS], _("其余见效能通报")]


seams.agenda(10, items)
