"""A month of the appraisal: facts, computed, objection upheld, reviewed, signed, published; then nothing changes (E-6).

What turns out to be wrong later is a linked edition of its own, and the year counts it (E-4).
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal as D
from typing import Any

import pytest
from flask import Flask, url_for
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError
from werkzeug.datastructures import FileStorage

from portal.clue import service as clues
from portal.clue.models import Clue
from portal.honour import service as honours
from portal.honour.models import Kind, Level
from portal.kernel import clock, journal
from portal.kernel.db import db, locked
from portal.kernel.errors import Conflict, NotAllowed
from portal.monthly_result import queries as results
from portal.monthly_result import service as publishing
from portal.monthly_result.models import MonthlyResult, ResultState, Standing
from portal.pure.scoring import Subject
from portal.score_evidence import lines, objections, queries, service
from portal.score_evidence.models import Objection, ScoreLine, ScoreMonth
from portal.score_evidence.years import of_year
from portal.score_table import service as tables
from portal.score_table.models import Version
from tests.clue.house import LATER, House, there
from tests.office import NOW

WINDOW, MONTH = str(Subject.DEPARTMENT), date(2026, 11, 1)
COMPUTED, OBJECTED, RULED, SETTLED = (there(day, month=12) for day in (1, 2, 3, 8))
REVIEWED, SIGNED, PUBLISHED, LATE = (there(day, month=12) for day in (9, 10, 11, 21))
#: What the pages ask for when somebody has to decide, change or explain.
TYPED = {
    "decision": "approve", "opinion": "重新审核。", "reason": "重来。", "text": "再异议。", "ruling": "改判。",
    "upheld": "1", "outcome": "upheld", "points": "-1", "quantity": "9", "subject_id": "1", "standing": "excluded",
    "rule": "3.3",
    "happened_on": "2026-11-20", "note": "再提。", "finder": "巡查", "action": "approve", "what": "approve",
}  # fmt: skip


class Month:
    """The month's people, each act committed at its instant."""

    def __init__(self, house: House) -> None:
        self.house, self.ids = house, house.ids

    def do(self, username: str, at: datetime, verb: Callable[..., Any], *args: Any, **named: Any) -> Any:
        return self.house.do(username, at, verb, *args, **named)

    def on_month(self, username: str, at: datetime, verb: Callable[..., Any], *args: Any) -> Any:
        def run(actor: Any, at: datetime) -> Any:
            found = queries.month_of(WINDOW, MONTH)
            assert found is not None
            return verb(actor, locked(ScoreMonth, id=found.id), *args, at)

        return self.do(username, at, run)

    def on_result(self, username: str, at: datetime, verb: Callable[..., Any], *args: Any) -> Any:
        def run(actor: Any, at: datetime) -> Any:
            found = results.open_edition(WINDOW, MONTH)
            assert found is not None
            return verb(actor, found, *args, at)

        return self.do(username, at, run)

    def totals(self) -> dict[str, D]:
        codes = {number: code for code, number in self.ids.departments.items()}
        return {codes[who]: result.total for who, result in queries.results(WINDOW, MONTH).items()}

    def table(self) -> None:
        """A shipped table is taken over, and approved by somebody else, from this month on."""
        version = self.do("office", NOW, lambda actor, at: tables.adopt(actor, "yihuang-windows-2", "", at)).id
        self.do("office", NOW, lambda actor, at: tables.submit(actor, version, MONTH, "试行", at))
        seen = tables.digest(db.session.get_one(Version, version).content)
        self.do("principal", NOW, lambda actor, at: tables.approve(actor, version, seen, at))

    def facts(self) -> None:
        """A case runs over, a window is untidy, the paper praises another."""
        self.house.act(NOW, service.open_months)
        self.house.case()
        self.house.sweep(LATER)
        what = honours.Content(
            Kind.MEDIA, "便民做法", "县报", "介绍窗口的做法。", date(2026, 11, 20), self.ids.departments["XH"],
            level=Level.COUNTY,
        )  # fmt: skip
        cutting = FileStorage(io.BytesIO(b"%PDF-1.4 sample"), "剪报.pdf")
        honour = self.do("office", LATER, lambda actor, at: honours.record(actor, what, at, [cutting]))
        self.do("supervisor", LATER, lambda actor, at: honours.confirm(actor, honour, at))
        untidy = lines.Proposal(self.ids.departments["YW"], "3.3", D(1), None, date(2026, 11, 20), "柜台杂乱。", "巡查")
        line = self.on_month("office", LATER, lines.propose, untidy, ())
        with pytest.raises(NotAllowed):
            self.on_month("office", LATER, lines.approve, line, "属实")
        self.on_month("leader2", LATER, lines.approve, line, "属实")

    def publish(self, *at: datetime) -> None:
        """What was submitted is reviewed, signed and published, each by who may."""
        with pytest.raises(NotAllowed):
            self.on_result("office", at[0], publishing.review, "同意。")
        self.on_result("supervisor", at[0], publishing.review, "依据齐全，同意。")
        with pytest.raises(NotAllowed):
            self.on_result("supervisor", at[1], publishing.sign)
        with pytest.raises(Conflict):
            self.on_result("office", at[1], publishing.publish)
        self.on_result("principal", at[1], publishing.sign)
        self.on_result("office", at[2], publishing.publish)


@pytest.fixture
def month(office) -> Month:
    made = Month(House(office))
    made.table()
    made.facts()
    return made


def _stored() -> str:
    """Everything that the database holds of scores and results, as one text."""
    db.session.rollback()
    kept = hashlib.sha256()
    names = [n for n in inspect(db.engine).get_table_names() if n.startswith(("score_", "monthly_result", "result_"))]
    assert {"score_line", "score_result", "monthly_result"} <= set(names)
    for name in sorted(names):
        for row in sorted(map(repr, db.session.execute(text(f'SELECT * FROM "{name}"')).all())):
            kept.update(f"{name}{row}\n".encode())
    return kept.hexdigest()


def test_a_month_from_its_facts_to_its_correction(month: Month, app: Flask, login: Any) -> None:
    ids = month.ids
    # Computed: overdue −3, untidy −2; what the paper said waits for the year. Twice gives the same.
    assert month.on_month("office", COMPUTED, service.compute) == 2
    assert month.totals() == {"YW": D(95), "XH": D(100), "BG": D(100)}
    before = queries.results(WINDOW, MONTH)
    assert month.on_month("office", COMPUTED, service.compute) == 0
    assert queries.results(WINDOW, MONTH) == before

    # The head objects to one line; somebody else upholds that: exactly this line is gone.
    untidy = next(line for line in queries.lines(WINDOW, ids.departments["YW"], MONTH) if line.rule == "3.3")
    with pytest.raises(NotAllowed):
        month.on_month("other_head", OBJECTED, objections.object_to, untidy, "与本科室无关。")
    said = month.on_month("head", OBJECTED, objections.object_to, untidy, "当时正在搬迁。")
    with pytest.raises(Conflict):
        month.on_month("office", SETTLED, service.settle)

    def rule(actor: Any, at: datetime) -> None:
        found = locked(ScoreMonth, id=untidy.score_month_id)
        objections.rule(actor, found, locked(Objection, id=said.id), True, "情况属实，不扣分。", at)

    for name in ("head", "office", "leader2"):  # who is scored, proposed or approved it
        with pytest.raises(NotAllowed):
            month.do(name, RULED, rule)
    month.do("leader", RULED, rule)
    after = queries.results(WINDOW, MONTH)
    changed = ids.departments["YW"]
    assert {who: r for who, r in after.items() if who != changed} == {
        who: r for who, r in before.items() if who != changed
    }
    assert [one for one in before[changed].scored if one.line.rule != "3.3"] == list(after[changed].scored)
    assert month.totals()["YW"] == D(97)

    # Settled, reviewed, signed, published.
    with pytest.raises(Conflict):
        month.do("office", RULED, lambda actor, at: publishing.submit(actor, WINDOW, MONTH, at))
    month.on_month("office", SETTLED, service.settle)
    month.do("office", REVIEWED, lambda actor, at: publishing.submit(actor, WINDOW, MONTH, at))
    month.publish(REVIEWED, SIGNED, PUBLISHED)
    first = results.published(WINDOW, MONTH)
    assert first is not None
    # Three windows share the first place, the fourth has the place after them.
    assert [(row.total, row.place) for row in first.rows] == [(D(100), 1), (D(100), 1), (D(97), 3)]
    stored = _stored()

    # Nothing changes it: no request of anybody, no statement past the portal, no later fact.
    _everything_is_tried(app, login, untidy)
    for statement in (
        "UPDATE score_line SET quantity = '9'",
        "DELETE FROM score_line",
        "UPDATE score_result SET total = '1'",
        "UPDATE monthly_result_row SET total = '1'",
        "DELETE FROM monthly_result_row",
        "UPDATE monthly_result SET digest = 'x'",
    ):
        with pytest.raises(DBAPIError):
            db.session.execute(text(statement))
        db.session.rollback()
    with pytest.raises(Conflict):
        month.on_month("office", LATE, service.compute)
    assert _stored() == stored

    # A correction is a later edition that names the one it corrects; that one stands as it stood.
    month.do("office", LATE, lambda actor, at: publishing.correct(actor, WINDOW, MONTH, "办件期限登记有误。", at))

    def mend(actor: Any, found: MonthlyResult, at: datetime) -> None:
        publishing.set_correction(actor, found, changed, D("1.5"), Standing.SAME, "超期一件不成立。", at)

    month.on_result("office", LATE, mend)
    month.do("office", LATE, lambda actor, at: publishing.submit(actor, WINDOW, MONTH, at))
    month.publish(LATE, LATE, LATE)
    second = results.published(WINDOW, MONTH)
    assert second is not None
    old, new = (db.session.get_one(MonthlyResult, each.result_id) for each in (first, second))
    assert (new.edition, new.replaces_id, old.state, old.digest) == (2, old.id, ResultState.PUBLISHED, first.digest)
    assert [row.total for row in old.rows] == [row.total for row in first.rows]
    assert [row.total for row in second.rows] == [D(100), D(100), D("98.5")]
    told = [entry.event for entry in journal.of_object("monthly_result", new.id)]
    assert {"monthly_result.correction_begun", "monthly_result.published"} <= set(told)

    # The year counts the corrected month, and what waited for it.
    months = {who: [total for _, total in some] for who, some in results.year_scores(WINDOW, 2026).items()}
    years = of_year(WINDOW, 2026, months)
    assert (years[changed].total, years[changed].added) == (D("98.5"), D(0))
    praised = years[ids.departments["XH"]]
    assert (praised.average, praised.added, praised.total) == (D(100), D(2), D(102))


def test_a_fact_that_falls_away_after_the_signature_goes_back_to_the_beginning(month: Month) -> None:
    """A clue that is dismissed before publication is not published, and leaves no month stuck (E-3, E-6)."""
    month.on_month("office", COMPUTED, service.compute)
    month.on_month("office", SETTLED, service.settle)
    month.do("office", REVIEWED, lambda actor, at: publishing.submit(actor, WINDOW, MONTH, at))
    month.on_result("supervisor", REVIEWED, publishing.review, "同意。")
    month.on_result("principal", SIGNED, publishing.sign)
    clue = month.house.clues("overdue")[0].id
    month.do(
        "supervisor", SIGNED,
        lambda actor, at: clues.dismiss(actor, locked(Clue, id=clue), "法定原因造成，不予追究。", at),
    )  # fmt: skip
    with pytest.raises(Conflict):
        month.on_result("office", PUBLISHED, publishing.publish)
    month.on_result("principal", PUBLISHED, publishing.send_back, "事实有变，请重新计算。")
    month.on_month("office", PUBLISHED, service.compute)
    assert month.totals()["YW"] == D(98)
    month.on_month("office", LATE, service.settle)
    month.do("office", LATE, lambda actor, at: publishing.submit(actor, WINDOW, MONTH, at))
    month.publish(LATE, LATE, LATE)
    published = results.published(WINDOW, MONTH)
    assert published is not None
    assert (published.edition, [row.total for row in published.rows]) == (1, [D(100), D(100), D(98)])


def _everything_is_tried(app: Flask, login: Any, line: ScoreLine) -> None:
    """Everybody sends everything that the pages of the month could send; only a correction may begin."""
    values = {"subject": WINDOW, "month": "2026-11", "line_id": line.id, "subject_id": line.subject_id}
    tried = 0
    with clock.at(LATE), app.test_request_context():
        rules = [
            rule
            for rule in app.url_map.iter_rules()
            if rule.endpoint.startswith(("score_evidence.", "monthly_result."))
            and "POST" in (rule.methods or ())
            and rule.arguments <= values.keys()
            and rule.endpoint != "monthly_result.correct"
        ]
        addresses = [url_for(rule.endpoint, **{name: values[name] for name in rule.arguments}) for rule in rules]
    assert len(addresses) >= 10
    for username in ("office", "supervisor", "principal", "leader", "head"):
        with clock.at(LATE):
            client = login(username)
            for address in addresses:
                assert client.post(address, data=TYPED).status_code in (303, 403, 404, 409, 422), address
                tried += 1
    assert tried == 5 * len(addresses)
