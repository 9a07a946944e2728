"""Logins: all failures look alike, lockout is counted in the database, sessions end at once."""

from __future__ import annotations

import re

import pytest

from portal.kernel import clock, epochs, transaction
from portal.kernel.db import db
from portal.people import passwords
from portal.people.models import LoginFailure, User, UserSession
from tests import office as cast
from tests.office import PASSWORD, later


def plain(text: str) -> str:
    """The page without what differs on every answer: submission keys, tokens, and what the person typed."""
    return re.sub(r"""value="[^"]*"|"X-CSRFToken": "[^"]*\"""", "", text)


def set_user(app, username, **values):
    with app.app_context(), transaction.turn():
        db.session.execute(db.update(User).filter_by(username=username).values(**values))
        epochs.bump(db.session(), "people")
        db.session.commit()


@pytest.fixture
def verifies(monkeypatch):
    """Counts the argon2 checks."""
    counted = []
    real = passwords._hasher

    class Counting:
        def verify(self, stored, password):
            counted.append(stored)
            return real.verify(stored, password)

        hash = real.hash

    monkeypatch.setattr(passwords, "_hasher", Counting())
    return counted


def test_a_good_login_opens_a_session(app, enter, events):
    client, answer = enter("clerk")
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/account").status_code == 200
    assert events("people.logged_in")[-1].object_type == "user"


def test_every_failure_looks_alike_and_costs_one_check(app, enter, verifies):
    set_user(app, "other", disabled_at=cast.NOW)
    set_user(app, "clerk2", password_hash=passwords.NONE)
    for _n in range(5):
        enter("head", "wrong")
    verifies.clear()
    seen = {}
    for case, username, password in (
        ("unknown", "nobody", PASSWORD),
        ("wrong", "clerk", "Wrong-password-1"),
        ("locked", "head", PASSWORD),
        ("disabled", "other", PASSWORD),
        ("without a password yet", "clerk2", PASSWORD),
    ):
        before = len(verifies)
        client, answer = enter(username, password)
        seen[case] = (answer.status_code, plain(answer.text), answer.headers.get("Location"))
        assert len(verifies) == before + 1, case
        assert verifies[-1].startswith("$argon2id$v=19$m=19456,t=2,p=1$"), case
        assert client.get("/account").status_code == 303, case
    assert len(set(seen.values())) == 1
    assert seen["unknown"][0] == 200


def test_the_password_is_never_sent_back(enter):
    _client, answer = enter("clerk", "Wrong-password-1")
    assert "Wrong-password-1" not in answer.text


def test_failures_lock_by_policy_and_unlock_with_time(app, enter):
    for n in range(5):
        with clock.at(later(minutes=n)):
            assert enter("clerk", "wrong")[1].status_code == 200
    with clock.at(later(minutes=5)):
        assert enter("clerk")[1].status_code == 200, "locked after five failures"
        assert enter("clerk2")[1].status_code == 303, "nobody else is locked"
    with clock.at(later(minutes=14, seconds=59)):
        assert enter("clerk")[1].status_code == 200
    with clock.at(later(minutes=15, seconds=1)):
        assert enter("clerk")[1].status_code == 303, "the attempts while locked did not lengthen the lock"


def test_failures_are_counted_in_the_database_for_every_server(app, enter, tmp_path):
    for _n in range(5):
        enter("clerk", "wrong")
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(LoginFailure)) == 5
    from tests.conftest import make_app

    other = make_app(tmp_path, app.config["SQLALCHEMY_DATABASE_URI"])
    other.config["WTF_CSRF_ENABLED"] = False
    answer = other.test_client().post("/login", data={"username": "clerk", "password": PASSWORD})
    with other.app_context():
        db.engine.dispose()
    assert answer.status_code == 200


def test_a_good_login_ends_the_row_of_failures(enter):
    for round_ in range(3):
        for _n in range(4):
            enter("clerk", "wrong")
        with clock.at(later(minutes=1 + round_)):
            assert enter("clerk")[1].status_code == 303


@pytest.mark.parametrize("n", [1, 4, 6, 8])
def test_every_failure_is_journalled(app, enter, events, n):
    before = len(events("people.login_failed"))
    for _n in range(n):
        enter("clerk", "wrong")
    entries = events("people.login_failed")[before:]
    assert len(entries) == n
    assert all(e.personal_digest and "clerk" not in e.facts for e in entries), "the typed name is personal text"
    assert entries[0].source.startswith("127.0.0.1")


def copy_cookie(app, client):
    """Another browser with the same cookie."""
    thief = app.test_client()
    thief.set_cookie("portal", client.get_cookie("portal").value)
    assert thief.get("/account").status_code == 200
    return thief


def test_logout_ends_a_copied_cookie(app, enter):
    client, _answer = enter("clerk")
    thief = copy_cookie(app, client)
    assert client.post("/logout").location == "/login"
    assert thief.get("/account").location == "/login?next=/account"


def test_a_form_that_meets_an_expired_login_is_told_why_it_sees_the_login_page(app):
    client = app.test_client()
    assert client.get("/account").location == "/login?next=/account"
    assert "登录已过期" not in client.get("/login").get_data(as_text=True)
    sent = client.post("/leave/new", data={"reason": "探亲"}, headers={"Referer": "http://localhost/leave/new"})
    assert sent.location == "/login?next=/leave/new"
    assert "登录已过期，请重新登录。" in client.get(sent.location).get_data(as_text=True)


def test_password_change_ends_the_other_sessions_at_once(app, enter):
    client, _answer = enter("clerk")
    elsewhere, _answer = enter("clerk")
    answer = client.post("/account/password", data={"old": PASSWORD, "new": "Another-2027", "again": "Another-2027"})
    assert answer.status_code == 303
    assert elsewhere.get("/account").status_code == 303
    assert client.get("/account").status_code == 200
    assert enter("clerk")[1].status_code == 200
    assert enter("clerk", "Another-2027")[1].status_code == 303


def test_disabling_ends_a_copied_cookie(app, enter, login):
    client, _answer = enter("clerk")
    thief = copy_cookie(app, client)
    stopped = login("sysadmin").post("/organisation/people/clerk/disable", data={"stop-reason": "调离"})
    assert stopped.status_code == 303
    assert thief.get("/account").status_code == 303
    assert client.get("/account").status_code == 303


def test_a_reset_password_ends_a_copied_cookie(app, enter, login):
    client, _answer = enter("clerk")
    thief = copy_cookie(app, client)
    login("sysadmin").post("/organisation/people/clerk/reset-password")
    assert thief.get("/account").status_code == 303


def test_an_idle_session_ends(app, enter):
    client, _answer = enter("clerk")
    with clock.at(later(minutes=29)):
        assert client.get("/account").status_code == 200
    with clock.at(later(minutes=58)):
        assert client.get("/account").status_code == 200, "every use counts"
    with clock.at(later(minutes=89)):
        assert client.get("/account").status_code == 303


def test_the_cookie_lives_on_with_the_session_and_is_sent_again_once_a_minute(enter):
    client, answer = enter("clerk")
    assert "portal=" in answer.headers["Set-Cookie"]
    client.get("/account")  # its form puts its own secret into the cookie
    assert "Set-Cookie" not in client.get("/account").headers
    with clock.at(later(minutes=2)):
        renewed = client.get("/account").headers["Set-Cookie"]
        assert "Expires=" in renewed
        assert "HttpOnly" in renewed
        assert "Set-Cookie" not in client.get("/account").headers


def test_a_session_is_a_random_token_of_which_the_database_has_the_hash(app, enter):
    client, _answer = enter("clerk")
    with client.session_transaction() as session:
        token = session["_user_id"]
    with app.app_context():
        stored = db.session.scalar(db.select(UserSession.token_hash).order_by(UserSession.id.desc()).limit(1))
    assert len(token) >= 43
    assert token not in stored
    assert re.fullmatch(r"[0-9a-f]{64}", stored)


def test_a_login_takes_nothing_over_from_the_session_before(app):
    client = app.test_client()
    with client.session_transaction() as session:
        session["planted"], session["_user_id"], session["csrf_token"] = "x", "planted", "known"
    assert client.post("/login", data={"username": "clerk", "password": PASSWORD}).status_code == 303
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["_user_id"] != "planted"
        assert session.get("csrf_token") != "known"
    again = app.test_client()
    with again.session_transaction() as session:
        session["_user_id"] = "planted"
    assert again.get("/account").status_code == 303


def test_logging_in_over_another_login_ends_it(app, enter):
    client, _answer = enter("clerk")
    thief = copy_cookie(app, client)
    assert client.post("/login", data={"username": "head", "password": PASSWORD}).status_code == 303
    assert thief.get("/account").status_code == 303


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "http:evil.example",
        "evil.example",
        "",
    ],
)
def test_no_redirect_leads_away(app, enter, target):
    client = app.test_client()
    answer = client.post("/login", query_string={"next": target}, data={"username": "clerk", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/")
    answer = client.post("/language", data={"language": "en", "next": target})
    assert (answer.status_code, answer.location) == (303, "/")


def test_a_local_target_is_kept(enter):
    _client, answer = enter("clerk", path="/login?next=/account%3Fa%3D1")
    assert answer.location == "/account?a=1"


@pytest.mark.parametrize("username", ["", " ", "\u3000", "a" * 5000, "clerk\0", "😀", "𠮷" * 41])
def test_bad_input_is_said_at_the_field(app, enter, username):
    client, answer = enter(username)
    assert answer.status_code in (200, 422)
    assert client.get("/account").status_code == 303


def test_the_username_is_taken_as_people_type_it(enter):
    assert enter("  ＣＬＥＲＫ　")[1].status_code == 303


@pytest.mark.csrf
def test_login_needs_its_token(app):
    answer = app.test_client().post("/login", data={"username": "clerk", "password": PASSWORD})
    assert answer.status_code == 400


def test_tidying_keeps_what_still_counts(app, act, enter):
    from portal.people import service

    for _n in range(5):
        enter("clerk", "wrong")
    with app.app_context(), transaction.act():
        assert service.tidy(later(minutes=14)) == 0
    assert enter("clerk")[1].status_code == 200
    with app.app_context(), transaction.act():
        assert service.tidy(later(days=3)) == 5
