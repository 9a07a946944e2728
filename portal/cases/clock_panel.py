"""Both clocks of a case as its page shows them: limit, used, left, stopped, due; every pause with old → new (T-4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.calendar import queries as calendar
from portal.cases import clocks, rules
from portal.cases.models import Case, CasePause
from portal.kernel import clock
from portal.kernel.i18n import limit_words, span
from portal.policy import pause_reasons
from portal.pure.deadlines import Pause, usage
from portal.pure.limits import Limit, Unit


@dataclass(frozen=True)
class Face:
    """One clock in words: used + left (or less over) = limit, used + stopped = elapsed."""

    title: str
    limit: str
    extension: str
    due_at: datetime | None
    #: How much is used, in percent of the limit (100 at most).
    percent: int
    used: str
    left: str
    over: str
    stopped: str
    #: Whether it stands still now.
    stands: bool


@dataclass(frozen=True)
class PauseLine:
    """One pause of the case: why, since when, until when (at the latest), and the promised date before and after."""

    reason: str
    from_at: datetime
    to_at: datetime | None
    until_at: datetime | None
    running: bool
    at_cap: bool
    both: bool
    due_before: datetime | None
    due_after: datetime | None


def faces(case: Case) -> list[Face]:
    """The promised clock, and the statutory one where the law sets a limit; none before acceptance."""
    facts = clocks.clock_facts(case)
    if facts.clock_from is None or not facts.promised_limit:
        return []
    work = calendar.of_department(case.department_id)
    start, promised = rules.promised_run(facts, work)
    found = [_face(case, facts, _("承诺时限"), start, facts.promised_limit, promised, facts.extension, case.due_at)]
    if facts.statutory_limit:
        lawful = [stop.pause for stop in facts.pauses if stop.statutory]
        extension, due = facts.statutory_extension, case.statutory_due_at
        found.append(_face(case, facts, _("法定时限"), facts.clock_from, facts.statutory_limit, lawful, extension, due))
    return found


def _face(
    case: Case,
    facts: rules.ClockFacts,
    title: str,
    start: datetime,
    limit_text: str,
    pauses: Sequence[Pause],
    extension: int,
    due_at: datetime | None,
) -> Face:
    limit, now = Limit.parse(limit_text), case.closed_at or clock.now()
    work = calendar.of_department(case.department_id)
    seen = usage(start, now, limit, work, pauses, facts.next_day_after_hours, extension)
    return Face(
        title=title,
        limit=limit_words(limit_text),
        extension=_("另延期 %(days)s", days=_amount(extension, Unit.WORKING_DAYS)) if extension else "",
        due_at=due_at,
        percent=100 if seen.limit <= 0 else max(0, min(100, round(100 * seen.used / seen.limit))),
        used=_amount(seen.used, limit.unit),
        left=_amount(seen.left, limit.unit) if seen.left >= 0 and case.closed_at is None else "",
        over=_amount(-seen.left, limit.unit) if seen.left < 0 else "",
        stopped=_amount(seen.stopped, limit.unit) if seen.stopped else "",
        stands=case.closed_at is None and any(_runs(pause.from_at, pause.ends_at, now) for pause in pauses),
    )


def _runs(from_at: datetime, ends_at: datetime | None, now: datetime) -> bool:
    return from_at <= now and (ends_at is None or now < ends_at)


def _amount(number: int, unit: Unit) -> str:
    """A bare count of ``usage`` in words: office minutes, working days or calendar days."""
    if unit is Unit.WORKING_HOURS:
        return span(timedelta(minutes=number))
    if unit in (Unit.DAYS, Unit.MONTHS):
        return ngettext("%(num)s 日（自然日）", "%(num)s 日（自然日）", number)
    return ngettext("%(num)s 个工作日", "%(num)s 个工作日", number)


def pause_lines(case: Case) -> list[PauseLine]:
    """Every pause of the case, the latest first."""
    now = case.closed_at or clock.now()
    return [_line(case, pause, now) for pause in reversed(case.pauses)]


def _line(case: Case, pause: CasePause, now: datetime) -> PauseLine:
    ends = Pause(pause.from_at, pause.to_at, pause.until_at).ends_at
    running = _runs(pause.from_at, ends, now) and case.closed_at is None
    return PauseLine(
        reason=str(pause_reasons.label(pause.reason)),
        from_at=pause.from_at,
        to_at=None if running else ends,
        until_at=pause.until_at,
        running=running,
        at_cap=not running and ends is not None and ends == pause.until_at,
        both=pause.stops_promised and pause.stops_statutory,
        due_before=pause.due_before,
        due_after=pause.due_after if pause.to_at is not None else case.due_at,
    )
