"""A year's notice as a file: the template to fill in, and reading CSV or XLSX back line by line (T-3)."""

from __future__ import annotations

import csv
import io

from flask_babel import gettext as _

from portal.calendar import rules
from portal.calendar.rules import BadLine, Fault, Stretch
from portal.kernel import sheets
from portal.kernel.delimited import decode, delimiter
from portal.kernel.sheets import SheetError
from portal.pure.text import clean

MOST_BYTES = 512 * 1024
MOST_COLUMNS = 12
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
#: The words of the first column, as the template has them and as people write them.
_OFF, _WORK = "放假", "上班"
_KINDS = {
    **dict.fromkeys((_OFF, "休", "休息", "off", "holiday"), False),
    **dict.fromkeys((_WORK, "班", "调休", "调休上班", "补班", "work"), True),
}


def headings() -> list[str]:
    """The columns, in their order."""
    return [_("类型"), _("名称"), _("开始日期"), _("结束日期")]


def template_rows() -> list[list[str]]:
    """The usual holidays with their dates left open, and two lines for shifted workdays."""
    return [*([_OFF, name, "", ""] for name in rules.USUAL_HOLIDAYS), [_WORK, "", "", ""], [_WORK, "", "", ""]]


def template_csv() -> bytes:
    """The template as CSV that spreadsheets open rightly (with BOM)."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([headings(), *template_rows()])
    return out.getvalue().encode("utf-8-sig")


def read(content: bytes, year: int) -> tuple[list[Stretch], list[BadLine]]:
    """The stretches of a file and its lines that cannot be read; the first line holds the headings.

    Lines without any date are passed over, so that an unused line of the template does not matter. Raises SheetError
    for what is neither XLSX nor text, and for more lines than a notice has.
    """
    lines = _lines(content)
    if not lines:
        raise SheetError(_("文件里没有内容。"))
    if lines[0][1] and clean(lines[0][1][0]) not in _KINDS:
        lines = lines[1:]
    if not lines:
        raise SheetError(_("文件里没有内容。"))
    if len(lines) > rules.MAX_LINES:
        raise SheetError(_("超过 %(n)s 行，一年的放假安排没有这么多。", n=rules.MAX_LINES))
    found: list[Stretch] = []
    bad: list[BadLine] = []
    for number, cells in lines:
        kind, name, first, last = [clean(c) for c in (*cells, "", "", "", "")[:4]]
        if not first and not last:
            continue
        read_line = _stretch(number, kind, name, first, last, year)
        if isinstance(read_line, BadLine):
            bad.append(read_line)
        else:
            found.append(read_line)
    return found, bad


def _stretch(number: int, kind: str, name: str, first: str, last: str, year: int) -> Stretch | BadLine:
    if kind.lower() not in _KINDS:
        return BadLine(number, Fault.KIND, "kind", kind[:40])
    begin = rules.read_date(first or last, year)
    if isinstance(begin, Fault):
        return BadLine(number, begin, "first", first[:40])
    end = rules.read_date(last or first, year)
    if isinstance(end, Fault):
        return BadLine(number, end, "last", last[:40])
    return Stretch(number, name, begin, end, _KINDS[kind.lower()])


def _lines(content: bytes) -> list[tuple[int, list[str]]]:
    if content.startswith(_OLE):
        raise SheetError(_("这是旧版 XLS 文件。请在表格软件里另存为 XLSX 或者 CSV 后再上传。"))
    if content.startswith(_ZIP):
        most = rules.MAX_LINES + 1
        return [(number, cells) for number, cells, _formula in sheets.grid(content, most, MOST_COLUMNS)]
    text = decode(content)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text))
    try:
        return [(rows.line_num, row[:MOST_COLUMNS]) for row in rows if any(cell.strip() for cell in row)]
    except csv.Error:
        raise SheetError(_("文本的格式有误，第 %(n)s 行无法分列。", n=rows.line_num)) from None
