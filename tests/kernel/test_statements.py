"""Statements that go straight to the driver: same values in, same values out, and no others than plain ones."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy import Table, bindparam, select

from portal.cases.models import Case
from portal.kernel.idempotency import Submission
from portal.kernel.numbers import NumberSeries
from portal.kernel.statements import Ready
from tests.office import NOW

SERIES = cast(Table, NumberSeries.__table__)
KEPT = cast(Table, Submission.__table__)


def test_what_went_in_comes_out_as_the_models_have_it(office, act) -> None:
    """An instant is UTC in the database and aware in Python, on every database."""
    body, at = "%s 文 ? :x", NOW + timedelta(microseconds=7)
    found = Ready(select(KEPT.c.at, KEPT.c.status, KEPT.c.body).where(KEPT.c.key == bindparam("key")))
    row = {"user_id": office.users["clerk"], "digest": "d", "status": 303, "headers": "{}", "body": body, "at": at}
    with act():
        assert found.one_or_none({"key": "k" * 24}) is None
        Ready.into(KEPT).run({**row, "key": "k" * 24})
    assert found.one_or_none({"key": "k" * 24}) == (at, 303, body)


def test_several_rows_go_in_one_statement(office, act) -> None:
    """Nothing is lost or mixed up between the sets of values; what is fixed in the statement stays."""
    years = Ready(select(SERIES.c.year, SERIES.c.last).where(SERIES.c.prefix == "ZZ").order_by(SERIES.c.year))
    with act():
        Ready.into(SERIES, "year", "last", "prefix").run(
            *({"prefix": "ZZ", "year": 2020 + n, "last": n, "more": "not a column"} for n in range(3))
        )
    assert [tuple(row) for row in years.run()] == [(2020, 0), (2021, 1), (2022, 2)]


def test_a_missing_value_is_refused(office) -> None:
    with pytest.raises(KeyError, match="last"):
        Ready.into(SERIES).run({"prefix": "ZZ", "year": 2020})


@pytest.mark.parametrize(
    ("statement", "columns", "said"),
    [
        (select(SERIES.c.last).where(SERIES.c.year.in_([1, 2])), None, "takes a list"),
        (cast(Table, Case.__table__).insert(), ("number",), "needs defaults"),
    ],
)
def test_what_only_the_library_can_carry_out_is_refused(office, statement, columns, said) -> None:
    with pytest.raises(ValueError, match=said):
        Ready(statement, columns).run({"number": "SX-1"})
