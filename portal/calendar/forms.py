"""Forms of the calendar."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, FieldList, FormField, RadioField, SelectField, ValidationError
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice

from portal.calendar import foresight, notice_file, queries, rules, service, service_days
from portal.calendar import vocabulary as words
from portal.kernel.forms import (
    DateField,
    MomentField,
    Needed,
    NumberField,
    PortalForm,
    code,
    line,
    optional_id,
    options,
    paragraph,
)
from portal.kernel.sheets import SheetError
from portal.policy import catalogue
from portal.policy.catalogue import PolicyError
from portal.pure.limits import MAX_AMOUNT, Limit, Unit
from portal.pure.spans import Pause

#: Faults told at most; the rest is counted.
SHOWN = 10
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


class StretchForm(PlainForm):
    """One holiday of a notice: its name and its days in a row."""

    name = line(_l("节日"), limit=rules.MAX_REASON)
    first = DateField(_l("放假第一天"))
    last = DateField(_l("放假最后一天"))


class YearForm(PortalForm):
    """A year's notice on one page: holidays with their days, and the shifted workdays."""

    notice = line(_l("通知文号"), needed=_l("请填写放假安排通知的文号。"))
    rows = FieldList(FormField(StretchForm), label=_l("放假"), min_entries=1, max_entries=rules.MAX_LINES)
    workdays = paragraph(_l("调休上班的日子"), limit=1000)
    year = 0
    days: tuple[rules.NoticeDay, ...] = ()

    def stretches(self) -> list[rules.Stretch]:
        """The holidays that were filled in; ``line`` is the row's place in the form."""
        return [
            rules.Stretch(n, row.form.name.data or "", row.form.first.data, row.form.last.data or row.form.first.data)
            for n, row in enumerate(self.rows)
            if row.form.first.data is not None
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Every row by itself, then the notice as a whole; what is wrong is said at its field."""
        good = super().validate(extra_validators)
        for row in self.rows:
            first, last = row.form.first, row.form.last
            if last.data is not None and first.data is None and not first.errors:
                first.errors = [_("请填写放假的第一天。")]
        self.rows.errors = [row.errors for row in self.rows if row.errors]
        if not good or self.rows.errors:
            return False
        shifted, bad_dates = rules.read_dates(self.workdays.data or "", self.year)
        if bad_dates:
            self.workdays.errors = [
                _("“%(text)s”：%(why)s。", text=b.text, why=words.FAULT_LABELS[b.fault]) for b in bad_dates[:SHOWN]
            ]
            return False
        off = self.stretches()
        if not off:
            self.rows[0].form.first.errors = [_("请填写放假的日子。")]
            self.rows.errors = [row.errors for row in self.rows]
            return False
        found, bad = rules.expand(
            [*off, *(rules.Stretch(len(self.rows) + n, "", day, day, True) for n, day in enumerate(shifted))], self.year
        )
        for each in bad:
            text = _("%(text)s：%(why)s。", text=each.text, why=words.FAULT_LABELS[each.fault])
            message = text if each.text else _("%(why)s。", why=words.FAULT_LABELS[each.fault])
            if each.line < len(self.rows):
                field = self.rows[each.line].form[each.part]
            else:
                field = self.workdays
            field.errors = [*field.errors, message]
        self.rows.errors = [row.errors for row in self.rows if row.errors]
        self.days = tuple(found)
        return not bad


class YearFileForm(PortalForm):
    """A year's notice as a file."""

    notice = line(_l("通知文号"), needed=_l("请填写放假安排通知的文号。"), id="file-notice")
    file = FileField(_l("填好的文件"), [Needed(_l("请选择文件。"))])
    year = 0
    days: tuple[rules.NoticeDay, ...] = ()

    def validate_file(self, field: Any) -> None:
        """Every line that cannot be taken is named by its number."""
        content = field.data.stream.read(notice_file.MOST_BYTES + 1)
        if len(content) > notice_file.MOST_BYTES:
            raise ValidationError(_("文件超过 512 KB，不是一年的放假安排。"))
        try:
            read, bad = notice_file.read(content, self.year)
        except SheetError as error:
            raise ValidationError(str(error)) from None
        found, more = rules.expand(read, self.year)
        bad = sorted([*bad, *more], key=lambda b: b.line)
        if bad:
            raise ValidationError(" ".join(_said(bad)))
        if not found:
            raise ValidationError(_("文件里没有填写日期的行。"))
        self.days = tuple(found)


def _said(bad: list[rules.BadLine]) -> list[str]:
    shown = [
        _("第 %(n)s 行“%(text)s”：%(why)s。", n=b.line, text=b.text, why=words.FAULT_LABELS[b.fault])
        if b.text
        else _("第 %(n)s 行：%(why)s。", n=b.line, why=words.FAULT_LABELS[b.fault])
        for b in bad[:SHOWN]
    ]
    if len(bad) > SHOWN:
        shown.append(_("另有 %(n)s 行有误。", n=len(bad) - SHOWN))
    return shown


class HoursForm(PortalForm):
    """The office hours."""

    hours = code(_l("工作时间"), needed=_l("请填写工作时间。"), limit=80)
    reason = line(_l("事由"), needed=_l("请写明事由。"), limit=rules.MAX_REASON)

    def validate_hours(self, field: Any) -> None:
        """Periods such as 09:00-12:00,13:30-17:30, and other ones than those in force."""
        try:
            wanted = catalogue.definition(service.HOURS).parse(field.data)
        except PolicyError as error:
            raise ValidationError(error.message) from None
        if wanted == queries.work_calendar().hours:
            raise ValidationError(_("与现行的工作时间相同，没有改动。"))


class ServiceForm(PortalForm):
    """A department's window open or closed otherwise than the office."""

    department = SelectField(_l("科室"), [Needed(_l("请选择科室。"))], coerce=optional_id)
    every = RadioField(
        _l("哪一天"),
        [Needed(_l("请选择是每周固定一天，还是单独一天。"))],
        choices=[SelectChoice("week", _l("每周固定一天")), SelectChoice("date", _l("单独一天"))],
        default="week",
    )
    weekday = SelectField(
        _l("星期"),
        [Needed(_l("请选择星期几。"))],
        choices=[SelectChoice(str(n), label) for n, label in words.WEEKDAY_LABELS.items()],
        default="5",
    )
    open = RadioField(
        _l("窗口"),
        [Needed(_l("请选择窗口开放还是不开放。"))],
        choices=[SelectChoice("open", _l("开放")), SelectChoice("closed", _l("不开放"))],
        default="open",
    )
    hours = code(_l("开放时间"), limit=80)
    from_on = DateField(_l("起始日期"), needed=_l("请填写起始日期。"))
    until_on = DateField(_l("截止日期"))
    reason = line(_l("事由"), needed=_l("请写明事由。"), limit=rules.MAX_REASON)

    def __init__(self, departments: Iterable[tuple[int, str]], **kw: Any) -> None:
        super().__init__(**kw)
        self.department.choices = options(("", _("请选择")), *departments)

    def validate_hours(self, field: Any) -> None:
        """Periods such as 09:00-12:00."""
        try:
            catalogue.definition(service.HOURS).parse(field.data)
        except PolicyError as error:
            raise ValidationError(error.message) from None

    def wanted(self) -> service_days.Wanted:
        """What was typed (after validation)."""
        assert self.from_on.data is not None
        definition, weekly = catalogue.definition(service.HOURS), self.every.data == "week"
        return service_days.Wanted(
            self.department.data,
            self.open.data == "open",
            self.from_on.data,
            int(self.weekday.data) if weekly else None,
            self.until_on.data if weekly else None,
            definition.dump(definition.parse(self.hours.data)) if self.hours.data else "",
            self.reason.data or "",
        )


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
    department = SelectField(_l("科室"), coerce=optional_id)
    next_day = BooleanField(_l("下班后或休息日收到的，视为下一工作日收到"))
    unit = SelectField(_l("单位"), choices=[SelectChoice(str(unit), words) for unit, words in UNIT_LABELS.items()])
    pause_1 = FormField(PauseForm, label=_l("第一次中止"))
    pause_2 = FormField(PauseForm, label=_l("第二次中止"))

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.department.choices = options(("", _l("不分科室")), *sorted(foresight.departments().items()))

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
