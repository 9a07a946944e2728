"""XLSX in and out: no cell becomes a formula, no archive bomb is opened, every problem names its row."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

from flask import Response, send_file
from flask_babel import gettext as _

from portal.kernel import clock
from portal.pure.text import clean, is_storable

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 5000
#: Blank lines count too: a sheet may claim a million of them.
MOST_LINES = 4 * MOST_ROWS
MOST_COLUMNS = 100
MOST_UNPACKED = 32 * 1024 * 1024


#: How decimals are shown in a cell, as everywhere on paper: two places.
TWO_PLACES = "0.00"


class Figure(str):
    """A figure as papers say it (97.5, +2, 3 天), that a spreadsheet gets as the number it is.

    ``form`` is the number format of the cell; without one it follows from the number.
    """

    number: Decimal | int
    form: str

    def __new__(cls, text: str, number: Decimal | int, form: str = "") -> Figure:
        """The words and the number behind them."""
        made = super().__new__(cls, text)
        made.number, made.form = number, form
        return made


def measured(number: Decimal, words: str) -> str:
    """The number format that writes words behind a number, exactly as given: "3 天", "2.50 天"."""
    form, said = TWO_PLACES if number % 1 else "0", words.replace('"', "")
    return f'{form}"{said}"' if said else form


class SheetError(ValueError):
    """The file as a whole cannot be read; the text says why in the person's language."""


@dataclass(frozen=True)
class Row:
    """One row of an imported sheet: its number as the spreadsheet shows it, and its cells by column key."""

    number: int
    cells: dict[str, str]


@dataclass
class Problem:
    """What is wrong with one row."""

    row: int
    column: str
    message: str


@dataclass
class Reading:
    """An imported sheet: rows and problems; nothing is written while there is a problem."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def workbook(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Any]]]]) -> bytes:
    """An XLSX file of several sheets (title, headings, rows); text stays text, Decimal and Figure become numbers."""
    import xlsxwriter  # loaded with the first sheet, as openpyxl below: most processes never meet one

    out = io.BytesIO()
    with xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    ) as book:
        bold = book.add_format({"bold": True, "bg_color": "#E9F0F9", "border": 1, "border_color": "#CBD4E0"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        forms: dict[str, Any] = {}
        for title, headings, rows in sheets:
            sheet = book.add_worksheet(title[:31])
            sheet.freeze_panes(1, 0)
            widths = [min(60, 2 + 2 * len(h)) for h in headings]
            for x, heading in enumerate(headings):
                sheet.write_string(0, x, heading, bold)
            for y, row in enumerate(rows, 1):
                for x, value in enumerate(row):
                    if isinstance(value, Decimal | Figure):
                        number, form = _number(value)
                        if form not in forms:
                            forms[form] = book.add_format({"num_format": form, "valign": "top"})
                        sheet.write_number(y, x, number, forms[form])
                    else:
                        _write(sheet, y, x, value, wrap)
                    if y <= 200 and value is not None:
                        widths[x] = max(widths[x], min(60, 2 + sum(2 if ord(c) > 255 else 1 for c in str(value))))
            for x, width in enumerate(widths):
                sheet.set_column(x, x, width)
    return out.getvalue()


def _number(value: Decimal | Figure) -> tuple[Decimal | int, str]:
    """A number and the format of its cell; 15 digits are kept, far more than the two places of any figure here."""
    number, form = (value.number, value.form) if isinstance(value, Figure) else (value, "")
    return number, form or (TWO_PLACES if isinstance(number, Decimal) else "0")


def _write(sheet: Any, y: int, x: int, value: Any, wrap: Any) -> None:
    if value is None:
        return
    if isinstance(value, datetime):
        value = clock.local(value).strftime("%Y-%m-%d %H:%M")
    elif isinstance(value, date):
        value = value.isoformat()
    if isinstance(value, bool) or not isinstance(value, int | float):
        sheet.write_string(y, x, str(value)[:32000], wrap)
    else:
        sheet.write_number(y, x, value)


def download(content: bytes, name: str) -> Response:
    """Answer with an XLSX file."""
    return send_file(io.BytesIO(content), mimetype=XLSX, as_attachment=True, download_name=name)


def listed(title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], of: object = None) -> Response:
    """Answer with a list as one sheet; the file is named by its title and by what it is ``of``, else by today."""
    content = workbook([(title, headings, rows)])
    return download(content, f"{title}-{clock.today().isoformat() if of is None else of}.xlsx")


def read(content: bytes, columns: Sequence[tuple[str, str]], sheet: str | None = None) -> Reading:
    """Read a sheet by its headings: ``columns`` are (key, heading).

    Cells come back as cleaned text; a formula, an unstorable character or a too long cell is a Problem of its row.
    Raises SheetError for what is not an XLSX file, lacks a column, or has too many rows.
    """
    book = _open(content)
    try:
        if sheet is not None and sheet in book.sheetnames:
            found: Any = book[sheet]
        elif sheet is None or len(book.sheetnames) == 1:
            found = book.worksheets[0]
        else:
            raise SheetError(_("文件里没有名为“%(name)s”的工作表。", name=sheet))
        return _rows(_lines(found), columns)
    except SheetError:
        raise
    except Exception:  # openpyxl raises nearly anything on a damaged file
        raise SheetError(_("这个 XLSX 文件已损坏，无法读取。")) from None
    finally:
        book.close()


def read_sheets(
    content: bytes,
    wanted: Mapping[str, Sequence[tuple[str, str]]],
    optional: Mapping[str, frozenset[str]] | None = None,
) -> dict[str, Reading]:
    """Read several sheets of one file at once: ``wanted`` gives the columns (key, heading) of each sheet by title.

    ``optional`` names the keys of each sheet whose column may be absent: its rows then have no such cell.

    What is wrong with a sheet as a whole (absent, lacking a column, too long) is a Problem of its first row, so that
    all sheets are told of together. Raises SheetError for what is not an XLSX file.
    """
    book, found = _open(content), dict[str, Reading]()
    try:
        for title, columns in wanted.items():
            if title not in book.sheetnames:
                found[title] = Reading(problems=[Problem(1, "", _("文件里没有这个工作表。请使用模板。"))])
                continue
            try:
                found[title] = _rows(_lines(book[title]), columns, (optional or {}).get(title, frozenset()))
            except SheetError as error:
                found[title] = Reading(problems=[Problem(1, "", str(error))])
    except Exception:  # openpyxl raises nearly anything on a damaged file
        raise SheetError(_("这个 XLSX 文件已损坏，无法读取。")) from None
    finally:
        book.close()
    return found


def grid(content: bytes, most_lines: int, most_columns: int) -> list[tuple[int, list[str], bool]]:
    """The lines of a file's first sheet as cleaned text: (number, cells, whether a cell is a formula).

    For files whose headings are not ours. Raises SheetError for what is not an XLSX file or has too many lines.
    """
    book, found = _open(content), list[tuple[int, list[str], bool]]()
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for y, line in enumerate(sheet.iter_rows(max_col=most_columns), 1):
            values = [None if getattr(c, "data_type", "") == "f" else c.value for c in line]
            formula = any(getattr(c, "data_type", "") == "f" for c in line)
            if formula or any(v is not None and str(v).strip() for v in values):
                found.append((y, [_cell(v) if is_storable(str(v)) else "" for v in values], formula))
            if len(found) > most_lines or y > 4 * most_lines:
                raise SheetError(_("超过 %(n)s 行，请拆分后再导入。", n=most_lines))
    except SheetError:
        raise
    except Exception:  # openpyxl raises nearly anything on a damaged file
        raise SheetError(_("这个 XLSX 文件已损坏，无法读取。")) from None
    finally:
        book.close()
    return found


def _open(content: bytes) -> Any:
    from openpyxl import load_workbook

    try:
        with ZipFile(io.BytesIO(content)) as archive:
            if sum(i.file_size for i in archive.infolist()) > MOST_UNPACKED:
                raise SheetError(_("文件展开后过大，请拆分后再导入。"))
        return load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except SheetError:
        raise
    except Exception:  # zipfile, the XML parser and openpyxl raise nearly anything on what is no workbook
        raise SheetError(_("这不是可以读取的 XLSX 文件。请下载模板填写后再上传。")) from None


def _lines(sheet: Any) -> Iterable[Sequence[Any]]:
    sheet.reset_dimensions()  # many programs write a wrong extent: rows beyond it would be lost without a word
    lines: Iterable[Sequence[Any]] = sheet.iter_rows(max_col=MOST_COLUMNS)
    return lines


def _rows(
    lines: Iterable[Sequence[Any]], columns: Sequence[tuple[str, str]], optional: frozenset[str] = frozenset()
) -> Reading:
    reading, places = Reading(), dict[str, int]()
    for y, line in enumerate(lines, 1):
        values = [c.value for c in line]
        if not places:
            headings = [clean(str(v)) if v is not None else "" for v in values]
            missing = [h for k, h in columns if h not in headings and k not in optional]
            if missing:
                raise SheetError(_("缺少列：%(names)s。请使用模板。", names="、".join(missing)))
            places = {key: headings.index(heading) for key, heading in columns if heading in headings}
            continue
        if y > MOST_LINES:
            raise SheetError(_("超过 %(n)s 行，请拆分后再导入。", n=MOST_ROWS))
        if all(v is None or str(v).strip() == "" for v in values):
            continue
        if len(reading.rows) >= MOST_ROWS:
            raise SheetError(_("超过 %(n)s 行，请拆分后再导入。", n=MOST_ROWS))
        cells = {}
        for key, heading in columns:
            if key not in places:
                continue
            cell = line[places[key]] if places[key] < len(line) else None
            value = None if cell is None else cell.value
            if cell is not None and getattr(cell, "data_type", "") == "f":
                reading.problems.append(Problem(y, heading, _("单元格是公式，请改为文字。")))
                value = None
            cells[key] = _cell(value)
            if not is_storable(cells[key]):
                reading.problems.append(Problem(y, heading, _("含有无法保存的字符。")))
                cells[key] = ""
            elif len(cells[key]) > 2000:
                reading.problems.append(Problem(y, heading, _("超过 2000 个字。")))
        reading.rows.append(Row(y, cells))
    if not places:
        raise SheetError(_("工作表是空的。"))
    return reading


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat(" ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return clean(str(value))
