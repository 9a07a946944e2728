"""The histogram of the share of the promised limit used, and what is read from it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

#: Upper bounds of the steps, in per mille of the limit, each included; the last step has none.
EDGES = (*range(50, 1001, 50), 1100, 1250, 1500)
STEPS = len(EDGES) + 1
#: The whole limit: below it a case that is not late was early.
WHOLE = 1000


def step_of(share: int) -> int:
    """The step of the histogram that a share (per mille) falls into."""
    return next((n for n, edge in enumerate(EDGES) if share <= edge), len(EDGES))


def bounds(step: int) -> tuple[int | None, int | None]:
    """Between which shares a step lies: above the first (None: from nothing on), up to the second (None: no end)."""
    low = EDGES[step - 1] if step else None
    return low, EDGES[step] if step < len(EDGES) else None


def percentile(histogram: Sequence[int], percent: int = 90) -> int | None:
    """Up to which share (per mille) that many percent of the cases have come; None without cases.

    The upper bound of the step in which they are reached; one more than the last bound beyond it.
    """
    whole = sum(histogram)
    if not whole:
        return None
    needed = -(-whole * percent // 100)
    reached = next(n for n, seen in enumerate(accumulate(histogram)) if seen >= needed)
    return EDGES[reached] if reached < len(EDGES) else EDGES[-1] + 1
