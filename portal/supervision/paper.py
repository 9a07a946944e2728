"""The notice to rectify and the report of an inspection: one content for print and DOCX (O-2)."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from portal.attendance.vocabulary import FINDING_LABELS
from portal.kernel.documents import Paper
from portal.kernel.i18n import local_dt
from portal.people import queries as people
from portal.post_duty import queries as posts
from portal.supervision import vocabulary as words
from portal.supervision.models import Inspection, InspectionFinding, RectificationOrder

Rows = list[tuple[str, str]]


def _signed(user_id: int | None, at: datetime | None) -> str:
    return f"{people.user_names().get(user_id or 0, '')}　{local_dt(at)}" if at else ""


def _where(found: InspectionFinding) -> str:
    parts = [people.department_names().get(found.department_id, "")]
    parts += [posts.post_name(found.post_id)] if found.post_id is not None else []
    parts += [people.user_names().get(found.person_id, "")] if found.person_id is not None else []
    return " · ".join(parts)


def notice(made: RectificationOrder) -> Rows:
    """The lines of a notice to rectify; what is still to come is empty for a pen."""
    found = made.finding
    result = ""
    if made.checked_at is not None:
        verdict = _("复查合格。") if made.passed else _("复查不合格。")
        result = "\n".join(filter(None, (verdict + made.opinion, _signed(made.checked_by_id, made.checked_at))))
    report = "\n".join(filter(None, (made.report, _signed(made.reported_by_id, made.reported_at))))
    return [
        (_("整改科室"), _where(found)),
        (_("督查发现"), f"{found.number} · {words.kind_label(found.kind)} · {words.SEVERITY_LABELS[found.severity]}"),
        (_("检查时间"), local_dt(found.found_at)),
        (_("存在的问题"), found.seen),
        (_("整改要求"), made.demand),
        (_("整改期限"), local_dt(made.due_at)),
        (_("发出"), _signed(made.issued_by_id, made.issued_at)),
        (_("整改情况"), report),
        (_("复查结果"), result),
    ]


def notice_docx(made: RectificationOrder) -> Paper:
    """The notice as a DOCX document."""
    paper = Paper(_("整改通知书"), people.unit_name())
    paper.line(_("编号：%(number)s（第 %(n)s 次）", number=made.number, n=made.round), right=True)
    paper.fields(notice(made))
    paper.line(_("请在整改期限前书面报告整改情况。督查组将进行复查。"))
    return paper


def head(made: Inspection, with_plan: bool) -> Rows:
    """What the report says before the findings. The plan is named to who may read it."""
    rows = [
        (_("被检查科室"), made.department.name),
        (_("方式"), str(words.MANNER_LABELS[made.manner])),
        (_("检查时间"), local_dt(made.inspected_at)),
        (_("地点"), made.place),
        (_("检查人员"), "、".join(people.user_names().get(u, "") for u in sorted(made.inspector_ids))),
        (_("督查计划"), made.plan.number if made.plan is not None and with_plan else ""),
        (_("情况"), made.note),
    ]
    return [(name, value) for name, value in rows if value]


def tail(made: Inspection) -> Rows:
    """What the report says after the findings: the feedback and who took note of it."""
    noted = "\n".join(filter(None, (made.remark, _signed(made.noted_by_id, made.noted_at))))
    fed_back = "\n".join(filter(None, (made.feedback, _signed(made.fed_back_by_id, made.fed_back_at))))
    return [(_("反馈"), fed_back), (_("分管领导阅知"), noted)]


def findings(made: Inspection) -> list[tuple[str, str, str, str]]:
    """The findings in the report: number, kind, what was seen, how it stands; those withdrawn are said to be so."""
    rows = [
        (
            each.number,
            f"{words.kind_label(each.kind)} · {words.SEVERITY_LABELS[each.severity]}",
            each.seen,
            _standing(each),
        )
        for each in made.findings
    ]
    rows += [
        (link.discipline.number, str(FINDING_LABELS[link.discipline.kind]), link.discipline.note, _("按工作纪律办理"))
        for link in made.disciplines
    ]
    return rows


def _standing(found: InspectionFinding) -> str:
    state = str(words.STATE_LABELS[found.state])
    last = found.order
    if found.state == "withdrawn":
        return _("%(state)s：%(why)s", state=state, why=found.withdraw_reason)
    if found.state == "noted":
        return _("%(state)s：%(why)s", state=state, why=found.conclusion)
    if last is None:
        return state
    return _("%(state)s（整改通知 %(number)s，期限 %(by)s）", state=state, number=last.number, by=local_dt(last.due_at))


def report_docx(made: Inspection, with_plan: bool) -> Paper:
    """The report of an inspection as a DOCX document."""
    paper = Paper(_("督查报告"), people.unit_name())
    paper.line(_("编号：%(number)s", number=made.number), right=True)
    paper.fields(head(made, with_plan))
    rows = findings(made)
    if rows:
        paper.table((_("编号"), _("类别"), _("看到的情况"), _("办理情况")), rows, widths=(3.2, 3, 5.6, 4))
    else:
        paper.line(_("未发现问题。"))
    paper.fields(tail(made))
    return paper
