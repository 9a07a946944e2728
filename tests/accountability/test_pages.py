"""Pages of proceedings: who sees what, readings on record, forms, papers, lists, figures (A-2, A-4, AB-4)."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from docx import Document
from openpyxl import load_workbook

from portal.accountability.models import Imposed, Subject
from portal.clue.models import Clue
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.journal import JournalEntry
from tests.accountability.conftest import Story
from tests.office import NOW, PEOPLE

ADMINISTRATORS = {"auditor", "security", "sysadmin"}


@pytest.fixture
def lead(app, ids):
    """Lead a proceeding in a context of its own: requests have theirs."""
    story = Story(ids)

    def run(steps):
        with app.app_context():
            return steps(story)

    return run


def seen(login, path, usernames=tuple(PEOPLE)):
    """Who gets which answer."""
    return {username: login(username).get(path).status_code for username in usernames}


def expected(allowed):
    return {u: 200 if u in allowed else 403 if u in ADMINISTRATORS else 404 for u in PEOPLE}


def test_only_the_named_and_the_person_concerned_see_a_proceeding(lead, login, ids):
    number = lead(lambda s: s.register(clue_ids=[s.clue()]).assign("investigator", "other_head").number)
    page = f"/proceedings/{number}"
    assert seen(login, page) == expected({"office", "other_head"})  # the person is not asked to speak yet
    assert seen(login, f"{page}/do/note") == expected({"office", "other_head"})
    assert login("office").get("/proceedings/ZZ-2026-9999").status_code == 404
    assert {u: number in login(u).get("/proceedings").text for u in ("office", "other_head", "clerk", "principal")} == {
        "office": True, "other_head": True, "clerk": False, "principal": False,
    }  # fmt: skip


def test_a_told_decision_is_seen_by_whom_it_concerns_and_only_their_part(lead, login, ids):
    def begin(story):
        leader2 = story.ids.users["leader2"]
        story.register(people_=("clerk", "clerk2"), clue_ids=[story.clue()], complainants=(leader2,)).reported()
        return story.number, [each.id for each in story.get().subjects]

    number, (mine, theirs) = lead(begin)
    own = login("clerk").get(f"/proceedings/{number}").text
    assert "陈述申辩" in own
    for hidden in ("郑浩", "刘波", "李强", "吴霞", "孙丽", "内部记录", "线索"):
        assert hidden not in own.split("<main")[1]
    assert login("clerk").get(f"/proceedings/{number}/do/state/{mine}").status_code == 200
    assert login("clerk").get(f"/proceedings/{number}/do/state/{theirs}").status_code == 404
    assert login("clerk").post(f"/proceedings/{number}/do/object/{theirs}", data={"text": "x"}).status_code == 404
    assert (
        login("clerk").post(f"/proceedings/{number}/do/find/{mine}", data={"confirmed": "no", "text": "x"}).status_code
        == 403
    )
    assert login("clerk").get(f"/proceedings/{number}/letters/{mine}").status_code == 404  # not told yet


def test_every_reading_is_on_record_once_an_hour_without_content(lead, login, ids):
    number = lead(lambda s: s.register().reported().number)

    def readings():
        rows = "accountability.opened"
        return lead(lambda _s: [(e.actor_id, e.facts) for e in db.session.query(JournalEntry).filter_by(event=rows)])

    client = login("other_head")
    for _n in range(3):
        client.get(f"/proceedings/{number}")
    assert login("clerk").get(f"/proceedings/{number}").status_code == 200
    assert login("leader2").get(f"/proceedings/{number}").status_code == 404
    users = ids.users
    assert readings() == [(users["other_head"], "{}"), (users["clerk"], "{}")]
    with clock.at(NOW + timedelta(hours=1)):
        login("other_head").get(f"/proceedings/{number}")
    assert len(readings()) == 3


def test_the_whole_way_by_forms(lead, login, ids):
    number = lead(lambda s: db.session.get(Clue, s.clue()).number)
    office, other_head, leader, clerk = (login(u) for u in ("office", "other_head", "leader", "clerk"))
    users = ids.users
    form = office.get(f"/proceedings/new?clue={number}")
    assert re.search(rf'<input checked [^>]*name="people"[^>]*value="{users["clerk"]}"', form.text)
    bad = office.post("/proceedings/new", data={"title": "", "summary": "x", "origin": "complaint"})
    assert bad.status_code == 422
    data = {"title": "办件超期", "summary": "两次", "origin": "clue", "people": users["clerk"], "complainant": "y"}
    made = office.post(f"/proceedings/new?clue={number}", data=data)
    assert made.status_code == 303
    page = made.headers["Location"]

    def post(client, path, status=303, **values):
        answer = client.post(f"{page}/do/{path}", data=values)
        assert answer.status_code == status, (path, answer.status_code)
        return answer

    post(office, "assign", 422, duty="investigator", user_id=users["clerk"])
    post(office, "assign", 422, duty="　", user_id=users["other_head"])
    post(office, "assign", duty="investigator", user_id=users["other_head"])
    evidence = (io.BytesIO(b"evidence"), "a.txt")
    post(other_head, "report", text="经查超期。", files=evidence)
    subject = lead(lambda _s: db.session.query(Subject).one().id)
    assert "a.txt" in clerk.get(page).text
    post(clerk, f"state/{subject}", 422, text="")
    post(clerk, f"state/{subject}", text="我承认。")
    post(other_head, f"find/{subject}", 422, confirmed="yes", text="属实")
    found = {
        "conduct": "wrongly",
        "effect": "delay",
        "cause": "oversight",
        "attitude": "admitted",
        "severity": "minor",
    }
    post(other_head, f"find/{subject}", confirmed="yes", text="属实", **found)
    post(office, "assign", duty="decider", user_id=users["leader"])
    assert "我承认。" in leader.get(f"{page}/do/decide/{subject}").text
    post(leader, f"decide/{subject}", 422, measures=["dismissal"], opinion="同意")
    post(leader, f"decide/{subject}", measures=["self_examination", "admonition"], opinion="同意")
    post(leader, f"decide/{subject}", 409, measures=["criticism"], opinion="再来")
    post(office, f"inform/{subject}")
    assert "可以申请复核" in clerk.get("/").text or "ask-review" in clerk.get(page).text
    post(clerk, f"ask-review/{subject}", text="过重")
    post(office, "assign", duty="reviewer", user_id=users["leader2"])
    post(login("leader2"), f"review/{subject}", 422, outcome="confirmed", lifted=["admonition"], text="维持")
    post(login("leader2"), f"review/{subject}", outcome="mitigated", lifted=["admonition"], text="减轻")
    measure = lead(lambda _s: db.session.query(Imposed).filter_by(kind="self_examination").one().id)
    post(office, f"execute/{measure}", 422, on="2026-01-01", text="已交")
    post(office, f"execute/{measure}", on="2026-11-18", text="已交书面检查")
    post(office, "close", 409)
    post(office, "tell-complainant", on="2026-11-18")
    post(office, "close")
    post(office, "note", 409, text="补记")
    letter = login("clerk").get(f"{page}/letters/{subject}").text
    assert "责任追究决定书" in letter
    assert "复核决定书" in letter
    word = login("clerk").get(f"{page}/letters/{subject}/decision.docx")
    text = "\n".join(p.text for p in Document(io.BytesIO(word.data)).paragraphs)
    assert "ZJ-2026-0001" in text
    assert "申请复核" in text
    assert login("other").get(f"{page}/letters/{subject}").status_code == 404
    assert login("clerk").get("/proceedings/effects").status_code == 403
    lines = office.get("/proceedings/effects").text
    assert "书面检查" in lines
    assert "已撤销" in lines


def test_lists_figures_and_exports_show_only_what_one_may_see(lead, login, ids):
    number = lead(lambda s: s.register().assign("investigator", "other_head").number)
    office = login("office")
    book = load_workbook(io.BytesIO(office.get("/proceedings/export.xlsx").data))
    assert [row[0] for row in book.active.iter_rows(min_row=2, values_only=True)] == [number]
    book = load_workbook(io.BytesIO(login("principal").get("/proceedings/export.xlsx").data))
    assert list(book.active.iter_rows(min_row=2, values_only=True)) == []
    for query, there in (("q=ZZ-2026", True), ("q=没有", False), ("state=closed", False), ("state=open", True),
                         ("duty=secretary", True), ("duty=reviewer", False), ("department=x", True)):  # fmt: skip
        assert (number in office.get(f"/proceedings?{query}").text) is there, query
    figures = seen(login, "/proceedings/figures")
    assert {u for u, status in figures.items() if status == 200} == {"office", "principal"}
    page = login("principal").get("/proceedings/figures").text
    assert number not in page
    assert "综合业务科" not in page.split("<main")[1]  # one matter is too small a group
    assert {u for u, s in seen(login, "/proceedings/effects").items() if s == 200} == {"office"}
    assert "追责案件" in login("other_head").get("/").text
