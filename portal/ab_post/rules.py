"""The one question of AB-3: who answers for this post at this instant, and why. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why somebody answers for a post."""

    HOLDER = "holder"
    B_FOR_A = "b_for_a"
    NAMED_COVER = "named_cover"
    HEAD = "head"
    GAP = "gap"


class Gap(StrEnum):
    """What a post lacks (AB-1)."""

    NO_A = "no_a"
    NO_B = "no_b"
    SAME = "same"
    B_OF_VACANT = "b_of_vacant"


@dataclass(frozen=True)
class Answer:
    """Who answers (None: a gap), why, for whom, and whether A left without a handover."""

    user_id: int | None
    reason: Reason
    for_user_id: int | None = None
    handover_missing: bool = False

    @property
    def acting(self) -> bool:
        """True when somebody answers in the holder's place."""
        return self.reason in (Reason.B_FOR_A, Reason.NAMED_COVER, Reason.HEAD)


def who_answers(
    a: int | None,
    b: int | None,
    covers: Iterable[int],
    heads: Iterable[int],
    present: Callable[[int], bool],
    handed_over: Callable[[int], bool] = lambda _user: True,
) -> Answer:
    """Resolve a post (AB-1, AB-3).

    In order: A when present; B; whom the head named, the latest named first; the heads, only while present; else a
    gap. A cover named by the head comes after B: B is the standing cover.
    """
    if a is not None and present(a):
        return Answer(a, Reason.HOLDER)
    missing = a is not None and not handed_over(a)
    candidates = [(b, Reason.B_FOR_A)]
    candidates += [(user_id, Reason.NAMED_COVER) for user_id in covers]
    candidates += [(user_id, Reason.HEAD) for user_id in heads]
    for user_id, reason in candidates:
        if user_id is not None and user_id != a and present(user_id):
            return Answer(user_id, reason, a, missing)
    return Answer(None, Reason.GAP, a, missing)


def gaps(a: int | None, b: int | None) -> tuple[Gap, ...]:
    """What the assignment of a post lacks (AB-1)."""
    if a is None:
        return (Gap.NO_A, Gap.NO_B) if b is None else (Gap.B_OF_VACANT,)
    if b is None:
        return (Gap.NO_B,)
    return (Gap.SAME,) if a == b else ()
