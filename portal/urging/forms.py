"""Forms of the urging room."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from portal.kernel.forms import DateField, PortalForm, Unchosen, code, line, optional_id, options, paragraph
from portal.people import queries as people
from portal.people.filters import DepartmentFilter
from portal.post_duty.models import Post
from portal.service_commitment.words import limit_code
from portal.urging.queries import TABS, URGE_TABS, Wanted
from portal.urging.service import Date

TAB_LABELS = {
    "open": _l("未办结"),
    "overdue": _l("逾期未答复"),
    "replied": _l("待审核"),
    "closed": _l("已办结"),
    "all": _l("全部"),
}
URGE_TAB_LABELS = {
    "open": _l("待答复"),
    "overdue": _l("逾期未答复"),
    "ended": _l("已了结"),
    "all": _l("全部"),
}


class ReplyDate(PortalForm):
    """Until when a reply is wanted: a limit or a date, or neither for the office's usual limit."""

    time_limit = line(_l("答复时限"), limit=30)
    reply_on = DateField(_l("或者答复日期"))

    def date(self) -> Date:
        """What was entered, as the service takes it."""
        return Date(limit_code(self.time_limit.data) if self.time_limit.data else "", self.reply_on.data)


class UrgeForm(ReplyDate):
    """What is urged."""

    text = paragraph(_l("催办内容"), _l("请写明催办的内容。"), limit=1000)


class IssueForm(ReplyDate):
    """A supervision to be issued; the post is given by the case or task where there is one."""

    title = line(_l("督办事项"), _l("请填写督办事项。"))
    demand = paragraph(_l("督办要求"), _l("请写明督办要求。"))
    post_id = SelectField(_l("被督办岗位"), coerce=optional_id, validators=[Unchosen()])

    def __init__(self, posts: Iterable[Post], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = people.department_names()
        self.post_id.choices = options(
            ("", _("请选择")), *((p.id, " · ".join((names.get(p.department_id, ""), p.name))) for p in posts)
        )


class ActForm(ReplyDate):
    """What the verbs on a supervision's or an urge's page may carry; each verb reads what it needs."""

    text = paragraph(_l("内容"))


class FilterForm(DepartmentFilter):
    """Filters of the lists, in the address."""

    q = code(_l("编号或事项"), limit=60)
    state = SelectField(_l("状态"), choices=options(*((n, TAB_LABELS[n]) for n in TABS)), validators=[Unchosen()])
    mine = SelectField(
        _l("范围"),
        choices=options(("", _l("全部")), ("answer", _l("要我答复的")), ("issue", _l("我发出的"))),
        validators=[Unchosen()],
    )

    def wanted(self) -> Wanted:
        """The filters that are good; the others are shown with their error and do not restrict."""
        return Wanted(**self.good())


class UrgeFilterForm(FilterForm):
    """Filters of the list of urges."""

    state = SelectField(
        _l("状态"), choices=options(*((n, URGE_TAB_LABELS[n]) for n in URGE_TABS)), validators=[Unchosen()]
    )
