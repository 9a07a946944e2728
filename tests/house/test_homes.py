"""What has one home: the commit, the clock, the visitor; and no file grows beyond what one reads in a sitting."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PORTAL = Path(__file__).resolve().parents[2] / "portal"
SOURCES = sorted(p for p in PORTAL.rglob("*.py"))
MOST_LINES = 400

#: what is written → the files in which it may be written
HOMES = {
    "commit": {"kernel/transaction.py", "kernel/web.py", "migrations/env.py"},
    "now of the machine": {"kernel/clock.py"},
    "current_user": {"kernel/actor.py"},
}
_NOW = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}


def written(source: str) -> set[str]:
    """Which of the homebound things a source uses."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
            if node.func.attr == "commit":
                found.add("commit")
            if (name, node.func.attr) in _NOW:
                found.add("now of the machine")
        if (isinstance(node, ast.Name) and node.id == "current_user") or (
            isinstance(node, ast.alias) and node.name == "current_user"
        ):
            found.add("current_user")
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PORTAL)))
def test_homebound_things_stay_at_home(path: Path) -> None:
    place = path.relative_to(PORTAL).as_posix()
    for thing in written(path.read_text(encoding="utf-8")):
        assert place in HOMES[thing], f"{thing} is written in {place}"


@pytest.mark.parametrize(
    ("source", "thing"),
    [
        ("db.session.commit()", "commit"),
        ("session.commit()", "commit"),
        ("datetime.now(UTC)", "now of the machine"),
        ("datetime.datetime.utcnow()", "now of the machine"),
        ("date.today()", "now of the machine"),
        ("time.time()", "now of the machine"),
        ("from flask_login import current_user", "current_user"),
    ],
)
def test_the_search_finds_each(source: str, thing: str) -> None:
    assert written(source) == {thing}


def long_files() -> list[str]:
    files = [*SOURCES, *PORTAL.rglob("templates/**/*.html"), *(PORTAL / "static" / "js").glob("*.js")]
    return [
        f"{p.relative_to(PORTAL)}: {n}"
        for p in files
        if "versions" not in p.parts and (n := len(p.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    ]


def test_files_stay_readable() -> None:
    assert long_files() == []
