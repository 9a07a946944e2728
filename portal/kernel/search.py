"""Full-text search over Chinese: overlapping pairs of characters in the database's own index.

SQLite keeps the pairs in an FTS5 table, PostgreSQL in a tsvector with a GIN index; both are made by the first
migration. No search scans a table.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, column, select, text
from sqlalchemy.sql.expression import Select

from portal.kernel.db import dialect
from portal.kernel.statements import Ready
from portal.pure.text import bigrams, nfkc

#: Number spaces of the index: one per kind of thing, so that one table serves all.
SPACES = {
    "first_ask": 1,
    "case": 2,
    "denial_filing": 3,
    "post_task": 4,
    "supervision": 5,
    "supervision_card": 6,
    "register": 7,
}
_WIDTH = 8


def tokens(*parts: str | None) -> str:
    """The words of the index for some text: pairs for Chinese, whole words otherwise, plus word beginnings."""
    found: list[str] = []
    for part in parts:
        if part:
            found += bigrams(part)
    return " ".join(dict.fromkeys(found))


def _ref(kind: str, ref_id: int) -> int:
    return ref_id * _WIDTH + SPACES[kind]


_PUT = {
    "sqlite": Ready(text("INSERT INTO search_index(rowid, tokens) VALUES (:ref, :tokens)")),
    "postgresql": Ready(
        text(
            "INSERT INTO search_index(ref, tokens) VALUES (:ref, to_tsvector('simple', :tokens))"
            " ON CONFLICT (ref) DO UPDATE SET tokens = search_index.tokens || excluded.tokens"
        )
    ),
}


def put(kind: str, ref_id: int, *parts: str | None) -> None:
    """Index the text of one thing; text that is corrected later is found by its old and its new words."""
    _PUT[dialect()].run({"ref": _ref(kind, ref_id), "tokens": tokens(*parts)})


def words(query: str) -> list[str]:
    """The index words of what a person typed (a single character matches as a beginning)."""
    return bigrams(nfkc(query))[:20]


def _beginning(word: str, mark: str) -> str:
    """The mark of a word that may go on: a pair of characters is whole, and looking it up as it is costs far less."""
    return "" if len(word) == 2 and not word.isascii() else mark


def matching(kind: str, query: str, limit: int = 2000) -> Select[Any] | None:
    """A select of the ids of a kind that match all words, newest first; None when the query has no word."""
    found = words(query)
    if not found:
        return None
    space = SPACES[kind]
    if dialect() == "sqlite":
        phrase = " AND ".join('"' + w.replace('"', '""') + '"' + _beginning(w, "*") for w in found)
        source = text(
            "SELECT rowid / 8 AS ref_id FROM search_index WHERE search_index MATCH :phrase"
            " AND rowid % 8 = :space ORDER BY rowid DESC LIMIT :most"
        ).bindparams(phrase=phrase, space=space, most=limit)
    else:
        phrase = " & ".join("'" + w.replace("'", "''").replace("\\", "\\\\") + "'" + _beginning(w, ":*") for w in found)
        source = text(
            "SELECT ref / 8 AS ref_id FROM search_index WHERE tokens @@ to_tsquery('simple', :phrase)"
            " AND ref % 8 = :space ORDER BY ref DESC LIMIT :most"
        ).bindparams(phrase=phrase, space=space, most=limit)
    inner = source.columns(column("ref_id", Integer)).subquery()
    return select(inner.c.ref_id)


def restrict(query: Select[Any], id_column: Any, kind: str, typed: str) -> Select[Any]:
    """Narrow a query to what matches the typed words (unchanged when nothing searchable was typed)."""
    found = matching(kind, typed)
    return query if found is None else query.where(id_column.in_(found))
