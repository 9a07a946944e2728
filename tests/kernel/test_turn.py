"""The turn to write: what is read before it, what is asked again in it, and what makes nobody wait."""

from __future__ import annotations

import uuid
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select

from portal.first_ask.models import FirstAsk
from portal.kernel import clock, transaction
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db
from portal.kernel.journal import record
from portal.people import vocabulary as people_words
from portal.people.models import User

ENTRY = {"matter": "科普教育基地认定", "disposition": "case", "channel": "visit"}


def _entries() -> int:
    found: int = db.session.scalar(select(func.count()).select_from(FirstAsk)) or 0
    db.session.remove()
    return found


@pytest.fixture
def meanwhile(monkeypatch):
    """Something that happens while a request waits for its turn."""
    todo = []
    real = transaction.turn

    @contextmanager
    def turn():
        while todo:
            todo.pop()()
        with real():
            yield

    monkeypatch.setattr(transaction, "turn", turn)
    return todo.append


def test_a_refused_form_waits_for_nobody(office, login, meanwhile):
    """F-2: what is not filed takes no turn, and is answered as before."""
    client, turns = login("clerk"), []
    client.get("/first-ask/new")
    meanwhile(lambda: turns.append(1))
    answer = client.post("/first-ask", data={**ENTRY, "matter": ""})
    assert answer.status_code == 422
    assert "请填写来访人要办的事项" in answer.text
    assert turns == []


def test_a_submission_sent_again_is_answered_as_before_whatever_it_says_now(office, login):
    """The form is read first, but an answer that was given stands: also where the form would be refused today."""
    client, key = login("clerk"), uuid.uuid4().hex
    first = client.post("/first-ask", data={**ENTRY, "_key": key})
    again = client.post("/first-ask", data={**ENTRY, "_key": key})
    assert (first.status_code, again.status_code) == (303, 303)
    assert again.headers["Location"] == first.headers["Location"]
    assert client.post("/first-ask", data={**ENTRY, "matter": "", "_key": key}).status_code == 409, "other content"
    assert _entries() == 1


def test_who_was_disabled_while_waiting_files_nothing(office, ids, login, meanwhile):
    """R-2: rights hold at the instant of the act, not at the one of asking."""
    client = login("clerk")

    def disable() -> None:
        with transaction.act():
            user = db.session.get_one(User, ids.users["clerk"])
            user.disabled_at = clock.now()
            record(people_words.USER_DISABLED, user, SYSTEM, clock.now(), reason="调离")

    meanwhile(disable)
    assert client.post("/first-ask", data=ENTRY).status_code in (302, 303, 401)
    assert _entries() == 0


def test_an_entry_of_somebody_else_meanwhile_is_no_reason_to_ask_again(office, login, meanwhile, statements):
    """Eight people file at once: each is checked once, not once more for every entry of the others."""
    client, before = login("clerk"), []

    def other() -> None:
        with transaction.act():
            record(people_words.LOGGED_OUT, None, SYSTEM, clock.now(), session="")
        before.append(len(statements))

    meanwhile(other)
    assert client.post("/first-ask", data=ENTRY).status_code == 303
    assert statements[before[0] :]
    assert not [sent for sent, _with in statements[before[0] :] if "FROM user_session" in sent]
