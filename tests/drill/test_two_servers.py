"""Two application processes beside one database: what one has done the other knows with its next answer."""

from __future__ import annotations

import re
import threading

import pytest
from sqlalchemy import select

from portal.first_ask.models import FirstAsk
from portal.kernel import verification
from portal.kernel.db import db
from tests.drill import site

pytestmark = pytest.mark.drill

EACH = 15


@pytest.fixture
def two(live):
    """Two servers of one site; what they share is the database alone."""
    with site.Server(live) as first, site.Server(live) as second:
        assert first.address.port != second.address.port
        yield first, second


def _numbers(app) -> list[str]:
    with app.app_context():
        found = list(db.session.scalars(select(FirstAsk.number).order_by(FirstAsk.id)))
        db.session.remove()
        return found


def test_eight_writers_on_two_servers_make_one_log(live, two, clerk_cookies):
    """Numbers have no gap and no double, every answer is an entry, the chain holds (J-2)."""
    answers: list[site.Answer] = []

    def write(n: int) -> None:
        client = site.Client(two[n % 2].address, clerk_cookies[n])
        for k in range(EACH):
            answers.append(site.file_entry(client, f"两台服务 {n}-{k}", f"two-servers-{n}-{k}"))

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert {a.status for a in answers} == {303}
    numbers = _numbers(live)
    assert len(answers) == len(numbers) == 8 * EACH
    assert sorted(int(number.rpartition("-")[2]) for number in numbers) == list(range(1, 8 * EACH + 1))
    with live.app_context():
        assert verification.verify().ok


def test_one_submission_sent_to_both_is_one_record(live, two, clerk_cookies):
    """A proxy that sends a form again to the other server gets the same answer."""
    fields = site.entry("经两台服务重复提交", "sent-to-both-servers")
    ready, answers = threading.Barrier(8), []

    def send(n: int) -> None:
        client = site.Client(two[n % 2].address, clerk_cookies[0])
        client.post("/account/preferences", {"language": "zh", "shortcuts": "y"})  # the token is fetched beforehand
        ready.wait(30)
        answers.append(client.post("/first-ask", fields))

    threads = [threading.Thread(target=send, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == 8
    assert {(a.status, a.location) for a in answers} == {(303, answers[0].location)}
    assert len(_numbers(live)) == 1


def test_what_one_server_changed_the_other_heeds_at_once(live, two, ids, clerk_cookies):
    """Copies in memory are compared with every request: a person shut out, let in again, a login ended."""
    clients = [site.Client(server.address, clerk_cookies[1]) for server in two]
    admin = site.Client(two[0].address, site.session_cookie(live, ids.users["sysadmin"]))
    assert [c.get("/first-ask").status for c in clients] == [200, 200]
    assert admin.post("/organisation/people/clerk2/disable", {"stop-reason": "调离"}).status == 303
    assert [c.get("/first-ask").status for c in clients] == [303, 303]
    assert admin.post("/organisation/people/clerk2/enable", {}).status == 303
    again = site.session_cookie(live, ids.users["clerk2"])
    clients = [site.Client(server.address, again) for server in two]
    assert [c.get("/first-ask").status for c in clients] == [200, 200]
    assert clients[0].post("/logout", {}).status == 303
    assert clients[1].get("/first-ask").status == 303


def test_the_wall_of_one_server_shows_what_was_filed_on_the_other(live, two, clerk_cookies, ids):
    viewer = site.session_cookie(live, ids.users["office"])
    screens = [site.Client(server.address, viewer) for server in two]

    def asked() -> list[str]:
        return [re.findall(r'id="t-asked">.*?<b>(\d+)<', s.get("/wall/view").body, re.S)[0] for s in screens]

    assert asked() == ["0", "0"]
    for n, server in enumerate(two):
        clerk = site.Client(server.address, clerk_cookies[n])
        assert site.file_entry(clerk, f"上墙 {n}", f"to-be-seen-on-the-wall-{n}").status == 303
        assert asked() == [str(n + 1)] * 2
