"""R-2, J-2: what an auditor may see of an entry, and exported heads as they are read back."""

from __future__ import annotations

import json

import pytest

from portal.audit.rules import MAX_HEADS, BadHead, is_hidden, read_heads

HASH = "ab" * 32


@pytest.mark.parametrize(
    "value", ["SX-2026-0412", "2026-11-18", "2026-11-18T02:00:00+00:00", True, False, 3, 2.5, None, "", [], {}]
)
def test_what_says_nothing_about_a_matter_is_shown(value):
    assert not is_hidden("cases.received", value, labelled=False)


@pytest.mark.parametrize(
    "value", ["科普教育基地认定", "法人证书复印件", "2026-11-18 周宁", "SX-2026-0412 周宁", ["申请书"], {"note": "x"}]
)
@pytest.mark.parametrize("event", ["cases.received", "first_ask.filed", "some_new_room.done"])
def test_text_of_a_matter_is_withheld(event, value):
    assert is_hidden(event, value, labelled=False)


def test_words_of_a_vocabulary_are_shown():
    assert not is_hidden("first_ask.filed", "visit", labelled=True)


@pytest.mark.parametrize("event", ["people.user_changed", "policy.value_set", "access.refused", "calendar.day_set"])
def test_the_running_of_the_office_is_shown(event):
    assert not is_hidden(event, "任何文字", labelled=False)


def test_heads_are_read_from_json_lines_and_from_plain_text():
    line = json.dumps({"seq": 1000, "hash": HASH, "at": "x"})
    text = f"# exported\n\n{line}\r\n7 {HASH} 2026-11-18T10:00:00+08:00\n8 {HASH}\n"
    assert read_heads(text) == [(1000, HASH), (7, HASH), (8, HASH)]
    assert read_heads("") == []


@pytest.mark.parametrize(
    "line",
    [
        "x",
        "7",
        f"0 {HASH}",
        f"-1 {HASH}",
        f"7 {HASH[1:]}",
        f"7 {HASH}x",
        "{",
        "[" * 5000,
        "{" * 5000,
        "{}",
        f'{{"seq": true, "hash": "{HASH}"}}',
        f'{{"seq": "7", "hash": "{HASH}"}}',
        f'{{"seq": 0, "hash": "{HASH}"}}',
        f'{{"seq": 1e3, "hash": "{HASH}"}}',
        '{"seq": 7, "hash": "ABC"}',
        '{"seq": 7, "hash": 7}',
        '{"seq": 7}',
    ],
)
def test_a_line_that_is_no_head_is_named(line):
    with pytest.raises(BadHead) as refused:
        read_heads(f"7 {HASH}\n{line}\n")
    assert refused.value.number == 2


def test_too_many_heads():
    with pytest.raises(BadHead):
        read_heads(f"7 {HASH}\n" * (MAX_HEADS + 1))
