"""Reads of draws and calls: the frame by the index of closed cases, the month by its days (S-5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.exceptions import NotFound

from portal.callback import rules
from portal.callback import vocabulary as words
from portal.callback.models import CallbackCall, CallbackDraw, CallState
from portal.cases.models import Case, CaseHandler
from portal.kernel import clock, journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.journal import JournalEntry
from portal.policy import queries as policy
from portal.pure.deadlines import Light
from portal.pure.months import month_after

#: So many past weeks can still be drawn by hand.
LOOK_BACK = 4


def frame(week_on: date) -> rules.Frame:
    """Whom a week's draw is from: the clients of the cases closed in that week, by the index of closed cases."""
    return rules.frame_of(_closed(week_on))


def _closed(week_on: date) -> list[tuple[str, str]]:
    """Number and phone of the cases closed in a week; parts of joint cases have no client of their own."""
    rows = (
        select(Case.number, Case.client_phone)
        .where(Case.closed_on.is_not(None), Case.closed_on >= week_on, Case.closed_on < week_on + timedelta(days=7))
        .where(Case.lead_id.is_(None))
        .order_by(Case.id)
    )
    return [(number, phone) for number, phone in db.session.execute(rows)]


def head_at(instant: datetime) -> tuple[int, str]:
    """Number and hash of the journal's last entry before an instant, read back from its end."""
    row = db.session.execute(
        select(JournalEntry.seq, JournalEntry.hash)
        .where(JournalEntry.at < instant)
        .order_by(JournalEntry.seq.desc())
        .limit(1)
    ).one_or_none()
    return (row[0], row[1]) if row else (0, journal.GENESIS)


def _week_on(name: str) -> date:
    try:
        return rules.week_of(name)
    except ValueError:
        raise NotFound() from None


def by_week(name: str) -> CallbackDraw:
    """A draw by the name of its week. Raises NotFound."""
    found = db.session.scalar(
        select(CallbackDraw)
        .where(CallbackDraw.week_on == _week_on(name))
        .options(selectinload(CallbackDraw.calls).joinedload(CallbackCall.case))
    )
    if found is None:
        raise NotFound()
    return found


def call(name: str, place: int) -> CallbackCall:
    """A call by week and place. Raises NotFound."""
    found = db.session.scalar(
        select(CallbackCall)
        .join(CallbackCall.draw)
        .where(CallbackDraw.week_on == _week_on(name), CallbackCall.place == place)
    )
    if found is None:
        raise NotFound()
    return found


def undrawn(now: datetime) -> list[date]:
    """The Mondays of the last weeks that are over and not drawn yet, the newest first."""
    this = rules.monday(clock.local(now).date())
    weeks = [this - timedelta(days=7 * n) for n in range(1, LOOK_BACK + 1)]
    known = set(db.session.scalars(select(CallbackDraw.week_on).where(CallbackDraw.week_on.in_(weeks))))
    return [week for week in weeks if week not in known]


def draws() -> Select[Any]:
    """All draws, the newest first."""
    return select(CallbackDraw).options(selectinload(CallbackDraw.calls)).order_by(CallbackDraw.week_on.desc())


@dataclass(frozen=True)
class Check:
    """What drawing again shows."""

    seed: bool
    frame: bool
    drawn: bool
    #: Cases that were recorded as closed in that week only after the draw, and those no longer found.
    later: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def equal(self) -> bool:
        """Whether seed, frame and draw are what was recorded."""
        return self.seed and self.frame and self.drawn


def check(draw: CallbackDraw) -> Check:
    """Make a draw again from the journal and the recorded frame, and compare."""
    week = rules.week_name(draw.week_on)
    head = head_at(clock.day_start(draw.week_on + timedelta(days=7)))
    seed = rules.seed_of(week, head[1])
    numbers = draw.frame.split("\n") if draw.frame else []
    again = rules.drawn(seed, numbers, draw.wanted)
    closed, then = _closed(draw.week_on), set(numbers)
    there = {number for number, _phone in closed}
    return Check(
        seed=head == (draw.head_seq, draw.head_hash) and seed == draw.seed,
        frame=rules.digest_of(numbers) == draw.frame_digest and len(numbers) == draw.frame_size and then <= there,
        drawn=again == [c.case.number for c in draw.calls],
        later=tuple(sorted(set(rules.frame_of(closed).numbers) - then)),
        missing=tuple(sorted(then - there)),
    )


# --- who may call ----------------------------------------------------------------------------------------------


def may_call(actor: Actor, each: CallbackCall) -> bool:
    """Whether the actor may call this client: the office or the supervision group, never who handled the case."""
    if not actor.can(words.CALL) or actor.id is None:
        return False
    if actor.id == each.case.answered_by_id or actor.answers_for(each.case.post_id) is not None:
        return False
    return db.session.get(CaseHandler, (each.case_id, actor.id)) is None


def light(each: CallbackCall, now: datetime) -> str:
    """The light of a call: due soon on its last day."""
    if each.state is not CallState.WAITING:
        return "closed"
    if now > each.due_at:
        return str(Light.OVERDUE)
    return str(Light.DUE_SOON if now >= clock.day_start(clock.local(each.due_at).date()) else Light.NORMAL)


def count_waiting() -> int:
    """How many clients are still to be called: by the index of waiting calls."""
    query = select(func.count()).select_from(CallbackCall).where(CallbackCall.state == CallState.WAITING)
    return db.session.scalar(query) or 0


def first_waiting() -> CallbackCall | None:
    """The call that is due first."""
    return db.session.scalar(
        select(CallbackCall)
        .where(CallbackCall.state == CallState.WAITING)
        .order_by(CallbackCall.due_at, CallbackCall.id)
        .options(joinedload(CallbackCall.draw))
        .limit(1)
    )


# --- the month -------------------------------------------------------------------------------------------------


def groups(first: date) -> list[rules.Group]:
    """The figures of a month by department."""
    since, until = first, month_after(first, 1)
    sums = (CallbackCall.attitude, CallbackCall.efficiency, CallbackCall.rules_kept)
    rows = (
        select(
            CallbackCall.department_id,
            func.count(),
            func.count(CallbackCall.attitude),
            *(func.coalesce(func.sum(column), 0) for column in sums),
            func.count().filter(CallbackCall.unfiled_denial),
            func.count().filter(CallbackCall.opinion_number != ""),
        )
        .where(CallbackCall.called_on >= since, CallbackCall.called_on < until)
        .group_by(CallbackCall.department_id)
        .order_by(CallbackCall.department_id)
    )
    return [rules.Group(*(int(value) for value in row)) for row in db.session.execute(rows)]


def summary(first: date) -> tuple[list[rules.Line], rules.Line]:
    """The month's summary, small groups withheld."""
    return rules.summary(groups(first), policy.value("callback.withheld_below"))


def suggestions(first: date) -> list[str]:
    """What clients suggested in a month, in an order that tells nothing of them."""
    since, until = first, month_after(first, 1)
    rows = select(CallbackCall.suggestion).where(
        CallbackCall.called_on >= since, CallbackCall.called_on < until, CallbackCall.suggestion != ""
    )
    return sorted(db.session.scalars(rows))


def months(limit: int = 24) -> list[date]:
    """The months in which calls ended, the newest first."""
    first, last = db.session.execute(select(func.min(CallbackCall.called_on), func.max(CallbackCall.called_on))).one()
    if first is None or last is None:
        return []
    found: list[date] = []
    month = last.replace(day=1)
    while month >= first.replace(day=1) and len(found) < limit:
        found.append(month)
        month = month_after(month, -1)
    return found
