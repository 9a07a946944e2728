"""Pages over HTTP by role: who sees what when, refusals at their field, papers (E-5, E-6, E-7)."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlalchemy import select

from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.idempotency import Submission
from portal.yearly_grade.models import RoundState, YearlyObjection, YearlyRow, YearlyVeto, YearlyVoter
from tests.office import NOW
from tests.yearly_grade.conftest import AFTER, Story

ROUND = "/yearly-grades/2026/person"


@pytest.fixture
def led(app, ids):
    """Run steps of a story, each in a context of its own."""

    def run(steps):
        with app.app_context():
            return steps(Story(ids))

    run(lambda story: story.policy(eligibility__months_year="2"))
    return run


def page(client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, (url, answer.status_code)
    return answer.get_data(as_text=True)


def row_id(led, username: str) -> int:
    return led(lambda story: story.row(username).id)


def test_from_preparing_to_voting(led, login):
    office, clerk = login("office"), login("clerk")
    assert "还没有公布的年度考评" in page(clerk, "/yearly-grades/")
    assert clerk.get("/yearly-grades/new").status_code == 403
    for data, message in (
        ({"year": "２０２６", "subject": "person", "vote_by": ""}, "请填写投票截止日期。"),
        ({"year": "abc", "subject": "person", "vote_by": "2026-11-20"}, "请填写整数。"),
        ({"year": "2026", "subject": "　", "vote_by": "2026-11-20"}, "选"),
        ({"year": "2019", "subject": "department", "vote_by": ""}, "只能准备今年或者去年的考评。"),
    ):
        answer = office.post("/yearly-grades/new", data=data)
        assert answer.status_code == 422
        assert message in answer.get_data(as_text=True)
    sent = {"year": "２０２６", "subject": "person", "vote_by": "2026/11/20"}
    assert office.post("/yearly-grades/new", data=sent).headers["Location"].endswith(ROUND)
    listed = page(office, ROUND)
    assert "参评名单" in listed
    assert "还缺：这一年没有公布的月度成绩；民主评议还没有开始投票；年终述职还没有评议结果。" in listed
    assert "评选资格" not in listed  # no columns of dashes before there is a result
    page(clerk, ROUND, 404)  # not published: like a missing one
    page(clerk, "/yearly-grades/2025/person", 404)
    for role, status in (("clerk", 403), ("supervisor", 403), ("principal", 403)):
        assert login(role).post(f"{ROUND}/open").status_code == status
    page(clerk, f"{ROUND}/vote", 409)
    assert office.post(f"{ROUND}/open").status_code == 303
    assert "等待我投票" in page(clerk, "/yearly-grades/")
    paper = page(clerk, f"{ROUND}/vote")
    fields = sorted(set(re.findall(r'name="(row_\d+)"', paper)))
    assert len(fields) == 2
    blind = re.search(r'name="blind"[^>]*value="([0-9a-f]{32})"', paper)[1]
    assert blind != re.search(r'name="blind"[^>]*value="([0-9a-f]{32})"', page(clerk, f"{ROUND}/vote"))[1]
    good = {**dict.fromkeys(fields, "1"), "blind": blind, "_key": "k" * 20}
    for wrong in ({fields[0]: ""}, {fields[0]: "9"}, {fields[0]: "　"}, {"blind": "x"}):
        answer = clerk.post(f"{ROUND}/vote", data={**good, **wrong, "_key": "w" * 20})
        assert answer.status_code == 422
        assert f'value="{blind}"' in answer.get_data(as_text=True) or "blind" in wrong
    assert clerk.post(f"{ROUND}/vote", data=good).status_code == 303
    assert clerk.post(f"{ROUND}/vote", data=good).status_code == 303  # the same form again: the same answer
    page(clerk, f"{ROUND}/vote", 409)
    page(login("principal"), f"{ROUND}/vote", 404)
    page(clerk, f"{ROUND}/voters", 404)
    assert "1 / 7" in page(office, f"{ROUND}/voters")
    assert "王敏" in page(office, f"{ROUND}/voters?state=voted")
    assert "王敏" not in page(office, f"{ROUND}/voters?state=waiting")
    page(office, f"{ROUND}/voters?state=%E3%80%80")

    def kept(_story):
        # What the portal keeps of the form is blurred by its random text: four marks cannot be tried.
        return db.session.scalar(select(Submission).where(Submission.key == good["_key"])) is not None, (
            db.session.query(YearlyVoter).filter_by(voted=True).count()
        )

    assert led(kept) == (True, 1)


def test_a_computed_result_is_shown_to_its_own_and_can_be_objected_to(led, login):
    led(lambda story: story.computed())
    mine, other = row_id(led, "clerk"), row_id(led, "clerk2")
    clerk, supervisor, office = login("clerk"), login("supervisor"), login("office")
    own = page(clerk, f"/yearly-grades/results/{mine}")
    assert "90" in own
    assert "各方评分不公布" in own
    assert "提出异议" in own
    page(clerk, f"/yearly-grades/results/{other}", 404)
    page(clerk, "/yearly-grades/results/99999", 404)
    page(clerk, f"/yearly-grades/results/{other}/paper", 404)
    page(clerk, f"/yearly-grades/results/{other}/object", 404)
    page(clerk, f"/yearly-grades/results/{mine}/veto", 404)
    page(clerk, ROUND, 404)
    url = f"/yearly-grades/results/{mine}/object"
    assert clerk.post(url, data={"text": " "}).status_code == 422
    assert clerk.post(url, data={"text": "漏计荣誉"}).status_code == 303
    key = led(lambda story: db.session.query(YearlyObjection).one().id)
    ruling = f"/yearly-grades/results/{mine}/objections/{key}/rule"
    assert clerk.post(ruling, data={}).status_code == 403
    assert office.get(ruling).status_code == 403
    page(supervisor, f"/yearly-grades/results/{other}/objections/{key}/rule", 404)
    assert supervisor.post(ruling, data={"outcome": "maybe", "ruling": "x"}).status_code == 422
    assert supervisor.post(ruling, data={"outcome": "rejected", "ruling": "没有确认的荣誉"}).status_code == 303
    page(supervisor, ruling, 409)
    assert "没有确认的荣誉" in page(clerk, f"/yearly-grades/results/{mine}")
    # A veto by the office is confirmed by the supervision group.
    veto = f"/yearly-grades/results/{other}/veto"
    assert office.post(veto, data={"ground": "　", "reason": "x", "evidence": "y"}).status_code == 422
    assert office.post(veto, data={"ground": "ethics", "reason": "推诿", "evidence": "回访 5 号"}).status_code == 303
    key = led(lambda story: db.session.query(YearlyVeto).one().id)
    assert office.post(f"/yearly-grades/results/{other}/vetoes/{key}/confirm").status_code == 403
    assert supervisor.post(f"/yearly-grades/results/{other}/vetoes/{key}/confirm").status_code == 303
    assert "职业道德" in page(office, f"/yearly-grades/results/{other}")
    assert office.post(f"{ROUND}/compute").status_code == 303
    assert "一票否决" in page(office, ROUND)


def test_review_decision_publication_and_papers(led, login):
    led(lambda story: story.computed())
    mine = row_id(led, "clerk")
    with clock.at(AFTER):
        office, supervisor, principal, clerk = (login(u) for u in ("office", "supervisor", "principal", "clerk"))
        assert office.get(f"{ROUND}/review").status_code == 403
        assert supervisor.post(f"{ROUND}/review", data={"opinion": ""}).status_code == 422
        assert supervisor.post(f"{ROUND}/review", data={"opinion": "同意"}).status_code == 303
        assert supervisor.post(f"{ROUND}/review", data={"opinion": "同意"}).status_code == 409
        assert supervisor.get(f"{ROUND}/decide").status_code == 403
        bad = principal.post(f"{ROUND}/decide", data={"meeting_on": "2030-01-01", "meeting_record": "同意"})
        assert bad.status_code == 422
        assert "会议日期不能晚于今天。" in bad.get_data(as_text=True)
        sent = {"meeting_on": "2026-11-25", "meeting_record": "会议同意评定结果"}
        assert principal.post(f"{ROUND}/decide", data=sent).status_code == 303
        assert clerk.post(f"{ROUND}/publish").status_code == 403
        assert office.post(f"{ROUND}/publish").status_code == 303
        shown = page(clerk, ROUND)
        assert "王敏" in shown
        assert "90" in shown
        assert "评选资格" not in shown
        assert "记录" not in re.sub(r"<nav.*?</nav>", "", shown, flags=re.S)
        assert "没有符合条件的结果" in page(clerk, ROUND + "?q=%E6%B2%A1%E6%9C%89")
        page(clerk, ROUND + "?grade=Z&department=%E3%80%80")
        assert "会议同意评定结果" in page(clerk, f"{ROUND}/paper")
        text = "\n".join(
            cell.text for table in Document(io.BytesIO(clerk.get(f"{ROUND}/paper.docx").data)).tables
            for line in table.rows for cell in line.cells
        )  # fmt: skip
        assert "王敏" in text
        assert "会议同意评定结果" in text
        sheet = load_workbook(io.BytesIO(clerk.get(f"{ROUND}/export.xlsx").data)).worksheets[0]
        assert [c.value for c in sheet[1]] == ["名次", "姓名", "科室", "总分", "等次"]
        assert [sheet["D2"].data_type, sheet["D2"].number_format] == ["n", "0.00"]
        assert "告知书" in page(clerk, f"/yearly-grades/results/{mine}/paper")
        assert clerk.get(f"/yearly-grades/results/{mine}/paper.docx").status_code == 200
        correct = f"/yearly-grades/results/{mine}/correct"
        assert clerk.get(correct).status_code == 403
        for wrong in ({"total": "abc"}, {"grade": "Z"}, {"reason": ""}, {"grade": "A"}, {"total": "1.234"}):
            data = {"total": "95", "grade": "B", "reason": "漏计", **wrong}
            assert office.post(correct, data=data).status_code == 422, wrong
        assert office.post(correct, data={"total": "95", "grade": "B", "reason": "漏计"}).status_code == 303
        key = led(lambda story: story.row("clerk").corrections[0].id)
        accept = f"/yearly-grades/results/{mine}/corrections/{key}/accept"
        assert office.post(accept).status_code == 403
        assert "漏计" not in page(clerk, ROUND)
        assert principal.post(accept).status_code == 303
        assert "已更正，公布时为 90、C" in page(clerk, ROUND)
        assert "漏计" in page(clerk, f"{ROUND}/paper")
        assert "Correction" in page(clerk, f"{ROUND}/paper") or "更正" in page(clerk, f"{ROUND}/paper")
        for verb in ("open", "count", "compute", "publish"):
            assert office.post(f"{ROUND}/{verb}").status_code == 409
        assert led(lambda story: (story.get().state, story.row("clerk").grade)) == (RoundState.PUBLISHED, "C")


def test_departments_have_no_ballots_and_separated_roles_see_nothing(led, login):
    office = login("office")
    assert office.post("/yearly-grades/new", data={"year": "2026", "subject": "department"}).status_code == 303
    url = "/yearly-grades/2026/department"
    assert office.post(f"{url}/open").status_code == 409
    assert office.get(f"{url}/paper").status_code == 409
    assert office.post(f"{url}/compute").status_code == 303
    assert "这一年没有公布的月度成绩" in page(office, f"/yearly-grades/results/{led(_first_department)}")
    assert "还没有您的年度考评结果" not in page(login("head"), "/yearly-grades/")
    for username in ("auditor", "security", "sysadmin"):
        for path in ("/yearly-grades/", url, f"{url}/paper"):
            assert login(username).get(path).status_code == 403
    assert NOW + timedelta(days=1) < AFTER


def _first_department(_story) -> int:
    return db.session.scalars(select(YearlyRow.id).order_by(YearlyRow.id)).first()
