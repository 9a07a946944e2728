"""Forms of the supervision room."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, MultipleFileField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from portal.ab_post import queries as ab
from portal.attendance.models import FindingKind
from portal.attendance.vocabulary import FINDING_LABELS
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.errors import Invalid
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
)
from portal.people import queries as people
from portal.people.filters import DepartmentFilter
from portal.post_duty import queries as posts
from portal.service_commitment.words import limit_code
from portal.supervision import queries, rights, rules
from portal.supervision import vocabulary as words
from portal.supervision.models import InspectionState, Manner, PlanState, Severity
from portal.supervision.queries import FINDING_TABS, INSPECTION_TABS, ORDER_TABS, PLAN_TABS, Wanted
from portal.supervision.rectifying import Until
from portal.supervision.service import Planned, Seen

NOTHING, FOUND, DISCIPLINE = "nothing", "found", "discipline"
RESULT_LABELS = {NOTHING: _l("未发现问题"), FOUND: _l("发现问题"), DISCIPLINE: _l("工作纪律")}

FINDING_TAB_LABELS = {
    "open": _l("未办结"),
    **{str(s): label for s, label in words.STATE_LABELS.items()},
    "overdue": _l("整改超期"),
    "counted": _l("全部有效"),
    "all": _l("全部"),
}
ORDER_TAB_LABELS = {
    "open": _l("未办结"),
    "running": _l("整改中，未到期"),
    "due_soon": _l("临期"),
    "overdue": _l("超期"),
    "reported": _l("待复查"),
    "passed": _l("复查合格"),
    "failed": _l("复查不合格"),
    "in_time": _l("按期报告"),
    "late": _l("逾期报告"),
    "due": _l("已报告或超期"),
    "void": _l("已作废"),
    "all": _l("全部"),
}


class Several(SelectMultipleField):
    """Several of a list of ids, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any, needed: Any = None, **kw: Any) -> None:
        super().__init__(label, [Needed(needed)] if needed else [], coerce=int, choices=[], **kw)


def _group(but: int | None = None) -> list[tuple[int, str]]:
    names = people.user_names()
    return [(u, names.get(u, "")) for u in queries.group() if u != but]


def departments_to_inspect(actor: Actor) -> list[tuple[int, str]]:
    """The departments that the actor may inspect: all but the own ones."""
    own = rights.own_departments(actor.id)
    return [(d, name) for d, name in people.open_departments() if d not in own]


class PlanForm(PortalForm):
    """A planned inspection."""

    title = line(_l("计划名称"), _l("请填写计划名称。"))
    subject = paragraph(_l("检查内容"), _l("请写明检查内容。"))
    manner = RadioField(
        _l("方式"), choices=options(*((str(m), n) for m, n in words.MANNER_LABELS.items())), default=str(Manner.OPEN)
    )
    departments = Several(_l("被检查科室"), _l("请选择被检查的科室。"))
    members = Several(_l("检查人员"), _l("请选择检查人员。"))
    from_on = DateField(_l("开始日期"), _l("请填写开始日期。"))
    to_on = DateField(_l("结束日期"), _l("请填写结束日期。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.departments.choices = options(*people.open_departments())
        self.members.choices = options(*_group())

    def what(self) -> Planned:
        """What was entered, as the service takes it; to be called when the form is in order."""
        assert self.from_on.data is not None
        assert self.to_on.data is not None
        return Planned(
            self.title.data, self.subject.data, Manner(self.manner.data), self.departments.data, self.members.data,
            self.from_on.data, self.to_on.data,
        )  # fmt: skip


class CancelForm(PortalForm):
    """Why a plan is given up."""

    reason = line(_l("取消的原因"), limit=200)


class SeenForm(PortalForm):
    """What was seen at a department."""

    result = RadioField(
        _l("结果"), choices=options(*((v, n) for v, n in RESULT_LABELS.items() if v != NOTHING)), default=FOUND
    )
    kind = SelectField(_l("类别"), validators=[Unchosen()])
    severity = RadioField(
        _l("程度"),
        choices=options(*((str(s), n) for s, n in words.SEVERITY_LABELS.items())),
        default=str(Severity.ORDINARY),
    )
    discipline = SelectField(_l("情形"), validators=[Unchosen()])
    seen = paragraph(_l("看到的情况"))
    photos = MultipleFileField(_l("拍照"))
    album = MultipleFileField(_l("从相册选择"))
    post_id = SelectField(_l("岗位"), coerce=optional_id, validators=[Unchosen()])
    person_id = SelectField(_l("当事人"), coerce=optional_id, validators=[Unchosen()])
    unfiled_denial = BooleanField(_l("未经报备作出否定"))
    case = code(_l("办件编号"), limit=20)
    matter = line(_l("被否定的事项"))

    def __init__(self, actor: Actor, departments: list[int], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = people.department_names()
        kinds = queries.kinds()
        self.kind.choices = options(("", _("请选择")), *((k, words.kind_label(k)) for k in kinds))
        self.discipline.choices = options(("", _("请选择")), *((str(k), n) for k, n in FINDING_LABELS.items()))
        places = [p for p in posts.open_posts() if p.department_id in departments]
        self.post_id.choices = options(
            ("", _("不指定")), *((p.id, f"{names.get(p.department_id, '')} · {p.name}") for p in places)
        )
        wanted, now = set(departments), clock.now()
        staff = [(u, name) for u, name in ab.staff_choices(now, (actor.id,)) if wanted & rights.own_departments(u, now)]
        self.person_id.choices = options(("", _("不指定")), *staff)

    def uploads(self) -> list[Any]:
        """The photos of both choosers."""
        return [*(self.photos.data or ()), *(self.album.data or ())]

    def what(self, case: Any) -> Seen:
        """What was entered, as the service takes it. Raises Invalid for one of work discipline that is not named."""
        one_of_discipline = self.result.data == DISCIPLINE
        if one_of_discipline and not self.discipline.data:
            raise Invalid("discipline", _("请选择违反工作纪律的情形。"), "P-3")
        return Seen(
            kind=self.kind.data or "",
            severity=Severity(self.severity.data),
            seen=self.seen.data or "",
            post_id=self.post_id.data,
            person_id=self.person_id.data,
            discipline=FindingKind(self.discipline.data) if one_of_discipline else None,
            unfiled_denial=self.unfiled_denial.data,
            case=case,
            matter=self.matter.data or "",
        )


class SpotForm(SeenForm):
    """An inspection recorded on the spot."""

    department_id = SelectField(_l("科室"), [Needed(_l("请选择被检查的科室。"))], coerce=optional_id)
    result = RadioField(_l("结果"), choices=options(*RESULT_LABELS.items()), default=FOUND)
    manner = RadioField(
        _l("方式"), choices=options(*((str(m), n) for m, n in words.MANNER_LABELS.items())), default=str(Manner.OPEN)
    )
    place = line(_l("地点"))
    inspected_at = MomentField(_l("检查时间"))
    plan_id = SelectField(_l("督查计划"), coerce=optional_id, validators=[Unchosen()])
    members = Several(_l("一同检查的人员"))

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        choices = departments_to_inspect(actor)
        super().__init__(actor, [d for d, _name in choices], *args, **kwargs)
        self.department_id.choices = options(("", _("请选择")), *choices)
        plans = [(p.id, f"{p.number} {p.title}") for p in queries.open_plans(actor)]
        self.plan_id.choices = options(("", _("不按计划（临时检查）")), *plans)
        self.members.choices = options(*_group(actor.id))

    @property
    def unfolded(self) -> bool:
        """Whether something behind the fold was filled in or is wrong."""
        inner = (self.post_id, self.person_id, self.place, self.inspected_at, self.members)
        return any(f.errors or f.data for f in inner) or bool(self.plan_id.errors)


class ActForm(PortalForm):
    """What the verbs on a page may carry; each verb reads what it needs."""

    text = paragraph(_l("内容"))
    time_limit = line(_l("整改时限"), limit=30)
    due_on = DateField(_l("或者整改日期"))
    photos = MultipleFileField(_l("照片"))

    def until(self) -> Until:
        """Until when, as the service takes it."""
        return Until(limit_code(self.time_limit.data) if self.time_limit.data else "", self.due_on.data)


# --- filters --------------------------------------------------------------------------------------------------


def _tab(names: tuple[str, ...], labels: dict[str, Any]) -> SelectField:
    return SelectField(_l("状态"), choices=options(*((n, labels[n]) for n in names)), validators=[Unchosen()])


class FilterForm(DepartmentFilter):
    """Filters that all lists have, in the address."""

    q = code(_l("编号或文字"), limit=60)
    month = code(_l("月份或季度"), limit=10)

    def validate_month(self, field: Any) -> None:
        """A month or a quarter."""
        if field.data and rules.period(field.data) is None:
            raise ValidationError(_("请填写月份或季度，如 2026-11、2026-Q4。"))

    def wanted(self) -> Wanted:
        """The filters that are good; the others are shown with their error and do not restrict."""
        return Wanted(**self.good())


_MANNERS = (("", _l("全部")), *((str(m), n) for m, n in words.MANNER_LABELS.items()))


class PlanFilter(FilterForm):
    """Filters of the plans."""

    state = _tab(PLAN_TABS, {"": _l("全部"), **{str(s): words.PLAN_LABELS[s] for s in PlanState}})
    manner = SelectField(_l("方式"), choices=options(*_MANNERS), validators=[Unchosen()])
    mine = SelectField(_l("范围"), choices=options(("", _l("全部")), ("mine", _l("我参加的"))), validators=[Unchosen()])


class InspectionFilter(FilterForm):
    """Filters of the inspections."""

    state = _tab(INSPECTION_TABS, {"": _l("全部"), **{str(s): words.INSPECTION_LABELS[s] for s in InspectionState}})
    manner = SelectField(_l("方式"), choices=options(*_MANNERS), validators=[Unchosen()])
    result = SelectField(
        _l("结果"),
        choices=options(("", _l("全部")), ("found", _l("发现问题")), ("nothing", _l("未发现问题"))),
        validators=[Unchosen()],
    )


class FindingFilter(FilterForm):
    """Filters of the findings."""

    state = _tab(FINDING_TABS, FINDING_TAB_LABELS)
    kind = SelectField(_l("类别"), validators=[Unchosen()])
    severity = SelectField(
        _l("程度"),
        choices=options(("", _l("全部")), *((str(s), n) for s, n in words.SEVERITY_LABELS.items())),
        validators=[Unchosen()],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = list(dict.fromkeys([*queries.kinds(), *([self.kind.data] if self._kept() else [])]))
        self.kind.choices = options(("", _("全部")), *((k, words.kind_label(k)) for k in known))

    def _kept(self) -> bool:
        """Whether the kind asked for is one that the office had before."""
        return bool(self.kind.data) and queries.kind_is_used(self.kind.data)


class OrderFilter(FilterForm):
    """Filters of the orders; the month is that of their date."""

    state = _tab(ORDER_TABS, ORDER_TAB_LABELS)
