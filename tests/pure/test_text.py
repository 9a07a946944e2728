"""Cleaning, storable text, masks and search tokens."""

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.pure.text import bigrams, clean, is_storable, mask_name, mask_phone, nfkc

MODEST = settings(max_examples=150, deadline=None, derandomize=True)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("  咨询 社保 ", "咨询 社保"),
        ("\u3000咨询\u3000", "咨询"),
        ("\u200b\ufeff 咨询\u2060\u00a0\u200b", "咨询"),
        ("\u3000\u200b \t\r\n", ""),
        ("一\r\n二\r三\n四", "一\n二\n三\n四"),
        ("𠮷田", "𠮷田"),
        ("", ""),
    ],
)
def test_cleans_both_ends_and_line_ends(text: str, result: str) -> None:
    assert clean(text) == result


@pytest.mark.parametrize("text", ["", "咨询社保\n第二行\t", "😀𠮷", "\x7f", "a\u200db"])
def test_ordinary_text_can_be_stored(text: str) -> None:
    assert is_storable(text)


@pytest.mark.parametrize(
    "text", ["a\x00b", "\ud800", "\udfff咨询", "\x1b[0m", "\x0b", "\x0c", "\r", "\x1f", "\ufffe", "\uffff"]
)
def test_what_a_database_or_document_chokes_on_cannot(text: str) -> None:
    assert not is_storable(text)


@given(st.text(st.characters(exclude_categories=[])))
@MODEST
def test_storable_text_survives_database_and_encoding(text: str) -> None:
    if not is_storable(text):
        return
    with sqlite3.connect(":memory:") as connection:
        assert connection.execute("SELECT ?", (text,)).fetchone() == (text,)
    assert text.encode().decode() == text


@given(st.text(st.characters(exclude_categories=[])))
@MODEST
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_full_width_and_half_width_are_one() -> None:
    assert nfkc("１３８００１３８０００　ＡＢ") == "13800138000 AB"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("周明", "周**"),
        ("周明远", "周**"),
        ("欧阳明远", "欧**"),
        ("周", "周**"),
        (" 周明\u3000", "周**"),
        ("𠮷田明", "𠮷**"),
        ("周明先生", "周**"),
        ("欧阳明远女士", "欧**"),
        ("先生", "先**"),
        ("周明（代办）", "周**"),
        ("周明(代办人 13800138000", "周**"),
        ("周明、李强", "周**、李**"),
        ("周明 李强", "周**、李**"),
        ("周明13800138000", "周**"),
        ("阿卜杜热西提·买买提", "阿**"),
        ("Maria Sokolova", "M**、S**"),
        ("（无名）", "**"),
        ("", ""),
        ("\u3000", ""),
        ("云岭茶业有限公司", "云岭茶业有限公司"),
        ("云岭公司", "云岭公司"),
        ("青山酒店", "青山酒店"),
        ("便民中心", "便民中心"),
        ("云岭（青山）茶业有限公司", "云岭（青山）茶业有限公司".replace("（", "(").replace("）", ")")),
        ("青山县科技局", "青山县科技局"),
        ("Yunling Tea Co. Ltd", "Yunling Tea Co. Ltd"),
    ],
)
def test_masks_persons_and_shows_organisations(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@given(st.text(st.sampled_from("周明远李强欧阳王芳国华建军"), min_size=1, max_size=4))
@MODEST
def test_short_names_never_show_more_than_one_character(name: str) -> None:
    assert mask_name(name) == name[0] + "**"


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800138000", "138******00"),
        ("138 0013 8000", "138******00"),
        ("+86 138-0013-8000", "138******00"),
        ("１３８００１３８０００", "138******00"),
        ("0578-2123456", "057******56"),
        ("2123456", "*****56"),
        ("6123", "****"),
        ("", ""),
        ("无", ""),
    ],
)
def test_masks_phones_and_never_shows_the_last_four(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("社保", ["社保"]),
        ("社保卡", ["社保", "保卡"]),
        ("卡", ["卡"]),
        ("AB岗工作", ["ab", "岗工", "工作"]),
        ("ＡＢ岗", ["ab", "岗"]),
        ("SX-2026-0412", ["sx", "2026", "0412"]),
        ("5wd 内，办结。", ["5wd", "内", "办结"]),
        ("𠮷田办证", ["𠮷田", "田办", "办证"]),
        ("〇八号", ["〇八", "八号"]),
        ("社保 社保", ["社保", "社保"]),
        ("葛\U000e0100城", ["葛城"]),
        ("Ünal", ["ünal"]),
        ("社\ud800保", ["社", "保"]),
        ("😀！", []),
        ("", []),
    ],
)
def test_search_tokens(text: str, tokens: list[str]) -> None:
    assert bigrams(text) == tokens


@given(st.text(max_size=40))
@MODEST
def test_tokens_do_not_depend_on_case_and_width(text: str) -> None:
    assert bigrams(nfkc(text)) == bigrams(text)
    assert all(token and not token.isspace() for token in bigrams(text))
