"""States, the ladder, reviews, conflicts, expiry, repetition and what follows, by table (A-2, A-3, A-4, P-6)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accountability import rules
from portal.accountability.models import Bar, Duty, MeasureKind, Outcome, Severity, State
from portal.accountability.rules import Counts, Group, Ladder, Matter, Rates, Standing, Taken, Tier
from portal.pure.states import IllegalMove

M, S = MeasureKind, State
LADDER = Ladder(
    ceilings={Severity.MINOR: M.ADMONITION, Severity.SERIOUS: M.EFFICIENCY_WARNING, Severity.GRAVE: M.JUSTICE},
    office_up_to=M.SELF_EXAMINATION,
    leader_up_to=M.EFFICIENCY_WARNING,
    repeat_floor=M.ADMONITION,
    months={Group.LIGHT: 6, Group.MIDDLE: 12, Group.GRAVE: 24},
)
RATES = Rates(
    bonus={M.SELF_EXAMINATION: 5, M.ADMONITION: 10, M.EFFICIENCY_WARNING: 20},
    unmet_task=2,
    score={Group.LIGHT: 10, Group.MIDDLE: 30, Group.GRAVE: 60},
)

WAY = {
    S.REGISTERED: ("report", S.INVESTIGATED),
    S.INVESTIGATED: ("hear", S.HEARD),
    S.HEARD: ("find", S.FOUND),
    S.FOUND: ("decide", S.DECIDED),
    S.DECIDED: ("tell", S.TOLD),
    S.REVIEWING: ("review", S.TOLD),
}


def test_the_way_leads_step_by_step_and_ends():
    for state, (verb, after) in WAY.items():
        assert rules.MOVES.after(state, verb) is after
        assert rules.MOVES.sources(verb) == (state,)
    assert rules.MOVES.after(S.TOLD, "ask_review") is S.REVIEWING
    assert rules.MOVES.after(S.TOLD, "close") is S.CLOSED
    assert rules.MOVES.verbs(S.CLOSED) == ()
    assert rules.MOVES.after(S.HEARD, "add_subject") is S.INVESTIGATED  # who is added is heard for themselves
    for state in (S.FOUND, S.DECIDED, S.TOLD, S.REVIEWING):
        with pytest.raises(IllegalMove):
            rules.MOVES.after(state, "add_subject")
    assert rules.MOVES.after(S.FOUND, "return_finding") is S.HEARD


@pytest.mark.parametrize(
    ("kinds", "tier"),
    [
        ((), Tier.OFFICE),
        ((M.RECTIFICATION,), Tier.OFFICE),
        ((M.CRITICISM, M.SELF_EXAMINATION), Tier.OFFICE),
        ((M.CRITICISM, M.ADMONITION), Tier.LEADER),
        ((M.EFFICIENCY_WARNING,), Tier.LEADER),
        ((M.TRAINING,), Tier.PRINCIPAL),
        ((M.CRITICISM, M.JUSTICE), Tier.PRINCIPAL),
    ],
)
def test_whose_decision_follows_from_the_gravest(kinds, tier):
    assert LADDER.tier(kinds) is tier


def test_ceilings_and_the_floor_after_a_repetition():
    assert LADDER.above_ceiling(Severity.MINOR, (M.ADMONITION, M.CRITICISM)) is None
    assert LADDER.above_ceiling(Severity.MINOR, (M.CRITICISM, M.WARNING)) is M.WARNING
    assert LADDER.above_ceiling(Severity.SERIOUS, (M.TRAINING,)) is M.TRAINING
    assert LADDER.above_ceiling(Severity.GRAVE, (M.JUSTICE,)) is None
    assert not LADDER.below_floor(0, (M.CRITICISM,))
    assert LADDER.below_floor(1, (M.CRITICISM, M.SELF_EXAMINATION))
    assert LADDER.below_floor(1, ())
    assert not LADDER.below_floor(2, (M.CRITICISM, M.ADMONITION))


@pytest.mark.parametrize(
    ("confirmed", "department", "kinds", "wrong"),
    [
        (False, False, (), ""),
        (False, False, (M.CRITICISM,), "needless"),
        (True, False, (), "none"),
        (True, False, (M.CRITICISM, M.TRANSFER), ""),
        (True, False, (M.RECTIFICATION,), "person"),
        (True, True, (M.RECTIFICATION, M.WARNING), ""),
        (True, True, (M.ADMONITION,), "department"),
    ],
)
def test_measures_fit_their_subject(confirmed, department, kinds, wrong):
    assert rules.measures_fit(confirmed, department, kinds) == wrong


@pytest.mark.parametrize(
    ("kind", "on", "until"),
    [
        (M.CRITICISM, date(2026, 8, 31), date(2027, 2, 28)),
        (M.ADMONITION, date(2026, 11, 18), date(2027, 5, 18)),
        (M.WARNING, date(2028, 2, 29), date(2029, 2, 28)),
        (M.TRAINING, date(2026, 1, 15), date(2028, 1, 15)),
        (M.RECTIFICATION, date(2026, 1, 15), None),
    ],
)
def test_until_when_a_measure_counts(kind, on, until):
    assert LADDER.expires_on(kind, on) == until


KINDS = st.sampled_from(list(M))


@given(st.sets(KINDS), st.sets(KINDS), st.one_of(st.none(), KINDS), st.sampled_from(list(Outcome)))
def test_no_review_makes_anything_worse(before, lifted, milder, outcome):
    if rules.review_fits(outcome, before, lifted, milder):
        after = (before - lifted) | ({milder} if milder else set())
        assert max(map(rules.rank, after), default=0) <= max(map(rules.rank, before), default=0)
        assert len(after) <= len(before)
        assert outcome is not Outcome.CONFIRMED or after == before
        assert outcome is not Outcome.LIFTED or not after
        assert outcome is not Outcome.MITIGATED or after not in (before, set())


@pytest.mark.parametrize(
    ("outcome", "standing", "lifted", "milder", "fits"),
    [
        (Outcome.CONFIRMED, (M.WARNING,), (), None, True),
        (Outcome.CONFIRMED, (M.WARNING,), (M.WARNING,), None, False),
        (Outcome.LIFTED, (M.WARNING, M.CRITICISM), (M.WARNING, M.CRITICISM), None, True),
        (Outcome.LIFTED, (M.WARNING,), (M.WARNING,), M.CRITICISM, False),
        (Outcome.MITIGATED, (M.WARNING,), (M.WARNING,), M.CRITICISM, True),
        (Outcome.MITIGATED, (M.WARNING,), (M.WARNING,), M.TRAINING, False),
        (Outcome.MITIGATED, (M.WARNING,), (M.WARNING,), None, False),
        (Outcome.MITIGATED, (M.WARNING, M.CRITICISM), (M.WARNING,), None, True),
        (Outcome.MITIGATED, (M.WARNING,), (), M.CRITICISM, False),
        (Outcome.MITIGATED, (M.WARNING,), (M.TRAINING,), M.CRITICISM, False),
    ],
)
def test_what_a_review_may_come_to(outcome, standing, lifted, milder, fits):
    assert rules.review_fits(outcome, standing, lifted, milder) is fits


MATTER = Matter(
    subjects=frozenset({1}),
    members=frozenset({2}),
    superiors=frozenset({3}),
    barred={4: frozenset({Bar.RAISER}), 5: frozenset({Bar.RECUSED}), 6: frozenset({Bar.COMPLAINANT})},
    duties={7: frozenset({Duty.INVESTIGATOR}), 8: frozenset({Duty.DECIDER}), 9: frozenset({Duty.SECRETARY})},
    superior_barred=frozenset({Duty.INVESTIGATOR, Duty.REVIEWER}),
)


@pytest.mark.parametrize(
    ("user", "free"),
    [
        (1, ()),
        (2, ()),
        (3, (Duty.SECRETARY, Duty.DECIDER)),
        (4, (Duty.SECRETARY,)),
        (5, ()),
        (6, (Duty.SECRETARY,)),
        (7, (Duty.SECRETARY, Duty.INVESTIGATOR)),
        (8, (Duty.SECRETARY, Duty.DECIDER)),
        (9, tuple(Duty)),
        (10, tuple(Duty)),
        (None, ()),
    ],
)
def test_who_must_keep_away_from_what(user, free):
    assert tuple(duty for duty in Duty if not rules.bars(MATTER, user, duty)) == free


def taken(kind, on=date(2026, 3, 1), **more):
    return Taken("ZZ-2026-0001", "ZJ-2026-0001", kind, on, LADDER.expires_on(kind, on) if kind else None, **more)


END = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("rows", "score", "bonus", "award_lost"),
    [
        ([], 0, 0, False),
        ([taken(M.SELF_EXAMINATION, date(2026, 9, 1))], 10, 5, False),
        ([taken(M.ADMONITION, date(2026, 9, 1))], 10, 10, False),
        ([taken(M.EFFICIENCY_WARNING)], 30, 20, False),
        ([taken(M.ADMONITION, date(2026, 9, 1)), taken(M.EFFICIENCY_WARNING)], 40, 30, True),
        ([taken(M.ADMONITION, date(2026, 9, 1)), taken(M.WARNING)], 40, 10, True),
        ([taken(M.ADMONITION, date(2026, 2, 1)), taken(M.EFFICIENCY_WARNING)], 30, 20, False),  # the admonition expired
        ([taken(M.SANCTION)], 60, 0, True),
        ([taken(M.AWARD_LOST)], 30, 0, True),
        ([taken(M.AWARD_LOST, lifted=True)], 0, 0, False),
        ([taken(None, times=3)], 0, 6, False),
        ([taken(None, times=3, lifted=True)], 0, 0, False),
        ([taken(M.RECTIFICATION)], 0, 0, False),
    ],
)
def test_what_follows_for_score_bonus_and_awards(rows, score, bonus, award_lost):
    lines = rules.consequences(rows, RATES, END)
    assert rules.total(lines, Counts.SCORE) == score
    assert rules.total(lines, Counts.BONUS) == bonus
    assert any(x.counts is Counts.AWARD and x.standing is Standing.COUNTS for x in lines) is award_lost


def test_what_no_longer_counts_leaves_a_trace():
    lines = rules.consequences([taken(M.ADMONITION, date(2026, 2, 1)), taken(M.CRITICISM, lifted=True)], RATES, END)
    assert {(x.kind, x.standing) for x in lines} == {(M.ADMONITION, Standing.EXPIRED), (M.CRITICISM, Standing.LIFTED)}


@given(st.dictionaries(st.integers(1, 20), st.integers(1, 9), max_size=8), st.integers(2, 5))
def test_no_small_group_is_told_nor_given_away(counts, least):
    kept, rest = rules.shown(counts, least)
    assert all(n >= least for n in kept.values())
    assert (rest or 0) + sum(kept.values()) == sum(counts.values())
    assert rest is None or rest >= least or not kept  # otherwise a total would tell it
