"""Forms of leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, MultipleFileField, RadioField, SelectField
from wtforms.validators import StopValidation

from portal.ab_post.halves import Half
from portal.ab_post.models import Absence, AbsenceKind
from portal.kernel.forms import DateField, PortalForm, Unchosen, code, line, optional_id, options, paragraph
from portal.leave import register
from portal.leave import vocabulary as words
from portal.leave.models import LeaveRequest
from portal.leave.rules import PER_DAY, Span, Verdict
from portal.leave.service import Asked
from portal.people import queries as people


class OneOf:
    """Refuses what is not one of the field's choices, also when nothing was chosen."""

    field_flags = {"required": True}

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Field) -> None:
        if field.data not in [str(value) for value, *_rest in field.choices]:
            raise StopValidation(str(self.message))


def _radio(label: Any, message: Any, labels: Mapping[Any, Any]) -> RadioField:
    choices = options(*((str(value), text) for value, text in labels.items()))
    return RadioField(label, [OneOf(message)], choices=choices, validate_choice=False)


class TimeForm(PortalForm):
    """Kind and time: what the length is worked out from while it is typed."""

    kind = _radio(_l("假别"), _l("请选择假别。"), words.KIND_LABELS)
    from_on = DateField(_l("开始日期"), _l("请填写开始日期。"))
    from_half = _radio(_l("从"), _l("请选择上午或者下午。"), words.HALF_LABELS)
    to_on = DateField(_l("结束日期"), _l("请填写结束日期。"))
    to_half = _radio(_l("到"), _l("请选择上午或者下午。"), words.HALF_LABELS)

    def span(self) -> Span:
        """The time of a good form."""
        if self.from_on.data is None or self.to_on.data is None:
            raise ValueError("asked for the time of a form that is not good")
        return Span(self.from_on.data, Half(self.from_half.data), self.to_on.data, Half(self.to_half.data))


class LeaveForm(TimeForm):
    """A request (O-3); a note for each post is added by `leave_form`."""

    reason = paragraph(_l("请假事由"), _l("请写明请假事由。"), limit=500)
    destination = line(_l("去向"))
    contact = code(_l("联系电话"))
    files = MultipleFileField(_l("附件"))
    post_ids: Sequence[int] = ()

    def notes(self) -> list[Field]:
        """The fields of the handover notes, in the order of the posts."""
        return [self[f"note_{post_id}"] for post_id in self.post_ids]

    def asked(self, extends: LeaveRequest | None = None, absence: Absence | None = None) -> Asked:
        """What the form says, as the service takes it."""
        return Asked(
            kind=AbsenceKind(self.kind.data),
            span=self.span(),
            reason=self.reason.data or "",
            destination=self.destination.data or "",
            contact=self.contact.data or "",
            notes={post_id: self[f"note_{post_id}"].data or "" for post_id in self.post_ids},
            extends=extends,
            absence=absence,
        )


def leave_form(posts: Sequence[tuple[int, str]], **shown: Any) -> LeaveForm:
    """The form with one handover note for each of the applicant's posts."""
    notes = {f"note_{post_id}": paragraph(_("交接说明：%(post)s", post=name), limit=1000) for post_id, name in posts}
    made: type[LeaveForm] = type("Typed", (LeaveForm,), {**notes, "post_ids": [p for p, _name in posts]})
    return made(**shown)


class DecideForm(PortalForm):
    """One step: approve, return, refuse."""

    step = HiddenField()
    verdict = HiddenField()
    opinion = paragraph(_l("意见"), limit=500)

    def chosen(self) -> Verdict | None:
        """The verdict, None when it is none of the three."""
        known = {str(v): v for v in (Verdict.APPROVED, Verdict.RETURNED, Verdict.REFUSED)}
        return known.get(self.verdict.data or "")

    def step_id(self) -> int:
        """The step that the page showed; 0 for nonsense, which is no step."""
        typed = self.step.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


class CertificateForm(PortalForm):
    """The stamped certificate of a sick leave."""

    files = MultipleFileField(_l("盖章证明"))


class FilterForm(PortalForm):
    """Filters of the register, in the address."""

    q = code(_l("编号或姓名"), limit=60)
    from_on = DateField(_l("日期自"))
    until_on = DateField(_l("至"))
    department = SelectField(_l("科室"), coerce=optional_id, validators=[Unchosen()])
    kind = SelectField(_l("假别"), validators=[Unchosen()])
    outcome = SelectField(_l("状态"), validators=[Unchosen()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department.choices = options(("", _l("全部科室")), *people.department_names().items())
        self.kind.choices = options(("", _l("全部")), *((str(k), v) for k, v in words.KIND_LABELS.items()))
        self.outcome.choices = options(("", _l("全部")), *register.OUTCOMES.items())

    def wanted(self) -> register.Wanted:
        """The filters that are good; the others are shown with their error and do not restrict."""
        return register.Wanted(**self.good())


def halves_of(typed: str | None) -> int | None:
    """Days in halves (``7.5``) as half days; None for what is none."""
    try:
        found = float(typed or "") * PER_DAY
    except ValueError:
        return None
    return int(found) if found == int(found) and 0 <= found <= 60 * PER_DAY else None


def in_halves(_form: Any, field: Field) -> None:
    """Days from 0 to 60 in steps of half a day."""
    if not (field.data or "").replace(".", "", 1).isdigit() or halves_of(field.data) is None:
        raise StopValidation(_("请填写 0 到 60 之间的天数，可以是半天，如 7.5。"))


class AllowanceForm(PortalForm):
    """Annual leave of a person and year."""

    working_since = DateField(_l("参加工作日期"))
    entitled = code(_l("本年应休天数"), limit=6, validators=[in_halves])
    carried = code(_l("上年结转天数"), limit=6, validators=[in_halves])
    reason = line(_l("说明"), limit=200)
