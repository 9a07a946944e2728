"""Forms of the half-yearly publication."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from portal.half_year import vocabulary as words
from portal.kernel.editions import text_form
from portal.kernel.forms import Needed, PortalForm, line, options
from portal.openness import queries as openness

TextForm = text_form(tuple(words.SECTION_LABELS))


class ReasonForm(PortalForm):
    """Why it goes back, or why a new edition is needed."""

    reason = line(_l("原因"), limit=400)


class PublicForm(PortalForm):
    """Under which kind the public reads it."""

    kind = SelectField(_l("公开类别"), [Needed(_l("请选择类别。"))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = options(("", _("请选择")), *((kind, kind) for kind in openness.kinds()))
