"""The grammar of score tables (E-2), and the arithmetic of a month, of a year and of a ranking (E-4).

A table is data: categories with a base or without, in them rules, each with its kind, its points and its source.
Points are signed decimals – deductions below zero, bonuses above – and never floating. Nothing is rounded except what
cannot be written in full: a share of a step (`Rule.whole` off) and the average of a year, both to two places, half up.

Never: a line that counts twice; a sum that depends on the order of the lines; a rule without a figure that scores.
"""

from portal.pure.scoring.checking import problem
from portal.pure.scoring.counting import CategorySum, Disqualified, Result, RuleSum, Scored, score
from portal.pure.scoring.data import from_data, to_data
from portal.pure.scoring.grammar import (
    FIGURED,
    Band,
    Bar,
    Category,
    Group,
    Kind,
    Line,
    LineError,
    Note,
    Problem,
    Rule,
    Side,
    Subject,
    Table,
    TableError,
    percent,
    plain,
    rounded,
    signed,
)
from portal.pure.scoring.ranking import Ties, rank
from portal.pure.scoring.yearly import Missing, Year, year

__all__ = [
    "FIGURED",
    "Band",
    "Bar",
    "Category",
    "CategorySum",
    "Disqualified",
    "Group",
    "Kind",
    "Line",
    "LineError",
    "Missing",
    "Note",
    "Problem",
    "Result",
    "Rule",
    "RuleSum",
    "Scored",
    "Side",
    "Subject",
    "Table",
    "TableError",
    "Ties",
    "Year",
    "from_data",
    "percent",
    "plain",
    "problem",
    "rank",
    "rounded",
    "score",
    "signed",
    "to_data",
    "year",
]
