"""Cases as strangers hold their slips, and the requests of a stranger."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from portal.cases import handling, service
from portal.cases.models import Case
from portal.cases.service import Client
from portal.kernel import clock, transaction
from portal.one_time_notice import service as notices
from portal.people import queries as people
from portal.service_commitment import queries as catalogue

NAME, PHONE = "周小明", "13905431234"


@pytest.fixture
def slip(app, ids):
    """Open a case and give its number with the receipt's check code: ``slip(phone="")`` leaves no phone."""

    def make(phone=PHONE, received=(1, 2, 3), accept=False, at: datetime | None = None, item="SX-001", done=False):
        at = at or clock.now()
        with app.app_context(), transaction.act():
            actor = people.actor_by_username("clerk" if item != "SX-003" else "other", at)
            case: Case = service.open_case(
                actor,
                at,
                matter=f"{NAME}的认定",
                client=Client("滨海研学公司", NAME, phone),
                item=catalogue.by_id(ids.items[item]),
                received=received,
            )
            if accept or done:
                service.accept(actor, case, at)
            if done:
                service.start(actor, case, at)
                handling.complete(actor, case, "已认定", "认定证书", "", at)
            return case.number, notices.receipt_code(case)

    return make


@pytest.fixture
def ask(app):
    """Ask where a case stands: ``ask(number, digits, address=…)`` → the answer."""

    def send(number: str, digits: str, address: str = "10.0.0.7", **fields: Any):
        return app.test_client().post(
            "/public/status",
            data={"number": number, "digits": digits, **fields},
            environ_base={"REMOTE_ADDR": address},
        )

    return send
