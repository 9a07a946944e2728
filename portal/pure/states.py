"""Moves between states as a table: what a verb does to a thing in a state, and nothing besides."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

S = TypeVar("S", bound=StrEnum)


class IllegalMove(Exception):
    """A verb that the state does not know; carries both."""

    def __init__(self, state: StrEnum, verb: str) -> None:
        super().__init__(f"{verb} is not possible when {state}")
        self.state = state
        self.verb = verb


class Moves(Generic[S]):
    """The moves of one kind of thing: (state, verb) → state."""

    def __init__(self, table: Mapping[tuple[S, str], S]) -> None:
        self._table = {(state, str(verb)): to for (state, verb), to in table.items()}

    def allowed(self, state: S, verb: str) -> bool:
        """Whether the verb may be done in that state."""
        return (state, verb) in self._table

    def after(self, state: S, verb: str) -> S:
        """The state that the verb leads to. Raises `IllegalMove`."""
        try:
            return self._table[state, verb]
        except KeyError:
            raise IllegalMove(state, verb) from None

    def verbs(self, state: S) -> tuple[str, ...]:
        """The verbs that a state knows, in the order of the table; none for a final state."""
        return tuple(verb for origin, verb in self._table if origin == state)

    def sources(self, verb: str) -> tuple[S, ...]:
        """The states in which a verb may be done, for conditional updates."""
        return tuple(state for state, known in self._table if known == verb)
