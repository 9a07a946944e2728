"""The numbered papers to a complainant: one content for print and DOCX; none of them names the complainant (A-5)."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from portal.complaint import vocabulary as words
from portal.complaint.models import Complaint, ComplaintPaper, PaperKind
from portal.kernel import clock
from portal.kernel.documents import Paper
from portal.kernel.i18n import local_date, local_dt
from portal.people import queries as people
from portal.policy import queries as policy


@dataclass(frozen=True)
class Content:
    """What a paper says."""

    title: str
    number: str
    salutation: str
    lines: tuple[str, ...]
    signed: str
    day: str


def content(complaint: Complaint, made: ComplaintPaper) -> Content:
    """The text of a paper as it was issued."""
    came = local_date(clock.local(complaint.received_at).date(), "formal")
    said = [_("您于 %(day)s 提出的投诉（编号 %(number)s）已经收到。", day=came, number=complaint.number)]
    match made.kind:
        case PaperKind.TAKEN_UP:
            said += [
                _("经研究，决定受理，将于 %(by)s 前答复您。", by=local_dt(complaint.extended_from or complaint.due_at)),
                made.text,
            ]
        case PaperKind.PASSED_ON:
            said += [
                _("您反映的事项由%(body)s处理，现已转去，请向该机关了解办理情况。", body=complaint.passed_to),
                made.text,
            ]
        case PaperKind.NOT_TAKEN_UP:
            said += [_("经研究，决定不予受理。理由如下："), made.text, str(policy.value("complaint.where_to_turn"))]
        case PaperKind.ANSWER:
            result = str(words.RESULT_LABELS[complaint.result]) if complaint.result else ""
            said += [
                _("经调查，结果为：%(result)s。", result=result),
                made.text,
                _("您可以凭投诉编号和查询码在网上评价对答复是否满意。"),
                str(policy.value("complaint.where_to_turn")),
            ]
    return Content(
        title=str(words.PAPER_LABELS[made.kind]),
        number=made.number,
        salutation=_("投诉人："),
        lines=tuple(line for line in said if line),
        signed=people.unit_name(),
        day=local_date(clock.local(made.issued_at).date(), "formal"),
    )


def docx(complaint: Complaint, made: ComplaintPaper) -> Paper:
    """The paper as a DOCX document."""
    said = content(complaint, made)
    paper = Paper(said.title, said.signed)
    paper.line(_("编号：%(number)s", number=said.number), right=True)
    paper.line(said.salutation, bold=True)
    for line in said.lines:
        paper.line(line, indent=True)
    paper.line(said.signed, right=True)
    paper.line(said.day, right=True)
    return paper
