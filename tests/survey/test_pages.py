"""Pages of surveys: who may reach what, the client's page without a login, bad input at its field (S-2)."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from portal.kernel import clock, transaction
from portal.kernel.db import db
from portal.kernel.idempotency import Submission
from portal.people import queries as people
from portal.survey import codes, queries, service
from portal.survey.models import ClientMeeting, Improvement, Survey, SurveyCode, SurveyPaper
from portal.survey.rules import Audience
from tests.office import NOW, later
from tests.survey.conftest import answer

#: The table of routes says it for every role; here are those that differ.
ROLES = ("clerk", "head", "office", "supervisor", "auditor")
READERS = {"head", "office", "supervisor"}
AFTER = later(days=8)


@pytest.fixture
def made(app, survey):
    """A running survey by link, one by codes, a draft, a closed one with six answers and a measure."""
    with app.app_context(), transaction.act():
        link, by_code, draft = survey(), survey(Audience.CODES), survey(publish=False)
        closed = survey(title="已截止的问卷")
        answer(closed, 6, said="多开<b>窗口</b>")
        service.close(people.actor_by_username("office", NOW), closed, "够了", NOW)
        return {
            "link": (link.number, link.token),
            "codes": (by_code.number, by_code.token),
            "draft": (draft.number, None),
            "closed": (closed.number, closed.token),
        }


def text_of(answer_) -> str:
    return answer_.get_data(as_text=True)


def good(app, token: str) -> dict[str, str]:
    with app.app_context():
        asked = queries.questions_of(queries.by_token(token))
        return {f"q{q.id}": q.choices()[0].value for q in asked if q.required}


def papers(app) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).where(SurveyPaper.question_id.is_(None))) or 0


def test_who_reaches_what(made, login):
    number, closed, draft = made["link"][0], made["closed"][0], made["draft"][0]
    read = ["/surveys", f"/surveys/{number}", f"/surveys/{number}/preview", f"/surveys/{closed}/results"]
    read.append("/surveys/meetings")
    manage = ["/surveys/new", f"/surveys/{made['codes'][0]}/clients", f"/surveys/{closed}/improvements/new"]
    for who in ROLES:
        client = login(who)
        for address in read:
            assert client.get(address).status_code == (200 if who in READERS else 403), (who, address)
        for address in manage:
            assert client.get(address).status_code == (200 if who == "office" else 403), (who, address)
        assert client.get("/surveys/mine").status_code == (200 if who in READERS | {"clerk"} else 403)
        for foreign in (draft, "WJ-2026-9999"):
            expected = 403 if who not in READERS else 404 if who != "office" or foreign != draft else 200
            assert client.get(f"/surveys/{foreign}").status_code == expected, (who, foreign)
        assert client.post(f"/surveys/{number}/close", data={"reason": ""}).status_code == (
            422 if who == "office" else 403
        )
    assert login("office").get(f"/surveys/{number}/results").status_code == 404, "not before the end"
    assert "多开" in text_of(login("supervisor").get(f"/surveys/{closed}/results"))
    assert "多开" not in text_of(login("head").get(f"/surveys/{closed}/results"))


def test_a_client_answers_on_a_phone_without_login_or_cookie(app, made):
    token = made["link"][1]
    visitor = app.test_client()
    page = visitor.get(f"/q/{token}")
    assert "您对服务态度满意吗" in text_of(page)
    assert "Set-Cookie" not in page.headers
    sent = visitor.post(f"/q/{token}", data={**good(app, token), "_key": "k" * 24})
    assert (sent.status_code, sent.location) == (303, f"/q/{token}/thanks")
    assert "Set-Cookie" not in sent.headers
    visitor.post(f"/q/{token}", data={**good(app, token), "_key": "k" * 24})
    assert papers(app) == 7
    assert visitor.post(f"/q/{token}", data={}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 400
    assert visitor.get("/q/nowhere").status_code == 404
    assert "窗口服务问卷" in text_of(visitor.get("/public/surveys"))


def test_what_is_wrong_is_told_at_its_question_and_the_rest_is_kept(app, made):
    token, visitor = made["codes"][1], app.test_client()
    fields = good(app, token)
    first = next(iter(fields))
    answer_ = visitor.post(f"/q/{token}", data={**fields, first: "", "code": "x" * 9})
    page = text_of(answer_)
    assert answer_.status_code == 422
    assert "请回答这一题" in page
    assert "错误：" in page
    assert 'value="xxxxxxxxx"' in page
    for change, said in (
        ({first: "99"}, "请从列出的选项中选择"),
        ({"code": ""}, "请填写答卷码"),
        ({"website": "spam"}, "没有提交成功"),
    ):
        answer_ = visitor.post(f"/q/{token}", data={**fields, "code": "ABCD2345", **change})
        assert (answer_.status_code, said in text_of(answer_)) == (422, True)
    wrong = visitor.post(f"/q/{token}", data={**fields, "code": "ABCD2345"})
    assert "答卷码不对，或者已经用过" in text_of(wrong)
    for _n in range(9):
        visitor.post(f"/q/{token}", data={**fields, "code": "ABCD2345"})
    assert visitor.post(f"/q/{token}", data={**fields, "code": "ABCD2345"}).status_code == 429
    assert papers(app) == 6


def test_codes_are_shown_once_and_kept_nowhere(app, made, login):
    number, token = made["codes"]
    office = login("office")
    page = text_of(office.post(f"/surveys/{number}/codes", data={"count": "3", "_key": "c" * 24}))
    found = re.findall(r"<strong class=\"num\">([A-Z0-9]{4}-[A-Z0-9]{4})</strong>", page)
    assert len(set(found)) == 3
    with app.app_context():
        assert not any(code in body for body in db.session.scalars(select(Submission.body)) for code in found)
        assert db.session.scalar(select(func.count()).select_from(SurveyCode)) == 3
    visitor = app.test_client()
    for expected in (303, 200):
        answer_ = visitor.post(f"/q/{token}", data={**good(app, token), "code": found[0]})
        assert answer_.status_code == expected
    refused = office.post(f"/surveys/{number}/codes", data={"count": "0"})
    assert (refused.status_code, "应在 1 至 1000 之间" in text_of(refused)) == (422, True)


def test_the_office_builds_publishes_and_corrects(app, made, login):
    office = login("office")
    opens, closes = ((NOW + timedelta(days=d)).strftime("%Y-%m-%dT09:00") for d in (1, 9))
    fields = {"title": "新问卷", "audience": "link", "opens_at": opens, "closes_at": closes}
    for change, said in (
        ({"title": ""}, "请填写标题"),
        ({"closes_at": opens}, "截止时间应晚于开始时间"),
        ({"audience": "x"}, "错误："),
        ({"audience": "staff"}, "请选择由哪些科室的人员作答"),
        ({"departments": "x"}, "错误："),
    ):
        refused = office.post("/surveys/new", data={**fields, **change})
        assert (refused.status_code, said in text_of(refused)) == (422, True), change
    address = office.post("/surveys/new", data=fields).location
    empty = office.post(f"{address}/publish")
    assert (empty.status_code, "请先加入问题" in text_of(empty)) == (422, True)
    refused = office.post(f"{address}/questions/new", data={"kind": "single", "text": "问", "options": "只有一个"})
    assert (refused.status_code, "选项" in text_of(refused)) == (422, True)
    assert office.post(f"{address}/questions/new", data={"kind": "scale", "text": "问", "more": "1"}).status_code == 303
    assert office.post(f"{address}/questions/new", data={"kind": "text", "text": "说说"}).status_code == 303
    preview = text_of(office.get(f"{address}/preview"))
    assert "很满意" in preview
    assert "disabled" in preview
    assert office.post(f"{address}/publish").status_code == 303
    assert office.get(f"{address}/edit").status_code == 404
    assert "二维码" in text_of(office.get(f"{address}/sheet"))
    again = office.post(f"{address}/correct").location
    assert office.post(f"{again}/publish").status_code == 303
    assert "已由新版代替" in text_of(office.get(address))
    with app.app_context():
        token = db.session.scalar(select(Survey.token).where(Survey.number == again.rsplit("/", 1)[-1]))
    assert "开始，欢迎到时作答" in text_of(app.test_client().get(f"/q/{token}"))


def test_the_list_is_filtered(made, login):
    office, number = login("office"), made["closed"][0]
    for query, there in (
        ("state=closed", True),
        ("state=open", False),
        (f"q={number}", True),
        ("audience=codes", False),
    ):
        assert (f"survey-{number}" in text_of(office.get(f"/surveys?{query}"))) is there, query
    for query in ("from_on=x", "audience=x", "state=x", "q=%E3%80%80", "page=999"):
        assert office.get(f"/surveys?{query}").status_code == 200
        assert office.get(f"/surveys/improvements?{query}&department=x").status_code == 200


def test_figures_are_published_as_statistics_only(app, made, login):
    office, number = login("office"), made["closed"][0]
    visitor = app.test_client()
    assert visitor.get(f"/public/surveys/{number}").status_code == 404
    assert office.post(f"/surveys/{number}/results/publish", data={"note": "谢谢大家"}).status_code == 303
    page = text_of(visitor.get(f"/public/surveys/{number}"))
    assert "谢谢大家" in page
    assert "平均 100.0 分" in page
    assert "可能作答多次" in page
    assert "多开" not in page
    book = load_workbook(io.BytesIO(office.get(f"/surveys/{number}/results.xlsx").data))
    assert book.sheetnames == ["概况", "各题结果", "分科室", "文字意见"]
    assert (
        "文字意见"
        not in load_workbook(io.BytesIO(login("head").get(f"/surveys/{number}/results.xlsx").data)).sheetnames
    )
    assert office.get(f"/surveys/{number}/report.docx").data[:2] == b"PK"
    assert office.post(f"/surveys/{number}/results/withdraw", data={"reason": "有误"}).status_code == 303
    assert visitor.get(f"/public/surveys/{number}").status_code == 404


def test_the_sample_over_http(made, login):
    office, number = login("office"), made["codes"][0]
    for text, said in (("", "请录入名单"), ("一个", "至少两个"), ("甲\n" + "乙" * 121, "每行最多 120 个字")):
        refused = office.post(f"/surveys/{number}/clients", data={"clients": text})
        assert (refused.status_code, said in text_of(refused)) == (422, True)
    assert office.post(f"/surveys/{number}/clients", data={"clients": "甲\n乙\n丙"}).status_code == 303
    refused = office.post(f"/surveys/{number}/clients/draw", data={"count": "1"})
    assert (refused.status_code, "应抽取 2 至 3 个" in text_of(refused)) == (422, True)
    assert office.post(f"/surveys/{number}/clients/draw", data={"count": "2"}).status_code == 303
    assert "种子" in text_of(office.get(f"/surveys/{number}/clients"))
    assert office.get(f"/surveys/{number}/clients.xlsx").status_code == 200
    assert office.get(f"/surveys/{made['link'][0]}/clients").status_code == 404


def test_measures_and_meetings_over_http(app, ids, made, login):
    office, number = login("office"), made["closed"][0]
    fields = {
        "finding": "等得久",
        "measure": "加窗口",
        "department": str(ids.departments["YW"]),
        "due_on": "2026-12-01",
    }
    for change in ({"finding": ""}, {"department": ""}, {"due_on": "2026-01-01"}, {"due_on": "x"}, {"post": "\u3000"}):
        refused = office.post(f"/surveys/{number}/improvements/new", data={**fields, **change})
        assert refused.status_code == 422, change
    address = office.post(f"/surveys/{number}/improvements/new", data=fields).location
    assert address in text_of(login("clerk").get("/surveys/improvements"))
    assert address not in text_of(login("other").get("/surveys/improvements"))
    assert login("other").get(address).status_code == 404
    assert login("other").post(f"{address}/done", data={"result": "x"}).status_code == 404
    assert login("clerk").post(f"{address}/done", data={"result": "x"}).status_code == 403, "neither head nor holder"
    assert login("head").post(f"{address}/done", data={"result": ""}).status_code == 422
    assert login("head").post(f"{address}/done", data={"result": "加了"}).status_code == 303
    told = {"told_by": "notice", "told_on": "2026-11-18", "note": "张贴公告"}
    assert office.post(f"{address}/told", data={**told, "told_on": "2026-11-19"}).status_code == 422
    assert office.post(f"{address}/told", data=told).status_code == 303
    assert office.get("/surveys/improvements/export.xlsx").status_code == 200

    meeting = {"held_on": "2026-11-18", "place": "会议室", "topic": "座谈", "participants": "9", "summary": "谈了"}
    for change in ({"participants": "0"}, {"held_on": "2026-11-19"}, {"summary": ""}):
        assert office.post("/surveys/meetings/new", data={**meeting, **change}).status_code == 422, change
    minutes = {"files": (io.BytesIO("纪要".encode()), "纪要.txt")}
    held = office.post("/surveys/meetings/new", data={**meeting, **minutes}).location
    assert "纪要.txt" in text_of(login("head").get(held))
    raised = {"kind": "suggestion", "text": "周六开门", "department": ""}
    assert office.post(f"{held}/raised", data={**raised, "contact_phone": "没有"}).status_code == 422
    assert office.post(f"{held}/raised", data=raised).status_code == 303
    assert "周六开门" in text_of(office.get(held))
    assert office.post(f"{held}/files").status_code == 422
    with app.app_context():
        file_id = re.search(r"/files/(\d+)", text_of(office.get(held)))[1]
        assert db.session.scalar(select(func.count()).select_from(ClientMeeting)) == 1
        assert db.session.scalar(select(func.count()).select_from(Improvement)) == 1
    assert login("head").get(f"{held}/files/{file_id}").status_code == 200
    assert login("clerk").get(f"{held}/files/{file_id}").status_code == 403


def test_staff_find_their_code(app, ids, survey, login):
    with app.app_context(), transaction.act():
        made = survey(Audience.STAFF, departments=(ids.departments["YW"],))
        token, own = made.token, codes.own_code(made.token or "", ids.users["clerk"])
    shown = f"{own[:4]}-{own[4:]}"
    assert shown in text_of(login("clerk").get("/surveys/mine"))
    assert app.test_client().post(f"/q/{token}", data={**good(app, token), "code": shown}).status_code == 303
    assert shown not in text_of(login("clerk").get("/surveys/mine"))
    assert "没有要您作答的问卷" in text_of(login("other").get("/surveys/mine"))


def test_a_closed_survey_says_so(app, made):
    with clock.at(AFTER):
        visitor, token = app.test_client(), made["link"][1]
        for answer_ in (visitor.get(f"/q/{token}"), visitor.post(f"/q/{token}", data=good(app, token))):
            assert "问卷已经截止" in text_of(answer_)
    assert papers(app) == 6
