"""kill -9 under eight writers: nothing acknowledged lost, half-written or twice, and the chain holds (J-2)."""

from __future__ import annotations

import json
import os
import random
from functools import partial

import pytest
from sqlalchemy import func, select, text

from portal.cases.models import Case
from portal.first_ask.models import FirstAsk
from portal.kernel import verification
from portal.kernel.db import db
from portal.kernel.idempotency import Submission
from portal.kernel.journal import JournalEntry
from tests.drill import site

pytestmark = pytest.mark.drill

KILLS = int(os.environ.get("PORTAL_TEST_KILLS", "40"))
WRITERS = 8


def _inspect(app, acknowledged: set[str], sent: set[str]) -> None:
    """Compare the records with what the writers were told."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()  # on a used connection the full-text index remembers pages of before
        matters = db.session.scalars(select(FirstAsk.matter)).all()
        assert len(matters) == len(set(matters)), "an entry was written twice"
        assert acknowledged - set(matters) == set(), "an acknowledged entry is lost"
        assert set(matters) - sent == set(), "an entry came from nowhere"
        entries = db.session.execute(select(FirstAsk.number, FirstAsk.case_id)).all()
        numbers = [number for number, _case in entries]
        assert len(numbers) == len(set(numbers))
        cases = db.session.scalars(select(Case.id)).all()
        assert sorted(case for _number, case in entries) == sorted(cases), "an entry without its case, or a case alone"
        filed = [
            json.loads(facts)["number"]
            for facts in db.session.scalars(select(JournalEntry.facts).where(JournalEntry.event == "first_ask.filed"))
        ]
        assert sorted(filed) == sorted(numbers), "an entry without its journal, or the other way round"
        assert db.session.scalar(select(func.count()).select_from(Submission)) == len(numbers), "kept answers"
        verdict = verification.verify()
        assert verdict.ok, f"{verdict.bad_seq} {verdict.problem}"
        if app.extensions["portal.config"].embedded:
            assert db.session.scalar(text("PRAGMA integrity_check(1)")) == "ok"
        db.session.remove()


def test_killed_again_and_again(live, clerk_cookies):
    acknowledged: set[str] = set()
    sent: set[str] = set()
    pending: dict[int, tuple[str, str] | None] = {}
    chance = random.Random(40)
    for turn in range(KILLS):
        with site.Server(live) as server:
            writers = [
                site.Writer(partial(site.Client, server.address, cookie), f"第{turn}次-{n}", pending.get(n))
                for n, cookie in enumerate(clerk_cookies)
            ]
            for writer in writers:
                writer.start()
            assert site.wait_until(lambda: sum(len(w.acknowledged) for w in writers) >= WRITERS, 60), (  # noqa: B023
                [w.faults for w in writers] + server.errors
            )
            site.wait_until(lambda: False, chance.uniform(0, 0.5))
            server.kill()
            for n, writer in enumerate(writers):
                writer.join(60)
                pending[n] = writer.pending
                assert not writer.is_alive()
                assert writer.faults == []
                acknowledged.update(writer.acknowledged)
                sent.update(writer.sent)
        _inspect(live, acknowledged, sent)
    assert len(acknowledged) >= KILLS * WRITERS
    unanswered = {matter for matter, _key in filter(None, pending.values())}
    assert sent - acknowledged <= unanswered, "what got no answer was answered when it was sent again"


def test_the_inspection_finds_a_lost_entry(live):
    with pytest.raises(AssertionError, match="lost"):
        _inspect(live, {"never written"}, {"never written"})
