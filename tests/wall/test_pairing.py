"""Pairing, revoking, and what a display cannot do (W-2)."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.kernel import clock, transaction, verification
from portal.kernel.db import db
from portal.kernel.journal import JournalEntry
from portal.people import pairing
from portal.people.pairing import LIFE, Pairing
from portal.wall.models import Display
from tests.house import routes
from tests.wall.conftest import code_on


def cookie_of(answer):
    found = [c for c in answer.headers.getlist("Set-Cookie") if re.match(r"(__Secure-)?wall=", c)]
    assert len(found) == 1
    return found[0]


def events(app):
    with app.app_context():
        query = select(JournalEntry.event).where(JournalEntry.event.like("wall.%")).order_by(JournalEntry.seq)
        return list(db.session.scalars(query))


def test_a_screen_is_paired_by_its_code(app, screen, login):
    client, code = screen()
    assert re.fullmatch(f"[{pairing.ALPHABET}]{{6}}", code)
    assert client.get("/wall/pairing").status_code == 204
    assert client.get("/wall/board").status_code == 401

    answer = login("office").post("/wall/displays", data={"code": code, "name": "一楼大厅"})
    assert answer.status_code == 303
    assert client.get("/wall/pairing").headers["HX-Redirect"] == "/wall"
    page = client.get("/wall")
    assert page.status_code == 200
    assert 'id="wall"' in page.get_data(as_text=True)
    assert client.get("/wall/board").status_code == 200
    assert events(app) == ["wall.paired"]
    assert "一楼大厅" in login("office").get("/wall/displays").get_data(as_text=True)


def test_a_code_may_be_typed_in_any_way(screen, login):
    _client, code = screen()
    typed = f"  {code[:3].lower()}　-{''.join(chr(ord(c) + 0xFEE0) for c in code[3:])} "
    assert login("office").post("/wall/displays", data={"code": typed, "name": "甲"}).status_code == 303


def test_the_token_lives_in_the_cookie_only(app, screen, login):
    client = app.test_client()
    asked = client.post("/wall/pairing")
    cookie = cookie_of(asked)
    token = cookie.split(";")[0].split("=", 1)[1]
    assert len(token) >= 43
    for part in ("HttpOnly", "SameSite=Strict", "Path=/wall"):
        assert part in cookie.split("; ")
    login("office").post("/wall/displays", data={"code": code_on(client), "name": "甲"})
    page = client.get("/wall")
    assert "Max-Age=34560000" in cookie_of(page)
    assert token not in page.get_data(as_text=True)
    assert token not in str(asked.headers.get("Location"))
    with app.app_context():
        stored = db.session.scalar(select(Display.token_hash))
        assert stored == hashlib.sha256(token.encode()).hexdigest()
        assert token not in "".join(db.session.scalars(select(JournalEntry.facts)))


def test_under_tls_the_cookie_is_secure(app):
    app.config["SESSION_COOKIE_SECURE"] = True
    cookie = cookie_of(app.test_client().post("/wall/pairing", base_url="https://localhost"))
    assert cookie.startswith("__Secure-wall=")
    assert "Secure" in cookie.split("; ")


def test_the_wall_leaves_no_session_on_the_screen(tv):
    client = tv()
    client.get("/wall")
    assert client.get_cookie("portal") is None
    assert client.get_cookie("wall", path="/wall") is not None


@pytest.mark.parametrize("typed", ["AAAAAA", "", "　", "x" * 500, "\0", "𠮷", "' OR 1=1"])
def test_a_wrong_code_pairs_nothing(app, screen, login, typed):
    screen()
    answer = login("office").post("/wall/displays", data={"code": typed, "name": "甲"})
    assert answer.status_code == 422
    assert "甲" in answer.get_data(as_text=True)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Display)) == 0


def test_a_code_is_good_for_ten_minutes(screen, login):
    client, code = screen()
    with clock.at(clock.now() + LIFE + timedelta(seconds=1)):
        fragment = client.get("/wall/pairing").get_data(as_text=True)
        assert 'hx-post="/wall/pairing"' in fragment
        assert code not in fragment
        # A fresh login, since the old one is still good: sessions last longer than codes.
        assert login("office").post("/wall/displays", data={"code": code, "name": "甲"}).status_code == 422
        assert client.post("/wall/pairing").status_code == 303
        assert code_on(client) != code


def test_a_code_pairs_once(screen, login):
    _client, code = screen()
    office = login("office")
    assert office.post("/wall/displays", data={"code": code, "name": "甲"}).status_code == 303
    assert office.post("/wall/displays", data={"code": code, "name": "乙"}).status_code == 422


def test_two_displays_do_not_share_a_name(tv, screen, login):
    tv("一楼大厅")
    _client, code = screen()
    answer = login("office").post("/wall/displays", data={"code": code, "name": "一楼大厅"})
    assert answer.status_code == 422
    assert "已有同名的大屏" in answer.get_data(as_text=True)


def test_a_htmx_screen_gets_its_code_in_place(app):
    answer = app.test_client().post("/wall/pairing", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert answer.status_code == 200
    assert re.search(r'<main id="pairing"[^>]*hx-get="/wall/pairing"', answer.get_data(as_text=True))


def test_waiting_screens_are_bounded_and_swept(app, office, monkeypatch):
    monkeypatch.setattr(pairing, "MOST", 2)
    for _n in range(2):
        assert app.test_client().post("/wall/pairing").status_code == 303
    assert app.test_client().post("/wall/pairing").status_code == 429
    later = clock.now() + LIFE + timedelta(seconds=1)
    with clock.at(later):
        assert app.test_client().post("/wall/pairing").status_code == 303
        with transaction.act():
            assert pairing.sweep(later) == 0
        assert db.session.scalar(select(func.count()).select_from(Pairing)) == 1


def test_only_who_may_pair_sees_the_displays(login):
    for who, status in {"office": 200, "sysadmin": 200, "clerk": 403, "supervisor": 403, "principal": 403}.items():
        assert login(who).get("/wall/displays").status_code == status
        if status == 403:
            assert login(who).post("/wall/displays", data={"code": "AAAAAA", "name": "甲"}).status_code == 403
            assert login(who).post("/wall/displays/1/revoke").status_code == 403


def test_a_revoked_display_ends_at_its_next_poll(app, tv, login):
    client = tv()
    tag = client.get("/wall/board").headers["HX-PTag"]
    with app.app_context():
        display_id = db.session.scalar(select(Display.id))
    assert login("office").post(f"/wall/displays/{display_id}/revoke").status_code == 303
    answer = client.get("/wall/board", headers={"HX-PTag": tag})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/wall"
    assert 'id="pairing"' in client.get("/wall").get_data(as_text=True)
    assert events(app) == ["wall.paired", "wall.revoked"]
    assert login("office").post(f"/wall/displays/{display_id}/revoke").status_code == 409
    assert login("office").post(f"/wall/displays/{display_id}/size", data={"large": "yes"}).status_code == 409
    assert login("office").post("/wall/displays/9999/revoke").status_code == 404


def test_the_size_is_switched_from_the_office(app, tv, login):
    client = tv()
    before = client.get("/wall/board")
    assert 'data-large="no"' in before.get_data(as_text=True)
    with app.app_context():
        display_id = db.session.scalar(select(Display.id))
    login("office").post(f"/wall/displays/{display_id}/size", data={"large": "yes"})
    after = client.get("/wall/board", headers={"HX-PTag": before.headers["HX-PTag"]})
    assert after.status_code == 200
    assert 'data-large="yes"' in after.get_data(as_text=True)
    assert events(app) == ["wall.paired", "wall.resized"]


def test_a_display_opens_nothing_but_the_wall(app, tv):
    client = tv()
    token = client.get_cookie("wall", path="/wall").value
    for rule in app.url_map.iter_rules():
        if rule.endpoint in ("wall.show", "wall.board", "wall.wait"):
            continue
        for method in sorted(rule.methods - {"OPTIONS", "HEAD"}):
            path = routes.address(rule) or "/"
            answers = [
                app.test_client(use_cookies=False).open(path, method=method, headers=headers)
                for headers in ({}, {"Cookie": f"wall={token}"})
            ]
            assert answers[0].status_code == answers[1].status_code, (method, path)
            assert answers[0].headers.get("Location") == answers[1].headers.get("Location"), (method, path)


@pytest.mark.parametrize("token", ["", "x", "é", "%00", "a" * 4000, '"'])
def test_a_made_up_token_opens_nothing(app, token):
    client = app.test_client(use_cookies=False)
    for headers in ({"Cookie": f"wall={token}"}, {"Cookie": f"wall={token}", "HX-PTag": "x"}):
        assert client.get("/wall/board", headers=headers).status_code == 401
        assert 'id="pairing"' in client.get("/wall", headers=headers).get_data(as_text=True)


@pytest.mark.csrf
def test_asking_for_a_code_needs_the_page(app):
    assert app.test_client().post("/wall/pairing").status_code == 400


def test_the_journal_says_who_paired(app, tv):
    tv("西厅", large=True)
    with app.app_context():
        entry = db.session.scalar(select(JournalEntry).where(JournalEntry.event == "wall.paired"))
        assert entry.fact() == {"name": "西厅", "large": True}
        assert entry.actor_id is not None
        assert verification.verify().ok
