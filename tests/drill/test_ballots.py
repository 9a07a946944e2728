"""Five hundred ballots through a real server: nothing that is kept links a ballot to its visit (S-1)."""

from __future__ import annotations

import io
import re
import subprocess
import tarfile
import threading
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.evaluation import counting, sealing, service
from portal.evaluation.models import Comment, Urn
from portal.kernel import clock, transaction, verification
from portal.kernel.db import db, dialect
from portal.kernel.journal import JournalEntry
from portal.operations import backup
from tests.completion_report.conftest import Rows
from tests.drill import site
from tests.evaluation.tracing import correlations, dump, spearman

pytestmark = pytest.mark.drill

VISITS, COUNTS, AT_ONCE = 500, 8, 50
_CODE = re.compile(r"[3-9A-Y]{4}-[3-9A-Y]{4}-[3-9A-Y]{4}")
_HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}


def _vote(address: object, **fields: str) -> int:
    """A client's phone: no cookie, nothing but the form."""
    connection = HTTPConnection(address.hostname, address.port, timeout=60)  # type: ignore[attr-defined]
    connection.request("POST", "/evaluate", urlencode(fields), _HEADERS)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def _content(app: Flask, folder: Path) -> bytes:
    """All that a backup holds, the settings and the secret with it."""
    with app.app_context():
        path, _manifest = backup.backup(folder)
        embedded = dialect() == "sqlite"
        db.session.remove()
    found = io.BytesIO()
    with tarfile.open(path) as archive:
        names = archive.getnames()
        assert not any(sealing.FILE in name for name in names), "the key of the urns is in no backup"
        for member in archive.getmembers():
            if file := archive.extractfile(member):
                found.write(file.read())
    if not embedded:
        found.write(_in_clear(path))
    return found.getvalue()


def _in_clear(path: Path) -> bytes:
    """The dump of a server's database as SQL."""
    with tarfile.open(path) as archive:
        (name,) = [n for n in archive.getnames() if n.endswith(".dump")]
        file = archive.extractfile(name)
        assert file is not None
        return subprocess.run(["pg_restore", "-f", "-"], input=file.read(), capture_output=True, check=True).stdout


def test_five_hundred_ballots_leave_no_trace_of_their_visits(live, ids, clerk_cookies, tmp_path):
    with live.app_context(), transaction.act():
        rows = Rows(ids)
        rows.case(closed_at=clock.now())
    visits, codes, logs = [f"第{n:04}位来访者说的话" for n in range(VISITS)], [], []
    with site.Server(live) as server:
        clerk = site.Client(server.address, clerk_cookies[0])
        for n, said in enumerate(visits):
            slip = clerk.post("/evaluation/slip", {"number": "T-1", "_key": f"slip-number-{n:06}"})
            assert slip.status == 200
            codes.append(_CODE.search(slip.body)[0])
            grade = ("satisfied", "dissatisfied")[n * 7919 % 5 == 0]
            if n == VISITS - 1:
                before = _content(live, tmp_path / "before")
            assert _vote(server.address, code=codes[-1], grade=grade, comment=said) == 303
        after = _content(live, tmp_path / "after")
        server.stop()
        logs = server.errors
    # Two successive backups, one ballot between them, neither tells what it says, which code or when.
    for content in (before, after, dump(live).encode(), "".join(logs).encode()):
        for mark in (*visits, *codes, *(c.replace("-", "") for c in codes)):
            assert mark.encode() not in content
    with live.app_context():
        urn = db.session.scalars(select(Urn)).one()
        assert (urn.waiting, len(urn.used)) == (VISITS, VISITS * 24)
        assert urn.used == "".join(sorted(urn.used[n : n + 24] for n in range(0, len(urn.used), 24)))
        assert (
            db.session.scalar(
                select(func.count()).select_from(JournalEntry).where(JournalEntry.event.like("evaluation.%"))
            )
            == 0
        )
        db.session.remove()

    # Counted several times over (and undone), so that chance does not look like a trace: a trace stays.
    tomorrow = clock.now() + timedelta(days=1)
    found: dict[str, list[float]] = {}
    for n in range(COUNTS):
        with live.app_context(), clock.at(tomorrow), transaction.turn():
            assert counting.sweep(tomorrow) == 1
            for order, value in correlations("evaluation_comment", "text", visits).items():
                found.setdefault(order, []).append(value)
            if n == COUNTS - 1:
                transaction.commit()
            else:
                transaction.rollback()
    assert {order: round(sum(v) / len(v), 3) for order, v in found.items() if abs(sum(v) / len(v)) >= 0.1} == {}
    with live.app_context():
        assert db.session.scalar(select(func.count()).select_from(Comment)) == VISITS
        assert {str(c.type) for c in Comment.__table__.c} & {"DATETIME", "TIMESTAMP"} == set()
        entries = list(db.session.scalars(select(JournalEntry).where(JournalEntry.event.like("evaluation.%"))))
        assert [(e.event, e.fact()["ballots"], e.case_id, e.post_id) for e in entries] == [
            ("evaluation.counted", VISITS, None, None)
        ]
        assert verification.verify().ok
        if dialect() == "sqlite":
            with db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            raw = (tmp_path / "portal.db").read_bytes()
            lies = sorted((raw.find(said.encode()), n) for n, said in enumerate(visits))
            assert lies[0][0] >= 0
            # One look alone, so that chance is allowed for: five standard deviations.
            assert abs(spearman([n for _offset, n in lies])) < 0.23
        db.session.remove()


def test_a_code_works_once_under_fifty_at_the_same_time(live, ids):
    with live.app_context(), transaction.act():
        place = (ids.departments["YW"], clock.today().replace(day=1))
        code = service.hand_out(place)
    answers: list[int] = []
    with site.Server(live) as server:

        def send() -> None:
            answers.append(_vote(server.address, code=code, grade="very_satisfied"))

        threads = [threading.Thread(target=send) for _n in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
    assert sorted(answers) == [200] * (AT_ONCE - 1) + [303]
    with live.app_context():
        assert db.session.scalar(select(Urn.waiting)) == 1
        db.session.remove()
