"""A printed table: columns as wide as what is in them, text that wraps, headings on every page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import LongTable, Paragraph, TableStyle

from chalicelib.documents.document import Column
from chalicelib.documents.report_fonts import BOLD, REGULAR
from chalicelib.errors import RequestError

_SIZE: Final = 7.5
_PAD: Final = 5
_TEXT_MOST: Final = 230
_TEXT_LEAST: Final = 70
_TEXT: Final = ParagraphStyle("cell", fontName=REGULAR, fontSize=_SIZE, leading=9.5, splitLongWords=1)
_LEFT: Final = ParagraphStyle("heading", parent=_TEXT, fontName=BOLD)
_RIGHT: Final = ParagraphStyle("heading of numbers", parent=_LEFT, alignment=TA_RIGHT)
_LINES: Final = (
    ("FONT", (0, 0), (-1, -1), REGULAR, _SIZE, 9.5),
    ("LINEBELOW", (0, 0), (-1, 0), 0.8, HexColor("#243b53")),
    ("LINEBELOW", (0, 1), (-1, -1), 0.25, HexColor("#d9e2ec")),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("TOPPADDING", (0, 0), (-1, -1), 1.5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ("LEFTPADDING", (0, 0), (-1, -1), _PAD),
    ("RIGHTPADDING", (0, 0), (-1, -1), _PAD),
)

Cells = Sequence[Sequence[str]]


def widths(columns: Sequence[Column], cells: Cells, room: float) -> list[float]:
    """Answer how wide each column is; text gives way where there is not room for all.

    Raises
    ------
    RequestError
        422: there are more columns than a page can hold.
    """
    natural = [_natural(column, [row[at] for row in cells]) for at, column in enumerate(columns)]
    fixed = sum(width for width, column in zip(natural, columns, strict=True) if not _is_text(column))
    text = sum(width for width, column in zip(natural, columns, strict=True) if _is_text(column))
    if fixed + text > room and text:
        share = (room - fixed) / text
        shrunk = [max(_TEXT_LEAST, w * share) if _is_text(c) else w for w, c in zip(natural, columns, strict=True)]
        natural = [min(*pair) for pair in zip(natural, shrunk, strict=True)]
    if sum(natural) > room + 1:
        detail = f"{len(columns)} columns are more than a page can hold; take fewer dimensions, or XLSX."
        raise RequestError(detail, status=422)
    return natural


def _natural(column: Column, texts: Sequence[str]) -> float:
    """Answer how wide a column would like to be: a heading of several words may wrap."""
    heading = max((stringWidth(word, BOLD, _SIZE) for word in column.heading.split()), default=0.0)
    most = max((stringWidth(text, REGULAR, _SIZE) for text in set(texts)), default=0.0)
    bound = _TEXT_MOST if _is_text(column) else most + heading
    return float(min(bound, max(heading, most)) + 2 * _PAD + 1)


def _is_text(column: Column) -> bool:
    return column.type == "VARCHAR"


def table(columns: Sequence[Column], headings: Sequence[str], cells: Cells, room: float) -> LongTable:
    """Make the table; texts are plain, and nothing in them is markup."""
    found = widths(columns, cells, room)
    top = [Paragraph(plain(h), _LEFT if _is_text(c) else _RIGHT) for c, h in zip(columns, headings, strict=True)]
    body = [
        [_cell(text, column, width) for text, column, width in zip(row, columns, found, strict=True)] for row in cells
    ]
    made = LongTable([top, *body], colWidths=found, repeatRows=1, hAlign="LEFT")
    right = [("ALIGN", (at, 0), (at, -1), "RIGHT") for at, column in enumerate(columns) if not _is_text(column)]
    made.setStyle(TableStyle([*_LINES, *right]))
    return made


def _cell(text: str, column: Column, width: float) -> Any:
    """Answer a cell: a paragraph, which is slower, only where a text has to wrap."""
    if _is_text(column) and stringWidth(text, REGULAR, _SIZE) > width - 2 * _PAD:
        return Paragraph(plain(text), _TEXT)
    return text


def plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
