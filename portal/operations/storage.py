"""What the doctor and the backup ask of disks and files."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tomllib
from pathlib import Path

#: File systems that reach another machine, on which SQLite's locks and shared memory do not hold.
NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "9p", "afs", "glusterfs", "lustre", "vboxsf", "prl_fs"}
    | {"drvfs", "fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.rclone", "fuse.vmhgfs-fuse", "davfs", "fuse.davfs2"}
)
_MOUNTS = Path("/proc/self/mounts")
_REMOTE_DRIVE = 4


def _unescaped(text: str) -> str:
    for code, sign in ((r"\040", " "), (r"\011", "\t"), (r"\012", "\n"), (r"\134", "\\")):
        text = text.replace(code, sign)
    return text


def mounted_as(path: Path, mounts: str) -> str:
    """The kind of file system that holds a path, by the lines of a table of mounts; empty when none does."""
    best, kind = -1, ""
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        place = Path(_unescaped(parts[1]))
        if path.is_relative_to(place) and len(place.parts) >= best:
            best, kind = len(place.parts), parts[2]
    return kind


def network_filesystem(path: Path) -> str:
    """The kind of network share that a folder is on, empty when it is on this machine (or cannot be told)."""
    if sys.platform == "win32":
        if str(path).startswith("\\\\"):
            return "UNC"
        import ctypes

        remote = ctypes.windll.kernel32.GetDriveTypeW(path.anchor) == _REMOTE_DRIVE
        return "network drive" if remote else ""
    if not _MOUNTS.exists():
        return ""
    kind = mounted_as(path.resolve(), _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape"))
    return kind if kind in NETWORK else ""


def free_bytes(path: Path) -> int:
    """Free space on the disk of a folder."""
    return shutil.disk_usage(path).free


def holds_secret(config_file: Path) -> bool:
    """Whether a config.toml holds the secret key or an address with a password."""
    try:
        found = tomllib.loads(config_file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return False
    address = str(found.get("database_url", "")).partition("://")[2].partition("@")[0]
    return bool(found.get("secret_key")) or ":" in address


def sha256(path: Path) -> str:
    """The digest of a file's content."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_folder(path: Path) -> None:
    """Make a rename in a folder outlive a power cut (where the system knows how)."""
    if os.name == "posix":
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
