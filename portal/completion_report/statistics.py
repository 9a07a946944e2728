"""Monthly statistics of the departments: opened on the 1st, filled in and filed by the head, then frozen (O-8)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select, text
from sqlalchemy.orm import joinedload

from portal.calendar import queries as calendar
from portal.cases.models import Case
from portal.completion_report import definitions as define
from portal.completion_report import figures
from portal.completion_report import vocabulary as words
from portal.completion_report.definitions import Period, Scope
from portal.completion_report.models import MonthlyStatistics
from portal.denial_filing.models import Filing
from portal.first_ask.models import FirstAsk
from portal.kernel import clock, epochs, journal
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.db import db, dialect
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.one_time_notice.models import Notice
from portal.people import queries as people
from portal.policy import queries as policy
from portal.post_duty.models import Post, PostKind
from portal.pure.months import month_after, month_text
from portal.service_commitment.models import ServiceItem

_ONE_AT_A_TIME = 0x6D6F6E74
#: Months opened at once at most, when the sweeps have slept.
MOST_MONTHS = 12


def month_of(day: date) -> Period:
    """The month in which a day lies."""
    first = day.replace(day=1)
    return Period(first, month_after(first, 1) - timedelta(days=1))


def due_on(month: date) -> date:
    """The day by which a month is filed: the policy's day of the next month, or the next working day (T-3)."""
    day = month_after(month, 1).replace(day=policy.value("completion_report.file_by_day"))
    return calendar.work_calendar().on_or_next_workday(day)


def windows(month: date) -> list[int]:
    """The departments that file: those with service items, and those to which cases of the month belong."""
    period = month_of(month)
    having = set(
        db.session.scalars(
            select(Post.department_id)
            .join(ServiceItem, ServiceItem.post_id == Post.id)
            .where(ServiceItem.retired_on.is_(None))
            .distinct()
        )
    )
    table = figures.table(Scope(), period, clock.now(), "department")
    having |= {key for key, line in table.items() if line.received or line.done}
    return sorted(having & set(people.department_names()))


def open_months(now: datetime) -> int:
    """Open the statistics of the months that are over (O-8); returns how many. Twice changes nothing."""
    last = month_after(clock.local(now).date().replace(day=1), -1)
    newest = newest_month()
    if newest is not None and newest >= last:
        return 0
    if dialect() == "postgresql":
        taken = db.session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
        if not taken:
            return 0
        newest = db.session.scalar(select(func.max(MonthlyStatistics.month)))
    began = db.session.scalar(select(func.min(Case.received_at)))
    if began is None:
        return 0
    # Nobody owes a month before the first case.
    since = last if newest is None else max(month_after(newest, 1), month_after(last, 1 - MOST_MONTHS))
    month = max(since, clock.local(began).date().replace(day=1))
    made = 0
    while month <= last:
        for department_id in windows(month):
            sheet = MonthlyStatistics(department_id=department_id, month=month, due_on=due_on(month), opened_at=now)
            db.session.add(sheet)
            journal.record(words.MONTH_OPENED, sheet, SYSTEM, now, month=month_text(month), due=sheet.due_on)
            made += 1
        month = month_after(month, 1)
    return made


def newest_month() -> date | None:
    """The newest month that was opened, from memory."""
    return epochs.cached(
        "monthly_statistics", "newest", lambda: db.session.scalar(select(func.max(MonthlyStatistics.month)))
    )


def note_late(now: datetime) -> int:
    """Record once for each month and department that the day for filing has passed (O-8)."""
    today = clock.local(now).date()
    if not any(due < today and not warned for due, _department, warned in unfiled()):
        return 0
    found = select(MonthlyStatistics).where(
        MonthlyStatistics.filed_at.is_(None), MonthlyStatistics.due_on < today, MonthlyStatistics.warned_at.is_(None)
    )
    done = 0
    for sheet in db.session.scalars(found.with_for_update(skip_locked=True)):
        sheet.warned_at = now
        journal.record(words.MONTH_LATE, sheet, SYSTEM, now, month=month_text(sheet.month), due=sheet.due_on)
        done += 1
    return done


def unfiled() -> list[tuple[date, int, bool]]:
    """Due date, department and whether lateness was recorded, of what is not filed; from memory."""

    def read() -> list[tuple[date, int, bool]]:
        query = select(
            MonthlyStatistics.due_on, MonthlyStatistics.department_id, MonthlyStatistics.warned_at.is_not(None)
        ).where(MonthlyStatistics.filed_at.is_(None))
        return [(due, department, bool(warned)) for due, department, warned in db.session.execute(query)]

    return epochs.cached("monthly_statistics", "unfiled", read)


# --- what a month says ---------------------------------------------------------------------------------------


#: Figures of cases that a month states, in their order.
STATED = ("received", "done", "early", "on_time", "late", "overdue", "running", "paused", "wrong")
RATES = ("rate", "completion", "accuracy", "average", "p90")


@dataclass(frozen=True)
class Sheet:
    """A month of a department as it is read: figures by name, and whether they are frozen."""

    statistics: MonthlyStatistics
    figures: Mapping[str, float | int | None]
    frozen: bool


def read(statistics: MonthlyStatistics, now: datetime) -> Sheet:
    """The figures as they stood when filed, else as they stand now."""
    if statistics.filed_at is not None:
        return Sheet(statistics, json.loads(statistics.figures), True)
    return Sheet(statistics, current(statistics.department_id, statistics.month, now), False)


def current(department_id: int, month: date, now: datetime) -> dict[str, float | int | None]:
    """The portal's figures of a department's month as they stand now."""
    period = month_of(month)
    line = figures.total(Scope(department_id=department_id), period, now)
    found: dict[str, float | int | None] = {name: line.value(name) for name in STATED}
    for name in RATES:
        value = line.value(name)
        found[name] = None if value is None else round(value, 1)
    return {**found, **_facts(department_id, period)}


def _facts(department_id: int, period: Period) -> dict[str, int]:
    """What the other logs say of the month (J-3: counted, not typed)."""
    asks = select(func.count()).where(
        FirstAsk.department_id == department_id,
        FirstAsk.asked_at >= period.start,
        FirstAsk.asked_at < period.end,
        FirstAsk.reversed_at.is_(None),
        FirstAsk.reverses_id.is_(None),
    )
    notices = (
        select(func.count())
        .select_from(Notice)
        .join(Case, Case.id == Notice.case_id)
        .where(Notice.issued_at >= period.start, Notice.issued_at < period.end, Case.department_id == department_id)
    )
    filings = select(func.count()).where(
        Filing.department_id == department_id, Filing.filed_at >= period.start, Filing.filed_at < period.end
    )
    queries: dict[str, Any] = {"first_asks": asks, "notices": notices, "filings": filings}
    return {name: db.session.scalar(query) or 0 for name, query in queries.items()}


def of_month(month: date, departments: frozenset[int] | None = None) -> list[MonthlyStatistics]:
    """The statistics of a month, of the departments given, in the order of departments."""
    query = select(MonthlyStatistics).where(MonthlyStatistics.month == month)
    if departments is not None:
        query = query.where(MonthlyStatistics.department_id.in_(departments))
    found = db.session.scalars(query.options(joinedload(MonthlyStatistics.department)))
    return sorted(found, key=lambda s: (s.department.sort, s.department_id))


def months(departments: frozenset[int] | None = None) -> list[date]:
    """The months that were opened, the newest first."""
    query = select(MonthlyStatistics.month).distinct().order_by(MonthlyStatistics.month.desc()).limit(60)
    if departments is not None:
        query = query.where(MonthlyStatistics.department_id.in_(departments))
    return list(db.session.scalars(query))


def is_late(statistics: MonthlyStatistics, today: date) -> bool:
    """Filed after its day, or not filed though the day has passed."""
    filed = statistics.filed_at
    return (clock.local(filed).date() if filed else today) > statistics.due_on


def unit_total(month: date, now: datetime) -> dict[str, float | int | None]:
    """The unit's own figures of the month as they stand now: parts of joint matters count once (T-9)."""
    line = figures.total(Scope(), month_of(month), now)
    found: dict[str, float | int | None] = {name: line.value(name) for name in STATED}
    return {**found, **{name: None if (v := line.value(name)) is None else round(v, 1) for name in RATES}}


# --- the verbs -----------------------------------------------------------------------------------------------


def may_file(actor: Actor, department_id: int) -> bool:
    """The department's head, or who answers for that post; the office where there is no such post."""
    if not actor.can(words.FILE):
        return False
    if department_id in actor.departments_headed():
        return True
    head = select(Post.id).where(
        Post.department_id == department_id, Post.kind == PostKind.HEAD, Post.closed_on.is_(None)
    )
    return actor.can(words.MANAGE) and db.session.scalar(head.limit(1)) is None


def _writes(actor: Actor, sheet: MonthlyStatistics) -> None:
    if not may_file(actor, sheet.department_id):
        raise NotAllowed(_("月度统计由科室负责人填报。"), "O-8")
    if sheet.filed_at is not None:
        raise Conflict(_("这个月的统计已经报送，不能再改。"), "O-8")


def save(actor: Actor, sheet: MonthlyStatistics, hand: Mapping[str, int | None], remarks: str, now: datetime) -> None:
    """Keep what is entered by hand and the remarks. Raises NotAllowed, Conflict once filed."""
    _writes(actor, sheet)
    _take(sheet, hand, remarks)
    journal.record(words.MONTH_SAVED, sheet, actor, now)


def file(actor: Actor, sheet: MonthlyStatistics, hand: Mapping[str, int | None], remarks: str, now: datetime) -> None:
    """File a month with the figures as they stand; it never changes afterwards (O-8).

    Raises NotAllowed, Conflict once filed, Invalid when it is late and the remarks do not say why.
    """
    _writes(actor, sheet)
    late = is_late(sheet, clock.local(now).date())
    if late and not remarks:
        raise Invalid("remarks", _("报送日期已过，请在说明中写明逾期原因。"), "O-8")
    _take(sheet, hand, remarks)
    found = current(sheet.department_id, sheet.month, now)
    sheet.figures = json.dumps(found)
    sheet.filed_at, sheet.filed_by_id = now, actor.id
    journal.record(
        words.MONTH_FILED,
        sheet,
        actor,
        now,
        month=month_text(sheet.month),
        due=sheet.due_on,
        late=late,
        figures=found,
    )


def _take(sheet: MonthlyStatistics, hand: Mapping[str, int | None], remarks: str) -> None:
    sheet.remarks = remarks
    for name in words.HAND_LABELS:
        setattr(sheet, name, hand.get(name))


def stated(name: str) -> Any:
    """The label of a figure of a month."""
    if name in words.FACT_LABELS:
        return words.FACT_LABELS[name]
    return define.DEFINITIONS[name].label
