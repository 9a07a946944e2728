"""A case of an item that charges and that says what a broken promise brings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.kernel.db import db
from portal.service_commitment import service as catalogue
from portal.service_commitment.models import ServiceItem
from tests.cases.conftest import accepted, do, opened
from tests.office import NOW

__all__ = ["accepted", "do", "opened"]


@pytest.fixture
def charging(office, act, as_actor):
    """SX-001 costs 10 yuan a piece and promises an apology or compensation."""
    with act():
        item = db.session.get(ServiceItem, office.items["SX-001"])
        content = replace(
            catalogue.content_of(item.current_version),
            fee_fen=1000,
            fee_unit="份",
            fee_basis="收费目录第 3 项",
            breach_kinds="apology,compensation",
            breach="三个工作日内书面致歉，并补偿 50 元。",
        )
        return catalogue.publish(as_actor("office"), item, content, NOW)


@pytest.fixture
def case(charging, accepted):
    """A case under that version, of the clerk."""
    return accepted()
