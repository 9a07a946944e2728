"""Forms of the reading room."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, ValidationError
from wtforms.fields.choices import SelectChoice

from portal.audit import rules
from portal.audit import vocabulary as words
from portal.kernel import timeline
from portal.kernel.forms import DateField, NumberField, PortalForm, line, optional_id, paragraph
from portal.kernel.journal import EVENTS
from portal.kernel.plates import plates

#: What every database can compare with an id.
_MOST = 2**31 - 1


class FilterForm(PortalForm):
    """The filters of the list, sent by GET."""

    event = SelectField(_l("事件"), validate_choice=False)
    who = SelectField(_l("人员"), coerce=optional_id, validate_choice=False)
    what = SelectField(_l("对象"), validate_choice=False)
    id = NumberField(_l("对象编号"), 1, _MOST)
    from_on = DateField(_l("自"))
    to_on = DateField(_l("至"))
    before = NumberField(_l("序号小于"), 1, _MOST)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = SelectChoice("", _("全部"))
        self.event.choices = [everything, *_event_choices()]
        people = sorted(timeline.names().items(), key=lambda each: each[1])
        self.who.choices = [everything, *(SelectChoice(user_id, name) for user_id, name in people)]
        self.what.choices = [everything, *(SelectChoice(t, label) for t, label in words.OBJECT_LABELS.items())]

    def validate_to_on(self, field: Any) -> None:
        """The end does not lie before the beginning."""
        if self.from_on.data is not None and field.data < self.from_on.data:
            raise ValidationError(_("结束日期不能早于开始日期。"))


def _event_choices() -> list[SelectChoice]:
    """Every kind of event by room, named by its sentence with the facts left open."""
    titles = {plate.name: str(plate.title) for plate in plates()}
    found = []
    for tag, kind in EVENTS.items():
        room = tag.partition(".")[0]
        words_ = re.sub(r"%\(\w+\)s", "…", str(kind.sentence))
        found.append(SelectChoice(tag, f"{words_} · {tag}", optgroup=titles.get(room, room)))
    return sorted(found, key=lambda choice: choice.value)


class VerifyForm(PortalForm):
    """Heads exported earlier, to be compared with."""

    heads = paragraph(_l("对照外存摘要"), limit=1500)

    def validate_heads(self, field: Any) -> None:
        """Every line is a head."""
        try:
            rules.read_heads(field.data)
        except rules.BadHead as error:
            raise ValidationError(_("第 %(n)s 行不是日志摘要。", n=error.number)) from None


class EraseForm(PortalForm):
    """Why personal text is erased."""

    reason = line(_l("依据和理由"), needed=_l("请写明依据和理由。"), limit=200)
