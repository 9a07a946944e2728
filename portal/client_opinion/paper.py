"""The notice of rectification as people hold it: one content for the print page and DOCX (S-4)."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from portal.client_opinion import vocabulary as words
from portal.client_opinion.models import Opinion, OpinionRectification
from portal.kernel.documents import Paper
from portal.kernel.i18n import local_dt
from portal.people import queries as people


def _signed(user_id: int | None, at: datetime | None) -> str:
    return f"{people.user_names().get(user_id or 0, '')}　{local_dt(at)}" if at else ""


def _round(each: OpinionRectification) -> list[tuple[str, str]]:
    verdict = ""
    if each.rechecked_at is not None:
        verdict = "\n".join(
            filter(
                None,
                (
                    _("复查通过。") if each.passed else _("复查未通过。"),
                    each.remark,
                    _signed(each.rechecked_by_id, each.rechecked_at),
                ),
            )
        )
    written = "\n".join(filter(None, (each.text, _signed(each.rectified_by_id, each.rectified_at))))
    return [
        (_("整改期限"), local_dt(each.due_at)),
        (_("第 %(n)s 次整改情况", n=each.round), written),
        (_("复查意见"), verdict),
    ]


def rows(opinion: Opinion) -> list[tuple[str, str]]:
    """The lines of the notice; what is still to come is empty for a pen. It names no client."""
    what = opinion.text or "、".join(opinion.reasons.splitlines())
    found = [
        (_("责任科室"), people.department_names().get(opinion.department_id or 0, "")),
        (
            _("来源"),
            _(
                "%(kind)s %(number)s（来自%(source)s）",
                kind=words.KIND_LABELS[opinion.kind],
                number=opinion.number,
                source=words.SOURCE_LABELS[opinion.source],
            ),
        ),
        (_("反映的问题"), what),
        (_("认定的事实和依据"), opinion.finding),
        (_("整改要求"), opinion.notice_text),
        (_("发出"), _signed(opinion.noticed_by_id, opinion.noticed_at)),
        (_("签收"), _signed(opinion.received_by_id, opinion.received_at)),
    ]
    for each in opinion.rounds:
        found += _round(each)
    return found


def docx(opinion: Opinion) -> Paper:
    """The notice as a document."""
    made = Paper(_("整改通知书"), people.unit_name())
    made.line(_("编号：%(number)s", number=opinion.notice_number), right=True)
    made.fields(rows(opinion))
    return made
