"""What the unit is for, department by department (R-1), and how to complain (C-5)."""

from __future__ import annotations

from werkzeug.wrappers import Response as BaseResponse

from portal.calendar import queries as calendar
from portal.kernel import access, clock
from portal.message_card import queries as cards
from portal.people import queries as people
from portal.public import guides, queries
from portal.public.web import bp, page
from portal.service_commitment import guides as published


@bp.get("/about")
@access.public
def about() -> BaseResponse:
    """The functions of the unit and of each department, with places, phones and what they handle (R-1, O-1)."""
    offered = published.guides()
    places = {d.id: d for d in cards.places()}
    return page(
        "public/about.html",
        unit=queries.unit(),
        departments=[d for d in people.departments() if d.id in places],
        items={d: [g for g in offered if g.department_id == d] for d in places},
        on_board={d.code for d in queries.board(clock.now()).departments},
        periods=calendar.work_calendar().hours.periods,
    )


@bp.get("/complain")
@access.public
def complain() -> BaseResponse:
    """How to complain when a promise was not kept (C-5, C-8)."""
    own = [g for g in published.guides() if g.complaint or g.breach or g.breach_kinds]
    return page(
        "public/complain.html",
        complaint=guides.complaint(),
        unit=queries.unit(),
        items=own,
        guides=guides,
        periods=calendar.work_calendar().hours.periods,
    )
