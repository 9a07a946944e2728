"""Opinions as the tests of this room open and move them."""

from __future__ import annotations

from datetime import datetime

from portal.cases import handling
from portal.cases import service as cases
from portal.cases.service import Client
from portal.client_opinion import service
from portal.client_opinion.models import How, Opinion
from portal.kernel.db import db
from portal.people import queries as people
from portal.service_commitment import queries as catalogue
from tests.office import NOW

PHONE = "13900005678"


def who(username: str, at: datetime):
    return people.actor_by_username(username, at)


def closed_case(ids, at=NOW, phone=PHONE, name="张三"):
    """A case of YW-1, handled by the clerk and closed at once; to be called in a transaction."""
    clerk = who("clerk", at)
    made = cases.open_case(
        clerk, at, matter="基地认定", client=Client("", name, phone), item=catalogue.by_id(ids.items["SX-001"]),
        received=(1, 2, 3),
    )  # fmt: skip
    cases.accept(clerk, made, at)
    handling.complete(clerk, made, "已认定", "", "", at)
    return made


def bad_review(ids, at=NOW, **given) -> Opinion:
    """A signed bad review of YW; to be called in a transaction, as all below."""
    given = {"department_id": ids.departments["YW"], "contact_name": "张三", "contact_phone": PHONE, **given}
    return service.open_opinion(
        "bad_review", "等了很久", at, source="evaluation", grade=5, reasons=("态度生硬", "超时"), **given
    )


def to_answered(o: Opinion, at=NOW) -> Opinion:
    if o.contact_due_at is not None:
        service.contact(who("office", at), o, How.PHONE, "已致歉", at)
    service.draft(who("head", at), o, "已补办", at)
    service.approve(who("leader", at), o, "", at)
    service.answer(who("head", at), o, How.PHONE, "表示接受", at)
    db.session.flush()
    return o


def to_rectified(o: Opinion, at=NOW) -> Opinion:
    to_answered(o, at)
    service.confirm(who("office", at), o, "情况属实", "限期整改", at)
    service.rectify(who("head", at), o, "已组织学习", at)
    db.session.flush()
    return o
