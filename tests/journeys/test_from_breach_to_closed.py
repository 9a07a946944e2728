"""For every kind of clue: from the breach to the clue, and from the clue to a closed proceeding (A-1, A-2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from portal.accountability import closing, deciding, service
from portal.accountability.models import Attitude, Cause, Conduct, Duty, Effect, MeasureKind, Said, Severity, State
from portal.clue.models import Clue, ClueState
from portal.kernel import clock, journal
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid
from tests.accountability.conftest import Story
from tests.clue.house import LATER, House
from tests.clue.stories import STORIES

#: Whom the office asks, one after the other, until it meets somebody who need not keep away.
INVESTIGATORS = ("supervisor", "other_head", "head", "clerk2")
DECIDERS = ("leader", "leader2", "principal")
FOUND = deciding.Finding(
    True, "属实。", Conduct.NOT_PERFORMING, Effect.DELAY, Cause.OVERSIGHT, Attitude.ADMITTED, Severity.SERIOUS
)


def first(names: tuple[str, ...], act: Callable[[str], object]) -> str:
    """The first of these people for whom ``act`` is not refused."""
    for name in names:
        try:
            act(name)
        except Invalid:
            continue
        return name
    raise AssertionError(f"all of {names} must keep away")


@pytest.mark.parametrize("kind", list(STORIES), ids=str)
def test_a_breach_ends_in_a_closed_proceeding(office, kind):
    house, story = House(office), Story(office)
    STORIES[kind](house)
    house.read(clock.now())
    house.sweep(LATER)
    clue = house.clues(str(kind))[0]
    assert clue.state is ClueState.OPEN
    names = {number: name for name, number in office.users.items()}
    with clock.at(LATER):
        person = names.get(clue.person_id or 0)
        departments = () if person else (next(c for c, n in office.departments.items() if n == clue.department_id),)
        secretary = "office" if person != "office" else "principal"
        story.register(secretary, (person,) if person else (), departments, (clue.id,))
        assert db.session.get_one(Clue, clue.id).state is ClueState.IN_PROCEEDING
        who = first(INVESTIGATORS, lambda name: story.assign("investigator", name, secretary))
        story.do(service.report, who, "经查属实。", [], part=None)
        story.do(service.hear, who, Said.MINUTES, "承认，已改正。")
        story.do(deciding.find, who, FOUND)
        if person == "principal":
            with pytest.raises(AssertionError, match="keep away"):
                first(DECIDERS, lambda name: story.assign("decider", name, secretary))
            story.do(closing.pass_up, secretary, "县委组织部", "当事人是主要负责人。", part=None)
            assert (story.get().state, story.get().passed_to) == (State.CLOSED, "县委组织部")
            return
        with pytest.raises(Conflict):
            story.do(closing.pass_up, secretary, "县委组织部", "本单位可以决定。", part=None)
        measure = MeasureKind.CRITICISM if person else MeasureKind.WARNING
        by = first(DECIDERS, lambda name: story.assign("decider", name, secretary))
        story.do(deciding.decide, by, deciding.Decision("依据责任追究制。", (measure,)))
        story.do(deciding.inform, secretary)
        story.executed()
        if story.get().complainant:
            story.do(deciding.tell_complainant, secretary, clock.today(), part=None)
    with clock.at(LATER + timedelta(days=40)):
        story.do(closing.close, secretary, part=None)
        held = story.get()
        assert held.state is State.CLOSED
        assert db.session.get_one(Clue, clue.id).proceeding_number == held.number
        told = {entry.event for entry in journal.of_object("proceeding", held.id)}
        assert {"accountability.registered", "accountability.decided", "accountability.closed"} <= told
        duties = {a.user_id for a in held.assignments if a.duty is not Duty.SECRETARY}
        assert clue.person_id not in duties
