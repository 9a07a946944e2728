"""Forms of the room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import MultipleFileField, SelectField

from portal.kernel.forms import DateField, PortalForm, Unchosen, code, options, paragraph
from portal.people.filters import DepartmentFilter
from portal.weak_result import vocabulary as words
from portal.weak_result.models import OrderState
from portal.weak_result.queries import STATES, Wanted

STATE_TABS = {
    "open": _l("未结"),
    "overdue": _l("逾期"),
    "answered": words.STATE_LABELS[OrderState.ANSWERED],
    "improved": words.STATE_LABELS[OrderState.IMPROVED],
    "failed": words.STATE_LABELS[OrderState.FAILED],
    "withdrawn": words.STATE_LABELS[OrderState.WITHDRAWN],
    "all": _l("全部"),
}


class OrderForm(PortalForm):
    """What is demanded, until when."""

    text = paragraph(_l("整改要求"), _l("请写明整改要求。"))
    due_on = DateField(_l("整改期限"), _l("请填写整改期限。"))


class ActForm(PortalForm):
    """What the verbs on an order's page may carry."""

    text = paragraph(_l("说明"))
    files = MultipleFileField(_l("附件"))


class FilterForm(DepartmentFilter):
    """Filters of the list, in the address."""

    q = code(_l("编号"), limit=30)
    state = SelectField(
        _l("状态"), choices=options(*((name, STATE_TABS[name]) for name in STATES)), validators=[Unchosen()]
    )

    def wanted(self) -> Wanted:
        """The filters that are good; the others are shown with their error and do not restrict."""
        return Wanted(**self.good())
