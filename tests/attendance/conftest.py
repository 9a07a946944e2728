"""Exports of punch clocks as offices have them, and what tests do with them over HTTP."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient

from portal.kernel import sheets

OCTOBER = date(2026, 10, 1)


def csv(rows: Iterable[Iterable[str]], encoding: str = "utf-8-sig", sign: str = ",") -> bytes:
    """A text file of rows."""
    return "\r\n".join(sign.join(row) for row in rows).encode(encoding)


def xlsx(rows: list[list[object]]) -> bytes:
    """A workbook of rows, the first of them as headings."""
    return sheets.workbook([("Sheet1", [str(c) for c in rows[0]], rows[1:])])


def plain(*rows: tuple[str, str, str]) -> bytes:
    """An export of one row a punch: number, name, moment."""
    return csv([("工号", "姓名", "打卡时间"), *rows])


@pytest.fixture
def bring_in(login: Callable[[str], FlaskClient]) -> Callable[..., str]:
    """Upload, accept what was guessed, confirm; returns the number of the import."""

    def run(content: bytes, name: str = "考勤.csv", people: dict[str, int] | None = None) -> str:
        client = login("office")
        token = upload(client, content, name)
        accept_columns(client, token)
        if people:
            fields = {f"person_{code}": str(user_id) for code, user_id in people.items()}
            assert client.post(f"/attendance/imports/waiting/{token}/people", data=fields).status_code == 303
        answer = client.post(f"/attendance/imports/waiting/{token}/confirm")
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return answer.headers["Location"].rsplit("/", 1)[-1]

    return run


def upload(client: FlaskClient, content: bytes, name: str = "考勤.csv") -> str:
    """Upload a file that is taken; the token of what waits."""
    answer = client.post("/attendance/imports", data={"file": (io.BytesIO(content), name)})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    found = re.search(r"/waiting/([0-9a-f]{32})", answer.headers["Location"])
    assert found
    return found[1]


def accept_columns(client: FlaskClient, token: str) -> None:
    """Say yes to what was guessed."""
    page = client.get(f"/attendance/imports/waiting/{token}/columns").get_data(as_text=True)
    fields = {}
    for name, options in re.findall(r'<select[^>]* name="(column_\d+)">(.*?)</select>', page, re.S):
        chosen = re.search(r'value="(\w+)" selected', options)
        fields[name] = chosen[1] if chosen else "ignore"
    answer = client.post(f"/attendance/imports/waiting/{token}/columns", data=fields)
    assert answer.status_code == 303, answer.get_data(as_text=True)


@pytest.fixture
def days() -> SimpleNamespace:
    """22 days of October 2026 from the 9th on, of which the official calendar works some."""
    return SimpleNamespace(first=date(2026, 10, 9), all=[date(2026, 10, 9) + timedelta(days=n) for n in range(22)])
