"""Forms of appointments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import StopValidation

from portal.appointment import queries
from portal.appointment import vocabulary as words
from portal.appointment.models import Appointment, Channel, Reason
from portal.appointment.queries import STATES, Free, Wanted
from portal.appointment.service import Asked
from portal.kernel import clock
from portal.kernel.forms import (
    DateField,
    MomentField,
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
from portal.kernel.i18n import local_date
from portal.people.filters import DepartmentFilter
from portal.service_commitment import queries as catalogue

MATTER, NAME, PHONE, WISH, ANSWER = 300, 30, 30, 60, 300
STATE_TABS = {
    "open": _l("未结束"),
    "asked": _l("待答复"),
    "overdue": _l("逾期未答复"),
    "proposed": _l("已另提时间"),
    "confirmed": _l("已约定"),
    "came": _l("已到访"),
    "missed": _l("未到"),
    "declined": _l("时间不能安排"),
    "cancelled": _l("已取消"),
    "all": _l("全部"),
}


def slot_words(free: Free) -> str:
    """A slot as people choose it."""
    start, end = clock.local(free.from_at), clock.local(free.to_at)
    return _(
        "%(day)s %(weekday)s %(a)s–%(b)s（余 %(n)s）",
        day=local_date(start.date()),
        weekday=words.WEEKDAY_LABELS[start.weekday()],
        a=f"{start:%H:%M}",
        b=f"{end:%H:%M}",
        n=free.left,
    )


class AskForm(PortalForm):
    """What a client asks for (C-6). ``website`` is for programs alone: people never see it."""

    item = SelectField(_l("要办的事项"), [Unchosen()], coerce=optional_id)
    matter = paragraph(_l("要办的事"), _l("请写明要办的事。"), limit=MATTER)
    slot = SelectField(_l("希望的时段"), [Unchosen()])
    wish = line(_l("或者写明希望的日期和时间"), limit=WISH)
    reason = SelectField(
        _l("预约原因"),
        [Needed(_l("请选择预约原因。"))],
        choices=options(("", _l("请选择")), *((str(r), label) for r, label in words.REASON_LABELS.items())),
    )
    name = line(_l("怎么称呼您"), _l("请填写称呼。"), limit=NAME)
    phone = code(_l("联系电话"), _l("请填写电话，我们才能答复您。"), limit=PHONE, validators=[phone_like])
    website = StringField(_l("请勿填写"))

    def __init__(self, department_id: int, free: Sequence[Free], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department_id = department_id
        own = [e for e in catalogue.entries() if e.department_id == department_id]
        self.item.choices = options(("", _("没有对应的事项")), *((e.id, e.name) for e in own))
        self.slots = {f"{clock.local(f.from_at):%Y%m%d%H%M}": f for f in free}
        self.slot.choices = options(("", _("都不合适，另写时间")), *((k, slot_words(f)) for k, f in self.slots.items()))

    def what(self) -> Asked:
        """What was entered, as the service takes it."""
        chosen = self.slots.get(self.slot.data or "")
        return Asked(
            department_id=self.department_id,
            matter=self.matter.data,
            name=self.name.data,
            phone=self.phone.data,
            reason=Reason(self.reason.data),
            item_id=self.item.data,
            from_at=chosen.from_at if chosen else None,
            wish=self.wish.data or "",
        )


class EnterForm(AskForm):
    """The same, entered by staff for somebody who calls or is at the counter."""

    channel = RadioField(
        _l("方式"),
        choices=options(*((str(c), words.CHANNEL_LABELS[c]) for c in (Channel.PHONE, Channel.COUNTER))),
        default=str(Channel.PHONE),
    )


class LookForm(PortalForm):
    """Number and check code of an appointment."""

    number = code(_l("预约编号"), _l("请填写预约编号。"), limit=40)
    check = code(_l("查询码"), _l("请填写查询码。"), limit=20)


class RejectForm(PortalForm):
    """Another wish, when the proposed time does not suit."""

    wish = line(_l("您希望的日期和时间"), _l("请写明您希望的日期和时间。"), limit=WISH)


class AnswerForm(PortalForm):
    """What the verbs on an appointment's page may carry; each verb reads what it needs."""

    at = MomentField(_l("日期和时间"))
    minutes = NumberField(_l("时长（分钟）"), 5, 480)
    post_id = SelectField(_l("到时接待的岗位"), [Unchosen()], coerce=optional_id)
    answer = line(_l("给服务对象的说明"), limit=ANSWER)
    wish = line(_l("希望的日期和时间"), limit=WISH)
    became = code(_l("首问登记或者办件的编号"), limit=30)
    note = line(_l("说明"), limit=ANSWER)

    def __init__(self, appointment: Appointment, **kwargs: Any) -> None:
        length = (appointment.to_at - appointment.from_at) if appointment.from_at and appointment.to_at else None
        shown = {
            "at": appointment.from_at,
            "minutes": int(length.total_seconds() // 60) if length else 30,
            "post_id": appointment.post_id or (appointment.item.post_id if appointment.item else None),
        }
        super().__init__(**{**shown, **kwargs})
        self.post_id.choices = options(("", _("请选择")), *queries.posts_of((appointment.department_id,)))

    @property
    def from_at(self) -> datetime | None:
        """The instant that was entered."""
        found: datetime | None = self.at.data
        return found


def a_time(_form: Any, field: Any) -> None:
    """A time of the day on whole minutes, also with a full-width colon."""
    if minute_of(field.data or "") is None:
        raise StopValidation(_("请填写时间，如 17:30。"))


def minute_of(typed: str) -> int | None:
    """Minutes after midnight of what was typed; None for what is no time. 24:00 is the end of the day."""
    hour, colon, minute = typed.partition(":")
    if not (colon and hour.isascii() and hour.isdigit() and minute.isascii() and minute.isdigit()):
        return None
    if len(hour) > 2 or len(minute) != 2 or int(minute) > 59:
        return None
    found = int(hour) * 60 + int(minute)
    return found if found <= 24 * 60 else None


class HoursForm(PortalForm):
    """Slots that a department offers."""

    department = SelectField(_l("科室"), [Needed(_l("请选择科室。"))], coerce=optional_id)
    weekday = SelectField(
        _l("每周"),
        [Unchosen()],
        coerce=optional_id,
        choices=options(("", _l("只有一天")), *((d, label) for d, label in words.WEEKDAY_LABELS.items())),
    )
    only_on = DateField(_l("或者某一天"))
    from_time = code(_l("开始时间"), _l("请填写开始时间。"), limit=5, validators=[a_time])
    to_time = code(_l("结束时间"), _l("请填写结束时间。"), limit=5, validators=[a_time])
    minutes = NumberField(_l("每段时长（分钟）"), 5, 480, _l("请填写每段时长。"))
    capacity = NumberField(_l("每段人数"), 1, 200, _l("请填写每段人数。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department.choices = options(("", _("请选择")), *((p.id, p.name) for p in queries.places()))

    def values(self) -> dict[str, Any]:
        """What was entered, as the service takes it."""
        return {
            "department_id": self.department.data,
            "weekday": self.weekday.data,
            "only_on": self.only_on.data,
            "from_minute": minute_of(self.from_time.data or "") or 0,
            "to_minute": minute_of(self.to_time.data or "") or 0,
            "minutes": self.minutes.data,
            "capacity": self.capacity.data,
        }


class FilterForm(DepartmentFilter):
    """Filters of the list, in the address."""

    q = line(_l("编号、事项、姓名或电话"), limit=60)
    state = SelectField(
        _l("状态"), [Unchosen()], choices=options(*((name, STATE_TABS[name]) for name in STATES)), default="open"
    )
    from_on = DateField(_l("申请日期自"))
    until_on = DateField(_l("至"))
    on = DateField(_l("约定日期"))
    answered = SelectField(_l("答复"), [Unchosen()], choices=options(("", _l("全部")), ("1", _l("已经答复过的"))))

    def wanted(self) -> Wanted:
        """The filters that are good; the others are shown with their error and do not restrict."""
        return Wanted(**self.good())
