"""Forms of the first-ask room: one required field."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField

from portal.cases.service import Client
from portal.first_ask.models import Channel, Disposition
from portal.first_ask.service import Asked
from portal.first_ask.vocabulary import CHANNEL_LABELS, DISPOSITION_LABELS
from portal.kernel.forms import (
    MomentField,
    PortalForm,
    Unchosen,
    code,
    line,
    optional_id,
    options,
    paragraph,
    phone_like,
)
from portal.people import queries as people
from portal.service_commitment import queries as catalogue


class FirstAskForm(PortalForm):
    """F-2. Only the matter is required; everything else has a default or is folded away."""

    matter = line(_l("要办的事项"), _l("请填写来访人要办的事项"), limit=200)
    item = HiddenField()
    disposition = RadioField(
        _l("处理结果"),
        choices=options(*((str(d), label) for d, label in DISPOSITION_LABELS.items())),
        default=str(Disposition.ANSWERED),
    )
    channel = RadioField(
        _l("来访方式"),
        choices=options(*((str(c), label) for c, label in CHANNEL_LABELS.items())),
        default=str(Channel.VISIT),
    )
    to_department = SelectField(_l("转到科室"), coerce=optional_id, validators=[Unchosen()])
    outside_authority = line(_l("应去的单位"), limit=120)
    outside_contact = line(_l("地址或电话"), limit=120)
    client_name = line(_l("来访人"), limit=60)
    client_unit = line(_l("来访单位"), limit=120)
    client_phone = code(_l("电话"), limit=40, validators=[phone_like])
    materials_left = line(_l("留下的材料"), limit=200)
    outcome = paragraph(_l("答复或备注"), limit=1000)
    asked_at = MomentField(_l("来访时间"))
    urgent = BooleanField(_l("紧急重大，立即报告主要负责人"))
    urgent_reason = line(_l("紧急情况"), limit=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.to_department.choices = options(("", _l("按事项的负责科室")), *people.open_departments())

    def asked(self) -> Asked:
        """The entry as it was written down; the matter alone finds its item when it is the item's name."""
        item = catalogue.by_id(_small_int(self.item.data))
        if item is None or item.name != self.matter.data:
            item = next(
                (e for e in catalogue.entries() if e.name == self.matter.data), item if self._chosen() else None
            )
        return Asked(
            matter=self.matter.data,
            disposition=Disposition(self.disposition.data),
            channel=Channel(self.channel.data),
            item=item,
            client=Client(self.client_unit.data, self.client_name.data, self.client_phone.data),
            materials_left=self.materials_left.data,
            outcome=self.outcome.data,
            to_department_id=self.to_department.data,
            outside_authority=self.outside_authority.data,
            outside_contact=self.outside_contact.data,
            urgent=self.urgent.data,
            urgent_reason=self.urgent_reason.data,
            asked_at=self.asked_at.data,
        )

    def _chosen(self) -> bool:
        return catalogue.by_id(_small_int(self.item.data)) is not None

    @property
    def unfolded(self) -> bool:
        """Whether the optional part must be open: something in it was filled or is wrong."""
        names = ("client_name", "client_unit", "client_phone", "materials_left", "outcome", "asked_at", "urgent")
        return any(self[n].errors or self[n].data for n in (*names, "urgent_reason"))


def _small_int(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 10 else None


class FilterForm(PortalForm):
    """Filters of the log, in the address."""

    q = line(_l("查找"), limit=60)
    department = SelectField(_l("科室"), coerce=optional_id, validators=[Unchosen()])
    disposition = SelectField(
        _l("处理结果"),
        choices=options(("", _l("全部")), *((str(d), label) for d, label in DISPOSITION_LABELS.items())),
        validators=[Unchosen()],
    )
    channel = SelectField(
        _l("来访方式"),
        choices=options(("", _l("全部")), *((str(c), label) for c, label in CHANNEL_LABELS.items())),
        validators=[Unchosen()],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department.choices = options(("", _l("全部科室")), *people.open_departments())


class ReasonForm(PortalForm):
    """One text: a reason, an answer, a ruling or a note, by its field's name."""

    text = paragraph(_l("说明"), limit=1000)
    department = SelectField(_l("科室"), coerce=optional_id, validators=[Unchosen()])
    post = SelectField(_l("岗位"), coerce=optional_id, validators=[Unchosen()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department.choices = options(("", _l("请选择")), *people.open_departments())
        self.post.choices = options(("", _l("按事项的负责岗位")))
