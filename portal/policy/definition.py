"""One entry of the catalogue of policy values (POL-1)."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel.speaklater import LazyString

from portal.policy.kinds import Kind, LimitKind, Value
from portal.policy.source import Source
from portal.pure.limits import Limit, Unit


@dataclass(frozen=True)
class Definition:
    """One policy value: what it is, what it may be, and what holds until the office sets it."""

    key: str
    kind: Kind
    default: Value
    label: LazyString
    help: LazyString
    source: Source
    rules: tuple[str, ...]

    @property
    def group(self) -> str:
        """The key of `catalogue.GROUPS` under which it is shown."""
        return self.key.partition(".")[0]

    def parse(self, text: str) -> Value:
        """The value that a person typed or that was stored. Raises `PolicyError`."""
        return self.kind.parse(text)

    def dump(self, value: Value) -> str:
        """The text to store for a value that `parse` returned."""
        return self.kind.dump(value)


def wd(amount: int) -> Limit:
    """A limit in working days."""
    return Limit(amount, Unit.WORKING_DAYS)


def up_to(working_days: int) -> LimitKind:
    """A limit in working days or, for anything shorter, in working hours."""
    return LimitKind({Unit.WORKING_DAYS: working_days, Unit.WORKING_HOURS: 8 * working_days})
