"""The 请假条 as people hold it: one content for the print page and DOCX (O-3)."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from portal.ab_post.models import AbsenceKind
from portal.kernel.documents import Paper
from portal.kernel.i18n import local_date, local_dt
from portal.leave import page
from portal.leave import vocabulary as words
from portal.leave.models import LeaveRequest
from portal.leave.rules import Level
from portal.people import queries as people


def opinions(request: LeaveRequest) -> list[tuple[str, str]]:
    """The steps of the present round with verdict, opinion and signature; untaken ones are empty for a pen."""
    titles = {
        Level.HEAD: _("科室负责人意见"),
        Level.LEADER: _("分管领导意见"),
        Level.PRINCIPAL: _("主要负责人意见"),
        Level.FILE: _("备案"),
    }
    found = []
    for step in request.current:
        text = ""
        if step.verdict is not None:
            text = "\n".join(
                filter(None, (str(words.VERDICT_LABELS[step.verdict]), step.opinion, page.signature(step)))
            )
        found.append((titles[step.level], text))
    return found


def certificate_words(request: LeaveRequest) -> str:
    """Whether the certificate of a sick leave is there; empty for other kinds."""
    if request.kind is not AbsenceKind.SICK:
        return ""
    if request.certificate_at is not None:
        return _("已交　%(at)s", at=local_dt(request.certificate_at))
    return _("未交，应于 %(on)s 前补交", on=local_date(request.certificate_due_on))


def rows(request: LeaveRequest, now: datetime) -> list[tuple[str, str]]:
    """The lines of the slip."""
    departments, names = people.department_names(), people.user_names()
    absence = request.absence
    back = ""
    if absence is not None and absence.ended_at is not None:
        back = page.badge(request, now).text + "　" + local_dt(absence.ended_at)
    found = [
        (_("姓名"), request.applicant.name),
        (_("科室"), departments.get(request.department_id or 0, "")),
        (_("假别"), str(words.KIND_LABELS[request.kind])),
        (_("时间"), page.when(request.span)),
        (_("天数"), page.long(request.halves)),
        (_("请假事由"), request.reason),
        (_("去向"), request.destination),
        (_("联系电话"), request.contact),
        (_("提交时间"), local_dt(request.sent_at)),
    ]
    if request.kind is AbsenceKind.SICK:
        found.append((_("病假证明"), certificate_words(request)))
    if request.extends is not None:
        found.append((_("续请"), request.extends.number))
    if request.made_up:
        found.append((_("事后补办"), _("是")))
    for row in request.posts:
        taker = names.get(row.confirmed_by_id or 0, "")
        taken = _("%(name)s 确认接手", name=taker) if taker else _("未确认")
        found.append((_("交接：%(post)s", post=row.post.name), "\n".join(filter(None, (row.note, taken)))))
    found += opinions(request)
    return [*found, (_("返岗"), back)]


def docx(request: LeaveRequest, now: datetime) -> Paper:
    """The slip as a DOCX document."""
    made = Paper(_("请假条"), people.unit_name())
    if people.is_sample():
        made.line(_("样例"), right=True)
    made.line(_("编号：%(number)s", number=request.number), right=True)
    made.fields(rows(request, now))
    return made
