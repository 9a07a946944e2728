"""Settled → reviewed → signed → published → frozen; corrections beside it (E-4, E-6, AB-4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.ab_post import service as ab
from portal.ab_post.models import AbsenceKind
from portal.kernel import journal, transaction
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.monthly_result import page, queries, rolls, service
from portal.monthly_result.models import MonthlyResult, ResultRow, ResultState, RollKind, Standing
from portal.monthly_result.naming import Period
from portal.pure.eligibility import Hindrance
from portal.pure.scoring import Bar, Kind, Rule, Subject
from portal.score_evidence import eligibility
from portal.score_evidence import queries as evidence
from portal.score_evidence.years import of_year
from tests.monthly_result import conftest
from tests.monthly_result.conftest import BAD, GOOD, MONTH, OUT, in_force, settled, who
from tests.office import NOW

LATER = NOW + timedelta(days=15)


def act(verb, username, *given, **named):
    with transaction.act():
        return verb(who(username, LATER), *given, LATER, **named)


def reload(result: MonthlyResult) -> MonthlyResult:
    db.session.expire_all()
    return db.session.get(MonthlyResult, result.id)


def through(subject: Subject = Subject.DEPARTMENT, month: date = MONTH) -> MonthlyResult:
    made = act(service.submit, "office", subject, month)
    act(service.review, "supervisor", made, "同意")
    act(service.sign, "principal", made)
    act(service.publish, "office", made)
    return reload(made)


def test_a_month_from_settled_to_frozen(october, ids):
    made = act(service.submit, "office", Subject.DEPARTMENT, MONTH)
    by = ids.departments
    found = {row.subject_id: (str(row.total), row.place, row.flag) for row in made.rows}
    assert found == {
        by["YW"]: ("100.5", 1, True), by["BG"]: ("100", 2, True), by["XH"]: ("98", 3, True), by["LD"]: ("98", 3, True),
    }  # fmt: skip
    # 每一步由规定的人、按规定的顺序
    for verb, username, given in (
        (service.sign, "principal", ()), (service.publish, "office", ()),
    ):  # fmt: skip
        with pytest.raises(Conflict):
            act(verb, username, made, *given)
    with pytest.raises(NotAllowed):
        act(service.review, "office", made, "同意")
    with pytest.raises(Invalid):
        act(service.review, "supervisor", made, "")
    act(service.review, "supervisor", made, "同意公布")
    with pytest.raises(NotAllowed):
        act(service.sign, "leader", made)
    act(service.sign, "principal", made)
    digest = act(service.publish, "office", made)
    after = reload(made)
    assert (after.state, after.digest, queries.digest_of(after)) == (ResultState.PUBLISHED, digest, digest)
    assert evidence.month_of(Subject.DEPARTMENT, MONTH).frozen_at is not None
    events = [e.event.rpartition(".")[2] for e in journal.of_object("monthly_result", made.id)]
    assert sorted(events) == sorted(["submitted", "reviewed", "signed", "published"])
    shown = queries.published(Subject.DEPARTMENT, MONTH)
    assert [row.name for row in shown.rows if row.flag] == [row.name for row in queries.flags(MONTH)]
    assert {row.subject_id for row in queries.weakest(MONTH, 1)} == {by["XH"], by["LD"]}
    assert queries.year_scores(Subject.DEPARTMENT, 2026)[by["YW"]] == [(MONTH, Decimal("100.5"))]
    assert queries.newest_flags()[0] == MONTH


def test_nothing_of_a_published_month_changes_even_by_sql(october):
    made = through()
    for statement in (
        "UPDATE monthly_result SET opinion = 'x' WHERE id = :id",
        "UPDATE monthly_result SET state = 'returned', published_at = NULL, published_by_id = NULL, digest = ''"
        " WHERE id = :id",
        "DELETE FROM monthly_result WHERE id = :id",
        "UPDATE monthly_result_row SET total = '110' WHERE result_id = :id",
        "UPDATE monthly_result_row SET flag = false WHERE result_id = :id",
        "DELETE FROM monthly_result_row WHERE result_id = :id",
        "INSERT INTO monthly_result_correction (result_id, subject_id, points, standing, reason, made_at, made_by_id)"
        " VALUES (:id, 1, '1', 'same', 'x', CURRENT_TIMESTAMP, 1)",
    ):
        with pytest.raises(DBAPIError):
            db.session.execute(text(statement), {"id": made.id})
        db.session.rollback()
    for verb, username, given in (
        (service.review, "supervisor", ("同意",)), (service.send_back, "supervisor", ("重做",)),
        (service.sign, "principal", ()), (service.publish, "office", ()),
    ):  # fmt: skip
        with pytest.raises(Conflict):
            act(verb, username, made, *given)
    with pytest.raises(Conflict):
        act(service.submit, "office", Subject.DEPARTMENT, MONTH)


def test_the_database_keeps_the_order_and_the_hands(october, ids):
    made = act(service.submit, "office", Subject.DEPARTMENT, MONTH)
    for values in (
        {"state": "'signed'", "signed_at": "CURRENT_TIMESTAMP", "signed_by_id": ids.users["principal"],
         "reviewed_at": "CURRENT_TIMESTAMP", "reviewed_by_id": ids.users["supervisor"]},
        {"state": "'reviewed'", "reviewed_at": "CURRENT_TIMESTAMP", "reviewed_by_id": ids.users["office"]},
        {"month": "'2026-09-01'"},
    ):  # fmt: skip
        setting = ", ".join(f"{column} = {value}" for column, value in values.items())
        with pytest.raises(DBAPIError):
            db.session.execute(text(f"UPDATE monthly_result SET {setting} WHERE id = {made.id}"))
        db.session.rollback()


def test_sent_back_it_opens_the_evidence_and_comes_again(october, ids):
    made = act(service.submit, "office", Subject.DEPARTMENT, MONTH)
    with pytest.raises(Invalid):
        act(service.send_back, "supervisor", made, "")
    act(service.send_back, "supervisor", made, "学会科的迟到还要核实")
    again = reload(made)
    assert (again.state, again.return_reason) == (ResultState.RETURNED, "学会科的迟到还要核实")
    assert not evidence.is_settled(Subject.DEPARTMENT, MONTH)
    with pytest.raises(Conflict):  # 依据重新确定之前不能提交
        act(service.submit, "office", Subject.DEPARTMENT, MONTH)


def test_the_principal_sends_back_too_and_cover_signs_for_him(october, ids):
    made = act(service.submit, "office", Subject.DEPARTMENT, MONTH)
    act(service.review, "supervisor", made, "同意")
    with transaction.act():
        ab.record_absence(
            SYSTEM,
            ids.users["principal"],
            AbsenceKind.OFFICIAL,
            LATER,
            LATER + timedelta(hours=6),
            LATER,
            emergency=True,
        )
    act(service.sign, "leader2", made)
    after = reload(made)
    assert (after.signed_by_id, after.signed_for_id) == (ids.users["leader2"], ids.users["principal"])
    entry = next(e for e in journal.of_object("monthly_result", made.id) if e.event == "monthly_result.signed")
    assert entry.for_user_id == ids.users["principal"]


def test_who_proposed_lines_does_not_review(office, ids):
    in_force(Subject.DEPARTMENT)
    made = settled(Subject.DEPARTMENT, {ids.departments["YW"]: [BAD]}, by="head")
    assert made is not None
    result = act(service.submit, "office", Subject.DEPARTMENT, MONTH)
    with pytest.raises(DBAPIError):
        db.session.execute(
            text("UPDATE monthly_result SET reviewed_by_id = :head, reviewed_at = CURRENT_TIMESTAMP WHERE id = :id"),
            {"head": ids.users["head"], "id": result.id},
        )
    db.session.rollback()
    assert ids.users["head"] in page.under_way()[0].barred
    assert [w.what for w in page.mine(who("supervisor", LATER))] == ["result"]


def test_a_correction_is_a_later_edition_beside_the_first(october, ids):
    first = through()
    before = [(row.name, row.total, row.place) for row in first.rows]
    with pytest.raises(Invalid):
        act(service.correct, "office", Subject.DEPARTMENT, MONTH, "")
    made = act(service.correct, "office", Subject.DEPARTMENT, MONTH, "复核后更正")
    with pytest.raises(Conflict):  # 没有内容的更正
        act(service.submit, "office", Subject.DEPARTMENT, MONTH)
    society = ids.departments["XH"]
    for given, field in (
        ((999, Decimal(1), Standing.SAME, "错记"), "subject_id"),
        ((society, Decimal(0), Standing.SAME, "错记"), "points"),
        ((society, Decimal(1), Standing.INCLUDED, "错记"), "standing"),
        ((society, Decimal(1), Standing.SAME, ""), "reason"),
    ):
        with pytest.raises(Invalid) as refused:
            act(service.set_correction, "office", made, *given)
        assert refused.value.field == field
    act(service.set_correction, "office", made, society, Decimal(1), Standing.SAME, "错记")
    act(service.drop_correction, "office", made, society)
    act(service.set_correction, "office", made, society, Decimal("2.5"), Standing.SAME, "迟到一次查无实据，另漏记表扬")
    second = through()
    assert (second.edition, second.replaces_id, second.correction) == (2, first.id, "复核后更正")
    place = {row.subject_id: (row.total, row.corrected, row.place) for row in second.rows}
    assert place[society] == (Decimal("100.5"), Decimal("2.5"), 1)
    assert place[ids.departments["BG"]] == (Decimal(100), Decimal(0), 3)
    assert [(row.name, row.total, row.place) for row in reload(first).rows] == before
    assert [e.edition for e in queries.editions(Subject.DEPARTMENT, MONTH)] == [2, 1]
    assert queries.year_scores(Subject.DEPARTMENT, 2026)[society] == [(MONTH, Decimal("100.5"))]
    assert queries.published(Subject.DEPARTMENT, MONTH).edition == 2


def test_persons_are_ranked_listed_for_a_quarter_and_the_disqualified_are_out(office, ids):
    in_force(Subject.PERSON)
    people = ids.users
    months = [date(2026, m, 1) for m in (10, 11, 12)]
    settled(Subject.PERSON, {people["clerk"]: [GOOD], people["head"]: [OUT], people["other"]: [BAD]})
    made = through(Subject.PERSON)
    by_id = {row.subject_id: row for row in made.rows}
    assert by_id[people["clerk"]].place == 1
    assert by_id[people["head"]].place is None
    assert "弄虚作假" in by_id[people["head"]].excluded
    assert not any(row.flag for row in made.rows)
    with pytest.raises(Conflict):  # 季度的月份没有公布完
        act(rolls.propose, "office", RollKind.QUARTER_PERSONS, Period(2026, 4))
    assert [page.month_text(m) for m in rolls.candidates.missing(RollKind.QUARTER_PERSONS, Period(2026, 4))] == [
        page.month_text(m) for m in months[1:]
    ]


def test_a_correction_lifts_the_disqualification_everywhere_and_another_brings_it_back(office, ids):
    in_force(Subject.PERSON)
    head = ids.users["head"]
    settled(Subject.PERSON, {head: [OUT]})
    through(Subject.PERSON)

    def barred() -> list[str]:
        found = eligibility.reasons_of([head], month=MONTH)[head]
        return [each for r in found if r.hindrance is Hindrance.DISQUALIFIED for each in r.sources]

    assert barred() == ["弄虚作假"]
    for standing, left in ((Standing.INCLUDED, []), (Standing.EXCLUDED, ["弄虚作假"])):
        made = act(service.correct, "office", Subject.PERSON, MONTH, "复核后更正")
        act(service.set_correction, "office", made, head, Decimal(0), standing, "复核的结论")
        assert barred() == (["弄虚作假"] if left == [] else [])  # 还没有公布
        through(Subject.PERSON)
        assert barred() == left


def test_what_was_lifted_in_a_month_bars_nobody_for_the_year(office, ids, monkeypatch):
    year_rule = Rule("2.3", "受到处分", Kind.DISQUALIFY, disqualifies=Bar.YEAR, yearly=True)
    plain = conftest.table(Subject.PERSON)
    held = replace(plain, categories=(replace(plain.categories[0], rules=(*plain.categories[0].rules, year_rule)),))
    monkeypatch.setattr(conftest, "table", lambda _subject: held)
    in_force(Subject.PERSON)
    head = ids.users["head"]
    settled(Subject.PERSON, {head: ["2.3"]})
    through(Subject.PERSON)
    totals = {head: [Decimal(100)]}
    assert [bar.rule for bar in of_year(Subject.PERSON, 2026, totals)[head].disqualified_by] == ["2.3"]
    made = act(service.correct, "office", Subject.PERSON, MONTH, "复核后更正")
    act(service.set_correction, "office", made, head, Decimal(0), Standing.INCLUDED, "处分已撤销")
    through(Subject.PERSON)
    assert of_year(Subject.PERSON, 2026, totals)[head].disqualified_by == ()
    assert eligibility.reasons_of([head], year=2026)[head] == [
        r for r in eligibility.reasons_of([head], year=2026)[head] if r.hindrance is not Hindrance.DISQUALIFIED
    ]


def _published(subject: Subject, month: date, totals: dict[int, str]) -> None:
    """A published month written straight into the tables: what the lists are made from."""
    now = LATER
    with transaction.act():
        made = service._new(who("office", now), subject, month, 1, now)
        rows_ = [service.rows.Given(key, f"#{key}", "", Decimal(t)) for key, t in totals.items()]
        service._write(made, service.rows.placed(rows_, 0))
        facts = service._facts(made)
        journal.record(service.words.SUBMITTED, made, who("office", now), now, table="", rows=len(rows_), **facts)
        for state, more in (
            (ResultState.SUBMITTED, {"submitted_at": now}),
            (ResultState.REVIEWED, {"reviewed_at": now, "reviewed_by_id": who("supervisor").id}),
            (ResultState.SIGNED, {"signed_at": now, "signed_by_id": who("principal").id}),
            (ResultState.PUBLISHED, {"published_at": now, "published_by_id": who("office").id, "digest": "x"}),
        ):
            made.state = state
            for name, value in more.items():
                setattr(made, name, value)
            db.session.flush()


def test_a_quarter_is_proposed_adjusted_signed_and_published(office, ids):
    people = ids.users
    for month in (7, 8, 9):
        _published(
            Subject.PERSON, date(2026, month, 1),
            {people["clerk"]: "99", people["clerk2"]: "98", people["other"]: "97", people["leader2"]: "96"},
        )  # fmt: skip
    with transaction.act():
        service.policy.value("monthly_result.quarter_persons")
    period = Period(2026, 3)
    made = act(rolls.propose, "office", RollKind.QUARTER_PERSONS, period)
    # 任岗从九月一日起，到季末不满三个月：平台说明原因，谁也不能列入
    assert all("不满 3 个月" in e.barred and not e.named for e in made.entries)
    with pytest.raises(Invalid):
        act(rolls.change, "office", made, people["clerk"], True, "表现突出")
    with pytest.raises(Conflict):
        act(rolls.sign, "principal", made, rolls.seen(made))


def test_a_list_of_windows_is_signed_as_shown_and_published(october, ids):
    by = ids.departments
    for month in (1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12):
        _published(
            Subject.DEPARTMENT, date(2026, month, 1),
            {by["YW"]: "99", by["BG"]: "98", by["XH"]: "97", by["LD"]: "96"},
        )  # fmt: skip
    through()
    made = act(rolls.propose, "office", RollKind.WINDOWS, Period(2026, 0))
    assert [(e.name, str(e.average), e.named) for e in made.entries] == [
        (e.name, average, True) for e, average in zip(made.entries, ("99.13", "98.17", "97.08", "96.17"), strict=True)
    ]
    shown = rolls.seen(made)
    with pytest.raises(Invalid):
        act(rolls.change, "office", made, by["LD"], False, "")
    act(rolls.change, "office", made, by["LD"], False, "领导班子不参加")
    with pytest.raises(Conflict):  # 打开页面之后有调整
        act(rolls.sign, "principal", made, shown)
    with pytest.raises(NotAllowed):
        act(rolls.sign, "office", made, rolls.seen(made))
    act(rolls.send_back, "principal", made, "再核实")
    act(rolls.resubmit, "office", made)
    act(rolls.sign, "principal", made, rolls.seen(made))
    digest = act(rolls.publish, "office", made)
    assert digest == rolls.seen(made)
    with pytest.raises(Conflict):
        act(rolls.change, "office", made, by["LD"], True, "")
    for statement in (
        "UPDATE result_roll SET most = 9 WHERE id = :id",
        "UPDATE result_roll_entry SET named = true, reason = '' WHERE roll_id = :id",
        "DELETE FROM result_roll_entry WHERE roll_id = :id",
    ):
        with pytest.raises(DBAPIError):
            db.session.execute(text(statement), {"id": made.id})
        db.session.rollback()
    with pytest.raises(Invalid):
        act(rolls.propose, "office", RollKind.WINDOWS, Period(2026, 0))
    again = act(rolls.propose, "office", RollKind.WINDOWS, Period(2026, 0), reason="复核")
    assert (again.edition, again.replaces_id) == (2, made.id)


def test_nobody_signs_what_is_about_nobody_else(office, ids):
    _one = ids.users["principal"]
    with transaction.act():
        made = service._new(who("office"), Subject.PERSON, MONTH, 1, NOW)
        made.rows.append(
            ResultRow(
                subject_id=_one, name="何平", department="", sort=1, total=Decimal(99), corrected=Decimal(0), place=1,
                excluded="", flag=False, detail="{}",
            )
        )  # fmt: skip
        facts = service._facts(made)
        journal.record(service.words.SUBMITTED, made, who("office"), NOW, table="", rows=1, **facts)
        made.state = ResultState.SUBMITTED
        db.session.flush()
        made.state, made.reviewed_at, made.reviewed_by_id = ResultState.REVIEWED, NOW, ids.users["supervisor"]
    with pytest.raises(NotAllowed):
        act(service.sign, "principal", made)
    with pytest.raises(DBAPIError):
        db.session.execute(
            text(
                "UPDATE monthly_result SET state = 'signed', signed_at = CURRENT_TIMESTAMP, signed_by_id = :p"
                " WHERE id = :id"
            ),
            {"p": _one, "id": made.id},
        )
    db.session.rollback()
