"""What may follow what, as a table and as a property (S-4)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.client_opinion import rules
from portal.client_opinion.models import OpinionKind, OpinionState, Verdict
from portal.pure.deadlines import Light
from portal.pure.limits import Limit
from portal.pure.states import IllegalMove
from portal.pure.workdays import WorkCalendar

S, K = OpinionState, OpinionKind
ZONE = ZoneInfo("Asia/Shanghai")

GOOD = [
    (S.REGISTERED, "contact", K.BAD_REVIEW, {"contacted": False}, S.REGISTERED),
    (S.REGISTERED, "draft", K.BAD_REVIEW, {}, S.DRAFTED),
    (S.REGISTERED, "draft", K.PROBLEM, {"contacted": False}, S.DRAFTED),
    (S.DRAFTED, "send_back", K.PROBLEM, {}, S.REGISTERED),
    (S.DRAFTED, "approve", K.PROBLEM, {}, S.APPROVED),
    (S.APPROVED, "answer", K.PROBLEM, {}, S.ANSWERED),
    (S.ANSWERED, "conclude", K.SUGGESTION, {}, S.CLOSED),
    (S.ANSWERED, "confirm", K.SUGGESTION, {}, S.RECTIFYING),
    (S.RECTIFYING, "rectify", K.PROBLEM, {}, S.RECTIFIED),
    (S.RECTIFIED, "fail", K.PROBLEM, {}, S.RECTIFYING),
    (S.RECTIFIED, "accept", K.PROBLEM, {}, S.CLOSED),
    (S.RECTIFIED, "accept", K.BAD_REVIEW, {}, S.CALLING_BACK),
    (S.CALLING_BACK, "call_back", K.BAD_REVIEW, {}, S.CLOSED),
    (S.ANSWERED, "find_untrue", K.BAD_REVIEW, {"doubted": True}, S.CALLING_BACK),
    (S.ANSWERED, "find_untrue", K.PROBLEM, {"doubted": True}, S.CLOSED),
    (S.CLOSED, "propose_untrue", K.BAD_REVIEW, {"verdict": Verdict.CONFIRMED}, S.CLOSED),
    (S.CLOSED, "find_untrue", K.BAD_REVIEW, {"doubted": True}, S.CLOSED),
]
BAD = [
    (S.REGISTERED, "contact", K.PROBLEM, {"contacted": False}),
    (S.REGISTERED, "contact", K.BAD_REVIEW, {"contacted": True}),
    (S.REGISTERED, "draft", K.BAD_REVIEW, {"contacted": False}),
    (S.REGISTERED, "answer", K.PROBLEM, {}),
    (S.DRAFTED, "answer", K.PROBLEM, {}),
    (S.ANSWERED, "conclude", K.BAD_REVIEW, {}),
    (S.ANSWERED, "conclude", K.PROBLEM, {}),
    (S.ANSWERED, "confirm", K.PROBLEM, {"doubted": True}),
    (S.RECTIFIED, "accept", K.PROBLEM, {"doubted": True}),
    (S.CALLING_BACK, "call_back", K.BAD_REVIEW, {"doubted": True}),
    (S.ANSWERED, "find_untrue", K.PROBLEM, {}),
    (S.ANSWERED, "propose_untrue", K.PROBLEM, {"doubted": True}),
    (S.CALLING_BACK, "propose_untrue", K.BAD_REVIEW, {"verdict": Verdict.UNTRUE}),
    (S.CLOSED, "propose_untrue", K.SUGGESTION, {}),
    (S.CLOSED, "rectify", K.PROBLEM, {}),
]


@pytest.mark.parametrize(("state", "verb", "kind", "facts", "to"), GOOD)
def test_what_may_be_done(state, verb, kind, facts, to):
    assert rules.after(state, verb, kind, **facts) is to
    assert rules.may(verb, state, kind, **facts)


@pytest.mark.parametrize(("state", "verb", "kind", "facts"), BAD)
def test_what_may_not(state, verb, kind, facts):
    with pytest.raises(IllegalMove):
        rules.after(state, verb, kind, **facts)
    assert not rules.may(verb, state, kind, **facts)


VERBS = sorted({verb for state in S for verb in rules.MOVES.verbs(state)})


@given(kind=st.sampled_from(K), verbs=st.lists(st.sampled_from(VERBS), max_size=40))
@settings(max_examples=150, deadline=None)
def test_no_sequence_skips_contact_approval_or_the_call_back(kind, verbs):
    state, done = S.REGISTERED, []
    contacted = doubted = False
    verdict = None
    for verb in verbs:
        facts = {"contacted": contacted, "doubted": doubted, "verdict": verdict}
        if not rules.may(verb, state, kind, **facts):
            continue
        state = rules.after(state, verb, kind, **facts)
        done.append(verb)
        contacted = contacted or verb == "contact"
        doubted = verb == "propose_untrue" or (doubted and verb not in ("find_untrue", "refuse_untrue"))
        verdict = {"confirm": Verdict.CONFIRMED, "find_untrue": Verdict.UNTRUE}.get(verb, verdict)
    if "answer" in done:
        assert done.index("draft") < done.index("approve") < done.index("answer")
    if kind is K.BAD_REVIEW:
        assert "draft" not in done or "contact" in done[: done.index("draft")]
        assert state is not S.CLOSED or "call_back" in done
    if state is S.CLOSED and kind in (K.PROBLEM, K.BAD_REVIEW):
        assert verdict is not None, "it was found to be so, or not"


@pytest.mark.parametrize(
    ("actor", "departments", "barred", "fair"),
    [
        (1, (2,), (), True),
        (1, (9,), (), False),
        (1, (2,), (1,), False),
        (None, (), (), False),
        (1, (), (2, None), True),
    ],
)
def test_nobody_judges_their_own(actor, departments, barred, fair):
    assert rules.judges_fairly(actor, departments, 9, barred) is fair


def at(day, hour=10):
    return datetime(2026, 11, day, hour, tzinfo=ZONE)


def test_the_limits():
    calendar = WorkCalendar({}, frozenset({2026}))
    assert rules.due(at(18), Limit.parse("1wd"), calendar).date().isoformat() == "2026-11-19"
    assert rules.due(at(20), Limit.parse("1wd"), calendar).date().isoformat() == "2026-11-23", "over the week-end"
    deemed, within = Limit.parse("1wd"), Limit.parse("10wd")
    unsigned = rules.rectify_due(at(18), None, deemed, within, calendar)
    assert unsigned.date().isoformat() == "2026-12-03", "signed for on the day after at the latest"
    assert rules.rectify_due(at(18), at(18, 11), deemed, within, calendar).date().isoformat() == "2026-12-02"
    assert rules.rectify_due(at(18), at(25), deemed, within, calendar) == unsigned, "not signing gains nothing"


def test_lights():
    assert rules.light(at(18), None) is Light.NORMAL
    assert rules.light(at(18), at(18)) is Light.NORMAL, "at the very instant not yet"
    assert rules.light(at(18, 11), at(18)) is Light.OVERDUE
    assert rules.light(at(18), at(18, 17), at(18, 0)) is Light.DUE_SOON
