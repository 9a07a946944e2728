"""What rooms above put on a task's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.kernel.actor import Actor
from portal.post_task.models import Task

#: A fragment of the other room with what it needs.
Panel = tuple[str, dict[str, Any]]
Source = Callable[[Task, Actor], Panel | None]
_sources: list[Source] = []


def beside(source: Source) -> Source:
    """A room tells what it adds to every task's page."""
    if source not in _sources:
        _sources.append(source)
    return source


def panels(task: Task, actor: Actor) -> list[Panel]:
    """The panels of all rooms for a task."""
    return [found for source in _sources if (found := source(task, actor)) is not None]
