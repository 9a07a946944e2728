"""The cells of an exported file as text: XLSX, or CSV in the encodings and with the delimiters that clocks write."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from flask_babel import gettext as _

from portal.kernel import sheets
from portal.kernel.sheets import SheetError
from portal.pure.text import clean, is_storable

MOST_ROWS = 100_000
MOST_COLUMNS = 40
MOST_CELL = 300
MOST_BYTES = 24 * 1024 * 1024

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_DELIMITERS = ",\t;|"


@dataclass(frozen=True)
class Line:
    """One line that is not blank: its number as a spreadsheet or editor shows it, and its cells."""

    number: int
    cells: tuple[str, ...]
    formula: bool = False


def read(content: bytes) -> list[Line]:
    """The lines of an export. Raises SheetError for what is neither XLSX nor text, is empty, or is too long."""
    if content.startswith(_OLE):
        raise SheetError(_("这是旧版 XLS 文件。请在表格软件里另存为 XLSX 或者 CSV 后再上传。"))
    lines = _workbook(content) if content.startswith(_ZIP) else _text(content)
    if not lines:
        raise SheetError(_("文件里没有内容。"))
    return lines


def _workbook(content: bytes) -> list[Line]:
    found = [
        Line(number, tuple(_trimmed(cell) for cell in cells), formula)
        for number, cells, formula in sheets.grid(content, MOST_ROWS + 50, MOST_COLUMNS)
    ]
    return _bounded([line for line in found if any(line.cells) or line.formula])


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


def _text(content: bytes) -> list[Line]:
    text = decode(content)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text))
    found: list[Line] = []
    try:
        for row in rows:
            if any(cell.strip() for cell in row):
                found.append(Line(rows.line_num, tuple(_trimmed(clean(c)) for c in row[:MOST_COLUMNS])))
            if len(found) > MOST_ROWS + 50:
                break
    except csv.Error:
        raise SheetError(_("文本的格式有误，第 %(n)s 行无法分列。", n=rows.line_num)) from None
    return _bounded(found)


def _trimmed(cell: str) -> str:
    # CSV written for spreadsheets marks text as ="0012" or '0012 to keep its noughts.
    if cell.startswith('="') and cell.endswith('"'):
        cell = cell[2:-1]
    return clean(cell.lstrip("'"))[:MOST_CELL]


def _bounded(lines: list[Line]) -> list[Line]:
    used = max((x + 1 for line in lines[:2000] for x, cell in enumerate(line.cells) if cell), default=1)
    lines = [Line(line.number, line.cells[:used], line.formula) for line in lines]
    if len(lines) > MOST_ROWS:
        raise SheetError(_("超过 %(n)s 行，请按月份拆分后再导入。", n=MOST_ROWS))
    return lines
