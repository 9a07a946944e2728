"""Many at once, and a database that is held by somebody else."""

from __future__ import annotations

import threading
import time

import pytest
from sqlalchemy import func, select, text

from portal.first_ask.models import FirstAsk
from portal.kernel import verification
from portal.kernel.db import db, sqlite_module
from tests.drill import site

pytestmark = pytest.mark.drill


def _count(app) -> int:
    with app.app_context():
        found = db.session.scalar(select(func.count()).select_from(FirstAsk)) or 0
        db.session.remove()
        return found


@pytest.mark.parametrize("turn", range(2))
def test_the_same_submission_by_eight_at_once_is_one_record(live, clerk_cookies, turn):
    """Eight connections of one browser send one form at the same moment, and once more after a restart."""
    answers: list[site.Answer] = []
    ready = threading.Barrier(8)
    fields = site.entry(f"同一件事 {turn}", f"the-same-key-{turn}")

    def send(address: object) -> None:
        client = site.Client(address, clerk_cookies[0])
        client.get("/account")
        client.post("/account/preferences", {"language": "zh", "shortcuts": "y"})  # the token is fetched beforehand
        ready.wait(30)
        answers.append(client.post("/first-ask", fields))

    with site.Server(live) as server:
        threads = [threading.Thread(target=send, args=(server.address,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        server.kill()
    assert len(answers) == 8
    assert {a.status for a in answers} == {303}
    assert len({a.location for a in answers}) == 1
    with site.Server(live) as server:
        again = site.Client(server.address, clerk_cookies[0]).post("/first-ask", fields)
        assert (again.status, again.location) == (303, answers[0].location)
    assert _count(live) == 1
    with live.app_context():
        assert verification.verify().ok


def _hold(app, held: threading.Event, let_go: threading.Event, mode: str = "EXCLUSIVE") -> None:
    """Hold the database against writing as a foreign program would (``ACCESS EXCLUSIVE``: against reading too)."""
    config = app.extensions["portal.config"]
    if config.embedded:
        connection = sqlite_module.connect(str(config.database_file), isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        held.set()
        let_go.wait(60)
        connection.execute("ROLLBACK")
        connection.close()
    else:
        with app.app_context(), db.engine.connect() as connection:
            connection.execute(text(f"LOCK TABLE journal_entry, first_ask IN {mode} MODE"))
            held.set()
            let_go.wait(60)
            connection.rollback()


def test_a_foreign_lock_gives_503_with_the_text_kept(live, ids, clerk_cookies):
    held, let_go = threading.Event(), threading.Event()
    quiet = site.session_cookie(live, ids.users["clerk"], seen_ago=120)
    matter = "他人占用数据库时登记的事项"
    with site.Server(live, PORTAL_BUSY_MS="700") as server:
        client = site.Client(server.address, clerk_cookies[0])
        assert site.file_entry(client, "之前", "before-the-lock").status == 303
        holder = threading.Thread(target=_hold, args=(live, held, let_go))
        holder.start()
        assert held.wait(30)
        try:
            answer = site.file_entry(client, matter, "during-the-lock")
            assert answer.status == 503
            assert answer.retry_after
            assert matter in answer.body, "the text is kept"
            assert "during-the-lock" in answer.body, "sent again, it is the same submission"
            assert client.get("/account").status == 200, "pages are still read"
            assert site.Client(server.address, quiet).get("/account").status == 200, "after a pause too"
        finally:
            let_go.set()
            holder.join(60)
        again = site.file_entry(client, matter, "during-the-lock")
        assert again.status == 303, "it recovers without a restart"
        assert server.stop() == 0
        assert not [line for line in server.errors if "Traceback" in line], "".join(server.errors)
    assert _count(live) == 2


def test_a_database_that_cannot_be_read_gives_503_with_the_text_kept(live, clerk_cookies):
    if live.extensions["portal.config"].embedded:
        pytest.skip("the embedded database is always readable")
    held, let_go = threading.Event(), threading.Event()
    matter = "数据库读不出时登记的事项"
    with site.Server(live, PORTAL_BUSY_MS="700") as server:
        client = site.Client(server.address, clerk_cookies[0])
        assert site.file_entry(client, "之前", "before-it-is-shut").status == 303
        holder = threading.Thread(target=_hold, args=(live, held, let_go, "ACCESS EXCLUSIVE"))
        holder.start()
        assert held.wait(30)
        try:
            answer = site.file_entry(client, matter, "while-it-is-shut")
            assert answer.status == 503
            assert "<form" in answer.body
            assert matter in answer.body, "the text is kept"
            assert "while-it-is-shut" in answer.body, "sent again, it is the same submission"
            assert client.get("/healthz").status == 503
        finally:
            let_go.set()
            holder.join(60)
        assert site.file_entry(client, matter, "while-it-is-shut").status == 303
    assert _count(live) == 2


def test_a_short_foreign_lock_is_waited_for(live, clerk_cookies):
    held, let_go = threading.Event(), threading.Event()
    with site.Server(live) as server:
        client = site.Client(server.address, clerk_cookies[0])
        client.get("/account")
        holder = threading.Thread(target=_hold, args=(live, held, let_go))
        holder.start()
        assert held.wait(30)
        threading.Thread(target=lambda: (time.sleep(1.5), let_go.set())).start()
        assert site.file_entry(client, "等一等", "wait-for-it-1").status == 303
        holder.join(60)
    assert _count(live) == 1
