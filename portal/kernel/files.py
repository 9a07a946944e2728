"""Attachments: generated storage names, type by content, size limits, served as downloads only."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import puremagic
from flask import Response, current_app, send_file
from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Index, String, event, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import NotFound

from portal.kernel.db import Base, UtcDateTime, db
from portal.kernel.errors import Invalid
from portal.pure.text import clean, is_storable

#: What an office hands in. The type is found in the content; the name's ending is not trusted.
ALLOWED = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".jfif": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".zip": "application/zip",
    ".txt": "text/plain",
}
#: What a page may show in place: browsers draw these and run nothing of them.
PICTURES = frozenset({"image/jpeg", "image/png", "image/gif"})
MOST_AT_ONCE = 10


class Attachment(Base):
    """One stored file, belonging to one object of a room."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_type: Mapped[str] = mapped_column(String(32))
    owner_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    storage_name: Mapped[str] = mapped_column(String(40), unique=True)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_attachment_owner", "owner_type", "owner_id"),)


def folder() -> Path:
    """The folder of the site's attachments."""
    found: Path = current_app.extensions["portal.config"].instance / "attachments"
    return found


def _media_type(content: bytes, name: str) -> str | None:
    ending = Path(name).suffix.lower()
    try:
        found = {m.extension.lower() for m in puremagic.magic_string(content[:262144], name)}
    except (puremagic.PureError, ValueError):
        found = set()
    if ending in found and ending in ALLOWED:
        return ALLOWED[ending]
    for known in found:
        if known in ALLOWED and known != ".txt":
            return ALLOWED[known]
    if ending == ".txt" and b"\0" not in content:
        return ALLOWED[".txt"]
    return None


def store(
    uploads: Iterable[FileStorage],
    owner_type: str,
    owner_id: int,
    actor_id: int | None,
    now: datetime,
    most_megabytes: int,
    field: str = "files",
) -> list[Attachment]:
    """Keep uploaded files (written and synced before the commit; removed again when the act is rolled back).

    Raises Invalid for an empty, too large or not accepted file, naming it.
    """
    chosen = [u for u in uploads if u and u.filename]
    if len(chosen) > MOST_AT_ONCE:
        raise Invalid(field, _("一次最多上传 %(n)s 个文件。", n=MOST_AT_ONCE))
    made = []
    for upload in chosen:
        name = clean((upload.filename or "").replace("\\", "/").rsplit("/", 1)[-1])[-200:]
        if not name or not is_storable(name):
            raise Invalid(field, _("文件名含有无法保存的字符。"))
        content = upload.stream.read(most_megabytes * 1024 * 1024 + 1)
        if len(content) > most_megabytes * 1024 * 1024:
            raise Invalid(field, _("文件“%(name)s”超过 %(n)s MB。", name=name, n=most_megabytes))
        if not content:
            raise Invalid(field, _("文件“%(name)s”是空的。", name=name))
        media_type = _media_type(content, name)
        if media_type is None:
            raise Invalid(field, _("不接受“%(name)s”的文件类型；请用 PDF、图片、Word、Excel 或文本。", name=name))
        made.append(_keep(content, name, media_type, owner_type, owner_id, actor_id, now))
    return made


def _keep(
    content: bytes, name: str, media_type: str, owner_type: str, owner_id: int, actor_id: int | None, now: datetime
) -> Attachment:
    storage_name = secrets.token_hex(16)
    path = folder() / storage_name[:2] / storage_name
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    db.session().info.setdefault("written_files", []).append(path)
    row = Attachment(
        owner_type=owner_type,
        owner_id=owner_id,
        name=name,
        storage_name=storage_name,
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=actor_id,
        uploaded_at=now,
    )
    db.session.add(row)
    return row


@event.listens_for(Session, "after_rollback")
def _remove_written(session: Session) -> None:
    session.info.pop("erased_files", None)
    for path in session.info.pop("written_files", []):
        path.unlink(missing_ok=True)


@event.listens_for(Session, "after_commit")
def _keep_written(session: Session) -> None:
    session.info.pop("written_files", None)
    for path in session.info.pop("erased_files", []):
        path.unlink(missing_ok=True)


def erase(rows: Iterable[Attachment]) -> int:
    """Erase files that must not be kept any longer: their rows now, their content with the commit; returns how many."""
    session, n = db.session(), 0
    for row in rows:
        session.info.setdefault("erased_files", []).append(folder() / row.storage_name[:2] / row.storage_name)
        session.delete(row)
        n += 1
    return n


def of(owner_type: str, owner_id: int) -> list[Attachment]:
    """The files of one object, oldest first."""
    return list(
        db.session.scalars(
            select(Attachment)
            .where(Attachment.owner_type == owner_type, Attachment.owner_id == owner_id)
            .order_by(Attachment.id)
        )
    )


def one_of(file_id: int, *owners: tuple[str, int]) -> Attachment:
    """A file by its number, when it belongs to one of the objects, each by type and number. Raises NotFound.

    A page first sees whether its reader may read the objects.
    """
    found = db.session.get(Attachment, file_id)
    if found is None or (found.owner_type, found.owner_id) not in owners:
        raise NotFound()
    return found


def send(attachment: Attachment) -> Response:
    """Answer with a file as a download under its own name. Raises NotFound when it is gone from the disk."""
    path = folder() / attachment.storage_name[:2] / attachment.storage_name
    if not path.is_file():
        raise NotFound()
    return send_file(path, mimetype=attachment.media_type, as_attachment=True, download_name=attachment.name)


def show(attachment: Attachment) -> Response:
    """Answer with a picture to be shown in a page of ours, anything else as a download. Raises NotFound."""
    answer = send(attachment)
    if attachment.media_type in PICTURES:
        answer.headers["Content-Disposition"] = "inline"
    return answer


def facts(rows: Iterable[Attachment]) -> list[dict[str, Any]]:
    """What the journal keeps of files: name, size and digest."""
    return [{"name": r.name, "size": r.size, "sha256": r.sha256} for r in rows]
