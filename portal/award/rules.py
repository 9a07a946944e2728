"""Periods, who may vote on whom, and how a vote comes out (O-7). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.pure.months import month_after


class Ties(StrEnum):
    """What happens to those with equal voices at the last place (written rule)."""

    DECIDED = "decided"
    ALL = "all"
    NONE = "none"


class Outcome(StrEnum):
    """How the vote came out for one nomination."""

    ELECTED = "elected"
    TIED = "tied"
    NOT_ELECTED = "not_elected"


#: Months of each period.
MONTHS = {"month": 1, "quarter": 3, "year": 12}


def period(span: str, day: date) -> tuple[date, date]:
    """First and last day of the month, quarter or year of a day."""
    months = MONTHS[span]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return first, month_after(first, months) - timedelta(days=1)


@dataclass(frozen=True)
class Count:
    """The voices of one nomination, of the ballots of those who could vote on it."""

    votes: int
    ballots: int

    def reaches(self, percent: int) -> bool:
        """Whether it has at least so many percent of its ballots, and any voice at all."""
        return self.votes > 0 and 100 * self.votes >= percent * self.ballots


def outcome(counts: Mapping[int, Count], places: int, percent: int, ties: Ties) -> dict[int, Outcome]:
    """How a vote comes out: the most voices within the places, each with at least so many percent of its ballots.

    Where those with equal voices do not all fit into the last places, the written rule says whether all are elected,
    none is, or the decision chooses among them. The order in which they are given never matters.
    """
    found = dict.fromkeys(counts, Outcome.NOT_ELECTED)
    able = {key: count for key, count in counts.items() if count.reaches(percent)}
    left = places
    for votes in sorted({count.votes for count in able.values()}, reverse=True):
        if left <= 0:
            break
        level = [key for key, count in able.items() if count.votes == votes]
        if len(level) <= left:
            what = Outcome.ELECTED
        else:
            what = {Ties.DECIDED: Outcome.TIED, Ties.ALL: Outcome.ELECTED, Ties.NONE: Outcome.NOT_ELECTED}[ties]
        found.update(dict.fromkeys(level, what))
        left -= len(level)
    return found


def concerned(
    voter: int | None, voter_department: int | None, nominee_user: int | None, nominee_department: int
) -> bool:
    """Whether somebody is concerned by a nomination: the person, or one of the collective."""
    if nominee_user is not None:
        return voter == nominee_user
    return voter_department == nominee_department


def most(places: int, outcomes: Mapping[int, Outcome]) -> int:
    """How many may be chosen at most: the places, or all whom the rule for ties elected beyond them."""
    return max(places, sum(each is Outcome.ELECTED for each in outcomes.values()))
