"""How much a line counts, in words and as a number: the quantity of its fact with its unit (E-3)."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from portal.kernel.sheets import Figure, measured
from portal.pure.scoring import Kind, rounded
from portal.score_table.vocabulary import DAYS, FACTS, HALF_DAYS, PERCENT, TIMES

_HUNDRED = Decimal(100)


def unit(kind: str, source: str) -> LazyString | None:
    """What a line is counted in: as its fact is, else as its rule (``kind``) counts; None where neither says it."""
    sort, _colon, name = source.partition(":")
    if sort == "fact" and name in FACTS:
        return FACTS[name].unit
    if kind == Kind.PER_POINT:
        return PERCENT
    if kind == Kind.PER_DAY:
        return DAYS
    return TIMES if kind and kind != Kind.BAND else None


def amount(quantity: Decimal, kind: str, source: str) -> Figure:
    """A quantity to two places with its unit: 3 次, 1.5 天, 39.29%."""
    n, counted = rounded(quantity), unit(kind, source)
    if counted is PERCENT:
        return Figure(f"{n}%", quantity / _HUNDRED, "0.00%")
    if counted is DAYS:
        said = _("%(n)s 天", n=n)
    elif counted is HALF_DAYS:
        said = ngettext("%(n)s 个半天", "%(n)s 个半天", 1 if quantity == 1 else 2, n=n)
    elif counted is TIMES:
        said = _("%(n)s 次", n=n)
    else:
        said = n
    return Figure(said, quantity, measured(quantity, said.partition(n)[2]))
