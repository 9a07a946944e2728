"""What the wall says of clients' voices: complaints, satisfaction, clues. Figures, never a name (W-1, S-3, A-5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from flask import current_app
from sqlalchemy import Select, func, select

from portal.clue.models import Clue, ClueState
from portal.complaint import queries as complaint
from portal.complaint.queries import Running
from portal.evaluation import queries as evaluation
from portal.evaluation import vocabulary as evaluation_words
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.journal import JournalEntry
from portal.pure.months import month_after

#: The entries by which figures of evaluation change.
_VOTES = tuple(each.tag for each in (evaluation_words.COUNTED, evaluation_words.SIGNED, evaluation_words.UNTRUE))


@dataclass(frozen=True)
class Satisfied:
    """The unit's satisfaction and coverage of a month; None where it is withheld or nobody has voted."""

    month: date
    percent: float | None
    coverage: float | None
    #: Whether this month has nothing to show and the figures are those of the month before.
    before: bool


@dataclass(frozen=True)
class Voices:
    """The figures of one instant; ``clues`` is for who sees the wall by login, or where the office wants it."""

    complaints: Running
    satisfied: Satisfied
    clues: int


def voices(now: datetime) -> Voices:
    """Two counts over indexes of open work, and what memory keeps of evaluation."""
    return Voices(complaint.running(now), satisfied(now), db.session.scalar(_clues()) or 0)


@cache
def _clues() -> Select[Any]:
    return select(func.count()).where(Clue.state == ClueState.OPEN)


@cache
def _last_vote() -> Select[Any]:
    newest = [select(func.max(JournalEntry.seq)).where(JournalEntry.event == each).scalar_subquery() for each in _VOTES]
    return select(*newest)


def satisfied(now: datetime) -> Satisfied:
    """This month's satisfaction of the unit, the month before's while there is none to show.

    Made anew when ballots were counted and each minute (cases close all day, which moves the coverage).
    """
    today = clock.local(now).date()
    stamp = (today, int(now.timestamp()) // 60, tuple(db.session.execute(_last_vote()).one()))
    kept: tuple[Any, Satisfied] | None = current_app.extensions.get("portal.wall.satisfied")
    if kept is not None and kept[0] == stamp:
        return kept[1]
    this = today.replace(day=1)
    found = _month(this, before=False)
    if found.percent is None:
        last = _month(month_after(this, -1), before=True)
        found = last if last.percent is not None else found
    current_app.extensions["portal.wall.satisfied"] = (stamp, found)
    return found


def _month(month: date, before: bool) -> Satisfied:
    return Satisfied(
        month, evaluation.satisfaction(None, month).percent, evaluation.coverage(None, month).percent, before
    )
