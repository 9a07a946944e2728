"""Public numbers and check codes: N-3, O-6."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.pure.numbering import (
    CHECK_ALPHABET,
    Number,
    NumberError,
    check_code,
    format_number,
    parse_number,
    verify_check_code,
)

MODEST = settings(max_examples=100, deadline=None, derandomize=True)
SECRET = b"a secret of the test"


def test_numbers_have_four_digits_and_grow() -> None:
    assert format_number("SX", 2026, 412) == "SX-2026-0412"
    assert format_number("SX", 2026, 9999) == "SX-2026-9999"
    assert format_number("SX", 2026, 10000) == "SX-2026-10000"
    assert str(Number("FD", 2026, 1)) == "FD-2026-0001"


@pytest.mark.parametrize(
    "text",
    [
        "SX-2026-0412",
        "sx-2026-412",
        " SX-2026-0412\u3000",
        "ＳＸ－２０２６－０４１２",
        "SX—2026–0412",
        "SX - 2026 - 0412",
        "\u200bSX-2026-0412",
    ],
)
def test_reads_a_number_as_people_type_it(text: str) -> None:
    assert parse_number(text) == ("SX", 2026, 412)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("\u3000\u200b", "empty"),
        ("SX-2026", "format"),
        ("SX20260412", "format"),
        ("2026-0412", "format"),
        ("SX-26-0412", "format"),
        ("SX-2026-04x2", "format"),
        ("SX-2026-٤١٢", "format"),
        ("SX-2026-0412\x00", "format"),
        ("\udc00", "format"),
        ("S" * 9 + "-2026-1", "format"),
        ("SX-2026-" + "9" * 100_000, "format"),
        ("SX-2026-0000", "out_of_range"),
        ("SX-0000-0412", "out_of_range"),
        ("SX-2026-1000000000", "out_of_range"),
    ],
)
def test_refuses_what_is_no_number(text: str, code: str) -> None:
    with pytest.raises(NumberError) as refused:
        parse_number(text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("prefix", "year", "serial"),
    [("", 2026, 1), ("sx", 2026, 1), ("SX-", 2026, 1), ("SX", 0, 1), ("SX", 10000, 1), ("SX", 2026, 0)],
)
def test_refuses_to_write_what_could_not_be_read(prefix: str, year: int, serial: int) -> None:
    with pytest.raises(NumberError):
        format_number(prefix, year, serial)


@given(st.from_regex("[A-Z]{1,8}", fullmatch=True), st.integers(1, 9999), st.integers(1, 999_999_999))
@MODEST
def test_numbers_round_trip(prefix: str, year: int, serial: int) -> None:
    assert parse_number(format_number(prefix, year, serial)) == (prefix, year, serial)


def test_a_check_code_is_fixed_by_text_and_secret() -> None:
    code = check_code("SX-2026-0412", SECRET)
    # Printed slips are checked years later: the code of a text must never change.
    assert code == "46YRHJ"
    assert check_code("SX-2026-0413", SECRET) != code
    assert check_code("SX-2026-0412", b"another") != code


def test_a_check_code_needs_a_secret() -> None:
    with pytest.raises(ValueError, match="secret"):
        check_code("SX-2026-0412", b"")


@given(st.text(max_size=60))
@MODEST
def test_check_codes_have_six_unmistakable_characters_and_verify(text: str) -> None:
    code = check_code(text, SECRET)
    assert len(code) == 6
    assert set(code) <= set(CHECK_ALPHABET)
    assert not set(code) & set("0O1IL2Z5S8B")
    assert verify_check_code(text, code, SECRET)
    assert verify_check_code(text, f" {code[:3].lower()}-{code[3:]}\u3000", SECRET)


@pytest.mark.parametrize("code", ["", "AAAAAA", "周周周周周周", "\ud800", "\x00", "A" * 100_000])
def test_a_wrong_code_is_refused_without_an_error(code: str) -> None:
    assert not verify_check_code("SX-2026-0412", code, SECRET)


def test_a_text_with_a_lone_surrogate_has_a_code_too() -> None:
    assert verify_check_code("\ud800", check_code("\ud800", SECRET), SECRET)
