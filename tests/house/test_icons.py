"""Icons: the helper's markup, and every icon that a template or a module names is in the vendored subset."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.kernel.icons import _shapes, icon, meter

PORTAL = Path(__file__).resolve().parents[2] / "portal"
TEMPLATES = sorted((PORTAL / "templates").rglob("*.html"))


def arguments(text: str, start: int) -> list[str]:
    """Split the arguments of the call whose opening bracket stands just before `start`."""
    depth, quote, parts = 0, "", [""]
    for sign in text[start:]:
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign in "([{":
            depth += 1
        elif sign in ")]}":
            if depth == 0:
                return parts
            depth -= 1
        elif sign == "," and depth == 0:
            parts.append("")
            continue
        parts[-1] += sign
    return parts


def possible(node: ast.expr) -> Iterator[str]:
    """Every string that an expression can yield, as far as it is written in it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from possible(node.body)
        yield from possible(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from possible(value)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        if isinstance(node.func.value, ast.Dict):
            for value in node.func.value.values:
                yield from possible(value)
        for default in node.args[1:]:
            yield from possible(default)


def names_in(expression: str) -> list[str]:
    """Icon names written in a template expression; nothing for what is computed elsewhere."""
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except SyntaxError:
        return []
    return [name for name in possible(tree.body) if name]


def named(text: str) -> Iterator[tuple[str, bool]]:
    """(name, filled) of every icon that a template asks for."""
    for call in re.finditer(r"\bicon\(", text):
        args = arguments(text, call.end())
        filled = any(re.match(r"\s*filled\s*=\s*[Tt]rue", a) for a in args[1:])
        for name in names_in(args[0]):
            yield name, filled
    for call in re.finditer(r"\bstatus\(", text):
        args = [a for a in arguments(text, call.end()) if "=" not in a.split("'")[0]]
        if len(args) > 2:
            for name in names_in(args[2]):
                yield name, False
    for found in re.finditer(r"""['"]?\bicon(?:_name)?['"]?\s*[=:]\s*['"]([a-z0-9-]+)['"]""", text):
        yield found[1], False


def test_the_subset_is_generous_and_clean() -> None:
    shapes = _shapes()
    assert len(shapes["outline"]) >= 120
    for kind in ("outline", "filled"):
        for name, inner in shapes[kind].items():
            assert re.fullmatch(r"[a-z0-9-]+", name)
            assert inner.startswith("<"), name
            assert not re.search(r"<(?!path|/?circle|rect|line|poly|ellipse|g|/)|\bon\w+=|style=|href", inner), name


def test_icon_is_silent_without_a_label() -> None:
    drawn = str(icon("clock", "big"))
    assert drawn.startswith('<svg class="icon big" viewBox="0 0 24 24"')
    assert 'aria-hidden="true"' in drawn
    assert "fill=" not in drawn.split(">")[0]


def test_icon_with_a_label_is_an_image_and_escapes_it() -> None:
    drawn = str(icon("clock", label='"><script>'))
    assert 'role="img"' in drawn
    assert "<script" not in drawn
    assert "aria-hidden" not in drawn


def test_a_filled_icon_is_painted_not_drawn() -> None:
    assert 'fill="currentColor" stroke="none"' in str(icon("flag", filled=True))


def test_a_missing_icon_is_an_error() -> None:
    with pytest.raises(KeyError):
        icon("no-such-icon")


@pytest.mark.parametrize(("pct", "width"), [(37, "37"), (-5, "0"), (250, "100"), (33.3, "33.3")])
def test_meter_stays_within_its_frame(pct: float, width: str) -> None:
    assert f'<rect width="{width}" height="6"/>' in str(meter(pct, "red"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: str(p.relative_to(PORTAL)))
def test_every_icon_of_a_template_is_in_the_subset(template: Path) -> None:
    missing = {
        (name, "filled" if filled else "outline")
        for name, filled in named(template.read_text(encoding="utf-8"))
        if name not in _shapes()["filled" if filled else "outline"]
    }
    assert not missing


def test_every_icon_of_a_module_is_in_the_subset() -> None:
    missing = {
        (path.name, found[1])
        for path in PORTAL.rglob("*.py")
        for found in re.finditer(r"\bicon\s*=\s*\"([a-z0-9-]+)\"", path.read_text(encoding="utf-8"))
        if found[1] not in _shapes()["outline"]
    }
    assert not missing


def test_the_search_for_names_sees_every_way_of_writing() -> None:
    text = """{{ icon('no-a') }} {{ icon("no-b" if x == 'word' else 'no-c', filled=True) }} {{ icon(name=z) }}
    {{ forms.submit(_("保存"), icon='no-d') }} {{ ui.status('red', _("超期"), 'no-e') }} {{ {'icon': 'no-f'} }}
    {{ icon({'a': 'no-g'}.get(k, 'no-h')) }}"""
    assert {name for name, _filled in named(text)} == {f"no-{letter}" for letter in "abcdefgh"}
