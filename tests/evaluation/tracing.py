"""What somebody with the whole database tries in order to trace a ballot to its visit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Flask
from sqlalchemy import inspect, text

from portal.kernel.db import db, dialect


def dump(app: Flask) -> str:
    """Everything that stands in the database, as text."""
    found = []
    with app.app_context():
        for name in inspect(db.engine).get_table_names():
            if name.startswith("search_index"):
                continue
            for row in db.session.execute(text(f'SELECT * FROM "{name}"')):
                found.append(" ".join(str(bytes(v) if isinstance(v, memoryview) else v) for v in row))
        db.session.rollback()
    return "\n".join(found)


def correlations(table: str, mark: str, visits: Sequence[str]) -> dict[str, float]:
    """Rank correlation of the visits' order with every order in which a table can be read: as it lies, and by each
    column and (on PostgreSQL) the hidden ones."""
    orders = ["", *(c["name"] for c in inspect(db.session.connection()).get_columns(table) if c["name"] != mark)]
    if dialect() == "postgresql":
        orders += ["ctid", "xmin::text::bigint", "cmin::text::bigint"]
    place = {said: n for n, said in enumerate(visits)}
    found = {}
    for order in orders:
        rows = db.session.execute(text(f"SELECT {mark} FROM {table}" + (f" ORDER BY {order}" if order else "")))
        if order and not _tells(table, order):
            continue
        found[order] = spearman([place[said] for (said,) in rows if said in place])
    return found


def _tells(table: str, order: str) -> bool:
    """Whether an order says more than the order in which the table lies: whether its values differ."""
    count: Any = db.session.scalar(text(f"SELECT COUNT(DISTINCT {order}) FROM {table}"))
    return bool(count > 1)


def spearman(ranks: Sequence[int]) -> float:
    """The rank correlation of a permutation with the order 0, 1, 2, …"""
    n, sorted_ = len(ranks), sorted(ranks)
    place = {value: i for i, value in enumerate(sorted_)}
    square = sum((place[value] - i) ** 2 for i, value in enumerate(ranks))
    return 1 - 6 * square / (n * (n * n - 1)) if n > 1 else 0.0
