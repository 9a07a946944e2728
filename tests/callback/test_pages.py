"""The pages of callbacks by role, over HTTP (S-5)."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from portal.callback import queries
from portal.kernel import clock, plates, transaction
from tests.callback.test_verbs import AFTER, closed
from tests.client_opinion.conftest import who

ROOT = "/callbacks/2026-W47"


@pytest.fixture
def drawn(app, ids, login):
    """Eight closed cases of the week, drawn by the office; the clock stands after that week."""
    with app.app_context(), transaction.act():
        closed(ids)
    with clock.at(AFTER):
        assert login("office").post(f"{ROOT}/draw").status_code == 303
        yield login("office")


def text_of(answer) -> str:
    return answer.get_data(as_text=True)


def test_drawing_by_hand(app, ids, login):
    with app.app_context(), transaction.act():
        closed(ids, 2)
    assert login("office").post(f"{ROOT}/draw").status_code == 409, "the week is not over"
    with clock.at(AFTER):
        office = login("office")
        assert "2026-W47" in text_of(office.get("/callbacks"))
        assert login("head").post(f"{ROOT}/draw").status_code == 403
        assert login("principal").post(f"{ROOT}/draw").status_code == 403
        assert office.post("/callbacks/2026-W99/draw").status_code == 404
        assert office.post("/callbacks/2020-W01/draw").status_code == 409
        assert office.post(f"{ROOT}/draw").status_code == 303
        assert office.post(f"{ROOT}/draw").status_code == 409, "once"
        assert office.get("/callbacks/2026-W46").status_code == 404


SEES = {"office": 200, "supervisor": 200, "principal": 200, "leader": 403, "head": 403, "clerk": 403, "auditor": 403}


def test_who_sees_what(drawn, login):
    for name, status in SEES.items():
        client = login(name)
        for page in ("/callbacks", ROOT, f"{ROOT}?check=1", f"{ROOT}/1"):
            assert client.get(page).status_code == status, (name, page)
        shown = name in ("office", "supervisor")
        assert client.get(f"{ROOT}/sheet").status_code == (200 if shown else 403), name
        if status == 200:
            assert ("1380000" in text_of(client.get(f"{ROOT}/1"))) is shown, name
        assert client.get("/callbacks/summary").status_code == (403 if name in ("clerk", "auditor") else 200), name
    assert "重做的结果与记录一致" in text_of(drawn.get(f"{ROOT}?check=1"))
    assert text_of(drawn.get(f"{ROOT}/sheet")).count("1380000") == 5
    assert drawn.get(f"{ROOT}/9").status_code == 404


def test_recording_a_call(drawn, login):
    good = {"attitude": "1", "efficiency": "2", "rules_kept": "1", "suggestion": "多开窗口", "problem": "排队太久"}
    for change, field in (
        ({"attitude": ""}, "attitude"), ({"efficiency": "9"}, "efficiency"), ({"unfiled_denial": "y"}, "denial_facts"),
        ({"suggestion": "字" * 1001}, "suggestion"),
    ):  # fmt: skip
        answer = drawn.post(f"{ROOT}/1/record", data={**good, **change})
        assert answer.status_code == 422, change
        assert f'id="{field}-error"' in text_of(answer), change
    assert login("principal").post(f"{ROOT}/1/record", data=good).status_code == 403
    assert (
        drawn.post(f"{ROOT}/1/record", data={**good, "unfiled_denial": "y", "denial_facts": "口头"}).status_code == 303
    )
    assert drawn.post(f"{ROOT}/1/record", data=good).status_code == 409
    page = text_of(drawn.get(f"{ROOT}/1"))
    assert "YJ-2026-0001" in page
    assert "1380000" not in page, "nobody has to call any more"
    assert drawn.post(f"{ROOT}/1/withdraw-denial", data={}).status_code == 422
    assert drawn.post(f"{ROOT}/1/withdraw-denial", data={"text": "另一家单位"}).status_code == 303
    assert drawn.post(f"{ROOT}/2/give-up").status_code == 409
    for _n in range(3):
        assert drawn.post(f"{ROOT}/2/try").status_code == 303
    assert drawn.post(f"{ROOT}/2/give-up").status_code == 303
    summary = text_of(drawn.get("/callbacks/summary?month=2026-11"))
    assert "不予显示" in summary
    assert "多开窗口" in summary
    assert "多开窗口" not in text_of(login("head").get("/callbacks/summary?month=2026-11")), "only figures"
    assert "不予显示" in text_of(drawn.get("/callbacks/summary/print?month=2026-11"))
    rows = list(load_workbook(io.BytesIO(drawn.get("/callbacks/summary.xlsx?month=2026-11").data)).active.values)
    assert rows[1][1:4] == (2, 1, "不予显示")
    assert drawn.get("/callbacks/summary?month=昨天").status_code == 200


def test_to_dos_and_the_menu(app, drawn):
    with app.test_request_context():
        for name, n in (("office", 5), ("supervisor", 5), ("principal", 0), ("head", 0)):
            actor = who(name, AFTER)
            plate = next(p for p in plates.plates() if p.name == "callback")
            assert plate.menu[0].count(actor, AFTER) == n
            found = [t for t in plates.todos(actor, AFTER) if t.kind == "callback.call"]
            assert len(found) == (1 if n else 0)
        assert queries.count_waiting() == 5
