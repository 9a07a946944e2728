"""One office under test: people act through the services, time passes, every room sweeps, clues appear."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from portal.cases import service as cases
from portal.cases.models import Case
from portal.cases.service import Client
from portal.clue import sweeping
from portal.clue.models import Clue, ClueWatermark
from portal.kernel import clock, transaction
from portal.kernel.db import db
from portal.kernel.plates import plates
from portal.people import queries as people
from portal.service_commitment import queries as catalogue
from tests.office import NOW, SHANGHAI

#: The rooms whose limits become clues.
SWEPT = {
    "cases", "timed_completion", "denial_filing", "first_ask", "ab_post", "post_task", "urging", "message_card",
    "completion_report", "complaint", "client_opinion", "supervision",
}  # fmt: skip


def there(day: int, hour: int = 10, minute: int = 0, month: int = 11, year: int = 2026) -> datetime:
    """An instant of the office."""
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


class House:
    """What stories do, each act committed at its instant."""

    def __init__(self, ids: SimpleNamespace) -> None:
        self.ids = ids

    def do(self, username: str, at: datetime, verb: Callable[..., Any], *args: Any, **named: Any) -> Any:
        """``verb(actor, *args, at, **named)`` as one act."""
        with clock.at(at), transaction.act():
            return verb(people.actor_by_username(username, at), *args, at, **named)

    def act(self, at: datetime, run: Callable[[datetime], Any]) -> Any:
        """Anything else as one act."""
        with clock.at(at), transaction.act():
            return run(at)

    def case(self, at: datetime = NOW, item: str = "SX-001", username: str = "clerk", accept: bool = True) -> Case:
        """A complete case, accepted at once unless said."""

        def open_case(actor: Any, at: datetime) -> Case:
            made = cases.open_case(
                actor,
                at,
                matter="科普教育基地认定",
                client=Client("", "周小明", "13800001234"),
                item=catalogue.by_id(self.ids.items[item]),
                received=(1, 2, 3),
            )
            if accept:
                cases.accept(actor, made, at)
            return made

        return self.do(username, at, open_case)

    def sweep(self, at: datetime) -> None:
        """The rooms record what time has brought, clues last."""
        with clock.at(at), transaction.act():
            for plate in plates():
                if plate.sweep is not None and plate.name in SWEPT:
                    plate.sweep(at)
        self.read(at)

    def read(self, at: datetime, most: int = sweeping.SLICE) -> int:
        """The clue room reads the journal until there is nothing left; how many clues changed."""
        done, before = 0, None
        with clock.at(at):
            while (now := (done, *self._marks())) != before:
                before = now
                with transaction.act():
                    done += sweeping.sweep(at, most)
        return done

    def _marks(self) -> list[tuple[str, int]]:
        query = select(ClueWatermark.source, ClueWatermark.seq).order_by(ClueWatermark.source)
        return [(row[0], row[1]) for row in db.session.execute(query)]

    def clues(self, kind: str | None = None) -> list[Clue]:
        """The clues that there are, oldest first."""
        db.session.rollback()
        db.session.expire_all()
        query = select(Clue).order_by(Clue.id)
        return list(db.session.scalars(query if kind is None else query.where(Clue.kind == kind)))

    def away(self, username: str, start: datetime, end: datetime, kind: str = "private", emergency: bool = True) -> Any:
        """Somebody is away, recorded when it begins."""
        from portal.ab_post import service as ab
        from portal.ab_post.models import AbsenceKind

        def record(actor: Any, at: datetime) -> Any:
            return ab.record_absence(
                actor, self.ids.users[username], AbsenceKind(kind), start, end, at, emergency=emergency
            )

        return self.do("office", start, record)


LATER = NOW + timedelta(days=12)
TODAY = date(2026, 11, 18)
