"""The 办事指南 as people take it home: one content for the print page and the DOCX file (C-1, C-8)."""

from __future__ import annotations

import io
from dataclasses import dataclass

from flask_babel import gettext as _

from portal.calendar import queries as calendar
from portal.kernel import clock
from portal.kernel.documents import Paper
from portal.kernel.i18n import local_date
from portal.people import queries as people
from portal.public import guides
from portal.service_commitment import vocabulary as catalogue_words
from portal.service_commitment.guides import Guide
from portal.service_commitment.words import limit_text


@dataclass(frozen=True)
class Content:
    """Everything that the paper says, in the reader's language."""

    unit: str
    facts: list[tuple[str, str]]
    #: ordinal, material, form and copies, needed or not, note
    materials: list[tuple[str, str, str, str, str]]
    steps: list[str]
    contact: list[tuple[str, str]]
    made: str


def content(guide: Guide) -> Content:
    """What the paper says."""
    hours = _("、").join(f"{a:%H:%M}–{b:%H:%M}" for a, b in calendar.work_calendar().hours.periods)
    breach = _("；").join([*guides.breach_kinds(guide), *([guide.breach] if guide.breach else [])])
    facts = [
        (_("事项编码"), guide.code),
        (_("办件类型"), str(catalogue_words.KIND_LABELS.get(guide.kind, ""))),
        (_("办理依据"), guide.basis),
        (_("受理条件"), guide.conditions),
        (_("承诺时限"), limit_text(guide.promised_limit)),
        (_("法定时限"), limit_text(guide.statutory_limit) or _("法律未规定")),
        (_("收费"), guides.fee(guide)),
        (_("收费依据"), guide.fee_basis),
        (_("结果文书"), guide.outcome),
        (_("服务标准"), guide.service_standard),
        (_("没有兑现承诺的"), breach),
    ]
    contact = [
        (_("办理科室"), guide.department),
        (_("办理岗位"), guide.post_name),
        (_("办理地点"), guides.place(guide)),
        (_("咨询电话"), guides.phone(guide)),
        (_("办公时间"), _("工作日 %(times)s", times=hours)),
        (_("投诉方式"), guides.complaint(guide)),
    ]
    return Content(
        unit=people.unit_name(),
        facts=[(name, value) for name, value in facts if value],
        materials=[
            (str(m.position), m.name, guides.needs(m), _("必交") if m.required else _("有则提交"), m.note)
            for m in guide.materials
        ],
        steps=list(guide.steps),
        contact=[(name, value) for name, value in contact if value],
        made=_(
            "第 %(number)s 版，%(published)s公布；%(day)s打印",
            number=guide.number,
            published=local_date(clock.local(guide.published_at).date(), "formal"),
            day=local_date(clock.today(), "formal"),
        ),
    )


def docx(guide: Guide, address: str, qr_png: bytes) -> Paper:
    """The paper as a DOCX document with the QR code of the item's page."""
    said = content(guide)
    paper = Paper(_("办事指南"), said.unit)
    if people.is_sample():
        paper.line(_("样例"), right=True)
    paper.line(guide.name, bold=True)
    paper.fields(said.facts)
    if said.materials:
        paper.line(_("需要带什么"), bold=True)
        paper.table(
            (_("序号"), _("材料"), _("形式、份数"), _("是否必交"), _("说明")),
            said.materials,
            widths=(1.4, 5.2, 3.0, 2.2, 4.0),
        )
    if said.steps:
        paper.line(_("怎么办"), bold=True)
        for n, step in enumerate(said.steps, 1):
            paper.line(_("%(n)s. %(step)s", n=n, step=step))
    paper.line(_("到哪里办、怎么问、怎么投诉"), bold=True)
    paper.fields(said.contact)
    paper.document.add_picture(io.BytesIO(qr_png), width=914400)
    paper.line(_("扫码看这个事项的网页：%(address)s", address=address))
    paper.line(said.made, right=True)
    return paper
