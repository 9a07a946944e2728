"""What a page does with a form of one act: do it and say so, or show the refusal at its field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from flask import flash
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import clock
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import Base, db, locked
from portal.kernel.errors import Invalid
from portal.kernel.forms import PortalForm
from portal.kernel.htmx import go


def carried_out(form: PortalForm, act: Callable[[], object], done: str, fields: dict[str, str] | None = None) -> bool:
    """Whether the form was sent in order and ``act()`` did what it asks; then ``done`` is said on the next page.

    Otherwise the form holds what is wrong and nothing of the act is left in the session; rows must be read again.
    ``fields`` gives the form's names for those that a rule uses.
    """
    if form.sent():
        try:
            act()
        except Invalid as error:
            error.field = (fields or {}).get(error.field, error.field)
            form.refuse(error)
        else:
            flash(done)
            return True
    db.session.rollback()
    return False


Row = TypeVar("Row", bound=Base)
Form = TypeVar("Form", bound=PortalForm)


@dataclass(frozen=True)
class Verbs(Generic[Row, Form]):
    """The verbs of a thing with a number: seen, locked, done, and back to its page; a refusal shows at its field."""

    model: type[Row]
    #: The row for who may read it. Raises NotFound.
    find: Callable[[Actor, str], Row]
    form: Callable[[Row], Form]
    #: The thing's page with the form, open at the verb that was refused.
    page: Callable[[Actor, Row, Form, str], str]
    endpoint: str
    #: What is locked before the row, in the order in which everybody locks.
    first: Callable[[Row], object] | None = None
    fields: dict[str, str] | None = None

    def __call__(
        self, number: str, name: str, verb: Callable[[Actor, Row, Form, datetime], object], done: str
    ) -> BaseResponse | tuple[str, int]:
        """Do one verb. ``done`` is said on the page, ``name`` is the part of the page where it was asked for."""
        actor = require_actor()
        seen = self.find(actor, number)
        if self.first is not None:
            self.first(seen)
        row = locked(self.model, number=number)
        form = self.form(row)
        if carried_out(form, lambda: verb(actor, row, form, clock.now()), done, self.fields):
            return go(self.endpoint, number=number)
        return self.page(actor, self.find(actor, number), form, name), 422
