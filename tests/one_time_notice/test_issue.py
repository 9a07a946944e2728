"""The verb "issue" (N-1 … N-4): complete or refused, from the bound checklist, with number and check code."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal.cases import handling
from portal.cases import service as cases
from portal.cases.models import CaseState
from portal.kernel import clock, journal
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.one_time_notice import queries, service
from portal.one_time_notice.models import Form, Notice, Problem
from portal.one_time_notice.service import Line
from portal.policy.service import set_value
from portal.pure.numbering import verify_check_code
from portal.service_commitment import queries as catalogue
from portal.service_commitment import service as catalogue_service
from portal.service_commitment.models import ServiceItem
from portal.service_commitment.service import Content, Material
from tests.office import NOW, later
from tests.one_time_notice.conftest import (
    AWARD,
    FORM,
    LICENCE,
    PLACE,
    UNTIL,
    find,
    material,
    missing,
    open_case,
    wrong,
)


@pytest.fixture
def tell(act, as_actor):
    """Issue a notice in a committed act."""

    def issue(case, lines, at=NOW, username="clerk", **more):
        given = {"form": Form.WRITTEN, "next_visit": "工作日上午", "until": UNTIL, **more}
        with act():
            return service.issue(as_actor(username, at), case, at, lines=lines, **given)

    return issue


def facts(case, tag):
    return [e.fact() for e in journal.of_case(case.id) if e.event == tag]


def both(case):
    return [missing(case, LICENCE), missing(case, PLACE)]


def test_issue_tells_everything_at_once(case, tell):
    made = tell(case, both(case))
    assert (made.number, made.ordinal, made.repeats) == ("GZ-2026-0001", 1, False)
    assert verify_check_code(made.number, made.check_code, service.secret())
    assert (made.basis, made.limit_text, made.procedure) == (
        "科普基地管理办法第八条",
        "承诺 5 个工作日，法定 20 个工作日",
        "受理、审核、批复",
    )
    assert case.state is CaseState.SUPPLEMENT_BEFORE
    assert case.supplement_due_on == UNTIL
    assert case.tacit_at is None, "a notice in time stops the tacit acceptance (T-7a)"
    [issued] = facts(case, "one_time_notice.issued")
    assert (issued["missing"], issued["wrong"]) == (["法人证书复印件", "场地证明"], [])


@pytest.mark.parametrize("left", [LICENCE, PLACE])
def test_issue_leaves_nothing_required_out(case, tell, left):
    with pytest.raises(Invalid) as refused:
        tell(case, [line for line in both(case) if line.material_id != material(case, left).id])
    assert refused.value.rule == "N-1"
    assert material(find(), left).name in str(refused.value.message)
    assert db.session.scalar(db.select(db.func.count()).select_from(Notice)) == 0
    assert find().state is CaseState.RECEIVED


def test_issue_takes_in_what_the_handler_finds_handed_in(case, tell):
    tell(case, [missing(case, PLACE)], received=[material(case, LICENCE).id])
    assert material(find(), LICENCE).received_at == NOW
    assert len(facts(case, "cases.materials_received")) == 1


def test_issue_marks_a_wrong_paper_as_not_handed_in(case, tell):
    made = tell(case, [wrong(case, FORM), *both(case)])
    assert material(find(), FORM).received_at is None
    assert [line.problem for line in made.lines] == [Problem.WRONG, Problem.MISSING, Problem.MISSING]


def test_issue_keeps_to_the_version_of_receipt(case, tell, act, as_actor, office):
    item = db.session.get(ServiceItem, office.items["SX-001"])
    changed = Content(
        "科普教育基地认定", "4wd", "20wd", basis="新办法", procedure="新程序", materials=(Material("新材料"),)
    )
    with act():
        catalogue_service.publish(as_actor("office"), item, changed, later(minutes=1))
    assert catalogue.by_id(item.id).promised_limit == "4wd"
    made = tell(find(), both(find()), later(minutes=2))
    assert (made.basis, made.limit_text) == ("科普基地管理办法第八条", "承诺 5 个工作日，法定 20 个工作日")
    assert "新材料" not in [m.name for m in queries.material_rows(made)]


def test_what_the_catalogue_says_cannot_be_overwritten(case, tell):
    made = tell(case, both(case), basis="另一依据", limit_text="一年", procedure="另一程序")
    assert (made.basis, made.limit_text, made.procedure)[0] == "科普基地管理办法第八条"
    assert made.limit_text.startswith("承诺 5")


def test_without_item_the_handler_states_basis_limit_and_procedure(office, tell):
    case = open_case(office, (), item=None, post="YW-1")
    lines = [Line(None, Problem.MISSING, "须有申请", "书面申请")]
    with pytest.raises(Invalid) as refused:
        tell(case, lines)
    assert refused.value.field == "basis"
    made = tell(find(), lines, basis="信访条例", limit_text="3 个工作日", procedure="登记、答复")
    assert made.basis == "信访条例"
    [added] = find().materials
    assert (added.name, added.required, added.in_checklist) == ("书面申请", True, False)


def test_an_extra_material_is_required_from_then_on(case, tell, act, as_actor):
    tell(case, [*both(case), Line(None, Problem.MISSING, "场馆系租用", "出租方同意书")])
    extra = find().materials[-1]
    assert (extra.position, extra.in_checklist) == (5, False)
    with act():
        assert service.supplement(as_actor("clerk"), find(), [LICENCE, PLACE], NOW) is False
    assert cases.missing(find()) == [find().materials[-1]]


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        (lambda c: [], "lines"),
        (lambda c: [missing(c, LICENCE, "\u3000 "), missing(c, PLACE)], "reason"),
        (lambda c: [missing(c, LICENCE, "长" * 10_000), missing(c, PLACE)], "reason"),
        (lambda c: [missing(c, LICENCE, "空\x00字节"), missing(c, PLACE)], "reason"),
        (lambda c: [missing(c, LICENCE, "半个\ud800字"), missing(c, PLACE)], "reason"),
        (lambda c: [*both(c), missing(c, PLACE)], "lines"),
        (lambda c: [*both(c), Line(10**9, Problem.MISSING, "没有")], "lines"),
        (lambda c: [*both(c), Line(None, Problem.MISSING, "缺", "　")], "lines"),
        (lambda c: [*both(c), Line(None, Problem.MISSING, "缺", "认定　申请书")], "lines"),
    ],
    ids=["none", "blank", "long", "nul", "surrogate", "twice", "unknown", "nameless", "known name"],
)
def test_issue_refuses_bad_lines(case, tell, lines, field):
    with pytest.raises(Invalid) as refused:
        tell(case, lines(case))
    assert refused.value.field.startswith(field)
    assert find().state is CaseState.RECEIVED


def test_issue_refuses_a_line_of_another_case(case, office, tell):
    other = open_case(office)
    with pytest.raises(Invalid):
        tell(case, [*both(case), missing(other, LICENCE)])


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"next_visit": "　"}, "next_visit"),
        ({"until": NOW.date() - timedelta(days=1)}, "until"),
        ({"until": date(9999, 1, 1)}, "until"),
        ({"ordered_by": "BD-2026-0009"}, "ordered_by"),
    ],
)
def test_issue_refuses_bad_facts(case, tell, more, field):
    with pytest.raises(Invalid) as refused:
        tell(case, both(case), **more)
    assert refused.value.field == field


def test_policy_can_require_writing(case, tell, act, as_actor):
    with act():
        set_value(as_actor("office"), "one_time_notice.written_always", "true", "本单位决定", NOW)
    with pytest.raises(Invalid) as refused:
        tell(find(), both(find()), form=Form.ORAL)
    assert (refused.value.field, refused.value.rule) == ("form", "N-3")
    assert tell(find(), both(find())).form is Form.WRITTEN


def test_only_who_answers_for_the_post_issues(case, tell):
    with pytest.raises(NotAllowed):
        tell(case, both(case), username="other")
    with pytest.raises(NotAllowed):
        tell(find(), both(find()), username="leader")


def test_a_closed_case_gets_no_notice(office, tell, act, as_actor):
    case = open_case(office, (FORM, LICENCE, PLACE))
    with act():
        cases.accept(as_actor("clerk"), case, NOW)
        handling.complete(as_actor("clerk"), case, "已认定", "批复", "", NOW)
    with pytest.raises(Conflict):
        tell(find(), [wrong(find(), FORM)])


# --- the second notice (N-4) ------------------------------------------------------------------------------------


def test_a_second_notice_that_asks_for_something_new_is_recorded(case, tell, act, as_actor):
    tell(case, both(case))
    with act():
        assert not service.supplement(as_actor("clerk"), find(), [LICENCE], later(days=1))
    again = find()
    lines = [missing(again, PLACE), wrong(again, FORM), missing(again, AWARD)]
    assert [m.position for m in service.repeated(again, lines)] == [FORM, AWARD]
    made = tell(again, lines, later(days=2))
    assert (made.ordinal, made.repeats) == (2, True)
    [fact] = facts(case, "one_time_notice.repeated")
    assert fact["names"] == ["认定申请书", "获奖证明"]


def test_a_second_notice_about_the_rest_repeats_nothing(case, tell, act, as_actor):
    tell(case, both(case))
    with act():
        service.supplement(as_actor("clerk"), find(), [LICENCE], later(days=1))
    again = find()
    made = tell(again, [missing(again, PLACE), wrong(again, LICENCE)], later(days=2))
    assert (made.ordinal, made.repeats) == (2, False)
    assert facts(case, "one_time_notice.repeated") == []


# --- ordered by a decision (D-3) --------------------------------------------------------------------------------


def test_a_notice_carries_the_number_of_the_decision_that_ordered_it(case, tell, monkeypatch):
    monkeypatch.setattr(service, "_orders", [])
    asked = []
    service.order_source(lambda c: asked.append(c.id) or "")
    second = service.order_source(lambda c: "BD-2026-0001")
    assert service.order_source(second) is second
    assert len(service._orders) == 2, "the same source is registered once"
    made = tell(case, both(case), ordered_by="BD-2026-0001")
    assert made.ordered_by == "BD-2026-0001"
    assert case.id in asked
    [issued] = facts(case, "one_time_notice.issued")
    assert issued["ordered_by"] == "BD-2026-0001"


def test_numbers_have_no_gaps_after_a_refusal(case, tell, office):
    with pytest.raises(Invalid):
        tell(case, [missing(case, LICENCE)])
    tell(find(), both(find()))
    other = open_case(office)
    assert tell(other, both(other)).number == "GZ-2026-0002"
    assert clock.now() == NOW
