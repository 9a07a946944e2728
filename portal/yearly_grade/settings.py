"""The policy's figures by which a round is counted, laid down on its first day and read again ever after (POL-1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.policy import queries as policy
from portal.pure.scale import read_scale
from portal.pure.scoring import Subject
from portal.yearly_grade.models import YearlyRound
from portal.yearly_grade.rules import Panel, Part, Scheme, Ties, Way

_TENTH = Decimal("0.1")
LEVELS = ("county", "city", "province", "nation")


def now(subject: Subject) -> dict[str, Any]:
    """The figures in force, as they are kept with a round."""

    def value(key: str) -> Any:
        return policy.value(f"yearly_grade.{key}")

    chosen = value(f"set_{subject}")
    first = value("quota_first")
    found: dict[str, Any] = {
        "grades": [[g.text, g.points] for g in read_scale(value(f"scale_{chosen}"))],
        # The second quota is the one of five grades; it takes in the first.
        "quotas": [first, max(first, value("quota_second"))] if chosen == "five" else [first],
        "barred": value("barred_grades"),
        "ties": value("ties"),
    }
    if subject is Subject.DEPARTMENT:
        return found
    way = Way(value("way"))
    inside = way is Way.DEPARTMENT
    weights = {Panel.SELF: "weight_self", Panel.PEERS: "weight_peers", Panel.HEADS: "weight_heads"}
    if not inside:
        weights = {Panel.LEADERS: "level_leaders", Panel.HEADS: "level_heads", Panel.OTHERS: "level_others"}
    panels = {str(panel): value(key) for panel, key in weights.items()}
    ballots, clients = value("share_ballots"), value("weight_clients")
    # Where clients belong to the ballots they have their weight of the ballots' share; all shares are per 10,000.
    whole = sum(panels.values()) + clients if inside else sum(panels.values())
    return found | {
        "way": str(way),
        "weights": panels,
        "shares": {
            str(Part.MONTHS): value("share_months") * 100,
            str(Part.BALLOTS): ballots * 100 * sum(panels.values()) // whole if whole else 0,
            str(Part.CLIENTS): (ballots * 100 * clients // whole if whole else 0)
            if inside
            else value("share_clients") * 100,
            str(Part.DUTY): value("share_duty") * 100,
        },
        "marks": [[g.text, g.points] for g in read_scale(value("marks"))],
        "drop": value("drop_extremes"),
        "least": value("least_papers"),
        "honours": {level: value(f"honour_{level}") for level in LEVELS},
        "honour_cap": value("honour_cap"),
    }


@dataclass(frozen=True)
class Settings:
    """The figures of a round."""

    kept: Mapping[str, Any]

    @property
    def names(self) -> list[str]:
        """The names of the grades, the best first."""
        return [name for name, _least in self.kept["grades"]]

    @property
    def scheme(self) -> Scheme:
        """Grades, quotas and the rule for ties."""
        return Scheme(
            tuple(Decimal(least) for _name, least in self.kept["grades"]),
            tuple(self.kept["quotas"]),
            min(self.kept["barred"], len(self.kept["grades"]) - 1),
            Ties(self.kept["ties"]),
        )

    @property
    def way(self) -> Way:
        """How panels are made up."""
        return Way(self.kept["way"])

    @property
    def weights(self) -> dict[Panel, int]:
        """The weight of each panel."""
        return {Panel(name): weight for name, weight in self.kept["weights"].items()}

    @property
    def shares(self) -> dict[Part, int]:
        """The share of each part, per 10,000."""
        return {Part(name): share for name, share in self.kept["shares"].items()}

    @property
    def mark_names(self) -> list[str]:
        """What a paper may say, the best first."""
        return [name for name, _points in self.kept["marks"]]

    @property
    def marks(self) -> tuple[Decimal, ...]:
        """What each mark is worth."""
        return tuple(Decimal(points) for _name, points in self.kept["marks"])

    @property
    def drop(self) -> bool:
        """Whether one highest and one lowest mark are dropped."""
        return bool(self.kept["drop"])

    @property
    def least(self) -> int:
        """Fewer papers tell too much."""
        return int(self.kept["least"])

    @property
    def honours(self) -> dict[str, Decimal]:
        """Points by level of honour."""
        return {level: tenths * _TENTH for level, tenths in self.kept["honours"].items()}

    @property
    def honour_cap(self) -> Decimal:
        """Points of honours at most."""
        return int(self.kept["honour_cap"]) * _TENTH


def of(round_: YearlyRound) -> Settings:
    """The figures of a round."""
    return Settings(round_.figures)
