"""A meeting's agenda filled in from last month's facts (O-4): text that the writer changes freely."""

from __future__ import annotations

from datetime import date, datetime

from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.pure.months import month_after
from portal.register import seams

#: No agenda grows beyond what its field takes.
MOST = 8000


def month_for(held_on: date) -> date:
    """The month whose facts a meeting talks about: the one before."""
    return month_after(held_on, -1)


def filled(actor: Actor, month: date, now: datetime) -> str:
    """The agenda of a month's facts, numbered; empty when no room says anything."""
    if month >= clock.local(now).date().replace(day=1):
        return ""
    lines: list[str] = []
    for n, item in enumerate(seams.agenda_of(actor, month, now), 1):
        lines.append(f"{n}. {item.heading}")
        lines += [f"   {line}" for line in item.lines]
    return "\n".join(lines)[:MOST]
