"""The form of a backup: one ``.tar.gz`` whose manifest holds the digest of every file and the journal's head."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from portal.operations import storage

FORMAT = 1
MANIFEST = "manifest.json"
SQLITE, POSTGRESQL = "portal.db", "portal.dump"
_NAME = re.compile(r"portal\.db|portal\.dump|config\.toml|secret_key|attachments/[0-9a-f]{2}/[0-9a-f]{32}")
_LARGEST_MANIFEST = 256 * 1024 * 1024
_CHUNK = 1024 * 1024


class BackupError(RuntimeError):
    """A backup or a restore that was not done; the text says why."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. ``files`` gives size and SHA-256 by name; ``seq`` and ``head`` name the journal's head."""

    made_at: str
    database: str
    revision: str
    seq: int
    head: str
    files: Mapping[str, Mapping[str, Any]]
    missing: list[str] = field(default_factory=list)
    format: int = FORMAT

    def dump(self) -> bytes:
        """The text of the manifest."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode()

    @classmethod
    def load(cls, content: bytes) -> Manifest:
        """Read a manifest. Raises BackupError when it is none of ours."""
        try:
            found = json.loads(content)
            if found["format"] != FORMAT:
                raise BackupError(_("清单的格式 %(format)s 不认识。", format=found["format"]))
            made = cls(**found)
            for name, entry in made.files.items():
                if (
                    not _NAME.fullmatch(name)
                    or not isinstance(entry["sha256"], str)
                    or not isinstance(entry["size"], int)
                ):
                    raise BackupError(_("清单里有意外的文件 %(name)s。", name=name))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BackupError(_("清单无法读取：%(why)s", why=error)) from None
        return made


def describe(path: Path) -> dict[str, Any]:
    """What a manifest keeps of a file."""
    return {"sha256": storage.sha256(path), "size": path.stat().st_size}


def write(target: Path, manifest: Manifest, sources: Mapping[str, Path]) -> None:
    """Write an archive, readable by its owner only, under its name only when it is whole and on disk."""
    partial = target.with_name(target.name + ".partial")
    handle = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as tar:
                _add(tar, MANIFEST, io.BytesIO(manifest.dump()), len(manifest.dump()))
                for name, path in sources.items():
                    with open(path, "rb") as content:
                        _add(tar, name, content, manifest.files[name]["size"])
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, target)
        storage.sync_folder(target.parent)
    finally:
        partial.unlink(missing_ok=True)


def _add(tar: tarfile.TarFile, name: str, content: Any, size: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    tar.addfile(member, content)


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source, mode="r:gz") as tar:
            yield tar
    except (tarfile.TarError, EOFError, OSError) as error:
        raise BackupError(_("备份无法读取：%(why)s", why=error)) from None


def extract(source: Path, folder: Path) -> Manifest:
    """Unpack an archive into an empty folder and compare every file with the manifest.

    Raises BackupError for anything missing, changed, damaged or unexpected; nothing outside the folder is written.
    """
    with _opened(source) as tar:
        first = tar.next()
        if first is None or first.name != MANIFEST or not first.isreg() or first.size > _LARGEST_MANIFEST:
            raise BackupError(_("备份的开头不是清单。"))
        content = tar.extractfile(first)
        manifest = Manifest.load(content.read() if content else b"")
        left = dict(manifest.files)
        for member in iter(tar.next, None):
            wanted = left.pop(member.name, None)
            if wanted is None or not member.isreg():
                raise BackupError(_("备份里有意外的文件 %(name)s。", name=member.name))
            if member.size != wanted["size"] or _unpack(tar, member, folder / member.name) != wanted["sha256"]:
                raise BackupError(_("%(name)s 与清单不符。", name=member.name))
    if left:
        raise BackupError(_("备份缺少 %(name)s。", name=min(left)))
    return manifest


def _unpack(tar: tarfile.TarFile, member: tarfile.TarInfo, path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    seen = hashlib.sha256()
    content = tar.extractfile(member)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while content is not None and (chunk := content.read(_CHUNK)):
            seen.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return seen.hexdigest()
