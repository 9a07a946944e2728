"""What the room of results registers here: the disqualifications that a published correction lifted (E-5, E-6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

#: Whom published corrections brought back into the ranking of which months, for a kind of subject ("department",
#: "person") from one month to another.
Lifted = Callable[[str, date, date], frozenset[tuple[int, date]]]
_lifted: list[Lifted] = []


def lifts(source: Lifted) -> Lifted:
    """Register what tells the lifted disqualifications (one source, the room of results)."""
    _lifted[:] = [source]
    return source


def lifted(subject: str, first: date, last: date) -> frozenset[tuple[int, date]]:
    """The subjects and months in which nothing disqualifies any more; evidence itself stays as it was settled."""
    return _lifted[0](subject, first, last) if _lifted else frozenset()
