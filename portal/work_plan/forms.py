"""Forms of the plan room."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, FileField, MultipleFileField, SelectField
from wtforms.validators import ValidationError

from portal.kernel import clock
from portal.kernel.forms import (
    DateField,
    Needed,
    NumberField,
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
from portal.work_plan.common import Text
from portal.work_plan.executing import MOST_PERCENT
from portal.work_plan.queries import LIGHTS, Wanted, years

MOST_BYTES = 4 * 1024 * 1024
LIGHT_LABELS = {
    "open": _l("未完成"),
    "due_soon": _l("临期"),
    "overdue": _l("逾期"),
    "reported": _l("待确认"),
    "done": _l("已完成"),
    "cancelled": _l("已取消"),
    "all": _l("全部"),
}


class PlanForm(PortalForm):
    """Whose plan, and of which year."""

    department_id = SelectField(_l("科室"), [Needed(_l("请选择科室。"))], coerce=optional_id)
    year = NumberField(_l("年度"), 2000, 2098, _l("请填写年度。"))
    goals = paragraph(_l("年度工作目标"))

    def __init__(self, departments: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department_id.choices = options(("", _("请选择")), *departments)


class GoalsForm(PortalForm):
    """What the year is to bring as a whole."""

    goals = paragraph(_l("年度工作目标"))


class ItemForm(PortalForm):
    """One step of a key task; ``reason`` belongs to an amendment."""

    key_task = line(_l("重点任务"), _l("请填写重点任务。"))
    step = line(_l("分解事项"), _l("请填写分解事项。"), limit=200)
    measure = paragraph(_l("工作措施和衡量标准"), _l("请填写工作措施和衡量标准。"))
    person_id = SelectField(_l("责任人"), [Needed(_l("请选择责任人。"))], coerce=optional_id)
    due_on = DateField(_l("完成日期"), _l("请填写完成日期。"))
    reason = paragraph(_l("调整的理由"), limit=1000)

    def __init__(self, department_id: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person_id.choices = options(("", _("请选择")), *people.people_in_service(department_id))

    def what(self) -> Text:
        """The item as it was entered."""
        return Text(
            self.key_task.data or "", self.step.data or "", self.measure.data or "", self.person_id.data,
            self.due_on.data,
        )  # fmt: skip


class ActForm(PortalForm):
    """What the verbs on a page may carry; each verb reads what it needs."""

    text = paragraph(_l("说明"))
    percent = NumberField(_l("进度（%）"), 0, MOST_PERCENT)
    due_on = DateField(_l("延期至"))
    meeting_on = DateField(_l("班子会日期"))
    files = MultipleFileField(_l("附件"))


class UploadForm(PortalForm):
    """A filled sheet of items."""

    file = FileField(_l("填好的表格"), [Needed(_l("请选择要导入的文件。"))])
    content = b""
    name = ""

    def validate_file(self, field: Field) -> None:
        """Read the content once; too large a file is refused before anything looks into it."""
        name = (field.data.filename or "").replace("\\", "/").rsplit("/", 1)[-1][-120:]
        self.name = "".join(c if c.isprintable() else "_" for c in name) or "-"
        self.content = field.data.stream.read(MOST_BYTES + 1)
        if len(self.content) > MOST_BYTES:
            raise ValidationError(_("文件超过 %(n)s MB，请拆分后再导入。", n=MOST_BYTES // 1024 // 1024))
        if not self.content:
            raise ValidationError(_("文件是空的。"))


class FilterForm(DepartmentFilter):
    """Filters of the list of items, in the address."""

    q = code(_l("编号、重点任务或事项"), limit=60)
    year = SelectField(_l("年度"), coerce=optional_id, validators=[Unchosen()])
    light = SelectField(
        _l("状态"), choices=options(*((name, LIGHT_LABELS[name]) for name in LIGHTS)), validators=[Unchosen()]
    )
    person = SelectField(_l("责任人"), coerce=optional_id, validators=[Unchosen()])
    mine = SelectField(_l("范围"), choices=options(("", _l("全部")), ("mine", _l("我负责的"))), validators=[Unchosen()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year.choices = options(("", _("全部年度")), *((y, str(y)) for y in years()))
        self.person.choices = options(("", _("全部人员")), *people.people_in_service())

    def wanted(self) -> Wanted:
        """The filters that are good; the others are shown with their error and do not restrict."""
        return Wanted(**self.good())


def chosen_year(typed: str) -> int:
    """The year of an address; this year's for anything else."""
    good = typed.isascii() and typed.isdigit() and len(typed) == 4 and date.min.year <= int(typed) <= 2098
    return int(typed) if good else clock.today().year
