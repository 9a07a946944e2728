"""Text files of tables as other programs write them: their encoding and the sign between their cells."""

from __future__ import annotations

import csv

from flask_babel import gettext as _

from portal.kernel.sheets import SheetError
from portal.pure.text import is_storable

_DELIMITERS = ",\t;|"


def decode(content: bytes) -> str:
    """The text of a file in UTF-8 (with or without BOM), UTF-16 with BOM, or GB18030 (GBK, GB2312).

    Raises SheetError for anything else.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        tries = ["utf-16"]
    else:
        tries = ["utf-8-sig", "gb18030"]
    for encoding in tries:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if is_storable(text.replace("\r", "\n")):
            return text
    raise SheetError(_("这不是可以读取的文件。请上传 XLSX，或者 UTF-8、GBK 编码的 CSV 文本。"))


def delimiter(text: str) -> str:
    """The sign between the cells: the one that divides the first lines most evenly; a comma when none does."""
    sample = [line for line in text.splitlines()[:40] if line.strip()]
    best, score = ",", 0
    for sign in _DELIMITERS:
        try:
            counts = [len(row) for row in csv.reader(sample, delimiter=sign)]
        except csv.Error:
            continue
        usual = max(set(counts), key=counts.count, default=1)
        if usual > 1 and usual * counts.count(usual) > score:
            best, score = sign, usual * counts.count(usual)
    return best
