"""The departments that take part in a joint item: read from the lines that a version publishes (T-9).

A line is ``post code, limit, what is given``, and ``会签`` at its end where only an opinion is asked for. A version
keeps the lines in one form, so that drafts, comparisons and sheets treat them as any other text.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.post_duty.models import Post
from portal.pure.limits import Limit, LimitError, Unit, shorter
from portal.pure.text import clean, nfkc
from portal.service_commitment.words import limit_code

#: What marks a part that gives an opinion only: its silence is what the policy speaks of.
OPINION = "会签"
MOST, LONGEST = 12, 80
_APART = str.maketrans({"，": ",", "、": ",", "|": ",", "；": ",", ";": ",", "\t": ","})


@dataclass(frozen=True)
class Part:
    """One department's part: the post that answers for it, its own limit, what it gives."""

    post: str
    limit: str
    gives: str
    opinion: bool = False

    def __str__(self) -> str:
        line = f"{self.post}，{self.limit}，{self.gives}"
        return f"{line}，{OPINION}" if self.opinion else line


def within(part: str, whole: str, minutes_per_day: int) -> bool:
    """Whether a part's limit ends no later than that of the whole, on whatever day both begin."""
    ours, lead = Limit.parse(part), Limit.parse(whole)
    return (
        ours == lead or (ours.unit is lead.unit and ours.amount <= lead.amount) or shorter(ours, lead, minutes_per_day)
    )


def read(stored: str) -> tuple[Part, ...]:
    """The parts of a published version."""
    return tuple(_line(line) for line in stored.splitlines() if line.strip())


def _line(line: str) -> Part:
    cells = [c.strip() for c in clean(line).translate(_APART).split(",")]
    opinion = len(cells) > 3 and cells[-1] == OPINION
    if opinion:
        cells.pop()
    if len(cells) < 3 or not all(cells):
        raise ValueError(line)
    gives = "，".join(cells[2:])
    return Part(nfkc(cells[0]).upper(), str(Limit.parse(limit_code(cells[1]))), gives, opinion)


def checked(typed: str, promised: str, joint: bool, minutes_per_day: int) -> str:
    """The parts as a version keeps them (T-9). Raises Invalid: not joint, unreadable, no such post, limit too long."""
    lines = [line for line in typed.splitlines() if line.strip()]
    if lines and not joint:
        raise Invalid("parts", _("只有联办件有分办科室。"), "T-9")
    if len(lines) > MOST:
        raise Invalid("parts", _("分办科室最多 %(n)s 个。", n=MOST), "T-9")
    if lines and promised == Unit.ON_SPOT:
        raise Invalid("parts", _("当场办结的事项没有分办科室。"), "T-9")
    found = [_readable(line, promised, minutes_per_day) for line in lines]
    for n, part in enumerate(found):
        if any(part.post == other.post for other in found[:n]):
            raise Invalid("parts", _("岗位 %(code)s 写了两次。", code=part.post), "T-9")
    return "\n".join(str(p) for p in found)


def _readable(line: str, promised: str, minutes_per_day: int) -> Part:
    try:
        part = _line(line)
    except (ValueError, LimitError):
        raise Invalid("parts", _("“%(line)s”读不懂：请写岗位编码，时限，提供什么。", line=line[:40]), "T-9") from None
    if len(part.gives) > LONGEST:
        raise Invalid("parts", _("“%(line)s”太长。", line=line[:40]), "T-9")
    if db.session.scalar(select(Post.id).where(Post.code == part.post, Post.closed_on.is_(None))) is None:
        raise Invalid("parts", _("没有编码为 %(code)s 的岗位。", code=part.post), "T-9")
    if not within(part.limit, promised, minutes_per_day):
        raise Invalid("parts", _("岗位 %(code)s 的时限须在承诺时限之内。", code=part.post), "T-9")
    return part
