"""By hand, taken up, dismissed, reopened: the verbs and whom they refuse (A-1, A-2)."""

from __future__ import annotations

import pytest

from portal.clue import service
from portal.clue.models import Clue, ClueState
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from tests.office import NOW


def _by_hand(as_actor, ids, username="office", **given) -> Clue:
    return service.raise_by_hand(
        as_actor(username),
        "unfiled_denial",
        "窗口口头拒绝，没有报备",
        NOW,
        source="callback",
        **({"post_id": ids.posts["YW-1"]} | given),
    )


def test_a_clue_by_hand_names_who_answered(office, ids, as_actor, act):
    with act():
        clue = _by_hand(as_actor, ids)
        assert (clue.number, clue.state, clue.rule) == ("XS-2026-0001", ClueState.OPEN, "D-6")
        assert clue.person_id == ids.users["clerk"]
        assert clue.department_id == ids.departments["YW"]
        assert clue.points == 3
        assert not clue.points_per_day


def test_dismissed_only_with_reasons_and_by_somebody_else(office, ids, as_actor, act):
    with act():
        clue = _by_hand(as_actor, ids)
        for username, reason, error in (
            ("clerk", "查无实据", NotAllowed),
            ("office", "查无实据", NotAllowed),  # reported it
            ("supervisor", "", Invalid),
        ):
            with pytest.raises(error):
                service.dismiss(as_actor(username), clue, reason, NOW)
        service.dismiss(as_actor("supervisor"), clue, "查无实据", NOW)
        with pytest.raises(Conflict):
            service.dismiss(as_actor("supervisor"), clue, "再次", NOW)
        service.reopen(as_actor("supervisor"), clue, "又有新情况", NOW)
        assert clue.state is ClueState.OPEN
        assert not clue.dismissal
        service.mark_in_proceeding(as_actor("office"), clue, "ZZ-2026-0001", NOW)
        with pytest.raises(Conflict):
            service.mark_in_proceeding(as_actor("office"), clue, "ZZ-2026-0002", NOW)
        with pytest.raises(Conflict):
            service.dismiss(as_actor("supervisor"), clue, "查无实据", NOW)
