"""Clues as facts of a month: which of them count (A-1, P-6).

A clue of the journal rests on recorded facts: it counts from the day of the departure on, while it waits and while a
proceeding looks into it, since the score follows the departure and not the sanction (P-6 maps sanctions to awards,
A-4 to bonuses). It does not count when it was dismissed with reasons, when a later fact took it back, or when its
proceeding ended without anything confirmed. A clue that somebody reported by hand is no fact yet: it counts once a
proceeding has taken it up.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Select, and_, exists, or_, select

from portal.accountability.models import Outcome, Proceeding, State, Subject
from portal.cases.models import Case
from portal.clue.models import Clue, ClueKind, ClueState, Source
from portal.kernel import clock
from portal.kernel.db import db
from portal.score_evidence.facts.base import ONE, Found, Term

#: The proceedings in which everybody was told and nobody was found to have departed from a rule.
_TOLD = (State.TOLD, State.REVIEWING, State.CLOSED)


def _unconfirmed() -> Any:
    holds = and_(
        Subject.proceeding_id == Proceeding.id,
        Subject.confirmed.is_(True),
        or_(Subject.outcome.is_(None), Subject.outcome != Outcome.LIFTED),
    )
    ended = and_(Proceeding.number == Clue.proceeding_number, Proceeding.state.in_(_TOLD))
    return exists(select(Proceeding.id).where(ended, ~exists(select(Subject.id).where(holds))))


def counting() -> Any:
    """The condition of the clues that count."""
    return or_(
        and_(Clue.state == ClueState.OPEN, Clue.source == Source.JOURNAL),
        and_(Clue.state == ClueState.IN_PROCEEDING, ~_unconfirmed()),
    )


def _rows(kinds: Collection[ClueKind], term: Term) -> Select[Clue, str]:
    return (
        select(Clue, Case.number)
        .outerjoin(Case, Case.id == Clue.case_id)
        .where(Clue.kind.in_(kinds), Clue.at >= term.start, Clue.at < term.end, counting())
        .order_by(Clue.at, Clue.id)
    )


def of_kinds(kinds: Collection[ClueKind], term: Term, subject: str) -> Iterator[Found]:
    """The clues of some kinds that count in a month; the evidence opens what the clue opens."""
    for clue, case_number in db.session.execute(_rows(kinds, term)):
        who = clue.department_id if subject == "department" else clue.person_id
        if who is None:
            continue
        values: dict[str, str] = json.loads(clue.values)
        endpoint = clue.endpoint or ("cases.show" if case_number else "")
        yield Found(
            who,
            f"clue:{clue.key}",
            ONE,
            clock.local(clue.at).date(),
            case_number or values.get("number") or clock.local(clue.at).date().isoformat(),
            endpoint,
            values if clue.endpoint else {"number": case_number} if case_number else {},
            clue.number,
            clue.key,
        )


def of_kind(name: str, term: Term, subject: str) -> Iterator[Found]:
    """The clues of one kind, by its name."""
    return of_kinds([ClueKind(name)], term, subject) if name in set(ClueKind) else iter(())
