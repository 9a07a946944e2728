"""Why somebody may not be chosen in a round, in words: what is known of persons and departments (E-5, A-4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from flask_babel import gettext as _

from portal.ab_post import queries as ab
from portal.ab_post.models import Letter
from portal.accountability import queries as accountability
from portal.accountability.rules import Counts, Standing
from portal.award.models import AwardRound, Nomination, Nominee, Span
from portal.kernel import clock
from portal.people import queries as people
from portal.post_duty import queries as posts
from portal.score_evidence import eligibility


def principal() -> int | None:
    """Who holds the principal's post as A: decides the awards, and is therefore not nominated."""
    post = posts.principal_post()
    return ab.picture().holder(post, Letter.A, clock.today()) if post is not None else None


def against_persons(round_: AwardRound, user_ids: Collection[int]) -> dict[int, list[str]]:
    """What stands against each person in a round; an empty list for who is eligible.

    A month and a quarter are judged by the last month of the period, a year by the year (E-5).
    """
    over = {"year": round_.last_on.year} if round_.span is Span.YEAR else {"month": round_.last_on}
    found = {
        user_id: [eligibility.words(reason) for reason in reasons]
        for user_id, reasons in eligibility.reasons_of(user_ids, **over).items()
    }
    decides = principal()
    if decides in found:
        found[decides].append(_("主要负责人作出决定，本人不参加评选"))
    return found


def against_departments(round_: AwardRound, department_ids: Collection[int]) -> dict[int, list[str]]:
    """What stands against each department in a round: a decision that costs its award, or the principal's own (A-4)."""
    letters = barred(round_.last_on.year)
    found: dict[int, list[str]] = {}
    own = ab.picture().departments_of_users.get(principal() or 0)
    for department_id in department_ids:
        found[department_id] = []
        if numbers := letters.get((None, department_id)):
            found[department_id].append(_("因责任追究失去评先资格（%(numbers)s）", numbers=_("、").join(numbers)))
        if department_id == own:
            found[department_id].append(_("主要负责人作出决定，所在科室不参加评选"))
    return found


def against(round_: AwardRound, nominations: Collection[Nomination]) -> dict[int, list[str]]:
    """What stands against each nomination, by its id."""
    if round_.nominee is Nominee.PERSON:
        persons = against_persons(round_, {n.user_id for n in nominations if n.user_id is not None})
        return {n.id: persons[n.user_id or 0] for n in nominations}
    departments = against_departments(round_, {n.department_id for n in nominations})
    return {n.id: departments[n.department_id] for n in nominations}


def barred(year: int) -> dict[tuple[int | None, int | None], list[str]]:
    """The decisions of a year that cost an award, by (person, None) or (None, department) (A-4)."""
    found: dict[tuple[int | None, int | None], list[str]] = defaultdict(list)
    for (kind, who), lines in accountability.effects_of(year).items():
        for line in lines:
            if line.counts is Counts.AWARD and line.standing is Standing.COUNTS:
                found[(who, None) if kind == "person" else (None, who)].append(line.letter or line.proceeding)
    return found


def candidates(round_: AwardRound, allowed: Collection[int] | None = None) -> list[tuple[int, str, list[str]]]:
    """Everybody whom a round may nominate (of those allowed), by name, with what stands against each."""
    if round_.nominee is Nominee.PERSON:
        named = [(u, name) for u, name in ab.staff_choices(clock.now()) if allowed is None or u in allowed]
        found = against_persons(round_, [u for u, _name in named])
    else:
        named = [(d, name) for d, name in people.open_departments() if allowed is None or d in allowed]
        found = against_departments(round_, [d for d, _name in named])
    return [(key, name, found[key]) for key, name in named]
