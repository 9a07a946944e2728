"""The three steps of every import: a file is examined, shown as what it will do, and carried out in whole."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from flask import Response, after_this_request
from werkzeug.wrappers import Response as BaseResponse

from portal.intake import pending
from portal.intake.forms import UploadForm
from portal.intake.lines import Fault, Plan
from portal.kernel import clock
from portal.kernel.actor import Actor, require_actor
from portal.kernel.errors import Invalid, Refused
from portal.kernel.htmx import go
from portal.kernel.sheets import SheetError

P = TypeVar("P", bound=Plan)
Page = tuple[str, int]


@dataclass(frozen=True)
class Steps(Generic[P]):
    """The steps of one kind of import."""

    #: What a file holds. Raises SheetError for what is no workbook.
    examine: Callable[[bytes], P]
    #: The page of the upload, with what was wrong in the file.
    start: Callable[[UploadForm, P | None], Page]
    #: The page of a plan: its token, the file's digest, the plan.
    preview: Callable[[str, str, P], Page]
    endpoint: str
    #: Carries a plan out. Raises Invalid, Refused.
    bring_in: Callable[[Actor, P, str, datetime], object]

    def upload(self) -> BaseResponse | Page:
        """Keep a file for confirmation when it is good, else list all that is wrong by row."""
        actor, form = require_actor(), UploadForm()
        if not form.sent():
            return self.start(form, None)
        try:
            plan = self.examine(form.content)
        except SheetError as error:
            form.refuse(Invalid("file", error))
            return self.start(form, None)
        if plan.faults:
            return self.start(form, plan)
        return go(self.endpoint, token=pending.keep(actor.id or 0, form.content, clock.now()))

    def show(self, token: str) -> Page:
        """What a good file will do."""
        content = pending.read(require_actor().id or 0, token, clock.now())
        return self.preview(token, hashlib.sha256(content).hexdigest(), self.examine(content))

    def confirm(self, token: str, done: Callable[[P], BaseResponse]) -> BaseResponse | Page:
        """Examine a file again as things stand now, and carry all of it out in this one transaction."""
        actor, now = require_actor(), clock.now()
        content = pending.read(actor.id or 0, token, now)
        plan, digest = self.examine(content), hashlib.sha256(content).hexdigest()
        if plan.faults:
            return self.preview(token, digest, plan)
        try:
            self.bring_in(actor, plan, digest, now)
        except (Invalid, Refused) as error:
            plan.faults.append(Fault("", 0, "", str(error.message)))
            return self.preview(token, digest, plan)

        @after_this_request
        def forget(answer: Response) -> Response:
            if answer.status_code < 400:  # committed: only now is the file needed no more
                pending.drop(actor.id or 0, token, now)
            return answer

        return done(plan)
