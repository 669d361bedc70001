"""A document as a PDF: what it is, then each sheet with its chart and its table, on numbered pages.

A PDF is for reading, so its rows are bounded, and more are refused: nothing is cut without a word.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, KeepTogether, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

from chalicelib.documents.document import Document, Row, Sheet, styled
from chalicelib.documents.palette import COLOURS
from chalicelib.documents.plot import Gathering, Plot, shorten
from chalicelib.documents.print_text import MAX_TEXT, MISSING, printable, shown
from chalicelib.documents.report_chart import draw
from chalicelib.documents.report_fonts import BOLD, REGULAR, glyphs, register
from chalicelib.documents.report_pages import MARGIN, Section, numbered
from chalicelib.documents.report_table import Cells, plain, table
from chalicelib.errors import RequestError

MAX_ROWS: Final = 5_000
"""Of all tables together: about 100 pages."""
_WIDE: Final = 6
"""More columns than these lie across the page."""
_WIDE_FLOWING: Final = 8
"""In a document that flows, whose columns are fewer and narrower."""
_KEPT_ROWS: Final = 16
"""In a document that flows: tables of so many rows stay beside their chart."""

_TEXT: Final = ParagraphStyle("text", fontName=REGULAR, fontSize=9, leading=12)
_SMALL: Final = ParagraphStyle("small", parent=_TEXT, fontSize=8, leading=10.5, textColor=HexColor("#52606d"))
_TITLE: Final = ParagraphStyle("title", parent=_TEXT, fontName=BOLD, fontSize=18, leading=22, spaceAfter=8)
_HEADING: Final = ParagraphStyle("heading", parent=_TEXT, fontName=BOLD, fontSize=13, leading=16, spaceBefore=14)
_APART: Final = ParagraphStyle("heading of what follows", parent=_HEADING, spaceBefore=28)
_NAME: Final = ParagraphStyle("name", parent=_TEXT, fontName=BOLD)
_FACTS: Final = (
    ("FONTNAME", (0, 0), (-1, -1), REGULAR),
    ("LEFTPADDING", (0, 0), (0, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 1),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
)
_MISSING: Final = f"Characters that are shown as {MISSING} are not printed here; the other formats have them."
_CUT: Final = f"Texts of more than {MAX_TEXT} characters end with …; the other formats have them whole."
_EXCERPTS: Final = "Long tables show some of their rows, and say so; charts and totals are of all."
_ROUNDED: Final = "Numbers are rounded for reading"
_WHOLE: Final = "the other formats have every digit"


@dataclass(frozen=True, slots=True)
class _Printed:
    """A sheet, ready to be laid out."""

    sheet: Sheet
    cells: Cells
    plot: Plot | None
    rows: int
    """That there are: more than ``cells`` where the sheet has an excerpt."""

    @property
    def is_part(self) -> bool:
        """Tell whether some rows are not printed."""
        return self.rows > len(self.cells)


def write(document: Document, path: Path) -> None:
    """Lay a document out.

    Raises
    ------
    RequestError
        422: more rows or columns than are printed.
    """
    register()
    printed = _print(document.sheets)
    upright = _WIDE_FLOWING if document.flowing else _WIDE
    page = landscape(A4) if any(len(sheet.columns) > upright for sheet in document.sheets) else A4
    room = page[0] - 2 * MARGIN
    story = [*_front(document, printed, room)]
    for at, one in enumerate(printed):
        head, body = list(_head(one, room, _APART if document.flowing else _HEADING)), list(_body(one, room))
        is_kept = document.flowing and len(one.cells) <= _KEPT_ROWS
        section = [KeepTogether([*head, *body])] if is_kept else [KeepTogether(head), *body]
        story += [*([PageBreak()] if at and not document.flowing else []), *section]
    margins = dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), MARGIN)
    made = SimpleDocTemplate(str(path), pagesize=page, title=document.title, invariant=1, lang="en-GB", **margins)
    made.build(story, canvasmaker=numbered(_fit(document.title, 80)))


def _fit(text: str, most: int = MAX_TEXT) -> str:
    return printable(shorten(text, most), glyphs())


def _print(sheets: Sequence[Sheet]) -> list[_Printed]:
    left, printed = MAX_ROWS, []
    for sheet in sheets:
        gathering = Gathering(sheet, sheet.chart) if sheet.chart else None
        rows, count = _chosen(sheet, gathering, left + 1)
        cells = list(_cells(sheet, rows))
        if len(cells) > left:
            detail = (
                f"A PDF has up to {MAX_ROWS:,} rows, for reading, and this would have more. Ask for a longer interval, "
                "a shorter range or fewer groups, or take XLSX, CSV or Parquet, which have every row."
            )
            raise RequestError(detail, status=422)
        left -= len(cells)
        printed.append(_Printed(sheet, cells, None if gathering is None else gathering.plot(), count))
    return printed


def _chosen(sheet: Sheet, gathering: Gathering | None, most: int) -> tuple[Sequence[Row], int]:
    """Answer the rows that are printed and how many there are; without an excerpt no more than ``most`` are read."""
    if sheet.excerpt is None:
        rows = list(islice(_watched(sheet, gathering), most))
        return rows, len(rows)
    count = 0
    last: deque[Row] = deque(maxlen=sheet.excerpt.most)
    first: list[Row] = []
    for row in _watched(sheet, gathering):
        count += 1
        if sheet.excerpt.last:
            last.append(row)
        elif count <= sheet.excerpt.most:
            first.append(row)
    return first or list(last), count


def _watched(sheet: Sheet, gathering: Gathering | None) -> Iterator[Row]:
    for row in sheet.rows:
        if gathering is not None:
            gathering.take(row)
        yield row


def _cells(sheet: Sheet, rows: Sequence[Row]) -> Iterator[list[str]]:
    currency_at = sheet.index("currency") if any(c.name == "currency" for c in sheet.columns) else None
    for row in rows:
        yield _line(sheet, row, "" if currency_at is None else str(row[currency_at] or ""))


def _line(sheet: Sheet, row: Row, of_row: str) -> list[str]:
    return [
        printable(shown(value, column, column.currency or of_row), glyphs())
        for value, column in map(styled, row, sheet.columns)
    ]


def _front(document: Document, printed: Sequence[_Printed], room: float) -> Iterator[Flowable]:
    """Answer the title, the facts, and what is to be said before anybody reads a number."""
    yield Paragraph(plain(_fit(document.title)), _TITLE)
    facts = [(Paragraph(plain(_fit(n)), _NAME), Paragraph(plain(_fit(said)), _TEXT)) for n, said in document.facts]
    if facts:
        yield Table(facts, colWidths=(110, room - 110), hAlign="LEFT", style=_FACTS)
        yield Spacer(0, 6)
    rounded = _ROUNDED if document.flowing else f"{_ROUNDED}; {_WHOLE}"
    for note in (*document.notes, *_notes(printed, rounded)):
        yield Paragraph(f"• {plain(_fit(note))}", _SMALL)


def _notes(printed: Sequence[_Printed], rounded: str) -> Iterator[str]:
    texts = {text for one in printed for row in one.cells for text in row}
    rows = sum(one.rows for one in printed)
    whole = f"The tables have all {rows:,} rows."
    yield f"{_EXCERPTS if any(one.is_part for one in printed) else whole} {rounded}."
    if any(MISSING in text for text in texts):
        yield _MISSING
    if any(len(text) == MAX_TEXT and text.endswith("…") for text in texts):
        yield _CUT
    for one in printed:
        yield from one.plot.notes if one.plot else ()


def _head(one: _Printed, room: float, style: ParagraphStyle) -> Iterator[Flowable]:
    """Answer a sheet's heading and chart."""
    title = _fit(one.sheet.title, 160)
    # The heading comes first: of what is kept together ReportLab asks the first for the room before it.
    yield Paragraph(plain(title), style)
    yield Section(shorten(title, 80))
    yield Paragraph(plain(_fit(one.sheet.headline)), _SMALL)
    if one.plot is not None and one.plot.lines:
        assert one.sheet.chart is not None
        column = one.sheet.columns[one.sheet.index(one.sheet.chart.values[0])]
        yield Spacer(0, 6)
        yield draw(one.plot, column, room)
        yield Paragraph(_legend(one.plot), _SMALL)
    yield Spacer(0, 8)


def _body(one: _Printed, room: float) -> Iterator[Flowable]:
    """Answer a sheet's table."""
    if not one.cells:
        yield Paragraph("There are no rows.", _TEXT)
        return
    if one.is_part and one.sheet.excerpt is not None:
        yield Paragraph(one.sheet.excerpt.said(one.rows), _SMALL)
    yield table(one.sheet.columns, [_fit(column.heading) for column in one.sheet.columns], one.cells, room)


def _legend(plot: Plot) -> str:
    named = (plain(_fit(name)) for name, _ in plot.lines)
    return "   ".join(f'<font color="{COLOURS[at % len(COLOURS)]}">■</font> {name}' for at, name in enumerate(named))
