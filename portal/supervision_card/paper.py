"""The card as people hold it: one content for the print pages and the DOCX file (O-5)."""

from __future__ import annotations

import io

import segno
from flask_babel import gettext as _
from markupsafe import Markup

from portal.kernel import clock
from portal.kernel.documents import Paper
from portal.kernel.i18n import local_date, local_dt
from portal.message_card.qr import qr_svg
from portal.people import queries as people
from portal.service_commitment.words import limit_text
from portal.supervision_card import seams
from portal.supervision_card.models import SupervisionCard


def limit(card: SupervisionCard) -> str:
    """The limit in words, with its due date for a case."""
    said = limit_text(card.time_limit)
    if card.due_at is None:
        return said
    due = local_dt(card.due_at)
    if card.provisional:
        return _("%(limit)s，至 %(due)s（暂定，放假安排公布后确定）", limit=said, due=due)
    return _("%(limit)s，至 %(due)s", limit=said, due=due)


def facts(card: SupervisionCard) -> list[tuple[str, str]]:
    """What the card says, as names and values; what is not known is left out."""
    found = [
        (_("所办事项"), card.matter),
        (_("办理时限"), limit(card)),
        (_("注意事项"), card.mind),
        (_("联系"), card.contact),
        (_("电话"), card.phone),
        (_("投诉监督"), card.complaint),
        (_("出具人"), people.user_names().get(card.issued_by_id, "")),
        (_("出具日期"), local_date(clock.local(card.issued_at).date(), "formal")),
    ]
    return [(name, value) for name, value in found if value]


def qr(card: SupervisionCard) -> Markup:
    """The QR code of the page on which anybody can check the card; nothing where there is none."""
    address = seams.check_address(card.number)
    return qr_svg(address, _("监督卡查验二维码")) if address else Markup()


def docx(card: SupervisionCard) -> Paper:
    """The card as a DOCX document."""
    made = Paper(_("办事监督卡"), people.unit_name())
    if people.is_sample():
        made.line(_("样例"), right=True)
    made.line(_("编号：%(number)s　查验码：%(code)s", number=card.number, code=card.check_code), right=True)
    if card.withdrawn_at is not None:
        made.line(_("此卡已收回：%(reason)s", reason=card.withdrawn_reason), bold=True)
    made.fields(facts(card))
    address = seams.check_address(card.number)
    if address:
        picture = io.BytesIO()
        segno.make(address, error="m", micro=False).save(picture, kind="png", scale=6, border=4)
        picture.seek(0)
        made.document.add_picture(picture, width=made.document.sections[0].page_width // 6)
        made.line(_("扫码查验：编号已经填好，再输入查验码。"))
    made.line(_("（盖章处）"), right=True)
    return made
