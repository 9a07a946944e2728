"""A score table in force, and a month of evidence: what the tests of the room stand on."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal as D
from typing import Any

from portal.clue import service as clues
from portal.clue.models import Clue
from portal.kernel import clock
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.db import db
from portal.people import queries as people
from portal.pure.breach import Breach
from portal.pure.scoring import Band, Bar, Category, Kind, Rule, Subject, Table
from portal.score_evidence import queries, service
from portal.score_evidence.models import ScoreLine, ScoreMonth
from portal.score_table import service as tables
from tests.office import NOW, SHANGHAI

MONTH = date(2026, 11, 1)
#: A working Tuesday after the month, when it is computed.
AFTER = datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI)

#: One rule of every kind, from clues, facts and the hand.
TABLE = Table(
    "test",
    "窗口考核",
    Subject.DEPARTMENT,
    (
        Category(
            "work",
            "业务",
            D(60),
            (
                Rule("late", "办件超期", Kind.PER_DAY, D("-0.5"), cap=D(10), source=("fact:days_overdue",)),
                Rule("overdue", "超期线索", Kind.OCCURRENCE, D(-1), source=("clue:overdue",)),
                Rule("consent", "视为同意", Kind.OCCURRENCE, D("-2.5"), source=("clue:tacit_consent",)),
                Rule("unfiled", "未经报备", Kind.DISQUALIFY, source=("clue:unfiled_denial",), disqualifies=Bar.MONTH),
            ),
        ),
        Category(
            "service",
            "服务",
            D(40),
            (
                Rule("manner", "服务态度", Kind.OCCURRENCE, D(-2), source=("hand",)),
                Rule("care", "环境卫生", Kind.RANGE, low=D(-3), high=D("-0.5"), source=("hand",)),
                Rule("answers", "答复意见", Kind.RANGE, low=D(-5), high=D(-1), source=("clue:late_answer",)),
                Rule(
                    "satisfied",
                    "满意率",
                    Kind.BAND,
                    bands=(Band(None, D(-4)), Band(D(80), D(0))),
                    source=("fact:satisfaction",),
                ),
            ),
        ),
        Category("bonus", "奖励", None, (Rule("praise", "表扬", Kind.OCCURRENCE, D(2), source=("fact:praise",)),)),
    ),
    D(110),
)
PERSONS = Table(
    "persons",
    "个人考核",
    Subject.PERSON,
    (
        Category(
            "work",
            "工作",
            D(100),
            (
                Rule("overdue", "办件超期", Kind.OCCURRENCE, D(-3), source=("clue:overdue",)),
                Rule("manner", "服务态度", Kind.OCCURRENCE, D(-2), source=("hand",)),
            ),
        ),
    ),
    D(100),
)


def actor(name: str, now: datetime = AFTER) -> Actor:
    """A person as an actor at an instant."""
    return people.actor_by_username(name, now)


def in_force(table: Table = TABLE, month: date = MONTH) -> None:
    """Write, send and approve a table, and open its months."""
    office = actor("office", NOW)
    made = tables.make(office, table.name, table.subject, NOW)
    made.content = tables.dump(table)
    db.session.flush()
    tables.submit(office, made.id, month, "试行", NOW)
    tables.approve(actor("principal", NOW), made.id, tables.digest(made.content), NOW)
    db.session.flush()
    service.open_months(NOW)
    db.session.flush()


def clue(key: str, kind: str, day: int, *, person: int | None = None, post: int | None = None, at: Any = None) -> Clue:
    """A clue of the journal about a post, on a day of the month."""
    instant = at or datetime(2026, 11, day, 12, 0, tzinfo=SHANGHAI)
    entry = db.session.scalar(db.select(db.func.max(db.text("seq"))).select_from(db.text("journal_entry")))
    clues.raise_from(
        Breach(kind, key, "T-6", instant, post_id=post, person_id=person, entry_seq=entry), max(instant, NOW)
    )
    db.session.flush()
    return db.session.scalars(db.select(Clue).where(Clue.key == key)).one()


def of(subject: str = "department") -> ScoreMonth:
    """The month."""
    found = queries.month_of(subject, MONTH)
    assert found is not None
    return found


def compute(when: datetime = AFTER, subject: str = "department") -> int:
    """Compute the month as the office does."""
    with clock.at(when):
        return service.compute(actor("office", when), of(subject), when)


def line(key: str) -> ScoreLine:
    """The line of a fact."""
    return db.session.scalars(db.select(ScoreLine).where(ScoreLine.key == key)).one()


def days(n: int) -> timedelta:
    """So many days."""
    return timedelta(days=n)


__all__ = ["AFTER", "MONTH", "NOW", "PERSONS", "SYSTEM", "TABLE"]
