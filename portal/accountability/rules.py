"""States, conflicts of interest, the ladder, expiry and what follows (A-2, A-3, A-4, P-6). Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum

from portal.accountability.models import Bar, Duty, MeasureKind, Outcome, Severity, State
from portal.pure.deadlines import months_after
from portal.pure.states import Moves

S = State
M = MeasureKind

#: Verbs by their own word; those that need every subject move only when the last one is done.
MOVES: Moves[State] = Moves(
    {
        (S.REGISTERED, "report"): S.INVESTIGATED,
        (S.INVESTIGATED, "hear"): S.HEARD,
        (S.HEARD, "find"): S.FOUND,
        (S.FOUND, "return_finding"): S.HEARD,
        (S.FOUND, "decide"): S.DECIDED,
        (S.DECIDED, "tell"): S.TOLD,
        (S.TOLD, "ask_review"): S.REVIEWING,
        (S.REVIEWING, "review"): S.TOLD,
        (S.TOLD, "close"): S.CLOSED,
        **{(s, "pass_up"): S.CLOSED for s in (S.REGISTERED, S.INVESTIGATED, S.HEARD, S.FOUND)},
        **{(s, "add_subject"): s for s in (S.REGISTERED, S.INVESTIGATED)},
        (S.HEARD, "add_subject"): S.INVESTIGATED,
        **{(s, "assign"): s for s in State if s is not S.CLOSED},
        **{(s, "speak"): s for s in State if s is not S.CLOSED},
        **{(s, "execute"): s for s in (S.TOLD, S.REVIEWING)},
        **{(s, "tell_complainant"): s for s in (S.DECIDED, S.TOLD, S.REVIEWING)},
    }
)

# --- the ladder -----------------------------------------------------------------------------------------------

#: The ladder in its order, the mildest first; a rectification order stands beside it.
LADDER = tuple(kind for kind in MeasureKind if kind is not M.RECTIFICATION)
#: The portal records them as recommended to the competent body: it imposes none of them.
REFERENCE_ONLY = frozenset({M.DEMOTION, M.RESIGNATION, M.DISMISSAL, M.SANCTION, M.JUSTICE, M.TRANSFER})
#: What a department can be told.
FOR_DEPARTMENTS = frozenset({M.RECTIFICATION, M.CRITICISM, M.SELF_EXAMINATION, M.AWARD_LOST, M.WARNING})


class Group(StrEnum):
    """Rungs of the ladder that share figures of the policy."""

    LIGHT = "light"
    MIDDLE = "middle"
    GRAVE = "grave"


GROUPS: Mapping[MeasureKind, Group] = {
    M.CRITICISM: Group.LIGHT,
    M.SELF_EXAMINATION: Group.LIGHT,
    M.ADMONITION: Group.LIGHT,
    M.AWARD_LOST: Group.MIDDLE,
    M.WARNING: Group.MIDDLE,
    M.EFFICIENCY_WARNING: Group.MIDDLE,
    **dict.fromkeys(LADDER[LADDER.index(M.TRAINING) :], Group.GRAVE),
}


def rank(kind: MeasureKind) -> int:
    """The rung of a measure, from 1; 0 for what stands beside the ladder."""
    return LADDER.index(kind) + 1 if kind in LADDER else 0


def gravest(kinds: Iterable[MeasureKind]) -> MeasureKind | None:
    """The measure on the highest rung; None where none is on the ladder."""
    on_it = [kind for kind in kinds if kind in LADDER]
    return max(on_it, key=rank) if on_it else None


class Tier(IntEnum):
    """Whose decision a measure needs."""

    OFFICE = 1
    LEADER = 2
    PRINCIPAL = 3


@dataclass(frozen=True)
class Ladder:
    """What the office has set for its ladder."""

    ceilings: Mapping[Severity, MeasureKind]
    office_up_to: MeasureKind
    leader_up_to: MeasureKind
    repeat_floor: MeasureKind
    months: Mapping[Group, int]

    def tier(self, kinds: Iterable[MeasureKind]) -> Tier:
        """Whose decision these measures need together."""
        top = gravest(kinds)
        if top is None or rank(top) <= rank(self.office_up_to):
            return Tier.OFFICE
        return Tier.LEADER if rank(top) <= rank(self.leader_up_to) else Tier.PRINCIPAL

    def above_ceiling(self, severity: Severity, kinds: Iterable[MeasureKind]) -> MeasureKind | None:
        """The gravest measure when the severity does not permit it."""
        top = gravest(kinds)
        return top if top is not None and rank(top) > rank(self.ceilings[severity]) else None

    def below_floor(self, repeats: int, kinds: Iterable[MeasureKind]) -> bool:
        """Whether these measures are too mild after so many earlier confirmed matters."""
        if repeats <= 0:
            return False
        top = gravest(kinds)
        return top is None or rank(top) < rank(self.repeat_floor)

    def expires_on(self, kind: MeasureKind, decided_on: date) -> date | None:
        """Until which day a measure counts: derived, never typed; an order counts until it was carried out."""
        return months_after(decided_on, self.months[GROUPS[kind]]) if kind in GROUPS else None


def measures_fit(confirmed: bool, department: bool, kinds: Collection[MeasureKind]) -> str:
    """What is wrong with a decision's measures; empty when nothing is.

    ``needless``: not confirmed, and yet measures; ``none``: confirmed, and no measure; ``department`` and ``person``:
    a measure that is not for such a subject.
    """
    if not confirmed:
        return "needless" if kinds else ""
    if not kinds:
        return "none"
    if department:
        return "" if set(kinds) <= FOR_DEPARTMENTS else "department"
    return "person" if M.RECTIFICATION in kinds else ""


# --- the review -----------------------------------------------------------------------------------------------


def review_fits(
    outcome: Outcome, standing: Collection[MeasureKind], lifted: Collection[MeasureKind], milder: MeasureKind | None
) -> bool:
    """Whether a review keeps to its word and never makes anything worse (A-2).

    Confirming lifts nothing, lifting lifts everything and puts nothing in its place; mitigating lifts something, keeps
    or gives something, and what it gives is new and on a lower rung than the gravest that it lifts.
    """
    if not set(lifted) <= set(standing):
        return False
    match outcome:
        case Outcome.CONFIRMED:
            return not lifted and milder is None
        case Outcome.LIFTED:
            return set(lifted) == set(standing) and milder is None
    top = gravest(lifted)
    if milder is not None:
        return milder in LADDER and top is not None and milder not in standing and rank(milder) < rank(top)
    return bool(lifted) and set(lifted) != set(standing)


# --- conflicts of interest ------------------------------------------------------------------------------------

#: Duties in which somebody judges the matter.
JUDGING = frozenset({Duty.INVESTIGATOR, Duty.DECIDER, Duty.REVIEWER})
#: Who looked into a matter or decided it does not review it, and who investigates does not decide.
APART: Mapping[Duty, frozenset[Duty]] = {
    Duty.SECRETARY: frozenset(),
    Duty.INVESTIGATOR: frozenset({Duty.DECIDER, Duty.REVIEWER}),
    Duty.DECIDER: frozenset({Duty.INVESTIGATOR, Duty.REVIEWER}),
    Duty.REVIEWER: frozenset({Duty.INVESTIGATOR, Duty.DECIDER}),
}


@dataclass(frozen=True)
class Matter:
    """What decides who must keep away from a proceeding (A-2)."""

    subjects: frozenset[int] = frozenset()
    #: The people of the departments concerned.
    members: frozenset[int] = frozenset()
    superiors: frozenset[int] = frozenset()
    barred: Mapping[int, frozenset[Bar]] = field(default_factory=dict)
    #: The duties that each person has or had in it.
    duties: Mapping[int, frozenset[Duty]] = field(default_factory=dict)
    #: Duties from which the direct superior is barred by policy.
    superior_barred: frozenset[Duty] = frozenset()


def bars(matter: Matter, user_id: int | None, duty: Duty) -> frozenset[Bar]:
    """Why somebody may not have (or use) a duty; empty when nothing stands against it (A-2)."""
    if user_id is None:
        return frozenset({Bar.SUBJECT})
    found = set()
    if user_id in matter.subjects:
        found.add(Bar.SUBJECT)
    if user_id in matter.members:
        found.add(Bar.DEPARTMENT)
    own = matter.barred.get(user_id, frozenset())
    found |= own if duty in JUDGING else own & {Bar.RECUSED}
    if duty in matter.superior_barred and user_id in matter.superiors:
        found.add(Bar.SUPERIOR)
    if APART[duty] & matter.duties.get(user_id, frozenset()):
        found.add(Bar.OTHER_DUTY)
    return frozenset(found)


# --- what follows (A-4) ---------------------------------------------------------------------------------------


class Counts(StrEnum):
    """Where a consequence counts."""

    SCORE = "score"
    BONUS = "bonus"
    AWARD = "award"


class Standing(StrEnum):
    """Whether a consequence counts, and if not, why."""

    COUNTS = "counts"
    EXPIRED = "expired"
    LIFTED = "lifted"


@dataclass(frozen=True)
class Taken:
    """A measure as it bears on a year; a kind of None is an unmet task of a confirmed matter."""

    proceeding: str
    letter: str
    kind: MeasureKind | None
    on: date
    expires_on: date | None = None
    lifted: bool = False
    times: int = 1


@dataclass(frozen=True)
class Line:
    """One consequence, and the decision it rests on; ``amount`` in tenths of a point or in percent, 0 for awards."""

    counts: Counts
    standing: Standing
    amount: int
    proceeding: str
    letter: str
    kind: MeasureKind | None
    on: date


@dataclass(frozen=True)
class Rates:
    """The figures of the policy: percent of the bonus, tenths of a point."""

    bonus: Mapping[MeasureKind, int]
    unmet_task: int
    score: Mapping[Group, int]


def standing(taken: Taken, on: date) -> Standing:
    """Whether a measure counts on a day."""
    if taken.lifted:
        return Standing.LIFTED
    if taken.expires_on is not None and taken.expires_on < on:
        return Standing.EXPIRED
    return Standing.COUNTS


def consequences(taken: Iterable[Taken], rates: Rates, on: date) -> list[Line]:
    """What the measures of one year mean for one person or department, as it stands on a day (A-4).

    An award is lost by a measure that says so, by a sanction, or by an admonition and a warning in the same year; what
    was lifted or has expired stays as a line that does not count.
    """
    found: list[Line] = []
    rows = list(taken)

    def line(counts: Counts, each: Taken, amount: int, state: Standing | None = None) -> None:
        found.append(
            Line(counts, state or standing(each, on), amount, each.proceeding, each.letter, each.kind, each.on)
        )

    for each in rows:
        if each.kind is None:
            line(Counts.BONUS, each, rates.unmet_task * each.times)
            continue
        if each.kind in GROUPS and (points := rates.score[GROUPS[each.kind]]):
            line(Counts.SCORE, each, points)
        if percent := rates.bonus.get(each.kind, 0):
            line(Counts.BONUS, each, percent)
        if each.kind in (M.AWARD_LOST, M.SANCTION):
            line(Counts.AWARD, each, 0)
    admonished = [t for t in rows if t.kind is M.ADMONITION]
    warned = [t for t in rows if t.kind in (M.WARNING, M.EFFICIENCY_WARNING)]
    if admonished and warned:
        both = (
            Standing.COUNTS
            if any(standing(t, on) is Standing.COUNTS for t in admonished)
            and any(standing(t, on) is Standing.COUNTS for t in warned)
            else None
        )
        line(
            Counts.AWARD,
            max(admonished + warned, key=lambda t: (both is None and standing(t, on) != "counts", t.on)),
            0,
            both,
        )
    return found


def total(lines: Iterable[Line], counts: Counts) -> int:
    """The sum of what counts."""
    return sum(each.amount for each in lines if each.counts is counts and each.standing is Standing.COUNTS)


def shown(counts: Mapping[int, int], least: int) -> tuple[dict[int, int], int | None]:
    """What a statistic tells of groups: those that are large enough, and all others as one sum.

    Where the sum would be too small itself, the next larger group is withheld with it, so that no difference gives
    away a small one; None when nothing is withheld.
    """
    order = sorted(counts.items(), key=lambda each: (each[1], each[0]))
    rest, kept = 0, dict(counts)
    for key, count in order:
        if count >= least and (rest == 0 or rest >= least):
            break
        rest += count
        del kept[key]
    return kept, rest or None
