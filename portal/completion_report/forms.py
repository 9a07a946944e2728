"""Forms of the reports."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, RadioField, SelectField
from wtforms.validators import StopValidation

from portal.completion_report import vocabulary as words
from portal.completion_report.choices import items, people_choices, posts_choices
from portal.completion_report.definitions import NONE
from portal.completion_report.models import ErrorKind
from portal.kernel.forms import (
    DateField,
    NumberField,
    PortalForm,
    Unchosen,
    code,
    optional_id,
    options,
    paragraph,
)
from portal.people import queries as people
from portal.people.filters import DepartmentFilter

MOST_BY_HAND = 100_000


class ReportForm(PortalForm):
    """What a report is narrowed to, in the address."""

    first = DateField(_l("从"))
    last = DateField(_l("到"))
    department = SelectField(_l("科室"), coerce=optional_id, validators=[Unchosen()])
    item = SelectField(_l("事项"), coerce=optional_id, validators=[Unchosen()])
    post = SelectField(_l("岗位"), coerce=optional_id, validators=[Unchosen()])
    person = SelectField(_l("人员"), coerce=optional_id, validators=[Unchosen()])

    def __init__(self, departments: frozenset[int] | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = [(d, name) for d, name in people.department_names().items() if departments is None or d in departments]
        self.department.choices = options(("", _("全部科室")), *seen)
        self.item.choices = options(("", _("全部事项")), *items(), (NONE, _("目录以外的事项")))
        self.post.choices = options(("", _("全部岗位")), *posts_choices(departments))
        self.person.choices = options(("", _("全部人员")), *people_choices(departments), (NONE, _("未记录")))


class OneOf:
    """Refuses what is not one of the field's choices, also when nothing was chosen."""

    field_flags = {"required": True}

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Field) -> None:
        if field.data not in [str(value) for value, *_rest in field.choices]:
            raise StopValidation(str(self.message))


def _radio(label: Any, message: Any, labels: dict[Any, Any]) -> RadioField:
    choices = options(*((str(value), text) for value, text in labels.items()))
    return RadioField(label, [OneOf(message)], choices=choices, validate_choice=False)


class ErrorForm(PortalForm):
    """That a result was wrong, how it was found, and what."""

    kind = _radio(_l("差错种类"), _l("请选择差错种类。"), words.KIND_LABELS)
    found_by = _radio(_l("怎样发现"), _l("请选择怎样发现。"), words.FOUND_LABELS)
    found_on = DateField(_l("发现日期"), _l("请填写发现日期。"))
    what = paragraph(_l("差错情况"), _l("请写明差错情况。"), limit=1000)


class WithdrawForm(PortalForm):
    """Why a record is withdrawn."""

    reason = paragraph(_l("撤销的理由"), _l("请写明撤销的理由。"), limit=400)


class ErrorFilterForm(DepartmentFilter):
    """Filters of the list of result errors."""

    q = code(_l("编号、事项或服务对象"), limit=60)
    kind = SelectField(
        _l("差错种类"),
        choices=options(("", _l("全部")), *((str(k), label) for k, label in words.KIND_LABELS.items())),
        validators=[Unchosen()],
    )
    first = DateField(_l("办结日期自"))
    last = DateField(_l("至"))
    standing = BooleanField(_l("只看未撤销的"))

    def chosen_kind(self) -> ErrorKind | None:
        """The kind asked for, None for all."""
        return ErrorKind(self.kind.data) if self.kind.data and not self.kind.errors else None


class MonthForm(PortalForm):
    """What a head enters by hand, and the remarks (O-8)."""

    phone_enquiries = NumberField(words.HAND_LABELS["phone_enquiries"], 0, MOST_BY_HAND)
    unlogged_visits = NumberField(words.HAND_LABELS["unlogged_visits"], 0, MOST_BY_HAND)
    outside_services = NumberField(words.HAND_LABELS["outside_services"], 0, MOST_BY_HAND)
    remarks = paragraph(_l("说明"), limit=2000)

    def hand(self) -> dict[str, int | None]:
        """The figures entered by hand, by name."""
        return {name: self[name].data for name in words.HAND_LABELS}
