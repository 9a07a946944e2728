"""One's own account: preferences, sessions, password; the gate while the password is due."""

from __future__ import annotations

import pytest

from portal.kernel import clock, epochs, transaction
from portal.kernel.db import db
from portal.people.models import User, UserSession
from tests.office import PASSWORD, later


def set_user(app, username, **values):
    with app.app_context(), transaction.turn():
        db.session.execute(db.update(User).filter_by(username=username).values(**values))
        epochs.bump(db.session(), "people")
        db.session.commit()


def session_ids(app, username):
    with app.app_context():
        rows = db.select(UserSession.id).join(User, User.id == UserSession.user_id).where(User.username == username)
        return list(db.session.scalars(rows.order_by(UserSession.id)))


def test_the_account_shows_who_one_is(login):
    page = login("clerk").get("/account").text
    for words in ("王敏", "综合业务科", "业务受理岗", "工作人员", "本次登录"):
        assert words in page


def test_preferences_are_kept_and_journalled(app, login, events):
    client = login("clerk")
    assert client.post("/account/preferences", data={"language": "en"}).location == "/account"
    page = client.get("/account").text
    assert '<html lang="en"' in page
    assert 'data-shortcuts="off"' in page
    assert events("people.preferences_changed")[-1].fact() == {"language": "en", "shortcuts_off": True}
    client.post("/account/preferences", data={"language": "zh", "shortcuts": "y"})
    page = client.get("/account").text
    assert '<html lang="zh-CN"' in page
    assert 'data-shortcuts="off"' not in page
    assert client.post("/account/preferences", data={"language": "xx"}).status_code == 422


def test_one_of_the_own_sessions_is_ended(app, enter, events):
    here, _a = enter("clerk")
    there, _a = enter("clerk")
    mine, other = session_ids(app, "clerk")
    assert here.post(f"/account/sessions/{other}/end").status_code == 303
    assert there.get("/account").status_code == 303
    assert here.get("/account").status_code == 200
    assert events("people.session_ended")[-1].fact() == {"session": other, "reason": "own"}
    assert here.post(f"/account/sessions/{other}/end").status_code == 404, "it is over"
    assert here.post(f"/account/sessions/{mine}/end").status_code == 404, "the present one is ended by logging out"


def test_somebody_elses_session_looks_like_a_missing_one(app, enter):
    victim, _a = enter("head")
    thief, _a = enter("clerk")
    (foreign,) = session_ids(app, "head")
    missing = thief.post("/account/sessions/999999/end")
    assert thief.post(f"/account/sessions/{foreign}/end").status_code == missing.status_code == 404
    assert victim.get("/account").status_code == 200


def test_all_other_sessions_are_ended(app, enter, events):
    clients = [enter("clerk")[0] for _n in range(3)]
    bystander, _a = enter("head")
    assert clients[0].post("/account/sessions/end-others").status_code == 303
    assert [c.get("/account").status_code for c in clients] == [200, 303, 303]
    assert bystander.get("/account").status_code == 200
    assert len(events("people.session_ended")) == 2


@pytest.mark.parametrize(
    ("data", "at"),
    [
        ({"old": "wrong", "new": "Another-2027", "again": "Another-2027"}, "old"),
        ({"old": PASSWORD, "new": PASSWORD, "again": PASSWORD}, "new"),
        ({"old": PASSWORD, "new": "Ab-1", "again": "Ab-1"}, "new"),
        ({"old": PASSWORD, "new": "My-clerk-77", "again": "My-clerk-77"}, "new"),
        ({"old": PASSWORD, "new": "Another-2027", "again": "Another-2028"}, "again"),
        ({"old": PASSWORD, "new": "A1-" + "x" * 300, "again": "A1-" + "x" * 300}, "new"),
        ({"old": PASSWORD, "new": "Another-2027\0", "again": "Another-2027\0"}, "new"),
        ({}, "old"),
    ],
)
def test_a_bad_new_password_is_refused_at_its_field(enter, data, at):
    client, _a = enter("clerk")
    answer = client.post("/account/password", data=data)
    assert answer.status_code == 422
    assert f'id="{at}-error"' in answer.text
    assert enter("clerk")[1].status_code == 303, "the old one still holds"


def test_a_changed_password_is_journalled(enter, events):
    client, _a = enter("clerk")
    client.post("/account/password", data={"old": PASSWORD, "new": "Another-2027", "again": "Another-2027"})
    assert events("people.password_changed")[-1].fact() == {"by_self": True}


def test_a_first_password_must_be_changed_before_anything_else(app, enter):
    set_user(app, "clerk", must_change_password=True)
    client, _a = enter("clerk")
    for answer in (
        client.get("/account"),
        client.post("/account/preferences", data={"language": "en"}),
        client.post("/account/sessions/end-others"),
    ):
        assert (answer.status_code, answer.location) == (303, "/account/password")
    assert client.get("/healthz").status_code == 200
    assert client.get("/static/css/portal.css").status_code == 200
    assert client.post("/language", data={"language": "zh", "next": "/account/password"}).status_code == 303
    page = client.get("/account/password")
    assert page.status_code == 200
    assert "/account/preferences" not in page.text
    part = client.get("/account", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert part.headers["HX-Redirect"] == "/account/password"
    client.post("/account/password", data={"old": PASSWORD, "new": "Another-2027", "again": "Another-2027"})
    assert client.get("/account").status_code == 200


def test_logout_stays_open_while_the_password_is_due(app, enter):
    set_user(app, "clerk", must_change_password=True)
    client, _a = enter("clerk")
    assert client.post("/logout").location == "/login"


def test_a_password_grows_old_by_policy(app, enter):
    set_user(app, "clerk", password_changed_at=later(days=-90))
    client, _a = enter("clerk")
    assert client.get("/account").status_code == 200
    with clock.at(later(minutes=1)):
        assert client.get("/account").location == "/account/password"
