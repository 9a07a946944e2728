"""The figures against a count by hand and by brute force (W-0, W-1, T-6)."""

from __future__ import annotations

import random
import re
from datetime import timedelta

import pytest

from portal.cases import queries as cases
from portal.cases import rules as case_rules
from portal.cases.models import CaseState
from portal.kernel import clock
from portal.pure.deadlines import Light
from portal.wall import board, queries
from portal.wall.rules import Rate
from tests import office as cast

NOW = cast.NOW
POSTS = ("YW-1", "YW-2", "XH-1", "BG-1")
OPEN = (
    CaseState.RECEIVED,
    CaseState.SUPPLEMENT_BEFORE,
    CaseState.ACCEPTED,
    CaseState.IN_PROGRESS,
    CaseState.SUPPLEMENT_AFTER,
)
ENDS = (CaseState.COMPLETED, CaseState.WITHDRAWN, CaseState.LAPSED, CaseState.DEEMED_AGREED)


def fill(rows, seed, number=150):
    """A random office: any mix of stopped, provisional, red without a due date, closed on time and late."""
    dice = random.Random(seed)

    def instant(low, high):
        # Some instants fall on the very second that decides.
        return NOW + timedelta(seconds=dice.choice((0, 0, 1, -1)) if dice.random() < 0.1 else dice.randint(low, high))

    day = 86400
    for _n in range(number):
        post = dice.choice(POSTS)
        if dice.random() < 0.4:
            closed_at = NOW - timedelta(seconds=dice.randint(0, 40 * day))
            rows.case(post, closed_at, late=dice.random() < 0.3, state=dice.choice(ENDS))
            continue
        stopped = dice.random() < 0.15
        due = None if stopped or dice.random() < 0.2 else instant(-6 * day, 9 * day)
        soon = None if due is None else due - timedelta(seconds=dice.randint(0, 4 * day))
        red = instant(-4 * day, 12 * day) if dice.random() < 0.7 else None
        rows.case(
            post,
            state=dice.choice(OPEN),
            due_at=due,
            soon_at=soon,
            red_at=red,
            stopped=stopped,
            provisional=dice.random() < 0.1,
        )


def light(case):
    return case_rules.light_of(NOW, case.due_at, case.soon_at, case.red_at, case.stopped)


@pytest.mark.parametrize("seed", range(8))
def test_lights_are_those_of_a_brute_force_count(rows, seed):
    fill(rows, seed)
    open_ones = [c for c in rows.all() if c.closed_at is None]
    lights = [light(c) for c in open_ones]
    found = queries.lights(NOW)
    assert found.red == lights.count(Light.RED)
    assert found.overdue == lights.count(Light.RED) + lights.count(Light.OVERDUE)
    assert found.soon == lights.count(Light.DUE_SOON)
    late = [c.department_id for c in open_ones if c.due_at is not None and c.due_at < NOW]
    assert found.late == {d: late.count(d) for d in set(late)}


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("limit", [1, 5, 6, 60])
def test_rows_are_the_worst_ones_and_no_more(rows, seed, limit):
    fill(rows, seed, number=90)
    rank = {Light.RED: 0, Light.OVERDUE: 1, Light.DUE_SOON: 2}

    def urgency(case):
        shown = light(case)
        late = shown is not Light.DUE_SOON
        over = case.due_at if case.due_at is not None and (not late or case.due_at < NOW) else case.red_at
        return rank[shown], over, case.id

    expected = sorted((c for c in rows.all() if c.closed_at is None and light(c) is not Light.NORMAL), key=urgency)
    found = queries.worst(NOW, queries.lights(NOW), limit)
    assert [d.light for d in found] == [light(c) for c in expected][:limit]
    if limit >= len(expected):
        assert [d.id for d in found] == [c.id for c in expected]
    else:
        assert len(found) == limit


@pytest.mark.parametrize("seed", range(8))
def test_the_rate_is_that_of_a_brute_force_count_and_of_the_cases_room(rows, seed):
    fill(rows, seed)
    today = clock.today()
    made = board.make(NOW, False)
    closed = [c for c in rows.all() if c.closed_on is not None and today.replace(day=1) <= c.closed_on <= today]
    good = [c for c in closed if not c.closed_late and c.state is not CaseState.DEEMED_AGREED]
    late = [c for c in rows.all() if c.closed_at is None and c.due_at is not None and c.due_at < NOW]
    assert made.rate == Rate(len(closed), len(good), len(late))
    asked = cases.on_time(today.replace(day=1), today, NOW)
    assert (asked.closed, asked.on_time, asked.open_overdue) == (len(closed), len(good), len(late))
    assert made.closed_today == sum(c.closed_on == today for c in closed) == cases.closed_today()
    for department, rate in made.rates:
        one = cases.on_time(today.replace(day=1), today, NOW, department)
        assert rate == Rate(one.closed, one.on_time, one.open_overdue)
    assert [r.percent for _d, r in made.rates] == sorted(r.percent for _d, r in made.rates)


def test_the_rate_by_hand(rows):
    """W-0: 12 closed this month, of them 1 late and 1 by tacit consent, and 3 open ones overdue: 10 of 15."""
    for n in range(10):
        rows.case(closed_at=NOW - timedelta(days=n))
    rows.case(closed_at=NOW, late=True)
    rows.case(closed_at=NOW, state=CaseState.DEEMED_AGREED)
    for days in (1, 2, 3):
        rows.case(due_at=NOW - timedelta(days=days), soon_at=NOW - timedelta(days=days + 1))
    rows.case(due_at=NOW + timedelta(days=3), soon_at=NOW + timedelta(days=2))
    rows.case(closed_at=NOW - timedelta(days=31), late=True)
    made = board.make(NOW, False)
    assert made.rate == Rate(closed=12, on_time=10, open_overdue=3)
    assert made.rate.percent == 66.6


@pytest.mark.parametrize(
    ("rate", "percent"),
    [
        (Rate(), None),
        (Rate(0, 0, 1), 0.0),
        (Rate(1, 1, 0), 100.0),
        (Rate(3000, 2999, 0), 99.9),
        (Rate(3, 2, 0), 66.6),
        (Rate(8, 7, 0), 87.5),
    ],
)
def test_a_percentage_is_cut_so_that_lateness_always_shows(rate, percent):
    assert rate.percent == percent


def figure(page, key):
    found = re.search(rf'<li id="v-{key}".*?<b>(?:<svg.*?</svg>)?([^<]*)', page, re.S)
    return found[1] if found else None


def tile(page, key):
    found = re.search(rf'id="t-{key}".*?<b>([^<]*)<i>', page, re.S)
    return found[1] if found else None


@pytest.mark.parametrize("seed", range(3))
def test_the_page_shows_these_figures(app, rows, tv, seed):
    fill(rows, seed)
    from portal.kernel.db import db

    db.session.commit()
    counts = queries.lights(NOW)
    made = board.make(NOW, False)
    page = tv().get("/wall").get_data(as_text=True)
    assert tile(page, "overdue") == str(counts.overdue)
    assert tile(page, "soon") == str(counts.soon)
    assert figure(page, "closed") == str(made.closed_today)
    assert figure(page, "rate") == f"{made.rate.percent:g}"
    assert f"共 {counts.overdue + counts.soon} 件，显示最急 6 件" in page
    assert len(re.findall(r'<li class="(?:red|overdue|due_soon)" id="c\d+"', page)) == 6


def test_an_empty_office_says_so(tv):
    page = tv().get("/wall").get_data(as_text=True)
    assert [tile(page, key) for key in ("overdue", "soon", "asked", "filings", "complaints", "satisfied")] == [
        *"00000",
        "—",
    ]
    assert [figure(page, key) for key in ("open", "late", "soon", "closed", "rate", "coverage")] == [*"0000", "—", "—"]
    for words in ("没有超期和临期办件", "全员在岗", "没有待审批的否定报备", "没有紧急和待接事项", "本月还没有办结件"):
        assert words in page
    assert 'class="t red"' not in page
    assert 'class="t amber"' not in page
