"""No input is a fault in this room, with objects that exist (the house's walk tries every route)."""

from __future__ import annotations

import pytest

from tests.attendance.conftest import plain, upload
from tests.house import routes
from tests.house.test_bad_input import NASTY

FIELDS = (
    "month department version week day slot at reason opinion decision state kind outcome from_on until_on user_id"
    " found_at place note reply upheld conclusion code column_0 column_1 column_2 person_77 page"
).split()


@pytest.mark.parametrize(
    "what", ["NUL", "half a surrogate pair", "beyond 64 bits", "other digits", "last year", "quotes"]
)
def test_nothing_is_a_fault(app, login, bring_in, ids, what):
    value = NASTY[what]
    number = bring_in(plain(("clerk", "王敏", "2026-11-17 08:55")))
    fields = {"day": "2026-11-17", "slot": "am_out", "at": "12:00", "reason": "忘记"}
    correction = login("clerk").post("/attendance/corrections/new", data=fields).headers["Location"].rsplit("/", 1)[-1]
    fields = {"user_id": ids.users["clerk"], "kind": "late", "found_at": "2026-11-18T09:20", "note": "迟到"}
    finding = login("supervisor").post("/attendance/findings/new", data=fields).headers["Location"].rsplit("/", 1)[-1]
    token = upload(login("office"), plain(("77", "x", "2026-11-17 08:55")))
    texts = {"imports": number, "corrections": correction, "findings": finding, "waiting": token, "months": "2026-10"}
    seen = 0
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("attendance."):
            continue
        text = next((t for part, t in reversed(texts.items()) if part in rule.rule), "x")
        if "waiting" in rule.rule:
            text = token
        for who in ("office",):
            for address in {routes.address(rule, text, 1)} - {None}:
                for method in sorted(rule.methods - {"OPTIONS", "HEAD"}):
                    given = {"query_string": dict.fromkeys(FIELDS, value)} if method == "GET" else {
                        "data": dict.fromkeys(FIELDS, value)
                    }  # fmt: skip
                    answer = login(who).open(address, method=method, **given)
                    assert answer.status_code < 500, (method, address, who)
                    seen += 1
    assert seen > 40
