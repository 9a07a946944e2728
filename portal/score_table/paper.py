"""A score table as rows: for print and DOCX (E-2, POL-1)."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from portal.kernel import clock
from portal.kernel.documents import Paper
from portal.kernel.i18n import local_date
from portal.people import queries as people
from portal.pure.months import month_text
from portal.pure.scoring import Category, Table
from portal.score_table import checks
from portal.score_table import vocabulary as words
from portal.score_table.models import Version, VersionState
from portal.score_table.words import category_words, figure, group_words, rule_words, source_words

#: The widths of the columns of the paper (cm).
WIDTHS = (1.4, 6.4, 5.0, 3.0)


def title(version: Version) -> str:
    """What the paper is called."""
    return version.score_table.shown_name


def subtitle(version: Version) -> str:
    """Unit, version, since when."""
    unit, n = people.unit_name(), version.version
    if version.state is VersionState.APPROVED and version.month is not None:
        return _("%(unit)s　第 %(n)s 版，自 %(month)s 起施行", unit=unit, n=n, month=month_text(version.month))
    return _("%(unit)s　第 %(n)s 版（%(state)s）", unit=unit, n=n, state=words.STATE_LABELS[version.state])


def day(version: Version, now: datetime) -> str:
    """The day of approval, else today."""
    return local_date(clock.local(version.decided_at or now).date(), "formal")


def headings() -> list[str]:
    """The columns of the paper."""
    return [_("序号"), _("考核内容"), _("计分办法"), _("得分来源")]


def rows(category: Category) -> list[list[str]]:
    """The rules of a category; those of an item name it."""
    made = []
    for n, rule in enumerate(category.rules, 1):
        item = next((g.name for g in category.groups if g.code == rule.group), "")
        text = _("【%(item)s】%(text)s", item=item, text=rule.text) if item else rule.text
        made.append([str(n), text, rule_words(rule), source_words(rule)])
    return made


def lines(table: Table) -> list[str]:
    """What holds of the whole table."""
    made = [_("考核对象：%(who)s", who=words.SUBJECT_LABELS[table.subject])]
    if table.total_cap is not None:
        made.append(_("总分上限：%(n)s 分", n=figure(table.total_cap)))
    if table.source:
        made.append(_("依据：%(source)s", source=table.source))
    if table.note:
        made.append(_("说明：%(note)s", note=table.note))
    return made + checks.remarks(table)


def category_title(category: Category, n: int) -> str:
    """The heading of a category."""
    return _("%(n)s. %(name)s（%(what)s）", n=n, name=category.name, what=category_words(category))


def item_lines(category: Category) -> list[str]:
    """The items of a category that hold something of their own."""
    found = [(g.name, group_words(g)) for g in category.groups]
    return [_("项目“%(name)s”：%(what)s", name=name, what=what) for name, what in found if what]


def docx(version: Version, now: datetime) -> Paper:
    """A version as DOCX."""
    table = version.table
    made = Paper(title(version), subtitle(version))
    for each in lines(table):
        made.line(each)
    for n, category in enumerate(table.categories, 1):
        made.line(category_title(category, n), bold=True)
        for each in item_lines(category):
            made.line(each, indent=True)
        made.table(headings(), rows(category), WIDTHS)
    made.line(people.unit_name(), right=True)
    made.line(day(version, now), right=True)
    return made
