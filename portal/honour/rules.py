"""What an entry is called in the score tables, and who may confirm it (O-9). Pure."""

from __future__ import annotations

from dataclasses import dataclass

#: Kinds that stand at a level, by the name that the score tables give them.
LEVELLED = ("media", "media_bad", "honour")
COUNTY = "county"


def fact_of(kind: str, level: str | None) -> str:
    """The name of an entry among the facts of the score tables: those of the city and above are one."""
    if kind not in LEVELLED:
        return kind
    return f"{kind}_county" if level == COUNTY else f"{kind}_city"


@dataclass(frozen=True)
class Concerned:
    """Whom an entry concerns and who recorded it."""

    recorded_by: int
    user: int | None
    department: int
    for_department: bool

    def stands_apart(self, person: int | None, department: int | None) -> bool:
        """Whether somebody is neither concerned nor of a department that would gain or lose by it."""
        if person is None or person == self.user:
            return False
        return not (self.for_department and department == self.department)

    def confirms(self, person: int | None, department: int | None) -> bool:
        """Whether somebody may confirm or refuse it: a second person who stands apart."""
        return person != self.recorded_by and self.stands_apart(person, department)
