"""Forms of the task room."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import MultipleFileField, RadioField, SelectField

from portal.kernel.forms import DateField, Needed, PortalForm, Unchosen, code, line, optional_id, options, paragraph
from portal.people import queries as people
from portal.people.filters import DepartmentFilter
from portal.post_duty.models import Post
from portal.post_task import vocabulary as words
from portal.post_task.models import Source
from portal.post_task.queries import LIGHTS, Wanted
from portal.post_task.service import Content
from portal.service_commitment.words import limit_code

LIGHT_LABELS = {
    "open": _l("未办结"),
    "due_soon": _l("临期"),
    "overdue": _l("超期"),
    "reported": _l("待确认"),
    "confirmed": _l("已办结"),
    "withdrawn": _l("已撤回"),
    "all": _l("全部"),
}


class TaskForm(PortalForm):
    """A matter to be handed to a post (P-4)."""

    title = line(_l("事项"), _l("请填写事项。"))
    content = paragraph(_l("内容和要求"), _l("请写明内容和要求。"))
    source = RadioField(
        _l("来源"),
        choices=options(*((str(s), label) for s, label in words.SOURCE_LABELS.items())),
        default=str(Source.LEADER),
    )
    authority = line(_l("上级机关"))
    document_number = line(_l("来文文号"), limit=60)
    post_id = SelectField(_l("办理岗位"), [Needed(_l("请选择办理岗位。"))], coerce=optional_id)
    time_limit = line(_l("办理时限"), limit=30)
    due_on = DateField(_l("或者完成日期"))
    files = MultipleFileField(_l("附件"))

    def __init__(self, posts: Iterable[Post], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = people.department_names()
        self.post_id.choices = options(
            ("", _("请选择")), *((p.id, " · ".join((names.get(p.department_id, ""), p.name))) for p in posts)
        )

    def what(self) -> Content:
        """What was entered, as the service takes it."""
        return Content(
            title=self.title.data,
            content=self.content.data,
            source=Source(self.source.data),
            authority=self.authority.data or "",
            document_number=self.document_number.data or "",
            time_limit=limit_code(self.time_limit.data) if self.time_limit.data else "",
            due_on=self.due_on.data,
        )


class ActForm(PortalForm):
    """What the verbs on a task's page may carry; each verb reads what it needs."""

    text = paragraph(_l("说明"))
    statement = paragraph(_l("超期原因说明"), limit=1000)
    due_on = DateField(_l("日期"))
    files = MultipleFileField(_l("附件"))


class FilterForm(DepartmentFilter):
    """Filters of the list, in the address."""

    q = code(_l("编号、事项或文号"), limit=60)
    light = SelectField(
        _l("状态"), choices=options(*((name, LIGHT_LABELS[name]) for name in LIGHTS)), validators=[Unchosen()]
    )
    source = SelectField(
        _l("来源"),
        choices=options(("", _l("全部")), *((str(s), label) for s, label in words.SOURCE_LABELS.items())),
        validators=[Unchosen()],
    )
    mine = SelectField(
        _l("范围"),
        choices=options(("", _l("全部")), ("handle", _l("我办理的")), ("assign", _l("我交办的"))),
        validators=[Unchosen()],
    )

    def wanted(self) -> Wanted:
        """The filters that are good; the others are shown with their error and do not restrict."""
        return Wanted(**self.good(source=Source))
