"""Score tables: taken over, filled in, approved by a second person, in force from a month on (E-2, POL-1, POL-2)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from werkzeug.datastructures import MultiDict

from portal.kernel import transaction
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import queries as people
from portal.pure.scoring import Kind, Line, Subject, score, to_data
from portal.score_table import comparing, drafting, editing, queries, seams, service, simulating
from portal.score_table.forms import CategoryForm
from portal.score_table.models import Version, VersionState
from portal.score_table.presets import PRESETS, find
from portal.score_table.rule_forms import RuleForm
from tests.office import NOW
from tests.score_table import typed

MONTH = date(2026, 12, 1)


@pytest.fixture
def computed(monkeypatch):
    """Tell up to which month was computed."""
    monkeypatch.setattr(seams, "_computed", [lambda _subject: date(2026, 10, 1)])


def who(username):
    return people.actor_by_username(username, NOW)


def adopted(code="county-windows", name=""):
    with transaction.act():
        return service.adopt(who("office"), code, name, NOW).id


def approved(code="hexian-windows", month=MONTH, by="principal", name=""):
    key = adopted(code, name)
    with transaction.act():
        service.submit(who("office"), key, month, "试行", NOW)
    with transaction.act():
        content = db.session.get(Version, key).content
        return service.approve(who(by), key, service.digest(content), NOW).id


def at(answer):
    """The address of the version that an answer leads to."""
    return re.search(r"/score-tables/[A-Z0-9-]+/[0-9]+", answer.headers["Location"])[0]


def test_every_part_of_every_preset_passes_through_its_form_unchanged(app):
    for table in PRESETS:
        for code, (category, rule) in table.places.items():
            with app.test_request_context(method="POST", data=typed.of_rule(table, code)):
                form = RuleForm(table)
                assert form.validate(), (table.code, code, form.errors)
                where, made = form.chosen(code)
                assert where == category.code
                assert replace(made, source=()) == replace(rule, source=())
                assert set(made.source) == set(rule.source)
        for category in table.categories:
            with app.test_request_context(method="POST", data=typed.of_category(category)):
                form = CategoryForm()
                assert form.validate(), form.errors
                assert form.chosen(category.code, category) == category


def test_every_preset_is_adopted_filled_in_and_comes_into_force_over_http(app, login):
    office, principal = login("office"), login("principal")
    for table in PRESETS:
        base = at(office.post("/score-tables/new", data={"preset": table.code, "subject": str(table.subject)}))
        asked = {"month": "2026-12", "reason": "试行"}
        if table.unset:
            refused = office.post(f"{base}/submit", data=asked)
            assert refused.status_code == 422
            assert f"还有 {len(table.unset)} 处没有填定" in refused.text
            for rule in table.unset:
                with app.test_request_context():
                    data = typed.of_rule(table, rule.code, points="1.5")
                assert office.post(f"{base}/rules/{rule.code}", data=data).status_code == 303
        assert office.post(f"{base}/submit", data=asked).status_code == 303
        page = principal.get(base).text
        seen = re.search(r'name="seen" type="hidden" value="([0-9a-f]{64})"', page)[1]
        assert office.post(f"{base}/approve", data={"seen": seen}).status_code == 403
        assert principal.post(f"{base}/approve", data={"seen": seen}).status_code == 303
        with app.app_context():
            held = queries.in_force(str(table.subject), MONTH)
            assert held.score_table.preset == table.code
            assert held.table.unset == ()
            if not table.unset:
                assert to_data(held.table) == to_data(table)
            assert queries.in_force(str(table.subject), date(2026, 11, 1)) is None
        for ending in () if table is not PRESETS[3] else ("paper", "paper.docx", "table.xlsx", "compare"):
            place = base.rpartition("/")[0] if ending == "compare" else base
            assert login("clerk").get(f"{place}/{ending}").status_code == 200
        assert office.post(f"{base}/rules/{next(iter(table.places))}", data={}).status_code == 409


def test_a_version_holds_from_its_month_and_never_for_one_that_was_computed(office, computed):
    first = approved(month=date(2026, 11, 1))
    for month in (date(2026, 10, 1), date(2026, 9, 1)):
        key = adopted("hexian-windows", f"又一张 {month}")
        with pytest.raises(Invalid, match="month"), transaction.act():
            service.submit(who("office"), key, month, "试行", NOW)
    later = approved("yihuang-windows-1", date(2027, 1, 1))
    assert [queries.in_force("department", m).id for m in (date(2026, 11, 30), date(2026, 12, 1))] == [first, first]
    assert queries.in_force("department", date(2027, 1, 1)).id == later
    assert queries.in_force("department", date(2026, 10, 1)) is None
    assert queries.in_force("person", MONTH) is None
    assert [(a, b, v.id) for a, b, v in queries.schedule("department")] == [
        (date(2027, 1, 1), None, later),
        (date(2026, 11, 1), date(2026, 12, 1), first),
    ]
    again = approved("yihuang-windows-2", date(2027, 1, 1))
    assert queries.in_force("department", date(2027, 1, 1)).id == again
    assert len(queries.schedule("department")) == 2
    assert all(m > date(2026, 10, 1) for m in queries.months("department", NOW))


def test_only_a_second_person_approves_and_only_what_was_read(office):
    key = adopted("hexian-windows")
    office, head, supervisor = who("office"), who("head"), who("supervisor")
    with transaction.act():
        version = service.submit(office, key, MONTH, "试行", NOW)
    digest = service.digest(version.content)
    for actor in (office, head, who("clerk")):
        with pytest.raises(NotAllowed), transaction.act():
            service.approve(actor, key, digest, NOW)
    with pytest.raises(Conflict), transaction.act():
        service.approve(supervisor, key, "0" * 64, NOW)
    with pytest.raises(Conflict), transaction.act():
        drafting.arrange(office, key, "rule_up", "1.1", editing.stamp(version.table), NOW)
    with pytest.raises(Invalid), transaction.act():
        service.give_back(supervisor, key, "", NOW)
    with transaction.act():
        service.give_back(supervisor, key, "请核对分值", NOW)
    assert db.session.get(Version, key).state is VersionState.DRAFT
    with pytest.raises(Conflict), transaction.act():
        service.approve(supervisor, key, digest, NOW)
    with transaction.act():
        service.discard(office, key, "不再使用", NOW)
    with pytest.raises(Conflict), transaction.act():
        service.submit(office, key, MONTH, "试行", NOW)


def test_a_new_version_leaves_the_old_one_as_it_was(office):
    old = approved()
    owner = db.session.get(Version, old).table_id
    before = db.session.get(Version, old).content
    with transaction.act():
        new = service.begin(who("office"), owner, NOW).id
    with pytest.raises(Conflict), transaction.act():
        service.begin(who("office"), owner, NOW)
    table = db.session.get(Version, new).table
    category, rule = next(iter(table.places.values()))
    wanted = replace(rule, cap=Decimal("3.5"))
    with transaction.act():
        drafting.save_rule(
            who("office"), new, rule.code, category.code, wanted, editing.stamp(rule), NOW
        )  # fmt: skip
    assert db.session.get(Version, old).content == before
    parts = comparing.compare(db.session.get(Version, old).table, db.session.get(Version, new).table)
    assert [(p.title, [each.mark for each in p.pairs]) for p in parts] == [(category.name, ["changed"])]
    assert "每月最多 3.5 分" in parts[0].pairs[0].new[1]


def test_two_who_write_at_once_never_undo_each_other(office):
    key = adopted()
    table = db.session.get(Version, key).table
    (where, first), (other, second) = list(table.places.values())[:2]
    actor, seen = who("office"), editing.stamp(first)
    with transaction.act():
        drafting.save_rule(actor, key, first.code, where.code, replace(first, text="甲"), seen, NOW)
    with pytest.raises(Conflict), transaction.act():
        drafting.save_rule(actor, key, first.code, where.code, replace(first, text="乙"), seen, NOW)
    with transaction.act():  # another part of the same draft is free
        drafting.save_rule(actor, key, second.code, other.code, replace(second, text="丙"), editing.stamp(second), NOW)
    with pytest.raises(Conflict), transaction.act():
        drafting.arrange(actor, key, "rule_drop", first.code, editing.stamp(table), NOW)
    now = db.session.get(Version, key).table
    assert (now.rule(first.code).text, now.rule(second.code).text) == ("甲", "丙")


def test_the_database_keeps_what_was_sent_and_approved(office):
    sent = adopted("hexian-windows", "送审的")
    with transaction.act():
        service.submit(who("office"), sent, MONTH, "试行", NOW)
    held = approved("yihuang-windows-1")
    draft = adopted("yihuang-windows-2")
    tries = [
        (sent, {"content": "{}"}),
        (held, {"content": "{}"}),
        (held, {"month": date(2026, 11, 1)}),
        (held, {"state": VersionState.DRAFT, "decided_at": None}),
        (draft, {"state": VersionState.APPROVED, "decided_at": NOW, "submitted_at": NOW, "month": MONTH}),
        (sent, {"state": VersionState.APPROVED, "decided_at": NOW, "decided_by_id": Version.submitted_by_id}),
    ]
    for key, values in tries:
        with pytest.raises(DBAPIError), transaction.act():
            db.session.execute(update(Version).where(Version.id == key).values(**values))


def test_who_reads_who_writes(app, login):
    with app.app_context():
        base = f"/score-tables/{db.session.get(Version, adopted()).score_table.number}/1"
    for name, status in (("clerk", 403), ("leader", 403), ("principal", 403), ("supervisor", 403), ("office", 200)):
        client = login(name)
        assert client.get("/score-tables").status_code == 200
        assert client.get(base).status_code == 200
        assert client.get(f"{base}/edit").status_code == status
        assert client.get(f"{base}/rules/new").status_code == status
    for name in ("clerk", "leader"):
        assert login(name).get(f"{base}/simulate").status_code == 403
    for name in ("auditor", "security", "sysadmin"):
        assert login(name).get("/score-tables").status_code == 403
    office = login("office")
    for path in (
        "/score-tables/PF-2026-9999",
        f"{base}9",
        f"{base}{'9' * 30}",
        f"{base}/rules/none",
        f"{base}/categories/none",
    ):
        assert office.get(path).status_code == 404
    assert office.get("/score-tables/%00").status_code in (400, 404)
    assert office.get(f"{base}/rules/%00").status_code in (400, 404)
    assert office.get(f"{base}/simulate?month=99999999-1").status_code == 200
    assert office.post(f"{base}/arrange", data={"act": "rule_eat:1.1"}).status_code == 404


def test_the_editor_keeps_what_was_typed_and_names_the_field(app, login):
    with app.app_context():
        version = db.session.get(Version, adopted("hexian-windows"))
    base, table = f"/score-tables/{version.score_table.number}/1", version.table
    band = next(r for _c, r in table.places.values() if r.bands)
    office = login("office")
    with app.test_request_context():
        data = typed.of_rule(table, band.code, bands__1__start="三十", bands__0__points="2.555", cap="－1")
    page = office.post(f"{base}/rules/{band.code}", data=data)
    assert page.status_code == 422
    assert page.text.count("请填写数字，如 2 或 0.5。") == 2  # at the field and in the summary
    assert "最多 2 位小数。" in page.text
    assert all(f'value="{typed_}"' in page.text for typed_ in ("三十", "2.555", "－1"))
    # Taking a row away and adding rows keep the rest, good or not; another way of counting too.
    page = office.post(f"{base}/rules/{band.code}", data=MultiDict([*data.items(multi=True), ("drop", "0")]))
    assert page.status_code == 200
    assert 'value="三十"' in page.text
    assert 'value="2.555"' not in page.text
    with app.test_request_context():
        data = typed.of_rule(table, band.code, kind="range", text="改了一半")
    page = office.post(
        f"{base}/rules/{band.code}", data={**data, "refresh": "1"}, headers={"HX-Request-Type": "partial"}
    )
    assert 'id="low"' in page.text
    assert "改了一半" in page.text
    assert "<html" not in page.text
    with app.app_context():
        assert db.session.get(Version, version.id).table == table
    # Somebody else was quicker: the page says what stands now, keeps what was typed, and saves when asked again.
    with app.test_request_context():
        mine = typed.of_rule(table, band.code, text="我的文字")
        theirs = typed.of_rule(table, band.code, text="别人的文字")
    assert office.post(f"{base}/rules/{band.code}", data=theirs).status_code == 303
    page = office.post(f"{base}/rules/{band.code}", data=mine)
    assert page.status_code == 409
    assert "别人的文字" in page.text
    assert 'value="我的文字"' in page.text
    mine["seen"] = re.search(r'name="seen" type="hidden" value="([0-9a-f]+)"', page.text)[1]
    assert office.post(f"{base}/rules/{band.code}", data=mine).status_code == 303
    with app.app_context():
        assert db.session.get(Version, version.id).table.rule(band.code).text == "我的文字"


def test_a_table_of_ones_own_is_written_row_by_row(app, login):
    client = login("office")
    assert client.post("/score-tables/new", data={"preset": "own", "subject": "person"}).status_code == 422
    base = at(client.post("/score-tables/new", data={"preset": "own", "subject": "person", "name": "个人考核"}))
    assert "表里还没有考核内容" in client.post(f"{base}/submit", data={"month": "2026-12", "reason": "试行"}).text

    def table():
        with app.app_context():
            return queries.version(base.split("/")[2], 1).table

    with app.test_request_context():
        data = typed.of_category(None, name="奖扣", cap="10", groups__0__name="荣誉", groups__0__strongest="y")
    assert client.post(f"{base}/categories/new", data=data).status_code == 303
    assert client.post(f"{base}/categories/new", data={**data, "base": "0"}).status_code == 422
    made = table().categories[1]
    assert (made.code, made.base, made.cap, made.groups[0].strongest) == ("c2", None, Decimal(10), True)
    rules = (
        {"place": "c1", "kind": "per_day", "effect": "minus", "points": "0.5", "per": "1", "clues": "overdue"},
        {"place": "c1", "kind": "range", "effect": "minus", "low": "1", "high": "3", "hand": "y"},
        {"place": "c1", "kind": "range", "effect": "both", "low": "2", "high": "1", "hand": "y"},
        {"place": "c2/g1", "kind": "occurrence", "effect": "plus", "points": "５", "per": "1", "facts": "praise"},
        {"place": "c1", "kind": "disqualify", "disqualifies": "year", "times": "3", "hand": "y"},
        {"place": "c1", "kind": "per_point", "effect": "minus", "points": "1", "per": "1", "mark": "100",
         "side": "below", "whole": "y", "facts": "satisfaction", "cap": "4"},
    )  # fmt: skip
    for n, each in enumerate(rules, 1):
        answer = client.post(f"{base}/rules/new", data={"text": f"第 {n} 条", **each})
        assert answer.status_code == 303, answer.text
    found = table()
    assert [r.code for r in found.categories[0].rules] == ["r1", "r2", "r3", "r5", "r6"]
    assert (found.rule("r1").points, found.rule("r2").low, found.rule("r2").high) == (Decimal("-0.5"), -3, -1)
    assert (found.rule("r3").low, found.rule("r3").high) == (-2, 1)
    assert (found.rule("r4").points, found.rule("r4").group) == (5, "g1")
    for bad in (
        {"place": "c9"}, {"text": ""}, {"kind": "none"}, {"disqualifies": " "}, {"points": "0"}, {"facts": "nothing"},
        {"points": "1e5"}, {"points": "x" * 50}, {"per": "0"}, {"effect": "both"}, {"text": "长" * 501}, {"cap": "0"},
    ):  # fmt: skip
        data = {"text": "一条", "place": "c1", "kind": "occurrence", "effect": "minus", "per": "1", "hand": "y"}
        assert client.post(f"{base}/rules/new", data={**data, **bad}).status_code == 422, bad

    def arrange(act):
        return client.post(f"{base}/arrange", data={"act": act, "seen": editing.stamp(table())})

    arrange("rule_up:r2"), arrange("category_up:c2"), arrange("rule_drop:r5"), arrange("category_drop:c1")
    assert [(c.code, [r.code for r in c.rules]) for c in table().categories] == [
        ("c2", ["r4"]),
        ("c1", ["r2", "r1", "r3", "r6"]),
    ]
    for page in ("", "/edit", "/heading", "/categories/c1", "/rules/r3", "/rules/new?category=c1"):
        assert client.get(f"{base}{page}").status_code == 200
    seen = editing.stamp(drafting.heading(table()))
    assert client.post(f"{base}/heading", data={"seen": seen, "total_cap": "110", "source": "办法"}).status_code == 303
    assert table().total_cap == 110
    assert client.post(f"{base}/submit", data={"month": "2026-12", "reason": "试行"}).status_code == 303
    assert table().subject is Subject.PERSON


def test_to_approve_and_given_back_are_told(app, login):
    with app.app_context():
        key = adopted("hexian-windows")
        with transaction.act():
            service.submit(who("office"), key, MONTH, "试行", NOW)
        assert queries.waiting_for(who("principal").id) == [key]
        assert queries.waiting_for(who("office").id) == []
    name = find("hexian-windows").name
    assert name in login("principal").get("/score-tables").text
    assert f"评分表“{name}”第 1 版" in login("principal").get("/").text
    with app.app_context(), transaction.act():
        service.give_back(who("principal"), key, "请改", NOW)
    assert f"评分表“{name}”第 1 版" in login("office").get("/").text


def test_a_draft_is_tried_on_a_month_and_nothing_is_written(office, monkeypatch):
    held = approved("hexian-windows", date(2026, 10, 1))
    old = db.session.get(Version, held)
    category, rule = next((c, r) for c, r in old.table.places.values() if r.kind is Kind.OCCURRENCE)
    with transaction.act():
        new = service.begin(who("office"), old.table_id, NOW).id
    with transaction.act():
        wanted = replace(rule, points=rule.points * 3)
        drafting.save_rule(who("office"), new, rule.code, category.code, wanted, editing.stamp(rule), NOW)
    one, other = office.departments["YW"], office.departments["XH"]
    lines = {one: [Line("a", rule.code, Decimal(2))], other: [Line("b", rule.code, Decimal(1))]}
    made = [lambda table, _month: {key: score(table, each) for key, each in lines.items()}]
    monkeypatch.setattr(seams, "_simulations", made)
    found = simulating.simulate(db.session.get(Version, new), date(2026, 10, 1))
    first, second = found.outcomes
    assert found.held.id == held
    assert [(each.new_place, each.old_place) for each in found.outcomes] == [(1, 1), (2, 2)]
    # one line of the rule took its points once, of the other twice; by the draft three times as much
    assert first.difference == rule.points * 2
    assert second.difference == rule.points * 4
    assert [(each.text, each.old, each.new) for each in second.changes] == [
        (rule.text, rule.points * 2, rule.points * 6)
    ]
