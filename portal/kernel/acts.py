"""What a page does with a form of one act: do it and say so, or show the refusal at its field."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash

from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.kernel.forms import PortalForm


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
