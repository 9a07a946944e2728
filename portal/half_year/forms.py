"""Forms of the half-yearly publication."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from portal.half_year import vocabulary as words
from portal.half_year.models import HalfYear
from portal.kernel.forms import Needed, PortalForm, line, options, paragraph
from portal.openness import queries as openness


class TextForm(PortalForm):
    """The introduction and a note to each section."""

    introduction = paragraph(_l("前言"))

    def written(self) -> dict[str, str]:
        """The notes by section."""
        return {key: self[f"note_{key}"].data or "" for key in words.SECTION_LABELS}

    def fill(self, draft: HalfYear | None) -> None:
        """Show what was written."""
        if draft is not None:
            self.introduction.data = draft.introduction
            for key in words.SECTION_LABELS:
                self[f"note_{key}"].data = draft.note(key)


for _key in words.SECTION_LABELS:
    setattr(TextForm, f"note_{_key}", paragraph(_l("本节说明")))


class ReasonForm(PortalForm):
    """Why it goes back, or why a new edition is needed."""

    reason = line(_l("原因"), limit=400)


class PublicForm(PortalForm):
    """Under which kind the public reads it."""

    kind = SelectField(_l("公开类别"), [Needed(_l("请选择类别。"))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = options(("", _("请选择")), *((kind, kind) for kind in openness.kinds()))
