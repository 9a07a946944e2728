"""Opening a part of a joint case: a case of its own whose clocks run at once (T-9)."""

from __future__ import annotations

from datetime import datetime

from portal.cases import clocks
from portal.cases import vocabulary as words
from portal.cases.models import Case, CaseState
from portal.kernel import journal, numbers, search
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.post_duty.models import Post
from portal.service_commitment.models import CaseKind


def open_part(
    actor: Actor, lead: Case, post: Post, limit: str, gives: str, now: datetime, *, since: datetime, silence: bool
) -> Case:
    """Open a part for a post; its clock runs from ``since``. ``silence``: saying nothing will count as no objection.

    The part belongs to no item: what an item has done is counted in the lead case, once.
    """
    part = Case(
        number=numbers.take("SX", now),
        kind=CaseKind.JOINT,
        lead_id=lead.id,
        matter=lead.matter,
        client_unit=lead.client_unit,
        client_name=lead.client_name,
        client_phone=lead.client_phone,
        post_id=post.id,
        department_id=post.department_id,
        state=CaseState.ACCEPTED,
        received_at=lead.received_at if since < now else now,
        received_by_id=actor.id,
        accepted_at=now,
        clock_from=since,
        promised_limit=limit,
        next_day_after_hours=lead.next_day_after_hours,
        consent_from=since if silence else None,
    )
    db.session.add(part)
    db.session.flush()
    clocks.derive(part)
    search.put("case", part.id, part.number, part.matter, lead.number, part.client_unit, part.client_name)
    journal.record(
        words.PART_OPENED,
        part,
        actor,
        now,
        post_id=post.id,
        lead=lead.number,
        number=part.number,
        post=post.name,
        gives=gives,
        promised=limit,
        due=part.due_at,
        silence=silence,
    )
    return part
