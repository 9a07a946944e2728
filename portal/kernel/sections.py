"""A publication's sections of sentences and tables: kept as they stood, shown again, written on paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from portal.kernel.documents import Paper

#: What a table shows where there is no figure.
NOTHING = "—"
#: The width of a paper's text and of its tables' column of names (cm).
WIDTH, FIRST = 15.8, 2.8


@dataclass(frozen=True)
class Table:
    """A table of words; the first column names the line."""

    title: str
    headings: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Section:
    """A section: sentences, then tables."""

    key: str
    title: str
    lines: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)

    def frozen(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


def thawed(kept: dict[str, Any]) -> Section:
    """A section as it was kept."""
    return Section(kept["key"], kept["title"], kept["lines"], [Table(**each) for each in kept["tables"]])


def write(paper: Paper, found: list[Section], note: Callable[[str], str]) -> None:
    """Write the sections on a paper, each with its note."""
    for n, section in enumerate(found, 1):
        paper.line(f"{n}. {section.title}", bold=True)
        for each in section.lines:
            paper.line(each, indent=True)
        for table in section.tables:
            if table.title:
                paper.line(table.title)
            rest = (WIDTH - FIRST) / max(1, len(table.headings) - 1)
            paper.table(table.headings, table.rows, (FIRST, *[rest] * (len(table.headings) - 1)))
        for each in note(section.key).splitlines():
            paper.line(each, indent=True)
