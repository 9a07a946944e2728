"""Pages of message cards: visitors without a login, the department, who may not (AB-6)."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from portal.kernel.db import db
from portal.message_card import queries, service
from portal.message_card.models import Message
from portal.message_card.qr import qr_svg
from tests.office import NOW, later

GOOD = {"matter": "领取认定证书", "phone": "１３８００００００００", "name": "钱先生", "preferred": "下午三点后"}


def messages(app) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Message)) or 0


def test_a_stranger_leaves_word_and_sees_nothing_of_anybody(app):
    visitor = app.test_client()
    page = visitor.get("/m/YW").get_data(as_text=True)
    assert "综合业务科" in page
    sent = visitor.post("/m/YW", data=GOOD)
    assert (sent.status_code, sent.location) == (303, "/m/YW/thanks")
    thanks = visitor.get("/m/YW/thanks").get_data(as_text=True)
    assert "LY-2026-0001" in thanks
    for page in (thanks, visitor.get("/m/YW").get_data(as_text=True)):
        for secret in ("钱先生", "138", "领取认定证书", "三点"):
            assert secret not in page
    stranger = app.test_client()
    assert stranger.get("/m/YW/thanks").location == "/m/YW"
    for address in ("/messages", "/messages/LY-2026-0001", "/messages/export.xlsx", "/message-cards/YW/sheet"):
        answer = stranger.get(address)
        assert answer.status_code == 303
        assert "/login" in answer.location


@pytest.mark.csrf
def test_leaving_word_needs_the_token_of_the_page(app):
    visitor = app.test_client()
    assert visitor.post("/m/YW", data=GOOD).status_code == 400
    token = re.search(r'name="csrf_token" value="([^"]+)"', visitor.get("/m/YW").get_data(as_text=True))
    assert visitor.post("/m/YW", data={**GOOD, "csrf_token": token[1]}).status_code == 303
    assert messages(app) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"matter": ""}, "请写明要办的事"),
        ({"matter": "办" * 501}, "最多 500 个字"),
        ({"phone": ""}, "请填写电话"),
        ({"phone": "打我手机"}, "请填写电话号码"),
        ({"name": "名" * 31}, "最多 30 个字"),
        ({"preferred": "时" * 61}, "最多 60 个字"),
        ({"website": "http://spam.example"}, "没有提交成功"),
    ],
)
def test_what_is_refused_at_its_field(app, change, said):
    answer = app.test_client().post("/m/YW", data={**GOOD, **change})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    assert "错误：" in page
    assert messages(app) == 0


def test_the_sixth_message_of_an_address_within_the_hour_is_429(app):
    for n in range(6):
        answer = app.test_client().post("/m/YW", data={**GOOD, "matter": f"第 {n} 次"})
        assert answer.status_code == (303 if n < 5 else 429)
    assert "留言太多" in answer.get_data(as_text=True)
    assert messages(app) == 5


def test_a_form_sent_twice_is_one_message(app):
    visitor = app.test_client()
    for _time in range(2):
        assert visitor.post("/m/YW", data={**GOOD, "_key": "visitors-own-key"}).status_code == 303
    assert messages(app) == 1


def test_a_card_of_no_department_is_missing(app):
    for code in ("x", "yw", "YW-1"):
        assert app.test_client().get(f"/m/{code}").status_code == 404


def test_the_card_says_when_the_department_is_back_but_not_why(app, login):
    head = login("head")
    form = {"from_at": "2026-11-18T10:00", "back_at": "2026-11-18T16:30", "reason": "集体体检"}
    assert head.post("/message-cards/YW/out", data=form).status_code == 303
    page = app.test_client().get("/m/YW").get_data(as_text=True)
    assert "今天 16:30" in page
    assert "集体体检" not in page
    sheet = head.get("/message-cards/YW/sheet").get_data(as_text=True)
    assert "2026-11-18 16:30" in sheet
    assert 'class="qr"' in sheet
    assert "http://localhost/m/YW" in sheet
    assert "集体体检" not in sheet
    shown = head.get("/message-cards/YW").get_data(as_text=True)
    assert "集体体检" in shown


def test_bad_times_are_told_at_their_field(login):
    head = login("head")
    form = {"from_at": "2026-11-18T10:00", "back_at": "2026-11-18T09:30", "reason": "会议"}
    answer = head.post("/message-cards/YW/out", data=form)
    assert answer.status_code == 422
    assert "返回时间应晚于外出时间" in answer.get_data(as_text=True)
    assert head.post("/message-cards/XH/out", data=form).status_code == 403
    assert head.post("/message-cards/nowhere/out", data=form).status_code == 404


@pytest.fixture
def number(app) -> str:
    assert app.test_client().post("/m/YW", data=GOOD).status_code == 303
    return "LY-2026-0001"


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("clerk", 200), ("head", 200), ("leader", 200), ("office", 200), ("supervisor", 200), ("principal", 200),
        ("other", 404), ("leader2", 404), ("auditor", 403), ("sysadmin", 403),
    ],
)  # fmt: skip
def test_who_reads_a_message(login, number, who, status):
    assert login(who).get(f"/messages/{number}").status_code == status


def test_answered_over_http_once(app, login, number):
    clerk = login("clerk")
    page = clerk.get(f"/messages/{number}").get_data(as_text=True)
    assert "钱先生" in page
    assert "13800000000" in page
    empty = clerk.post(f"/messages/{number}", data={"how": "phone", "text": ""})
    assert empty.status_code == 422
    assert "请写明答复内容" in empty.get_data(as_text=True)
    assert clerk.post(f"/messages/{number}", data={"how": "phone", "text": "已通知领取"}).status_code == 303
    assert clerk.post(f"/messages/{number}", data={"how": "phone", "text": "再次"}).status_code == 409
    assert "已通知领取" in clerk.get(f"/messages/{number}").get_data(as_text=True)
    assert login("office").post(f"/messages/{number}", data={"how": "phone", "text": "x"}).status_code == 403


def test_taken_over_http(login, number):
    clerk = login("clerk")
    assert clerk.post(f"/messages/{number}/take-over").status_code == 303
    page = clerk.get(f"/messages/{number}").get_data(as_text=True)
    entry = re.search(r"/first-ask/(SW-2026-\d+)", page)
    assert entry
    assert clerk.get(entry[0]).status_code == 200


def test_the_list_its_filters_and_its_sheet(app, login, number):
    app.test_client().post("/m/XH", data={**GOOD, "matter": "变更负责人"})
    office = login("office")
    everything = office.get("/messages").get_data(as_text=True)
    assert "领取认定证书" in everything
    assert "变更负责人" in everything
    assert "变更负责人" not in login("clerk").get("/messages").get_data(as_text=True)
    assert "领取认定证书" not in office.get("/messages?q=变更").get_data(as_text=True)
    assert "没有符合条件" in office.get("/messages?state=answered").get_data(as_text=True)
    assert office.get("/messages?from_on=2026-99-99&department=x&state=y").status_code == 200
    book = load_workbook(io.BytesIO(office.get("/messages/export.xlsx").data))
    rows = [[str(c or "") for c in row] for row in book.active.iter_rows(values_only=True)]
    assert len(rows) == 3
    assert not any("钱先生" in c or "138" in c for row in rows for c in row)


def test_the_cards_page_counts_what_waits(app, login, number):
    page = login("office").get("/message-cards").get_data(as_text=True)
    assert re.search(r"department=\d+&amp;state=open[^>]*>1<", page)


def test_a_qr_code_is_drawn_here_and_holds_nothing_else():
    drawn = str(qr_svg("http://10.0.0.1/m/YW", '"><script>'))
    assert drawn.startswith('<svg class="qr"')
    assert "<script" not in drawn
    assert "style=" not in drawn


def test_return_over_http(app, login):
    with app.app_context():
        from portal.kernel import transaction
        from portal.people import queries as people

        with transaction.act():
            made = service.mark_out(
                people.actor_by_username("head", NOW), queries.place_of("YW").id, NOW, later(hours=5), "会议", NOW
            )
        outing_id = made.id
    assert login("other").post(f"/message-cards/outings/{outing_id}/return").status_code == 403
    form = {"back_at": "2026-11-18T17:00"}
    assert login("head").post(f"/message-cards/outings/{outing_id}/reschedule", data=form).status_code == 303
    assert login("clerk").post(f"/message-cards/outings/{outing_id}/return").status_code == 303
    assert login("clerk").post(f"/message-cards/outings/{outing_id}/return").status_code == 409
    assert login("clerk").post("/message-cards/outings/99999/return").status_code == 404


def test_the_wall_shows_who_is_out_when_they_are_back_and_what_waits(app, login, number):
    head = login("head")
    form = {"from_at": "2026-11-18T10:00", "back_at": "2026-11-18T16:30", "reason": "集体体检"}
    assert head.post("/message-cards/YW/out", data=form).status_code == 303
    page = login("office").get("/wall/view").get_data(as_text=True)
    assert 'id="o-YW"' in page
    assert "今天 16:30" in page
    assert page.count('class="qr"') == 1
    assert re.search(r'id="m\d+"[^>]*><b>综合业务科</b><span>1<', page)
    for secret in ("集体体检", "钱先生", "13800000000", "领取认定证书"):
        assert secret not in page
