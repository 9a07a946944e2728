"""Eight sweepers at once, three of them killed, after nobody had swept for weeks: every person is told each threshold
once, with its own instant, and nothing goes out twice (T-6)."""

from __future__ import annotations

import http.server
import json
import re
import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.cases import vocabulary as case_words
from portal.cases.models import Case
from portal.kernel import clock, journal, transaction, verification
from portal.kernel.db import db
from portal.people import queries as people
from portal.reminder import service as reminder
from portal.reminder.models import Delivery, Kind, Message, Outgoing, Service, When
from portal.reminder.service import Wanted
from tests.drill import site
from tests.urging.conftest import accepted

pytestmark = pytest.mark.drill

CASES, SWEEPERS, KILLED = 40, 8, 3
TOLD = {Kind.DUE_SOON: ("clerk",), Kind.OVERDUE: ("clerk", "head"), Kind.RED: ("clerk", "head", "leader")}


class _Group(http.server.BaseHTTPRequestHandler):
    """The group that the messages go out to; slow, so that sweepers are killed while they send."""

    got: list[str] = []

    def do_POST(self) -> None:
        """Take a message."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.got.append(body["message"] + body["title"])
        time.sleep(0.2)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def group():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Group)
    _Group.got = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def _prepare(app, ids, address: str) -> None:
    """Cases of weeks ago that nobody has swept, and a channel of the clerk's that is always open."""
    long_ago = clock.now() - timedelta(days=45)
    with app.app_context():
        with clock.at(long_ago), transaction.act():
            for _n in range(CASES):
                accepted(ids, long_ago)
        config = app.extensions["portal.config"]
        app.extensions["portal.config"] = type(config)(**{**config.__dict__, "message_hosts": address})
        with transaction.act():
            wanted = Wanted(Service.WEBHOOK, "群", f"http://{address}/hook", (Kind.OVERDUE,), When.ALWAYS)
            reminder.add_channel(people.actor_by_username("clerk", clock.now()), wanted, clock.now())
        db.session.remove()
        db.engine.dispose()


def test_eight_sweepers_three_killed(live, ids, group):
    address = f"127.0.0.1:{group.server_port}"
    _prepare(live, ids, address)

    def start() -> site.Command:
        return site.Command(live, "sweep", PORTAL_MESSAGE_HOSTS=address)

    sweepers = [start() for _n in range(SWEEPERS)]
    assert site.wait_until(lambda: bool(_Group.got) or not any(s.process.is_alive() for s in sweepers), 90)
    for sweeper in sweepers[:KILLED]:
        sweeper.kill()
    for sweeper in sweepers:
        assert sweeper.wait(120) is not None
        assert sweeper in sweepers[:KILLED] or "Traceback" not in "".join(sweeper.errors), sweeper.errors
    last = start()
    assert last.wait(60) == 0
    with live.app_context():
        _inspect(ids)


def _inspect(ids) -> None:
    people_of = {kind: {ids.users[who] for who in whom} for kind, whom in TOLD.items()}
    cases = {c.id: c for c in db.session.scalars(select(Case))}
    messages = db.session.scalars(select(Message).where(Message.kind.in_(TOLD))).all()
    told = Counter((m.user_id, m.kind, m.case_id) for m in messages)
    assert set(told.values()) == {1}, "nobody is told a threshold twice"
    assert set(told) == {(u, kind, c) for kind, users in people_of.items() for u in users for c in cases}
    for message in messages:
        case = cases[message.case_id]
        instant = {Kind.DUE_SOON: case.soon_at, Kind.OVERDUE: case.due_at, Kind.RED: case.red_at}[message.kind]
        assert message.about_at == instant
    facts = journal.JournalEntry.event == case_words.WARNED.tag
    entries = db.session.execute(select(journal.JournalEntry.case_id, journal.JournalEntry.facts).where(facts)).all()
    assert len(entries) == len(set(entries)) == 3 * CASES
    out = db.session.scalars(select(Outgoing)).all()
    assert len(out) == CASES
    arrived = Counter(number for text in _Group.got for number in re.findall(r"[A-Z]+-\d{4}-\d+", text))
    assert set(arrived.values()) <= {1}, "nothing arrives twice"
    states = Counter(o.state for o in out)
    assert states[Delivery.SENT] + states[Delivery.SENDING] + states[Delivery.UNKNOWN] == CASES
    assert states[Delivery.SENT] <= len(arrived)
    assert verification.verify().ok
