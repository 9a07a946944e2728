"""Who sees anything of a told proceeding and of ballots: thirteen people × addresses, over HTTP (A-2, A-4, S-1, S-3).

Beside the tables of the rooms: those of complaints stand in tests/complaint, those of clients' opinions in
tests/client_opinion, those of a proceeding under way in tests/accountability.
"""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from portal.accountability import service
from portal.evaluation import counting
from portal.evaluation import service as evaluation
from portal.evaluation.models import Grade
from portal.evaluation.service import Ballot, Signature
from portal.kernel import clock, transaction
from tests.accountability.conftest import Story
from tests.evaluation.conftest import MONTH
from tests.office import NOW, PEOPLE

REFUSED = {"auditor", "security", "sysadmin"}
#: How to reach the client of a bad review: it stands with the opinion that it opened, on no page of evaluation.
PHONE = "13905431234"


def shown(answer) -> str:
    return answer.get_data().decode(errors="replace")


def plain(answer) -> str:
    """A page without what differs from one request to the next: token, key, and the number asked for."""
    said = re.sub(r'"X-CSRFToken": "[^"]+"|name="(csrf_token|_key)" value="[^"]+"', "", shown(answer))
    return re.sub(r"/proceedings/[\w./-]*|[A-Z]{2}-2026-\d+|department=\d+", "", said)


# --- proceedings -----------------------------------------------------------------------------------------------

#: On a told proceeding about the clerk and, jointly, their head: what each of the cast sees of it.
SEES = {
    "clerk": "own", "clerk2": "", "head": "own", "other": "", "other_head": "all", "leader": "all", "leader2": "",
    "principal": "", "office": "all", "supervisor": "", "auditor": "", "security": "", "sysadmin": "",
}  # fmt: skip
#: What stands in the whole file only: a note, and who raised the clue.
INSIDE = ("内部记一笔", "郑浩")


@pytest.fixture
def told(app, ids):
    """Its number, and the parts of the clerk and of the head."""
    with app.app_context():
        story = Story(ids).register(people_=("clerk", "head"), clue_ids=[Story(ids).clue()])
        story.do(service.note, "office", "内部记一笔", part=None)
        story.told("criticism", by="leader")
        return story.number, {s.user_id: s.id for s in story.get().subjects}


def test_a_told_proceeding_is_seen_by_whom_the_rules_name(login, ids, told):
    number, parts = told
    assert set(SEES) == set(PEOPLE)
    first, second = parts[ids.users["clerk"]], parts[ids.users["head"]]
    own = {"clerk": first, "head": second}
    letters = {f"/letters/{part}{end}": part for part in (first, second) for end in ("", "/decision.docx")}
    for who, sees in SEES.items():
        client = login(who)
        for path in ("", *letters):
            if (sees == "all" and path.endswith("docx")) or (not sees and str(second) in path):
                continue
            answer = client.get(f"/proceedings/{number}{path}")
            mine = sees == "all" or (sees == "own" and letters.get(path, own[who]) == own[who])
            assert (answer.status_code == 200) == mine, (who, path)
            main = shown(answer).split("<main")[-1]
            assert sees == "all" or not any(word in main for word in INSIDE), (who, path)
            if not mine and not path.endswith("docx"):
                missing = client.get(f"/proceedings/ZJ-2026-9999{path}")
                assert answer.status_code == missing.status_code == (403 if who in REFUSED else 404), (who, path)
                assert plain(answer) == plain(missing), (who, path)
        if not sees:
            for name in ("files/1", "do/note", f"do/ask-review/{first}"):
                verb, data = (client.get, {}) if name == "files/1" else (client.post, {"data": {"text": "x"}})
                answer, missing = (verb(f"/proceedings/{n}/{name}", **data) for n in (number, "ZJ-2026-9999"))
                assert answer.status_code == missing.status_code == (403 if who in REFUSED else 404), (who, name)
                assert plain(answer) == plain(missing), (who, name)
        if who in REFUSED:
            continue
        assert (f"/proceedings/{number}" in shown(client.get("/proceedings"))) == bool(sees), who
        book = load_workbook(io.BytesIO(client.get("/proceedings/export.xlsx").data))
        rows = [row[0] for row in book.active.iter_rows(2, values_only=True)]
        assert (number in rows) == (sees == "all"), who


# --- ballots ---------------------------------------------------------------------------------------------------

#: Of whose clients each of the cast reads what was said; "all" stands for the unit.
READS = {
    "head": {"YW"}, "other_head": {"XH"}, "leader": {"YW", "BG"}, "leader2": {"XH"}, "principal": "all",
    "office": "all", "supervisor": "all",
}  # fmt: skip
PAGES = ("/evaluation", "/evaluation/signed", "/evaluation/export.xlsx", "/evaluation/signed/export.xlsx")


def said_of(department: str, what: str) -> str:
    return f"{what}{department}的话"


@pytest.fixture
def cast_ballots(app, ids):
    """Six anonymous ballots of two departments and a signed one of each, counted; then one more in the urn."""

    def vote(department: str, comment: str, signed: bool = False) -> None:
        with transaction.act():
            code = evaluation.hand_out((ids.departments[department], MONTH))
            signature = Signature("李四", PHONE, "", "") if signed else None
            evaluation.cast_ballot(code, Ballot(Grade.DISSATISFIED, (), comment), clock.now(), signature, None)

    with app.app_context():
        for department in ("YW", "XH"):
            for _n in range(6):
                vote(department, said_of(department, "匿名"))
            vote(department, said_of(department, "署名"), signed=True)
        with clock.at(NOW + timedelta(days=1)), transaction.act():
            counting.sweep(clock.now())
        vote("YW", "票箱里的话")


def test_ballots_are_read_by_whom_the_rules_name(login, ids, cast_ballots):
    for who in PEOPLE:
        client, reads = login(who), READS.get(who, set())
        for path in PAGES:
            answer = client.get(path)
            assert answer.status_code == (200 if reads else 403), (who, path)
            text = shown(answer)
            if path.endswith("xlsx") and reads:
                book = load_workbook(io.BytesIO(answer.data))
                text = "".join(str(c.value) for sheet in book for row in sheet.iter_rows() for c in row)
            assert "票箱里的话" not in text, (who, path)
            for department in ("YW", "XH"):
                may = reads == "all" or department in reads
                for what in ("匿名", "署名"):
                    there = said_of(department, what) in text
                    assert may or not there, (who, path, department)
                    if path == ("/evaluation" if what == "匿名" else "/evaluation/signed"):
                        assert there == may, (who, path, department)
            assert PHONE not in text, (who, path)
        if reads and reads != "all":
            for foreign in {"YW", "XH"} - reads:
                answer = client.get(f"/evaluation?department={ids.departments[foreign]}")
                missing = client.get("/evaluation?department=999999")
                assert (answer.status_code, plain(answer)) == (404, plain(missing)), (who, foreign)
