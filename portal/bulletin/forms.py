"""Forms of the bulletin."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.bulletin import vocabulary as words
from portal.kernel.editions import text_form
from portal.kernel.forms import PortalForm, line

TextForm = text_form(tuple(words.SECTION_LABELS))


class CorrectForm(PortalForm):
    """Why a new edition is needed."""

    reason = line(_l("更正原因"), _l("请写明更正的原因。"), limit=400)
