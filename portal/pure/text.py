"""Text that people type: cleaning, what can be stored, masks for names and phones, tokens for search."""

import re
import unicodedata
from itertools import groupby, pairwise

# Marks without width that str.isspace does not know: they come with pasted text and make a field look empty.
_ZERO_WIDTH = "\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
# Everything that str.isspace knows lies in the basic plane.
_BLANKS = _ZERO_WIDTH + "".join(chr(point) for point in range(0x3001) if chr(point).isspace())

# C0 controls besides newline and tab, lone surrogates, and the two code points that no XML document may hold.
_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")

_NUMBER_CHARS = re.compile(r"[0-9]")
_COUNTRY = re.compile(r"^(?:\+|00)86")

# What marks a text as the name of an organisation, which is no personal datum and stays whole.
_ORGANISATION = re.compile(
    "公司|集团|中心|酒店|宾馆|饭店|餐厅|超市|商店|商行|工厂|银行|医院|学校|大学|中学|小学|学院|幼儿园|研究院|研究所|事务所|"
    "协会|学会|商会|联合会|基金会|委员会|居委会|村委会|合作社|经营部|服务部|工作室|工作站|办事处|街道办|管理局|管理处|"
    "政府|法院|检察院|派出所|杂志社|出版社|报社|农场|林场|支队|大队|总队|"
    r"\b(?:co|ltd|inc|llc|gmbh|corp|company|group|university|school|hotel|bank)\b",
    re.IGNORECASE,
)
_TITLE = re.compile("(?:先生|女士|小姐|同志|老师|师傅|医生|主任|经理)$")
_BRACKETS = re.compile(r"[(\[【〔〈《「『].*?(?:[)\]】〕〉》」』]|$)")
_BETWEEN_NAMES = re.compile(r"[、,;/&+\s]+")
_NAME_DOTS = re.compile("[·•・‧.]")


def nfkc(text: str) -> str:
    """One form for characters that mean the same (full-width digits and letters), for phones, dates and search."""
    return unicodedata.normalize("NFKC", text)


def clean(text: str) -> str:
    """Without blanks at both ends (ideographic and zero-width ones included), and with plain newlines."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip(_BLANKS)


def is_storable(text: str) -> bool:
    """Whether every database, document and page can hold the text.

    False for NUL and the other C0 controls except newline and tab, lone surrogates, U+FFFE and U+FFFF.
    """
    return _UNSTORABLE.search(text) is None


def mask_name(text: str) -> str:
    """``周**`` for a person: one character stays, and the length is hidden. Organisations stay whole.

    An organisation is told by its words (公司, 中心, 酒店 …) or by more than four Chinese characters in a row. What
    stands in brackets, titles such as 先生, and dotted or Latin names do not make a person an organisation. Several
    persons are masked one by one.
    """
    plain = clean(nfkc(text))
    if _ORGANISATION.search(plain):
        return plain
    names = [_mask_one(part) for part in _BETWEEN_NAMES.split(_BRACKETS.sub(" ", plain)) if part]
    return "、".join(names) if names else "**" if plain else ""


def _mask_one(name: str) -> str:
    bare = _TITLE.sub("", name) or name
    han = next((i for i, character in enumerate(bare) if not _is_cjk(character)), len(bare))
    if han > 4 and not _NAME_DOTS.search(bare):
        return name
    return bare[0] + "**"


def mask_phone(text: str) -> str:
    """``138******00``: the first three and the last two digits stay.

    The last four are never shown, since they open the client's own look-up (O-6). Short numbers keep their last two
    digits, or nothing when they have four or fewer.
    """
    digits = "".join(_NUMBER_CHARS.findall(_COUNTRY.sub("", "".join(nfkc(text).split()))))
    head, tail = (3, 2) if len(digits) >= 9 else (0, 2) if len(digits) > 4 else (0, 0)
    return digits[:head] + "*" * (len(digits) - head - tail) + digits[len(digits) - tail :]


def bigrams(text: str) -> list[str]:
    """Search tokens in the order of the text, repeats kept.

    A run of Chinese characters gives its overlapping pairs, a single one itself; a run of other letters and digits
    is one word in lower case. So "AB岗工作" gives ``ab``, ``岗工``, ``工作``.
    """
    tokens: list[str] = []
    for kind, run in groupby(_searchable(text), key=_kind):
        word = "".join(run)
        if kind == "cjk" and len(word) > 1:
            tokens.extend(first + second for first, second in pairwise(word))
        elif kind:
            tokens.append(word)
    return tokens


def _searchable(text: str) -> str:
    """Lower case NFKC without variation selectors, which would cut a run at a rare form of a character."""
    return "".join(
        character
        for character in nfkc(text).lower()
        if not ("\ufe00" <= character <= "\ufe0f" or character >= "\U000e0000")
    )


def _kind(character: str) -> str:
    if _is_cjk(character):
        return "cjk"
    return "word" if character.isalnum() else ""


def _is_cjk(character: str) -> bool:
    """Han characters with those beyond the basic plane (𠮷), 々 and 〇, kana and hangul."""
    return (
        "\u4e00" <= character <= "\u9fff"
        or "\u3400" <= character <= "\u4dbf"
        or "\U00020000" <= character <= "\U0003ffff"
        or character in "々〇"
        or "\uf900" <= character <= "\ufaff"
        or "\u3040" <= character <= "\u30ff"
        or "\uac00" <= character <= "\ud7af"
    )
