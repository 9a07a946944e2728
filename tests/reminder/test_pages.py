"""The inbox and the channels over HTTP: one's own only, masked, bad input at its field (T-6)."""

from __future__ import annotations

import pytest
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.kernel import transaction
from portal.kernel.db import db
from portal.reminder import service
from portal.reminder.models import Channel, Delivery, Kind, Message, Outgoing
from tests.office import NOW

FORM = {
    "service": "wecom",
    "address": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=secret-robot-1",
    "name": "科室群",
    "kinds": ["overdue", "red"],
    "hours": "office",
    "digest": "",
}


@pytest.fixture
def messages(app, ids):
    """Three messages of the clerk's, one of the head's."""
    with app.app_context(), transaction.act():
        for n, kind in enumerate((Kind.OVERDUE, Kind.RED, Kind.TASK)):
            users = [ids.users["clerk"], ids.users["head"]] if n == 0 else [ids.users["clerk"]]
            service.tell(NOW, users, kind, f"k{n}", _l("提醒第 %(n)s 条", n=n), "", "policy.index")
    with app.app_context():
        return [m.id for m in db.session.scalars(select(Message).where(Message.user_id == ids.users["clerk"]))]


def test_ones_own_messages_with_filters(login, messages):
    clerk = login("clerk")
    page = clerk.get("/inbox").get_data(as_text=True)
    assert "收件箱，3 条未读" in page
    assert all(f'id="message-{m}"' in page for m in messages)
    page = clerk.get("/inbox?kind=red").get_data(as_text=True)
    assert "提醒第 1 条" in page
    assert "提醒第 0 条" not in page
    assert clerk.get("/inbox?kind=nonsense&state=x").status_code == 200
    assert "没有提醒" in login("other").get("/inbox").get_data(as_text=True)
    assert login("auditor").get("/inbox").status_code == 200


def test_opening_reads_and_goes_there(login, messages):
    clerk = login("clerk")
    answer = clerk.get(f"/inbox/{messages[0]}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/policy/")
    page = clerk.get("/inbox?state=unread").get_data(as_text=True)
    assert f'id="message-{messages[0]}"' not in page
    assert "收件箱，2 条未读" in page
    assert login("other").get(f"/inbox/{messages[0]}").status_code == 404
    assert login("other").post(f"/inbox/{messages[0]}/read").status_code == 404


def test_read_unread_and_all(login, messages):
    clerk = login("clerk")
    assert clerk.post(f"/inbox/{messages[1]}/read").status_code == 303
    assert clerk.post(f"/inbox/{messages[1]}/read", data={"again": "y"}).status_code == 303
    assert "收件箱，3 条未读" in clerk.get("/").get_data(as_text=True)
    clerk.post("/inbox/read-all", data={"kind": "red", "newest": str(messages[-1])})
    assert "收件箱，2 条未读" in clerk.get("/").get_data(as_text=True)
    clerk.post("/inbox/read-all", data={"newest": "x"})
    assert "条未读" not in clerk.get("/").get_data(as_text=True)
    assert "收件箱，1 条未读" in login("head").get("/").get_data(as_text=True)


def test_a_channel_is_set_and_never_shown_again(app, login):
    clerk = login("clerk")
    assert clerk.post("/inbox/settings/add", data=FORM).status_code == 303
    with app.app_context():
        channel = db.session.scalars(select(Channel)).one()
        assert channel.address == "secret-robot-1"
    pages = [clerk.get(f"/inbox/{p}").get_data(as_text=True) for p in ("settings", f"channels/{channel.id}")]
    for page in pages:
        assert "secret-robot-1" not in page
        assert "***ot-1" in page
    assert login("head").get(f"/inbox/channels/{channel.id}").status_code == 404
    assert login("office").post(f"/inbox/channels/{channel.id}/close").status_code == 404
    change = {**FORM, "address": "", "hours": "hours", "from_time": "８:00", "to_time": "21:00"}
    assert clerk.post(f"/inbox/channels/{channel.id}", data=change).status_code == 422
    change["from_time"] = "０８:00"
    assert clerk.post(f"/inbox/channels/{channel.id}", data=change).status_code == 303
    assert "08:00–21:00" in clerk.get("/inbox/settings").get_data(as_text=True)
    assert clerk.post(f"/inbox/channels/{channel.id}/try").status_code == 303
    assert clerk.post(f"/inbox/channels/{channel.id}/close").status_code == 303
    assert clerk.get(f"/inbox/channels/{channel.id}").status_code == 404


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"service": ""}, "service"),
        ({"service": "file"}, "service"),
        ({"service": "mail", "address": "a@b.cn"}, "service"),
        ({"service": "webhook", "address": "https://x.cn/"}, "service"),
        ({"address": ""}, "address"),
        ({"address": "file:///etc/passwd"}, "address"),
        ({"address": "https://evil.example/cgi-bin/webhook/send?key=secret-robot-1"}, "address"),
        ({"kinds": []}, "kinds"),
        ({"kinds": ["nonsense"]}, "kinds"),
        ({"hours": "hours", "from_time": "25:00", "to_time": "21:00"}, "from_time"),
        ({"hours": "hours", "from_time": "08:00", "to_time": "08:00"}, "to_time"),
        ({"hours": "never"}, "hours"),
    ],
)
def test_bad_input_is_told_at_its_field(login, bad, field):
    answer = login("clerk").post("/inbox/settings/add", data={**FORM, **bad})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("who", "status"), [("office", 200), ("sysadmin", 200), ("clerk", 403), ("leader", 403), ("auditor", 403)]
)
def test_who_sets_the_units_robots(login, who, status):
    client = login(who)
    assert client.get("/inbox/robots").status_code == status
    assert client.post("/inbox/robots/add", data=FORM).status_code == (303 if status == 200 else 403)


def test_what_did_not_go_out_is_shown_to_the_person_and_the_office(app, login, ids, messages):
    clerk = login("clerk")
    clerk.post("/inbox/settings/add", data=FORM)
    with app.app_context(), transaction.act():
        service.tell(NOW, [ids.users["clerk"]], Kind.RED, "late", "超期了", "", "policy.index")
        row = db.session.scalars(select(Outgoing)).one()
        row.state, row.ended_at, row.error = Delivery.UNKNOWN, NOW, "interrupted"
        number = row.id
    page = clerk.get("/inbox/settings").get_data(as_text=True)
    assert "是否送达不明" in page
    assert "发送过程被中断" in page
    office = login("office").get("/inbox/robots").get_data(as_text=True)
    assert "王敏" in office
    assert "超期了" not in office, "the office sees that it fails, not what it says"
    assert login("head").post(f"/inbox/outgoing/{number}/resend").status_code == 404
    assert clerk.post(f"/inbox/outgoing/{number}/resend").status_code == 303
    assert clerk.post(f"/inbox/outgoing/{number}/drop").status_code == 409
