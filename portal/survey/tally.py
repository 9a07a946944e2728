"""The figures of a survey from its papers (S-2). Pure.

Figures of fewer than ``least`` people are withheld, and so is as much more as is needed that nobody can work them out
from the total and what is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from portal.survey.rules import QuestionKind

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen; ``points`` for a scale."""

    value: str
    text: str
    points: int | None = None


@dataclass(frozen=True)
class Question:
    """A question as it is counted."""

    id: int
    kind: QuestionKind
    text: str
    options: tuple[Option, ...] = ()


#: What one paper says: the values chosen by question.
Marks = Mapping[int, Sequence[str]]


@dataclass(frozen=True)
class Count:
    """How often an option was chosen; None where it is withheld."""

    text: str
    count: int
    percent: float


@dataclass(frozen=True)
class Line:
    """One department's figures of a scale; None: withheld."""

    name: str
    answered: int | None
    mean: float | None


@dataclass(frozen=True)
class Result:
    """The figures of one question. ``withheld``: too few answered, nothing is shown but that."""

    question: Question
    answered: int
    withheld: bool
    counts: tuple[Count, ...] = ()
    mean: float | None = None
    #: Whether one highest and one lowest were left out of the mean.
    trimmed: bool = False
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Results:
    """The figures of a survey; ``answered`` None: too few answered at all."""

    answered: int | None
    least: int
    questions: tuple[Result, ...] = ()

    @property
    def withheld(self) -> bool:
        """Whether nothing can be shown."""
        return self.answered is None


def mean(points: Sequence[int], drop_extremes: bool) -> tuple[float | None, bool]:
    """The mean, and whether one highest and one lowest were dropped: only where at least one other stays."""
    if not points:
        return None, False
    ordered = sorted(points)
    if drop_extremes and len(ordered) > 2:
        return sum(ordered[1:-1]) / (len(ordered) - 2), True
    return sum(ordered) / len(ordered), False


def withheld(sizes: Mapping[K, int], least: int) -> frozenset[K]:
    """The groups that are withheld: those of fewer than ``least``, and then the smallest others.

    What is withheld is either nothing or, all together, at least ``least`` people in at least two groups: what the
    total tells of it beyond what is shown is then no group of fewer. An empty group tells nothing and is shown.
    """
    present = sorted((n, str(k), k) for k, n in sizes.items() if n)
    hidden = [k for n, _name, k in present if n < least]
    if not hidden:
        return frozenset()
    for _n, _name, k in present[len(hidden) :]:
        if len(hidden) > 1 and sum(sizes[h] for h in hidden) >= least:
            break
        hidden.append(k)
    return frozenset(hidden)


def results(questions: Iterable[Question], papers: Sequence[Marks], least: int, drop_extremes: bool) -> Results:
    """All figures of a survey. Nothing at all is shown of fewer than ``least`` papers."""
    asked = tuple(questions)
    if len(papers) < least:
        return Results(None, least)
    groups = next((q for q in asked if q.kind is QuestionKind.DEPARTMENT), None)
    made = [_result(q, groups, papers, least, drop_extremes) for q in asked]
    return Results(len(papers), least, tuple(made))


def _result(q: Question, groups: Question | None, papers: Sequence[Marks], least: int, drop: bool) -> Result:
    given = [(paper, tuple(paper.get(q.id, ()))) for paper in papers]
    given = [(paper, values) for paper, values in given if values]
    if len(given) < least:
        return Result(q, 0, True)
    if q.kind is QuestionKind.TEXT:
        return Result(q, len(given), False)
    chosen = Counter(value for _paper, values in given for value in set(values))
    hidden = withheld({o.value: chosen[o.value] for o in q.options}, least) if q is groups else frozenset()
    counts = tuple(
        Count(o.text, chosen[o.value], 100 * chosen[o.value] / len(given)) for o in q.options if o.value not in hidden
    )
    if q.kind is not QuestionKind.SCALE:
        return Result(q, len(given), False, counts)
    worth = {o.value: o.points or 0 for o in q.options}
    average, trimmed = mean([worth[values[0]] for _paper, values in given if values[0] in worth], drop)
    lines = _lines(groups, worth, given, least, drop) if groups else ()
    return Result(q, len(given), False, counts, average, trimmed, lines)


def _lines(
    groups: Question,
    worth: Mapping[str, int],
    given: Sequence[tuple[Marks, tuple[str, ...]]],
    least: int,
    drop: bool,
) -> tuple[Line, ...]:
    """A scale by department. Papers that name no department are a group of their own that is never shown."""
    points: dict[str, list[int]] = {o.value: [] for o in groups.options}
    nowhere: list[int] = []
    for paper, values in given:
        where = tuple(paper.get(groups.id, ()))
        points.get(where[0] if where else "", nowhere).append(worth.get(values[0], 0))
    sizes = {value: len(found) for value, found in points.items()}
    hidden = withheld({**sizes, "": len(nowhere)}, least)
    made = []
    for option in groups.options:
        found = points[option.value]
        if option.value in hidden:
            made.append(Line(option.text, None, None))
        elif found:
            made.append(Line(option.text, len(found), mean(found, drop)[0]))
    return tuple(made)
