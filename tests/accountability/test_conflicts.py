"""Whatever people try, nobody investigates, decides or reviews their own matter, also not by acting as B (A-2, AB-4).

Random sequences of the verbs by random people, while a head is away and B acts for them; after every step the file is
looked at: whoever judged was named for it, is no subject, no member of a department concerned, did not complain,
raise or dismiss, and nobody judged twice in different duties.
"""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.ab_post import service as ab
from portal.ab_post.models import AbsenceKind
from portal.accountability import closing, deciding, rights, service
from portal.accountability.models import Duty, MeasureKind, Outcome, Proceeding, Said, State
from portal.kernel import clock, transaction
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Invalid, Refused
from portal.people import queries as people
from portal.pure.states import IllegalMove
from tests.office import NOW

WHO = ("clerk", "clerk2", "head", "other", "other_head", "leader", "leader2", "principal", "office", "supervisor")
#: The way through a proceeding, each with the duty that it takes (None: the person concerned).
WAY = (
    ("assign", Duty.SECRETARY),
    ("report", Duty.INVESTIGATOR),
    ("add", Duty.SECRETARY),
    ("hear", Duty.INVESTIGATOR),
    ("find", Duty.INVESTIGATOR),
    ("assign", Duty.SECRETARY),
    ("decide", Duty.DECIDER),
    ("inform", Duty.SECRETARY),
    ("ask", None),
    ("assign", Duty.SECRETARY),
    ("review", Duty.REVIEWER),
)
FINDING = deciding.Finding(
    True, "属实", deciding.Conduct.WRONGLY, deciding.Effect.DELAY, deciding.Cause.OVERSIGHT,
    deciding.Attitude.ADMITTED, deciding.Severity.MINOR,
)  # fmt: skip
ANYBODY = st.sampled_from(WHO)
#: Beside the one who should: somebody else who tries it first, and whom they name for which duty.
TRIES = st.lists(st.tuples(ANYBODY, ANYBODY, st.sampled_from(list(Duty))), min_size=len(WAY), max_size=len(WAY))


def attempt(verb: str, actor: Actor, held: Proceeding, other: int, duty: Duty) -> None:
    """One verb as somebody might try it."""
    now, subject = clock.now(), held.subjects[-1]
    match verb:
        case "assign":
            service.assign(actor, held, duty, other, now)
        case "report":
            service.report(actor, held, "报告", [], now)
        case "hear":
            for each in held.subjects:
                service.hear(actor, held, each, Said.MINUTES, "笔录", now)
        case "state":
            service.hear(actor, held, subject, Said.STATEMENT, "陈述", now)
        case "find":
            for each in held.subjects:
                deciding.find(actor, held, each, FINDING, now)
        case "decide":
            for each in held.subjects:
                deciding.decide(actor, held, each, deciding.Decision("同意", (MeasureKind.CRITICISM,)), now)
        case "inform":
            for each in held.subjects:
                deciding.inform(actor, held, each, now)
        case "ask":
            closing.ask_review(actor, held, subject, "不服", now)
        case "review":
            closing.review(actor, held, subject, closing.Review(Outcome.CONFIRMED, "维持"), now)
        case "add":
            service.add_subject(actor, held, other, None, True, now)


def check(held: Proceeding, keep_away: set[int]) -> None:
    """What must hold of the file, whatever happened."""
    subjects = {s.user_id for s in held.subjects}
    for each in held.assignments:
        if each.ended_at is None:
            assert each.user_id not in subjects
            assert each.duty is Duty.SECRETARY or each.user_id not in keep_away
    for each in held.subjects:
        judges = {each.found_by_id, each.decided_by_id, each.reviewed_by_id} - {None}
        assert not judges & subjects
        assert not judges & keep_away
        done = [x for x in (each.found_by_id, each.decided_by_id, each.reviewed_by_id) if x is not None]
        assert len(done) == len(set(done))


def named(held: Proceeding, duty: Duty | None) -> list[int | None]:
    """Who should do a step, as far as anybody is named for it."""
    return [held.subjects[-1].user_id] if duty is None else service.holders(held, duty)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tries=TRIES, person=st.sampled_from(("clerk", "other_head", "leader")))
def test_no_sequence_lets_anybody_judge_their_own_matter(story, tries, person):
    users = story.ids.users
    clue = story.clue(by="supervisor", person=person)
    story.register(people_=(person,), clue_ids=[clue], complainants=(users["other"],))
    keep_away, names = {users["other"], users["supervisor"]}, {key: name for name, key in users.items()}
    for n, ((verb, duty), (who, other, wanted)) in enumerate(zip(WAY, tries, strict=True)):
        with clock.at(NOW + timedelta(minutes=n)):
            right = [names[user] for user in named(story.get(), duty)]
            for username in dict.fromkeys([who, *right]):
                try:
                    with transaction.act():
                        held = locked(Proceeding, number=story.number)
                        attempt(verb, story.actor(username), held, users[other], wanted)
                except (Refused, Invalid, IllegalMove):
                    db.session.rollback()
            if verb == "assign":  # so that it goes on: the first free one for the duty that comes next
                name_next(story, n)
        check(story.get(), keep_away)


def name_next(story, n: int) -> None:
    """Name somebody whom nothing bars for the duty that the way needs next, unless there is one."""
    duty = next(duty for verb, duty in WAY[n:] if verb != "assign" and duty is not None)
    if service.holders(story.get(), duty) or not rights.duties(story.ids.users["office"], story.get()):
        return
    free = rights.candidates(story.get(), duty, clock.now())
    if free and rights.rules.MOVES.allowed(story.get().state, "assign"):
        names = {key: name for name, key in story.ids.users.items()}
        story.assign(str(duty), names[free[0][0]])


def test_acting_for_a_head_or_a_leader_gives_nothing_of_a_proceeding(story):
    """B acts for the head of the department concerned and for the decider, and stays outside (AB-4)."""
    ids = story.ids
    story.register(people_=(), departments=("XH",)).assign("investigator", "leader").assign("decider", "principal")
    with transaction.act():
        for username in ("other_head", "principal"):
            until = NOW + timedelta(days=3)
            ab.record_absence(SYSTEM, ids.users[username], AbsenceKind.SICK, NOW, until, NOW, emergency=True)
    acting_head, acting_principal = story.actor("other"), story.actor("leader2")
    assert any(p.for_user_id == ids.users["other_head"] for p in acting_head.posts)
    assert any(p.for_user_id == ids.users["principal"] for p in acting_principal.posts)
    found = story.get()
    assert not rights.represents(acting_head, found.subjects[0])
    assert not rights.works_on(acting_head, found)
    assert not rights.works_on(acting_principal, found)
    assert not rights.duties(acting_principal.id, found)
    assert rights.tier_of(acting_principal.id, found, NOW) is not rights.Tier.PRINCIPAL
    assert rights.represents(people.actor_by_username("other_head", NOW), found.subjects[0])  # also while away
    assert found.state is State.REGISTERED
