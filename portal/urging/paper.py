"""The 督办单 as people hold it: one content for the print page and DOCX (T-12)."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from portal.kernel.documents import Paper
from portal.kernel.i18n import local_dt
from portal.people import queries as people
from portal.urging import vocabulary as words
from portal.urging.models import Supervision, SupervisionReply


def _signed(user_id: int | None, at: datetime | None) -> str:
    return f"{people.user_names().get(user_id or 0, '')}　{local_dt(at)}" if at else ""


def _reply(reply: SupervisionReply) -> str:
    late = _("（逾期答复）") if reply.late else ""
    return "\n".join(filter(None, (reply.text + late, _signed(reply.replied_by_id, reply.replied_at))))


def _opinion(reply: SupervisionReply) -> str:
    if reply.decided_at is None:
        return ""
    verdict = _("认可。") if reply.accepted else _("不予认可，再次答复。")
    return "\n".join(filter(None, (verdict + reply.opinion, _signed(reply.decided_by_id, reply.decided_at))))


def rows(made: Supervision) -> list[tuple[str, str]]:
    """The lines of the paper; what is still to come is empty for a pen."""
    subject = made.case.number if made.case else made.task.number if made.task else ""
    found = [
        (_("督办事项"), made.title),
        (_("督办要求"), made.demand),
        (_("关联办件或交办事项"), subject),
        (_("被督办岗位"), _("%(department)s · %(post)s", department=made.department.name, post=made.post.name)),
        (_("发出"), _signed(made.issued_by_id, made.issued_at)),
        (_("答复期限"), local_dt(made.reply_by)),
    ]
    for reply in made.replies:
        found += [(_("第 %(n)s 次答复", n=reply.round), _reply(reply)), (_("审核意见"), _opinion(reply))]
    if not made.replies:
        found += [(_("答复"), ""), (_("审核意见"), "")]
    if made.closed_at is not None:
        ended = _("撤销：%(why)s", why=made.conclusion) if made.withdrawn else str(words.STATE_LABELS[made.state])
        found.append((_("办结"), "\n".join((ended, _signed(made.closed_by_id, made.closed_at)))))
    return [(name, value) for name, value in found if value or name != _("关联办件或交办事项")]


def docx(made: Supervision) -> Paper:
    """The paper as a DOCX document."""
    paper = Paper(_("督办单"), people.unit_name())
    paper.line(_("编号：%(number)s", number=made.number), right=True)
    paper.fields(rows(made))
    return paper
