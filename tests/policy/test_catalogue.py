"""Policy values: every definition is sound, every kind reads what people type and refuses the rest (POL-1)."""

import re
from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.policy import catalogue, rule_table
from portal.policy.catalogue import PolicyError
from portal.policy.kinds import MAX_INPUT, ChoiceKind, IntegerKind, LimitKind
from portal.pure.limits import Limit, Unit
from portal.pure.workdays import OfficeHours

DEFINITIONS = catalogue.definitions()
each = pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda definition: definition.key)


def code_of(key: str, text: str) -> str:
    with pytest.raises(PolicyError) as refusal:
        catalogue.definition(key).parse(text)
    assert str(refusal.value.message)
    return refusal.value.code


def test_keys_are_sorted_and_unique() -> None:
    keys = [definition.key for definition in DEFINITIONS]
    assert keys == sorted(set(keys))
    assert {definition.group for definition in DEFINITIONS} == set(catalogue.GROUPS)


@each
def test_definitions_are_complete(definition: catalogue.Definition) -> None:
    assert re.fullmatch(r"[a-z_]+\.[a-z_]+", definition.key)
    assert catalogue.definition(definition.key) is definition
    for words in (definition.label, definition.help, definition.kind.hint, definition.source.label):
        assert re.search(r"[\u4e00-\u9fff]", str(words))
    assert definition.rules
    for rule_id in definition.rules:
        rule_table.rule(rule_id)


@each
def test_the_default_is_a_value_of_its_kind(definition: catalogue.Definition) -> None:
    again = definition.parse(definition.dump(definition.default))
    assert again == definition.default
    assert type(again) is type(definition.default)


@each
def test_what_is_dumped_stays_the_same_when_read_and_dumped_again(definition: catalogue.Definition) -> None:
    kind = definition.kind
    if isinstance(kind, IntegerKind):
        values = [kind.minimum, kind.maximum]
    elif isinstance(kind, LimitKind):
        values = [Limit(amount, unit) for unit, most in kind.most.items() for amount in (1, most)]
    elif isinstance(kind, ChoiceKind):
        values = list(kind.options)
    else:
        values = [definition.default]
    for value in values:
        assert definition.parse(definition.dump(value)) == value


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("calendar.office_hours", OfficeHours(((time(9), time(12)), (time(13, 30), time(17, 30))))),
        ("timed_completion.acceptance_review", Limit(1, Unit.WORKING_DAYS)),
        ("timed_completion.tacit_acceptance", Limit(5, Unit.WORKING_DAYS)),
        ("denial_filing.deliver_within", Limit(7, Unit.DAYS)),
        ("first_ask.urgent_acknowledge_within", Limit(1, Unit.WORKING_HOURS)),
        ("one_time_notice.written_always", False),
        ("journal.retention_days", 183),
        ("wall.size", "standard"),
    ],
)
def test_defaults(key: str, value: object) -> None:
    assert catalogue.definition(key).default == value


def test_unknown_keys_have_no_definition() -> None:
    with pytest.raises(KeyError):
        catalogue.definition("denial_filing.decide")


@pytest.mark.parametrize(
    ("text", "value"), [("15", 15), (" 15 ", 15), ("１５", 15), ("015", 15), ("5", 5), ("1440", 1440)]
)
def test_integers(text: str, value: int) -> None:
    assert catalogue.definition("people.lockout_minutes").parse(text) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_an_integer"),
        ("\u3000", "not_an_integer"),
        ("1_5", "not_an_integer"),
        ("-15", "not_an_integer"),
        ("+15", "not_an_integer"),
        ("15.0", "not_an_integer"),
        ("1e2", "not_an_integer"),
        ("١٥", "not_an_integer"),
        ("1²", "not_an_integer"),
        ("15\x00", "not_an_integer"),
        ("\ud800", "not_an_integer"),
        ("1234567890", "not_an_integer"),
        ("4", "out_of_range"),
        ("1441", "out_of_range"),
        ("9" * (MAX_INPUT + 1), "too_long"),
    ],
)
def test_integers_refused(text: str, code: str) -> None:
    assert code_of("people.lockout_minutes", text) == code


def test_the_law_bounds_what_the_office_may_set() -> None:
    assert code_of("timed_completion.tacit_acceptance", "6wd") == "out_of_range"
    assert code_of("timed_completion.extension_max_licence", "11wd") == "out_of_range"
    assert code_of("timed_completion.extension_max_joint", "16wd") == "out_of_range"
    assert code_of("journal.retention_days", "182") == "out_of_range"


@pytest.mark.parametrize(("text", "stored"), [("2wd", "2wd"), (" ２ＷＤ ", "2wd"), ("4 wh", "4wh"), ("5wd", "5wd")])
def test_limits(text: str, stored: str) -> None:
    definition = catalogue.definition("denial_filing.decide_within")
    assert definition.dump(definition.parse(text)) == stored


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("0wd", "not_a_limit"),
        ("1", "not_a_limit"),
        ("wd", "not_a_limit"),
        ("1.5wd", "not_a_limit"),
        ("1 周", "not_a_limit"),
        ("1wd\x00", "not_a_limit"),
        ("\udfff", "not_a_limit"),
        ("0d", "unit_not_allowed"),
        ("1d", "unit_not_allowed"),
        ("1m", "unit_not_allowed"),
        ("6wd", "out_of_range"),
        ("41wh", "out_of_range"),
        ("1" * (MAX_INPUT + 1), "too_long"),
    ],
)
def test_limits_refused(text: str, code: str) -> None:
    assert code_of("denial_filing.decide_within", text) == code


def test_a_refusal_says_what_is_expected() -> None:
    with pytest.raises(PolicyError) as refusal:
        catalogue.definition("denial_filing.deliver_within").parse("11d")
    assert "10d" in str(refusal.value.message)
    assert "7wd" in str(refusal.value.message)


@pytest.mark.parametrize(("text", "value"), [("true", True), ("FALSE", False), (" true ", True)])
def test_booleans(text: str, value: bool) -> None:
    assert catalogue.definition("one_time_notice.written_always").parse(text) is value


@pytest.mark.parametrize("text", ["", "2", "truefalse", "None", "\x00"])
def test_booleans_refused(text: str) -> None:
    assert code_of("one_time_notice.written_always", text) == "not_a_boolean"


def test_choices() -> None:
    definition = catalogue.definition("wall.size")
    assert definition.parse(" large ") == "large"
    assert isinstance(definition.kind, ChoiceKind)
    assert all(str(words) for words in definition.kind.options.values())
    for text in ("", "Large", "standard,large", "\x00"):
        assert code_of("wall.size", text) == "not_a_choice"


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("09:00-12:00,13:30-17:30", "09:00-12:00,13:30-17:30"),
        ("9:00－12:00，13:30－17:30", "09:00-12:00,13:30-17:30"),
        ("9：00–12：00、13：30～17：30", "09:00-12:00,13:30-17:30"),
        (" 8:30 至 17:00 \n", "08:30-17:00"),
        ("08:00-12:00,12:00-16:00", "08:00-12:00,12:00-16:00"),
    ],
)
def test_office_hours(text: str, stored: str) -> None:
    definition = catalogue.definition("calendar.office_hours")
    assert definition.dump(definition.parse(text)) == stored


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9-12",
        "09:00",
        "09:00-12:00,",
        "12:00-09:00",
        "09:00-09:00",
        "09:00-12:00,11:00-17:00",
        "13:30-17:30,09:00-12:00",
        "09:00-24:00",
        "09:60-12:00",
        "٠٩:٠٠-١٢:٠٠",
        "09:00-12:00\x00",
        "\ud800",
    ],
)
def test_office_hours_refused(text: str) -> None:
    assert code_of("calendar.office_hours", text) == "not_office_hours"


def test_texts() -> None:
    definition = catalogue.definition("service_commitment.complaint_contact")
    assert definition.parse("  效能投诉电话 12345（𠮷）😀 ") == "效能投诉电话 12345（𠮷）😀"
    assert definition.parse("") == ""
    assert len(str(definition.parse("电" * 120))) == 120


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        ("service_commitment.complaint_contact", "电" * 121, "too_long"),
        ("service_commitment.complaint_contact", "甲\n乙", "not_text"),
        ("service_commitment.complaint_contact", "甲\x00乙", "not_text"),
        ("service_commitment.complaint_contact", "甲\ud800乙", "not_text"),
        ("service_commitment.complaint_contact", "甲\u2028乙", "not_text"),
        ("denial_filing.where_to_object", "", "empty"),
        ("denial_filing.where_to_object", "\u3000 ", "empty"),
    ],
)
def test_texts_refused(key: str, text: str, code: str) -> None:
    assert code_of(key, text) == code


@each
@settings(max_examples=20)  # of each of some hundred values
@given(text=st.text(alphabet=st.characters(codec=None), max_size=40))
def test_any_text_is_a_value_or_a_refusal(definition: catalogue.Definition, text: str) -> None:
    try:
        value = definition.parse(text)
    except PolicyError:
        return
    assert definition.parse(definition.dump(value)) == value
