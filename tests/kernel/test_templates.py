"""What pages remember: words in compiled templates, drawn rows, and what has not changed since a moment ago."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask_babel import force_locale
from jinja2 import DictLoader
from markupsafe import Markup

from portal.kernel import clock, epochs
from portal.kernel.db import db
from portal.kernel.templates import KEPT, drawn
from portal.people import administration
from portal.people.models import Unit
from tests.office import NOW


@pytest.fixture
def render(app):
    """Render a source in a language."""

    def run(source: str, language: str = "zh", **values) -> str:
        env = app.jinja_env.overlay(loader=DictLoader({"t.html": source}))
        env.__dict__.pop("_of", None)
        with app.test_request_context(), force_locale(language):
            return env.get_or_select_template("t.html").render(**values)

    return run


@pytest.mark.parametrize(("language", "word"), [("zh", "登录"), ("en", "Log in")])
def test_a_word_is_that_of_the_language(render, language, word):
    assert render('{{ _("登录") }}', language) == word


def test_words_with_values_stay_open_and_values_are_escaped(render):
    assert "&lt;b&gt;" in render('{{ _("错误：%(title)s", title=t) }}', t="<b>")


def test_a_constant_word_takes_no_lookup(app, render, monkeypatch):
    def refuse(*_args, **_values):
        raise AssertionError("asked again")

    source = '{{ _("登录") }}{{ icon("x") }}{{ icon("x", label=_("关闭")) }}'
    env = app.jinja_env.overlay(loader=DictLoader({"t.html": source}))
    env.__dict__.pop("_of", None)
    with app.test_request_context():
        template = env.get_or_select_template("t.html")
        monkeypatch.setitem(env.globals, "_", refuse)
        monkeypatch.setitem(env.globals, "icon", refuse)
        assert 'aria-label="关闭"' in template.render()


def test_a_row_is_drawn_once_for_equal_values(app):
    times = []

    def macro(*values: object) -> Markup:
        times.append(values)
        return Markup("{}").format(values[0])

    with app.test_request_context(), force_locale("zh"):
        assert drawn("t", macro)("<a>") == drawn("t", macro)("<a>") == Markup("&lt;a&gt;")
        assert len(times) == 1
        drawn("t", macro, "another day")("<a>")
        drawn("t", macro)("b")
        with force_locale("en"):
            drawn("t", macro)("<a>")
        assert len(times) == 4


def test_only_so_many_rows_are_remembered(app):
    with app.test_request_context():
        draw = drawn("t", lambda n: Markup(n))
        for n in range(KEPT * 2 + 5):
            draw(str(n))
        assert 0 < len(app.extensions["portal.drawn"]) <= KEPT


def _counter():
    asked = []
    return asked, lambda: asked.append(1) or len(asked)


def test_what_has_not_changed_is_not_asked_again(office, act, as_actor):
    _asked, build = _counter()
    assert [epochs.while_unchanged(("k",), NOW, build) for _ in range(3)] == [1, 1, 1]
    assert epochs.while_unchanged(("other",), NOW, build) == 2
    assert epochs.while_unchanged(("k",), NOW + timedelta(minutes=1), build) == 3


def test_any_recorded_change_asks_again(office, act, as_actor):
    _asked, build = _counter()
    epochs.while_unchanged(("k",), NOW, build)
    with act():
        unit = db.session.query(Unit).one()
        administration.change_unit(as_actor("sysadmin"), unit, clock.now(), name="另一单位")
    assert epochs.while_unchanged(("k",), NOW, build) == 2


def test_inside_a_writing_transaction_nothing_is_remembered(office, act):
    _asked, build = _counter()
    with act():
        assert [epochs.while_unchanged(("k",), NOW, build) for _ in range(2)] == [1, 2]
    assert epochs.while_unchanged(("k",), NOW, build) == 3
