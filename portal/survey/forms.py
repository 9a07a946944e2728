"""Forms of surveys, measures and meetings."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, MultipleFileField, RadioField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.kernel.forms import (
    DateField,
    MomentField,
    Needed,
    NumberField,
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
from portal.survey import codes, improvements, meetings, questions
from portal.survey import vocabulary as words
from portal.survey.improvements import Laid
from portal.survey.models import ToldBy
from portal.survey.queries import STATES, Wanted
from portal.survey.questions import Asked
from portal.survey.rules import Audience, QuestionKind
from portal.survey.service import Shape
from portal.survey.tracking import MEASURE_STATES, WantedMeasures

INTRODUCTION = 2000
STATE_TABS = {
    "all": _l("全部"),
    "draft": _l("起草中"),
    "ahead": _l("待开始"),
    "open": _l("进行中"),
    "closed": _l("已截止"),
    "shown": _l("已公布结果"),
}
MEASURE_TABS = {
    "all": _l("全部"),
    "open": _l("整改中"),
    "overdue": _l("逾期"),
    "done": _l("待反馈"),
    "told": _l("已反馈"),
    "withdrawn": _l("已撤销"),
}


def _whole(value: Any) -> int:
    """Coerce the id of a checkbox; nonsense is none of them."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


class SurveyForm(PortalForm):
    """What a questionnaire is (S-2)."""

    title = line(_l("标题"), _l("请填写标题。"))
    introduction = paragraph(_l("说明"), limit=INTRODUCTION)
    audience = RadioField(
        _l("作答对象"),
        [Needed(_l("请选择作答对象。"))],
        choices=options(*((str(a), label) for a, label in words.AUDIENCE_LABELS.items())),
        default=str(Audience.LINK),
    )
    departments = SelectMultipleField(
        _l("作答科室"),
        coerce=_whole,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    opens_at = MomentField(_l("开始时间"), _l("请填写开始时间。"))
    closes_at = MomentField(_l("截止时间"), _l("请填写截止时间。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.departments.choices = options(*people.open_departments())

    def what(self) -> Shape:
        """What was entered, as the service takes it."""
        if self.opens_at.data is None or self.closes_at.data is None:
            raise ValueError("asked for the content of a form that is not good")
        return Shape(
            self.title.data or "",
            self.introduction.data or "",
            Audience(self.audience.data),
            self.opens_at.data,
            self.closes_at.data,
            tuple(self.departments.data or ()),
        )


class QuestionForm(PortalForm):
    """One question."""

    kind = RadioField(
        _l("题型"),
        [Needed(_l("请选择题型。"))],
        choices=options(*((str(k), label) for k, label in words.KIND_LABELS.items())),
        default=str(QuestionKind.SCALE),
    )
    text = line(_l("问题"), _l("请填写问题。"), limit=200)
    help = line(_l("补充说明"), limit=200)
    options = paragraph(_l("选项"), limit=questions.MOST_OPTIONS * (questions.OPTION_LENGTH + 1))
    required = BooleanField(_l("必答"))

    def what(self) -> Asked:
        """What was entered, as the service takes it."""
        return Asked(
            QuestionKind(self.kind.data),
            self.text.data or "",
            self.help.data or "",
            bool(self.required.data),
            tuple((self.options.data or "").splitlines()),
        )


class ActForm(PortalForm):
    """A verb that takes nothing but the click."""


class ReasonForm(PortalForm):
    """A verb that takes a reason."""

    reason = line(_l("原因"), _l("请写明原因。"), limit=200)


class CodesForm(PortalForm):
    """How many one-time codes to make."""

    count = NumberField(_l("数量"), 1, codes.MOST_AT_ONCE, _l("请填写数量。"))
    void = BooleanField(_l("作废以前没有用过的答卷码"))


class ClientsForm(PortalForm):
    """The list from which a sample is drawn."""

    clients = paragraph(_l("服务对象名单"), _l("请录入名单，每行一个服务对象，至少两个。"), limit=200_000)


class DrawForm(PortalForm):
    """How many of the list are drawn."""

    count = NumberField(_l("抽取数量"), 1, 5000, _l("请填写抽取数量。"))


class PublishResultsForm(PortalForm):
    """The words with which the figures are published."""

    note = paragraph(_l("公布说明"), limit=1000)


class MeasureForm(PortalForm):
    """What is to be done about a finding."""

    finding = paragraph(_l("发现的问题"), _l("请写明发现的问题。"), limit=1000)
    measure = paragraph(_l("改进措施"), _l("请写明改进措施。"), limit=1000)
    department = SelectField(_l("责任科室"), [Needed(_l("请选择责任科室。"))], coerce=optional_id)
    post = SelectField(_l("责任岗位"), [Unchosen()], coerce=optional_id)
    due_on = DateField(_l("完成日期"), _l("请填写完成日期。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department.choices = options((None, _("请选择")), *people.open_departments())
        self.post.choices = options((None, _("不指定")), *improvements.post_choices())

    def what(self) -> Laid:
        """What was entered, as the service takes it."""
        if self.due_on.data is None:
            raise ValueError("asked for the content of a form that is not good")
        return Laid(
            self.finding.data or "",
            self.measure.data or "",
            self.department.data,
            self.post.data,
            self.due_on.data,
        )


class DoneForm(PortalForm):
    """What came of a measure."""

    result = paragraph(_l("完成情况"), _l("请写明完成情况。"), limit=1000)


class ToldForm(PortalForm):
    """How the clients were told."""

    told_by = RadioField(
        _l("反馈方式"),
        [Needed(_l("请选择反馈方式。"))],
        choices=options(*((str(t), label) for t, label in words.TOLD_LABELS.items())),
        default=str(ToldBy.NOTICE),
    )
    told_on = DateField(_l("反馈日期"), _l("请填写反馈日期。"))
    note = line(_l("反馈内容"), _l("请写明向服务对象反馈了什么。"), limit=300)


class MeetingForm(PortalForm):
    """A meeting with clients."""

    held_on = DateField(_l("召开日期"), _l("请填写召开日期。"))
    place = line(_l("地点"), _l("请填写地点。"))
    topic = line(_l("议题"), _l("请填写议题。"))
    participants = NumberField(_l("参加人数"), 1, meetings.MOST_PARTICIPANTS, _l("请填写参加的服务对象人数。"))
    summary = paragraph(_l("会议情况"), _l("请写明会议情况。"), limit=5000)
    files = MultipleFileField(_l("会议纪要"))


class FilesForm(PortalForm):
    """More files for a meeting."""

    files = MultipleFileField(_l("附件"))


class RaisedForm(PortalForm):
    """What a client raised at a meeting."""

    kind = RadioField(
        _l("类别"),
        [Needed(_l("请选择类别。"))],
        choices=options(*words.RAISED_LABELS.items()),
        default="opinion",
    )
    text = paragraph(_l("反映的内容"), _l("请写明服务对象反映的内容。"), limit=1000)
    department = SelectField(_l("涉及科室"), [Unchosen()], coerce=optional_id)
    contact_name = line(_l("联系人"), limit=30)
    contact_phone = code(_l("联系电话"), limit=30, validators=[phone_like])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department.choices = options((None, _("由办公室确定")), *people.open_departments())


class FilterForm(PortalForm):
    """Filters of the list of surveys, in the address."""

    q = line(_l("编号或标题"), limit=60)
    state = SelectField(_l("状态"), [Unchosen()], choices=options(*STATE_TABS.items()), default="all")
    audience = SelectField(
        _l("作答对象"),
        [Unchosen()],
        choices=options(("", _l("全部")), *((str(a), label) for a, label in words.AUDIENCE_LABELS.items())),
    )
    from_on = DateField(_l("开始日期自"))
    until_on = DateField(_l("开始日期至"))

    def wanted(self) -> Wanted:
        """The filters that are good; the others are shown with their error and do not restrict."""
        state = self.state.data if self.state.data in STATES else "all"
        audience = Audience(self.audience.data) if self.audience.data and not self.audience.errors else None
        return Wanted(
            q="" if self.q.errors else self.q.data or "",
            state=state,
            audience=audience,
            from_on=self.from_on.data,
            until_on=self.until_on.data,
        )


class MeasureFilterForm(PortalForm):
    """Filters of the list of measures, in the address."""

    q = line(_l("编号或内容"), limit=60)
    state = SelectField(_l("状态"), [Unchosen()], choices=options(*MEASURE_TABS.items()), default="all")
    department = SelectField(_l("责任科室"), [Unchosen()], coerce=optional_id)
    from_on = DateField(_l("完成日期自"))
    until_on = DateField(_l("完成日期至"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department.choices = options((None, _("全部")), *people.department_names().items())

    def wanted(self) -> WantedMeasures:
        """The filters that are good."""
        return WantedMeasures(
            q="" if self.q.errors else self.q.data or "",
            state=self.state.data if self.state.data in MEASURE_STATES else "all",
            department=None if self.department.errors else self.department.data,
            from_on=self.from_on.data,
            until_on=self.until_on.data,
        )
