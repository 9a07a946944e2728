"""Templates, styles and scripts keep the security policy; fragments have one root; vendored parts are intact."""

from __future__ import annotations

import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ROOT / "portal"
TEMPLATE_FOLDER = PORTAL / "templates"
TEMPLATES = sorted(TEMPLATE_FOLDER.rglob("*.html"))
FRAGMENTS = [t for t in TEMPLATES if t.name.startswith("_") and t.parent.name != "_macros"]
STYLES = sorted((PORTAL / "static" / "css").glob("*.css"))
SCRIPTS = sorted((PORTAL / "static" / "js").glob("*.js"))
VENDOR_FOLDERS = [PORTAL / "static" / "vendor", ROOT / "tests" / "browser" / "vendor"]

HOLE = "\ufffc"
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

#: What may not stand in markup, and why.
BANNED = {
    "a style attribute": re.compile(r"<[^<>]*\sstyle\s*=", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "a script without src": re.compile(r"<script\b(?![^>]*\ssrc\s*=)", re.I),
    "a script with a body": re.compile(r"<script\b[^>]*>\s*[^<\s]", re.I),
    "an event attribute": re.compile(r"<[^<>]*\son[a-z]+\s*=", re.I),
    "hx-on": re.compile(r"\bhx-on\b|\bhx-on[:-]", re.I),
    "js: values": re.compile(r"[\"'\s]j(ava)?s(cript)?:", re.I),
    "a trigger filter": re.compile(r"hx-trigger\s*=\s*(\"[^\"]*\[|'[^']*\[)", re.I),
    "an outside address": re.compile(r"(?<!xmlns=[\"'])https?://|(?:=|url\()\s*[\"']?//", re.I),
}
#: The same through a macro's or field's keyword arguments.
BANNED_KEYWORDS = re.compile(
    r"[(,{]\s*['\"]?(style|on(click|change|input|submit|load|error|focus|blur|key\w+|mouse\w+))['\"]?\s*[=:]", re.I
)


def without_comments(text: str) -> str:
    return re.sub(r"\{#.*?#\}", "", text, flags=re.S)


def markup(text: str) -> str:
    """The template's markup with a hole wherever it computes something."""
    return re.sub(r"\{\{.*?\}\}|\{%.*?%\}", HOLE, without_comments(text), flags=re.S)


def faults(text: str) -> list[str]:
    """What a template holds that the policy forbids."""
    found = [name for name, pattern in BANNED.items() if pattern.search(markup(text))]
    for expression in re.findall(r"\{\{(.*?)\}\}|\{%(.*?)%\}", without_comments(text), flags=re.S):
        joined = "".join(expression)
        if BANNED_KEYWORDS.search(joined) or "javascript:" in joined:
            found.append("a banned attribute by keyword")
        if re.search(r"https?://", joined):
            found.append("an outside address")
    return found


def first_branches(text: str) -> str:
    """The text with only the first branch of every condition, macros and block-sets removed."""
    kept: list[str] = []
    skipping = [False]
    for piece in re.split(r"(\{%-?.*?-?%\})", without_comments(text), flags=re.S):
        word = (re.match(r"\{%-?\s*(\w+)", piece) or [None, None])[1]
        if word in ("if", "for", "macro", "call", "filter", "with", "block", "autoescape") or (
            word == "set" and "=" not in piece
        ):
            skipping.append(skipping[-1] or word in ("macro", "set"))
        elif word in ("else", "elif"):
            skipping[-1] = True
        elif word and word.startswith("end"):
            skipping.pop()
        elif word is None and not skipping[-1]:
            kept.append(piece)
    return "".join(kept)


class Roots(HTMLParser):
    """Collects the elements at the top level."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.roots: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth == 0:
            self.roots.append((tag, dict(attrs).get("id") or ""))
        if tag not in VOID:
            self.depth += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth == 0:
            self.roots.append((tag, dict(attrs).get("id") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.depth -= 1


def root_faults(name: str, text: str) -> list[str]:
    """What is wrong with the root of the fragment `name` (without underscore and suffix)."""
    parser = Roots()
    parser.feed(re.sub(r"\{\{.*?\}\}", HOLE, first_branches(text), flags=re.S))
    roots = [r for r in parser.roots if r[0] != "hx-partial"]
    if len(roots) != 1:
        return [f"{len(roots)} roots: {roots}"]
    found = roots[0][1].replace("_", "-")
    wanted = name.replace("_", "-")
    return [] if re.fullmatch(rf"{re.escape(wanted)}(-{HOLE}.*)?", found, re.S) else [f"id {roots[0][1]!r}"]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: str(p.relative_to(TEMPLATE_FOLDER)))
def test_template_keeps_the_policy(template: Path) -> None:
    assert faults(template.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=lambda p: str(p.relative_to(TEMPLATE_FOLDER)))
def test_fragment_has_one_root_named_like_its_file(fragment: Path) -> None:
    assert root_faults(fragment.stem[1:], fragment.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        '<p style="color:red">',
        "<style>p{}</style>",
        "<script>go()</script>",
        '<script src="{{ static_url("a.js") }}">go()</script>',
        '<button onclick="go()">',
        '<div hx-on:click="go()">',
        '<div hx-on--load="go()">',
        "<div hx-vals='js:{a:1}'>",
        '<a href="javascript:go()">',
        '<a hx-get="/x" hx-trigger="keyup[key==1]">',
        '<img src="https://example.org/a.png">',
        '<img src="//example.org/a.png">',
        "{{ form.name(style='width:1px') }}",
        "{{ form.name(onclick='go()') }}",
        "{{ form.name(**{'onfocus': 'go()'}) }}",
        '<a href="{{ "http://example.org" }}">',
    ],
)
def test_the_policy_check_finds_each_fault(text: str) -> None:
    assert faults(text)


def test_the_policy_check_lets_good_markup_pass() -> None:
    assert (
        faults(
            '<svg xmlns="http://www.w3.org/2000/svg"/><form hx-trigger="input changed delay:200ms">{{ f(class_="in") }}'
        )
        == []
    )


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ('<li id="row-{{ case.number }}"><b>x</b></li>', True),
        ('{% if a %}<li id="row">{% else %}<li id="row" class="b">{% endif %}x</li>', True),
        ('{% import "x" as f %}<tr id="row"><td><input name="a"></td></tr>{# note #}', True),
        ('<li id="row"></li><li id="row"></li>', False),
        ('<li id="other"></li>', False),
        ("<li></li>", False),
        ("only text", False),
    ],
)
def test_the_root_check_can_fail(text: str, good: bool) -> None:
    assert (root_faults("row", text) == []) is good


@pytest.mark.parametrize("style", STYLES, ids=lambda p: p.name)
def test_style_stays_at_the_floor_of_chromium_86(style: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", style.read_text(encoding="utf-8"), flags=re.S)
    for word in (":has(", "color-mix(", "oklch(", "light-dark(", "aspect-ratio", "@container", "@layer", "@import"):
        assert word not in text
    assert not re.search(r"(?<![\w-])inset\s*:|[{;]\s*&|:is\(|:where\(|url\(\s*[\"']?(https?:)?//", text)


@pytest.mark.parametrize("style", STYLES, ids=lambda p: p.name)
def test_paper_is_no_phone(style: Path) -> None:
    """A sheet of A4 is narrower than 820 px: what stacks tables into cards is for screens alone."""
    assert not re.findall(r"@media\s*\(max-width:820px\)", style.read_text(encoding="utf-8"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda p: p.name)
def test_script_stays_at_es2019_and_within_the_policy(script: Path) -> None:
    text = re.sub(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", "", script.read_text(encoding="utf-8"), flags=re.S)
    assert not re.search(r"\?\.[a-zA-Z_\[(]|\?\?|\|\|=|&&=|replaceAll\(|\.at\(-|import\(", text)
    assert not re.search(r"\beval\(|new Function|\.innerHTML\s*=|insertAdjacentHTML|document\.write|https?://", text)
    assert not re.search(r"[\u4e00-\u9fff]{2,}", text), "sentences belong to templates, where they are translated"


@pytest.mark.parametrize("folder", VENDOR_FOLDERS, ids=lambda p: str(p.relative_to(ROOT)))
def test_vendored_files_are_the_recorded_ones(folder: Path) -> None:
    recorded = {}
    for line in (folder / "VENDORED").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            path, package, licence, digest = (part.strip() for part in line.split("|"))
            assert re.search(r" \d+\.\d+\.\d+$", package)
            assert licence
            recorded[path] = digest
    present = {
        str(f.relative_to(folder)): hashlib.sha256(f.read_bytes()).hexdigest()
        for f in folder.rglob("*")
        if f.is_file() and f.name != "VENDORED"
    }
    assert recorded == present


@pytest.mark.parametrize("folder", VENDOR_FOLDERS, ids=lambda p: str(p.relative_to(ROOT)))
def test_vendored_files_point_to_no_source_map(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.suffix in (".js", ".css"):
            assert "sourceMappingURL" not in path.read_text(encoding="utf-8"), path.name


def test_the_bundle_is_shim_then_htmx_then_extension_and_blocks() -> None:
    text = (VENDOR_FOLDERS[0] / "htmx.bundle.js").read_text(encoding="utf-8")
    places = [text.index(part) for part in ("title:not(svg title)", "var htmx=", 'registerExtension("ptag"')]
    assert places == sorted(places)
    for base in ("base.html", "base_bare.html"):
        tag = re.search(r"<script[^>]*htmx\.bundle\.js[^>]*>", (TEMPLATE_FOLDER / base).read_text(encoding="utf-8"))
        assert tag
        assert "defer" not in tag[0]
        assert "async" not in tag[0]
