"""The three steps of every import: a file is examined, shown as what it will do, and carried out in whole."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from flask import Response, after_this_request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.wrappers import Response as BaseResponse
from wtforms import Field
from wtforms.validators import ValidationError

from portal.kernel import clock
from portal.kernel.actor import Actor, require_actor
from portal.kernel.errors import Invalid, Refused
from portal.kernel.forms import Needed, PortalForm
from portal.kernel.htmx import go
from portal.kernel.sheets import SheetError
from portal.kernel.waiting import Shelf

#: A filled workbook of a thousand items is well under a tenth of this.
MOST_BYTES = 8 * 1024 * 1024
#: How many faults a page lists; the rest is counted.
SHOWN = 200


class UploadForm(PortalForm):
    """The filled workbook."""

    file = FileField(_l("填好的工作簿"), [Needed(_l("请选择要导入的文件。"))])

    def validate_file(self, field: Field) -> None:
        """Read the content once; too large a file is refused before anything looks into it."""
        self.content = field.data.stream.read(MOST_BYTES + 1)
        if len(self.content) > MOST_BYTES:
            raise ValidationError(_("文件超过 %(n)s MB，请拆分后再导入。", n=MOST_BYTES // 1024 // 1024))


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, where the person finds it."""

    sheet: str
    row: int
    column: str
    message: str


def without_echoes(faults: list[Fault], headings: Mapping[str, Sequence[str]]) -> list[Fault]:
    """One fault a cell in the order of the file: the first that was found, so that a formula is not missing as well.

    ``headings``: those of every sheet, in the order of the file.
    """
    sheets = list(headings)
    place = {(title, each): n for title, columns in headings.items() for n, each in enumerate(columns)}
    kept: dict[tuple[str, int, str], Fault] = {}
    for fault in faults:
        kept.setdefault((fault.sheet, fault.row, fault.column), fault)
    return sorted(kept.values(), key=lambda f: (sheets.index(f.sheet), f.row, place.get((f.sheet, f.column), 0)))


class Examined(Protocol):
    """What a file was found to hold, with all that is wrong with it."""

    faults: list[Fault]


P = TypeVar("P", bound=Examined)
Page = tuple[str, int]


@dataclass(frozen=True)
class Steps(Generic[P]):
    """The steps of one kind of import."""

    #: Where its files wait for their confirmation.
    shelf: Shelf
    #: What a file holds. Raises SheetError for what is no workbook.
    examine: Callable[[bytes], P]
    #: The page of the upload, with what was wrong in the file.
    start: Callable[[UploadForm, P | None], Page]
    #: The page of a plan: its token, the file's digest, the plan.
    preview: Callable[[str, str, P], Page]
    endpoint: str
    #: Carries a plan out. Raises Invalid, Refused.
    bring_in: Callable[[Actor, P, str, datetime], object]
    #: What the address of the preview names besides the token.
    at: Mapping[str, Any] = field(default_factory=dict)

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
        return go(self.endpoint, **self.at, token=self.shelf.keep(actor.id or 0, form.content, clock.now()))

    def show(self, token: str) -> Page:
        """What a good file will do."""
        content = self.shelf.read(require_actor().id or 0, token, clock.now())
        return self.preview(token, hashlib.sha256(content).hexdigest(), self.examine(content))

    def confirm(self, token: str, done: Callable[[P], BaseResponse]) -> BaseResponse | Page:
        """Examine a file again as things stand now, and carry all of it out in this one transaction."""
        actor, now = require_actor(), clock.now()
        content = self.shelf.read(actor.id or 0, token, now)
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
                self.shelf.drop(actor.id or 0, token, now)
            return answer

        return done(plan)
