"""Forms of the room of reports on duty."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField

from portal.ab_post import queries as ab
from portal.duty_report import vocabulary as words
from portal.kernel import clock
from portal.kernel.forms import (
    DateField,
    Needed,
    NumberField,
    PortalForm,
    Unchosen,
    line,
    optional_id,
    options,
    paragraph,
)

SECTION = 4000


class RoundForm(PortalForm):
    """A year's round and its dates."""

    year = NumberField(_l("年度"), 2000, 2099, _l("请填写年度。"))
    report_by = DateField(_l("提交期限"), _l("请填写提交期限。"))
    assess_by = DateField(_l("评议期限"), _l("请填写评议期限。"))


class ReportForm(PortalForm):
    """The sections of a report; a draft may lack any of them."""

    duties = paragraph(words.SECTIONS["duties"], limit=SECTION)
    limits = paragraph(words.SECTIONS["limits"], limit=SECTION)
    problems = paragraph(words.SECTIONS["problems"], limit=SECTION)
    plan = paragraph(words.SECTIONS["plan"], limit=SECTION)

    def texts(self) -> dict[str, str]:
        """The sections by name."""
        return {name: self[name].data or "" for name in words.SECTIONS}


class AssessForm(PortalForm):
    """One of four grades, and a remark."""

    grade = RadioField(
        _l("评议等次"),
        [Needed(_l("请选择评议等次。"))],
        choices=options(*((str(g), label) for g, label in words.GRADE_LABELS.items())),
    )
    remark = paragraph(_l("评语"), limit=400)


class CircleForm(PortalForm):
    """Somebody to add to a circle."""

    user_id = SelectField(_l("增加评议人"), [Needed(_l("请选择人员。"))], coerce=optional_id)

    def __init__(self, but: list[int], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user_id.choices = options((None, _("请选择")), *ab.staff_choices(clock.now(), but))


class FilterForm(PortalForm):
    """Filters of a round's list."""

    q = line(_l("姓名"), limit=30)
    state = SelectField(
        _l("报告"),
        [Unchosen()],
        choices=options(("", _l("全部")), ("written", _l("已提交")), ("waiting", _l("未提交"))),
    )
