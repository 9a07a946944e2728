"""Accepted cases of the cast, and the verbs of this room on them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from portal.cases.models import Case
from portal.kernel import clock
from portal.policy import service as policy
from portal.timed_completion import extending, service
from portal.timed_completion.service import Content
from tests.cases.conftest import accepted, again, do, events, facts, opened  # noqa: F401 - fixtures of the case room
from tests.office import SHANGHAI


def local(month: int, day: int, hour: int = 17, minute: int = 30, year: int = 2026) -> datetime:
    """An instant of the office; close of business unless said."""
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def hearing(**changed) -> Content:
    """A hearing by the law office, expected to end on 24 November."""
    said = {
        "reason": "hearing",
        "basis": "行政许可法第四十五条",
        "agency": "市司法局",
        "expected_on": date(2026, 11, 24),
    }
    return Content(**{**said, **changed})


@pytest.fixture
def capped(do):  # noqa: F811
    """Hearings last five working days at most: begun on the 19th, up to Thursday 26 November, close of business."""
    now = clock.now()
    do(
        "office",
        now,
        lambda actor, at: policy.set_value(actor, "timed_completion.pause_cap_hearing", "5wd", "试行", at),
    )


@pytest.fixture
def begun(accepted, do, capped):  # noqa: F811
    """A case accepted on Wednesday 18 November (5wd: the 25th; 20wd: 16 December), its hearing begun on the 19th."""
    case = accepted()
    return do("clerk", local(11, 19, 10, 0), lambda actor, at: service.start(actor, case, hearing(), at))


@pytest.fixture
def asked(accepted, do):  # noqa: F811
    """Three more days asked for on the 20th."""
    case = accepted()
    return do("clerk", local(11, 20, 10, 0), lambda actor, at: extending.ask(actor, case, 3, "场地核验需要时间", at))


def case_of(thing) -> Case:
    return again(thing.case)
