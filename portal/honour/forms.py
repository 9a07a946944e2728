"""Forms of the room of praise and honours."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, MultipleFileField, RadioField, SelectField

from portal.ab_post import queries as ab
from portal.honour import vocabulary as words
from portal.honour.models import Channel, HonourState, Kind, Level
from portal.honour.queries import Wanted
from portal.honour.service import Content
from portal.kernel import clock
from portal.kernel.forms import (
    AtMost,
    DateField,
    Needed,
    PortalForm,
    Storable,
    Unchosen,
    code,
    line,
    optional_id,
    options,
    paragraph,
)
from portal.people.filters import DepartmentFilter


class RecordForm(PortalForm):
    """What is recorded, with its evidence (O-9)."""

    kind = RadioField(
        _l("类别"),
        [Needed(_l("请选择类别。"))],
        choices=options(*((str(k), label) for k, label in words.KIND_LABELS.items())),
    )
    level = SelectField(
        _l("级别"),
        [Unchosen()],
        choices=options(("", _l("请选择")), *((str(k), label) for k, label in words.LEVEL_LABELS.items())),
    )
    channel = SelectField(
        _l("表扬的方式"),
        [Unchosen()],
        choices=options(("", _l("请选择")), *((str(k), label) for k, label in words.CHANNEL_LABELS.items())),
    )
    title = line(_l("名称或者摘要"), _l("请填写名称或者摘要。"))
    given_by = line(_l("表扬人、采纳单位、媒体或授予单位"), _l("请填写由谁表扬、采纳、报道或授予。"))
    facts = paragraph(_l("事实"), _l("请写明事实。"))
    happened_on = DateField(_l("日期"), _l("请填写日期。"))
    department_id = SelectField(_l("科室"), coerce=optional_id, validators=[Unchosen()])
    user_id = SelectField(_l("人员"), coerce=optional_id, validators=[Unchosen()])
    for_department = BooleanField(_l("计入科室"), default=True)
    files = MultipleFileField(_l("证明材料"))
    source_key = HiddenField(validators=[Storable(), AtMost(60)])

    def __init__(self, departments: dict[int, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department_id.choices = options(("", _("请选择")), *departments.items())
        self.user_id.choices = options(("", _("不涉及个人")), *ab.staff_choices(clock.now()))

    def what(self) -> Content:
        """What was entered, as the service takes it."""
        return Content(
            kind=Kind(self.kind.data),
            title=self.title.data,
            given_by=self.given_by.data,
            facts=self.facts.data,
            happened_on=self.happened_on.data or clock.today(),
            department_id=self.department_id.data,
            user_id=self.user_id.data,
            for_department=self.for_department.data,
            level=Level(self.level.data) if self.level.data else None,
            channel=Channel(self.channel.data) if self.channel.data else None,
            source_key=self.source_key.data or "",
        )


class ReasonForm(PortalForm):
    """Why an entry is refused or withdrawn; confirming needs none."""

    reason = paragraph(_l("理由"), limit=400)


class FilterForm(DepartmentFilter):
    """Filters of the list, in the address."""

    q = code(_l("编号、名称、单位或姓名"), limit=60)
    mine = SelectField(
        _l("范围"),
        choices=options(("", _l("全部")), ("concerned", _l("本人的")), ("recorded", _l("本人登记的"))),
        validators=[Unchosen()],
    )
    kind = SelectField(
        _l("类别"), choices=options(("", _l("全部")), *words.KIND_LABELS.items()), validators=[Unchosen()]
    )
    level = SelectField(
        _l("级别"), choices=options(("", _l("全部")), *words.LEVEL_LABELS.items()), validators=[Unchosen()]
    )
    state = SelectField(
        _l("状态"), choices=options(("", _l("全部")), *words.STATE_LABELS.items()), validators=[Unchosen()]
    )
    from_on = DateField(_l("日期自"))
    until_on = DateField(_l("日期至"))

    def wanted(self) -> Wanted:
        """The filters that are good; the others are shown with their error and do not restrict."""
        return Wanted(**self.good(kind=Kind, level=Level, state=HonourState))
