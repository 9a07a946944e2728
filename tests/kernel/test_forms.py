"""Fields say in their own words that they were left empty."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form, RadioField, SelectField

from portal.kernel.forms import Needed, line, options, paragraph


class Choosing(Form):
    """A choice of each kind."""

    kind = RadioField("kind", [Needed("请选择类别。")], choices=options(("a", "A"), ("b", "B")))
    place = SelectField("place", [Needed("请选择地点。")], choices=options(("", "—"), ("1", "1")))


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({}, {"kind": ["请选择类别。"], "place": ["请选择地点。"]}),
        ({"kind": "", "place": ""}, {"kind": ["请选择类别。"], "place": ["请选择地点。"]}),
        ({"kind": "a", "place": "1"}, {}),
    ],
)
def test_an_empty_choice_is_refused_with_its_own_words(office, sent, errors):
    form = Choosing(MultiDict(sent))
    form.validate()
    assert form.errors == errors


def test_a_forged_choice_is_not_called_empty(office):
    form = Choosing(MultiDict({"kind": "zz9", "place": "1"}))
    assert not form.validate()
    assert form.errors["kind"] != ["请选择类别。"]


class Writing(Form):
    """Text of one line and of many."""

    title = line("title", limit=5)
    body = paragraph("body", limit=5)


@pytest.mark.parametrize("name", ["title", "body"])
def test_text_that_is_too_long_is_kept_and_said_never_cut_by_the_browser(office, name):
    form = Writing(MultiDict({name: "一二三四五六"}))
    assert not form.validate()
    assert form.errors == {name: ["最多 5 个字，现有 6 个。"]}
    drawn = str(form[name]())
    assert "一二三四五六" in drawn
    assert "maxlength" not in drawn


@pytest.mark.parametrize(
    ("person", "path", "sent", "words"),
    [
        ("office", "/calendar/service-days/new", {"department": ""}, "请选择科室。"),
        (
            "office",
            "/calendar/service-days/new",
            {"department": "x", "every": "", "open": ""},
            "请选择窗口开放还是不开放。",
        ),
        ("office", "/calendar/service-days/new", {"weekday": ""}, "请选择星期几。"),
        ("office", "/calendar/service-days/new", {"department": "99999"}, "请从列出的选项中选择。"),
        ("office", "/posts/new", {"kind": ""}, "请选择岗位类别。"),
        ("office", "/posts/new", {"kind": "king"}, "请从列出的选项中选择。"),
        ("office", "/registers/kinds/new", {}, "请选择范围。"),
        ("office", "/registers/kinds/new", {"scope": "zz"}, "请从列出的选项中选择。"),
        ("clerk", "/supervision-cards/visits/new", {"post": ""}, "请选择出具岗位。"),
        ("clerk", "/supervision-cards/visits/new", {"post": "zz"}, "请从列出的选项中选择。"),
    ],
)
def test_a_choice_left_open_or_forged_is_refused_in_words_that_say_what_to_do(login, person, path, sent, words):
    page = login(person).post(path, data=sent)
    assert page.status_code == 422
    assert words in page.text
    assert "不是有效的选" not in page.text
