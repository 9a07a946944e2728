"""Whom a request waits for is told: who decides its next step, and who takes posts over (O-3, AB-2)."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from portal.leave import steps
from portal.leave.models import LeaveRequest
from portal.leave.rules import Level
from portal.people import queries as people
from portal.reminder import service as reminder
from portal.reminder.models import Kind


def step(request: LeaveRequest, now: datetime) -> None:
    """Tell who decides the open step; filing waits on the list of the office."""
    if request.open_level is None or request.open_level is Level.FILE:
        return
    who = steps.decider(request.open_level, request.department_id, request.applicant_id, now)
    name = people.user_names().get(request.applicant_id, "")
    reminder.tell(
        now, [who[0] if who else None], Kind.DECIDE, f"leave:{request.id}:{request.round}:{request.open_level}",
        _l("%(name)s的请假待您审批", name=name), "", "leave.show", values={"number": request.number},
    )  # fmt: skip


def handovers(request: LeaveRequest, now: datetime) -> None:
    """Tell who takes the applicant's posts over and has not confirmed yet."""
    unconfirmed = {row.post_id for row in request.posts if row.confirmed_at is None}
    found = steps.receivers(request.applicant_id, request.from_at, request.to_at, now)
    name = people.user_names().get(request.applicant_id, "")
    reminder.tell(
        now, [taker for post, taker in found if post.id in unconfirmed], Kind.HANDOVER,
        f"leave:{request.id}:{request.round}:handover", _l("%(name)s请假，请确认接手岗位", name=name), "",
        "leave.show", values={"number": request.number},
    )  # fmt: skip
