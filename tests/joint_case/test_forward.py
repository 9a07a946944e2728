"""Forwarded upward (T-9): a named tracker, whose time is whose, only the promised clock stands still (T-4)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cases import handling
from portal.joint_case import queries, rules, service
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.pure.workdays import WorkCalendar
from tests.joint_case.conftest import again
from tests.office import NOW, SHANGHAI, later


def send(case, ids, who="clerk2"):
    return lambda a, n: service.forward(a, case, "省科协", "示科〔2026〕1 号", ids.users[who], n)


def test_the_promised_clock_alone_stands_still(upward, do, office):
    case = upward()
    law = case.statutory_due_at
    do("clerk", later(hours=1), send(case, office))
    case = again(case)
    assert case.due_at is None
    assert case.stopped
    assert case.statutory_due_at == law
    with pytest.raises(Conflict):
        do("clerk", later(hours=2), lambda a, n: handling.complete(a, case, "同意", "", "", n))
    with pytest.raises(Conflict):
        do("clerk", later(hours=2), send(case, office))
    do("clerk2", later(days=2), lambda a, n: service.bring_back(a, again(case), "省科协已批复", n))
    case = again(case)
    assert not case.stopped
    assert case.due_at > later(days=5)
    (sent,) = queries.forwardings(case.id)
    assert (sent.tracker_id, sent.result) == (office.users["clerk2"], "省科协已批复")
    do("clerk", later(days=2, hours=1), lambda a, n: handling.complete(a, case, "转达批复", "", "", n))


def test_the_tracker_alone_besides_the_handler_brings_it_back(upward, do, office):
    case = upward()
    do("clerk", later(hours=1), send(case, office, "head"))
    with pytest.raises(NotAllowed):
        do("other", later(hours=2), lambda a, n: service.bring_back(a, case, "返回", n))
    with pytest.raises(Invalid):
        do("clerk", later(hours=2), lambda a, n: service.hand_over_tracking(a, case, office.users["head"], n))
    do("clerk", later(hours=2), lambda a, n: service.hand_over_tracking(a, again(case), office.users["clerk"], n))
    assert [f.case_id for f in queries.tracked(office.users["clerk"])] == [case.id]
    assert queries.tracked(office.users["head"]) == []


def test_only_this_kind_goes_up(published, opened, do, office):
    case = opened(published("SX-001"))
    with pytest.raises(Conflict):
        do("clerk", later(hours=1), send(case, office))


@given(a=st.integers(0, 400), b=st.integers(0, 400), c=st.integers(0, 400))
def test_ours_and_theirs_are_the_whole(a, b, c):
    """Property: nothing is counted twice or lost."""
    calendar = WorkCalendar({}, frozenset({2026}))
    since = datetime(2026, 11, 18, 10, 0, tzinfo=SHANGHAI)
    sent, back, until = (since + timedelta(hours=h) for h in sorted((a, b, c)))
    found = rules.shares(since, until, [(sent, back)], calendar)
    whole = rules.shares(since, until, [], calendar)
    assert found.ours + found.theirs == whole.ours
    assert min(found.ours, found.theirs) >= timedelta()
    assert 0 <= found.percent <= 100


def test_the_agent_is_named_and_shown(upward, do, office, get):
    case = upward()
    with pytest.raises(Invalid):
        do("clerk", later(hours=1), lambda a, n: service.name_agent(a, case, 99_999, n))
    do("clerk", later(hours=1), lambda a, n: service.name_agent(a, again(case), office.users["clerk2"], n))
    assert "由李强免费代办" in get("clerk", f"/cases/{case.number}").text


def test_pages(upward, do, office, get):
    case = upward()
    assert get("clerk", f"/cases/{case.number}/forward").status_code == 200
    assert get("clerk", f"/cases/{case.number}/returned").status_code == 404
    do("clerk", NOW, send(case, office))
    page = get("clerk", f"/cases/{case.number}").text
    for said in ("省科协", "李强", "本单位用时占", "尚未返回"):
        assert said in page
    assert get("clerk2", f"/cases/{case.number}/returned").status_code == 200
    assert "请跟踪" in get("clerk2", "/").text
    assert get("other", f"/cases/{case.number}/forward").status_code == 404
