"""T-3: entering 2027 in a portal with 300 open cases across the year's end: preview, one act, histories, marks."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import cast

import pytest
from sqlalchemy import Table, event, func, insert, select

from portal.calendar import drafts, official, queries
from portal.calendar import service as calendar
from portal.calendar.drafts import Draft, Outdated, What
from portal.cases import clocks, rules
from portal.cases import queries as cases
from portal.cases.models import Case, CaseState
from portal.kernel import clock, journal, transaction
from portal.kernel.db import db
from portal.pure.workdays import OfficeHours, WorkCalendar
from tests.calendar.notices import NOTICE, form
from tests.office import NOW, SHANGHAI

MANY = 300
LIMITS = (("5wd", "20wd"), ("15wd", ""), ("10d", "30d"), ("1m", "3m"), ("4wh", "5wd"), ("20wd", "40wd"))
LATE = datetime(2026, 12, 31, 16, 0, tzinfo=SHANGHAI)
YEAR = Draft(What.YEAR, year=2027, notice="国办发明电〔2026〕7 号", days=NOTICE)


def fill(ids, many=MANY) -> None:
    """Cases in progress, accepted through December, in two departments; written at once, as if they had been there."""
    rows = []
    for n in range(many):
        accepted = datetime.combine(date(2026, 12, 1) + timedelta(n % 31), time(9 + n % 8, 30), SHANGHAI)
        promised, statutory = LIMITS[n % len(LIMITS)]
        code = ("YW", "XH")[n % 3 == 0]
        case = Case(
            number=f"SX-2026-{n + 5000}",
            matter=f"事项 {n}",
            post_id=ids.posts[f"{code}-1"],
            department_id=ids.departments[code],
            received_at=accepted,
            accepted_at=accepted,
            clock_from=accepted,
            promised_limit=promised,
            statutory_limit=statutory,
            next_day_after_hours=n % 2 == 0,
            state=CaseState.IN_PROGRESS,
            extended_days=0,
            statutory_extended_days=0,
        )
        clocks.derive(case)
        rows.append(
            {c.name: getattr(case, c.name) for c in Case.__table__.columns if getattr(case, c.name) is not None}
            | {"due_at": case.due_at, "soon_at": case.soon_at, "red_at": case.red_at, "warn_at": case.warn_at}
            | {"statutory_due_at": case.statutory_due_at}
        )
    with transaction.act():
        db.session.execute(insert(cast(Table, Case.__table__)), [r | {"version": 1} for r in rows])


@pytest.fixture
def many(office):
    """300 open cases on the last afternoon of the year."""
    with clock.at(LATE):
        fill(office)
        yield office


def by_hand(*, known=(2027,), days=NOTICE, hours=None) -> WorkCalendar:
    """The calendar as it should be, put together here."""
    exceptions, _names = official.all_exceptions()
    exceptions |= {d.day: d.workday for d in days}
    known_years = official.CHECKED_YEARS | set(known)
    return WorkCalendar(exceptions, known_years, **({"hours": hours} if hours else {}))


def check(work: WorkCalendar) -> int:
    """Every open case stands as if it were computed from scratch; returns how many are provisional."""
    db.session.expire_all()
    marks = 0
    for case in db.session.scalars(select(Case).where(Case.closed_at.is_(None))):
        found = rules.clocks(clocks.clock_facts(case), work, cases.thresholds())
        assert (case.due_at, case.soon_at, case.red_at, case.statutory_due_at, case.provisional) == (
            found.due_at,
            found.soon_at,
            found.red_at,
            found.statutory_due_at,
            found.provisional,
        ), case.number
        marks += case.provisional
    return marks


def keep(actor, draft=YEAR) -> str:
    """A draft waiting for its confirmation."""
    with transaction.act():
        return drafts.keep(actor, draft, clock.now())


def test_preview_then_one_act_and_the_histories_are_right(many, as_actor):
    office = as_actor("office")
    before = {c.number: (c.due_at, c.provisional) for c in db.session.scalars(select(Case))}
    provisional = sum(p for _due, p in before.values())
    assert provisional > 200
    token, head = keep(office), journal.head()
    seen = drafts.preview(YEAR)
    assert (seen.settled, len(seen.rows)) == (provisional, provisional)
    assert journal.head() == head
    assert not queries.work_calendar().is_known(date(2027, 1, 1)), "nothing was written"
    with transaction.act():
        done = drafts.enter(office, token, seen.fingerprint, clock.now())
    assert done.rows == seen.rows
    assert check(by_hand()) == 0, "no mark is left"
    after = {c.number: c for c in db.session.scalars(select(Case))}
    told = {row.change.number: row.change for row in seen.rows}
    for number, (due, was_provisional) in before.items():
        entries = [e.fact() for e in journal.of_case(after[number].id) if e.event == "cases.recomputed"]
        if not was_provisional:
            assert (entries, after[number].due_at) == ([], due)
            continue
        assert [(datetime.fromisoformat(e["old_due"]), datetime.fromisoformat(e["due"])) for e in entries] == [
            (due, after[number].due_at)
        ]
        assert (told[number].old, told[number].new) == (due, after[number].due_at)
    assert sum(n for _id, _name, n in seen.by_department()) == provisional
    assert {name for _id, name, _n in seen.by_department()} == {"综合业务科", "学会服务科"}


def test_a_preview_asks_the_database_the_same_few_questions_for_any_number(many, as_actor):
    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    drafts.preview(YEAR)
    assert len(asked) < 15


def test_cases_changed_in_between_show_the_preview_anew(many, as_actor):
    office = as_actor("office")
    token = keep(office)
    seen = drafts.preview(YEAR)
    with transaction.act():
        newcomer = db.session.scalars(select(Case).where(Case.provisional).limit(1)).one()
        newcomer.promised_limit = "40wd"
        clocks.derive(newcomer)
        journal.record(journal.EVENTS["cases.started"], newcomer, office, clock.now())
    with pytest.raises(Outdated), transaction.act():
        drafts.enter(office, token, seen.fingerprint, clock.now())
    assert not queries.work_calendar().is_known(date(2027, 1, 1))
    anew = drafts.preview(YEAR)
    assert anew.fingerprint != seen.fingerprint
    with transaction.act():
        drafts.enter(office, token, anew.fingerprint, clock.now())
    assert check(by_hand()) == 0


def test_two_people_enter_the_same_year_at_once_and_one_is_told(office, as_actor):
    first, second = keep(as_actor("office")), keep(as_actor("principal"))
    seen = drafts.preview(YEAR)
    with transaction.act():
        drafts.enter(as_actor("office"), first, seen.fingerprint, clock.now())
    with pytest.raises(Outdated), transaction.act():
        drafts.enter(as_actor("principal"), second, seen.fingerprint, clock.now())
    assert queries.entered_year(2027).entered_by_id == as_actor("office").id
    again = drafts.preview(YEAR)
    assert again.replaces.entered_by_id == as_actor("office").id


def test_every_change_leaves_what_computing_from_scratch_gives(office, as_actor):
    boss, off = as_actor("office"), date(2027, 1, 12)
    shorter = tuple(d for d in NOTICE if d.reason != "春节")
    summer = OfficeHours(((time(8), time(12)), (time(14), time(18))))
    with clock.at(LATE):
        fill(office, 60)
        steps = (
            (lambda now: calendar.enter_year(boss, 2027, "通知", NOTICE, now), by_hand()),
            (
                lambda now: calendar.set_day(boss, off, False, "停电", now),
                by_hand(days=(*NOTICE, replace(NOTICE[0], day=off))),
            ),
            (lambda now: calendar.clear_day(boss, off, "恢复", now), by_hand()),
            (lambda now: calendar.enter_year(boss, 2027, "更正", shorter, now), by_hand(days=shorter)),
            (
                lambda now: calendar.set_hours(boss, "8:00-12:00,14:00-18:00", "夏令", now, "09:00-12:00,13:30-17:30"),
                by_hand(days=shorter, hours=summer),
            ),
            (lambda now: calendar.withdraw_year(boss, 2027, "录错", now), by_hand(known=(), days=(), hours=summer)),
        )
        for step, expected in steps:
            with transaction.act():
                step(clock.now())
            check(expected)
    assert db.session.scalar(select(func.count()).where(Case.provisional)) > 0


def test_the_page_shows_counts_pages_and_departments(many, login, app):
    with clock.at(NOW):  # the password of the cast is not yet due
        look(many, login("office"), app)


def look(many, client, app):
    """The preview of 300 cases as the office sees it, and the act."""
    sent = client.post("/calendar/2027/notice", data=form()).location
    page = client.get(sent)
    assert "按科室" in page.text
    assert "不再暂定" in page.text
    assert page.text.count('<tr><td data-label="编号"') == 50
    other = client.get(f"{sent}?department={many.departments['XH']}&kind=cases&page=2")
    assert other.status_code == 200
    assert client.get(f"{sent}?department=x&kind=x&page=x").status_code == 200
    [fingerprint] = re.findall('name="fingerprint" value="([0-9a-f]{64})"', page.text)
    done = client.post(sent, data={"fingerprint": fingerprint})
    assert done.location == "/calendar/2027"
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(Case.provisional)) == 0
