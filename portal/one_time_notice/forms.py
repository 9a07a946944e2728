"""Forms of the one-time notice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import StopValidation

from portal.cases.models import Case, CaseMaterial
from portal.kernel.forms import DateField, PortalForm, Unchosen, clean_line, line, optional_id, options, paragraph
from portal.kernel.forms import code as code_line
from portal.one_time_notice import queries, service
from portal.one_time_notice import vocabulary as words
from portal.one_time_notice.models import Form, Problem
from portal.people import queries as people
from portal.policy import queries as policy

#: What a handler ticks for a line of the checklist (N-2); NONE only for optional ones that were not handed in.
OK, NONE = "ok", "none"
STATE_CHOICES = [
    (OK, _l("已收到")),
    (str(Problem.MISSING), words.PROBLEM_LABELS[Problem.MISSING]),
    (str(Problem.WRONG), words.PROBLEM_LABELS[Problem.WRONG]),
]
#: Rows for materials that no checklist has: offered at first, added by the button, at most.
EXTRA_ROWS, EXTRA_WITHOUT_CHECKLIST, MORE_ROWS, MOST_ROWS = 1, 4, 3, 20


class OneOf:
    """Refuses what is not one of the field's choices, also when nothing was chosen."""

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Field) -> None:
        # A radio that was not sent keeps its default; nobody has chosen that.
        if not field.raw_data or field.data not in [str(value) for value, *_rest in field.choices]:
            raise StopValidation(str(self.message))


def _radio(label: Any, message: Any, choices: Sequence[Any], default: str | None = None) -> RadioField:
    return RadioField(label, [OneOf(message)], choices=options(*choices), default=default, validate_choice=False)


@dataclass(frozen=True)
class MaterialRow:
    """A line of the checklist with its two fields. ``late``: asking for it now would be a repetition (N-4)."""

    material: CaseMaterial
    problem: Field
    reason: Field
    late: bool


class NoticeForm(PortalForm):
    """A notice; the fields of its lines are made for the case by `notice_form`."""

    case: Case
    materials: Sequence[CaseMaterial] = ()
    rows = HiddenField()
    form = _radio(
        _l("告知方式"),
        _l("请选择告知方式。"),
        [(str(f), label) for f, label in words.FORM_LABELS.items()],
        str(Form.ORAL),
    )
    basis = paragraph(_l("办理依据"), _l("请写明办理依据。"))
    limit_text = line(_l("办理时限"), _l("请写明办理时限。"), limit=service.LIMIT_TEXT)
    procedure = paragraph(_l("办理程序"), _l("请写明办理程序。"))
    next_visit = line(_l("下次何时、到哪里来"), _l("请写明下次何时、到哪里来。"), limit=service.NEXT_VISIT)
    until = DateField(_l("补正期限"), _l("请填写补正期限。"))
    seen = BooleanField(_l("已核对，仍需告知"))

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Also: a reason with every line that is missing or wrong; name and reason of extra materials together."""
        good = bool(super().validate(*args, **kwargs))
        for row in self.material_rows():
            if row.problem.data in (str(Problem.MISSING), str(Problem.WRONG)) and not row.reason.data:
                good = _refuse(row.reason, _("请写明“%(name)s”缺少或不符合要求的原因。", name=row.material.name))
        known = {clean_line(m.name) for m in self.materials}
        for name, reason in self.extra_rows():
            if reason.data and not name.data:
                good = _refuse(name, _("请写明清单以外的材料名称。"))
            if name.data and not reason.data:
                good = _refuse(reason, _("请写明需要“%(name)s”的原因。", name=name.data))
            if name.data and name.data in known:
                good = _refuse(name, _("“%(name)s”已在清单上，请在清单里选择。", name=name.data))
            known.add(name.data)
        return good

    def material_rows(self) -> list[MaterialRow]:
        """The lines of the checklist."""
        late = {m.id for m in service.repeated(self.case, _asking_for_all(self.materials))}
        return [MaterialRow(m, self[f"problem_{m.id}"], self[f"reason_{m.id}"], m.id in late) for m in self.materials]

    def extra_rows(self) -> list[tuple[Field, Field]]:
        """Name and reason of the materials that no checklist has."""
        return [(self[f"extra_name_{n}"], self[f"extra_reason_{n}"]) for n in range(int(self.rows.data))]

    def lines(self) -> list[service.Line]:
        """What the form asks for."""
        found = [
            service.Line(row.material.id, Problem(row.problem.data), row.reason.data)
            for row in self.material_rows()
            if row.problem.data in (str(Problem.MISSING), str(Problem.WRONG))
        ]
        extra = [
            service.Line(None, Problem.MISSING, reason.data, name.data)
            for name, reason in self.extra_rows()
            if name.data
        ]
        return found + extra

    def received(self) -> list[int]:
        """Ids of the materials that the handler found to be handed in."""
        return [row.material.id for row in self.material_rows() if row.problem.data == OK]


def _refuse(field: Field, message: str) -> bool:
    field.errors = [*field.errors, message]
    return False


def _asking_for_all(materials: Sequence[CaseMaterial]) -> list[service.Line]:
    """Every line as if it were asked for now: wrong when its paper is here, missing otherwise."""
    return [service.Line(m.id, Problem.WRONG if m.received_at else Problem.MISSING, "") for m in materials]


def _rows_wanted(case: Case) -> int:
    """How many extra rows the page has: as sent, more when asked for by the button."""
    least = EXTRA_ROWS if case.materials else EXTRA_WITHOUT_CHECKLIST
    sent = request.form.get("rows", "")
    found = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 4 else least
    return min(max(found, least) + (MORE_ROWS if "more" in request.form else 0), MOST_ROWS)


def notice_form(case: Case, until: Any) -> NoticeForm:
    """The form of a case: two fields for every line of its checklist, rows for extra materials, a date proposed."""
    rows = _rows_wanted(case)
    fields: dict[str, Any] = {}
    last = queries.latest(case.id)
    told = {x.material_id: x for x in last.lines} if last else {}
    for m in case.materials:
        choices = [*STATE_CHOICES, *([] if m.required else [(NONE, _l("选交，未交"))])]
        stands = OK if m.received_at else str(Problem.MISSING) if m.required else NONE
        reason = _("未提交") if stands == str(Problem.MISSING) else ""
        if m.received_at is None and m.id in told:  # still lacking: as it was told before
            stands, reason = str(told[m.id].problem), told[m.id].reason
        fields[f"problem_{m.id}"] = _radio(m.name, _l("请选择这份材料的情况。"), choices, stands)
        fields[f"reason_{m.id}"] = line(_l("原因"), limit=service.REASON, default=reason)
    for n in range(rows):
        fields[f"extra_name_{n}"] = line(_l("材料名称"), limit=service.NAME)
        fields[f"extra_reason_{n}"] = line(_l("需要的原因"), limit=service.REASON)
    made: Callable[..., NoticeForm] = type("CaseNoticeForm", (NoticeForm,), fields)
    form = made(data={"until": until, "rows": rows})
    form.case, form.materials = case, list(case.materials)
    form.rows.data = str(rows)
    if policy.value("one_time_notice.written_always"):
        form.form.choices = options((str(Form.WRITTEN), words.FORM_LABELS[Form.WRITTEN]))
        form.form.data = form.form.data if request.method == "POST" else str(Form.WRITTEN)
    fixed = service.bound(case)
    for name in ("basis", "limit_text", "procedure"):
        if getattr(fixed, name):
            del form[name]
    if "limit_text" in form and request.method == "GET":
        form.limit_text.data = service.enquiry_limit()
    return form


class SupplementForm(PortalForm):
    """What came in now."""

    materials = SelectMultipleField(_l("本次收到的材料"), coerce=int, validate_choice=False)


class RemindForm(PortalForm):
    """How the client was reminded."""

    how = _radio(_l("提醒方式"), _l("请选择提醒方式。"), list(words.REMINDER_LABELS.items()), "phone")


class CheckForm(PortalForm):
    """Number and check code of a paper."""

    number = code_line(_l("编号"), _l("请填写纸上的编号。"))
    code = code_line(_l("查验码"), _l("请填写纸上的查验码。"))


class FilterForm(PortalForm):
    """Filters of the list, in the address."""

    number = code_line(_l("告知或办件编号"))
    from_on = DateField(_l("告知日期自"))
    until_on = DateField(_l("至"))
    department = SelectField(_l("科室"), coerce=optional_id, validators=[Unchosen()])
    form = SelectField(
        _l("方式"),
        choices=options(("", _l("全部")), *((str(f), label) for f, label in words.FORM_LABELS.items())),
        validators=[Unchosen()],
    )
    repeats = BooleanField(_l("含首次漏告"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department.choices = options(("", _l("全部科室")), *people.open_departments())
