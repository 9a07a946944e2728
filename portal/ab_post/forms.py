"""Forms of the A/B room."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField

from portal.ab_post import halves, publications, queries
from portal.ab_post.halves import Half
from portal.ab_post.models import AbsenceKind
from portal.ab_post.vocabulary import ABSENCE_LABELS, HALF_LABELS, HALF_YEAR_LABELS
from portal.calendar import queries as calendar
from portal.kernel import clock
from portal.kernel.errors import Invalid
from portal.kernel.forms import DateField, MomentField, Needed, PortalForm, line, optional_id, paragraph
from portal.post_duty.forms import options

#: The choice that leaves a place without a holder.
VACANT = 0


def usual_times(now: datetime) -> tuple[datetime, datetime]:
    """What the forms propose: from now until the end of the working day (the next working day after hours)."""
    start = clock.local(now).replace(second=0, microsecond=0) + timedelta(minutes=-clock.local(now).minute % 5)
    working = calendar.work_calendar()
    opens, closes = working.hours.periods[0][0], working.hours.periods[-1][1]
    if start.time() >= closes or not working.is_workday(start.date()):
        day = start.date() + timedelta(days=1)
        while not working.is_workday(day) and day - start.date() < timedelta(days=15):
            day += timedelta(days=1)
        start = datetime.combine(day, opens, clock.ZONE)
    return start, datetime.combine(start.date(), closes, clock.ZONE)


def usual_halves(now: datetime) -> dict[str, Any]:
    """What the forms propose: from the running half day (the next one after hours) until the end of that day."""
    start, _end = usual_times(now)
    hours = calendar.work_calendar().hours
    half = halves.half_of(start, hours)
    return {"from_on": start.date(), "from_half": str(half), "to_on": start.date(), "to_half": str(Half.PM)}


def _both(first: datetime | None, last: datetime | None) -> tuple[datetime, datetime]:
    if first is None or last is None:
        raise ValueError("asked for the times of a form that is not good")
    return first, last


class AssignForm(PortalForm):
    """Who holds a place of a post from when; on which day it was decided (AB-5)."""

    user_id = SelectField(_l("责任人"), [Needed(_l("请选择责任人。"))], coerce=optional_id)
    decided_on = DateField(_l("决定日期"), _l("请填写决定日期。"))
    from_on = DateField(_l("生效日期"), _l("请填写生效日期。"))

    @property
    def dates(self) -> tuple[date, date]:
        """Effective date and day of decision of a good form."""
        if self.from_on.data is None or self.decided_on.data is None:
            raise ValueError("asked for the dates of a form that is not good")
        return self.from_on.data, self.decided_on.data

    def __init__(self, held: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        vacant = [(VACANT, _("空缺（暂无责任人）"))] if held else []
        self.user_id.choices = options([*queries.staff_choices(clock.now()), *vacant], _("请选择"))


class AbsenceForm(PortalForm):
    """An absence of one's own (AB-2)."""

    kind = RadioField(
        _l("事由"),
        [Needed(_l("请选择事由。"))],
        choices=options(ABSENCE_LABELS.items()),
        validate_choice=True,
    )
    from_on = DateField(_l("离岗日期"))
    from_half = RadioField(_l("从上午或下午起"), choices=options(HALF_LABELS.items()))
    to_on = DateField(_l("离岗最后一天"))
    to_half = RadioField(_l("到上午或下午止"), choices=options(HALF_LABELS.items()))
    from_at = MomentField(_l("离岗时间"))
    to_at = MomentField(_l("返岗时间"))
    note = paragraph(_l("交接说明"), limit=1000)
    emergency = BooleanField(_l("临时突发，来不及交接"))

    @property
    def exact(self) -> bool:
        """Whether the times were given to the minute; without, they are half days."""
        return any(f.data is not None or f.errors for f in (self.from_at, self.to_at))

    def validate(self, extra_validators: Any = None) -> bool:
        """Either both times, or both days, must be there."""
        good = bool(super().validate(extra_validators))
        needed = (
            ((self.from_at, _("请填写离岗时间。")), (self.to_at, _("请填写返岗时间。")))
            if self.exact
            else ((self.from_on, _("请填写离岗日期。")), (self.to_on, _("请填写离岗最后一天。")))
        )
        for field, message in needed:
            if field.data is None and not field.errors:
                field.errors = [message]
                good = False
        return good

    def refuse(self, error: Invalid) -> None:
        """A refusal of a time stands at the day when days were given."""
        if not self.exact and error.field in ("from_at", "to_at"):
            error = Invalid(error.field.replace("_at", "_on"), error.message)
        super().refuse(error)

    def times(self, now: datetime, planned: bool = True) -> tuple[datetime, datetime]:
        """Beginning and end of a good form; the half day that is running begins now when it is planned."""
        if self.exact:
            return _both(self.from_at.data, self.to_at.data)
        if self.from_on.data is None or self.to_on.data is None:
            raise ValueError("asked for the times of a form that is not good")
        hours = calendar.work_calendar().hours
        half = Half(self.from_half.data)
        start, end = halves.span(self.from_on.data, half, self.to_on.data, Half(self.to_half.data), hours)
        if planned and start < now < halves.of_day(self.from_on.data, hours)[half][1]:
            start = clock.local(now).replace(second=0, microsecond=0)
        return start, end

    @property
    def chosen_kind(self) -> AbsenceKind:
        """The kind as an enum."""
        return AbsenceKind(self.kind.data)


class RecordForm(AbsenceForm):
    """A sudden absence of somebody else, recorded at once (AB-2)."""

    user_id = SelectField(_l("离岗人员"), [Needed(_l("请选择离岗人员。"))], coerce=optional_id)
    note = paragraph(_l("说明"), limit=1000)

    def __init__(self, people: Iterable[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.emergency
        self.user_id.choices = options(people, _("请选择"))


class CoverForm(PortalForm):
    """Who answers for a post while A and B are both away (AB-3)."""

    user_id = SelectField(_l("顶岗人"), [Needed(_l("请选择顶岗人。"))], coerce=optional_id)
    from_at = MomentField(_l("开始时间"), _l("请填写开始时间。"))
    to_at = MomentField(_l("结束时间"), _l("请填写结束时间。"))
    reason = line(_l("原因"), limit=200)

    @property
    def times(self) -> tuple[datetime, datetime]:
        """Beginning and end of a good form."""
        return _both(self.from_at.data, self.to_at.data)

    def __init__(self, but: int | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user_id.choices = options(queries.staff_choices(clock.now(), (but,)), _("请选择"))


class NoteForm(PortalForm):
    """What the successors should know, added later by the absent person (AB-2)."""

    note = paragraph(_l("交接说明"), _l("请填写交接说明。"), limit=1000)


class PublicationForm(PortalForm):
    """Of which half year A and B are published (AB-5)."""

    year = SelectField(_l("年份"), [Needed(_l("请选择年份。"))], coerce=optional_id)
    half = RadioField(_l("半年"), [Needed(_l("请选择上半年或下半年。"))], coerce=optional_id)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        self.year.choices = options([(year, str(year)) for year in publications.years(today)])
        self.half.choices = options(HALF_YEAR_LABELS.items())


class FeedForm(PortalForm):
    """A calendar feed of a department, named after who subscribes (AB-8)."""

    department = SelectField(_l("科室"), [Needed(_l("请选择科室。"))], coerce=optional_id)
    name = line(_l("用途"), _l("请填写谁订阅、在哪里用。"), limit=60)

    def __init__(self, departments: Iterable[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department.choices = options(departments, _("请选择"))
