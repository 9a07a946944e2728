"""What waits for whom: the badge of the menu, the to-dos and the rights agree (W-3, A-5)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.complaint import queries, rights
from portal.complaint import vocabulary as words
from portal.complaint.models import Complaint, ComplaintState
from portal.kernel.db import db
from portal.people import queries as people
from portal.policy import service as policy
from tests.complaint.conftest import ROAD, acting, brought, received
from tests.office import NOW


@pytest.mark.parametrize("elsewhere", [True, False])
def test_the_badge_the_todos_and_the_rights_say_the_same(office, ids, elsewhere):
    """W-3: for everybody, in every state, whether or not a department's own people may decide about it."""
    if not elsewhere:
        with acting("office") as actor:
            policy.set_value(actor, "complaint.officer_from_elsewhere", "false", "人手少", NOW)
    for state in ROAD:
        brought(ids, state)
    brought(ids, "received", person="head")
    received(department_id=ids.departments["BG"])
    received()
    db.session.expire_all()
    deciding = 0
    for username in ids.users:
        actor = people.actor_by_username(username, NOW)
        waits = (ComplaintState.RECEIVED, ComplaintState.TAKEN_UP, ComplaintState.PROPOSED)
        allowed = {
            c.number
            for c in db.session.scalars(select(Complaint).where(queries.is_running(), Complaint.state.in_(waits)))
            if (rights.approves if c.state is ComplaintState.PROPOSED else rights.decides)(actor, c)
        }
        assert {c.number for c in queries.to_decide(actor)} == allowed, username
        lists = (queries.mine(actor), queries.to_decide(actor), queries.to_state(actor))
        told = {c.number for found in lists for c in found} if actor.can(words.READ) else set()
        assert queries.count_waiting(actor) == len(told), username
        deciding += len(allowed)
    assert deciding
