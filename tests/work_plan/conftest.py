"""A plan of the department YW in force: three items due on 25, 27 and 30 November 2026."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from portal.kernel import transaction
from portal.people import queries as people
from portal.work_plan import drafting
from portal.work_plan.common import Text
from tests.office import NOW

BEFORE = NOW - timedelta(days=30)
STEPS = (
    ("场馆开放", "修订开放办法", "clerk", date(2026, 11, 25)),
    ("场馆开放", "培训讲解员", "clerk2", date(2026, 11, 27)),
    ("学术交流", "筹备年会", "head", date(2026, 11, 30)),
)


def who(name, at=NOW):
    return people.actor_by_username(name, at)


def drafted(ids, year=2026, at=BEFORE):
    plan = drafting.draft(who("head", at), ids.departments["YW"], year, "办好三件事", at)
    for key_task, step, person, due in STEPS:
        text = Text(key_task, step, "印发文件", ids.users[person], due.replace(year=year))
        drafting.add_item(who("head", at), plan, text, at)
    return plan


def in_force(ids):
    plan = drafted(ids)
    drafting.submit(who("head", BEFORE), plan, BEFORE)
    drafting.discuss(who("leader", BEFORE), plan, "同意报班子会", BEFORE)
    drafting.approve(who("principal", BEFORE), plan, BEFORE.date(), "会议纪要〔2026〕11 号", BEFORE)
    return plan


@pytest.fixture
def force(app, ids):
    """The numbers of the plan and its items."""
    with app.app_context(), transaction.act():
        plan = in_force(ids)
        return SimpleNamespace(number=plan.number, items=[i.number for i in plan.items], id=plan.id)
