"""Rules of the filing by table: who decides, what may be said, until when (D-3, D-4, D-5)."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from portal.denial_filing import rules
from portal.denial_filing.models import FilingState as S
from portal.denial_filing.rules import Answerer, Decider, Stage, Verdict, Way
from portal.pure.deadlines import SHANGHAI, Light
from portal.pure.limits import Limit
from portal.pure.states import IllegalMove
from portal.pure.workdays import OfficeHours, WorkCalendar

CLERK, LEADER, DEPUTY, PRINCIPAL = 1, 2, 3, 4
HOURS = OfficeHours(((time(9), time(12)), (time(13, 30), time(17, 30))))
CALENDAR = WorkCalendar(days={}, known_years=frozenset({2026}), hours=HOURS)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def stage(state=S.WAITING_LEADER, own=LEADER, principal=PRINCIPAL, **kw) -> Stage:
    made = {
        "state": state,
        "grave": False,
        "filed_by_id": CLERK,
        "handlers": frozenset({CLERK}),
        "escalated_by_id": None,
        "own": Answerer(own),
        "principal": Answerer(principal),
        "leader": Answerer(LEADER),
        **kw,
    }
    return Stage(**made)


P = S.WAITING_PRINCIPAL
AS_PRINCIPAL = Answerer(LEADER, acting=True, for_user_id=PRINCIPAL)


@pytest.mark.parametrize(
    ("found", "user", "way"),
    [
        (stage(), LEADER, Way.OWN),
        (stage(own=DEPUTY), DEPUTY, Way.OWN),
        (stage(own=CLERK), PRINCIPAL, Way.PRINCIPAL),
        (stage(handlers={CLERK, LEADER}), PRINCIPAL, Way.PRINCIPAL),
        (stage(own=None), PRINCIPAL, Way.PRINCIPAL),
        (stage(own=None, principal=None), None, Way.NOBODY),
        (stage(handlers={CLERK, LEADER, PRINCIPAL}), None, Way.NOBODY),
        (stage(own=CLERK, principal=CLERK), None, Way.NOBODY),
        (stage(P, own=PRINCIPAL), PRINCIPAL, Way.OWN),
        (stage(P, own=PRINCIPAL, handlers={PRINCIPAL}), None, Way.NOBODY),
        (stage(P, own=CLERK), None, Way.NOBODY),
        # acting for the principal: not who escalated, and a grave one not by the leader in charge either
        (stage(P, own=LEADER), LEADER, Way.OWN),
        (stage(P, principal=None), LEADER, Way.OWN),
        (Stage(P, False, CLERK, frozenset(), LEADER, AS_PRINCIPAL, AS_PRINCIPAL, Answerer(LEADER)), None, Way.NOBODY),
        (Stage(P, True, CLERK, frozenset(), DEPUTY, AS_PRINCIPAL, AS_PRINCIPAL, Answerer(LEADER)), None, Way.NOBODY),
        (Stage(P, False, CLERK, frozenset(), DEPUTY, AS_PRINCIPAL, AS_PRINCIPAL, Answerer(LEADER)), LEADER, Way.OWN),
        # the principal, who acted for the leader too and escalated, still decides as the principal
        (
            Stage(
                P, True, CLERK, frozenset(), PRINCIPAL, Answerer(PRINCIPAL), Answerer(PRINCIPAL), Answerer(PRINCIPAL)
            ),
            PRINCIPAL,
            Way.OWN,
        ),
        # a leader barred from a grave filing does not come back through the principal's post
        (
            Stage(S.WAITING_LEADER, True, CLERK, {LEADER}, None, Answerer(LEADER), AS_PRINCIPAL, Answerer(LEADER)),
            None,
            Way.NOBODY,
        ),
    ],
)
def test_who_decides(found, user, way):
    decided = rules.decider(found)
    assert (decided.user_id, decided.way) == (user, way)


def test_the_decider_says_for_whom():
    own = Answerer(DEPUTY, acting=True, for_user_id=LEADER)
    found = Stage(S.WAITING_LEADER, False, CLERK, frozenset(), None, own, Answerer(PRINCIPAL), own)
    assert rules.decider(found) == Decider(DEPUTY, Way.OWN, LEADER)


ALL = tuple(Verdict)
LAST = (Verdict.AGREE, Verdict.CORRECT, Verdict.SUPPLEMENT)


@pytest.mark.parametrize(
    ("state", "grave", "allowed"),
    [
        (S.WAITING_LEADER, False, ALL),
        (S.WAITING_LEADER, True, (Verdict.ESCALATE,)),
        (S.WAITING_PRINCIPAL, False, LAST),
        (S.WAITING_PRINCIPAL, True, LAST),
        *((s, g, ()) for s in (S.AGREED, S.CORRECTED, S.SUPPLEMENT, S.RECALLED) for g in (False, True)),
    ],
)
def test_what_may_be_said(state, grave, allowed):
    assert rules.verdicts(state, grave) == allowed


@pytest.mark.parametrize("state", [S.AGREED, S.CORRECTED, S.SUPPLEMENT, S.RECALLED])
@pytest.mark.parametrize("verb", [*map(str, Verdict), "amend", "recall", "take_up"])
def test_what_is_settled_moves_no_more(state, verb):
    with pytest.raises(IllegalMove):
        rules.MOVES.after(state, verb)


def test_what_a_decision_cannot_do_without():
    assert [v for v in Verdict if not rules.needs_opinion(v)] == [Verdict.AGREE]
    assert [v for v in Verdict if rules.needs_meeting(v, True)] == list(LAST)
    assert not any(rules.needs_meeting(v, False) for v in Verdict)


@pytest.mark.parametrize(
    ("filed", "case_due", "due"),
    [
        ("2026-11-18T10:00", None, "2026-11-19T17:30"),
        ("2026-11-18T10:00", "2026-11-25T17:30", "2026-11-19T17:30"),
        ("2026-11-18T10:00", "2026-11-18T17:30", "2026-11-18T17:30"),
        ("2026-11-18T10:00", "2026-11-17T17:30", "2026-11-19T17:30"),  # overdue already: the policy's limit alone
        ("2026-11-20T18:00", None, "2026-11-23T17:30"),
    ],
)
def test_decided_within_a_working_day_and_before_the_limit_of_the_case(filed, case_due, due):
    limit = at(case_due) if case_due else None
    assert rules.decide_by(at(filed), Limit.parse("1wd"), limit, CALENDAR) == at(due)


@pytest.mark.parametrize(
    ("filed", "by"), [("2026-11-18T10:00", date(2026, 11, 25)), ("2026-11-14T10:00", date(2026, 11, 23))]
)
def test_delivered_within_seven_days_of_the_filing(filed, by):
    assert rules.deliver_by(at(filed), Limit.parse("7d"), CALENDAR) == by


@pytest.mark.parametrize(
    ("now", "light"),
    [
        ("2026-11-18T10:00", Light.NORMAL),
        ("2026-11-19T11:00", Light.NORMAL),
        ("2026-11-19T13:40", Light.DUE_SOON),
        ("2026-11-19T17:30", Light.DUE_SOON),
        ("2026-11-19T17:31", Light.OVERDUE),
    ],
)
def test_the_light_of_a_decision(now, light):
    assert rules.light(at(now), at("2026-11-18T10:00"), at("2026-11-19T17:30"), CALENDAR) is light
