"""Door plates: what a room tells the house about itself (menu, to-dos, sweep)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, has_request_context, request

from portal.kernel import epochs, i18n
from portal.kernel.actor import Actor


@dataclass(frozen=True)
class MenuItem:
    """One entry of the main menu; ``count`` gives the number in the badge (0 hides it)."""

    title: Any
    endpoint: str
    permission: str
    order: int
    count: Callable[[Actor, datetime], int] | None = None
    urgent: bool = False


@dataclass(frozen=True)
class ToDo:
    """Something a person should do now, as shown on their home page."""

    kind: str
    title: str
    detail: str
    url: str
    action: str
    due_at: datetime | None = None
    light: str = "normal"


@dataclass(frozen=True)
class Plate:
    """A room as the house sees it."""

    name: str
    title: Any
    blueprint: Blueprint | None = None
    permissions: tuple[str, ...] = ()
    menu: tuple[MenuItem, ...] = ()
    todos: Callable[[Actor, datetime], list[ToDo]] | None = None
    sweep: Callable[[datetime], int] | None = None
    #: What a sweep does outside every transaction, after all rooms were swept: it takes its own, as short as it can.
    afterwards: Callable[[datetime], int] | None = None


def plates() -> tuple[Plate, ...]:
    """All rooms of the running house."""
    found: tuple[Plate, ...] = current_app.extensions["portal.plates"]
    return found


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """All to-dos of a person, most urgent first; the same list while nothing has changed (W-3)."""
    key = ("todos", actor.id, i18n.language(), request.script_root if has_request_context() else "")
    return epochs.while_unchanged(key, now, lambda: _todos(actor, now))


def _todos(actor: Actor, now: datetime) -> list[ToDo]:
    found = [item for plate in plates() if plate.todos for item in plate.todos(actor, now)]
    return sorted(found, key=lambda t: _urgency(t, now))


def _urgency(todo: ToDo, now: datetime) -> tuple[int, float, bool]:
    """Red first, then what is overdue, then by deadline; what has none comes after, the soon due before the rest."""
    late = todo.light == "overdue" or (todo.due_at is not None and todo.due_at < now)
    rank = 0 if todo.light == "red" else 1 if late else 2
    return rank, todo.due_at.timestamp() if todo.due_at else math.inf, todo.light != "due_soon"
