"""Forms of the room."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField

from portal.client_opinion import vocabulary as words
from portal.client_opinion.models import How, OpinionKind, Source
from portal.client_opinion.queries import TABS, Wanted
from portal.kernel.forms import (
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
from portal.people.filters import DepartmentFilter

TAB_LABELS = {
    "open": _l("未办结"),
    "overdue": _l("逾期"),
    "mine": _l("待我办理"),
    "closed": _l("已办结"),
    "all": _l("全部"),
}
#: How somebody who was reached was spoken to; and not reached at last.
SPOKEN = (How.PHONE, How.MEETING, How.WRITING)
_SATISFIED = {"yes": _l("满意"), "no": _l("不满意")}


class ActForm(PortalForm):
    """What the verbs on an opinion's page may carry; each verb reads what it needs."""

    text = paragraph(_l("内容"))
    finding = paragraph(_l("认定的事实和依据"))
    demand = paragraph(_l("整改要求"))
    how = SelectField(
        _l("方式"), choices=options(("", _l("请选择")), *words.HOW_LABELS.items()), validators=[Unchosen()]
    )
    satisfied = SelectField(
        _l("对处理结果"), choices=options(("", _l("请选择")), *_SATISFIED.items()), validators=[Unchosen()]
    )
    department_id = SelectField(_l("办理科室"), coerce=optional_id, validators=[Unchosen()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department_id.choices = options(("", _("请选择")), *people.department_names().items())

    def spoken(self) -> How | None:
        """How the client was spoken to, if it was said."""
        return How(self.how.data) if self.how.data else None

    def pleased(self) -> bool | None:
        """Whether the client is satisfied, if it was said."""
        return {"yes": True, "no": False}.get(self.satisfied.data)


#: What comes by these the office writes down; the others register by themselves.
BY_HAND = (Source.LETTER, Source.MEETING)


class RegisterForm(PortalForm):
    """What came by letter or was said in a meeting."""

    kind = RadioField(
        _l("类别"),
        choices=options(*words.KIND_LABELS.items()),
        default=str(OpinionKind.OPINION),
        validators=[Needed(_l("请选择类别。"))],
    )
    source = RadioField(
        _l("来源"),
        choices=options(*((s, words.SOURCE_LABELS[s]) for s in BY_HAND)),
        default=str(Source.LETTER),
        validators=[Needed(_l("请选择来源。"))],
    )
    text = paragraph(_l("反映的内容"), _l("请写明服务对象反映的内容。"))
    department_id = SelectField(_l("涉及科室"), coerce=optional_id, validators=[Unchosen()])
    case_number = code(_l("关联办件编号"), limit=20)
    contact_name = line(_l("服务对象姓名"), limit=60)
    contact_phone = code(_l("联系电话"), validators=[phone_like])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department_id.choices = options(("", _("待定，由办公室分办")), *people.department_names().items())


class FilterForm(DepartmentFilter):
    """Filters of the list, in the address."""

    q = code(_l("编号或内容"), limit=60)
    tab = SelectField(_l("范围"), choices=options(*((n, TAB_LABELS[n]) for n in TABS)), validators=[Unchosen()])
    state = SelectField(
        _l("环节"), choices=options(("", _l("全部")), *words.STATE_LABELS.items()), validators=[Unchosen()]
    )
    kind = SelectField(
        _l("类别"), choices=options(("", _l("全部")), *words.KIND_LABELS.items()), validators=[Unchosen()]
    )
    source = SelectField(
        _l("来源"), choices=options(("", _l("全部")), *words.SOURCE_LABELS.items()), validators=[Unchosen()]
    )
    verdict = SelectField(
        _l("认定"), choices=options(("", _l("全部")), *words.VERDICT_LABELS.items()), validators=[Unchosen()]
    )
    from_on = DateField(_l("登记自"))
    until_on = DateField(_l("登记至"))

    def wanted(self) -> Wanted:
        """The filters that are good; the others are shown with their error and do not restrict."""
        return Wanted(**self.good())
