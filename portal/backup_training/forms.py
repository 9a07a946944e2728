"""Forms of the training room."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, SelectMultipleField

from portal.ab_post import queries as ab
from portal.backup_training import vocabulary as words
from portal.kernel import clock
from portal.kernel.forms import (
    DateField,
    Needed,
    NumberField,
    PortalForm,
    Unchosen,
    line,
    optional_id,
    options,
    paragraph,
)
from portal.people import queries as people

_SHORTEST, _LONGEST = 10, 960


class PlanForm(PortalForm):
    """Who is trained for which post, in what, by whom, until when. Without a person: B of the post."""

    post = SelectField(_l("岗位"), [Needed(_l("请选择岗位。"))], coerce=optional_id)
    trainee = SelectField(_l("培训对象"), [Unchosen()], coerce=optional_id)
    topic = line(_l("培训内容"), _l("请填写培训内容。"), limit=100)
    trainer = line(_l("培训人"), _l("请填写培训人。"), limit=60)
    planned_by = DateField(_l("完成日期"), _l("请填写完成日期。"))

    def __init__(self, posts: Iterable[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.post.choices = options((None, _("请选择")), *posts)
        self.trainee.choices = options((None, _("本岗位的 B 岗")), *ab.staff_choices(clock.now()))


class SessionForm(PortalForm):
    """A session as it was held."""

    post = SelectField(_l("岗位"), [Needed(_l("请选择岗位。"))], coerce=optional_id)
    held_on = DateField(_l("培训日期"), _l("请填写培训日期。"))
    minutes = NumberField(_l("时长（分钟）"), _SHORTEST, _LONGEST, _l("请填写时长。"))
    trainer = line(_l("培训人"), _l("请填写培训人。"), limit=60)
    content = paragraph(_l("培训内容"), _l("请填写培训内容。"), limit=1000)
    attendees = SelectMultipleField(_l("参加人员"), [Needed(_l("请选择参加人员。"))], coerce=optional_id)
    outcome = RadioField(
        _l("培训结果"),
        [Needed(_l("请选择培训结果。"))],
        choices=options(*((str(o), label) for o, label in words.OUTCOME_LABELS.items())),
    )

    def __init__(self, posts: Iterable[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.post.choices = options((None, _("请选择")), *posts)
        self.attendees.choices = options(*ab.staff_choices(clock.now()))


class CancelForm(PortalForm):
    """Why a plan is cancelled."""

    reason = line(_l("取消原因"), _l("请填写取消原因。"), limit=200)


class FilterForm(PortalForm):
    """Filters of the list."""

    q = line(_l("岗位、内容或培训人"), limit=60)
    year = NumberField(_l("年度"), 2000, 2099)
    department = SelectField(_l("科室"), [Unchosen()], coerce=optional_id)
    state = SelectField(
        _l("状态"),
        [Unchosen()],
        choices=options(("", _l("全部")), *((str(s), label) for s, label in words.STATE_LABELS.items())),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department.choices = options((None, _("全部")), *people.department_names().items())
