"""Forms of the bulletin."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.bulletin import vocabulary as words
from portal.bulletin.models import Bulletin
from portal.kernel.forms import PortalForm, line, paragraph


class TextForm(PortalForm):
    """The introduction and a note to each section."""

    introduction = paragraph(_l("前言"))

    def written(self) -> dict[str, str]:
        """The notes by section."""
        return {key: self[f"note_{key}"].data or "" for key in words.SECTION_LABELS}

    def fill(self, draft: Bulletin | None) -> None:
        """Show what was written."""
        if draft is not None:
            self.introduction.data = draft.introduction
            for key in words.SECTION_LABELS:
                self[f"note_{key}"].data = draft.note(key)


for _key in words.SECTION_LABELS:
    setattr(TextForm, f"note_{_key}", paragraph(_l("本节说明")))


class CorrectForm(PortalForm):
    """Why a new edition is needed."""

    reason = line(_l("更正原因"), _l("请写明更正的原因。"), limit=400)
