"""Editions of a publication in sections: a draft with notes, published as it stood, corrected by a later edition."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped
from werkzeug.exceptions import NotFound

from portal.kernel import clock, i18n
from portal.kernel.documents import Paper
from portal.kernel.forms import PortalForm, paragraph
from portal.kernel.i18n import local_date
from portal.kernel.sections import Section, thawed, write


class Edition:
    """What the rows of all publications have: the office's texts, and the sections as they stood."""

    if TYPE_CHECKING:
        edition: Mapped[int]
        #: Why it corrects the edition before; empty in the first.
        correction: Mapped[str]
        introduction: Mapped[str]
        #: JSON: the office's notes by section.
        notes: Mapped[str]
        #: JSON: the sections by language; empty until they are frozen.
        content: Mapped[str]
        published_at: Mapped[datetime | None]

    def note(self, key: str) -> str:
        """The office's note to a section."""
        found: dict[str, Any] = json.loads(self.notes)
        return str(found.get(key, ""))

    def write(self, introduction: str, notes: Mapping[str, str], keys: Sequence[str]) -> dict[str, str]:
        """Take over the texts; returns the notes that are not empty, in the order of the sections."""
        kept = {key: notes[key] for key in keys if notes.get(key)}
        self.introduction, self.notes = introduction, json.dumps(kept, ensure_ascii=False, sort_keys=True)
        return kept

    def freeze(self, make: Callable[[], list[Section]]) -> None:
        """Keep the sections as they stand now, in every language."""
        made = {}
        for language in i18n.LANGUAGES:
            with force_locale(language):
                made[language] = [each.frozen() for each in make()]
        self.content = json.dumps(made, ensure_ascii=False, sort_keys=True)

    def sections(self) -> list[Section]:
        """The frozen sections in the reader's language."""
        kept = json.loads(self.content)
        return [thawed(each) for each in kept[i18n.language() if i18n.language() in kept else "zh"]]


E = TypeVar("E", bound=Edition)


def chosen(found: Sequence[E], typed: str = "") -> E:
    """Of the editions, the newest first: the one of that number, else the newest. Raises NotFound."""
    one = next((e for e in found if str(e.edition) == typed), None) if typed else next(iter(found), None)
    if one is None:
        raise NotFound()
    return one


class TextForm(PortalForm):
    """The introduction and a note to each section."""

    section_keys: Sequence[str] = ()
    introduction = paragraph(_l("前言"))

    def written(self) -> dict[str, str]:
        """The notes by section."""
        return {key: self[f"note_{key}"].data or "" for key in self.section_keys}

    def fill(self, draft: Edition | None) -> None:
        """Show what was written."""
        if draft is not None:
            self.introduction.data = draft.introduction
            for key in self.section_keys:
                self[f"note_{key}"].data = draft.note(key)


def text_form(keys: Sequence[str]) -> type[TextForm]:
    """The form of a publication with these sections."""
    return type(
        "OwnTextForm", (TextForm,), {"section_keys": keys, **{f"note_{key}": paragraph(_l("本节说明")) for key in keys}}
    )


# --- on paper -------------------------------------------------------------------------------------------------


def _subtitle(edition: Edition, unit: str) -> str:
    if edition.edition == 1:
        return unit
    return _("%(unit)s　第 %(n)s 版（更正）", unit=unit, n=edition.edition)


def _day(edition: Edition, now: datetime) -> str:
    """The day of publication, else today."""
    return local_date(clock.local(edition.published_at or now).date(), "formal")


def page(edition: Edition, title: str, unit: str, now: datetime, back: str, docx: str) -> str:
    """An edition for print, with the addresses of its page and of the document."""
    return render_template(
        "edition_paper.html",
        edition=edition,
        name=title,
        sections=edition.sections(),
        subtitle=_subtitle(edition, unit),
        day=_day(edition, now),
        back=back,
        docx=docx,
    )


def document(edition: Edition, title: str, unit: str, now: datetime) -> Paper:
    """An edition as DOCX."""
    made = Paper(title, _subtitle(edition, unit))
    if edition.correction:
        made.line(_("更正原因：%(reason)s", reason=edition.correction), indent=True)
    for each in edition.introduction.splitlines():
        made.line(each, indent=True)
    write(made, edition.sections(), edition.note)
    made.line(unit, right=True)
    made.line(_day(edition, now), right=True)
    return made
