"""Months of evidence by their verbs: the same facts give the same result, corrections leave the score (E-3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal as D

import pytest

from portal.clue import service as clues
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.kernel.journal import JournalEntry
from portal.policy import service as policy
from portal.reminder.models import Message
from portal.score_evidence import changing, collecting, lines, objections, queries, service, sweeping
from portal.score_evidence.lines import Proposal
from portal.score_evidence.models import LineState, MonthState, ScoreChange, ScoreLine, ScoreMonth
from tests.office import NOW, SHANGHAI
from tests.score_evidence import month as m
from tests.score_evidence.month import AFTER, MONTH, actor, clue, compute, line, of


def entries(tag):
    return db.session.scalars(db.select(JournalEntry).where(JournalEntry.event == tag)).all()


def test_a_month_from_facts_to_the_settled_result(office, act):
    with act():
        m.in_force()
        assert service.open_months(NOW) == 0
        assert [(x.month, x.state) for x in db.session.scalars(db.select(ScoreMonth))] == [(MONTH, MonthState.OPEN)]
        consent = clue("tacit_consent:A", "tacit_consent", 5, post=office.posts["YW-1"])
        clue("overdue:A", "overdue", 6, post=office.posts["YW-1"])
        clue("late_answer:A", "late_answer", 7, post=office.posts["XH-1"])
        clue("overdue:october", "overdue", 0, post=office.posts["YW-1"], at=datetime(2026, 10, 31, 12, tzinfo=SHANGHAI))
        clue("unfiled:A", "unfiled_denial", 8, post=office.posts["XH-1"])
    with pytest.raises(Conflict), act():
        compute(NOW)
    with pytest.raises(NotAllowed), act():
        service.compute(actor("supervisor"), of(), AFTER)
    with act():
        compute()
    # 业务科: 60 - 2.5 - 1 + 40; 学会科: 100 (the discretionary rule waits for its points) and barred for the month
    totals = queries.totals("department", MONTH)
    yw, xh = office.departments["YW"], office.departments["XH"]
    assert (totals[yw], totals[xh]) == (D("96.5"), D(100))
    results = queries.results("department", MONTH)
    assert {who: result.total for who, result in results.items()} == totals
    assert [bar.rule for bar in results[xh].disqualified_by] == ["unfiled"]
    assert line("clue:late_answer:A").state is LineState.PROPOSED
    first = collecting.digest(results)

    later = AFTER + m.days(1)
    with act():
        assert compute(later) == 0
    assert collecting.digest(queries.results("department", MONTH)) == first
    assert len(entries("score_evidence.rechecked")) == 1
    assert of().revision == 1
    assert not db.session.scalars(db.select(ScoreChange)).all()

    with act():
        clues.withdraw(consent.key, None, later, later)
        assert compute(later) == 1
    assert queries.totals("department", MONTH)[yw] == D(99)
    change = db.session.scalars(db.select(ScoreChange)).one()
    assert (change.old, change.new, change.why, change.line_id) == (
        D("-2.5"), None, "fact_gone", line("clue:tacit_consent:A").id,
    )  # fmt: skip
    assert of().objections_until.isoformat() == "2026-12-04"  # nothing got worse: no further days

    # discretionary points for a fact of the portal: by a person, with the reason, within the range
    with pytest.raises(Invalid), act():
        lines.approve(actor("supervisor"), of(), line("clue:late_answer:A"), "", later, D(-2))
    with pytest.raises(Invalid), act():
        lines.approve(actor("supervisor"), of(), line("clue:late_answer:A"), "情节较轻", later, D(-6))
    with act():
        lines.approve(actor("supervisor"), of(), line("clue:late_answer:A"), "情节较轻", later, D("-1.5"))
    assert queries.totals("department", MONTH)[xh] == D("98.5")
    assert of().objections_until.isoformat() == "2026-12-07"

    with act():
        assert sweeping.settle_due(datetime(2026, 12, 7, 12, tzinfo=SHANGHAI)) == 0
    with act():
        end = datetime(2026, 12, 8, 0, 5, tzinfo=SHANGHAI)
        assert (sweeping.settle_due(end), sweeping.settle_due(end)) == (1, 0)
        assert queries.is_settled("department", MONTH)

    with act():
        clues.withdraw("overdue:A", None, end, end)
    # a fact corrected before the month is published leaves the score
    with pytest.raises(Conflict), act():
        service.freeze(actor("principal"), of(), end)
    with act():
        assert compute(end) == 1
        assert of().state is MonthState.SETTLED
        service.freeze(actor("principal"), of(), end)
    assert queries.totals("department", MONTH)[yw] == D(100)
    with pytest.raises(Conflict), act():
        compute(end + m.days(1))
    with pytest.raises(Exception, match="published month"), act():
        db.session.execute(db.update(ScoreLine).values(scored=D(9)))


def proposal(office, **changes):
    given = {
        "subject_id": office.departments["YW"], "rule": "manner", "quantity": D(1), "points": None,
        "happened_on": MONTH.replace(day=10), "note": "窗口争执", "finder": "值班人员", **changes,
    }  # fmt: skip
    return Proposal(**given)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("subject_id", {"subject_id": None}),
        ("subject_id", {"subject_id": 999}),
        ("rule", {"rule": "late"}),
        ("rule", {"rule": "nonsense"}),
        ("quantity", {"quantity": D(0)}),
        ("quantity", {"quantity": None}),
        ("points", {"points": D(-1)}),
        ("points", {"rule": "care", "points": D(-4)}),
        ("points", {"rule": "care", "points": None}),
        ("happened_on", {"happened_on": MONTH.replace(month=10)}),
        ("happened_on", {"happened_on": MONTH.replace(day=30)}),
        ("note", {"note": ""}),
        ("finder", {"finder": ""}),
    ],
)
def test_what_a_manual_line_lacks_is_said_at_its_field(office, act, field, changes):
    with act():
        m.in_force()
    with pytest.raises(Invalid) as refused, act():
        lines.propose(actor("supervisor", NOW), of(), proposal(office, **changes), (), NOW)
    assert refused.value.field == field


def test_a_manual_line_needs_a_second_person_who_is_not_concerned(office, act):
    with act():
        m.in_force()
    with pytest.raises(NotAllowed), act():
        lines.propose(actor("clerk", NOW), of(), proposal(office), (), NOW)
    with act():
        made = lines.propose(actor("supervisor", NOW), of(), proposal(office), (), NOW)
        same = lines.propose(actor("leader2", NOW), of(), proposal(office), (), NOW)
        own = lines.propose(actor("leader", NOW), of(), proposal(office, subject_id=office.departments["BG"]), (), NOW)
    assert lines.alike(made) == [same]
    table = {
        (made.id, "supervisor"): False, (made.id, "head"): False, (made.id, "clerk"): False,
        (made.id, "office"): True, (made.id, "leader"): True, (own.id, "office"): False, (own.id, "supervisor"): False,
        (own.id, "leader2"): True, (own.id, "leader"): False,
    }  # fmt: skip
    for (line_id, who), allowed in table.items():
        with act():
            found = db.session.get(ScoreLine, line_id)
            if allowed:
                continue
            with pytest.raises(NotAllowed):
                lines.approve(actor(who, NOW), of(), found, "", NOW)
    with act():
        lines.approve(actor("office", NOW), of(), db.session.get(ScoreLine, made.id), "", NOW)
        lines.refuse(actor("office", NOW), of(), db.session.get(ScoreLine, same.id), "同一件事", NOW)
        lines.approve(actor("leader2", NOW), of(), db.session.get(ScoreLine, own.id), "", NOW)
    with pytest.raises(Conflict), act():
        lines.refuse(actor("leader2", NOW), of(), db.session.get(ScoreLine, made.id), "再想", NOW)
    with act():
        compute()
    totals = queries.totals("department", MONTH)
    assert totals[office.departments["YW"]] == D(98)
    assert totals[office.departments["BG"]] == D(98)


def objected(office, act):
    """Two clues of one department, computed; its head objects to one."""
    with act():
        m.in_force()
        clue("overdue:A", "overdue", 5, post=office.posts["YW-1"])
        clue("overdue:B", "overdue", 6, post=office.posts["YW-1"])
    with act():
        compute()
        return objections.object_to(actor("head"), of(), line("clue:overdue:A"), "材料当天已补", AFTER).id


def get(objection_id):
    return db.session.get(objections.Objection, objection_id)


def test_an_objection_is_raised_by_the_scored_within_their_days_and_ruled_by_somebody_else(office, act):
    with act():
        m.in_force()
        clue("overdue:A", "overdue", 5, post=office.posts["YW-1"])
    with act():
        compute()
    one = line("clue:overdue:A")
    for who in ("clerk", "other_head", "office", "leader"):
        with pytest.raises(NotAllowed), act():
            objections.object_to(actor(who), of(), line("clue:overdue:A"), "不对", AFTER)
    with pytest.raises(Invalid), act():
        objections.object_to(actor("head"), of(), one, "", AFTER)
    with clock.at(AFTER + m.days(6)), pytest.raises(Conflict), act():
        objections.object_to(actor("head"), of(), line("clue:overdue:A"), "不对", AFTER + m.days(6))
    with act():
        made = objections.object_to(actor("head"), of(), line("clue:overdue:A"), "不对", AFTER)
    assert made.due_on.isoformat() == "2026-12-15"
    assert of().state is MonthState.OBJECTIONS
    with pytest.raises(Conflict), act():
        objections.object_to(actor("head"), of(), line("clue:overdue:A"), "还是不对", AFTER)
    with pytest.raises(Conflict), act():
        service.settle(actor("office"), of(), AFTER + m.days(30))
    for who in ("head", "clerk", "other_head"):
        with pytest.raises(NotAllowed), act():
            objections.rule(actor(who), of(), get(made.id), True, "成立", AFTER)
    with act():
        late = datetime(2026, 12, 16, 9, tzinfo=SHANGHAI)
        assert (objections.note_late(AFTER), objections.note_late(late), objections.note_late(late)) == (0, 1, 0)
    with pytest.raises(Invalid), act():
        objections.rule(actor("supervisor"), of(), get(made.id), False, "", AFTER)
    with act():
        objections.rule(actor("supervisor"), of(), get(made.id), False, "记录清楚", AFTER)
    assert of().state is MonthState.COMPUTED
    assert queries.totals("department", MONTH)[office.departments["YW"]] == D(99)
    with pytest.raises(Conflict), act():
        objections.rule(actor("leader2"), of(), get(made.id), True, "成立", AFTER)
    with pytest.raises(Conflict), act():
        objections.object_to(actor("head"), of(), line("clue:overdue:A"), "再提", AFTER)


@pytest.mark.parametrize(
    ("quantity", "state", "total"), [(None, LineState.STRUCK, D(99)), (D("0.5"), LineState.APPROVED, D(99))]
)
def test_an_upheld_objection_changes_exactly_its_line_and_stays(office, act, quantity, state, total):
    made = objected(office, act)
    before = {x.id: (x.scored, x.state, x.quantity) for x in queries.every_line(of().id)}
    with act():
        objections.rule(actor("supervisor"), of(), get(made), True, "核查属实", AFTER, quantity=quantity)
    after = {x.id: (x.scored, x.state, x.quantity) for x in queries.every_line(of().id)}
    changed = line("clue:overdue:A")
    assert {key for key in after if after[key] != before[key]} == {changed.id}
    assert changed.state is state
    assert queries.totals("department", MONTH)[office.departments["YW"]] == total
    assert [c.why for c in db.session.scalars(db.select(ScoreChange))] == ["upheld"]
    assert told() == [("upheld", "1 次", "" if quantity is None else "0.5 次")]
    with act():
        assert compute(AFTER + m.days(1)) == 0
    assert line("clue:overdue:A").state is state


def told() -> list[tuple[str, str, str]]:
    """Why lines changed and their quantities before and after, the latest first."""
    found = [(change, one) for change, one in db.session.execute(queries.changes(of().id))]
    return [(each.change.why, each.old, each.new) for each in changing.shown(of(), found)]


def test_a_change_tells_the_quantity_before_and_after(office, act):
    """A line that still gives the same points says what has changed of it (E-3)."""
    made = objected(office, act)
    with act():
        objections.rule(actor("supervisor"), of(), get(made), False, "记录清楚", AFTER)
    mine = db.update(ScoreLine).where(ScoreLine.key == "clue:overdue:A")
    with act():
        db.session.execute(mine.values(quantity=D(3)))
        compute(AFTER + m.days(1))
    assert told() == [("fact_changed", "3 次", "1 次")]
    with act():
        db.session.execute(mine.values(quantity=D("2.5")))
        compute(AFTER + m.days(2))
    assert told() == [("fact_changed", "2.5 次", "1 次"), ("fact_changed", "3 次", "1 次")]


def test_one_fact_counts_once_in_the_year(office, act):
    with act():
        m.in_force()
        m.in_force(m.PERSONS)
        found = clue("overdue:A", "overdue", 5, post=office.posts["YW-1"])
    with act():
        compute()
        compute(subject="person")
    both = db.session.scalars(db.select(ScoreLine).where(ScoreLine.key == "clue:overdue:A")).all()
    assert {(x.subject.value, x.subject_id) for x in both} == {
        ("department", office.departments["YW"]), ("person", office.users["clerk"]),
    }  # fmt: skip
    assert "auditor" not in {n for n, i in office.users.items() if i in queries.totals("person", MONTH)}
    # the clue turns out to be of December: it leaves November, and December counts it
    with act():
        found.at = datetime(2026, 12, 2, 9, tzinfo=SHANGHAI)
        from portal.clue import vocabulary
        from portal.kernel import journal
        from portal.kernel.actor import SYSTEM

        journal.record(vocabulary.RESTORED, found, SYSTEM, AFTER, entry=1, at=found.at)
        compute(AFTER + m.days(1))
    assert queries.totals("department", MONTH)[office.departments["YW"]] == D(100)
    with act():
        table = ScoreLine.__table__
        columns = [c for c in table.columns if c.name != "id"]
        values = dict(db.session.execute(db.select(*columns).where(table.c.id == both[0].id)).one()._mapping)
        values["state"] = LineState.APPROVED
        db.session.execute(table.insert().values(values))
        with pytest.raises(Exception, match=r"(?i)unique"):
            db.session.execute(table.insert().values(values))
        db.session.rollback()


def test_a_simulation_scores_the_month_by_another_table_and_writes_nothing(office, act):
    with act():
        m.in_force()
        clue("overdue:A", "overdue", 5, post=office.posts["YW-1"])
    with act():
        compute()
    work, *others = m.TABLE.categories
    rules = tuple(replace(rule, points=D(-7)) if rule.code == "overdue" else rule for rule in work.rules)
    other = replace(m.TABLE, categories=(replace(work, rules=rules), *others))
    with clock.at(AFTER):
        found = collecting.simulate(other, MONTH)
    assert found[office.departments["YW"]].total == D(93)
    assert queries.totals("department", MONTH)[office.departments["YW"]] == D(99)


def test_the_scored_are_told_once_when_their_lines_are_out(office, act):
    names = {v: k for k, v in office.users.items()}

    def told():
        return sorted((names[x.user_id], x.path) for x in db.session.scalars(db.select(Message)))

    with act():
        m.in_force()
        m.in_force(m.PERSONS)
        clue("overdue:A", "overdue", 6, post=office.posts["YW-1"])
        compute()
    yw, xh = office.departments["YW"], office.departments["XH"]
    sheet = "/score-evidence/department/2026-11/{}"
    assert told() == [("head", sheet.format(yw)), ("other_head", sheet.format(xh))]
    assert all("2026-12-04" in x.body for x in db.session.scalars(db.select(Message)))
    with act():
        compute(AFTER + m.days(1))
        compute(subject="person")
    assert len(told()) == 2 + len(queries.totals("person", MONTH))
    own = f"/score-evidence/person/2026-11/{office.users['clerk']}"
    assert ("clerk", own) in told()

    # A line that comes later gives its department, and nobody else, the days anew: that is told too.
    before = len(told())
    with act():
        clue("consent:B", "tacit_consent", 9, post=office.posts["YW-1"])
        compute(AFTER + m.days(2))
        compute(AFTER + m.days(2))
    assert len(told()) == before + 1
    assert [x for x in told() if x[0] == "head"].count(("head", sheet.format(yw))) == 2


def test_the_leaders_own_department_is_ranked_only_where_the_policy_says_so(office, act):
    handling = {office.departments[code] for code in ("YW", "XH", "BG")}
    with act():
        m.in_force()
        compute()
    assert set(queries.totals("department", MONTH)) == handling
    with act():
        policy.set_value(actor("office", NOW), "score_evidence.departments", "all", "全部参加", NOW)
        compute(AFTER + m.days(1))
    assert set(queries.totals("department", MONTH)) == handling  # as it was when the month was computed first
    term = collecting.at(MONTH, AFTER)
    assert set(collecting.departments(term)) == handling | {office.departments["LD"]}
