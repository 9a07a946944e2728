"""Joint cases (T-9): parts with own posts, limits and clocks; done when all are; counted once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from portal.cases import handling, pauses, queries, second_person, service, sweeping
from portal.cases.models import CaseState, ProposalKind
from portal.joint_case import queries as joint_queries
from portal.joint_case import service as joint_service
from portal.kernel import clock, journal, transaction
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.policy import service as policy
from portal.pure.deadlines import Light
from portal.service_commitment.models import CaseKind
from tests.joint_case.conftest import PARTS, again, parts_of
from tests.office import NOW, SHANGHAI, later

DAY = timedelta(days=1)


def sweep(at):
    with transaction.act():
        return sweeping.sweep(at)


def test_acceptance_opens_every_part(joint, office):
    lead = joint()
    first, second = parts_of(lead)
    assert [p.post_id for p in (first, second)] == [office.posts["XH-1"], office.posts["BG-1"]]
    assert [clock.local(p.due_at).day for p in (first, second)] == [23, 20]
    assert all(p.state is CaseState.ACCEPTED and p.lead_id == lead.id and p.item_id is None for p in (first, second))
    assert clock.local(lead.due_at) == datetime(2026, 11, 25, 17, 30, tzinfo=SHANGHAI)
    asked = [e.fact()["part"] for e in journal.of_case(lead.id) if e.event == "joint_case.part_asked"]
    assert asked == [first.number, second.number]


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        ("XH-1，6wd，意见", CaseKind.JOINT),
        ("XH-1，15d，意见", CaseKind.JOINT),
        ("XH-9，2wd，意见", CaseKind.JOINT),
        ("XH-1，意见", CaseKind.JOINT),
        ("XH-1，2wd，意见\nXH-1，1wd，再看", CaseKind.JOINT),
        ("XH-1，2wd，意见", CaseKind.PROMISED),
    ],
)
def test_what_cannot_be_published(published, parts, kind):
    with pytest.raises(Invalid) as refused:
        published("SX-001", kind=kind, parts=parts)
    assert refused.value.field == "parts"


def test_the_lead_waits_for_every_part(joint, do):
    lead = joint()
    first, second = parts_of(lead)
    do("other", later(hours=1), lambda a, n: handling.complete(a, first, "核验通过", "", "", n))
    with pytest.raises(Conflict) as refused:
        do("clerk", later(hours=2), lambda a, n: handling.complete(a, again(lead), "同意", "", "", n))
    assert refused.value.rule == "T-9"
    forced = text("UPDATE \"case\" SET state = 'completed', closed_at = received_at WHERE id = :id")
    with pytest.raises(DatabaseError):
        db.session.execute(forced, {"id": lead.id})
    db.session.rollback()
    do("office", later(hours=3), lambda a, n: handling.complete(a, again(second), "无意见", "", "", n))
    do("clerk", later(hours=4), lambda a, n: handling.complete(a, again(lead), "同意", "", "", n))
    assert again(lead).state is CaseState.COMPLETED
    ended = [e.fact()["part"] for e in journal.of_case(lead.id) if e.event == "joint_case.part_ended"]
    assert ended == [first.number, second.number]


def test_each_part_has_its_own_clock_and_light(joint, do, office):
    """One late, one paused: each with its own, also where the lead shows them."""
    lead = joint()
    first, second = parts_of(lead)
    do("other", later(hours=1), lambda a, n: pauses.stop(a, first, "expert_review", n))
    at = second.due_at + timedelta(hours=1)
    with clock.at(at):
        rows = joint_queries.parts(again(lead), at)
    assert [(r.row.light, r.row.stopped) for r in rows] == [(Light.NORMAL, True), (Light.OVERDUE, False)]
    assert [r.answers for r in rows] == ["周宁", "吴霞"]
    late = joint_queries.late_parts((office.posts["YW-1"],), at)
    assert [(p.number, its.number) for p, its in late] == [(second.number, lead.number)]


def test_a_matter_counts_once_for_the_unit(joint, do, office):
    lead = joint()
    first, _second = parts_of(lead)
    do("other", later(hours=1), lambda a, n: handling.complete(a, first, "核验通过", "", "", n))
    at = NOW + 3 * DAY  # the countersigner is late by now
    day = clock.local(NOW).date(), clock.local(at).date()
    whole = queries.on_time(*day, at)
    assert (whole.closed, whole.on_time, whole.open_overdue) == (0, 0, 0)
    of = {d: queries.on_time(*day, at, office.departments[d]) for d in ("YW", "XH", "BG")}
    assert [(o.closed, o.open_overdue) for o in of.values()] == [(0, 0), (1, 0), (0, 1)]


def test_parts_by_hand_stay_within_the_lead(joint, do, office):
    lead = joint()
    add = joint_service.add_part
    for limit, post in (("6wd", "LD-1"), ("5wd", "LD-1"), ("0d", "LD-1"), ("2wd", "YW-1"), ("2wd", "XH-1")):
        with pytest.raises(Invalid):
            do("clerk", later(days=1), lambda a, n, q=limit, p=post: add(a, lead, office.posts[p], q, "意见", False, n))
    with pytest.raises(NotAllowed):
        do("other", later(days=1), lambda a, n: add(a, lead, office.posts["LD-1"], "1wd", "意见", False, n))
    made = do("clerk", later(days=1), lambda a, n: add(a, again(lead), office.posts["YW-2"], "1wd", "意见", False, n))
    assert made.due_at < again(lead).due_at
    with pytest.raises(Conflict):
        do("clerk2", later(days=1), lambda a, n: add(a, made, office.posts["LD-1"], "1wd", "意见", False, n))


def test_silence_of_a_countersigner_by_policy(joint, do):
    with transaction.act():
        policy.set_value(SYSTEM, "timed_completion.countersign_silence", "agrees", "会签", NOW - DAY)
    lead = joint()
    first, second = parts_of(lead)
    sweep(NOW + 30 * DAY)
    first, second = again(first), again(second)
    assert first.closed_at is None, "who has to give more than an opinion is late"
    assert (second.state, second.closed_at) == (CaseState.DEEMED_AGREED, second.due_at)


def test_silence_is_waited_for_otherwise(joint):
    lead = joint()
    sweep(NOW + 30 * DAY)
    assert all(p.closed_at is None for p in parts_of(lead))


def test_parts_end_with_their_lead(joint, do):
    lead = joint()
    at = later(hours=1)
    proposal = do("clerk", at, lambda a, n: second_person.propose(a, lead, ProposalKind.WITHDRAW, "r", True, "", n))
    do("head", at, lambda a, n: second_person.decide(a, proposal.id, True, "", n))
    assert [p.state for p in parts_of(lead)] == [CaseState.WITHDRAWN] * 2


def test_departments_of_a_joint_case_see_each_other(joint, as_actor):
    lead = joint()
    first, second = parts_of(lead)
    assert queries.may_read(as_actor("other"), again(lead))
    assert queries.may_read(as_actor("clerk2"), first)
    assert not queries.may_read(as_actor("other"), second)


def test_the_client_is_promised_once(joint):
    from portal.cases import papers

    lead = joint()
    assert [len(papers.of_case(c.id)) for c in (lead, *parts_of(lead))] == [1, 0, 0]


def test_pages(joint, get):
    lead = joint()
    page = get("clerk", f"/cases/{lead.number}").text
    for said in ("分办科室", "学会服务科", "核验意见", "周宁", "会签意见", "联办件"):
        assert said in page
    part = parts_of(lead)[0]
    assert lead.number in get("other", f"/cases/{part.number}").text
    assert get("other", f"/cases/{lead.number}/parts/add").status_code == 403
    assert get("leader", f"/cases/{part.number}/parts/add").status_code == 403
    assert get("clerk", f"/cases/{lead.number}/parts/add").status_code == 200
    assert lead.number in get("clerk", "/cases?kind=joint").text
    assert lead.number not in get("clerk", "/cases?kind=forwarded").text


def test_published_parts_read_as_they_were_written(published, login):
    published("SX-001", kind=CaseKind.JOINT, parts=PARTS.replace("，", " , ").replace("3wd", "3个工作日"))
    from portal.service_commitment import parts as item_parts
    from portal.service_commitment import queries as catalogue

    entry = next(e for e in catalogue.entries() if e.code == "SX-001")
    read = catalogue.promise(entry.version_id).parts
    assert [(p.post, p.limit, p.gives, p.opinion) for p in read] == [
        ("XH-1", "3wd", "核验意见", False),
        ("BG-1", "2wd", "会签意见", True),
    ]
    assert item_parts.read("\n".join(str(p) for p in read)) == read


def test_service_is_untouched_by_a_plain_case(published, opened):
    case = opened(published("SX-001"))
    assert parts_of(case) == []
    service.settle(case, later(days=1))
