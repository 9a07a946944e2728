"""Forms of special procedures, extensions and their papers."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField

from portal.kernel.forms import (
    DateField,
    Needed,
    NumberField,
    PortalForm,
    Unchosen,
    code,
    line,
    optional_id,
    options,
    paragraph,
)
from portal.people import queries as people
from portal.policy.pause_reasons import REFUSED, TABLE
from portal.timed_completion import vocabulary as words
from portal.timed_completion.models import How
from portal.timed_completion.queries import Wanted
from portal.timed_completion.service import Content

#: More working days than any law grants; what the matter may have at most is said by policy.
MOST_DAYS = 60


class StartForm(PortalForm):
    """A special procedure: what stops no clock stands in the list too, and is refused with the reason why (T-4)."""

    reason = SelectField(_l("特别程序"), [Needed(_l("请选择特别程序的种类。"))])
    agency = line(_l("承担机构"), _l("请填写承担特别程序的机构。"))
    basis = paragraph(_l("依据"), _l("请写明依据。"))
    expected_on = DateField(_l("预计完成日期"), [Needed(_l("请填写预计完成日期。"))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        special = [(str(reason), each.label) for reason, each in TABLE.items() if each.special]
        self.reason.choices = options(
            ("", _("请选择")), *special, *((str(reason), label) for reason, (label, _why) in REFUSED.items())
        )

    def what(self) -> Content:
        """What was entered, as the service takes it."""
        return Content(self.reason.data, self.basis.data, self.agency.data, self.expected_on.data)


class EndForm(PortalForm):
    """The result of a special procedure."""

    result = paragraph(_l("结果"), _l("请写明特别程序的结果。"))


class AskForm(PortalForm):
    """More working days, and why (T-5)."""

    days = NumberField(_l("延期工作日数"), 1, MOST_DAYS, needed=_l("请填写延期的工作日数。"))
    reason = paragraph(_l("延期理由"), _l("请写明延期理由。"))


class DecideForm(PortalForm):
    """The answer to a request for more time."""

    verdict = HiddenField()
    answer = paragraph(_l("意见"))


class ClosingForm(PortalForm):
    """How the client fetches the result."""

    collect = line(_l("领取方式"), _l("请写明领取结果的方式。"), limit=200)


class ToldForm(PortalForm):
    """When and how a paper reached the client."""

    on = DateField(_l("送达日期"), [Needed(_l("请填写送达日期。"))])
    how = RadioField(_l("送达方式"), choices=options(*((str(h), label) for h, label in words.HOW_LABELS.items())))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.how.data is None:
            self.how.data = str(How.HANDED)


class CheckForm(PortalForm):
    """Number and check code of a paper."""

    number = code(_l("编号"), _l("请填写纸上的编号。"))
    code = code(_l("查验码"), _l("请填写纸上的查验码。"))


class FilterForm(PortalForm):
    """Filters of both lists, in the address."""

    number = code(_l("通知书或办件编号"))
    reason = SelectField(_l("特别程序"), validators=[Unchosen()])
    department = SelectField(_l("科室"), coerce=optional_id, validators=[Unchosen()])
    from_on = DateField(_l("日期自"))
    until_on = DateField(_l("至"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        special = [(str(reason), each.label) for reason, each in TABLE.items() if each.special]
        self.reason.choices = options(("", _("全部")), *special)
        self.department.choices = options(("", _("全部科室")), *people.open_departments())

    def wanted(self, tab: str) -> Wanted:
        """The filters that are good; the others are shown with their error and do not restrict."""
        found = self.good()
        return Wanted(tab=tab, department_id=found.pop("department", None), **found)


PROCEDURE_LABELS = {"running": _l("进行中"), "ended": _l("已恢复计时"), "all": _l("全部")}
EXTENSION_LABELS = {
    **{str(state): label for state, label in words.STATE_LABELS.items()},
    "all": _l("全部"),
}


def tab_of(typed: str | None, tabs: tuple[str, ...]) -> str:
    """The chosen tab; nonsense is the first one."""
    return typed if typed in tabs else tabs[0]
