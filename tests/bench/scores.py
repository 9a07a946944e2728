"""Scores of the windows over many cases: computing a month, opening it and the longest sheet (E-3)."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal as D
from pathlib import Path
from statistics import median
from types import SimpleNamespace

from sqlalchemy import func, select

from portal.kernel import clock, transaction
from portal.kernel.db import db
from portal.people import queries as people
from portal.people.models import UserSession
from portal.pure.months import month_after, month_text
from portal.pure.scoring import Category, Kind, Rule, Side, Subject, Table
from portal.score_evidence import queries, service
from portal.score_evidence.models import ScoreLine, ScoreMonth
from portal.score_table import service as tables
from tests.conftest import make_app

MONTHS = 12
_WORK = (
    Rule("late", "办件超期", Kind.PER_DAY, D("-0.1"), cap=D(20), source=("fact:days_overdue",)),
    Rule("rate", "按期办结率", Kind.PER_POINT, D("-0.1"), mark=D(95), side=Side.BELOW, source=("fact:on_time_rate",)),
    Rule("clue", "问责线索", Kind.OCCURRENCE, D(-1), source=("clue:overdue", "clue:tacit_consent")),
)
TABLE = Table("bench", "窗口考核", Subject.DEPARTMENT, (Category("work", "业务", D(100), _WORK),), D(110))


def rows(folder: Path, ids: SimpleNamespace) -> Iterator[tuple[str, float]]:
    """What each took in milliseconds, in one process without a server."""
    app = make_app(folder)
    with app.app_context():
        first = month_after(clock.today().replace(day=1), -MONTHS)
        _table(first)
        took = [_compute(month_after(first, n)) for n in range(MONTHS)]
        lines = db.session.scalar(select(func.count()).select_from(ScoreLine)) or 0
        departments = len(queries.totals("department", first))
        yield f"computing a month of {departments} departments, median of {MONTHS}", median(took)
        yield f"computing the month that takes longest ({lines:,} lines in all)", max(took)
        most = select(ScoreMonth.month, ScoreLine.subject_id, func.count()).join(ScoreLine.month)
        most = most.group_by(ScoreMonth.month, ScoreLine.subject_id).order_by(func.count().desc()).limit(1)
        longest = db.session.execute(most).first()
        if longest is None:
            return  # so few cases that no month of the twelve has a line
        month, subject_id, count = longest
        token = secrets.token_urlsafe(16)
        with transaction.act():
            db.session.add(
                UserSession(
                    token_hash=people.token_hash(token), user_id=ids.users["office"], started_at=clock.now(),
                    seen_at=clock.now(),
                )
            )  # fmt: skip
        db.session.remove()
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    base = f"/score-evidence/department/{month_text(month)}"
    for what, address in (
        ("opening a month", base),
        (f"opening a sheet of {count:,} lines", f"{base}/{subject_id}"),
    ):
        yield what, median(_open(client, address) for _n in range(5))


def _table(first: date) -> None:
    now = clock.now()
    with transaction.act():
        office = people.actor_by_username("office", now)
        made = tables.make(office, TABLE.name, TABLE.subject, now)
        made.content = tables.dump(TABLE)
        db.session.flush()
        tables.submit(office, made.id, first, "试行", now)
        tables.approve(people.actor_by_username("principal", now), made.id, tables.digest(made.content), now)
    with transaction.act():
        service.open_months(now)


def _compute(month: date) -> float:
    now = clock.now()
    began = time.perf_counter()
    with transaction.act():
        found = queries.month_of("department", month)
        if found is None:
            raise RuntimeError("the month was not opened")
        service.compute(people.actor_by_username("office", now), found, now)
    return (time.perf_counter() - began) * 1000


def _open(client: object, address: str) -> float:
    began = time.perf_counter()
    answer = client.get(address)  # type: ignore[attr-defined]
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    return (time.perf_counter() - began) * 1000
