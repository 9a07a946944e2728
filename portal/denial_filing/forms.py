"""Forms of the denial filing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, MultipleFileField, RadioField, SelectField
from wtforms.validators import StopValidation

from portal.denial_filing import register
from portal.denial_filing import vocabulary as words
from portal.denial_filing.models import Filing, Ground, Refusal
from portal.denial_filing.rules import Verdict
from portal.denial_filing.service import Content
from portal.kernel.forms import DateField, PortalForm, Unchosen, code, line, optional_id, options, paragraph
from portal.people import queries as people


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


class FilingForm(PortalForm):
    """D-2: what is to be refused, why, on what basis, and what the client can do instead."""

    edition = HiddenField()
    refusal = _radio(_l("拟作出的答复"), _l("请选择拟作出的答复。"), words.REFUSAL_LABELS)
    ground = _radio(_l("否定的种类"), _l("请选择否定的种类。"), words.GROUND_LABELS)
    grave = BooleanField(_l("关系重大"))
    situation = paragraph(_l("事实情况"), _l("请写明事实情况。"))
    reason = paragraph(_l("否定的理由"), _l("请写明否定的理由。"))
    basis = paragraph(_l("依据（具体到条款）"), _l("请写明依据，具体到条款。"))
    alternatives = paragraph(_l("服务对象还可以怎样办"), _l("请写明服务对象还可以怎样办；确无其他办法的，写明原因。"))
    authority = line(_l("主管机关、地点和联系方式"), limit=200)
    department_opinion = paragraph(_l("科室意见"), _l("请写明科室意见。"))
    files = MultipleFileField(_l("附件"))

    def content(self) -> Content:
        """What the form says, as the service takes it."""
        return Content(
            refusal=Refusal(self.refusal.data),
            ground=Ground(self.ground.data),
            grave=bool(self.grave.data),
            situation=self.situation.data,
            reason=self.reason.data,
            basis=self.basis.data,
            alternatives=self.alternatives.data,
            authority=self.authority.data,
            department_opinion=self.department_opinion.data,
        )

    @classmethod
    def of(cls, filing: Filing) -> FilingForm:
        """The form filled with what a filing says now."""
        return cls(obj=filing, data={"files": None})


def edition_of(field: Field) -> int:
    """The edition that a form was made for; 0, which no filing has, for nonsense."""
    typed = str(field.data or "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0


class RecallForm(PortalForm):
    """Why a filing is taken back."""

    reason = paragraph(_l("撤回的原因"), _l("请写明撤回的原因。"), limit=400)


class DecideForm(PortalForm):
    """One of the four decisions (D-3), on the edition that was read (D-4)."""

    edition = HiddenField()
    verdict = SelectField(
        _l("决定"),
        [OneOf(_l("请选择一种决定。"))],
        choices=options(*((str(v), str(v)) for v in Verdict)),
        validate_choice=False,
    )
    opinion = paragraph(_l("审批意见"))
    meeting_on = DateField(_l("班子会议日期"))
    meeting_record = paragraph(_l("班子会议研究意见"))
    files = MultipleFileField(_l("会议记录（附件）"))


class LetterForm(PortalForm):
    """Issue the written decision; the statement when the case is overdue (T-8)."""

    statement = paragraph(_l("超期原因说明"))


class DeliverForm(PortalForm):
    """How, when and to whom the written decision was delivered, and what papers went back."""

    how = _radio(_l("送达方式"), _l("请选择送达方式。"), words.DELIVERY_LABELS)
    to = line(_l("签收人（或者代收、见证人）"), _l("请填写签收人。"), limit=60)
    on = DateField(_l("送达日期"), _l("请填写送达日期。"))
    materials_returned = line(_l("退还的材料"), limit=200)


class FilterForm(PortalForm):
    """Filters of the register, in the address."""

    q = code(_l("编号、事项或服务对象"), limit=60)
    from_on = DateField(_l("报备日期自"))
    until_on = DateField(_l("至"))
    department = SelectField(_l("科室"), coerce=optional_id, validators=[Unchosen()])
    item = SelectField(_l("事项"), coerce=optional_id, validators=[Unchosen()])
    leader = SelectField(_l("审批领导"), coerce=optional_id, validators=[Unchosen()])
    outcome = SelectField(
        _l("状态"), choices=options(("", _l("全部")), *register.OUTCOMES.items()), validators=[Unchosen()]
    )
    grave = SelectField(
        _l("关系重大"), choices=options(("", _l("全部")), ("yes", _l("是")), ("no", _l("否"))), validators=[Unchosen()]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        departments: Sequence[tuple[int, str]] = list(people.department_names().items())
        self.department.choices = options(("", _l("全部科室")), *departments)
        self.item.choices = options(("", _l("全部事项")), *register.items(), (register.NONE, _l("目录以外的事项")))
        self.leader.choices = options(("", _l("全部领导")), *register.leaders(), (register.NONE, _l("尚未决定")))

    def wanted(self) -> register.Wanted:
        """The filters that are good; the others are shown with their error and do not restrict."""
        return register.Wanted(**self.good())
