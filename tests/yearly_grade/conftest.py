"""A round of the cast, led by the services through the steps of a year."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import current_app

from portal.kernel import clock, transaction
from portal.kernel.db import db
from portal.people import queries as people
from portal.policy import service as policy
from portal.pure.scoring import Subject
from portal.yearly_grade import deciding, room, service
from portal.yearly_grade.models import RoundState, YearlyRound, YearlyRow
from tests.office import NOW

BY = date(2026, 11, 20)
#: After the last day of voting, and after the time for objections.
COUNTING = NOW + timedelta(days=3)
AFTER = NOW + timedelta(days=8)
MARKS = {"好": 0, "良好": 1, "一般": 2, "差": 3}


class Story:
    """Each step one committed act by a person of the cast."""

    def __init__(self, ids) -> None:
        self.ids = ids

    def who(self, username: str, at: datetime = NOW):
        return people.actor_by_username(username, at)

    def get(self, subject: Subject = Subject.PERSON) -> YearlyRound:
        return db.session.query(YearlyRound).filter_by(year=2026, subject=subject).one()

    def row(self, username: str) -> YearlyRow:
        return db.session.query(YearlyRow).filter_by(user_id=self.ids.users[username]).one()

    def do(self, verb, username: str, *args, at: datetime = NOW, subject: Subject = Subject.PERSON):
        with clock.at(at), transaction.act():
            return verb(self.who(username, at), self.get(subject), *args, at)

    def todos(self, username: str, at: datetime = NOW) -> list[str]:
        """The actions that somebody's home page offers."""
        with current_app.test_request_context():
            return [each.action for each in room.todos(self.who(username, at), at)]

    def policy(self, **values: str) -> None:
        with transaction.act():
            for key, value in values.items():
                policy.set_value(self.who("office"), key.replace("__", "."), value, "会议决定", NOW)

    def prepared(self, subject: Subject = Subject.PERSON) -> Story:
        with transaction.act():
            service.prepare(self.who("office"), 2026, subject, BY if subject is Subject.PERSON else None, NOW)
        return self

    def opened(self) -> Story:
        self.prepared()
        self.do(service.open_round, "office")
        return self

    def votes(self, **marks: int) -> Story:
        """Everybody votes: by voter the mark for all whom they assess (the best where none is given)."""
        round_id = self.get().id
        for username in ("clerk", "clerk2", "head", "other", "other_head", "leader", "leader2"):
            mine = service.panels_of(round_id, self.ids.users[username])
            self.do(service.vote, username, dict.fromkeys(mine, marks.get(username, 0)))
        return self

    def counted(self, **marks: int) -> Story:
        self.opened().votes(**marks)
        self.do(service.count, "office")
        return self

    def computed(self, **marks: int) -> Story:
        self.counted(**marks)
        self.do(service.compute, "office")
        return self

    def decided(self) -> Story:
        self.do(deciding.review, "supervisor", "程序合规，同意。", at=AFTER)
        self.do(deciding.decide, "principal", date(2026, 11, 25), "同意评定结果。", at=AFTER)
        return self

    def published(self) -> Story:
        self.decided()
        self.do(deciding.publish, "office", at=AFTER)
        assert self.get().state is RoundState.PUBLISHED
        return self


@pytest.fixture
def story(office) -> Story:
    found = Story(office)
    found.policy(eligibility__months_year="2")
    return found
