"""Drives the services through time: stories wait for instants, an event queue wakes them in order.

A story is a generator that yields the instant at which it wants to go on and is sent the instant at which it does.
The events of half a day are one transaction; the clock is held at each event, so that everything is recorded at its
own time. Nothing happens after the end.
"""

from __future__ import annotations

import gc
import heapq
from collections.abc import Generator
from datetime import date, datetime, timedelta
from itertools import count

from portal.ab_post import queries as ab
from portal.demo.cast import PEOPLE, Made
from portal.demo.worktime import WorkTime, on
from portal.kernel import clock, transaction
from portal.kernel.actor import Actor
from portal.kernel.errors import Invalid, Refused
from portal.kernel.plates import plates
from portal.people import queries as people
from portal.post_duty import qualifications
from portal.service_commitment import queries as catalogue
from portal.service_commitment.models import ServiceItem
from portal.service_commitment.queries import Entry

Story = Generator[datetime, datetime, None]
#: A part of a story that ends with somebody who can act, and when.
Waiting = Generator[datetime, datetime, tuple[Actor, datetime]]

_HALF_DAY = 210
_SWEEPS = ("09:01", "15:01")


class Stage:
    """The office, its people and the queue of what is still to happen."""

    def __init__(self, made: Made, items: dict[str, ServiceItem], work: WorkTime, scale: float) -> None:
        self.made, self.items, self.work, self.scale = made, items, work, scale
        self.end = work.end
        #: What the services refused: a fault of a story, looked at by the tests.
        self.refused: list[str] = []
        self.documents = count(1)
        self._queue: list[tuple[datetime, int, Story]] = []
        self._order = count()
        self._actors: dict[int, Actor] = {}
        self._users = {user.id: user for user in made.users.values()}
        self._names = {user.id: username for username, user in made.users.items()}

    # --- the queue --------------------------------------------------------------------------------------------

    def tell(self, story: Story) -> None:
        """Begin a story: it runs to its first instant, and from there when that comes."""
        wanted = next(story, None)  # a story may find that there is nothing to tell
        if wanted is not None:
            self._wait(wanted, story)

    def _wait(self, at: datetime, story: Story) -> None:
        if at < self.end:
            heapq.heappush(self._queue, (at, next(self._order), story))

    def run(self) -> None:
        """Let everything happen, half a day at a time.

        Nearly all that is made stays until the end, so that looking for garbage meanwhile is lost time.
        """
        gc.disable()
        try:
            self._run()
        finally:
            gc.enable()

    def _run(self) -> None:
        while self._queue:
            half = _half(self._queue[0][0])
            with transaction.act():
                self._actors.clear()
                while self._queue and _half(self._queue[0][0]) == half:
                    at, _n, story = heapq.heappop(self._queue)
                    with clock.at(at):
                        self._go_on(at, story)

    def _go_on(self, at: datetime, story: Story) -> None:
        try:
            wanted = story.send(at)
        except StopIteration:
            return
        except (Invalid, Refused) as error:
            self.refused.append(f"{at:%F %T} {getattr(story, '__name__', '')}: {error}")
            return
        self._wait(max(wanted, at + timedelta(seconds=20)), story)

    def sweep(self, at: datetime) -> None:
        """Let every room record what time has brought about."""
        for plate in plates():
            if plate.sweep is not None:
                plate.sweep(at)

    def sweeps(self, first: date) -> Story:
        """Sweep twice on every working day, once on every day off."""
        day = first
        while True:
            for there in _SWEEPS if self.work.calendar.is_workday(day) else _SWEEPS[:1]:
                at = yield on(day, there)
                self.sweep(at)
            day += timedelta(days=1)

    # --- people -----------------------------------------------------------------------------------------------

    def actor(self, username: str, at: datetime) -> Actor:
        """Somebody as an actor of this half day."""
        return self.by_id(self.made.users[username].id, at)

    def by_id(self, user_id: int, at: datetime) -> Actor:
        """Somebody as an actor, by id."""
        if user_id not in self._actors:
            self._actors[user_id] = people.actor_of(self._users[user_id], at)
        return self._actors[user_id]

    def forget(self) -> None:
        """Look anew at who answers for what: an absence or a holder has changed."""
        self._actors.clear()

    def present(self, username: str, at: datetime) -> bool:
        """Whether somebody is here."""
        return ab.picture().present(self.made.users[username].id, at)

    def whoever(self, usernames: list[str], at: datetime) -> Actor | None:
        """The first of some people who is here."""
        return next((self.actor(name, at) for name in usernames if self.present(name, at)), None)

    def one_of(self, usernames: list[str], at: datetime) -> Actor:
        """The first of some people who is here; somebody must be. Raises LookupError."""
        found = self.whoever(usernames, at)
        if found is None:
            raise LookupError(f"nobody of {usernames} is here")
        return found

    def username(self, actor: Actor) -> str:
        """The login name of an actor."""
        return self._names[actor.id or 0]

    def handler(self, post_id: int, at: datetime) -> Actor | None:
        """Who answers for a post now."""
        user_id = ab.who_answers_for(post_id, at).user_id
        return None if user_id is None else self.by_id(user_id, at)

    def department(self, department_id: int) -> str:
        """The code of a department."""
        return next(code for code, found in self.made.departments.items() if found == department_id)

    def colleague(self, department_id: int, at: datetime) -> Waiting:
        """Wait until somebody of a department is here."""
        code = self.department(department_id)
        names = [name for name, person in PEOPLE.items() if person.department == code]
        while (actor := self.whoever(names, at)) is None:
            at = yield self.work.after(at, _HALF_DAY)
        return actor, at

    def answering(self, post_id: int, at: datetime) -> Waiting:
        """Wait until somebody answers for a post."""
        while (actor := self.handler(post_id, at)) is None:
            at = yield self.work.after(at, _HALF_DAY)
        return actor, at

    def qualified(self, post_id: int, at: datetime) -> Waiting:
        """Wait until somebody with a valid qualification answers for a post (R-3)."""
        while True:
            actor, at = yield from self.answering(post_id, at)
            if qualifications.qualified(actor.id or 0, clock.local(at).date()):
                return actor, at
            at = yield self.work.after(at, _HALF_DAY)

    # --- items ------------------------------------------------------------------------------------------------

    def entry(self, code: str) -> Entry:
        """A current item by its code."""
        return next(e for e in catalogue.entries() if e.code == code)

    def document(self, at: datetime) -> str:
        """The number of the next document that goes out."""
        return f"示例科协〔{clock.local(at).year}〕{next(self.documents)} 号"


def _half(at: datetime) -> tuple[object, bool]:
    there = clock.local(at)
    return there.date(), there.hour < 13
