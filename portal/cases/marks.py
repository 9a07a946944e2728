"""The light of a case in words: how long is left or over, as lists show it (T-6)."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from markupsafe import Markup

from portal.cases import rules
from portal.cases import vocabulary as words
from portal.cases.queries import Row
from portal.kernel.i18n import span
from portal.kernel.icons import light
from portal.pure.deadlines import Light
from portal.service_commitment.models import CaseKind

_LATE = (Light.OVERDUE, Light.RED)


def case_light(row: Row, at: datetime) -> Markup:
    """The light of a row at an instant: closed, over, stopped, or the time that is left."""
    if row.closed_at:
        return light("overdue", _("超期办结")) if row.closed_late else light("closed", _("已结案"))
    if row.light in _LATE:
        over = at - row.due_at if row.due_at is not None and row.due_at < at else None
        return light(row.light, _("超期 %(time)s", time=span(over)) if over else _("已过法定期限"))
    if row.stopped:
        if row.kind is CaseKind.FORWARDED and row.state not in rules.WAITING_FOR_CLIENT:
            return light("stopped", _("在上级机关，已停表"))
        return light("stopped", _("待补正，已停表") if row.state in rules.WAITING_FOR_CLIENT else _("已停表"))
    if row.due_at:
        return light(row.light, _("剩 %(time)s", time=span(row.due_at - at)))
    return light("normal", _("未受理"))


def urgency(row: Row) -> str:
    """The colour of a row's bar: red, amber or none."""
    return "red" if row.light in _LATE else "amber" if row.light is Light.DUE_SOON else ""


def state_words(row: Row) -> str:
    """The state of a row in words (T-11)."""
    return str(words.STATE_LABELS[row.state])
