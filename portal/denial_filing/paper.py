"""The written decision and the 否定报备登记表 as people hold them: one content for print page and DOCX (D-2, D-5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from portal.cases import vocabulary as case_words
from portal.denial_filing import queries
from portal.denial_filing import vocabulary as words
from portal.denial_filing.models import Filing, Refusal
from portal.denial_filing.service import FILES, MEETING_FILES
from portal.kernel import clock, files
from portal.kernel.documents import Paper
from portal.kernel.i18n import local_date, local_dt
from portal.one_time_notice.paper import Contact, client, contact, contact_lines
from portal.people import queries as people
from portal.policy import queries as policy
from portal.post_duty.models import PostKind


@dataclass(frozen=True)
class Letter:
    """Everything that the written decision says, in the reader's language."""

    unit: str
    title: str
    number: str
    to: str
    opening: str
    sections: list[tuple[str, str]]
    contact: Contact
    day: str


def _day(instant: datetime | None) -> str:
    return local_date(clock.local(instant).date(), "formal") if instant else ""


def _opening(filing: Filing) -> str:
    values = {
        "on": _day(filing.case.received_at),
        "matter": filing.case.matter,
        "number": filing.case.number,
    }
    return {
        Refusal.NOT_ACCEPTED: lambda: _(
            "您于 %(on)s 提出的“%(matter)s”（办件编号 %(number)s），经审查，决定不予受理。现将有关情况告知如下：",
            **values,
        ),
        Refusal.DEFERRED: lambda: _(
            "您于 %(on)s 提出的“%(matter)s”（办件编号 %(number)s），经审查，决定暂不予受理。现将有关情况告知如下：",
            **values,
        ),
        Refusal.NOT_APPROVED: lambda: _(
            "您于 %(on)s 提出的“%(matter)s”（办件编号 %(number)s），经审查，决定不予批准。现将有关情况告知如下：",
            **values,
        ),
        Refusal.NOT_OURS: lambda: _(
            "您于 %(on)s 提出的“%(matter)s”（办件编号 %(number)s），经审查，不属于本单位职责。现将有关情况告知如下：",
            **values,
        ),
    }[filing.refusal]()


def letter(filing: Filing) -> Letter:
    """What the written decision says."""
    sections = [
        (_("事实"), filing.situation),
        (_("理由"), filing.reason),
        (_("依据"), filing.basis),
        (_("主管机关"), filing.authority if filing.refusal is Refusal.NOT_OURS else ""),
        (_("您还可以这样办"), filing.alternatives),
        (_("不服本决定的救济途径"), filing.objection or policy.value("denial_filing.where_to_object")),
    ]
    return Letter(
        unit=people.unit_name(),
        title=str(words.LETTER_LABELS[filing.refusal]),
        number=filing.letter_number or "",
        to=client(filing.case),
        opening=_opening(filing),
        sections=[(title, text) for title, text in sections if text],
        contact=contact(filing.case),
        day=_day(filing.letter_issued_at),
    )


def delivery(filing: Filing) -> list[tuple[str, str]]:
    """How, when and to whom the decision was delivered; empty values are filled in by hand on the paper."""
    return [
        (_("送达方式"), str(words.DELIVERY_LABELS[filing.delivered_how]) if filing.delivered_how else ""),
        (_("签收人"), filing.delivered_to),
        (_("送达日期"), local_date(filing.delivered_on, "formal")),
        (_("退还的材料"), filing.materials_returned),
    ]


def letter_docx(filing: Filing) -> Paper:
    """The written decision as a DOCX document."""
    said = letter(filing)
    paper = Paper(said.title, said.unit)
    if people.is_sample():
        paper.line(_("样例"), right=True)
    paper.line(_("编号：%(number)s", number=said.number), right=True)
    paper.line(_("%(name)s：", name=said.to), bold=True)
    paper.line(said.opening, indent=True)
    for title, text in said.sections:
        paper.line(title, bold=True)
        for part in text.splitlines():
            paper.line(part, indent=True)
    paper.fields(contact_lines(said.contact))
    paper.line(said.unit, right=True)
    paper.line(said.day, right=True)
    paper.line(_("（盖章处）"), right=True)
    paper.line(_("送达回证"), bold=True)
    paper.fields(delivery(filing))
    return paper


def _opinion(text: str, user_id: int | None, at: datetime | None) -> str:
    """An opinion with its signature, as a cell of the form."""
    name = people.user_names().get(user_id or 0, "")
    if at is None:
        return text
    signed = _("%(name)s　%(at)s", name=name, at=local_dt(at))
    return f"{text}\n{signed}" if text else signed


def state_words(filing: Filing) -> str:
    """Where a filing stands, in words; one whose case ended otherwise has fallen."""
    if queries.fallen(filing):
        state = str(case_words.STATE_LABELS[filing.case.state])
        return _("已失效（办件%(state)s）", state=state)
    return str(words.STATE_LABELS[filing.state])


def form_rows(filing: Filing) -> list[tuple[str, str]]:
    """The lines of the 否定报备登记表: what was filed, all opinions, the decision, delivery, return of materials."""
    case, names = filing.case, people.user_names()
    decided = filing.decided_at is not None
    by_principal = decided and filing.decider_post.kind is PostKind.PRINCIPAL
    leader = _opinion(filing.leader_opinion, filing.escalated_by_id, filing.escalated_at)
    final = _opinion(filing.opinion, filing.decided_by_id, filing.decided_at) if decided else ""
    return [
        (_("报备时间"), local_dt(filing.filed_at)),
        (_("报备科室、报备人"), f"{filing.department.name}　{names.get(filing.filed_by_id, '')}"),
        (_("服务对象"), client(case)),
        (_("联系电话"), case.client_phone),
        (_("所办事项"), f"{case.matter}（{case.number}）"),
        (_("收件时间"), local_dt(case.received_at)),
        (_("拟作出的答复"), str(words.REFUSAL_LABELS[filing.refusal])),
        (_("否定的种类"), str(words.GROUND_LABELS[filing.ground])),
        (_("关系重大"), _("是") if filing.grave else _("否")),
        (_("事实情况"), filing.situation),
        (_("否定的理由"), filing.reason),
        (_("依据"), filing.basis),
        (_("服务对象还可以怎样办"), filing.alternatives),
        (_("主管机关"), filing.authority),
        (_("科室意见"), filing.department_opinion),
        (_("分管领导意见"), leader if filing.escalated_at else "" if by_principal else final),
        (_("班子会议"), _meeting(filing)),
        (_("主要负责人意见"), final if by_principal else ""),
        (_("决定"), state_words(filing)),
        (_("书面决定"), _issued(filing)),
        *delivery(filing),
        (_("附件"), "\n".join(f.name for f in attachments(filing))),
    ]


def _meeting(filing: Filing) -> str:
    if filing.meeting_on is None:
        return ""
    return f"{local_date(filing.meeting_on, 'formal')}\n{filing.meeting_record}"


def _issued(filing: Filing) -> str:
    if filing.letter_number is None:
        return ""
    return f"{words.LETTER_LABELS[filing.refusal]}　{filing.letter_number}　{_day(filing.letter_issued_at)}"


def attachments(filing: Filing) -> list[files.Attachment]:
    """The files of a filing: what was filed with it, then the meeting's record."""
    return [*files.of(FILES, filing.id), *files.of(MEETING_FILES, filing.id)]


def form_docx(filing: Filing) -> Paper:
    """The 否定报备登记表 as a DOCX document."""
    paper = Paper(_("否定报备登记表"), people.unit_name())
    if people.is_sample():
        paper.line(_("样例"), right=True)
    paper.line(_("编号：%(number)s", number=filing.number), right=True)
    paper.fields(form_rows(filing))
    return paper
