"""The register: filters, rates whose figures open their rows, export (D-7)."""

from __future__ import annotations

import io
import re
from datetime import date
from html import unescape

import pytest
from openpyxl import load_workbook

from portal.cases import service as cases
from portal.cases.models import Case
from portal.denial_filing import register
from portal.denial_filing.register import Wanted
from portal.denial_filing.rules import Verdict
from portal.denial_filing.service import Meeting
from portal.kernel import clock, transaction
from portal.kernel.db import locked
from portal.people import queries as people
from tests.office import NOW, later

HERE = "/denial-filings/register"


@pytest.fixture
def filled(app, ids, stage):
    """Eight filings of two departments, in every outcome; it is a week later."""
    agree, correct, supplement = stage.filed(), stage.filed(), stage.filed()
    stage.decide(agree, at=later(hours=1))
    stage.decide(correct, Verdict.CORRECT, at=later(hours=3))  # 12:00–13:30 is no working time
    stage.decide(supplement, Verdict.SUPPLEMENT, at=later(days=2))  # late
    stage.filed()  # waits, late a week later
    grave = stage.filed("SX-003", "other", grave=True)
    stage.decide(grave, Verdict.ESCALATE, "leader2", at=later(hours=1))
    meeting = Meeting(clock.local(NOW).date(), "研究同意")
    stage.decide(grave, Verdict.AGREE, "principal", at=later(hours=2), meeting=meeting)
    stage.issue(grave, "other", at=later(hours=3))
    recalled = stage.filed("SX-003", "other")
    from portal.denial_filing import service

    with app.app_context(), transaction.act():
        filing, case = service.lock(recalled)
        service.recall(people.actor_by_username("other", NOW), filing, case, "重报", NOW)
    case = stage.case("SX-002")
    stage.file(case)
    with app.app_context(), transaction.act():
        from portal.cases import second_person
        from portal.cases.models import ProposalKind

        found = locked(Case, number=case)
        clerk, head = people.actor_by_username("clerk", NOW), people.actor_by_username("head", NOW)
        proposal = second_person.propose(clerk, found, ProposalKind.WITHDRAW, "撤回", True, "", NOW)
        second_person.decide(head, proposal.id, True, "", NOW)
        made = cases.open_case(clerk, NOW, matter="目录外事项", client=cases.Client(), post_id=ids.posts["YW-1"])
    stage.file(made.number)
    return later(days=8)


def rows(page: str) -> int:
    return len(re.findall(r'id="filing-FD-', page))


def get(login, who, at, path=HERE):
    from sqlalchemy import update

    from portal.kernel.db import db
    from portal.people.models import UserSession

    client = login(who)
    with client.application.app_context(), transaction.act():
        db.session.execute(update(UserSession).values(seen_at=at))
    with clock.at(at):
        answer = client.get(path)
    assert answer.status_code == 200, path
    return answer


@pytest.mark.parametrize("group", list(register.GROUPS))
def test_every_figure_opens_exactly_its_rows(login, filled, group):
    page = get(login, "office", filled, f"{HERE}?group={group}").get_data(as_text=True)
    links = re.findall(r'<a href="(/denial-filings/register\?[^"]*)">(\d+)</a>', page)
    assert len(links) > 8
    for url, figure in links:
        opened = get(login, "office", filled, unescape(url).split("#")[0]).get_data(as_text=True)
        assert rows(opened) == int(figure), url


def test_the_rates_by_hand(app, ids, filled):
    with app.app_context(), clock.at(filled):
        office = people.actor_by_username("office", filled)
        lines = {n.name: n for n in register.rates(office, Wanted(), "department", filled)}
        yw, xh = lines["综合业务科"], lines["学会服务科"]
        assert yw.counts == {
            "filings": 6,
            "agreed": 1,
            "corrected": 1,
            "supplement": 1,
            "late_decision": 3,  # decided after two days; two still waiting
            "late_delivery": 1,  # agreed, and no letter after eight days
        }
        assert xh.counts["filings"] == 2
        assert xh.counts["late_delivery"] == 1, "issued, but not delivered"
        # 1 h, 2 h (10:00–12:00, break, none after), 2 working days of 7 h
        assert yw.decided == 3
        assert yw.hours == pytest.approx((1 + 2 + 14) / 3)
        assert yw.share("agreed") == pytest.approx(100 / 3)
        leaders = {n.name: n.counts["filings"] for n in register.rates(office, Wanted(), "leader", filled)}
        assert leaders == {"陈静": 3, "何平": 1, "尚未决定": 4}
        items = {n.name: n.counts["filings"] for n in register.rates(office, Wanted(), "item", filled)}
        assert items["目录以外的事项"] == 1


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Wanted(), 8),
        (Wanted(outcome="waiting"), 2),
        (Wanted(outcome="fallen"), 1),
        (Wanted(outcome="recalled"), 1),
        (Wanted(outcome="decided"), 4),
        (Wanted(outcome="agreed"), 2),
        (Wanted(grave="yes"), 1),
        (Wanted(grave="no"), 7),
        (Wanted(item=0), 1),
        (Wanted(leader=0), 4),
        (Wanted(until_on=date(2026, 11, 17)), 0),
        (Wanted(from_on=date(2026, 11, 18), until_on=date(2026, 11, 18)), 8),
        (Wanted(from_on=date(2026, 11, 19)), 0),
        (Wanted(q="FD-2026-0003"), 1),
        (Wanted(q="周建国"), 7),
        (Wanted(q="学会"), 2),
    ],
)
def test_filters(app, filled, wanted, count):
    with app.app_context(), clock.at(filled):
        office = people.actor_by_username("office", filled)
        assert len(list(register.exported(office, wanted, filled, 100))) == count


def test_leaders_see_the_departments_in_their_charge(login, filled):
    assert rows(get(login, "leader", filled).get_data(as_text=True)) == 6
    assert rows(get(login, "leader2", filled).get_data(as_text=True)) == 2
    assert rows(get(login, "principal", filled).get_data(as_text=True)) == 8
    assert login("clerk").get(HERE).status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        "from_on=0000-00-00&until_on=9999-12-31",
        "department=x&item=99999999999999999999&leader=-1",
        "outcome=nothing&grave=maybe&group=x&page=99999",
        "q=%F0%9F%88%9A%F0%A0%AE%B7%27%22%25",
    ],
)
def test_nonsense_in_the_address_is_no_fault(login, filled, query):
    get(login, "office", filled, f"{HERE}?{query}")


def test_export_holds_rows_and_rates(login, filled):
    answer = get(login, "office", filled, "/denial-filings/register.xlsx")
    book = load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["否定报备登记", "科室", "事项", "审批领导"]
    sheet = [[c.value for c in row] for row in book["否定报备登记"].iter_rows()]
    assert len(sheet) == 9
    assert sheet[0][0] == "报备编号"
    assert {row[0] for row in sheet[1:]} == {f"FD-2026-{n:04}" for n in range(1, 9)}
    by_department = {row[0].value: [c.value for c in row[1:]] for row in book["科室"].iter_rows(min_row=2)}
    assert by_department["综合业务科"][:6] == [6, 1, 1, 1, 3, 1]
    narrowed = get(login, "office", filled, "/denial-filings/register.xlsx?outcome=recalled")
    assert load_workbook(io.BytesIO(narrowed.data))["否定报备登记"].max_row == 2
