"""The queue of writers of one embedded database: one in a process by a lock in memory, one of all by a locked file.

SQLite lets one writer in at a time and makes the others look again after pauses that grow to a tenth of a second; with
several processes the last in line waits long although the database is free. A file that the present writer holds is
asked for every half millisecond instead. A second file is held by whoever comes next: a process that has had its turn
comes after one that waits already. The files decide nothing: whoever does not get them in time goes on and leaves the
answer to the database.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: one process serves there
    fcntl = None  # type: ignore[assignment]

_PAUSE = 0.0005
#: One writer at a time in a process.
_turn = threading.RLock()
_depth = threading.local()
#: Process, path and the handles of the files in use: who comes next, whose turn it is.
_opened: list[tuple[int, Path, tuple[int, int]]] = []


@contextmanager
def queue(file: Path | None, patience: float) -> Iterator[None]:
    """Wait for the turn to write: in this process without end, on the file at most ``patience`` seconds."""
    with _turn:
        _depth.n = getattr(_depth, "n", 0) + 1
        try:
            if file is None or fcntl is None or _depth.n > 1:
                yield
            else:
                with _held(file, patience):
                    yield
        finally:
            _depth.n -= 1


@contextmanager
def _held(file: Path, patience: float) -> Iterator[None]:
    """Hold the turn, and until it is held the place of the next one."""
    following, present = _handles(file)
    until = time.monotonic() + patience
    queued = _taken(following, until)
    got = _taken(present, until)
    if queued:
        fcntl.flock(following, fcntl.LOCK_UN)
    try:
        yield
    finally:
        if got:
            fcntl.flock(present, fcntl.LOCK_UN)


def _taken(handle: int, until: float) -> bool:
    """Whether the file could be taken before its time was over."""
    while not _take(handle):
        if time.monotonic() >= until:
            return False
        time.sleep(_PAUSE)
    return True


def _take(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _handles(file: Path) -> tuple[int, int]:
    """The files, opened by this process itself: one inherited from a parent would share the parent's lock."""
    kept = _opened[0] if _opened else None
    if kept is None or kept[:2] != (os.getpid(), file):
        for handle in kept[2] if kept is not None else ():
            os.close(handle)
        kept = (os.getpid(), file, (_open(file.with_suffix(".next")), _open(file)))
        _opened[:] = [kept]
    return kept[2]


def _open(file: Path) -> int:
    return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
