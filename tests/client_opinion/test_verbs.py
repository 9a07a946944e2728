"""The verbs of clients' opinions, by the cast (S-4)."""

from __future__ import annotations

from portal.client_opinion import service
from portal.client_opinion.models import OpinionState
from tests.office import NOW


def test_an_opinion_is_registered(office, act):
    with act():
        made = service.open_opinion(
            "bad_review", "", NOW, department_id=office.departments["YW"], source="evaluation",
            contact_phone="13800000000", grade=5, reasons=("态度生硬",),
        )  # fmt: skip
    assert made.number == "YJ-2026-0001" and made.state is OpinionState.REGISTERED
    assert made.grade == "5" and made.contact_due_at is not None
