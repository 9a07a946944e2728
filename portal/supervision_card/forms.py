"""Forms of supervision cards."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from portal.kernel.forms import (
    Choices,
    DateField,
    Needed,
    PortalForm,
    Unchosen,
    code,
    line,
    optional_id,
    options,
    paragraph,
    phone_like,
)
from portal.people import queries as people
from portal.supervision_card import vocabulary as words
from portal.supervision_card.service import Content


class IssueForm(PortalForm):
    """What a card says beside its matter and limit."""

    mind = paragraph(_l("注意事项"), _l("请填写注意事项。"), limit=400)
    contact = line(_l("联系科室、岗位和地点"), _l("请填写向谁联系。"), limit=200)
    phone = code(_l("联系电话"), limit=40, validators=[phone_like])
    complaint = line(_l("投诉方式"), _l("请填写投诉方式。"), limit=200)

    def content(self) -> Content:
        """What was typed (after validation)."""
        return Content(self.mind.data or "", self.contact.data or "", self.phone.data or "", self.complaint.data or "")


class VisitForm(IssueForm):
    """A card for a visit that opened no case."""

    post = SelectField(_l("出具岗位"), [Needed(_l("请选择出具岗位。"))], coerce=optional_id)
    matter = line(_l("所办事项"), _l("请填写所办事项。"), limit=200)
    time_limit = line(_l("时限"), _l("请填写时限，如：当场答复、3 个工作日内电话答复。"), limit=120)

    def __init__(self, posts: Choices, **kw: Any) -> None:
        super().__init__(**kw)
        self.post.choices = options(*posts)


class WithdrawForm(PortalForm):
    """Why a card is taken back."""

    reason = line(_l("收回原因"), _l("请写明收回的原因。"), limit=200)


class FilterForm(PortalForm):
    """Filters of the register."""

    q = line(_l("编号、事项或岗位"), limit=60)
    from_on = DateField(_l("出具自"))
    until_on = DateField(_l("出具至"))
    department = SelectField(_l("科室"), [Unchosen()], coerce=optional_id)
    state = SelectField(_l("状态"), [Unchosen()], choices=options(("", _l("全部")), *words.STATE_LABELS.items()))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department.choices = options((None, _("全部")), *people.department_names().items())
