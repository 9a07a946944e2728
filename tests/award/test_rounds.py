"""A round from its opening to certificates over HTTP: every verb by role and object, secrecy, the papers (O-7, E-5)."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.award import deciding, eligibility, queries
from portal.award.models import AwardBallot, AwardRound, Nomination
from portal.kernel import clock, journal, transaction
from portal.kernel.db import db
from tests.office import NOW, SHANGHAI

#: The cast has served since 1 September: three whole months at the end of November.
OPEN = {
    "span": "month", "nominee": "person", "day": "2026-11-02", "nominate_by": "2026-11-19", "vote_by": "2026-11-25",
}  # fmt: skip
VOTERS = ("clerk", "clerk2", "head", "other", "other_head", "leader", "leader2", "principal", "office")


def opened(login, **more):
    answer = login("office").post("/awards/new", data={**OPEN, **more})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"].rsplit("/", 1)[-1]


def nominated(login, number, who, whom, **more):
    data = {"who": whom, "reason": "工作扎实", "summary": "", **more}
    return login(who).post(f"/awards/{number}/nominate", data=data)


def stand(app, number):
    with app.app_context():
        found = db.session.scalars(select(Nomination).join(Nomination.round).where(AwardRound.number == number))
        return {(n.user_id, n.department_id): n for n in found.all()}


def ids_of(app, number):
    return {key[0]: n.id for key, n in stand(app, number).items()}


def voting(app, login, ids, number):
    """Three nominated, each with a summary, and the vote open; returns the nominations by short name."""
    users = ids.users
    assert nominated(login, number, "clerk", users["clerk"], summary="我的总结").status_code == 303
    assert nominated(login, number, "head", users["clerk2"]).status_code == 303
    assert nominated(login, number, "other_head", users["other"]).status_code == 303
    found = ids_of(app, number)
    for who in ("clerk2", "other"):
        path = f"/awards/{number}/nominations/{found[users[who]]}/summary"
        assert login(who).post(path, data={"summary": "本人总结"}).status_code == 303
    assert login("office").post(f"/awards/{number}/open-vote").status_code == 303
    return {who: found[users[who]] for who in ("clerk", "clerk2", "other")}


def counted(app, login, ids, number):
    """Everybody votes: for clerk 7 of 8, for clerk2 5, for other 1."""
    stands = voting(app, login, ids, number)
    for n, who in enumerate(VOTERS):
        chosen = [stands["clerk"]] if who != "clerk" and n else [stands["other"]]
        if who in ("clerk", "head", "other_head", "leader", "leader2"):
            chosen = [*chosen, stands["clerk2"]]
        if who == "other":
            chosen = [stands["clerk"]]
        answer = login(who).post(f"/awards/{number}/vote", data={"chosen": sorted(set(chosen))})
        assert answer.status_code == 303, (who, answer.get_data(as_text=True))
    assert login("office").post(f"/awards/{number}/count").status_code == 303
    return stands


def test_a_round_from_nomination_to_certificate(app, login, ids):
    number = opened(login)
    stands = counted(app, login, ids, number)
    votes = {who: next(n for n in stand(app, number).values() if n.id == key).votes for who, key in stands.items()}
    assert votes == {"clerk": 8, "clerk2": 5, "other": 1}
    assert "8 票 / 8 票" in login("supervisor").get(f"/awards/{number}").get_data(as_text=True)
    assert "8 票" not in login("clerk").get(f"/awards/{number}").get_data(as_text=True), "not shown before"
    supervisor, principal, office = login("supervisor"), login("principal"), login("office")
    assert supervisor.post(f"/awards/{number}/review", data={"text": ""}).status_code == 422
    assert login("clerk").post(f"/awards/{number}/review", data={"text": "好"}).status_code == 403
    doubt = {"text": "材料属实，一人待核", "doubted": [stands["clerk2"]]}
    assert supervisor.post(f"/awards/{number}/review", data=doubt).status_code == 303
    page = principal.get(f"/awards/{number}").get_data(as_text=True)
    assert "决定并公示" in page
    assert office.post(f"/awards/{number}/decide", data={}).status_code == 403
    against = {"chosen": [stands["clerk"], stands["clerk2"]]}
    answer = principal.post(f"/awards/{number}/decide", data=against)
    assert answer.status_code == 422
    assert "写明理由" in answer.get_data(as_text=True), "doubted by the review"
    chosen = {**against, "text": "已补充核实"}
    assert principal.post(f"/awards/{number}/decide", data=chosen).status_code == 303
    assert office.post(f"/awards/{number}/finish").status_code == 409, "the time for objections runs"
    key = stands["clerk2"]
    assert login("other").post(f"/awards/{number}/nominations/{key}/object", data={"text": "不实"}).status_code == 303
    assert "不实" not in login("clerk").get(f"/awards/{number}").get_data(as_text=True)
    answer = re.search(r"/objections/\d+/answer", supervisor.get(f"/awards/{number}").get_data(as_text=True))[0]
    assert login("clerk2").post(f"/awards/{number}{answer}", data={"text": "x"}).status_code == 403
    upheld = {"text": "经查成立", "upheld": "y"}
    assert supervisor.post(f"/awards/{number}{answer}", data=upheld).status_code == 303
    with clock.at(NOW + timedelta(days=8)):
        assert login("office").post(f"/awards/{number}/finish").status_code == 303
        given = login("clerk").get("/awards/given?year=2026&span=month").get_data(as_text=True)
    assert "王敏" in given
    assert "李强" not in given
    certificate = re.search(r"ZS-2026-\d+", given)[0]
    assert "被评为" in office.get(f"/awards/certificates/{certificate}").get_data(as_text=True)
    paper = Document(io.BytesIO(office.get(f"/awards/certificates/{certificate}.docx").data))
    assert any("月度红旗个人" in p.text for p in paper.paragraphs)
    sheet = load_workbook(io.BytesIO(office.get("/awards/given/export.xlsx").data)).active
    assert [row[3].value for row in sheet.iter_rows(min_row=2)] == ["王敏"]
    revoke = f"/awards/{number}/nominations/{stands['clerk']}/revoke"
    assert office.post(revoke, data={"reason": "x"}).status_code == 403
    assert principal.post(revoke, data={"reason": ""}).status_code == 422
    assert principal.post(revoke, data={"reason": "材料不实"}).status_code == 303
    assert principal.post(revoke, data={"reason": "再次"}).status_code == 409
    assert "已撤销" in office.get(f"/awards/certificates/{certificate}").get_data(as_text=True)
    assert "材料不实" in login("other").get("/awards/given?state=revoked").get_data(as_text=True)


def test_who_nominates_whom(app, login, ids):
    number, users = opened(login), ids.users
    assert "还没有提名" in login("clerk").get(f"/awards/{number}").get_data(as_text=True)
    for who, whom, field in (
        ("clerk", users["clerk2"], "who"),
        ("head", users["other"], "who"),
        ("clerk", users["clerk"], "summary"),
        ("leader2", users["clerk"], "who"),
        ("clerk", "nobody", "who"),
        ("clerk", "", "who"),
    ):
        answer = nominated(login, number, who, whom)
        assert answer.status_code == 422, (who, whom)
        assert f'id="{field}-error"' in answer.get_data(as_text=True), (who, whom)
    with clock.at(datetime(2026, 11, 20, 10, tzinfo=SHANGHAI).astimezone(UTC)):
        assert nominated(login, number, "clerk", users["clerk"], summary="我").status_code == 409, "too late"
    assert nominated(login, number, "head", users["clerk"]).status_code == 303
    assert nominated(login, number, "clerk", users["clerk"], summary="我").status_code == 422, "stands already"
    key = ids_of(app, number)[users["clerk"]]
    base = f"/awards/{number}/nominations/{key}"
    assert login("clerk2").post(f"{base}/summary", data={"summary": "x"}).status_code == 403
    assert login("clerk2").post(f"{base}/withdraw").status_code == 403
    assert login("clerk").post(f"{base}/withdraw").status_code == 303
    assert nominated(login, number, "clerk", users["clerk"], summary="我").status_code == 303
    assert "主要负责人作出决定" in login("principal").get(f"/awards/{number}").get_data(as_text=True)
    assert login("auditor").get(f"/awards/{number}").status_code == 403
    assert login("clerk").get("/awards/PX-2026-9999").status_code == 404
    assert login("clerk").get("/awards/new").status_code == 403


def test_eligibility_is_applied_with_its_reason(app, login, ids):
    year = opened(login, span="year")
    answer = nominated(login, year, "clerk", ids.users["clerk"], summary="我")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "不满 12 个月" in page
    refused = login("office").post(f"/awards/{year}/open-vote")
    assert refused.status_code == 409, "nobody stands"


def test_the_ballot_is_secret_and_cast_once(app, login, ids):
    number = opened(login)
    stands = voting(app, login, ids, number)
    clerk = login("clerk")
    page = clerk.get(f"/awards/{number}").get_data(as_text=True)
    assert f'value="{stands["other"]}"' in page
    assert f'name="chosen" type="checkbox" value="{stands["clerk"]}"' not in page, "not on oneself"
    path = f"/awards/{number}/vote"
    for bad in ({"chosen": [stands["clerk"]]}, {}, {"chosen": [stands["other"]], "abstains": "y"}, {"chosen": ["x"]}):
        answer = clerk.post(path, data=bad)
        assert answer.status_code == 422, bad
        assert 'id="chosen-error"' in answer.get_data(as_text=True)
    assert login("supervisor").post(path, data={"abstains": "y"}).status_code == 403, "holds no post as A"
    assert clerk.post(path, data={"chosen": [stands["other"], stands["clerk2"]]}).status_code == 303
    assert clerk.post(path, data={"chosen": [stands["other"]]}).status_code == 409
    assert login("office").post(f"/awards/{number}/count").status_code == 409, "others have yet to vote"
    with app.app_context():
        columns = set(AwardBallot.__table__.c.keys())
        assert columns == {"id", "round_id", "nomination_id"}, "nothing beside the voice"
        round_ = queries.by_number(number)
        said = [e.fact() for e in journal.of_object("award_round", round_.id) if e.event == "award.voted"]
        assert said == [{}]
    assert "您已投票" in clerk.get(f"/awards/{number}").get_data(as_text=True)
    with clock.at(datetime(2026, 11, 26, 10, tzinfo=SHANGHAI).astimezone(UTC)):
        office = login("office")
        assert office.post(f"/awards/{number}/count").status_code == 409, "too few"
        assert office.post(f"/awards/{number}/extend", data={"vote_by": "2026-11-01"}).status_code == 422
        assert office.post(f"/awards/{number}/extend", data={"vote_by": "2026-11-27"}).status_code == 303
        assert login("head").post(path, data={"abstains": "y"}).status_code == 303
    assert login("office").post(f"/awards/{number}/cancel", data={"reason": ""}).status_code == 422
    assert login("office").post(f"/awards/{number}/cancel", data={"reason": "改期"}).status_code == 303


def test_a_collective_is_not_voted_on_by_its_own(app, login, ids):
    number = opened(login, nominee="collective")
    departments = ids.departments
    assert nominated(login, number, "head", departments["XH"]).status_code == 422
    assert nominated(login, number, "head", departments["YW"], summary="科室总结").status_code == 303
    assert login("office").post(f"/awards/{number}/open-vote").status_code == 303
    assert "没有您可以投票的提名" in login("clerk").get(f"/awards/{number}").get_data(as_text=True)
    assert "提交选票" in login("other").get(f"/awards/{number}").get_data(as_text=True)


BAD_ROUNDS = (
    ({"span": "week"}, "span"),
    ({"nominee": ""}, "nominee"),
    ({"day": "2027-02-01"}, "day"),
    ({"day": "哪天"}, "day"),
    ({"nominate_by": "2026-11-01"}, "nominate_by"),
    ({"vote_by": "2026-11-18"}, "vote_by"),
)


def test_bad_rounds_are_told_at_their_field(login):
    office = login("office")
    for bad, field in BAD_ROUNDS:
        answer = office.post("/awards/new", data={**OPEN, **bad})
        assert answer.status_code == 422, bad
        assert f'id="{field}-error"' in answer.get_data(as_text=True), bad
    opened(login)
    assert office.post("/awards/new", data=OPEN).status_code == 422, "one round a period"


def test_the_database_refuses_too(app, login, ids):
    number = opened(login)
    stands = counted(app, login, ids, number)
    for statement in (
        "DELETE FROM award_round",
        "DELETE FROM award_nomination",
        "UPDATE award_round SET places = 50",
        "UPDATE award_nomination SET votes = votes + 1",
        "UPDATE award_voter SET voted = NOT voted",
        f"INSERT INTO award_ballot (id, round_id, nomination_id) VALUES ('a', 1, {stands['clerk']})",
        f"UPDATE award_round SET decided_at = opened_at, decided_by_id = {ids.users['clerk']}",
    ):
        with app.app_context(), pytest.raises(DBAPIError), transaction.act():
            db.session.execute(text(statement))
    with app.app_context(), transaction.act():
        assert deciding.sweep(NOW) == 0


def test_a_later_bar_is_found_and_told(app, login, ids, monkeypatch):
    number = opened(login)
    stands = counted(app, login, ids, number)
    login("supervisor").post(f"/awards/{number}/review", data={"text": "同意"})
    chosen = {"chosen": [stands["clerk"], stands["clerk2"]]}
    assert login("principal").post(f"/awards/{number}/decide", data=chosen).status_code == 303
    later = NOW + timedelta(days=8)
    with clock.at(later):
        assert login("office").post(f"/awards/{number}/finish").status_code == 303
    monkeypatch.setattr(eligibility, "barred", lambda year: {(ids.users["clerk"], None): ["问责决〔2026〕3 号"]})
    for found in (1, 0):
        with app.app_context(), clock.at(later), transaction.act():
            assert deciding.sweep(later) == found, "once"
    with clock.at(later):
        principal = login("principal")
        assert "取消评优资格" in principal.get("/").get_data(as_text=True)
        assert "问责决〔2026〕3 号" in principal.get(f"/awards/{number}").get_data(as_text=True)
        path = f"/awards/{number}/nominations/{stands['clerk']}/revoke"
        assert principal.post(path, data={"reason": "受到问责"}).status_code == 303
        assert "取消评优资格" not in principal.get("/").get_data(as_text=True)
