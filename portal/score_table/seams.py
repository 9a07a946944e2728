"""What the room of evidence registers here: a month scored by any table, and how far months were computed (E-2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from portal.pure.scoring import Result, Table

#: The results of a month by the id of the department or person, if this table held; nothing is written.
Simulation = Callable[[Table, date], Mapping[int, Result]]
#: The last month that was computed for a kind of subject ("department", "person"); None when none was.
Computed = Callable[[str], date | None]
_simulations: list[Simulation] = []
_computed: list[Computed] = []


def simulation(source: Simulation) -> Simulation:
    """Register what scores a month by a table without writing anything (one source, the room of evidence)."""
    _simulations[:] = [source]
    return source


def computed(source: Computed) -> Computed:
    """Register what tells the last computed month of a kind of subject (one source, the room of evidence)."""
    _computed[:] = [source]
    return source


def simulate(table: Table, month: date) -> Mapping[int, Result] | None:
    """The month by this table; None while nobody can tell."""
    return _simulations[0](table, month) if _simulations else None


def last_computed(subject: str) -> date | None:
    """The last month computed for a kind of subject: a new version holds after it at the earliest."""
    return _computed[0](subject) if _computed else None


def simulates() -> bool:
    """Whether somebody can score a month by a table."""
    return bool(_simulations)
