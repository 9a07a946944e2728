"""Pages of complaints over HTTP: everybody without a login, who reads what, bad input, no way round the rules (A-5)."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import func, select

from portal.complaint.models import Complaint
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.idempotency import Submission
from portal.kernel.journal import JournalEntry
from tests.complaint.conftest import ADDRESS, NAME, PHONE, SECRETS, brought, get, received
from tests.office import PEOPLE

NEW, LOOK, MINE = "/public/complaints/new", "/public/complaints/look", "/public/complaints/mine"
GOOD = {
    "about": "attitude", "text": "说了三遍没人理。", "about_whom": "一号窗口", "slip": "", "name": NAME, "phone": PHONE,
    "address": ADDRESS, "item": "", "_key": "k" * 24,
}  # fmt: skip
WITH_CODE = re.compile(r'<b id="code">(\w{10})<')


def shown(answer) -> str:
    return answer.get_data().decode(errors="replace")


def plain(answer) -> str:
    """A page without what differs from one request to the next: token, key, and the number asked for."""
    said = re.sub(r'"X-CSRFToken": "[^"]+"|name="(csrf_token|_key)" value="[^"]+"', "", shown(answer))
    return re.sub(r"TS-2026-\d+|/papers/[\w.-]+", "", said)


@pytest.fixture
def stranger(app):
    """A browser that has just complained, and its code."""
    client = app.test_client()
    assert (
        client.post(NEW, data={**GOOD, "files": (io.BytesIO(b"seen"), "证据.txt")}).location
        == "/public/complaints/slip"
    )
    return client, WITH_CODE.search(shown(client.get("/public/complaints/slip")))[1]


# --- everybody -------------------------------------------------------------------------------------------------


def test_complained_followed_added_and_rated_without_a_login(app, login, ids, stranger):
    client, code = stranger
    assert client.get("/public/complaints/slip").location == MINE, "the code is shown once"
    other = app.test_client()
    assert other.get(MINE).location == LOOK
    wrong = other.post(LOOK, data={"number": "TS-2026-0001", "code": "AAAAAAAAAA"})
    assert "不相符" in shown(wrong)
    assert other.post(LOOK, data={"number": "ts-2026-1", "code": code.lower()}).location == MINE
    page = shown(other.get(MINE))
    for secret in (*SECRETS, code, "三遍", "证据"):
        assert secret not in page
    assert other.post(f"{MINE}/add", data={"text": "　"}).status_code == 422
    assert other.post(f"{MINE}/add", data={"text": "当时有录音"}).status_code == 303
    office, officer = login("office"), login("supervisor")
    at = "/complaints/TS-2026-0001"
    assert office.post(f"{at}/take-up", data={"text": "将尽快调查"}).status_code == 303
    assert office.post(f"{at}/assign", data={"officer_id": ids.users["supervisor"]}).status_code == 303
    assert officer.post(f"{at}/note", data={"text": "内部记录"}).status_code == 303
    assert officer.post(f"{at}/note", data={"text": "正在调看录像", "told": "y"}).status_code == 303
    finding = {"result": "not_confirmed", "answer": "经查当日该窗口停办，已公告。", "rectification": ""}
    assert officer.post(f"{at}/propose", data=finding).status_code == 303
    assert "停办" not in shown(other.get(MINE)), "nothing is told before it was approved"
    assert office.post(f"{at}/approve", data={}).status_code == 303
    assert other.post(f"{MINE}/rate", data={"satisfaction": "fair"}).status_code == 409
    assert officer.post(f"{at}/tell", data={"how": "paper"}).status_code == 303
    page = shown(other.get(MINE))
    for told in ("将尽快调查", "正在调看录像", "停办", "不属实"):
        assert told in page
    for kept in (*SECRETS, "内部记录", "三遍", "当时有录音"):
        assert kept not in page
    assert other.post(f"{MINE}/rate", data={"satisfaction": ""}).status_code == 422
    assert other.post(f"{MINE}/rate", data={"satisfaction": "dissatisfied", "remark": "没看录音"}).status_code == 303
    assert other.post(f"{MINE}/rate", data={"satisfaction": "fair"}).status_code == 409
    assert "没看录音" in shown(office.get(at))
    for path in re.findall(r'href="(/complaints/TS-2026-0001/papers/[^"]+)"', shown(office.get(at))):
        paper = office.get(path)
        assert paper.status_code == 200
        assert not any(secret in shown(paper) for secret in SECRETS)
        assert office.get(f"{path}.docx").status_code == 200
    with app.app_context():
        entries = db.session.execute(select(JournalEntry.source).where(JournalEntry.actor_id.is_(None)))
        assert all(source == "portal" for (source,) in entries), "no address of a complainant"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"about": None}, "请选择要投诉什么"),
        ({"about": "　"}, 'class="fe"'),
        ({"text": "　"}, "请写明发生了什么"),
        ({"text": "长" * 3001}, "最多 3000 个字"),
        ({"text": "a\0"}, "无法保存"),
        ({"phone": "打我"}, "请填写电话号码"),
        ({"item": "\0"}, "无法保存"),
        ({"website": "http://spam.example"}, "没有提交成功"),
        ({"files": (io.BytesIO(b"MZ\x90\0"), "a.exe")}, "不接受"),
    ],
)
def test_what_is_refused_at_its_field(app, change, said):
    fields = {name: value for name, value in {**GOOD, **change}.items() if value is not None}
    answer = app.test_client().post(NEW, data=fields)
    assert answer.status_code == 422
    assert said in shown(answer)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Complaint)) == 0


def test_the_form_sent_twice_is_one_complaint_and_floods_are_stopped(app):
    client = app.test_client()
    codes = set()
    for _n in range(2):
        client.post(NEW, data=GOOD)
        codes.add(WITH_CODE.search(shown(client.get("/public/complaints/slip")))[1])
    assert len(codes) == 1
    found = [client.post(NEW, data={**GOOD, "_key": f"{n:08d}"}).status_code for n in range(6)]
    assert found == [303] * 4 + [429] * 2


def test_guessing_is_stopped(app, stranger):
    _client, code = stranger
    guesser = app.test_client()
    found = [guesser.post(LOOK, data={"number": "TS-2026-0001", "code": f"AAAA{n}"}) for n in range(12)]
    assert found[-1].status_code == 429
    assert int(found[-1].headers["Retry-After"]) > 0
    assert guesser.post(LOOK, data={"number": "TS-2026-0001", "code": code}).status_code == 429


@pytest.mark.csrf
def test_complaining_needs_the_token_of_the_page(app):
    assert app.test_client().post(NEW, data=GOOD).status_code == 400


def test_a_breach_of_a_promise_is_reported_from_the_item(app, ids):
    client = app.test_client()
    assert "/public/complaints/new?item=SX-001" in shown(client.get("/public/items/SX-001"))
    assert NEW in shown(client.get("/public/complain"))
    page = shown(client.get(f"{NEW}?item=SX-001"))
    assert "科普教育基地认定" in page
    assert client.get(f"{NEW}?item=nothing").status_code == 200
    client.post(NEW, data={**GOOD, "about": "promise", "item": "SX-001"})
    with app.app_context():
        made = get("TS-2026-0001")
        assert (made.department_id, made.item_id) == (ids.departments["YW"], ids.items["SX-001"])


# --- the office, officers, departments -------------------------------------------------------------------------


def test_entered_by_the_office_which_does_not_see_it_again(app, login):
    office = login("office")
    fields = {**GOOD, "channel": "upper", "department": "", "upper_body": "市信访局", "upper_number": ""}
    refused = office.post("/complaints/new", data=fields)
    assert refused.status_code == 422
    assert "请填写上级来文的编号" in shown(refused)
    for wrong in ({"department": "　"}, {"department": "99999"}, {"channel": "public"}, {"upper_on": "9999-12-31"}):
        assert office.post("/complaints/new", data={**fields, "upper_number": "8", **wrong}).status_code == 422, wrong
    assert office.post("/complaints/new", data={**fields, "upper_number": "8"}).location == "/complaints/registered"
    assert WITH_CODE.search(shown(office.get("/complaints/registered")))
    assert office.get("/complaints/registered").status_code == 303
    for page in ("/complaints", "/complaints/TS-2026-0001", "/", "/complaints/mine", "/inbox"):
        assert not any(secret in shown(office.get(page)) for secret in SECRETS), page
    with app.app_context():
        kept = "".join(db.session.scalars(select(Submission.body)))
        assert not any(secret in kept for secret in SECRETS)


#: What each person of the cast sees of a complaint about YW with an extract, which the supervisor looks into.
SEEN = {
    "clerk": 403, "clerk2": 403, "head": "extract", "other": 403, "other_head": 404, "leader": "all", "leader2": 404,
    "principal": "all", "office": "all", "supervisor": "all", "auditor": 403, "security": 403, "sysadmin": 403,
}  # fmt: skip


def test_only_whom_the_rules_name_see_anything(app, login, ids):
    """Role × object, every address of a complaint, over HTTP; a foreign one looks like a missing one."""
    assert set(SEEN) == set(PEOPLE)
    with app.app_context():
        number = brought(ids, "investigating")
        paper = get(number).papers[0].number
    officer, at = login("supervisor"), f"/complaints/{number}"
    assert officer.post(f"{at}/extract", data={"text": "反映材料一次没有说清。"}).status_code == 303
    paths = {"": "", "/papers/x": f"/papers/{paper}", "/papers/x.docx": f"/papers/{paper}.docx", "/files/1": "/files/1"}
    posts = (
        "identity",
        "identity/files/1",
        "note",
        "extract",
        "propose",
        "tell",
        "resolve",
        "state",
        "assign",
        "approve",
    )
    for who, seen in SEEN.items():
        client = login(who)
        page = client.get(at)
        assert page.status_code == (seen if isinstance(seen, int) else 200), who
        missing = {path: client.get(f"/complaints/TS-2026-9999{path}") for path in paths}
        for path, real in paths.items():
            answer = client.get(at + real)
            if seen != "all" and (path or seen != "extract"):
                assert answer.status_code == missing[path].status_code, (who, path)
                assert plain(answer) == plain(missing[path]), (who, path)
        assert ("材料分三次" in shown(page)) == (seen == "all"), who
        assert ("反映材料一次没有说清" in shown(page)) == (seen in ("all", "extract")), who
        for verb in posts:
            answer = client.post(f"{at}/{verb}", data={"case_number": "x"})
            assert answer.status_code in (403, 404, 409, 422) or (who, verb) == ("supervisor", "identity"), (who, verb)
            said = any(secret in shown(answer) for secret in SECRETS)
            assert said == ((who, verb) == ("supervisor", "identity")), (who, verb)
            if seen == 404:
                assert answer.status_code in (403, 404)
        for path in ("/complaints", "/complaints/mine", "/complaints/about-us", "/complaints/export.xlsx", "/"):
            answer = client.get(path, follow_redirects=True)
            listed = answer.status_code == 200 and f"/complaints/{number}" in shown(answer)
            assert not any(secret in shown(answer) for secret in SECRETS)
            if path == "/complaints":
                assert listed == (seen in ("all", "extract")), who


def test_who_complained_is_read_by_a_button_and_kept_nowhere(app, login, ids, stranger):
    with app.app_context():
        number = brought(ids, "investigating")
    officer, at = login("supervisor"), f"/complaints/{number}"
    answer = officer.post(f"{at}/identity", data={"_key": "x" * 20})
    assert all(secret in shown(answer) for secret in SECRETS)
    assert answer.headers["Cache-Control"] == "no-store"
    assert officer.get(f"{at}/identity").status_code == 405
    with app.app_context():
        assert not any(NAME in body for body in db.session.scalars(select(Submission.body)))
        events = [e.event for e in db.session.scalars(select(JournalEntry).order_by(JournalEntry.seq))]
    assert events[-1] == "complaint.identity_read"
    office = login("office")
    assert office.post("/complaints/TS-2026-0001/take-up", data={}).status_code == 303
    assert (
        office.post("/complaints/TS-2026-0001/assign", data={"officer_id": ids.users["supervisor"]}).status_code == 303
    )
    files = re.findall(
        r'action="(/complaints/TS-2026-0001/identity/files/\d+)"',
        shown(officer.post("/complaints/TS-2026-0001/identity")),
    )
    assert officer.post(files[0]).get_data() == b"seen"
    assert office.post(files[0]).status_code == 404


def test_acting_for_the_officer_opens_nothing(app, login, ids):
    """AB-4: the supervisor is B of the office's post; who acts for an absent officer gets no identity."""
    with app.app_context():
        from portal.ab_post import service as ab
        from portal.ab_post.models import AbsenceKind
        from portal.kernel import transaction
        from portal.people import queries as people

        number = brought(ids, "taken_up")
        now = clock.now()
        with transaction.act():
            leader = people.actor_by_username("leader", now)
            from portal.complaint import service
            from portal.kernel.db import locked

            service.assign(leader, locked(Complaint, number=number), ids.users["other_head"], now)
        with transaction.act():
            head = people.actor_by_username("other_head", now)
            ab.record_absence(
                head, head.id, AbsenceKind.SICK, now, now + timedelta(days=2), now, note="病", emergency=True
            )
    acting = login("other")
    assert acting.get("/complaints").status_code in (200, 303), "acts as head now"
    assert acting.get(f"/complaints/{number}").status_code == 404
    assert acting.post(f"/complaints/{number}/identity").status_code == 404


def test_bad_input_on_the_page_of_a_complaint(app, login, ids):
    with app.app_context():
        first, second = brought(ids, "received"), brought(ids, "investigating")
    office, officer = login("office"), login("supervisor")
    for client, path, fields, said in (
        (office, f"{first}/not-take-up", {"text": "　"}, "请写明理由"),
        (office, f"{first}/pass-on", {"passed_to": ""}, "转往的机关"),
        (office, f"{first}/extend", {"days": "0", "text": "x"}, "应在 1 至"),
        (office, f"{first}/extend", {"days": "九", "text": "x"}, "请填写整数"),
        (office, f"{first}/resolve", {"department": "　"}, 'class="fe"'),
        (office, f"{first}/resolve", {"case_number": "SW-2026-9999"}, "没有这个编号的办件"),
        (office, f"{first}/resolve", {"department": ids.departments["XH"], "post_id": ids.posts["YW-1"]}, "不属于"),
        (office, f"{second}/assign", {"officer_id": "99999"}, 'class="fe"'),
        (office, f"{second}/assign", {"officer_id": ""}, "请选择承办人"),
        (officer, f"{second}/propose", {"result": "maybe", "answer": "x"}, 'class="fe"'),
        (officer, f"{second}/propose", {"result": "confirmed", "answer": "x", "rectification": ""}, "如何整改"),
        (officer, f"{second}/note", {"text": "a\0"}, "无法保存"),
        (officer, f"{second}/extract", {"text": ""}, "摘要"),
    ):  # fmt: skip
        answer = client.post(f"/complaints/{path}", data=fields)
        assert answer.status_code == 422, (path, fields)
        assert said in shown(answer), (path, fields)
    assert office.post(f"/complaints/{first}/take-up", data={}).status_code == 303
    assert office.post(f"/complaints/{first}/take-up", data={}).status_code == 409


def test_lists_export_and_summary(app, login, ids):
    with app.app_context():
        for state in ("received", "investigating", "answered"):
            number = brought(ids, state)
        received(name="", phone="", address="")
    office = login("office")
    assert number in shown(office.get("/complaints?tab=answered"))
    assert number not in shown(office.get("/complaints"))
    assert number in shown(office.get(f"/complaints?tab=all&q={number[-4:]}&channel=public&about=delay"))
    assert "没有符合条件的投诉" in shown(office.get("/complaints?tab=all&channel=box"))
    for bad in ("tab=x", "department=999999", "from_on=0000-00-00", "about=　", "page=0", "q=%00"):
        assert office.get(f"/complaints?{bad}").status_code in (200, 404)
    book = load_workbook(io.BytesIO(office.get("/complaints/export.xlsx?tab=all").get_data()))
    cells = [str(c.value) for row in book.active.iter_rows() for c in row]
    assert sum(c.startswith("TS-") for c in cells) == 4
    assert not any(secret in cell for cell in cells for secret in (*SECRETS, "三次"))
    page = shown(office.get("/complaints/summary"))
    assert "收到投诉 4 件" in page
    assert "不公布" in page
    for path in ("/complaints/summary/2026-4/paper", "/complaints/summary/2026-4/paper.docx"):
        assert office.get(path).status_code == 200
    for bad in ("2026-5", "x", "2026-04", "0000-1", "９９９９-1"):
        assert office.get(f"/complaints/summary/{bad}/paper").status_code == 404
    assert login("head").get("/complaints/summary").status_code == 403


def test_the_department_reads_the_extract_and_states_once(app, login, ids):
    with app.app_context():
        number = brought(ids, "investigating")
    at, head, officer = f"/complaints/{number}", login("head"), login("supervisor")
    assert head.get(at).status_code == 404, "nothing before the extract"
    assert officer.post(f"{at}/extract", data={"text": "反映材料一次没有说清。"}).status_code == 303
    assert "反映材料一次" in shown(head.get(at))
    assert number in shown(head.get("/"))
    assert head.post(f"{at}/state", data={"text": ""}).status_code == 422
    assert head.post(f"{at}/state", data={"text": "当日新人值班。"}).status_code == 303
    assert head.post(f"{at}/state", data={"text": "再说一次"}).status_code == 409
    assert "当日新人值班" in shown(officer.get(at))


# --- no way round ----------------------------------------------------------------------------------------------

_VERBS = {
    "resolve": {"department": "YW", "person_id": "clerk"}, "take-up": {"text": "好"}, "assign": {"officer_id": "?"},
    "note": {"text": "查", "told": "y"}, "extract": {"text": "摘要"}, "state": {"text": "说明"},
    "propose": {"result": "confirmed", "answer": "属实", "rectification": "改"}, "approve": {"text": "再查"},
    "send-back": {"text": "再查"}, "tell": {"how": "online"}, "identity": {}, "extend": {"days": "2", "text": "忙"},
}  # fmt: skip
_STEP = st.tuples(
    st.sampled_from(
        ["office", "office", "supervisor", "supervisor", "head", "clerk", "leader", "principal", "other_head"]
    ),
    st.sampled_from(sorted(_VERBS)),
    st.sampled_from(["supervisor", "head", "clerk", "office", "leader", "other_head"]),
)
_ROAD = (("office", "resolve", ""), ("office", "take-up", ""), ("office", "assign", "supervisor"))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(begun=st.integers(0, 3), steps=st.lists(_STEP, min_size=4, max_size=9))
def test_no_sequence_lets_anyone_answer_their_own_matter_or_read_who_complained(app, login, ids, begun, steps):
    """A-5: neither the department concerned, nor the person, nor who decided; identity goes to the officer alone."""
    with app.app_context():
        number = received()[0]
        made_id = get(number).id
    concerned = {ids.users["clerk"], ids.users["clerk2"], ids.users["head"]}
    about_yw = False
    for who, verb, officer in (*_ROAD[:begun], *steps):
        fields = dict(_VERBS[verb])
        if verb == "resolve":
            fields = {"department": ids.departments["YW"], "person_id": ids.users["clerk"]}
        if verb == "assign":
            fields = {"officer_id": ids.users[officer]}
        with app.app_context():
            before = get(number).officer_id
        answer = login(who).post(f"/complaints/{number}/{verb}", data=fields)
        if any(secret in shown(answer) for secret in SECRETS):
            assert verb == "identity"
            assert before == ids.users[who]
        with app.app_context():
            now = db.session.get(Complaint, made_id)
            db.session.refresh(now)
            about_yw = about_yw or now.department_id == ids.departments["YW"]
            if about_yw:
                assert now.officer_id not in concerned
                if answer.status_code == 303:
                    assert ids.users[who] not in concerned or verb == "state"
            if now.officer_id is not None:
                assert now.officer_id != now.decided_by_id
            if now.approved_by_id is not None:
                assert now.approved_by_id not in {now.officer_id, now.proposed_by_id, *concerned}
