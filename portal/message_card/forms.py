"""Forms of message cards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField

from portal.kernel.forms import (
    DateField,
    MomentField,
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
from portal.message_card import vocabulary as words
from portal.people import queries as people

#: What a visitor may write at most.
MATTER, NAME, PHONE, PREFERRED = 500, 30, 30, 60


class LeaveForm(PortalForm):
    """What a visitor leaves (AB-6). ``website`` is for programs alone: people never see it."""

    matter = paragraph(_l("您要办的事"), _l("请写明要办的事。"), limit=MATTER)
    phone = code(_l("联系电话"), _l("请填写电话，我们才能答复您。"), limit=PHONE, validators=[phone_like])
    name = line(_l("怎么称呼您"), limit=NAME)
    preferred = line(_l("方便接听的时间"), limit=PREFERRED)
    website = StringField(_l("请勿填写"))


class OutForm(PortalForm):
    """From when until when a department is out, and why."""

    from_at = MomentField(_l("外出时间"), _l("请填写外出时间。"))
    back_at = MomentField(_l("返回时间"), _l("请填写返回时间。"))
    reason = line(_l("外出事由"), _l("请填写外出事由。"), limit=100)

    @property
    def times(self) -> tuple[datetime, datetime]:
        """Both instants of a good form."""
        if self.from_at.data is None or self.back_at.data is None:
            raise ValueError("asked for the times of a form that is not good")
        return self.from_at.data, self.back_at.data


class BackForm(PortalForm):
    """When a department is back after all."""

    back_at = MomentField(_l("返回时间"), _l("请填写返回时间。"))


class AnswerForm(PortalForm):
    """How a message was answered, and what was said."""

    how = RadioField(
        _l("答复方式"),
        [Needed(_l("请选择答复方式。"))],
        choices=options(*((str(how), words.HOW_LABELS[how]) for how in words.ANSWER_CHOICES)),
    )
    text = paragraph(_l("答复内容"), _l("请写明答复内容。"), limit=1000)


class FilterForm(PortalForm):
    """Filters of the list."""

    q = line(_l("编号、事项、姓名或电话"), limit=60)
    from_on = DateField(_l("留言自"))
    until_on = DateField(_l("留言至"))
    department = SelectField(_l("科室"), [Unchosen()], coerce=optional_id)
    state = SelectField(
        _l("状态"),
        [Unchosen()],
        choices=options(
            ("", _l("全部")),
            ("open", _l("待答复")),
            ("overdue", _l("逾期未答复")),
            ("answered", _l("已答复")),
            ("late", _l("逾期答复")),
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department.choices = options((None, _("全部")), *people.department_names().items())
