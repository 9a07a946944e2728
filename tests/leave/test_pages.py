"""O-3 over HTTP: who opens what, every verb by its form, bad input at its field, lists and papers."""

from __future__ import annotations

import io

import pytest

from tests.leave.conftest import NEXT

FORM = {
    "kind": "private",
    "from_on": NEXT.isoformat(),
    "from_half": "am",
    "to_on": NEXT.isoformat(),
    "to_half": "pm",
    "reason": "家中有事",
    "act": "send",
}


def send(client, **more):
    return client.post("/leave/new", data={**FORM, **more})


@pytest.fixture
def number(login):
    """A request of the clerk that waits for the head."""
    answer = send(login("clerk"))
    assert answer.status_code == 303
    return answer.location.rsplit("/", 1)[1]


def step_of(client, number) -> str:
    text = client.get(f"/leave/{number}").get_data(as_text=True)
    return text.split('name="step" value="')[1].split('"')[0]


def test_the_whole_way_by_forms(login, number):
    clerk, clerk2, head, supervisor = (login(n) for n in ("clerk", "clerk2", "head", "supervisor"))
    page = head.get("/leave/to-decide").get_data(as_text=True)
    assert number in page
    assert "还没有确认" in page
    step = step_of(head, number)
    early = head.post(f"/leave/{number}/decide", data={"step": step, "verdict": "approved"})
    assert early.status_code == 422
    assert "业务受理岗" in early.get_data(as_text=True)
    assert number in clerk2.get("/leave/").get_data(as_text=True)
    assert clerk2.post(f"/leave/{number}/confirm-handover", data={"post": "YW-1"}).status_code == 303
    assert head.post(f"/leave/{number}/decide", data={"step": step, "verdict": "refused"}).status_code == 422
    assert head.post(f"/leave/{number}/decide", data={"step": step, "verdict": "approved"}).status_code == 303
    assert head.post(f"/leave/{number}/decide", data={"step": step, "verdict": "approved"}).status_code == 409
    assert clerk2.get(f"/leave/{number}").status_code == 200  # who took over sees it while it waits to be filed
    assert login("other").get(f"/leave/{number}").status_code == 404
    step = step_of(supervisor, number)
    assert supervisor.post(f"/leave/{number}/file", data={"step": step}).status_code == 303
    assert "已批准" in clerk.get(f"/leave/{number}").get_data(as_text=True)
    assert clerk.post(f"/leave/{number}/end").status_code == 303
    assert "已取消" in clerk.get(f"/leave/{number}").get_data(as_text=True)


def test_who_sees_a_request(login, number):
    for who, status in {
        "clerk": 200, "head": 200, "leader": 200, "principal": 200, "office": 200, "supervisor": 200,
        "clerk2": 200, "other": 404, "other_head": 404, "leader2": 404, "auditor": 403, "sysadmin": 403,
    }.items():  # fmt: skip
        assert login(who).get(f"/leave/{number}").status_code == status, who
    assert login("clerk").get("/leave/QJ-2026-9999").status_code == 404


def test_who_takes_over_sees_the_handover_and_not_the_reason(login, number):
    text = login("clerk2").get(f"/leave/{number}").get_data(as_text=True)
    assert "业务受理岗" in text
    assert "家中有事" not in text
    assert login("clerk2").get(f"/leave/{number}/slip").status_code == 404


@pytest.mark.parametrize("who", ["clerk2", "other", "office", "head"])
@pytest.mark.parametrize("verb", ["send", "withdraw"])
def test_the_applicant_alone_goes_on(login, number, who, verb):
    assert login(who).post(f"/leave/{number}/{verb}").status_code in (403, 404)


PAGES = {
    "/leave/": "clerk head leader principal office supervisor",
    "/leave/new": "clerk head leader principal office supervisor",
    "/leave/to-decide": "clerk head leader principal office supervisor",
    "/leave/calendar": "head leader principal office supervisor",
    "/leave/calendar?month=2026-12&department=1": "head office",
    "/leave/register": "head leader principal office supervisor",
    "/leave/register?outcome=late_certificate&kind=sick&q=%E7%8E%8B": "head office",
    "/leave/register/print": "head office",
    "/leave/register.xlsx": "head leader principal office supervisor",
    "/leave/balances": "principal office supervisor",
    "/leave/balances.xlsx": "principal office supervisor",
    "/leave/balances/clerk": "office",
}
ALL = ("clerk", "head", "leader", "principal", "office", "supervisor", "auditor")


@pytest.mark.parametrize("path", PAGES)
def test_pages_by_role(login, number, path):
    for who in PAGES[path].split():
        assert login(who).get(path).status_code == 200, who
    if "?" not in path and "print" not in path:
        for who in set(ALL) - set(PAGES[path].split()):
            assert login(who).get(path).status_code == 403, who


def test_the_register_keeps_to_ones_departments(login, number):
    assert number in login("head").get("/leave/register").get_data(as_text=True)
    assert number not in login("other_head").get("/leave/register").get_data(as_text=True)


@pytest.mark.parametrize("outcome", [
    "waiting", "returned", "approved", "under_way", "unfiled", "ended_early", "cancelled", "refused", "withdrawn",
    "made_up", "no_certificate", "late_certificate",
])  # fmt: skip
def test_every_filter_answers(login, number, outcome):
    text = login("office").get(f"/leave/register?outcome={outcome}").get_data(as_text=True)
    assert (number in text) is (outcome == "waiting")


def test_the_length_is_shown_while_typing(login, ids):
    ask = {**FORM, "to_on": "2026-11-23"}
    answer = login("clerk").get("/leave/length", query_string=ask)
    text = answer.get_data(as_text=True)
    assert "共 3 天" in text
    assert "分管领导 → 主要负责人 → 备案" in text
    assert "李强" in text
    assert login("clerk").get("/leave/length?kind=x&from_on=zz&to_on=2&before=x").status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "x"), ("from_on", "x"), ("to_on", ""), ("from_half", "x"), ("to_half", ""), ("reason", ""),
        ("reason", "x" * 501), ("destination", "x" * 121), ("contact", "1" * 41), ("to_on", "2026-11-01"),
    ],
)  # fmt: skip
def test_bad_input_is_told_at_its_field(login, field, value):
    answer = send(login("clerk"), **{field: value})
    assert answer.status_code == 422
    assert f'id="{field}' in answer.get_data(as_text=True)
    assert "错误：" in answer.get_data(as_text=True)


def test_a_note_for_each_post_is_kept(login, ids):
    post = ids.posts["YW-1"]
    made = send(login("clerk"), **{f"note_{post}": "三件待发证", "act": "draft"})
    text = login("clerk").get(made.location).get_data(as_text=True)
    assert "三件待发证" in text
    assert "草稿" in text
    edit = login("clerk").get(f"{made.location}/edit").get_data(as_text=True)
    assert "三件待发证" in edit
    assert login("clerk").post(f"{made.location}/edit", data={**FORM, "reason": "改了"}).status_code == 303
    assert "待科室负责人" in login("clerk").get(made.location).get_data(as_text=True)


def test_a_sick_leave_warns_and_takes_the_certificate_later(login):
    made = send(login("clerk"), kind="sick")
    assert "补交" in login("clerk").get(made.location).get_data(as_text=True)
    assert login("clerk").post(f"{made.location}/certificate", data={}).status_code == 422
    file = (io.BytesIO(b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"), "证明.pdf")
    assert login("clerk").post(f"{made.location}/certificate", data={"files": file}).status_code == 303
    text = login("head").get(made.location).get_data(as_text=True)
    path = text.split('<ul class="files"><li><a href="')[1].split('"')[0]
    assert login("head").get(path).status_code == 200
    assert login("clerk2").get(path).status_code == 404


def test_papers(login, number):
    text = login("clerk").get(f"/leave/{number}/slip").get_data(as_text=True)
    assert "请假条" in text
    assert "科室负责人意见" in text
    assert login("head").get(f"/leave/{number}/slip.docx").status_code == 200


def test_the_office_sets_annual_leave(login):
    office = login("office")
    path = "/leave/balances/clerk?year=2026"
    for field, value in {"working_since": "x", "entitled": "7.3", "carried": "-1"}.items():
        assert office.post(path, data={"working_since": "2010-01-01", field: value}).status_code == 422, field
    assert office.post(path, data={}).status_code == 422
    assert office.post(path, data={"working_since": "2010-07-01", "carried": "1.5"}).status_code == 303
    assert "10" in login("clerk").get("/leave/").get_data(as_text=True)
    assert office.get("/leave/balances/nobody").status_code == 404


def test_the_same_form_sent_twice_is_one_request(login):
    key = "k" * 20
    first, second = (send(login("clerk"), _key=key) for _n in range(2))
    assert first.location == second.location
