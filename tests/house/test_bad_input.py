"""No input is a fault: nasty values in every part of every route never give 500, for anyone who may reach it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import quote_from_bytes

import pytest
from sqlalchemy import select
from wtforms.fields.core import UnboundField

from portal.kernel import access, clock
from portal.kernel.db import Base, db
from portal.kernel.forms import PortalForm
from portal.people import queries as people
from portal.roles import MATRIX
from tests.house import routes
from tests.house.test_routes import WHO

PORTAL = Path(access.__file__).parents[1]

#: What people and programs send that nobody expects; bytes, because some of it is no text at all.
NASTY = {
    "nothing": b"",
    "NUL": b"a\0b",
    "half a surrogate pair": b"x\xed\xa0\x80y",
    "broken UTF-8": b"\xff\xfe",
    "rare signs": "𠮷🙂\u202e".encode(),
    "wide blank": "\u3000".encode(),
    "huge number": b"9" * 40,
    "beyond 64 bits": b"9223372036854775808",
    "negative": b"-1",
    "other digits": "١٢٣²".encode(),
    "year nought": b"0000-00-00",
    "last year": b"9999-12-31T23:59",
    "offset date": b"2026-01-01T00:00+24:00",
    "percent": b"%(x)s %s {x} {{ x }}",
    "quotes": b"'\";--<script>",
    "path": b"../../../etc/passwd",
    "long": b"1" * 2100,
}
#: Tried by two persons; one is enough for the others.
TWICE = {"nothing", "beyond 64 bits"}
#: A run tries every value on a sixteenth of the routes and every route with a sixteenth of the values;
#: PORTAL_TEST_WHOLE=1 in the environment tries all on all.
WHOLE, SHARE = os.environ.get("PORTAL_TEST_WHOLE") == "1", 16
#: They end the session that the walk uses.
LEFT_OUT = {"people.logout"}


def _field_names() -> set[str]:
    """Names of every form's fields, and of every input that a template or a view spells out."""
    found = {"_key"}
    waiting = [PortalForm]
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        found |= {name for name in dir(form) if isinstance(getattr(form, name, None), UnboundField)}
    for path in PORTAL.rglob("templates/**/*.html"):
        found |= set(re.findall(r'\bname="([a-z_]+)"', path.read_text(encoding="utf-8")))
    for path in PORTAL.rglob("*.py"):
        found |= set(
            re.findall(r"""(?:args|form)(?:\.get|\.getlist)?[\[(]\s*["']([a-z_]+)["']""", path.read_text("utf-8"))
        )
    return found - {"csrf_token", "viewport"}


def _queries(value: bytes) -> list[str]:
    """Query strings that together give every name the value, none longer than the portal reads."""
    made, line = [], ""
    for name in sorted(_field_names()):
        part = f"{name}={quote_from_bytes(value)}"
        if line and len(line) + len(part) > 8000:
            made.append(line)
            line = ""
        line += ("&" if line else "") + part
    return made[:1] or [line]


def _seed(login, ids) -> None:
    """One entry of each disposition, so that cases, hand-overs and filings exist."""
    from portal.first_ask.models import Disposition

    clerk = login("clerk")
    for disposition in Disposition:
        fields = {
            "matter": "科普教育基地认定",
            "disposition": str(disposition),
            "channel": "visit",
            "to_department": ids.departments["XH"],
            "outside_authority": "市民政局",
            "outside_contact": "0543-3160000",
        }
        assert clerk.post("/first-ask", data=fields).status_code == 303, disposition


def _known_values(app) -> dict[tuple[str, str], str]:
    """A number or code that exists, by its room and the name of the part of the address it fits."""
    found = {("people", "username"): "clerk2"}
    with app.app_context():
        for mapper in Base.registry.mappers:
            room = mapper.class_.__module__.split(".")[1]
            for name in {"number", "code", "token"} & set(mapper.columns.keys()):
                newest = db.session.scalar(
                    select(mapper.columns[name]).order_by(*(key.desc() for key in mapper.primary_key)).limit(1)
                )
                if newest:
                    found.setdefault((room, name), str(newest))
    return found


def _addresses(rule, known: dict[tuple[str, str], str], value: bytes) -> list[str]:
    """The route with values that exist (of its own room, of a case, of a post), and with the nasty one."""
    names = list(rule._converters)
    rooms = (rule.endpoint.split(".")[0], "cases", "post_duty")
    texts = list(dict.fromkeys(known[room, n] for room in rooms for n in names if (room, n) in known))[:2] or ["x"]
    number = 2**31 - 1 if any("session" in n for n in names) else 1
    found = [routes.address(rule, text, number) for text in (texts if names else ["x"])]
    if names:
        raw = re.sub(r"<[^>]+>", "\0", rule.rule)
        found.append(raw.replace("\0", quote_from_bytes(value, safe="") or "%20"))
    return [address for address in dict.fromkeys(found) if address]


def _people_for(app, rule) -> list[str]:
    permission = access.permission_of(app, rule.endpoint)
    if permission in (access.PUBLIC, access.LOGIN):
        return ["clerk", "sysadmin"]
    carriers = [WHO[role] for role in WHO if permission in MATRIX[role]]
    return [*carriers[:1], *carriers[-1:]]


@pytest.mark.parametrize("kind", NASTY)
def test_no_route_faults(app, login, ids, kind):
    value = NASTY[kind]
    _seed(login, ids)
    known = _known_values(app)
    queries = _queries(value)
    body = "&".join(f"{name}={quote_from_bytes(value)}" for name in sorted(_field_names()))
    visited, turn = 0, list(NASTY).index(kind)
    for n, rule in enumerate(app.url_map.iter_rules()):
        if rule.endpoint in LEFT_OUT or (not WHOLE and (n + turn) % SHARE):
            continue
        people_for = _people_for(app, rule)[: 2 if kind in TWICE else 1]
        for who in dict.fromkeys(people_for):
            client = login(who)
            for address in _addresses(rule, known, value):
                if "GET" in rule.methods:
                    for query in queries:
                        answer = client.get(f"{address}?{query}")
                        assert answer.status_code < 500, f"GET {address} for {who}: {answer.status_code}"
                        visited += 1
                if "POST" in rule.methods:
                    answer = client.post(address, data=body, content_type="application/x-www-form-urlencoded")
                    assert answer.status_code < 500, f"POST {address} for {who}: {answer.status_code}"
                    visited += 1
    assert visited > len(list(app.url_map.iter_rules())) // (1 if WHOLE else SHARE)
    with app.app_context():
        for who in WHO.values():
            assert people.actor_by_username(who, clock.now()).permissions, "nobody lost a role on the way"
    assert login("clerk").get("/account").status_code == 200, "the walk stayed logged in"


def test_a_too_long_query_is_refused(app, login):
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and not rule._converters:
            answer = login("clerk").get(f"{routes.address(rule)}?q={'x' * 9000}")
            assert answer.status_code in (403, 404), rule.rule


@pytest.mark.parametrize("query", ["q=a%00b", "nobody_reads_this=%00"])
def test_a_query_that_cannot_be_stored_is_refused(login, query):
    assert login("clerk").get(f"/account?{query}").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe\x00",
        b"a=%00&a=%00&=&&&=%ED%A0%80",
        b"x" * 100_000,
        b"&".join(b"n%d=1" % n for n in range(5000)),
    ],
)
@pytest.mark.parametrize(
    "media_type",
    ["application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=x", "text/plain", ""],
)
def test_a_body_that_is_no_form_is_refused_or_read_as_an_empty_one(login, body, media_type):
    answer = login("clerk").post("/first-ask", data=body, content_type=media_type)
    assert 400 <= answer.status_code < 500


def test_a_body_beyond_the_limit_is_refused_by_name(app, login):
    app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = login("clerk").post("/first-ask", data={"matter": "字" * 2000})
    assert answer.status_code == 413
    assert answer.headers["X-Portal-Message"]


def test_unknown_fields_change_nothing(app, login, ids):
    from portal.people.models import User

    extra = {
        "roles": "system_admin",
        "id": str(ids.users["sysadmin"]),
        "user_id": str(ids.users["sysadmin"]),
        "username": "root",
        "password_hash": "x",
        "department_id": str(ids.departments["LD"]),
        "disabled_at": "2026-01-01",
        "__class__": "x",
    }
    with app.app_context():
        before = {c: getattr(db.session.get(User, ids.users["clerk"]), c) for c in list(User.__table__.columns.keys())}
    answer = login("clerk").post("/account/preferences", data={"language": "en", "shortcuts": "1", **extra})
    assert answer.status_code == 303
    with app.app_context():
        user = db.session.get(User, ids.users["clerk"])
        after = {c: getattr(user, c) for c in before}
        assert user.roles == []
    assert {c for c in before if before[c] != after[c]} == {"language"}


def test_unknown_fields_of_an_entry_are_ignored(app, login, ids):
    from portal.first_ask.models import FirstAsk

    fields = {
        "matter": "咨询",
        "disposition": "answered",
        "channel": "visit",
        "number": "X-1",
        "asker_id": "1",
        "id": "77",
    }
    assert login("clerk").post("/first-ask", data=fields).status_code == 303
    with app.app_context():
        entry = db.session.scalars(select(FirstAsk)).one()
        assert entry.asker_id == ids.users["clerk"]
        assert (entry.id, entry.number) != (77, "X-1")
        assert entry.number != "X-1"
