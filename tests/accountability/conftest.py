"""A matter of the cast: a clerk of YW, a clue by the supervision group, the office as secretary."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from portal.accountability import closing, deciding, service
from portal.accountability.models import (
    Attitude,
    Cause,
    Conduct,
    Duty,
    Effect,
    MeasureKind,
    Proceeding,
    Said,
    Severity,
)
from portal.clue import service as clues
from portal.kernel import clock, transaction
from portal.kernel.db import db, locked
from portal.people import queries as people
from tests.office import NOW

M = MeasureKind


class Story:
    """Leads a proceeding through its steps by the people of the cast, each step one committed act."""

    def __init__(self, ids: SimpleNamespace) -> None:
        self.ids, self.number = ids, ""

    def actor(self, username: str):
        return people.actor_by_username(username, clock.now())

    def get(self) -> Proceeding:
        return db.session.query(Proceeding).filter_by(number=self.number).one()

    def do(self, verb, username: str, *args, part: int | None = 0):
        """One verb on the locked proceeding (on its subject number ``part``; None: on the whole)."""
        with transaction.act():
            held = locked(Proceeding, number=self.number)
            parts = () if part is None else (held.subjects[part],)
            return verb(self.actor(username), held, *parts, *args, clock.now())

    def clue(self, by: str = "supervisor", person: str | None = "clerk", kind: str = "overdue", **more):
        with transaction.act():
            where = {"person_id": self.ids.users[person]} if person else {}
            return clues.raise_by_hand(
                self.actor(by), kind, "超期未办", clock.now(), source="inspection",
                department_id=self.ids.departments["YW"], **where, **more,
            ).id  # fmt: skip

    def register(self, by: str = "office", people_=("clerk",), departments=(), clue_ids=(), **more) -> Story:
        with transaction.act():
            rows = [locked(clues.Clue, id=each) for each in clue_ids]
            origin = "clue" if rows else more.pop("origin", "inspection")
            what = service.Matter(
                "办件超期", "两次超期未办。", service.Origin(origin), "" if rows else "JC-2026-0001",
                people=tuple(self.ids.users[u] for u in people_),
                departments=tuple(self.ids.departments[d] for d in departments), **more,
            )  # fmt: skip
            self.number = service.register(self.actor(by), what, rows, clock.now()).number
        return self

    def assign(self, duty: str, username: str, by: str = "office") -> Story:
        self.do(service.assign, by, Duty(duty), self.ids.users[username], part=None)
        return self

    def reported(self) -> Story:
        self.assign("investigator", "other_head")
        self.do(service.report, "other_head", "经查，办件超期两日。", [], part=None)
        return self

    def heard(self) -> Story:
        self.reported()
        for n in range(len(self.get().subjects)):
            self.do(service.hear, "other_head", Said.MINUTES, "承认超期，已改正。", part=n)
        return self

    def found(self, severity: str = "minor", confirmed: bool = True) -> Story:
        self.heard()
        what = deciding.Finding(
            confirmed, "超期两日，无正当理由。", Conduct.NOT_PERFORMING, Effect.DELAY, Cause.OVERSIGHT,
            Attitude.ADMITTED, Severity(severity),
        )  # fmt: skip
        for n in range(len(self.get().subjects)):
            self.do(deciding.find, "other_head", what, part=n)
        return self

    def decided(self, *kinds: str, by: str = "leader", severity: str = "minor", **more) -> Story:
        self.found(severity, bool(kinds))
        self.assign("decider", by)
        what = deciding.Decision("依据责任追究制。", tuple(M(k) for k in kinds), **more)
        for n in range(len(self.get().subjects)):
            self.do(deciding.decide, by, what, part=n)
        return self

    def told(self, *kinds: str, **more) -> Story:
        self.decided(*kinds, **more)
        for n in range(len(self.get().subjects)):
            self.do(deciding.inform, "office", part=n)
        return self

    def executed(self) -> Story:
        for n, subject in enumerate(self.get().subjects):
            for measure in list(subject.measures):
                with transaction.act():
                    held = locked(Proceeding, number=self.number)
                    today = clock.today()
                    closing.execute(
                        self.actor("office"), held, held.subjects[n].measures[subject.measures.index(measure)], today,
                        "已谈话。", clock.now(),
                    )  # fmt: skip
        return self


@pytest.fixture
def story(office) -> Story:
    """An empty story."""
    assert clock.now() == NOW
    return Story(office)
