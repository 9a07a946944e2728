"""Forms of the calendar."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainForm
from wtforms import FormField, RadioField, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice

from portal.calendar import rules
from portal.kernel.forms import (
    DateField,
    MomentField,
    NumberField,
    PortalForm,
    code,
    line,
    paragraph,
)
from portal.pure.limits import MAX_AMOUNT, Limit, Unit
from portal.pure.spans import Pause

UNIT_LABELS = {
    Unit.WORKING_DAYS: _l("工作日"),
    Unit.WORKING_HOURS: _l("工作小时"),
    Unit.DAYS: _l("自然日"),
    Unit.MONTHS: _l("月"),
    Unit.ON_SPOT: _l("当场（当日）"),
}


class DayForm(PortalForm):
    """Set one day."""

    day = DateField(_l("日期"), needed=_l("请填写日期。"))
    workday = RadioField(
        _l("这一天"),
        choices=[SelectChoice("off", _l("放假")), SelectChoice("work", _l("上班"))],
        default="off",
    )
    reason = line(_l("事由"), needed=_l("请写明事由。"), limit=rules.MAX_REASON)


class ClearForm(PortalForm):
    """Bring the official arrangement of a day back."""

    reason = line(_l("事由"), needed=_l("请写明事由。"), limit=rules.MAX_REASON)


class YearForm(PortalForm):
    """Enter a year's notice."""

    notice = line(_l("通知文号"), needed=_l("请填写放假安排通知的文号。"))
    days = paragraph(_l("放假和调休上班的日子"), needed=_l("请逐行填写放假和调休上班的日子。"), limit=6000)


class PauseForm(PlainForm):
    """One stretch in which the clock stands still."""

    begin = MomentField(_l("中止自"))
    end = MomentField(_l("恢复于"))

    def validate_begin(self, field: Any) -> None:
        """A pause that ends has begun, and it cannot end before."""
        begin, end = field.data, self.end.data
        if begin is not None and end is not None and end < begin:
            raise ValidationError(_("恢复时间不能早于中止时间。"))

    def validate_end(self, field: Any) -> None:
        """An end needs its beginning."""
        if field.data is not None and self.begin.data is None and not self.begin.errors:
            raise ValidationError(_("请先填写中止时间。"))


class CalculatorForm(PortalForm):
    """What the deadline calculator needs; sent by GET, so that a result has an address."""

    start = DateField(_l("起算日期"), needed=_l("请填写起算日期。"))
    at = code(_l("时刻"), limit=8)
    amount = NumberField(_l("时限"), 0, MAX_AMOUNT)
    unit = SelectField(_l("单位"), choices=[SelectChoice(str(unit), words) for unit, words in UNIT_LABELS.items()])
    pause_1 = FormField(PauseForm, label=_l("第一次中止"))
    pause_2 = FormField(PauseForm, label=_l("第二次中止"))

    def validate_at(self, field: Any) -> None:
        """A time of day."""
        if read_time(field.data) is None:
            raise ValidationError(_("请填写时刻，如 14:30。"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Every unit but on the spot counts at least one; an empty amount is no amount."""
        good = bool(super().validate(extra_validators))
        if not self.amount.errors and not self.amount.data and self.unit.data != Unit.ON_SPOT:
            self.amount.errors = [_("请填写 1 至 %(most)s 的整数。", most=MAX_AMOUNT)]
            return False
        return good

    @property
    def limit(self) -> Limit:
        """The limit asked for (after validation)."""
        unit = Unit(self.unit.data)
        return Limit(0 if unit is Unit.ON_SPOT else self.amount.data or 0, unit)

    @property
    def since(self) -> date | datetime:
        """The start asked for: the day, or the day and time on the office's wall clock (after validation)."""
        assert self.start.data is not None
        at = read_time(self.at.data)
        return self.start.data if at is None else datetime.combine(self.start.data, at)

    @property
    def pauses(self) -> list[Pause]:
        """The pauses that were filled in (after validation)."""
        return [
            Pause(each.begin.data, each.end.data)
            for each in (self.pause_1, self.pause_2)
            if each.begin.data is not None
        ]


def read_time(text: str | None) -> time | None:
    """A time of day such as ``9:05`` or ``14:30``; None for anything else."""
    match = re.fullmatch(r"(\d{1,2}):(\d{2})(?::00)?", text or "", re.ASCII)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        return None
    return time(int(match[1]), int(match[2]))
