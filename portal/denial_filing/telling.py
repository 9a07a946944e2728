"""Whoever has to decide a filing is told (D-3, D-5)."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from portal.denial_filing import queries
from portal.denial_filing.models import Filing
from portal.reminder import service as reminder
from portal.reminder.models import Kind


def decider(filing: Filing, now: datetime) -> None:
    """Tell who decides a filing now; once for each post and edition that it waits for."""
    reminder.tell(
        now, [queries.decider(filing, now).user_id], Kind.DECIDE,
        f"filing:{filing.id}:{filing.edition}:{filing.state}", _l("否定报备 %(number)s 待您审批", number=filing.number),
        _l("请于 %(by)s 前作出决定。", by=filing.decide_by), "denial_filing.show", values={"number": filing.number},
        case_id=filing.case_id,
    )  # fmt: skip
