"""Thresholds of cases are said to whom they concern, and said again while the handler does nothing (T-6).

The first saying belongs to the transaction that records the threshold, so that it happens once, however many sweeps
run or are killed. The ladder is a row of its own; its next instant is kept, and of steps that were slept over only the
last is said.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from flask_babel import lazy_gettext as _l
from sqlalchemy import Table, or_, select, update
from sqlalchemy.orm import selectinload

from portal.ab_post import queries as ab
from portal.ab_post import telling
from portal.calendar import queries as calendar
from portal.cases import clocks
from portal.cases.models import Case
from portal.kernel import clock, journal
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db, insert_new
from portal.kernel.journal import JournalEntry
from portal.people import queries as people
from portal.policy import queries as policy
from portal.pure.deadlines import Light
from portal.reminder import service as reminder
from portal.reminder.models import Kind
from portal.urging import rules
from portal.urging import vocabulary as words
from portal.urging.models import Nag

BATCH = 200
_NAGS = cast(Table, Nag.__table__)
_KINDS = {str(Light.DUE_SOON): Kind.DUE_SOON, str(Light.OVERDUE): Kind.OVERDUE, str(Light.RED): Kind.RED}


def _name(case: Case) -> str:
    """What may stand in a title: the number and the item's public name, never the matter as it was typed."""
    return f"{case.number} {case.item.name}" if case.item is not None else case.number


def _title(light: str, case: Case) -> Any:
    match light:
        case Light.DUE_SOON:
            return _l("办件临期：%(case)s", case=_name(case))
        case Light.OVERDUE:
            return _l("办件超期：%(case)s", case=_name(case))
        case _:
            return _l("办件严重超期：%(case)s", case=_name(case))


def _body(light: str, case: Case, now: datetime) -> Any:
    department = people.department_names().get(case.department_id, "")
    if light == Light.DUE_SOON and case.due_at is not None:
        days = calendar.work_calendar().workdays_between(clock.local(now).date(), clock.local(case.due_at).date())
        if days < 1:
            return _l("%(department)s · 应于 %(due)s 前办结。", department=department, due=case.due_at)
        return _l(
            "%(department)s · 应于 %(due)s 前办结，还有 %(days)s 个工作日。",
            department=department,
            due=case.due_at,
            days=days,
        )
    if light == Light.RED and case.statutory_due_at is not None and case.red_at == case.statutory_due_at:
        return _l("%(department)s · 法定时限 %(due)s 已过。", department=department, due=case.statutory_due_at)
    return _l("%(department)s · 承诺时限 %(due)s 已过。", department=department, due=case.due_at or now)


def on_warned(case: Case, light: str, threshold: datetime, now: datetime) -> None:
    """Say that a case has passed a threshold: due soon to the handler, overdue also to the head, red also to the leader
    in charge; and begin the ladder."""
    users = telling.people(case.post_id, case.department_id, rules.FIRST[light], now)
    key = f"case:{case.id}:{light}:{threshold:%Y%m%d%H%M%S}"
    title = _title(light, case)
    reminder.tell(
        now, users, _KINDS[light], key, title, _body(light, case, now), "cases.show", values={"number": case.number},
        about_at=threshold, case_id=case.id, group=title,
    )  # fmt: skip
    _begin(case, light, threshold, now)


def _begin(case: Case, light: str, threshold: datetime, now: datetime) -> None:
    """A new threshold ends the ladder of the one before and begins its own."""
    db.session.execute(update(Nag).where(Nag.case_id == case.id, Nag.ended_at.is_(None)).values(ended_at=now))
    if policy.value("urging.nag_times") < 1:
        return
    row = {
        "case_id": case.id,
        "light": light,
        "threshold_at": threshold,
        "since_seq": (db.session().info.get("journal_head") or journal.head())[0],
        "step": 0,
        "next_at": rules.after(now, policy.value("urging.nag_every"), calendar.work_calendar()),
    }
    db.session.execute(insert_new(_NAGS).values(row))


def end_ladder(case: Case, at: datetime, _recorded_at: datetime) -> None:
    """The end of a case ends its ladder."""
    db.session.execute(update(Nag).where(Nag.case_id == case.id, Nag.ended_at.is_(None)).values(ended_at=at))


def sweep(now: datetime) -> int:
    """Say again what is due, one level up where that is due; returns how often."""
    done = 0
    due = Nag.ended_at.is_(None), Nag.next_at < now
    for nag in db.session.scalars(
        select(Nag)
        .where(*due)
        .order_by(Nag.next_at)
        .limit(BATCH)
        .options(selectinload(Nag.case))
        .with_for_update(skip_locked=True, of=Nag)
    ):
        done += _again(nag, now)
    return done


def _again(nag: Nag, now: datetime) -> int:
    case = nag.case
    step = rules.due_step(
        nag.light, nag.step, nag.next_at, now, policy.value("urging.nag_every"), policy.value("urging.nag_times"),
        calendar.work_calendar(),
    )  # fmt: skip
    if step is None or case.closed_at is not None or clocks.is_stopped(case, now) or _acted(nag, now):
        nag.ended_at = now
        return 0
    nag.step, nag.next_at = step.number, step.next_at
    if step.last:
        nag.ended_at = now
    users = telling.people(case.post_id, case.department_id, step.level, now)
    title = _l(
        "第 %(n)s 次再提醒：%(case)s %(light)s",
        n=step.number,
        case=_name(case),
        light=words.LIGHT_LABELS[nag.light],
    )
    reminder.tell(
        now, users, Kind.NAG, f"nag:{nag.id}:{step.number}", title,
        _l("提醒之后还没有办理动作。办理、记录进展或者说明原因后不再提醒。"), "cases.show",
        values={"number": case.number}, about_at=step.at, case_id=case.id,
    )  # fmt: skip
    journal.record(
        words.NAGGED, None, SYSTEM, now, case_id=case.id, light=nag.light, step=step.number, level=step.level,
        at=step.at,
    )  # fmt: skip
    return 1


def _acted(nag: Nag, now: datetime) -> bool:
    """Whether the handler has done anything about the case since: any entry under its post, or by who answers now."""
    handler = ab.who_answers_for(nag.case.post_id, now).user_id
    mine = JournalEntry.post_id == nag.case.post_id
    if handler is not None:
        mine = or_(mine, JournalEntry.actor_id == handler)
    found = (
        select(JournalEntry.seq)
        .where(
            JournalEntry.case_id == nag.case_id, JournalEntry.seq > nag.since_seq, JournalEntry.actor_id.is_not(None)
        )
        .where(mine)
        .limit(1)
    )
    return db.session.scalar(found) is not None
