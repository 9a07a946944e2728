"""What holds for every answer: security headers, CSRF, one record for one submission."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.kernel import access
from portal.kernel.db import db
from portal.kernel.journal import JournalEntry
from portal.kernel.web import CSP
from portal.roles import MATRIX
from tests.house import routes
from tests.house.test_routes import WHO

HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def _checked(answer) -> None:
    for name, value in HEADERS.items():
        assert answer.headers.getlist(name) == [value], name


def test_the_policy_lets_nothing_in_from_outside():
    assert "default-src 'self'" in CSP
    assert "unsafe" not in CSP
    assert "http" not in CSP


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/no-such-page", 404),
        ("POST", "/healthz", 405),
        ("GET", "/first-ask", 303),
        ("GET", "/static/css/portal.css", 200),
        ("GET", "/static/no-such-file", 404),
        ("GET", "/healthz", 200),
        ("OPTIONS", "/healthz", 200),
        ("TRACE", "/healthz", 405),
    ],
)
def test_headers_for_a_visitor(app, method, path, status):
    answer = app.test_client().open(path, method=method)
    assert answer.status_code == status
    _checked(answer)


@pytest.mark.own_app
def test_headers_on_refusals_and_faults(app, login):
    def fault() -> str:
        raise RuntimeError("boom")

    app.add_url_rule("/fault", "fault", access.public(fault))
    app.testing = False
    answer = app.test_client().get("/fault")
    assert answer.status_code == 500
    _checked(answer)
    page = answer.get_data(as_text=True)
    assert "boom" not in page
    assert "Traceback" not in page
    assert re.search(r"[0-9a-f]{8}", page), "the number under which the log has it"
    refused = login("clerk").get("/security/sessions")
    assert refused.status_code == 403
    _checked(refused)


@pytest.mark.parametrize("path", ["/healthz", "/account", "/login", "/no-such-page"])
def test_an_unreadable_database_is_503_with_the_text_kept(app, login, monkeypatch, path):
    clerk = login("clerk")
    app.testing = False

    def down(*_args: object, **_kw: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("the server is gone"))

    app.extensions.pop("portal.epochs", None)
    for method in ("execute", "scalar", "scalars", "get"):
        monkeypatch.setattr(Session, method, down)
    answer = clerk.get(path)
    assert answer.status_code in ((404, 503) if path == "/no-such-page" else (503,))
    _checked(answer)
    answer = clerk.post("/first-ask", data={"matter": "写了很久的一件事", "password": "secret"})
    assert answer.status_code == 503
    assert "写了很久的一件事" in answer.get_data(as_text=True)
    assert "secret" not in answer.get_data(as_text=True)
    assert answer.headers["Retry-After"]


def test_strict_transport_only_over_https(app):
    client = app.test_client()
    assert "Strict-Transport-Security" not in client.get("/healthz").headers
    assert client.get("/healthz", base_url="https://portal.example").headers["Strict-Transport-Security"]


#: Asking where a case stands, or whether a card is genuine, does nothing in anybody's name, and strangers have no
#: session (O-6); a ballot or an answer must not be tied to one (S-1, S-2).
WITHOUT_TOKEN = {
    "public.ask_status",
    "public.check_card",
    "survey.send_answer",
    "evaluation.evaluate",
    "evaluation.kiosk",
    "evaluation.ask_pairing",
}


@pytest.mark.csrf
def test_every_post_needs_the_token(app, login):
    assert app.config.get("WTF_CSRF_ENABLED", True)
    checked = 0
    with app.app_context():
        before = db.session.scalar(select(func.max(JournalEntry.seq)))
    for rule in app.url_map.iter_rules():
        if "POST" not in rule.methods or rule.endpoint in WITHOUT_TOKEN:
            continue
        permission = access.permission_of(app, rule.endpoint)
        who = next((WHO[r] for r in WHO if permission in MATRIX[r]), "clerk")
        fields = {"csrf_token": "forged"} if checked % 2 else {}
        answer = login(who).post(routes.address(rule), data=fields)
        assert answer.status_code == 400, f"{rule.rule}: {answer.status_code}"
        checked += 1
    assert checked > 20
    with app.app_context():
        assert db.session.scalar(select(func.max(JournalEntry.seq))) == before, "nothing was written"


@pytest.mark.csrf
def test_with_the_token_a_post_is_taken(login):
    client = login("clerk")
    page = client.get("/account").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    answer = client.post("/account/preferences", data={"csrf_token": token, "language": "en"})
    assert answer.status_code == 303


@pytest.mark.csrf
def test_the_token_of_another_session_is_refused(app, login):
    page = login("clerk").get("/account").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    stranger = app.test_client()
    assert stranger.post("/language", data={"csrf_token": token, "language": "en"}).status_code == 400


def test_every_page_has_its_headers_and_reading_changes_nothing(app, login):
    """Reading pages leaves the journal as it was, and nothing of them is kept by who passes them on."""
    clients = {who: login(who) for who in WHO.values()}
    with app.app_context():
        before = db.session.scalar(select(func.max(JournalEntry.seq)))
    for rule in app.url_map.iter_rules():
        permission = access.permission_of(app, rule.endpoint)
        who = next((WHO[r] for r in WHO if permission in MATRIX[r]), "clerk")
        if "GET" not in rule.methods or "export" in rule.endpoint:
            continue
        answer = clients[who].get(routes.address(rule) or "/")
        _checked(answer)
        if rule.endpoint != "static" and answer.status_code == 200:
            kept = answer.headers["Cache-Control"]
            assert "no-store" in kept or "no-cache" in kept or "private" in kept, rule.rule
    with app.app_context():
        entries = db.session.scalars(select(JournalEntry.event).where(JournalEntry.seq > before)).all()
    assert set(entries) <= {"access.refused"}


def test_one_submission_sent_again_is_one_record_with_the_same_answer(app, login):
    from portal.first_ask.models import FirstAsk

    fields = {"matter": "咨询", "disposition": "answered", "channel": "phone", "_key": "k" * 24}
    answers = [login("clerk").post("/first-ask", data=fields) for _ in range(8)]
    assert {a.status_code for a in answers} == {303}
    assert len({a.headers["Location"] for a in answers}) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(FirstAsk)) == 1
    changed = login("clerk").post("/first-ask", data={**fields, "matter": "另一件事"})
    assert changed.status_code == 409
