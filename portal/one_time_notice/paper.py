"""The 一次性告知书 as people hold it: one content for the print page and the DOCX file (N-1, N-3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from portal.cases.models import Case
from portal.kernel import clock
from portal.kernel.documents import Paper
from portal.kernel.i18n import local_date, local_dt
from portal.message_card.qr import qr_svg
from portal.one_time_notice import queries, service
from portal.one_time_notice.models import Notice
from portal.one_time_notice.queries import MaterialRow, Stand
from portal.people import queries as people


@dataclass(frozen=True)
class Contact:
    """Where the client finds the post that answers for the case."""

    department: str
    post: str
    place: str
    phone: str


@dataclass(frozen=True)
class Content:
    """Everything that the paper says, in the reader's language."""

    unit: str
    to: str
    opening: str
    facts: list[tuple[str, str]]
    materials: list[MaterialRow]
    contact: Contact
    handler: str
    day: str


def moment(instant: datetime | None) -> str:
    """An instant in a sentence, or a dash."""
    return local_dt(instant) or "—"


def client(case: Case) -> str:
    """The client as a paper addresses them."""
    return _("、").join(part for part in (case.client_unit, case.client_name) if part) or _("申请人")


def stand_words(stand: Stand) -> str:
    """Where a material stood, in words."""
    return {
        Stand.RECEIVED: _("已收到"),
        Stand.OPTIONAL: _("选交，未交"),
        Stand.MISSING: _("缺少"),
        Stand.WRONG: _("不符合要求"),
    }[stand]


def needs(row: MaterialRow) -> str:
    """Form and copies of a material."""
    copies = _("%(n)s 份", n=row.copies)
    return _("%(form)s %(copies)s", form=row.form, copies=copies) if row.form else copies


def contact(case: Case) -> Contact:
    """The post's place and phone: the catalogue's, else the post's, else the department's."""
    version, post, department = service.version_of(case), case.post, case.department
    return Contact(
        department.name,
        post.name,
        (version.place if version else "") or post.place or department.place,
        (version.phone if version else "") or post.phone or department.phone,
    )


def limit(notice: Notice) -> str:
    """The limit as told; in the reader's language when it is the one that the catalogue fixed."""
    for version in (notice.case.receipt_version, notice.case.promise_version):
        if version is not None and service.stored_limit_of(version) == notice.limit_text:
            return service.limit_of(version)
    return notice.limit_text


def content(notice: Notice) -> Content:
    """What the paper says."""
    case = notice.case
    day = clock.local(notice.issued_at).date()
    facts = [
        (_("办件编号"), case.number),
        (_("办理依据"), notice.basis),
        (_("办理时限"), limit(notice)),
        (_("办理程序"), notice.procedure),
        (_("补正期限"), local_date(notice.supplement_due_on, "formal")),
        (_("下次何时、到哪里来"), notice.next_visit),
    ]
    if notice.ordered_by:
        facts.append((_("依据的否定报备决定"), notice.ordered_by))
    return Content(
        unit=people.unit_name(),
        to=client(case),
        opening=_(
            "您办理的“%(matter)s”所需材料如下，其中缺少和不符合要求的已逐项注明，请一次补齐。材料补齐后，我们将及时办理。",
            matter=case.matter,
        ),
        facts=facts,
        materials=queries.material_rows(notice),
        contact=contact(case),
        handler=people.user_names().get(notice.issued_by_id, ""),
        day=local_date(day, "formal"),
    )


def contact_lines(found: Contact) -> list[tuple[str, str]]:
    """The contact as names and values; what is not known is left out."""
    pairs = [
        (_("经办岗位"), _("%(department)s %(post)s", department=found.department, post=found.post)),
        (_("地点"), found.place),
        (_("电话"), found.phone),
    ]
    return [(name, value) for name, value in pairs if value]


def status_qr(number: str) -> Markup:
    """The QR code on a slip: the page that tells where the case stands, with the number filled in. What shows that
    one holds the slip, digits or check code, is never in an address (O-6)."""
    return qr_svg(url_for("public.status", number=number, _external=True), _("办件查询二维码"))


def docx(notice: Notice) -> Paper:
    """The paper as a DOCX document."""
    said = content(notice)
    paper = Paper(_("一次性告知书"), said.unit)
    if people.is_sample():
        paper.line(_("样例"), right=True)
    paper.line(_("编号：%(number)s　查验码：%(code)s", number=notice.number, code=notice.check_code), right=True)
    paper.line(_("%(name)s：", name=said.to), bold=True)
    paper.line(said.opening, indent=True)
    paper.fields(said.facts)
    paper.table(
        (_("序号"), _("材料"), _("形式、份数"), _("收件情况"), _("原因")),
        [(str(r.position), r.name, needs(r), stand_words(r.stand), r.reason) for r in said.materials],
        widths=(1.4, 4.6, 2.8, 2.6, 4.4),
    )
    paper.fields(contact_lines(said.contact))
    paper.line(_("经办人（签名）：%(name)s", name=said.handler))
    paper.line(_("申请人（签名）："))
    paper.line(said.day, right=True)
    return paper
