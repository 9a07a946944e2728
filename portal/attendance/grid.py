"""The cells of an exported file as text: XLSX, or CSV in the encodings and with the delimiters that clocks write."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from flask_babel import gettext as _

from portal.kernel import sheets
from portal.kernel.delimited import decode, delimiter
from portal.kernel.sheets import SheetError
from portal.pure.text import clean

MOST_ROWS = 100_000
MOST_COLUMNS = 40
MOST_CELL = 300
MOST_BYTES = 24 * 1024 * 1024

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


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
