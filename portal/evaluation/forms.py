"""Forms of evaluation: the ballot, sheets of slips, tablets, filters."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.evaluation import rules, service
from portal.evaluation import vocabulary as words
from portal.evaluation.models import Grade
from portal.evaluation.queries import Wanted
from portal.evaluation.service import Ballot, Signature
from portal.kernel.forms import (
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
from portal.policy import queries as policy
from portal.pure.months import month_text, read_month

#: What a client may write at most; the lengths are part of how a ballot is sealed.
COMMENT, NAME, PHONE, NUMBER = 500, 30, 30, 40


#: The name is a field's in the ballot.
_line_of_code = code


def _reasons(label: Any) -> SelectMultipleField:
    return SelectMultipleField(
        label, [Unchosen()], widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


class BallotForm(PortalForm):
    """One ballot (S-1): the code and the grade are needed, all else is the client's choice."""

    code = code(_l("评议码"), _l("请填写评议单上的评议码。"))
    grade = RadioField(
        _l("您对这次办事满意吗？"),
        choices=options(*((str(grade), label) for grade, label in words.GRADE_LABELS.items())),
    )
    reasons_very_satisfied = _reasons(_l("哪些地方做得好？可以多选"))
    reasons_satisfied = _reasons(_l("哪些地方做得好？可以多选"))
    reasons_basically_satisfied = _reasons(_l("哪些地方可以更好？可以多选"))
    reasons_dissatisfied = _reasons(_l("哪些地方不满意？可以多选"))
    reasons_very_dissatisfied = _reasons(_l("哪些地方不满意？可以多选"))
    comment = paragraph(_l("还想说的话"), limit=COMMENT)
    sign = BooleanField(_l("我愿意署名"))
    name = line(_l("怎么称呼您"), limit=NAME)
    phone = _line_of_code(_l("联系电话"), limit=PHONE)
    case_number = _line_of_code(_l("办件编号"), limit=NUMBER)
    kind = RadioField(_l("希望我们怎样处理"), [Unchosen()], choices=options(*words.SIGNED_KINDS.items()), default="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for grade in Grade:
            listed = rules.reasons(policy.value(f"evaluation.reasons_{grade}"))
            self[f"reasons_{grade}"].choices = options(*((reason, reason) for reason in listed))

    def validate(self, extra_validators: Any = None) -> bool:
        """Name and phone are asked for only when the client signs; nothing said there is read otherwise."""
        if not self.sign.data:
            for field in (self.name, self.phone, self.case_number):
                field.data, field.raw_data = "", []
            self.kind.data = ""
        good: bool = super().validate(extra_validators)
        if not self.grade.data:
            self.grade.errors = [_("请选择满意程度。")]
        if self.sign.data:
            if not self.name.data and not self.name.errors:
                self.name.errors = [_("署名请写明怎么称呼您。")]
            if self.kind.data and not self.comment.data and self.grade.data not in service.BAD:
                self.comment.errors = [_("请写明您要反映的内容。")]
            if not self.phone.errors:
                try:
                    if not self.phone.data:
                        raise ValueError(_("署名请填写电话，我们才能答复您。"))
                    phone_like(self, self.phone)
                except ValueError as error:
                    self.phone.errors = [str(error)]
        return good and not self.errors

    def ballot(self) -> Ballot:
        """What a good form says."""
        grade = Grade(self.grade.data)
        chosen = self[f"reasons_{grade}"].data or []
        return Ballot(grade, tuple(dict.fromkeys(chosen)), self.comment.data or "")

    def signature(self) -> Signature | None:
        """Who says it; None for an anonymous ballot."""
        if not self.sign.data:
            return None
        return Signature(self.name.data or "", self.phone.data or "", self.case_number.data or "", self.kind.data or "")


class SheetForm(PortalForm):
    """Slips printed in advance: for whom, for which month, how many sheets."""

    department = SelectField(_l("科室"), [Needed(_l("请选择科室。"))], coerce=optional_id)
    month = SelectField(_l("月份"), [Needed(_l("请选择月份。"))])
    sheets = NumberField(
        _l("版数"),
        1,
        service.MOST_SHEETS,
        _l("请填写版数。"),
        default=1,
        description=_l("每版一页 A4 纸，八张评议单。"),
    )

    def __init__(self, departments: frozenset[int], months: list[date]) -> None:
        super().__init__()
        names = people.department_names()
        self.department.choices = options(*((d, name) for d, name in names.items() if d in departments))
        self.month.choices = options(*((month_text(m), month_text(m)) for m in months))


class PairForm(PortalForm):
    """Connect a tablet by the code that it shows."""

    code = code(
        _l("连接码"),
        _l("请填写终端上显示的连接码。"),
        limit=20,
        description=_l("六位字母和数字，不分大小写。"),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    name = line(_l("终端名称"), _l("请填写终端名称。"), limit=60, description=_l("如“一号窗口”，便于日后辨认和撤销。"))


class FilterForm(PortalForm):
    """Filters of the signed ballots."""

    department = SelectField(_l("科室"), [Unchosen()], coerce=optional_id)
    month = SelectField(_l("月份"), [Unchosen()])
    until = SelectField(_l("至"), [Unchosen()])
    grade = SelectField(
        _l("满意程度"),
        [Unchosen()],
        choices=options(("", _l("全部")), *((str(g), label) for g, label in words.GRADE_LABELS.items())),
    )
    counts = SelectField(
        _l("是否计入"),
        [Unchosen()],
        choices=options(("", _l("全部")), ("yes", _l("计入满意率")), ("no", _l("查不属实，不计入"))),
    )

    def __init__(self, args: Any, months: list[date], departments: frozenset[int] | None) -> None:
        super().__init__(args)
        names = people.department_names()
        seen = [(d, name) for d, name in names.items() if departments is None or d in departments]
        self.department.choices = options((None, _("全部")), *seen)
        for field in (self.month, self.until):
            listed = [month_text(m) for m in months]
            field.choices = options(("", _("全部")), *((m, m) for m in listed))

    def wanted(self) -> Wanted:
        """The filters that are good; the others are shown with their error and do not restrict."""
        return Wanted(**self.good(month=read_month, until=read_month))
