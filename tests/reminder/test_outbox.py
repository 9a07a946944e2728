"""Told once, claimed before it is sent, marked once; what nobody knows is not sent again (T-6)."""

from __future__ import annotations

import http.server
import sys
import threading
from datetime import timedelta

import pytest
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from portal.kernel import clock, transaction
from portal.kernel.db import db
from portal.kernel.journal import JournalEntry
from portal.operations import sweeping
from portal.people import queries as people
from portal.reminder import delivery, queries, sending, sentences, service
from portal.reminder.models import Channel, Delivery, Kind, Message, Outgoing, Service, When
from portal.reminder.sending import Outcome
from portal.reminder.service import Wanted
from tests.office import NOW, later

TOKEN = "abcdefgh-1234"


@pytest.fixture
def sent(monkeypatch):
    """What went out; the outcome is set by the test."""
    found: list[tuple[str, str, str]] = []

    class Line(list):
        outcome = Outcome.SENT

    lines = Line(found)

    def send(target, told):
        lines.append((target, told.title, told.body))
        return lines.outcome

    monkeypatch.setattr(sending, "send", send)
    return lines


def channel(who="clerk", unit=False, **more):
    wanted = {"service": Service.WECOM, "name": "我的群", "address": TOKEN, "kinds": (Kind.OVERDUE,), **more}
    actor = people.actor_by_username("office" if unit else who, NOW)
    with transaction.act():
        return service.add_channel(actor, Wanted(**wanted), NOW, unit)


def tell(office, *users, key="k", at=NOW, kind=Kind.OVERDUE, **more):
    with clock.at(at), transaction.act():
        return service.tell(
            at, [office.users[u] for u in users], kind, key, _l("办件 %(number)s 已超期", number="BJ-1"), "看一看",
            "policy.index", **more,
        )  # fmt: skip


def states():
    db.session.expire_all()
    return [o.state for o in db.session.scalars(select(Outgoing).order_by(Outgoing.id))]


def deliver(at):
    with clock.at(at):
        return delivery.deliver(at)


def test_one_message_a_person_and_key(office):
    assert tell(office, "clerk", "head", "clerk") == 2
    assert tell(office, "clerk", "head", "other") == 1
    rows = db.session.scalars(select(Message)).all()
    assert len(rows) == 3
    assert {m.about_at for m in rows} == {NOW}
    assert sentences.said(rows[0].title) == "办件 BJ-1 已超期"
    assert queries.unread(office.users["clerk"]) == 1
    assert db.session.scalar(select(func.count()).select_from(Outgoing)) == 0, "no channel, nothing goes out"


def test_nothing_is_loaded_while_nothing_goes_out(office):
    tell(office, "clerk")
    loaded = "apprise" in sys.modules
    deliver(later(hours=1))
    assert ("apprise" in sys.modules) == loaded


def test_it_goes_out_in_working_time_once(office, sent):
    channel()
    tell(office, "clerk", at=later(hours=10))
    assert deliver(later(hours=11)) == 0, "the office is closed"
    assert sent == []
    assert deliver(later(hours=23)) == 1
    assert deliver(later(hours=24)) == 0
    assert len(sent) == 1
    target, title, body = sent[0]
    assert target.startswith(f"wecombot://{TOKEN}/")
    assert "办件 BJ-1 已超期" in title
    assert "示例市科学技术协会" in title
    assert body == "看一看", "no link without an address of the site"
    assert states() == [Delivery.SENT]


def test_what_waited_goes_as_one_and_in_the_persons_language(office, app, sent):
    app.extensions["portal.config"] = app.extensions["portal.config"].__class__(
        **{**app.extensions["portal.config"].__dict__, "site_url": "https://portal.example"}
    )
    channel(digest=True)
    for n in range(3):
        tell(office, "clerk", key=f"k{n}", at=later(minutes=n))
    assert deliver(later(hours=3)) == 0
    assert deliver(later(hours=22, minutes=31)) == 3
    assert len(sent) == 1
    assert "3 条提醒" in sent[0][1]
    assert sent[0][2].count("https://portal.example/policy") == 3


def test_only_chosen_kinds_and_robots_say_no_more_than_the_group_text(office, sent):
    channel()
    channel(unit=True, address="unit-robot-1", kinds=(Kind.OVERDUE, Kind.RED))
    tell(office, "clerk", key="a", kind=Kind.RED)
    tell(office, "clerk", "head", key="b", group="BJ-1 超期")
    deliver(later(minutes=1))
    assert sorted((t.split("/")[2], title.split("】")[1]) for t, title, _b in sent) == [
        (TOKEN, "办件 BJ-1 已超期"),
        ("unit-robot-1", "BJ-1 超期"),
    ]


def test_out_of_reach_nothing_is_lost(office, sent):
    channel()
    channel("head", address="head-robot-1")
    tell(office, "clerk", "head")
    sent.outcome = Outcome.UNREACHABLE
    assert deliver(later(minutes=1)) == 0
    assert len(sent) == 1, "out of reach for one is out of reach for all"
    assert deliver(later(minutes=1)) == 0
    assert len(sent) == 1
    sent.outcome = Outcome.SENT
    assert deliver(later(minutes=3)) == 2
    assert states() == [Delivery.SENT, Delivery.SENT]


def test_given_up_after_the_offices_limit_and_sent_again_by_hand(office, sent):
    made = channel(hours=When.ALWAYS)
    tell(office, "clerk")
    sent.outcome = Outcome.UNREACHABLE
    for day in range(7):
        deliver(later(days=day, minutes=5))
    assert states() == [Delivery.FAILED]
    assert len(queries.bad([made.id])) == 1
    assert queries.troubles()[0].count == 1
    actor = people.actor_by_username("clerk", NOW)
    with transaction.act():
        service.resend(actor, db.session.scalars(select(Outgoing)).one(), later(days=7))
    sent.outcome = Outcome.SENT
    assert deliver(later(days=7)) == 1
    with pytest.raises(DatabaseError), transaction.act():
        db.session.execute(text("UPDATE outgoing SET state = 'waiting', ended_at = NULL"))


def test_refused_is_asked_four_times(office, sent):
    channel(hours=When.ALWAYS)
    tell(office, "clerk")
    sent.outcome = Outcome.REFUSED
    for hour in range(12):
        deliver(later(hours=hour))
    assert len(sent) == 4
    assert states() == [Delivery.FAILED]


@pytest.mark.parametrize("how", ["late", "killed"])
def test_what_nobody_knows_is_not_sent_again(office, sent, how):
    channel(hours=When.ALWAYS)
    tell(office, "clerk")
    if how == "late":
        sent.outcome = Outcome.LATE
        deliver(later(minutes=1))
    else:
        with clock.at(later(minutes=1)), transaction.act():
            assert delivery.claim(later(minutes=1)) is not None
        assert states() == [Delivery.SENDING]
        deliver(later(minutes=5))
        assert states() == [Delivery.SENDING], "somebody may still be at it"
    sent.outcome = Outcome.SENT
    count = len(sent)
    deliver(later(hours=2))
    assert states() == [Delivery.UNKNOWN]
    assert len(sent) == count


def test_a_message_is_claimed_before_it_is_sent(office):
    channel()
    tell(office, "clerk")
    with pytest.raises(DatabaseError), transaction.act():
        db.session.execute(text("UPDATE outgoing SET state = 'sent', ended_at = made_at"))


def test_a_closed_channel_sends_nothing_and_forgets_its_address(office, sent):
    made = channel()
    tell(office, "clerk")
    with transaction.act():
        service.close_channel(people.actor_by_username("clerk", NOW), db.session.get(Channel, made.id), NOW)
    assert deliver(later(minutes=2)) == 0
    assert states() == [Delivery.DROPPED]
    assert db.session.get(Channel, made.id).address == ""


def test_the_journal_knows_no_address(office):
    channel()
    facts = db.session.scalars(select(JournalEntry.facts).where(JournalEntry.event.like("reminder.%"))).all()
    assert len(facts) == 1
    assert TOKEN not in facts[0]


def test_the_sweep_sends_outside_its_transaction(app, office, sent, monkeypatch):
    channel()
    tell(office, "clerk")
    from portal.kernel.db import writing

    inside = []
    monkeypatch.setattr(sending, "send", lambda *_a: inside.append(writing.get()) or Outcome.SENT)
    db.session.remove()
    with clock.at(later(minutes=1)):
        done, failed = sweeping.once(app)
    assert "reminder" not in failed
    assert done["reminder"] == 1
    assert inside == [False]


def test_read_messages_are_forgotten_after_the_offices_time(office):
    tell(office, "clerk", "head")
    with transaction.act():
        service.read(people.actor_by_username("clerk", NOW), 1, NOW)
        service.read(people.actor_by_username("head", NOW), 1, NOW)
    with transaction.act():
        assert service.sweep(later(days=300)) == 0
        assert service.sweep(later(days=400)) == 1
    assert db.session.scalar(select(func.count()).select_from(Message)) == 1


class _Hook(http.server.BaseHTTPRequestHandler):
    got: list[bytes] = []
    status = 200

    def do_POST(self):
        self.got.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(self.status)
        if self.status == 302:
            self.send_header("Location", "http://169.254.169.254/latest")
        self.end_headers()

    def log_message(self, *_args):
        pass


@pytest.mark.parametrize(("status", "outcome"), [(200, Outcome.SENT), (302, Outcome.REFUSED), (500, Outcome.REFUSED)])
def test_the_library_itself_on_a_host_of_the_settings(status, outcome):
    server = http.server.HTTPServer(("127.0.0.1", 0), _Hook)
    _Hook.status, _Hook.got = status, []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        target = f"json://127.0.0.1:{server.server_port}/hook?redirect=no"
        assert sending.send(target, sending.Text("标题", "内容")) is outcome
        assert len(_Hook.got) == 1
    finally:
        server.shutdown()
        server.server_close()


def test_the_library_itself_without_anybody_there():
    server = http.server.HTTPServer(("127.0.0.1", 0), _Hook)
    port = server.server_port
    server.server_close()
    assert sending.send(f"json://127.0.0.1:{port}/hook?redirect=no", sending.Text("x", "y")) is Outcome.UNREACHABLE


@pytest.mark.parametrize("service_", [Service.WECOM, Service.DINGTALK, Service.FEISHU, Service.MAIL])
def test_the_library_knows_the_services(service_):
    import apprise

    from portal.reminder import rules

    address = "li@example.gov.cn" if service_ is Service.MAIL else "abcdef0123456789"
    target = rules.target(
        service_, address, "mailtos://portal:secret@mail.example.gov.cn:465?from=portal@example.gov.cn"
    )
    assert apprise.Apprise.instantiate(target) is not None
    assert timedelta(seconds=sending.CONNECT + sending.ANSWER) < timedelta(seconds=delivery.ROUND)
