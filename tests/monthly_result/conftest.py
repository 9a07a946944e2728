"""A settled month of the cast: a table of the office's own, lines by hand, everything through the services."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from portal.kernel import transaction
from portal.kernel.db import db, locked
from portal.people import queries as people
from portal.policy import service as policy
from portal.pure.scoring import Bar, Category, Kind, Rule, Subject, Table
from portal.score_evidence import lines
from portal.score_evidence import queries as evidence
from portal.score_evidence import service as months
from portal.score_evidence.lines import Proposal
from portal.score_evidence.models import ScoreMonth
from portal.score_table import service as tables
from portal.score_table.models import Version
from tests.office import NOW

MONTH = date(2026, 10, 1)
#: The rules: one that takes points, one that gives some, one that disqualifies.
BAD, GOOD, OUT = "1.1", "2.1", "2.2"


def table(subject: Subject) -> Table:
    """Base 100; every lateness takes 2, every praise gives 0.5, a falsified record disqualifies for the month."""
    return Table(
        "own",
        "考评表" if subject is Subject.DEPARTMENT else "个人考评表",
        subject,
        (
            Category(
                "1", "纪律", Decimal(100),
                (
                    Rule(BAD, "迟到", Kind.OCCURRENCE, Decimal(-2)),
                    Rule(OUT, "弄虚作假", Kind.DISQUALIFY, disqualifies=Bar.MONTH),
                ),
            ),
            Category("2", "加分", None, (Rule(GOOD, "受到表扬", Kind.OCCURRENCE, Decimal("0.5")),)),
        ),
    )  # fmt: skip


def who(username: str, at: datetime = NOW):
    return people.actor_by_username(username, at)


def in_force(subject: Subject, month: date = MONTH) -> None:
    """Put the table in force from a month on."""
    with transaction.act():
        office = who("office")
        made = tables.make(office, table(subject).name, subject, NOW)
        made.content = tables.dump(table(subject))
        key = made.id
    with transaction.act():
        tables.submit(who("office"), key, month, "试行", NOW)
    with transaction.act():
        content = db.session.get(Version, key).content
        tables.approve(who("principal"), key, tables.digest(content), NOW)


def settled(subject: Subject, found: dict[int, list[str]], month: date = MONTH, by: str = "office") -> ScoreMonth:
    """A settled month with these lines: rule codes by subject."""
    at = NOW
    with transaction.act():
        months.open_months(at)
    kept = evidence.month_of(subject, month)
    proposed = []
    with transaction.act():
        one = locked(ScoreMonth, id=kept.id)
        for subject_id, rules in found.items():
            for rule in rules:
                what = Proposal(
                    subject_id=subject_id, rule=rule, quantity=Decimal(1), points=None, happened_on=month,
                    note="当日检查发现", finder="检查组",
                )  # fmt: skip
                proposed.append(lines.propose(who(by), one, what, (), at).id)
    with transaction.act():
        one = locked(ScoreMonth, id=kept.id)
        for key in proposed:
            lines.approve(who("supervisor"), one, db.session.get(lines.ScoreLine, key), "", at)
    with transaction.act():
        months.compute(who("office"), locked(ScoreMonth, id=kept.id), at)
    after = at + timedelta(days=14)
    with transaction.act():
        months.settle(who("office", after), locked(ScoreMonth, id=kept.id), after)
    return evidence.month_of(subject, month)


def october_of(ids) -> ScoreMonth:
    """October of all departments: YW 100.5, BG 100, XH and LD 98 with the last places shared."""
    with transaction.act():
        policy.set_value(who("office"), "score_evidence.departments", "all", "四个科室都参加", NOW)
    in_force(Subject.DEPARTMENT)
    by = ids.departments
    return settled(Subject.DEPARTMENT, {by["YW"]: [GOOD], by["XH"]: [BAD], by["LD"]: [BAD]})


@pytest.fixture
def october(office, ids):
    """That month, inside the office."""
    return october_of(ids)


@pytest.fixture
def served(app, ids):
    """That month, for requests over HTTP."""
    with app.app_context():
        october_of(ids)
    return app
