"""DOCX papers in the form that offices file: title, number, table of fields, opinions, place for the seal."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any

from flask import Response, send_file

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SONG, _HEI = "SimSun", "SimHei"


@cache
def _docx() -> SimpleNamespace:
    """The library, loaded with the first paper: most processes never write one, and it is large."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    return SimpleNamespace(Document=Document, align=WD_ALIGN_PARAGRAPH, orient=WD_ORIENT, qn=qn, Cm=Cm, Pt=Pt)


class Paper:
    """One A4 paper, built from top to bottom; ``wide`` lays it on its side for tables of many columns."""

    def __init__(self, title: str, subtitle: str = "", wide: bool = False) -> None:
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
        self._heading(title, 20)
        if subtitle:
            self._center(subtitle, 12)

    def new_page(self, title: str, subtitle: str = "") -> None:
        """Begin another sheet with a title of its own."""
        self.document.add_page_break()
        self._heading(title, 20)
        if subtitle:
            self._center(subtitle, 12)

    def _heading(self, text: str, size: int) -> None:
        run = self._center(text, size)
        run.bold = True
        run.font.name = _HEI
        run._element.rPr.rFonts.set(_docx().qn("w:eastAsia"), _HEI)

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
    ) -> None:
        """A bordered table; ``widths`` in centimetres."""
        lines = [list(r) for r in rows]
        columns = len(headings) or (len(lines[0]) if lines else 1)
        table = self.document.add_table(rows=0, cols=columns)
        table.style = "Table Grid"
        if headings:
            for cell, text in zip(table.add_row().cells, headings, strict=True):
                cell.paragraphs[0].add_run(text).bold = True
        for line in lines:
            for x, (cell, text) in enumerate(zip(table.add_row().cells, line, strict=True)):
                run = cell.paragraphs[0].add_run(str(text))
                run.bold = bold_first and x == 0
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


def download(paper: Paper, name: str) -> Response:
    """Answer with a DOCX file."""
    return send_file(io.BytesIO(paper.bytes()), mimetype=DOCX, as_attachment=True, download_name=name)
