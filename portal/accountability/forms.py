"""Forms of the room of proceedings."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, MultipleFileField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.accountability import vocabulary as words
from portal.accountability.models import MeasureKind, Said
from portal.accountability.queries import Wanted
from portal.accountability.rules import FOR_DEPARTMENTS, LADDER
from portal.kernel import clock
from portal.kernel.forms import DateField, PortalForm, Unchosen, code, line, optional_id, options, paragraph
from portal.people import queries as people
from portal.people.filters import DepartmentFilter


class ManyField(SelectMultipleField):
    """Several of some choices, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _one(label: Any, table: dict[Any, Any], empty: Any = None) -> SelectField:
    """One value of an enumeration, or none yet."""
    kind: type[StrEnum] = type(next(iter(table)))
    return SelectField(
        label,
        coerce=lambda value: kind(value) if value not in (None, "") else None,
        choices=options(("", empty or _l("请选择")), *table.items()),
        validators=[Unchosen()],
    )


def _id(label: Any) -> SelectField:
    return SelectField(label, coerce=optional_id, validators=[Unchosen()])


class RegisterForm(PortalForm):
    """A new proceeding."""

    title = line(_l("事项"), _l("请填写事项。"))
    summary = paragraph(_l("基本情况"), _l("请写明基本情况。"))
    origin = _one(_l("来源"), words.ORIGIN_LABELS)
    source = code(_l("来源编号"), limit=60)
    complainant = BooleanField(_l("有投诉人，结果须经投诉件告知"))
    people = ManyField(_l("当事人"), coerce=int, validators=[Unchosen()])
    departments = ManyField(_l("当事科室"), coerce=int, validators=[Unchosen()])
    complainants = ManyField(_l("投诉人是本单位人员的，请选择（应当回避）"), coerce=int, validators=[Unchosen()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = people.people_in_service()
        self.people.choices = self.complainants.choices = options(*known)
        self.departments.choices = options(*people.open_departments())


class TextForm(PortalForm):
    """A text."""

    text = paragraph(_l("内容"), limit=5000)

    def __init__(self, label: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label is not None:
            self.text.label.text = str(label)


class PassUpForm(PortalForm):
    """To which upper body, and why."""

    to = line(_l("移送的上级机关"), limit=120)
    text = paragraph(_l("移送的理由"), limit=5000)


class BareForm(PortalForm):
    """Nothing but the wish."""


class ReportForm(PortalForm):
    """The report of an investigation, with its evidence."""

    text = paragraph(_l("调查报告"), limit=10000)
    files = MultipleFileField(_l("证据材料"))


class AssignForm(PortalForm):
    """Who has a duty."""

    duty = _one(_l("职责"), words.DUTY_LABELS)
    user_id = _id(_l("人员"))

    def __init__(self, candidates: Iterable[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user_id.choices = options(("", _("请选择")), *candidates)


class SubjectForm(PortalForm):
    """A further subject."""

    user_id = _id(_l("当事人"))
    department_id = _id(_l("或者当事科室"))
    joint = BooleanField(_l("负领导责任，一并追究"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user_id.choices = options(("", _("请选择")), *people.people_in_service())
        self.department_id.choices = options(("", _("请选择")), *people.open_departments())


class HearForm(PortalForm):
    """Minutes of a talk, or why nobody was heard."""

    kind = _one(_l("听取的方式"), {k: words.SAID_LABELS[k] for k in (Said.MINUTES, Said.WAIVER)})
    text = paragraph(_l("笔录（经本人签字），或者未听取的说明"), limit=5000)


class FindForm(PortalForm):
    """What was found."""

    confirmed = SelectField(
        _l("是否属实"),
        choices=options(
            ("", _l("请选择")), ("yes", words.CONFIRMED_LABELS[True]), ("no", words.CONFIRMED_LABELS[False])
        ),
        validators=[Unchosen()],
    )
    text = paragraph(_l("认定的事实和依据"), limit=5000)
    conduct = _one(_l("行为"), words.CONDUCT_LABELS)
    effect = _one(_l("后果"), words.EFFECT_LABELS)
    cause = _one(_l("原因"), words.CAUSE_LABELS)
    attitude = _one(_l("态度"), words.ATTITUDE_LABELS)
    severity = _one(_l("情节"), words.SEVERITY_LABELS)


class DecideForm(PortalForm):
    """What is decided."""

    measures = ManyField(_l("处理（可以合并适用）"), coerce=MeasureKind, validators=[Unchosen()])
    opinion = paragraph(_l("决定的理由和依据"), limit=5000)
    demand = paragraph(_l("整改要求"))
    due_on = DateField(_l("整改期限"))
    meeting_on = DateField(_l("班子会议日期"))
    meeting_record = paragraph(_l("班子会议研究意见"))

    def __init__(self, department: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [k for k in MeasureKind if k in FOR_DEPARTMENTS] if department else list(LADDER)
        self.measures.choices = options(*((k, words.MEASURE_LABELS[k]) for k in kinds))
        if not department:
            del self.demand, self.due_on


class ExecuteForm(PortalForm):
    """How a measure was carried out."""

    on = DateField(_l("执行日期"))
    text = paragraph(_l("执行情况"))


class ToldForm(PortalForm):
    """When the complainant was told."""

    on = DateField(_l("告知日期"), _l("请填写告知日期。"))


class ReviewForm(PortalForm):
    """What a review comes to."""

    outcome = _one(_l("复核结果"), words.OUTCOME_LABELS)
    lifted = ManyField(_l("减轻的，撤销的处理"), coerce=MeasureKind, validators=[Unchosen()])
    milder = _one(_l("改为更轻的处理"), {k: words.MEASURE_LABELS[k] for k in LADDER}, _l("不另作处理"))
    text = paragraph(_l("复核的理由"), limit=5000)

    def __init__(self, standing: Iterable[MeasureKind], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lifted.choices = options(*((k, words.MEASURE_LABELS[k]) for k in standing))


class FilterForm(DepartmentFilter):
    """Filters of the list, in the address."""

    q = code(_l("编号或事项"), limit=60)
    state = SelectField(
        _l("状态"),
        choices=options(("", _l("全部")), ("open", _l("未结案")), *words.STATE_LABELS.items()),
        validators=[Unchosen()],
    )
    duty = SelectField(
        _l("我的职责"), choices=options(("", _l("全部")), *words.DUTY_LABELS.items()), validators=[Unchosen()]
    )

    def wanted(self) -> Wanted:
        """The filters that are good; the others are shown with their error and do not restrict."""
        return Wanted(**self.good())


class YearForm(PortalForm):
    """The year of figures."""

    year = SelectField(_l("年度"), coerce=optional_id, validators=[Unchosen()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year.choices = options(*((y, y) for y in range(clock.today().year, clock.today().year - 5, -1)))

    def chosen(self) -> int:
        """The year that was asked for, this one unless it is good."""
        return int(self.year.data) if self.year.data and not self.year.errors else clock.today().year
