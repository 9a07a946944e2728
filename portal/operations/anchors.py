"""Exported heads of the journal (J-2): a text file, one line a head, kept where the portal's machine cannot reach."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from flask_babel import gettext as _

from portal.kernel import clock

_LINE = re.compile(r"([1-9][0-9]{0,17}) ([0-9a-f]{64})( .*)?")


class AnchorError(ValueError):
    """A file that holds something else than heads."""


def read(path: Path) -> list[tuple[int, str]]:
    """The heads of a file: sequence number and hash. Raises AnchorError naming the line that is none."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = _LINE.fullmatch(line.strip())
        if parts is None:
            raise AnchorError(_("%(path)s 第 %(n)s 行不是日志摘要。", path=path, n=number))
        found.append((int(parts[1]), parts[2]))
    return found


def append(path: Path, seq: int, head: str, now: datetime) -> None:
    """Add one head, with the time at which it was exported."""
    with open(path, "a", encoding="utf-8") as file:
        file.write(f"{seq} {head} {clock.local(now).isoformat(timespec='seconds')}\n")
