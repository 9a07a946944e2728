"""Cases and filings of the fixed cast, made through the services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from portal.cases import service as cases
from portal.cases.models import Case
from portal.denial_filing import letters, service
from portal.denial_filing.models import Ground, Refusal
from portal.denial_filing.rules import Verdict
from portal.denial_filing.service import Content, Meeting
from portal.kernel import clock, transaction
from portal.kernel.db import locked
from portal.people import queries as people
from portal.service_commitment import queries as catalogue

GOOD = {
    "refusal": "not_accepted",
    "ground": "conditions",
    "situation": "场地为临时租用，剩余租期不足半年。",
    "reason": "不具备固定场所，不符合受理条件。",
    "basis": "科普基地管理办法第八条",
    "alternatives": "取得一年以上使用权后再次申请\n或者先办理科普活动备案",
    "authority": "",
    "department_opinion": "经核对属实。",
}


def content(**changes: Any) -> Content:
    """A good filing, with changes."""
    made = {**GOOD, "refusal": Refusal.NOT_ACCEPTED, "ground": Ground.CONDITIONS, "grave": False, **changes}
    return Content(**made)


class Stage:
    """What the tests do through the services, each as one committed act."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def _act(self, run: Callable[[datetime], Any], at: datetime | None) -> Any:
        now = at or clock.now()
        with self.app.app_context(), clock.at(now), transaction.act():
            return run(now)

    def case(self, item: str = "SX-001", who: str = "clerk", at: datetime | None = None, accept: bool = False) -> str:
        """A case with all its papers; its number."""

        def run(now: datetime) -> str:
            actor = people.actor_by_username(who, now)
            entry = next(e for e in catalogue.entries() if e.code == item)
            client = cases.Client("", "周建国", "13800001234")
            made = cases.open_case(actor, now, matter=entry.name, client=client, item=entry, received=[1, 2, 3])
            if accept:
                cases.accept(actor, made, now)
            return made.number

        return self._act(run, at)

    def file(self, case: str, who: str = "clerk", at: datetime | None = None, **changes: Any) -> str:
        """A filing; its number."""

        def run(now: datetime) -> str:
            actor = people.actor_by_username(who, now)
            return service.file(actor, locked(Case, number=case), content(**changes), now).number

        return self._act(run, at)

    def decide(
        self,
        filing: str,
        verdict: Verdict = Verdict.AGREE,
        who: str = "leader",
        at: datetime | None = None,
        opinion: str = "意见",
        meeting: Meeting | None = None,
    ) -> None:
        """A decision on the edition of now."""

        def run(now: datetime) -> None:
            actor = people.actor_by_username(who, now)
            found, case = service.lock(filing)
            service.decide(actor, found, case, verdict, opinion, found.edition, now, meeting)

        self._act(run, at)

    def issue(self, filing: str, who: str = "clerk", at: datetime | None = None, statement: str = "") -> None:
        """The written decision."""

        def run(now: datetime) -> None:
            found, case = service.lock(filing)
            letters.issue(people.actor_by_username(who, now), found, case, statement, now)

        self._act(run, at)

    def filed(self, item: str = "SX-001", who: str = "clerk", **changes: Any) -> str:
        """A filing of a fresh case; its number."""
        return self.file(self.case(item, who), who, **changes)


@pytest.fixture
def stage(app):
    return Stage(app)
