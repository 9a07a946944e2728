"""Everything that the wall shows at one instant, put together from the reads (W-0, W-1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app

from portal.ab_post import coverage
from portal.ab_post import queries as ab_post
from portal.ab_post.coverage import Problem
from portal.ab_post.models import AbsenceKind, Letter
from portal.ab_post.picture import PostFact
from portal.ab_post.queries import AwayRow
from portal.calendar import queries as calendar
from portal.first_ask.models import Disposition
from portal.kernel import clock
from portal.message_card import queries as message_card
from portal.message_card.queries import Place, Unanswered
from portal.message_card.rules import Card
from portal.monthly_result import page as results_page
from portal.monthly_result import queries as results
from portal.monthly_result.models import ResultState
from portal.monthly_result.queries import Placed
from portal.people import queries as people
from portal.policy import nine_systems
from portal.wall import loop, queries
from portal.wall.loop import Voices
from portal.wall.queries import Due, Lights, Queue
from portal.wall.rules import LARGE_ROWS, ROWS, Facts, Rate, State, states


@dataclass(frozen=True)
class Absent:
    """One line of who is away and who answers instead; without ``person`` the post has no holder."""

    key: str
    place: str
    person: str
    kind: AbsenceKind | None
    cover: str
    gap: bool
    handover_missing: bool = False
    #: When the gap begins, for one that is to come today.
    from_at: datetime | None = None


@dataclass(frozen=True)
class Board:
    """The wall at an instant."""

    at: datetime
    rows: int
    lights: Lights
    due: list[Due]
    answering: dict[int, str]
    departments: dict[int, str]
    people_away: int
    absent: list[Absent]
    filings: Queue
    urgent: Queue
    hand_overs: Queue
    #: Supervisions without a reply past their date (T-12).
    supervised: Queue
    asked: dict[Disposition, int]
    closed_today: int
    rate: Rate
    rates: list[tuple[int, Rate]]
    states: list[tuple[str, State]]
    office_open: bool
    #: Departments whose message card hangs, and unanswered messages by department (AB-6).
    cards: list[tuple[Place, Card]]
    messages: list[Unanswered]
    #: Complaints, satisfaction and clues, as figures (S-3, A-1, A-5).
    voices: Voices
    #: Who holds the red flags of the newest published month (E-4); None before a month was published.
    flags: tuple[date, tuple[Placed, ...]] | None

    @property
    def asked_total(self) -> int:
        """Today's first-asks."""
        return sum(self.asked.values())


def make(now: datetime, large: bool) -> Board:
    """Read the wall. Everything is counted at ``now``; earlier days of this month are read once a minute."""
    rows = LARGE_ROWS if large else ROWS
    today = clock.local(now).date()
    counts = queries.lights(now)
    due = queries.worst(now, counts, rows)
    filings, urgent = queries.filings(now, rows), queries.urgent(now, rows)
    passed_on = queries.hand_overs(now, rows)
    closed = queries.closed(today, today)
    before = _earlier_this_month(now)
    rates = {
        d: before.get(d, Rate()) + closed.get(d, Rate()) + Rate(open_overdue=counts.late.get(d, 0))
        for d in before.keys() | closed.keys() | counts.late.keys()
    }
    whole = queries.total(rates.values()) - queries.parts(today.replace(day=1), today, now)
    once = queries.parts(today, today, now).closed
    away = ab_post.away_now(now)
    here = _open_posts(now)
    seen = ab_post.picture_at(now)
    vacant = [p for p in here if seen.holder(p.id, Letter.A, today) is None]
    unanswered = {p.id for p in here if seen.answer(p.id, now).user_id is None}
    voices = loop.voices(now)
    to_tell, not_told = queries.tacit(now, clock.day_start(today + timedelta(days=1)))
    facts = Facts(
        vacant_posts=len(vacant),
        broken_promises=whole.closed - whole.on_time,
        overdue=counts.overdue,
        red=counts.red,
        urgent=urgent.count,
        urgent_late=urgent.late,
        disputed=passed_on.disputed,
        hand_overs_late=passed_on.late,
        to_tell_today=to_tell,
        not_told=not_told,
        filings=filings.count,
        filings_late=filings.late,
        gaps=len(unanswered),
        without_handover=sum(row.handover_missing for row in away),
        complaints_soon=voices.complaints.due_soon,
        complaints_late=voices.complaints.overdue,
        results_returned=sum(each.state == ResultState.RETURNED for each in results_page.under_way()),
    )
    kept = states(facts)
    return Board(
        at=now,
        rows=rows,
        lights=counts,
        due=due,
        answering={d.post_id: seen.names.get(seen.answer(d.post_id, now).user_id or 0, "") for d in due},
        departments=people.department_names(),
        people_away=len({row.absence_id for row in away}),
        absent=_absent(away, [p for p in vacant if p.id in unanswered], coverage.gaps_to_come(now)),
        filings=filings,
        urgent=urgent,
        hand_overs=passed_on,
        supervised=queries.supervised(now, rows),
        asked=queries.asked_today(today),
        closed_today=sum(rate.closed for rate in closed.values()) - once,
        rate=whole,
        rates=sorted(rates.items(), key=lambda r: (r[1].percent or 0, -r[1].open_overdue, r[0])),
        states=[(s.slug, kept.get(s.slug, State.ABSENT)) for s in nine_systems.systems()],
        office_open=calendar.anything_open(now),
        cards=message_card.hanging(now),
        messages=message_card.unanswered(now),
        voices=voices,
        flags=results.newest_flags(),
    )


def _earlier_this_month(now: datetime) -> dict[int, Rate]:
    """What was closed this month before today: closed cases never change, so one read a minute is as true as many.

    A minute, not a day, since a case may be found to have ended yesterday (T-7, T-7a).
    """
    today = clock.local(now).date()
    stamp = (today, int(now.timestamp()) // 60)
    kept: tuple[Any, dict[int, Rate]] | None = current_app.extensions.get("portal.wall.month")
    if kept is not None and kept[0] == stamp:
        return kept[1]
    found = queries.closed(today.replace(day=1), today - timedelta(days=1)) if today.day > 1 else {}
    current_app.extensions["portal.wall.month"] = (stamp, found)
    return found


def _open_posts(now: datetime) -> list[PostFact]:
    day = clock.local(now).date()
    return [p for p in ab_post.picture_at(now).posts.values() if p.open_on(day)]


def _absent(away: list[AwayRow], empty: list[PostFact], to_come: list[Problem]) -> list[Absent]:
    """Posts that nobody answers for first, then those that will be left today, then who is covered, then who holds no
    post that needs it."""
    lines = [Absent(f"p{p.id}", _place(p.department, p.name), "", None, "", True) for p in empty]
    lines += [
        Absent(
            f"a{r.absence_id}-{r.post_code}",
            _place(r.department, r.post),
            r.person,
            r.kind,
            r.cover,
            r.gap,
            r.handover_missing,
        )
        for r in away
    ]
    lines += [
        Absent(f"g{g.post.id}", _place(g.post.department, g.post.name), g.for_name, None, "", True, from_at=g.from_at)
        for g in to_come
    ]
    return sorted(lines, key=lambda line: (not line.gap, line.from_at is not None, not line.cover))


def _place(department: str, post: str) -> str:
    return " · ".join(part for part in (department, post) if part)
