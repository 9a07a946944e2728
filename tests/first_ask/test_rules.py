"""F-3: what a disposition needs, and what became of an entry."""

from __future__ import annotations

import pytest

from portal.first_ask.models import Disposition
from portal.first_ask.rules import HandFacts, Outcome, outcome, problem
from tests.office import NOW

D = Disposition


@pytest.mark.parametrize(
    ("disposition", "department", "outside", "left", "expected"),
    [
        (D.ANSWERED, False, False, False, None),
        (D.CASE, False, False, True, None),
        (D.NOTICE, False, False, False, None),
        (D.PASSED, True, False, False, None),
        (D.PASSED, False, False, False, "department"),
        (D.OUTSIDE, False, True, False, None),
        (D.OUTSIDE, False, False, False, "outside"),
        (D.OUTSIDE, False, True, True, "submitted"),
        (D.OUTSIDE, False, False, True, "submitted"),
        (D.REFUSAL, False, False, True, None),
    ],
)
def test_what_a_disposition_needs(disposition, department, outside, left, expected):
    assert problem(disposition, to_department=department, outside=outside, materials_left=left) == expected


@pytest.mark.parametrize(
    ("disposition", "reversed_at", "case_closed", "answered", "hand", "expected"),
    [
        (D.ANSWERED, None, None, False, None, Outcome.DONE),
        (D.OUTSIDE, None, None, False, None, Outcome.OUTSIDE),
        (D.PASSED, None, None, False, HandFacts(False, False, False), Outcome.WAITING),
        (D.PASSED, None, None, False, HandFacts(False, True, False), Outcome.DISPUTED),
        (D.PASSED, None, None, False, HandFacts(False, True, True), Outcome.TAKEN_OVER),
        (D.PASSED, None, None, False, HandFacts(True, False, False), Outcome.TAKEN_OVER),
        (D.PASSED, None, None, True, HandFacts(True, False, False), Outcome.ANSWERED),
        (D.PASSED, None, False, False, HandFacts(True, False, False), Outcome.CASE_OPEN),
        (D.CASE, None, True, False, None, Outcome.CASE_CLOSED),
        (D.CASE, NOW, True, False, None, Outcome.REVERSED),
    ],
)
def test_what_became_of_an_entry(disposition, reversed_at, case_closed, answered, hand, expected):
    found = outcome(disposition, reversed_at=reversed_at, case_closed=case_closed, answered=answered, hand=hand)
    assert found is expected
