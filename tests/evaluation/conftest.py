"""Cases that have ended, codes, and clients that vote."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.evaluation import codes, counting, service
from portal.kernel import clock, transaction
from portal.kernel.db import db
from portal.kernel.journal import JournalEntry
from tests.completion_report.conftest import Rows
from tests.office import NOW

MONTH = date(2026, 11, 1)
NEXT_DAY = NOW + timedelta(days=1)


@pytest.fixture
def ended(app: Flask, ids: Any) -> Callable[..., str]:
    """A case that ended today, by its number."""
    rows = Rows(ids)

    def make(**values: Any) -> str:
        with app.app_context(), transaction.act():
            rows.case(closed_at=NOW - timedelta(hours=1), client_name="张三", client_phone="13905431234", **values)
        return f"T-{rows._next}"

    return make


@pytest.fixture
def code(app: Flask, ids: Any) -> Callable[..., str]:
    """A code as if its slip had been handed out."""

    def make(department: str = "YW", month: date = MONTH) -> str:
        with app.app_context(), transaction.act():
            return codes.shown(service.hand_out((ids.departments[department], month)))

    return make


@pytest.fixture
def vote(app: Flask, code: Callable[..., str]) -> Callable[..., Any]:
    """A client votes on a phone."""

    def cast(grade: str = "satisfied", typed: str = "", department: str = "YW", **more: Any) -> Any:
        data = {"code": typed or code(department), "grade": grade, **more}
        return app.test_client().post("/evaluate", data=data)

    return cast


@pytest.fixture
def count(app: Flask) -> Callable[..., int]:
    """The sweep of another day."""

    def run(at: datetime = NEXT_DAY) -> int:
        with app.app_context(), clock.at(at), transaction.act():
            return counting.sweep(at)

    return run


@contextmanager
def reading(app: Flask) -> Iterator[None]:
    """A context to look into the database."""
    with app.app_context():
        yield
        db.session.rollback()


def events(app: Flask, prefix: str = "evaluation.") -> list[JournalEntry]:
    """The room's entries of the journal."""
    with app.app_context():
        query = select(JournalEntry).where(JournalEntry.event.like(f"{prefix}%")).order_by(JournalEntry.seq)
        return list(db.session.scalars(query))
