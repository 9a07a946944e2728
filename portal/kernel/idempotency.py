"""The same submission, sent eight times, is one record and one answer.

Every form carries a key. The answer of the first good submission is kept in the same transaction as the record; a
repetition gets that answer. The same key with other content is refused: that form was already sent.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from datetime import datetime, timedelta
from typing import Any, cast

from flask import Response, request
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import Index, String, Table, Text, bindparam, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base, UtcDateTime, db
from portal.kernel.errors import Conflict
from portal.kernel.statements import Ready

FIELD = "_key"
KEPT = timedelta(days=7)
_SHAPE = re.compile(r"[0-9A-Za-z_-]{8,64}")
_HEADERS = ("Location", "HX-Redirect", "HX-Trigger", "HX-Push-Url")


class Submission(Base):
    """The kept answer of a submission."""

    __tablename__ = "submission"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    headers: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_submission_at", "at"),)


_TABLE = cast(Table, Submission.__table__)
#: Built once: every form that is sent runs them.
_KEPT_ANSWER = Ready(
    select(_TABLE.c.digest, _TABLE.c.status, _TABLE.c.headers, _TABLE.c.body).where(
        _TABLE.c.key == bindparam("key"), _TABLE.c.user_id == bindparam("user_id")
    )
)
_KEEP = Ready.into(_TABLE)


def new_key() -> str:
    """A fresh key for a form."""
    return secrets.token_urlsafe(18)


def key_input() -> Markup:
    """The hidden input that carries the key."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, new_key())


def sent_key() -> str | None:
    """The key of this request, None when absent or malformed."""
    key = request.form.get(FIELD, "")
    return key if _SHAPE.fullmatch(key) else None


def _digest() -> str:
    body = hashlib.sha256(f"{request.method} {request.path}".encode())
    for name in sorted(request.form):
        if name not in (FIELD, "csrf_token"):
            for value in request.form.getlist(name):
                body.update(f"\0{name}\0{value}".encode("utf-8", "surrogatepass"))
    for name in sorted(request.files):
        for file in request.files.getlist(name):
            body.update(f"\0{name}\0{file.filename}\0".encode("utf-8", "surrogatepass"))
            file.stream.seek(0)
            body.update(hashlib.file_digest(cast(Any, file.stream), "sha256").digest())
            file.stream.seek(0)
    return body.hexdigest()


def replay(user_id: int) -> Response | None:
    """The answer already given to this submission, or None when it is new.

    Raises Conflict when the key was used for other content.
    """
    key = sent_key()
    if key is None:
        return None
    kept = _KEPT_ANSWER.one_or_none({"key": key, "user_id": user_id})
    if kept is None:
        return None
    digest, status, headers, body = kept
    if digest != _digest():
        raise Conflict(_("这份表单已经提交过。请重新打开页面后再填写新的内容。"))
    answer = Response(body, status=status, mimetype="text/html")
    for name, value in json.loads(headers).items():
        answer.headers[name] = value
    return answer


def keep(user_id: int, answer: Response, now: datetime) -> None:
    """Keep the answer of a good submission in the current transaction."""
    key = sent_key()
    if key is None or answer.is_streamed or answer.direct_passthrough:
        return
    _KEEP.run(
        {
            "key": key,
            "user_id": user_id,
            "digest": _digest(),
            "status": answer.status_code,
            "headers": json.dumps({h: answer.headers[h] for h in _HEADERS if h in answer.headers}),
            "body": answer.get_data(as_text=True),
            "at": now,
        },
    )


def sweep(now: datetime) -> int:
    """Drop answers older than a week; returns how many."""
    return db.session.execute(delete(Submission).where(Submission.at < now - KEPT)).rowcount  # type: ignore[attr-defined]
