"""POL-1: values are typed, versioned and journalled; a change never rewrites the past."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from portal.kernel import clock, epochs, timeline, transaction
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.kernel.journal import JournalEntry, Unrecorded
from portal.policy import catalogue, queries, service
from portal.policy.display import stored_words, value_words
from portal.policy.models import PolicyValue
from portal.pure.limits import Limit
from tests.office import later

ENQUIRY = "timed_completion.enquiry"


@pytest.fixture
def boss(as_actor):
    return as_actor("office")


def put(key: str, value: str) -> None:
    """A stored value that no longer fits, as an older release may have left it."""
    row = {"key": key, "value": value, "reason": "旧版本", "set_by_id": None, "set_at": clock.now()}
    with transaction.act():
        db.session.execute(insert(PolicyValue), row)
        epochs.bump(db.session(), "policy")


def test_the_default_holds_until_a_value_is_set(office, boss, act):
    assert queries.value(ENQUIRY) == Limit.parse("3wd")
    with act():
        service.set_value(boss, ENQUIRY, " ５wd ", "咨询量大", clock.now())
    assert queries.value(ENQUIRY) == Limit.parse("5wd")


def test_every_change_is_a_version_and_the_past_stays(office, boss, act):
    with act():
        first = service.set_value(boss, ENQUIRY, "5wd", "咨询量大", clock.now()).id
    with clock.at(later(days=1)), act():
        service.set_value(boss, ENQUIRY, "2wd", "提速", clock.now())
    versions = queries.history(ENQUIRY)
    assert [(row.value, row.reason, row.set_by_id) for row in versions] == [
        ("2wd", "提速", office.users["office"]),
        ("5wd", "咨询量大", office.users["office"]),
    ]
    assert versions[1].id == first
    assert versions[0].set_at - versions[1].set_at == timedelta(days=1)
    facts = [
        entry.fact()
        for entry in db.session.scalars(
            select(JournalEntry).where(JournalEntry.event == "policy.value_set").order_by(JournalEntry.seq)
        )
    ]
    assert [(f["key"], f["old"], f["new"], f["reason"]) for f in facts] == [
        (ENQUIRY, "3wd", "5wd", "咨询量大"),
        (ENQUIRY, "5wd", "2wd", "提速"),
    ]


def test_the_journal_reads_in_words(office, boss, act):
    with act():
        service.set_value(boss, ENQUIRY, "5wd", "咨询量大", clock.now())
        service.set_value(boss, "one_time_notice.written_always", "true", "领导会决定", clock.now())
    rows = db.session.scalars(select(JournalEntry).where(JournalEntry.event == "policy.value_set"))
    assert [line.sentence for line in timeline.lines(sorted(rows, key=lambda row: row.seq))] == [
        "政策值“咨询答复时限”：3 个工作日 → 5 个工作日（咨询量大）",
        "政策值“一律书面告知”：否 → 是（领导会决定）",
    ]


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        (ENQUIRY, "16wd"),
        (ENQUIRY, "3m"),
        (ENQUIRY, "三天"),
        (ENQUIRY, ""),
        ("people.lockout_minutes", "4"),
        ("people.lockout_minutes", "15.5"),
        ("one_time_notice.written_always", "maybe"),
        ("calendar.office_hours", "12:00-09:00"),
        ("denial_filing.where_to_object", "字" * 301),
        ("denial_filing.where_to_object", "甲\x00"),
        ("denial_filing.where_to_object", "字" * 10_000),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(office, boss, act, key, typed):
    with pytest.raises(Invalid) as refused, act():
        service.set_value(boss, key, typed, "试", clock.now())
    assert refused.value.field == "value"
    assert queries.history(key) == []
    assert queries.value(key) == catalogue.definition(key).default


@pytest.mark.parametrize("typed", ["3wd", "３ＷＤ", " 3 wd "])
def test_an_unchanged_value_is_refused(office, boss, act, typed):
    with pytest.raises(Invalid, match="相同"), act():
        service.set_value(boss, ENQUIRY, typed, "试", clock.now())
    assert queries.history(ENQUIRY) == []


def test_a_value_changed_meanwhile_is_refused(office, boss, act):
    with act():
        service.set_value(boss, ENQUIRY, "5wd", "咨询量大", clock.now(), seen="3wd")
    with pytest.raises(Invalid, match="5 个工作日"), act():
        service.set_value(boss, ENQUIRY, "2wd", "提速", clock.now(), seen="3wd")
    assert queries.value(ENQUIRY) == Limit.parse("5wd")


def test_an_unknown_key_has_no_value(office, boss, act):
    with pytest.raises(KeyError), act():
        service.set_value(boss, "timed_completion.nothing", "5wd", "试", clock.now())


def test_no_version_without_a_journal_entry(office):
    with pytest.raises(Unrecorded), transaction.act():
        db.session.add(PolicyValue(key=ENQUIRY, value="5wd", reason="", set_at=clock.now()))


def test_a_stored_value_that_no_longer_parses_gives_way_to_the_default(office, boss, act):
    put(ENQUIRY, "99wd")
    put("removed.long_ago", "1")
    assert queries.value(ENQUIRY) == Limit.parse("3wd")
    assert queries.value("people.lockout_minutes") == 15
    assert queries.unreadable() == [queries.Unreadable(ENQUIRY, "99wd", "out_of_range")]
    with act():  # the default may be set outright to mend it
        service.set_value(boss, ENQUIRY, "3wd", "修复", clock.now())
    assert queries.unreadable() == []
    assert queries.value(ENQUIRY) == Limit.parse("3wd")
    assert [row.value for row in queries.history(ENQUIRY)] == ["3wd", "99wd"]


def test_an_older_value_that_no_longer_parses_does_not_matter(office, boss, act):
    put(ENQUIRY, "99wd")
    with act():
        service.set_value(SYSTEM, ENQUIRY, "5wd", "重新设定", clock.now())
    assert queries.value(ENQUIRY) == Limit.parse("5wd")
    assert queries.unreadable() == []


@pytest.mark.parametrize("definition", catalogue.definitions(), ids=lambda d: d.key)
def test_every_default_reads_in_words(office, definition):
    words = value_words(definition, definition.default)
    assert words
    assert words == stored_words(definition.key, definition.dump(definition.default))
    assert "Unit." not in words


@pytest.mark.parametrize(
    ("key", "stored", "words"),
    [
        ("people.lockout_minutes", "15", "15 分钟"),
        ("calendar.office_hours", "09:00-12:00,13:30-17:30", "09:00–12:00、13:30–17:30"),
        ("one_time_notice.written_always", "false", "否"),
        ("service_commitment.complaint_contact", "", "（空）"),
        (ENQUIRY, "99wd", "99wd"),
        ("removed.long_ago", "7", "7"),
    ],
)
def test_stored_values_in_words(office, key, stored, words):
    assert stored_words(key, stored) == words
