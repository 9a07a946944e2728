"""The poll: nothing new is a cheap 304, anything new is the whole wall (W-1)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.cases import service as cases
from portal.cases.service import Client
from portal.kernel import clock, transaction
from portal.kernel.web import SECURITY_HEADERS
from portal.people import queries as people
from portal.wall import board as boards
from portal.wall import poll


@pytest.fixture
def change(app, ids):
    """Something happens in the office."""

    def make():
        with app.app_context(), transaction.act():
            actor = people.actor_by_username("clerk", clock.now())
            cases.open_case(actor, clock.now(), matter="新事项", client=Client(), post_id=ids.posts["YW-1"])

    return make


def ask(client, tag=None, path="/wall/board", **headers):
    headers = {"HX-Request": "true", "HX-Request-Type": "partial", **headers}
    return client.get(path, headers=headers | ({"HX-PTag": tag} if tag else {}))


def test_unchanged_is_304_and_a_change_is_200(tv, change):
    client = tv()
    first = ask(client)
    assert first.status_code == 200
    tag = first.headers["HX-PTag"]
    assert first.headers["ETag"] == tag
    same = ask(client, tag)
    assert same.status_code == 304
    assert same.get_data() == b""
    assert same.headers["HX-PTag"] == tag
    assert same.headers["X-Portal-Build"] == first.headers["X-Portal-Build"]
    change()
    after = ask(client, tag)
    assert after.status_code == 200
    assert after.headers["HX-PTag"] != tag
    assert ask(client, after.headers["HX-PTag"]).status_code == 304


def test_a_304_carries_the_security_headers_and_may_not_be_stored(tv):
    client = tv()
    same = ask(client, ask(client).headers["HX-PTag"])
    assert same.status_code == 304
    for name, value in (*SECURITY_HEADERS, ("Cache-Control", "no-store")):
        assert same.headers.getlist(name) == [value]


def test_unchanged_needs_neither_the_application_nor_a_reading(app, tv, monkeypatch):
    client = tv()
    tag = ask(client).headers["HX-PTag"]

    def refuse(*_args):
        raise AssertionError("the application was asked")

    monkeypatch.setattr(app.wsgi_app, "_inner", refuse)
    assert ask(client, tag).status_code == 304
    with pytest.raises(AssertionError):
        ask(client, "another")


def test_time_alone_changes_the_wall_each_minute(tv):
    client = tv()
    tag = ask(client).headers["HX-PTag"]
    with clock.at(clock.now() + timedelta(seconds=59)):
        assert ask(client, tag).status_code == 304
    with clock.at(clock.now() + timedelta(seconds=60)):
        assert ask(client, tag).status_code == 200


def test_a_plain_conditional_request_works_too(tv):
    client = tv()
    tag = ask(client).headers["ETag"]
    assert client.get("/wall/board", headers={"If-None-Match": tag}).status_code == 304


def test_each_screen_has_its_own_size_and_language(tv):
    standard, large = tv("甲"), tv("乙", large=True)
    tag = ask(standard).headers["HX-PTag"]
    assert ask(large, tag).status_code == 200
    assert standard.get("/wall?lang=en").status_code == 303
    english = ask(standard, tag)
    assert english.status_code == 200
    assert ask(standard, english.headers["HX-PTag"]).status_code == 304
    assert '<html lang="en">' in standard.get("/wall").get_data(as_text=True)
    assert '<html lang="zh-CN">' in large.get("/wall").get_data(as_text=True)
    assert standard.get("/wall?lang=xx").status_code == 303


def test_screens_share_what_was_made_for_the_same_state(tv, change, monkeypatch):
    made = []
    original = boards.make
    monkeypatch.setattr(boards, "make", lambda *args: made.append(args) or original(*args))
    one, two, other = tv("甲"), tv("乙"), tv("丙", large=True)
    for client in (one, two, other, one, two):
        assert ask(client).status_code == 200
    assert len(made) == 2
    change()
    ask(one)
    ask(two)
    assert len(made) == 3


def test_people_look_by_their_login(login, change):
    office = login("office")
    page = office.get("/wall/view")
    assert page.status_code == 200
    assert 'hx-get="/wall/view"' in page.get_data(as_text=True)
    first = ask(office, path="/wall/view")
    assert ask(office, first.headers["HX-PTag"], path="/wall/view").status_code == 304
    change()
    assert ask(office, first.headers["HX-PTag"], path="/wall/view").status_code == 200
    assert office.get("/wall").headers["Location"] == "/wall/view"
    assert login("supervisor").get("/wall/view").status_code == 200
    for who in ("clerk", "leader", "auditor", "sysadmin"):
        assert login(who).get("/wall/view").status_code == 403


def test_a_poll_does_not_open_the_wall_by_a_login(login):
    assert login("office").get("/wall/board").status_code == 401


def test_the_build_names_what_pages_are_made_of(tmp_path):
    for folder in ("static", "templates", "translations"):
        (tmp_path / folder).mkdir()
    (tmp_path / "static" / "a.css").write_text("p{}")
    first = poll.build(str(tmp_path))
    poll.build.cache_clear()
    assert poll.build(str(tmp_path)) == first
    (tmp_path / "static" / "a.css").write_text("q{}")
    poll.build.cache_clear()
    assert poll.build(str(tmp_path)) != first
