"""J-1, J-3: journal entries read as sentences, with facts in words and persons by name."""

from __future__ import annotations

import json

import pytest
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.kernel import clock, journal, timeline
from portal.kernel.actor import SYSTEM, Actor, Answering
from portal.kernel.db import db
from portal.kernel.i18n import limit_words
from portal.kernel.journal import EventKind, JournalEntry
from portal.pure.limits import Limit

SEEN = EventKind(
    "almanac.seen",
    _l("%(who)s 在 %(at)s 看到%(colour)s：%(note)s"),
    facts=frozenset({"at", "colour", "changes", "sure", "others"}),
    personal=frozenset({"who", "note"}),
    rules=("J-3",),
    clause="post_duty.1",
)
BARE = EventKind("almanac.opened", _l("打开"), frozenset(), frozenset(), (), "")
FACTS = {"at": "2026-11-18T02:00:00+00:00", "colour": "r", "changes": {}, "sure": True, "others": ["r", "x"]}


@pytest.fixture(autouse=True)
def _almanac(monkeypatch):
    for kind in (SEEN, BARE):
        monkeypatch.setitem(journal.EVENTS, kind.tag, kind)
    monkeypatch.setattr(timeline, "_labels", dict(timeline._labels))
    timeline.label("colour", {"r": _l("红色")})


def entry(event: str = "almanac.seen", **facts: object) -> JournalEntry:
    return JournalEntry(seq=1, event=event, facts=json.dumps({**FACTS, **facts}, ensure_ascii=False), actor_id=None)


def test_a_sentence_has_labels_local_times_and_personal_facts(office):
    said = timeline.sentence(entry(), {"who": "周宁", "note": ""})
    assert said == "周宁 在 2026-11-18 10:00 看到红色：无"


def test_personal_facts_are_withheld_or_said_to_be_erased(office):
    assert timeline.sentence(entry(), None) == "（不予显示） 在 2026-11-18 10:00 看到红色：（不予显示）"
    assert timeline.sentence(entry(), {}) == "（已抹去） 在 2026-11-18 10:00 看到红色：（已抹去）"


def test_plain_facts_can_be_held_back_too(office):
    said = timeline.sentence(entry(), {"who": "甲", "note": "乙"}, hide=lambda _event, name, _value: name == "colour")
    assert said == "甲 在 2026-11-18 10:00 看到（不予显示）：乙"


def test_the_nearest_label_wins(office):
    timeline.label("colour", {"r": "赤"}, of="almanac")
    assert timeline.word("almanac.seen", "colour", "r", {}) == "赤"
    timeline.label("colour", lambda value, facts: f"{value}/{facts['sure']}", of="almanac.seen")
    assert timeline.word("almanac.seen", "colour", "r", FACTS) == "r/True"
    assert timeline.word("other.seen", "colour", "r", {}) == "红色"


def test_only_words_of_a_vocabulary_count_as_labelled(office):
    assert timeline.is_labelled("other.seen", "colour", "r")
    assert timeline.is_labelled("other.seen", "colour", ["r", "r"])
    assert not timeline.is_labelled("other.seen", "colour", "red")
    assert not timeline.is_labelled("other.seen", "colour", ["r", "red"])
    assert not timeline.is_labelled("other.seen", "colour", {"r": 1})
    assert not timeline.is_labelled("other.seen", "at", "r")
    timeline.label("at", lambda value, _facts: value, of="other")
    assert timeline.is_labelled("other.seen", "at", "anything")


@pytest.mark.parametrize(
    ("fact", "value", "words"),
    [
        ("sure", True, "是"),
        ("sure", False, "否"),
        ("x", None, "无"),
        ("x", [], "无"),
        ("colour", ["r", "z"], "红色、z"),
        ("changes", {"place": ["", "二楼"], "sort": 3}, "place：无 → 二楼；sort：3"),
        ("x", "2026-99-18T02:00", "2026-99-18T02:00"),
        ("x", 100, "100"),
    ],
)
def test_facts_in_words(office, fact, value, words):
    assert timeline.word("almanac.seen", fact, value, {}) == words


def test_percent_signs_in_facts_are_text(office):
    assert "100% %(who)s" in timeline.sentence(entry(colour="100% %(who)s"), {"who": "甲", "note": "乙"})


def test_an_event_that_no_room_declares_is_named_by_its_tag(office):
    assert timeline.sentence(entry("gone.done"), {}) == "gone.done"


def test_lines_name_the_actor_and_for_whom_and_read_personal_facts(office, act):
    clerk2 = office.users["clerk2"]
    answering = Answering(
        office.posts["YW-1"], "业务受理岗", office.departments["YW"], "staff", "b", office.users["clerk"]
    )
    acting = Actor(id=clerk2, name="李强", posts=(answering,))
    with act():
        facts = {**FACTS, "who": "周宁", "note": "下雨"}
        first = journal.record(SEEN, None, acting, clock.now(), post_id=office.posts["YW-1"], **facts)
        journal.record(BARE, None, SYSTEM, clock.now())
    rows = list(db.session.scalars(select(JournalEntry).where(JournalEntry.seq >= first).order_by(JournalEntry.seq)))
    seen, opened = timeline.lines(rows)
    assert (seen.who, seen.for_whom) == ("李强", "王敏")
    assert seen.sentence == "周宁 在 2026-11-18 10:00 看到红色：下雨"
    assert (seen.seq, seen.event, seen.rules, seen.clause) == (first, "almanac.seen", ("J-3",), "post_duty.1")
    assert (opened.who, opened.for_whom, opened.sentence) == ("平台", "", "打开")
    withheld = timeline.lines(rows, with_personal=False)[0].sentence
    assert "周宁" not in withheld
    assert "下雨" not in withheld


def test_every_entry_of_the_cast_reads_as_a_sentence(office):
    rows = list(db.session.scalars(select(JournalEntry)))
    for line in timeline.lines(rows):
        assert "%(" not in line.sentence
        assert line.sentence != line.event


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("0d", "当场（当日）"),
        ("4wh", "4 个工作小时"),
        (Limit.parse("5wd"), "5 个工作日"),
        ("15d", "15 日（自然日）"),
        ("3m", "3 个月"),
        ("", ""),
        (None, ""),
    ],
)
def test_limits_in_words(office, limit, words):
    assert limit_words(limit) == words
