"""The auditor's pages (J-1, J-2): who gets in, what they show, what they withhold."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text, update

from portal.audit.rules import read_heads
from portal.kernel import clock, journal, transaction
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db, dialect
from portal.kernel.journal import JournalEntry, JournalPersonal
from portal.operations import anchors
from portal.people.models import UserSession
from portal.policy import service as policy
from tests.office import later

PAGES = ("/audit/", "/audit/entries/2", "/audit/entries/2/erase", "/audit/heads.jsonl", "/audit/verification")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    "username", ["clerk", "head", "leader", "principal", "office", "supervisor", "security", "sysadmin"]
)
def test_nobody_else_reads_the_journal(login, username, path):
    assert login(username).get(path).status_code == 403


@pytest.mark.parametrize("username", ["clerk", "office", "security", "sysadmin"])
def test_nobody_else_verifies_or_erases(login, username):
    assert login(username).post("/audit/verify", data={}).status_code == 403
    assert login(username).post("/audit/entries/2/erase", data={"reason": "越权"}).status_code == 403


def test_the_list_is_newest_first_and_names_persons(app, login):
    login("office").post("/policy/values/people.lockout_minutes/set", data={"value": "20", "reason": "等保要求"})
    page = login("auditor").get("/audit/").text
    with app.app_context():
        top = journal.head()[0]
    assert page.index(f">{top}</a>") < page.index(f">{top - 1}</a>")
    assert "政策值“锁定时长”：15 分钟 → 20 分钟（等保要求）" in page
    assert "吴霞" in page
    assert "更早的记录" in page


def test_personal_facts_are_not_shown(app, login):
    with app.app_context():
        seq = db.session.scalar(
            select(JournalEntry.seq)
            .where(JournalEntry.event == "people.user_added")
            .order_by(JournalEntry.seq)
            .limit(1)
        )
        name = journal.personal_of([seq])[seq]["name"]
    client = login("auditor")
    page = client.get(f"/audit/entries/{seq}").text
    assert "个人信息，不予显示" in page
    assert "新增人员 （不予显示）" in page
    assert name not in page
    assert f"新增人员 {name}" not in client.get("/audit/?event=people.user_added").text


def test_filters_keep_through_the_pages(app, login):
    page = login("auditor").get("/audit/?event=people.user_added&from_on=2026-09-01").text
    assert "people.user_added" in page
    assert "清除" in page
    assert "service_commitment.published</small>" not in page


def test_a_filter_that_finds_nothing_says_so(login):
    page = login("auditor").get("/audit/?event=wall.paired")
    assert page.status_code == 200
    assert "没有符合条件的记录" in page.text


@pytest.mark.parametrize(
    "query",
    [
        "who=x",
        "id=0",
        "id=99999999999",
        "id=%E4%B8%89",
        "from_on=0000-01-01",
        "to_on=9999-12-31",
        "from_on=2026-11-02&to_on=2026-11-01",
        "before=-1",
        "before=abc",
    ],
)
def test_bad_filters_are_said(login, query):
    page = login("auditor").get(f"/audit/?{query}")
    assert page.status_code == 422
    assert "data-error-summary" in page.text


@pytest.mark.parametrize(
    "query",
    ["event=x", "what=x", "who=999999", "before=1", "before=2147483647", "_external=1&_scheme=javascript", "id=%00"],
)
def test_odd_filters_do_no_harm(login, query):
    page = login("auditor").get(f"/audit/?{query}")
    assert page.status_code in (200, 404, 422)
    assert "javascript:" not in page.text


def test_an_entry_shows_its_hashes_and_that_they_hold(app, login):
    with app.app_context():
        entry = db.session.get(JournalEntry, 5)
    page = login("auditor").get("/audit/entries/5").text
    assert entry.hash in page
    assert entry.prev_hash in page
    assert "与摘要相符" in page
    assert login("auditor").get("/audit/entries/999999").status_code == 404


def test_a_changed_entry_is_said_to_be(app, login):
    client = login("auditor")
    with app.app_context(), transaction.act():
        on = "" if dialect() == "sqlite" else " ON journal_entry"
        db.session.execute(text(f"DROP TRIGGER journal_no_update{on}"))
        db.session.execute(text("UPDATE journal_entry SET facts = '{}' WHERE seq = 7"))
    assert "这一条有问题：内容被改动" in client.get("/audit/entries/7").text
    sent = client.post("/audit/verify", data={"heads": ""})
    assert "第 7 条：内容被改动" in client.get(sent.location).text


def test_verify(app, login):
    client = login("auditor")
    assert "还没有校验过" in client.get("/audit/").text
    sent = client.post("/audit/verify", data={"heads": ""})
    assert sent.status_code == 303
    page = client.get(sent.location)
    assert "日志完整" in page.text
    assert "上次校验" in client.get("/audit/").text
    with app.app_context():
        verified = select(JournalEntry.seq).where(JournalEntry.event == "audit.verified")
        assert len(db.session.scalars(verified).all()) == 1
    again = client.get(sent.location)  # the address alone verifies nothing
    assert (again.status_code, again.location) == (302, "/audit/")
    with app.app_context():
        assert len(db.session.scalars(verified).all()) == 1


def test_verification_compares_with_exported_heads(app, login):
    client = login("auditor")
    heads = client.get("/audit/heads.jsonl").text
    sent = client.post("/audit/verify", data={"heads": heads})
    assert "1 个" in client.get(sent.location).text
    sent = client.post("/audit/verify", data={"heads": f"5 {'0' * 64}"})
    assert "整链被重算过" in client.get(sent.location).text
    refused = client.post("/audit/verify", data={"heads": "nonsense"})
    assert refused.status_code == 422
    assert "第 1 行不是日志摘要" in refused.text
    assert "nonsense" in refused.text


def test_heads_are_downloaded_in_a_form_that_the_command_reads(app, login, tmp_path):
    answer = login("auditor").get("/audit/heads.jsonl")
    assert answer.mimetype == "application/jsonl"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="journal-heads-20261118-1000.jsonl"'
    with app.app_context():
        assert read_heads(answer.text) == [journal.head()]
    file = tmp_path / "heads.jsonl"
    file.write_text(answer.text)
    assert anchors.read(file) == read_heads(answer.text)


def test_erase_personal(app, login):
    with app.app_context():
        seq = db.session.scalar(select(JournalPersonal.seq).order_by(JournalPersonal.seq).limit(1))
    path = f"/audit/entries/{seq}/erase"
    assert login("auditor").post(path, data={"reason": " "}).status_code == 422
    assert login("auditor").post(path, data={"reason": "本人申请"}).status_code == 409  # kept for 183 days
    with clock.at(later(days=200)), app.app_context(), transaction.act():
        policy.set_value(SYSTEM, "people.password_max_age_days", "365", "试", clock.now())
        db.session.execute(update(UserSession).values(seen_at=clock.now()))
    with clock.at(later(days=200)):
        client = login("auditor")
        sent = client.post(path, data={"reason": "本人申请"})
        assert (sent.status_code, sent.location) == (303, f"/audit/entries/{seq}")
        page = client.get(sent.location).text
        assert "个人信息，已抹去" in page
        assert "查看抹去的记录" in page
        assert "与摘要相符" in page
