"""Exported heads of the journal (J-2): a text file, one line a head, kept where the portal's machine cannot reach.

The heads that the portal's page exports as JSON lines are read too.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from flask_babel import gettext as _

from portal.audit import rules
from portal.kernel import clock


class AnchorError(ValueError):
    """A file that holds something else than heads."""


def read(path: Path) -> list[tuple[int, str]]:
    """The heads of a file: sequence number and hash. Raises AnchorError naming the line that is none."""
    try:
        return rules.read_heads(path.read_text(encoding="utf-8", errors="replace"))
    except rules.BadHead as error:
        raise AnchorError(_("%(path)s 第 %(n)s 行不是日志摘要。", path=path, n=error.number)) from None


def append(path: Path, seq: int, head: str, now: datetime) -> None:
    """Add one head, with the time at which it was exported."""
    with open(path, "a", encoding="utf-8") as file:
        file.write(f"{seq} {head} {clock.local(now).isoformat(timespec='seconds')}\n")
