"""A case as the tests of this room open it."""

from __future__ import annotations

import pytest

from portal.cases import service
from portal.cases.service import Client
from portal.kernel import transaction
from portal.people import queries as people
from portal.service_commitment import queries as catalogue
from tests.office import NOW


def accepted(office, at=NOW):
    """A complete case of YW-1 with a promise of five working days, accepted at once; to be called in a transaction."""
    clerk = people.actor_by_username("clerk", at)
    made = service.open_case(
        clerk,
        at,
        matter="张三申请科普教育基地认定",
        client=Client("", "张三", "13800001234"),
        item=catalogue.by_id(office.items["SX-001"]),
        received=(1, 2, 3),
    )
    service.accept(clerk, made, at)
    return made


@pytest.fixture
def case(office):
    """A case accepted now."""
    with transaction.act():
        return accepted(office)
