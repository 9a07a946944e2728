"""The rule table and the text of the nine systems are complete, in both languages, and agree with each other."""

import re
from importlib.resources import files

import pytest

from portal.policy import catalogue, nine_systems, rule_table
from portal.policy.words import Words
from portal.pure.limits import Limit

LOCALES = ("zh", "en")

# The last number of every chapter; W starts at 0 and T has a 7a between 7 and 8.
CHAPTERS = {
    "R": 3,
    "POL": 3,
    "J": 4,
    "P": 6,
    "C": 9,
    "T": 12,
    "F": 7,
    "N": 7,
    "D": 7,
    "AB": 8,
    "A": 5,
    "E": 8,
    "S": 5,
    "O": 9,
    "W": 3,
}
WALL_STRIP = "岗位责任|服务承诺|限时办结|首问负责|一次告知|否定报备|AB 岗|责任追究|效能考评"
TITLES = "岗位责任制|服务承诺制|限时办结制|首问负责制|一次性告知制|否定报备制|AB岗工作制|责任追究制|效能考评制"

CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
RULE_ID = re.compile(r"(?<![A-Z])(?:POL|AB|[A-Z])-\d+a?")
NUMBER_WORDS = {"five": "5", "ten": "10", "fifteen": "15", "three": "3", "four": "4"}

RULES = rule_table.rules()
CLAUSES = [clause for system in nine_systems.systems() for clause in system.clauses]


def expected_ids() -> list[str]:
    ids = []
    for chapter, last in CHAPTERS.items():
        for number in range(0 if chapter == "W" else 1, last + 1):
            ids.append(f"{chapter}-{number}")
            if (chapter, number) == ("T", 7):
                ids.append("T-7a")
    return ids


def all_words() -> list[tuple[str, Words]]:
    found = [(chapter.id, chapter.titles) for chapter in rule_table.chapters()]
    found += [(f"{rule.id} {part}", getattr(rule, part)) for rule in RULES for part in ("titles", "texts")]
    found += [
        (f"{system.slug} {part}", getattr(system, part))
        for system in nine_systems.systems()
        for part in ("titles", "shorts", "purposes")
    ]
    found += [(f"{clause.id} {part}", getattr(clause, part)) for clause in CLAUSES for part in ("titles", "texts")]
    return found


def full_texts() -> list[tuple[str, Words]]:
    return [(rule.id, rule.texts) for rule in RULES] + [(clause.id, clause.texts) for clause in CLAUSES]


def figures(text: str) -> set[str]:
    for word, digits in NUMBER_WORDS.items():
        text = re.sub(rf"\b{word}\b", digits, text, flags=re.IGNORECASE)
    # "(1)" in an enumeration and the number of a rule are no figures of the content.
    text = re.sub(r"\(\d\)", "", RULE_ID.sub("", text))
    return set(re.findall(r"\d+(?:\.\d+)?", text))


def test_every_rule_is_in_the_table_in_order() -> None:
    assert [rule.id for rule in RULES] == expected_ids()
    assert [chapter.id for chapter in rule_table.chapters()] == list(CHAPTERS)
    assert all(rule.id.startswith(f"{rule.chapter}-") for rule in RULES)
    assert all(rule.sources for rule in RULES)


def test_rules_are_found_by_id() -> None:
    assert rule_table.rule("T-7a").title("zh") == "视为受理"
    assert rule_table.rule("T-7a").title("en") == "Tacit acceptance"
    with pytest.raises(KeyError):
        rule_table.rule("D-8")


@pytest.mark.parametrize(("name", "words"), all_words(), ids=lambda part: part if isinstance(part, str) else "")
def test_both_languages_are_written(name: str, words: Words) -> None:
    assert words.zh == words.zh.strip() != ""
    assert words.en == words.en.strip() != ""
    assert CHINESE.search(words.zh), f"{name}: no Chinese"
    assert not CHINESE.search(words.en), f"{name}: Chinese in the English text"
    assert words.en[0].isupper()


@pytest.mark.parametrize(("name", "words"), full_texts(), ids=lambda part: part if isinstance(part, str) else "")
def test_texts_are_whole_sentences_with_the_same_figures(name: str, words: Words) -> None:
    assert words.zh.endswith("。")
    assert words.en.endswith(".")
    assert not re.search(r"[,;:()?!]", words.zh.replace("POL-", "")), f"{name}: Western punctuation in Chinese"
    assert figures(words.zh) <= figures(words.en), f"{name}: a figure is missing in the English text"
    assert set(RULE_ID.findall(words.zh)) == set(RULE_ID.findall(words.en)), f"{name}: other rules are referred to"


def test_no_text_stands_twice() -> None:
    for locale in LOCALES:
        texts = [words.read(locale) for _, words in full_texts()]
        assert len(set(texts)) == len(texts)


def test_rules_refer_to_rules_that_exist() -> None:
    known = {rule.id for rule in RULES}
    for _, words in full_texts():
        assert set(RULE_ID.findall(words.en)) <= known


def test_nine_systems_in_the_order_of_the_wall_strip() -> None:
    systems = nine_systems.systems()
    assert [system.short("zh") for system in systems] == WALL_STRIP.split("|")
    assert [system.title("zh") for system in systems] == TITLES.split("|")
    assert tuple(system.slug for system in systems) == nine_systems.SLUGS
    assert nine_systems.system("ab_post") is systems[6]
    with pytest.raises(KeyError):
        nine_systems.system("calendar")


@pytest.mark.parametrize("system", nine_systems.systems(), ids=lambda system: system.slug)
def test_clauses_are_numbered_without_gaps(system: nine_systems.System) -> None:
    assert 5 <= len(system.clauses) <= 10
    assert [clause.number for clause in system.clauses] == list(range(1, len(system.clauses) + 1))
    assert all(clause.system == system.slug for clause in system.clauses)


def test_clauses_are_found_by_id() -> None:
    found = nine_systems.clause("first_ask.3")
    assert found is nine_systems.system("first_ask").clauses[2]
    assert found.id == "first_ask.3"
    assert found.mark("zh") == "首问·3"
    assert found.mark("en") == "First ask·3"
    assert len({clause.id for clause in CLAUSES}) == len(CLAUSES)
    assert len({clause.mark("zh") for clause in CLAUSES}) == len(CLAUSES)
    for wrong in ("first_ask.0", "first_ask.99", "first_ask", "calendar.1"):
        with pytest.raises(KeyError):
            nine_systems.clause(wrong)


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.id)
def test_clauses_rest_on_rules_and_values_that_exist(clause: nine_systems.Clause) -> None:
    assert clause.rules
    assert len(set(clause.rules)) == len(clause.rules)
    for rule_id in clause.rules:
        rule_table.rule(rule_id)
    for key in clause.values:
        catalogue.definition(key)


def test_every_rule_of_the_nine_systems_has_its_clause() -> None:
    cited = {rule_id for clause in CLAUSES for rule_id in clause.rules}
    own = {rule.id for rule in RULES if rule.chapter in {"P", "C", "T", "F", "N", "D", "AB", "A", "E"}}
    assert own - cited == set()


@pytest.mark.parametrize(
    ("clause_id", "key"),
    [
        ("timed_completion.1", "timed_completion.formal_reply"),
        ("timed_completion.1", "timed_completion.enquiry"),
        ("timed_completion.1", "timed_completion.rights_of_science_workers"),
        ("timed_completion.2", "timed_completion.acceptance_review"),
        ("timed_completion.3", "timed_completion.tacit_acceptance"),
        ("timed_completion.6", "timed_completion.extension_max_licence"),
        ("timed_completion.6", "timed_completion.extension_max_joint"),
        ("timed_completion.7", "timed_completion.due_soon_workdays"),
        ("timed_completion.7", "timed_completion.short_limit_below"),
        ("timed_completion.7", "timed_completion.red_after"),
        ("first_ask.5", "first_ask.dispute_within"),
        ("denial_filing.3", "denial_filing.decide_within"),
        ("denial_filing.7", "denial_filing.deliver_within"),
    ],
)
def test_a_figure_in_a_clause_is_the_default_of_its_policy_value(clause_id: str, key: str) -> None:
    clause = nine_systems.clause(clause_id)
    assert key in clause.values
    default = catalogue.definition(key).default
    amount = default.amount if isinstance(default, Limit) else default
    assert re.search(rf"(?<!\d){amount} (个工作)?日", clause.text("zh"))
    assert re.search(rf"\b{amount} (working )?days?\b", clause.text("en"))


@pytest.mark.parametrize(
    ("locale", "text"),
    [("zh", "岗"), ("zh_Hans_CN", "岗"), ("en", "post"), ("en-GB", "post"), ("EN", "post"), ("fr", "岗"), ("", "岗")],
)
def test_a_locale_reads_its_language_and_any_other_the_chinese(locale: str, text: str) -> None:
    assert Words("岗", "post").read(locale) == text


def test_every_data_file_is_read() -> None:
    present = {entry.name.removesuffix(".toml") for entry in files("portal.policy").joinpath("texts").iterdir()}
    assert present == {*nine_systems.SLUGS, *rule_table._FILES, "defaults"}
