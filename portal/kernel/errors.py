"""Refusals that a person can cause, each with a message in their language."""

from __future__ import annotations

from typing import Any

from werkzeug.exceptions import HTTPException


class Refused(HTTPException):
    """Base of refusals with an own message. ``code`` is the HTTP status."""

    code = 409

    def __init__(self, message: Any, rule: str = "") -> None:
        super().__init__(description=str(message))
        self.message = message
        self.rule = rule


class Conflict(Refused):
    """The object is no longer in the state that the page showed, or a rule forbids the act in this state."""

    code = 409


class NotAllowed(Refused):
    """The actor may not do this to this object."""

    code = 403


class Invalid(Exception):
    """A rule refuses the content of a field: shown at that field with status 422."""

    def __init__(self, field: str, message: Any, rule: str = "") -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message
        self.rule = rule
