"""T-7 under eight sweepers at once, some of them killed, after all had slept over the instants: one effect each."""

from __future__ import annotations

import multiprocessing
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from portal.cases import service
from portal.cases.models import Case, CaseState
from portal.cases.paper_models import CasePaper, PaperKind
from portal.cases.service import Client
from portal.kernel import clock, journal, transaction, verification
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db
from portal.operations import sweeping
from portal.people import queries as people
from portal.service_commitment import queries as catalogue
from portal.service_commitment import service as commitment
from portal.service_commitment.models import ServiceItem
from portal.service_commitment.service import Content
from tests.drill import site

pytestmark = pytest.mark.drill

CASES, SWEEPERS, KILLED = 40, 8, 3
#: Weeks before the drill, whenever it is run: the clock of a live site is the machine's.
BEGAN = datetime.now(UTC) - timedelta(days=40)


def _began(n: int) -> datetime:
    """A Wednesday morning some weeks ago, a minute apart."""
    there = BEGAN.astimezone(ZoneInfo("Asia/Shanghai"))
    wednesday = there - timedelta(days=(there.weekday() - 2) % 7)
    return wednesday.replace(hour=9, minute=0, second=0, microsecond=0).astimezone(UTC) + timedelta(minutes=n)


@pytest.fixture
def petitions(live, ids):
    """Petitions that nobody answered: accepted weeks ago, their instants long over and none recorded."""
    with live.app_context():
        with transaction.act(), clock.at(_began(-60)):
            item = db.session.get(ServiceItem, ids.items["SX-003"])
            content = Content("基层请示批复", "3wd", basis="限时办结规定", tacit_consent=True)
            commitment.publish(SYSTEM, item, content, _began(-60))
        due = {}
        for n in range(CASES):
            at = _began(n)
            with transaction.act(), clock.at(at):
                actor = people.actor_by_username("other", at)
                entry = catalogue.by_id(ids.items["SX-003"])
                case = service.open_case(actor, at, matter=f"请示 {n}", client=Client(), item=entry)
                service.accept(actor, case, at)
                due[case.id] = case.consent_at
        db.session.remove()
    assert all(due.values())
    return due


def _recorded(app) -> int:
    with app.app_context():
        found = db.session.scalar(select(func.count()).where(Case.state == CaseState.DEEMED_AGREED)) or 0
        db.session.remove()
        return found


def _sweep(app, ready) -> None:
    """One sweeper: a process of its own, with connections of its own, until it is ended."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose(close=False)
    ready.wait(60)
    while True:
        sweeping.once(app)


def test_each_takes_effect_once_at_its_instant(live, petitions):
    with live.app_context():
        db.session.remove()
        db.engine.dispose()
    start = multiprocessing.get_context("fork")
    ready = start.Barrier(SWEEPERS + 1)
    sweepers = [start.Process(target=_sweep, args=(live, ready), daemon=True) for _ in range(SWEEPERS)]
    for sweeper in sweepers:
        sweeper.start()
    try:
        ready.wait(60)
        for sweeper in sweepers[:KILLED]:
            time.sleep(0.1)
            sweeper.kill()  # in the middle of whatever it does
        assert site.wait_until(lambda: _recorded(live) == CASES, 60)
        time.sleep(0.5)  # the others come again and find nothing
    finally:
        for sweeper in sweepers:
            sweeper.kill()
            sweeper.join()
    with live.app_context():
        cases = list(db.session.scalars(select(Case).order_by(Case.id)))
        assert {c.id: c.closed_at for c in cases} == petitions, "each at its own instant, not the sweep's"
        assert all(c.closed_late for c in cases)
        for case in cases:
            assert [e.event for e in journal.of_case(case.id)].count("cases.deemed_agreed") == 1
        papers = list(db.session.scalars(select(CasePaper).where(CasePaper.kind == PaperKind.DEEMED_AGREED)))
        assert sorted(p.case_id for p in papers) == sorted(petitions)
        serials = sorted(int(p.number.rpartition("-")[2]) for p in papers)
        assert serials == list(range(1, CASES + 1)), "no number is lost or given twice"
        assert verification.verify().ok
        db.session.remove()
