"""Forms of the reminder room."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.kernel.forms import Needed, PortalForm, Unchosen, code, line, options
from portal.reminder import queries
from portal.reminder import vocabulary as words
from portal.reminder.models import Channel, Kind, Service, When
from portal.reminder.service import Wanted


class ChannelForm(PortalForm):
    """A channel: where to, for which kinds of message, and when."""

    service = RadioField(_l("渠道"), [Needed(_l("请选择渠道。"))])
    address = line(_l("地址"), limit=300)
    name = line(_l("名称"), limit=40)
    kinds = SelectMultipleField(
        _l("发送哪些提醒"),
        [Needed(_l("请至少选择一类提醒。"))],
        choices=options(*((str(k), label) for k, label in words.KIND_LABELS.items())),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    hours = RadioField(
        _l("什么时候发送"),
        choices=options(*((str(w), label) for w, label in words.WHEN_LABELS.items())),
        default=str(When.OFFICE),
    )
    from_time = code(_l("从"), limit=5)
    to_time = code(_l("到"), limit=5)
    digest = RadioField(
        _l("逐条还是汇总"), choices=options(("", _l("逐条发送")), ("daily", _l("每日汇总"))), default=""
    )

    def __init__(self, *args: Any, service: Service | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = (service,) if service is not None else queries.offered()
        self.service.choices = options(*((str(s), words.SERVICE_LABELS[s]) for s in shown))
        if service is not None:
            self.service.data = str(service)

    @classmethod
    def of(cls, channel: Channel) -> ChannelForm:
        """The form of a channel that is kept; its address is not shown again."""
        form = cls(service=channel.service)
        if not form.is_submitted():
            form.name.data, form.kinds.data = channel.name, channel.kinds.split()
            form.hours.data = str(channel.hours)
            form.from_time.data, form.to_time.data = channel.from_time, channel.to_time
            form.digest.data = "daily" if channel.digest else ""
        return form

    def wanted(self) -> Wanted:
        """What was entered, as the service takes it."""
        return Wanted(
            service=Service(self.service.data),
            name=self.name.data or "",
            address=self.address.data or "",
            kinds=tuple(Kind(k) for k in self.kinds.data or ()),
            hours=When(self.hours.data),
            from_time=self.from_time.data or "",
            to_time=self.to_time.data or "",
            digest=self.digest.data == "daily",
        )


class FilterForm(PortalForm):
    """Filters of the inbox, in the address."""

    kind = SelectField(
        _l("类别"),
        choices=options(("", _l("全部")), *((str(k), label) for k, label in words.KIND_LABELS.items())),
        validators=[Unchosen()],
    )
    state = SelectField(_l("状态"), choices=options(("", _l("全部")), ("unread", _l("未读"))), validators=[Unchosen()])

    def wanted(self) -> tuple[Kind | None, bool]:
        """The kind, and whether only unread ones are wanted; what is no choice does not restrict."""
        kind = Kind(self.kind.data) if self.kind.data and not self.kind.errors else None
        return kind, self.state.data == "unread" and not self.state.errors
