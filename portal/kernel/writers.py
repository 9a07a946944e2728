"""The queue of writers of one embedded database: one in a process by a lock in memory, one of all by a locked file.

SQLite lets one writer in at a time and makes the others look again after pauses that grow to a tenth of a second; with
several processes the last in line waits long although the database is free. A file that the present writer holds is
asked for every millisecond instead. The file decides nothing: whoever does not get it in time goes on and leaves the
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

_PAUSE = 0.001
#: One writer at a time in a process.
_turn = threading.RLock()
_depth = threading.local()
#: Process, path and handle of the file in use.
_opened: list[tuple[int, Path, int]] = []


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
    handle = _handle(file)
    until = time.monotonic() + patience
    got = _take(handle)
    while not got and time.monotonic() < until:
        time.sleep(_PAUSE)
        got = _take(handle)
    try:
        yield
    finally:
        if got:
            fcntl.flock(handle, fcntl.LOCK_UN)


def _take(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _handle(file: Path) -> int:
    """The file, opened by this process itself: one inherited from a parent would share the parent's lock."""
    kept = _opened[0] if _opened else None
    if kept is None or kept[:2] != (os.getpid(), file):
        if kept is not None:
            os.close(kept[2])
        kept = (os.getpid(), file, os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        _opened[:] = [kept]
    return kept[2]
