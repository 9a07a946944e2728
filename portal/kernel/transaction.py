"""One business act is one transaction, and there is one place that commits.

The view of an unsafe request runs inside ``turn()``; it is committed once, before it is answered, when its answer is
good (below 400), and rolled back otherwise. Commands and sweeps use ``act()``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask.typing import ResponseReturnValue

from portal.config import Config
from portal.kernel import writers
from portal.kernel.db import db, writing


@dataclass(frozen=True)
class Act:
    """What a view that reads first leaves to be done in its turn to write."""

    perform: Callable[[], ResponseReturnValue]


def reads_first(view: Callable[..., ResponseReturnValue | Act]) -> Callable[..., Any]:
    """Declare a view that reads and checks its form before its turn to write, and answers with an `Act` or a refusal.

    Others need not wait while a form is read. What is read before the turn may have changed in it: the act asks again
    for whatever it rests on, the actor too.
    """
    view.reads_first = True  # type: ignore[attr-defined]
    return view


@contextmanager
def turn() -> Iterator[None]:
    """Let the current context write; nothing is committed here."""
    config: Config = current_app.extensions["portal.config"]
    file = config.database_file.with_suffix(".turn") if config.embedded else None
    with writers.queue(file, config.busy_ms / 1000):
        token = writing.set(True)
        try:
            db.session.rollback()  # a reading transaction must not become a writing one
            yield
        finally:
            writing.reset(token)


def commit() -> None:
    """Commit the business act; the single commit of a request."""
    db.session.commit()


def rollback() -> None:
    """Undo everything of the current act."""
    db.session.rollback()


def give_up() -> None:
    """Undo everything and only read from now on: a page about a held database must not wait for it again."""
    rollback()
    writing.set(False)


@contextmanager
def act() -> Iterator[None]:
    """One business act outside a request: committed at the end, rolled back on any error."""
    with turn():
        try:
            yield
            commit()
        except BaseException:
            rollback()
            raise
