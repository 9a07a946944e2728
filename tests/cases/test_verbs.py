"""The verbs of a case: receive, supplement, state, complete, return papers, correct, archive (T-8, T-11, N-6, J-4)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal.cases import handling, service
from portal.cases.models import Case, CaseArchive, CaseState
from portal.kernel import epochs
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people.models import User
from portal.pure.states import IllegalMove
from portal.service_commitment import service as catalogue_service
from portal.service_commitment.models import ServiceItem
from portal.service_commitment.service import Content, Material
from tests.cases.conftest import again, events, facts
from tests.office import NOW, later

UNTIL = date(2026, 12, 9)


def waiting(do, case, at=NOW):
    """The case waits for its client."""
    do("clerk", at, lambda actor, now: service.want_supplement(actor, case, "GZ-2026-0001", UNTIL, (), now))
    return again(case)


def complete(do, case, at=NOW, statement="", username="clerk"):
    do(username, at, handling.complete, case, "已认定", "认定批复", statement)


def test_numbers_and_the_bound_checklist(opened):
    first, second = opened((1,)), opened()
    assert (first.number, second.number) == ("SX-2026-0001", "SX-2026-0002")
    assert [(m.position, m.required, m.received_at is not None) for m in first.materials] == [
        (1, True, True),
        (2, True, False),
        (3, True, False),
        (4, False, False),
    ]


def test_no_case_without_a_post(office, act, as_actor):
    with pytest.raises(Invalid), act():
        service.open_case(as_actor("clerk"), NOW, matter="无人负责", client=service.Client(), post_id=None)
    assert db.session.scalar(db.select(db.func.count()).select_from(Case)) == 0


def test_accept_needs_all_required_papers(opened, do):
    case = opened((1,))
    with pytest.raises(Invalid) as refused:
        do("clerk", NOW, service.accept, case)
    assert "法人证书复印件" in str(refused.value.message)
    do("clerk", NOW, service.receive_materials, again(case), [2, 3])
    do("clerk", NOW, service.accept, again(case))
    assert again(case).state is CaseState.ACCEPTED
    with pytest.raises(IllegalMove):
        do("clerk", NOW, service.accept, again(case))


@pytest.mark.parametrize("positions", [[], [1], [99]])
def test_receiving_nothing_new_is_refused(opened, do, positions):
    with pytest.raises(Invalid):
        do("clerk", NOW, service.receive_materials, opened((1,)), positions)


def test_a_supplement_that_completes_before_acceptance_accepts(opened, do):
    case = waiting(do, opened((1,)))
    assert do("clerk", later(days=1), service.supplement, case, [2, 3]) is True
    assert (again(case).state, again(case).clock_from) == (CaseState.ACCEPTED, later(days=1))


def test_an_incomplete_supplement_needs_a_further_notice_with_a_new_date(opened, do):
    case = waiting(do, opened((1,)))
    assert do("clerk", later(days=1), service.supplement, case, [2]) is False
    found = again(case)
    assert (found.state, found.supplement_due_on, found.reminded_at) == (CaseState.SUPPLEMENT_BEFORE, None, None)
    with pytest.raises(Invalid):
        do("clerk", later(days=1), service.supplement, found, [])


def test_papers_registered_first_do_not_block_the_supplement(opened, do):
    case = waiting(do, opened((1,)))
    do("clerk", NOW, service.receive_materials, case, [2, 3])
    assert do("clerk", NOW, service.supplement, again(case), []) is True


@pytest.mark.parametrize("verb", ["supplement", "remind"])
def test_only_a_waiting_case_is_supplemented_or_reminded(opened, do, verb):
    case = opened((1,))
    args = ([2],) if verb == "supplement" else ("phone",)
    with pytest.raises((IllegalMove, Conflict)):
        do("clerk", NOW, getattr(service, verb), case, *args)


# --- the end ------------------------------------------------------------------------------------------------------


def test_complete_closes_on_time_with_an_archive_file(accepted, do):
    case = accepted()
    complete(do, case)
    found = again(case)
    assert (found.state, found.closed_late, found.closed_on) == (CaseState.COMPLETED, False, date(2026, 11, 18))
    assert db.session.get(CaseArchive, case.id).filed_at is None


def test_an_overdue_case_closes_only_with_a_statement(accepted, do):
    case = accepted()
    at = case.due_at + timedelta(seconds=1)
    with pytest.raises(Invalid) as refused:
        complete(do, case, at)
    assert refused.value.rule == "T-8"
    assert again(case).closed_at is None
    complete(do, again(case), at, "经办人病假，未及时移交")
    assert (again(case).closed_late, again(case).overdue_statement) == (True, "经办人病假，未及时移交")


def test_at_the_last_instant_it_is_on_time(accepted, do):
    case = accepted()
    complete(do, case, case.due_at)
    assert not again(case).closed_late


def test_a_statement_before_it_is_overdue_is_refused(accepted, do):
    case = accepted()
    with pytest.raises(Conflict):
        do("clerk", NOW, service.make_statement, case, "提前说明")


def test_a_licence_needs_a_qualified_officer(opened, do, act, as_actor, office):
    content = Content("科普教育基地认定", "4wd", "20wd", licence=True)
    with act():
        catalogue_service.publish(as_actor("office"), db.session.get(ServiceItem, office.items["SX-001"]), content, NOW)
    case = opened(())
    do("clerk", NOW, service.accept, case)
    with pytest.raises(NotAllowed) as refused:
        complete(do, again(case))
    assert refused.value.rule == "R-3"
    db.session.rollback()
    with act():
        db.session.execute(
            db.update(User).where(User.id == office.users["clerk"]).values(qualified_until=date(2026, 11, 18))
        )
        epochs.bump(db.session(), "people")
    complete(do, again(case))
    assert again(case).state is CaseState.COMPLETED


VERBS_ON_CLOSED = {
    "receive": lambda a, c, now: service.receive_materials(a, c, [4], now),
    "accept": service.accept,
    "start": service.start,
    "notice": lambda a, c, now: service.want_supplement(a, c, "GZ-2026-0001", UNTIL, (), now),
    "supplement": lambda a, c, now: service.supplement(a, c, [4], now),
    "note": lambda a, c, now: handling.note_step(a, c, "补记", now),
    "complete": lambda a, c, now: handling.complete(a, c, "再办", "", "", now),
    "deny": lambda a, c, now: service.close_denied(a, c, "BD-2026-0001", "", True, "", now),
}


@pytest.mark.parametrize("verb", VERBS_ON_CLOSED)
def test_a_closed_case_changes_no_more(accepted, do, verb):
    case = accepted()
    complete(do, case)
    before = (again(case).version, len(events(case)))
    with pytest.raises(Conflict):
        do("clerk", later(minutes=1), VERBS_ON_CLOSED[verb], again(case))
    db.session.rollback()
    assert (again(case).version, len(events(case))) == before


@pytest.mark.parametrize("ours", [True, False])
def test_the_database_refuses_a_denial_without_an_agreed_filing(accepted, do, ours):
    case = accepted()
    with pytest.raises(Exception, match=r"(?i)filing|denied|D-1"):
        do(
            "clerk",
            NOW,
            lambda a, now: service.close_denied(a, case, "BD-2026-0001", "", ours, "", now),
        )
    db.session.rollback()
    assert again(case).closed_at is None


def test_papers_go_back_against_a_name_also_after_the_end(accepted, do):
    case = accepted()
    complete(do, case)
    do("clerk", later(minutes=1), service.return_materials, again(case), [1, 2], "周小明")
    assert [m.returned_to for m in again(case).materials] == ["周小明", "周小明", "", ""]
    with pytest.raises(Invalid):
        do("clerk", later(minutes=2), service.return_materials, again(case), [1], "周小明")
    [entry] = facts(case, "cases.materials_returned")
    assert entry["names"] == "认定申请书、法人证书复印件"
    assert "to" not in entry, "the name is personal text, kept beside the entry"


def test_a_paper_that_went_back_can_come_again(opened, do):
    case = opened((1,))
    do("clerk", NOW, service.return_materials, case, [1], "周小明")
    with pytest.raises(Invalid):
        do("clerk", NOW, service.return_materials, again(case), [1], "周小明")


def test_a_correction_is_a_linked_case_with_the_papers_that_are_still_here(accepted, do, act, as_actor, office):
    case = accepted()
    with pytest.raises(Conflict):
        do("clerk", NOW, handling.correct, case)
    complete(do, again(case))
    do("clerk", NOW, service.return_materials, again(case), [2], "周小明")
    # The checklist has changed since: what is now on line 1 is another paper.
    content = Content(
        "科普教育基地认定",
        "4wd",
        "20wd",
        materials=(Material("新材料"), Material("场地证明"), Material("法人证书复印件")),
    )
    with act():
        catalogue_service.publish(
            as_actor("office"), db.session.get(ServiceItem, office.items["SX-001"]), content, later(minutes=1)
        )
    linked = do("clerk", later(minutes=2), handling.correct, again(case))
    assert (linked.origin_id, linked.state) == (case.id, CaseState.RECEIVED)
    assert [(m.name, m.received_at is not None) for m in linked.materials] == [
        ("新材料", False),
        ("场地证明", True),
        ("法人证书复印件", False),
    ]


def test_the_archive_is_filed_once(accepted, do):
    case = accepted()
    with pytest.raises(Conflict):
        do("clerk", NOW, lambda a, now: handling.file_archive(a, case, 12, "", now))
    complete(do, again(case))
    do("clerk", NOW, lambda a, now: handling.file_archive(a, case, 12, "", now))
    assert db.session.get(CaseArchive, case.id).pages == 12
    with pytest.raises(Conflict):
        do("clerk", NOW, lambda a, now: handling.file_archive(a, case, 13, "", now))
