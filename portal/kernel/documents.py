"""DOCX papers in the form that offices file: title, number, table of fields, opinions, place for the seal."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

from flask import Response, send_file

from portal.kernel.sheets import Figure

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SONG, _HEI, _ZHONGSONG = "SimSun", "SimHei", "STZhongsong"
#: The red of seals and of the frames of certificates.
_SEAL = "B3322B"
#: How far the frame of a certificate stands from the edge of the paper (points; 31 is the most that the format knows).
_FRAME = 30


@cache
def _docx() -> SimpleNamespace:
    """The library, loaded with the first paper: most processes never write one, and it is large."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    return SimpleNamespace(
        Document=Document, align=WD_ALIGN_PARAGRAPH, orient=WD_ORIENT, element=OxmlElement, qn=qn, Cm=Cm, Pt=Pt,
        colour=RGBColor.from_string,
    )  # fmt: skip


def _typeface(run: Any, name: str) -> None:
    """Set a run in a typeface, its Chinese too."""
    run.font.name = name
    run._element.rPr.rFonts.set(_docx().qn("w:eastAsia"), name)


class Paper:
    """One A4 paper, built from top to bottom; ``wide`` lays it on its side for tables of many columns."""

    def __init__(self, title: str, subtitle: str = "", wide: bool = False) -> None:
        self._begin(title, wide)
        self._heading(title, 20)
        if subtitle:
            self._center(subtitle, 12)

    def _begin(self, title: str, wide: bool) -> None:
        """An empty paper of the house's measure and type."""
        self.document = _docx().Document()
        section = self.document.sections[0]
        section.page_width, section.page_height = _docx().Cm(29.7 if wide else 21), _docx().Cm(21 if wide else 29.7)
        section.orientation = _docx().orient.LANDSCAPE if wide else _docx().orient.PORTRAIT
        section.left_margin = section.right_margin = _docx().Cm(2.6)
        section.top_margin = section.bottom_margin = _docx().Cm(2.4)
        style = self.document.styles["Normal"]
        style.font.name, style.font.size = _SONG, _docx().Pt(12)
        style.element.rPr.rFonts.set(_docx().qn("w:eastAsia"), _SONG)
        self.document.core_properties.title = title
        self.document.core_properties.author = ""

    def new_page(self, title: str, subtitle: str = "") -> None:
        """Begin another sheet with a title of its own."""
        self.document.add_page_break()
        self._heading(title, 20)
        if subtitle:
            self._center(subtitle, 12)

    def _heading(self, text: str, size: int) -> None:
        run = self._center(text, size)
        run.bold = True
        _typeface(run, _HEI)

    def _center(self, text: str, size: int) -> Any:
        paragraph = self.document.add_paragraph()
        paragraph.alignment = _docx().align.CENTER
        run = paragraph.add_run(text)
        run.font.size = _docx().Pt(size)
        return run

    def line(self, text: str, *, right: bool = False, bold: bool = False, indent: bool = False) -> None:
        """A paragraph."""
        paragraph = self.document.add_paragraph()
        if right:
            paragraph.alignment = _docx().align.RIGHT
        if indent:
            paragraph.paragraph_format.first_line_indent = _docx().Pt(24)
        paragraph.add_run(text).bold = bold

    def fields(self, rows: Iterable[tuple[str, str]]) -> None:
        """A two-column table of labels and values."""
        self.table((), rows, widths=(3.6, 12.2), bold_first=True)

    def table(
        self,
        headings: Sequence[str],
        rows: Iterable[Sequence[str]],
        widths: Sequence[float] = (),
        bold_first: bool = False,
        size: int = 12,
    ) -> None:
        """A bordered table; ``widths`` in centimetres, ``size`` of its type in points."""
        lines = [list(r) for r in rows]
        columns = len(headings) or (len(lines[0]) if lines else 1)
        table = self.document.add_table(rows=0, cols=columns)
        table.style = "Table Grid"
        if headings:
            for cell, text in zip(table.add_row().cells, headings, strict=True):
                run = cell.paragraphs[0].add_run(text)
                run.bold, run.font.size = True, _docx().Pt(size)
        for line in lines:
            for x, (cell, text) in enumerate(zip(table.add_row().cells, line, strict=True)):
                run = cell.paragraphs[0].add_run(str(text))
                run.bold, run.font.size = bold_first and x == 0, _docx().Pt(size)
                if isinstance(text, Figure):
                    cell.paragraphs[0].alignment = _docx().align.RIGHT
        # Some programs read the width of each cell, others that of the column.
        table.autofit = not widths
        for x, width in enumerate(widths):
            table.columns[x].width = _docx().Cm(width)
            for cell in table.columns[x].cells:
                cell.width = _docx().Cm(width)
        self.document.add_paragraph()

    def bytes(self) -> bytes:
        """The finished file."""
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()


@dataclass(frozen=True)
class Certificate:
    """The words of a certificate: whom it is for, what is said, who gives it when; ``above`` stands under the title."""

    title: str
    to: str
    text: Sequence[str]
    unit: str
    day: str
    above: Sequence[str] = ()


class Certificates(Paper):
    """Certificates as they are hung up: one to a page on its side, in a double red frame, the title large and red."""

    def __init__(self, found: Sequence[Certificate]) -> None:
        self._begin(found[0].title, wide=True)
        section = self.document.sections[0]
        section.left_margin = section.right_margin = _docx().Cm(4.8)
        section.top_margin = section.bottom_margin = _docx().Cm(2.6)
        self._frame(section)
        for n, each in enumerate(found):
            self._one(each, n > 0)

    def _frame(self, section: Any) -> None:
        borders = _docx().element("w:pgBorders")
        borders.set(_docx().qn("w:offsetFrom"), "page")
        for side in ("top", "left", "bottom", "right"):
            line = _docx().element(f"w:{side}")
            for key, value in (("val", "double"), ("sz", "12"), ("space", str(_FRAME)), ("color", _SEAL)):
                line.set(_docx().qn(f"w:{key}"), value)
            borders.append(line)
        # The format asks for its parts in their order: the frame comes behind the margins.
        section._sectPr.find(_docx().qn("w:pgMar")).addnext(borders)

    def _one(self, each: Certificate, new_page: bool) -> None:
        title = self._center(each.title, 38)
        title.bold, title.font.color.rgb = True, _docx().colour(_SEAL)
        spread = _docx().element("w:spacing")
        spread.set(_docx().qn("w:val"), "152")  # a fifth of the type, in twentieths of a point
        title._element.rPr.find(_docx().qn("w:color")).addnext(spread)
        _typeface(title, _ZHONGSONG)
        head = self.document.paragraphs[-1].paragraph_format
        head.page_break_before, head.space_before, head.space_after = new_page, _docx().Pt(56), _docx().Pt(30)
        for text in each.above:
            self._center(text, 14)
        self._said(each.to, 24, after=8).bold = True
        for text in each.text:
            self._said(text, 20, indent=True)
        self._said(each.unit, 20, before=36, right=True)
        self._said(each.day, 20, right=True)

    def _said(
        self, text: str, size: int, *, indent: bool = False, right: bool = False, before: int = 0, after: int = 0
    ) -> Any:
        paragraph = self.document.add_paragraph()
        paragraph.alignment = _docx().align.RIGHT if right else None
        form = paragraph.paragraph_format
        form.first_line_indent = _docx().Pt(2 * size) if indent else None
        form.line_spacing, form.space_before, form.space_after = 1.5, _docx().Pt(before), _docx().Pt(after)
        run = paragraph.add_run(text)
        run.font.size = _docx().Pt(size)
        return run


#: The width of the text of an upright and of a lying paper, and of a cell's own margins (cm); a centimetre in points.
UPRIGHT, LYING = 15.8, 24.4
_MARGINS, _POINTS = 0.5, 28.35
#: Longer texts may be broken anywhere: so many letters of them stay in a line.
_SHORT, _BROKEN = 7.0, 4.0


def fitted(headings: Sequence[str], rows: Sequence[Sequence[str]], full: float, size: int = 12) -> tuple[float, ...]:
    """The widths of a table's columns (cm) for a type of ``size`` points.

    Figures, days and names stay whole; what is over goes to the columns of text, the narrower ones first.
    """
    letter = size / _POINTS
    columns = [[row[x] for row in rows] for x in range(len(headings))]
    least = [
        _MARGINS + letter * max(_word(head), *(n if n <= _SHORT else _BROKEN for n in map(_letters, cells)), 0)
        for head, cells in zip(headings, columns, strict=True)
    ]
    wanted = [
        _MARGINS + letter * max(_letters(head), *map(_letters, cells), 0)
        for head, cells in zip(headings, columns, strict=True)
    ]
    if sum(least) >= full:
        return tuple(round(width * full / sum(least), 2) for width in least)
    over, found = full - sum(least), list(least)
    for n, x in enumerate(sorted(range(len(found)), key=lambda x: wanted[x] - least[x])):
        more = min(wanted[x] - least[x], over / (len(found) - n))
        found[x], over = found[x] + more, over - more
    return tuple(round(width + over / len(found), 2) for width in found)


def _letters(text: str) -> float:
    """How wide a text is in letters of Chinese type: those of ASCII take little more than half of one."""
    return max((sum(0.6 if ord(c) < 256 else 1 for c in line) for line in str(text).split("\n")), default=0)


def _word(heading: str) -> float:
    """What of a heading cannot be broken: its longest word of another script, else a pair of letters."""
    return max([2.0, *(_letters(word) for word in heading.split() if word.isascii())])


def download(paper: Paper, name: str) -> Response:
    """Answer with a DOCX file."""
    return send_file(io.BytesIO(paper.bytes()), mimetype=DOCX, as_attachment=True, download_name=name)
