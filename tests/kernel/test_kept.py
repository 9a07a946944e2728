"""What is made once and used again: addresses, options of selects, fragments that nobody has typed into."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import current_app, url_for
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from werkzeug.routing import BuildError
from wtforms import Form, SelectField, SelectMultipleField

from portal.kernel import clock, epochs, web
from portal.kernel.forms import PortalForm, options
from portal.people import administration
from tests.office import NOW


def test_an_address_is_built_once_and_is_the_librarys(app):
    with app.test_request_context("/"):
        first = [url_for("cases.show", number="SX-1"), url_for("cases.index", light="open", page=2)]
        assert first == ["/cases/SX-1", "/cases?light=open&page=2"]
        assert [url_for("cases.show", number="SX-1"), url_for("cases.index", light="open", page=2)] == first
        assert url_for("cases.index", page=2, light="open") == "/cases?page=2&light=open"


def test_addresses_that_only_look_alike_are_told_apart(app):
    with app.test_request_context("/"):
        assert url_for("cases.index", mine=1) == "/cases?mine=1"
        assert url_for("cases.index", mine=True) == "/cases?mine=True"
        assert url_for("cases.index", mine=1.0) == "/cases?mine=1.0"
        assert url_for("cases.index", mine="1") == "/cases?mine=1"
        assert url_for("cases.index", state=["a", "b"]) == "/cases?state=a&state=b"
        assert url_for("cases.index", _external=True) == "http://localhost/cases"
        assert url_for("cases.index", _anchor="list") == "/cases#list"
    with app.test_request_context("/", base_url="http://localhost/office/"):
        assert url_for("cases.index", mine=1) == "/office/cases?mine=1"
    with app.test_request_context("/cases"):
        assert url_for(".index") == "/cases"
        for _twice in range(2):
            with pytest.raises(BuildError):
                url_for("cases.nothing")


def test_only_so_many_addresses_are_kept_and_no_long_ones(app, monkeypatch):
    monkeypatch.setattr(web, "ADDRESSES_KEPT", 5)
    app._addresses.clear()
    with app.test_request_context("/"):
        for n in range(20):
            assert url_for("cases.index", page=n) == f"/cases?page={n}"
            assert 1 <= len(app._addresses) <= 5
        app._addresses.clear()
        assert len(url_for("cases.index", q="x" * 400)) > 400
        assert app._addresses == {}


WORDS = st.text(st.characters(codec="utf-8"), max_size=8)


@given(st.lists(st.tuples(WORDS, WORDS), max_size=4), WORDS, st.booleans())
def test_a_select_is_drawn_as_the_library_draws_it(pairs, chosen, several):
    kind = SelectMultipleField if several else SelectField
    typed = MultiDict({"field": chosen})
    fields = {"field": kind("x", choices=options(*pairs), render_kw={"title": "<t>"})}
    ours = type("Ours", (PortalForm,), fields)(formdata=typed)
    theirs = type("Theirs", (Form,), fields)(formdata=typed)
    assert ours.field(class_="in") == theirs.field(class_="in")


@pytest.mark.parametrize("path", ["/first-ask/new", "/first-ask", "/cases"])
def test_a_new_department_is_offered_at_once(app, login, as_actor, act, path):
    client = login("office")
    client = client if client.get(path).status_code == 200 else login("clerk")
    assert "新设科室" not in client.get(path).text
    with act():
        administration.add_department(as_actor("sysadmin"), "XSKS", "新设科室", clock.now())
    assert "新设科室" in client.get(path).text


def test_a_list_that_is_narrowed_shows_what_it_is_narrowed_to(login):
    client = login("clerk")
    for path in ("/cases", "/first-ask"):
        assert 'value="2026-01-05"' not in client.get(path).text
        assert 'value="2026-01-05"' in client.get(path, query_string={"first": "2026-01-05"}).text
        assert 'value="2026-01-05"' not in client.get(path).text


def test_a_refused_form_keeps_every_part_of_what_was_typed(login):
    client = login("clerk")
    assert "王某某" not in client.get("/first-ask/new").text
    answer = client.post("/first-ask", data={"matter": "", "client_name": "王某某", "disposition": "outside"})
    assert answer.status_code == 422
    assert 'value="王某某"' in answer.text
    assert "王某某" not in client.get("/first-ask/new").text


def test_two_hundred_people_do_not_push_one_another_out(office):
    made = []

    def ask(kind: str, person: int) -> int:
        return epochs.while_unchanged((kind, person), NOW, lambda: made.append((kind, person)) or person)

    for _again in range(3):
        for person in range(200):
            for kind in ("test.menu", "test.todos", "test.own"):
                assert ask(kind, person) == person
    assert len(made) == 600


def test_each_kind_of_answer_has_a_bounded_room_and_the_oldest_goes(office, monkeypatch):
    monkeypatch.setattr(epochs, "KEPT", 5)
    made = []

    def ask(kind: str, n: int, now=NOW) -> int:
        return epochs.while_unchanged((kind, n), now, lambda: made.append((kind, n)) or n)

    ask("test.small", 0)
    for n in range(20):
        ask("test.large", n)
    rooms = current_app.extensions["portal.unchanged"]
    assert [len(rooms["test.small"]), len(rooms["test.large"])] == [1, 5]
    made.clear()
    assert [ask("test.large", n) for n in range(15, 20)] == [15, 16, 17, 18, 19]
    ask("test.small", 0)
    assert made == []  # one kind that is full touches neither the other nor its own newest
    ask("test.large", 15, NOW + timedelta(minutes=1))  # made anew, so 16 is the oldest now
    ask("test.large", 20)
    made.clear()
    ask("test.large", 15, NOW + timedelta(minutes=1))
    ask("test.large", 17)
    assert made == []
    ask("test.large", 16)
    assert made == [("test.large", 16)]
