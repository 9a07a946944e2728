"""The certificate of an award: one content for the print page and DOCX (O-7)."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from portal.award import vocabulary as words
from portal.award.models import Nomination
from portal.award.service import name_of
from portal.kernel.clock import local
from portal.kernel.documents import Certificate, Certificates, Paper
from portal.kernel.i18n import local_date
from portal.people import queries as people


@dataclass(frozen=True)
class Said:
    """What a certificate says."""

    number: str
    name: str
    text: str
    unit: str
    day: str
    revoked: str


def content(nomination: Nomination) -> Said:
    """The words of a certificate; one that was revoked says so."""
    round_ = nomination.round
    award = words.AWARD_LABELS[round_.span, round_.nominee]
    period = _("%(a)s 至 %(b)s", a=local_date(round_.first_on), b=local_date(round_.last_on))
    return Said(
        number=nomination.certificate or "",
        name=name_of(nomination),
        text=_("在 %(period)s 的评选中，被评为“%(award)s”。特发此证，以资鼓励。", period=period, award=award),
        unit=people.unit_name(),
        day=local_date(local(round_.awarded_at).date()) if round_.awarded_at else "",
        revoked=_("本证书已撤销：%(reason)s", reason=nomination.against) if nomination.revoked_at else "",
    )


def docx(nomination: Nomination) -> Paper:
    """The certificate as DOCX."""
    found = content(nomination)
    above = [_("编号：%(number)s", number=found.number), *([found.revoked] if found.revoked else [])]
    return Certificates([Certificate(_("荣誉证书"), f"{found.name}：", (found.text,), found.unit, found.day, above)])
