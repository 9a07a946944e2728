"""Moves between states."""

from enum import StrEnum

import pytest

from portal.pure.states import IllegalMove, Moves


class Door(StrEnum):
    OPEN = "open"
    SHUT = "shut"
    LOCKED = "locked"
    WALLED_UP = "walled_up"


class Verb(StrEnum):
    SHUT = "shut"
    LOCK = "lock"


MOVES = Moves(
    {
        (Door.OPEN, Verb.SHUT): Door.SHUT,
        (Door.SHUT, "open"): Door.OPEN,
        (Door.SHUT, Verb.LOCK): Door.LOCKED,
        (Door.SHUT, "wall_up"): Door.WALLED_UP,
        (Door.LOCKED, "unlock"): Door.SHUT,
        (Door.LOCKED, "wall_up"): Door.WALLED_UP,
    }
)


def test_a_known_move_leads_to_its_state() -> None:
    assert MOVES.allowed(Door.SHUT, "lock")
    assert MOVES.after(Door.SHUT, Verb.LOCK) is Door.LOCKED
    assert MOVES.after(Door.LOCKED, "unlock") is Door.SHUT


@pytest.mark.parametrize(("state", "verb"), [(Door.OPEN, "lock"), (Door.WALLED_UP, "open"), (Door.SHUT, "paint")])
def test_any_other_move_is_illegal_and_says_so(state: Door, verb: str) -> None:
    assert not MOVES.allowed(state, verb)
    with pytest.raises(IllegalMove) as refused:
        MOVES.after(state, verb)
    assert (refused.value.state, refused.value.verb) == (state, verb)


def test_a_state_lists_its_verbs_and_a_verb_its_states() -> None:
    assert MOVES.verbs(Door.SHUT) == ("open", "lock", "wall_up")
    assert MOVES.verbs(Door.WALLED_UP) == ()
    assert MOVES.sources("wall_up") == (Door.SHUT, Door.LOCKED)
    assert MOVES.sources("paint") == ()


def test_the_table_cannot_be_changed_afterwards() -> None:
    table: dict[tuple[Door, str], Door] = {(Door.OPEN, "shut"): Door.SHUT}
    moves = Moves(table)
    table[Door.WALLED_UP, "open"] = Door.OPEN
    assert not moves.allowed(Door.WALLED_UP, "open")
