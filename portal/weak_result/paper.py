"""The notice to rectify on paper (E-8)."""

from __future__ import annotations

from flask_babel import gettext as _

from portal.kernel import clock
from portal.kernel.documents import Paper
from portal.kernel.i18n import local_date
from portal.people import queries as people
from portal.pure.months import month_text
from portal.weak_result.models import WeakOrder


def points(order: WeakOrder) -> str:
    """The total without trailing zeros."""
    return f"{order.total.normalize():f}"


def notice(order: WeakOrder) -> list[tuple[str, str]]:
    """The notice as names and values."""
    place = "" if order.place is None else _("%(n)s（共 %(all)s 个科室）", n=order.place, all=order.of_places)
    return [
        (_("编号"), order.number),
        (_("科室"), order.department.name),
        (_("考评月份"), month_text(order.month)),
        (_("公布的总分"), points(order)),
        (_("名次"), place),
        (_("整改要求"), order.demand),
        (_("整改期限"), local_date(order.due_on, "formal")),
        (_("签发人"), people.user_names().get(order.issued_by_id, "")),
    ]


def notice_docx(order: WeakOrder) -> Paper:
    """The notice as DOCX."""
    made = Paper(_("考评整改通知"), people.unit_name())
    made.fields((name, value) for name, value in notice(order) if value)
    made.line(_("请在期限内将整改措施和成效报办公室，由办公室复查；未见改进的，依责任追究制处理。"), indent=True)
    made.line(local_date(clock.local(order.issued_at).date(), "formal"), right=True)
    return made
