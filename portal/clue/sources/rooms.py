"""The rooms that state their own departures: complaints, opinions, callbacks, inspections (A-5, D-6, S-4, O-2)."""

from __future__ import annotations

from portal.callback import breaches as callback
from portal.client_opinion import breaches as client_opinion
from portal.clue.models import ClueKind as K
from portal.clue.sources.base import RoomSource
from portal.complaint import breaches as complaint
from portal.supervision import breaches as supervision
from portal.work_plan import breaches as work_plan

SOURCES = (
    RoomSource(
        "complaint",
        (K.CONFIRMED_COMPLAINT, K.LATE_COMPLAINT_ANSWER, K.UNFILED_DENIAL),
        complaint.breaches,
        complaint.undone,
    ),
    RoomSource(
        "client_opinion",
        (K.BAD_REVIEW, K.LATE_CONTACT, K.LATE_ANSWER, K.LATE_RECTIFICATION),
        client_opinion.breaches,
        client_opinion.undone,
    ),
    RoomSource("callback", (K.UNFILED_DENIAL,), callback.breaches, callback.undone),
    RoomSource(
        "supervision",
        (K.LATE_RECTIFICATION, K.UNFILED_DENIAL, K.OTHER),
        supervision.breaches,
        supervision.undone,
    ),
    RoomSource("work_plan", (K.OVERDUE_TASK,), work_plan.breaches, work_plan.undone),
)
