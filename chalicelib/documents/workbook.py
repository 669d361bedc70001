"""A document as an Excel workbook: typed cells, native charts, no formulas, and a tab that says what it is.

Rows go to disk as they come (XlsxWriter's constant memory). A sheet that has more rows than a tab takes goes on in
another one under the same headings, and ``About`` says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from chalicelib.documents.cells import MAX_TEXT, CellFormats, write_cell
from chalicelib.documents.document import Column, Document, Row, Sheet, Style, styled
from chalicelib.documents.plot import Gathering
from chalicelib.documents.tabs import tab_name
from chalicelib.documents.workbook_charts import Charts
from chalicelib.errors import RequestError

MAX_ROWS: Final = 1_048_576
"""Excel's rows of a tab, headings included."""
ABOUT: Final = "About"
_OPTIONS: Final = {"constant_memory": True, "remove_timezone": True, "strings_to_urls": False}
_HEADING: Final = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
_LEFT: Final = ("VARCHAR", "DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE")
_WIDTHS: Final = {"VARCHAR": 26, "BOOLEAN": 10, "DATE": 12, "TIMESTAMP": 20, "TIMESTAMP WITH TIME ZONE": 20}


def write(document: Document, path: Path, *, max_cells: int | None = None) -> None:
    """Write a document, a row at a time.

    Parameters
    ----------
    max_cells
        How many there may be, where the time to write them is bounded.

    Raises
    ------
    RequestError
        422: more cells than these, or a text that is longer than Excel takes.
    """
    work = Work(xlsxwriter.Workbook(str(path), _OPTIONS), max_cells)
    work.book.set_properties({"title": document.title[:255]})
    for sheet in document.sheets:
        work.add(sheet)
    work.charts.finish(work.new_tab)
    work.add_about(document)
    work.book.close()


@dataclass(slots=True)
class Work:
    """A workbook that is being written."""

    book: Any
    max_cells: int | None = None
    rows_on: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    charts: Charts = field(init=False)
    formats: CellFormats = field(init=False)
    _named: dict[str, Any] = field(init=False)
    _cells: int = 0

    def __post_init__(self) -> None:
        """Make what all tabs share."""
        self.formats, self.charts = CellFormats(self.book), Charts(self.book)
        self._named = {
            "heading": self.book.add_format(_HEADING),
            "number heading": self.book.add_format({**_HEADING, "align": "right"}),
            "title": self.book.add_format({"bold": True, "font_size": 14}),
            "headline": self.book.add_format({"font_color": "#52606d"}),
            "wrapped": self.book.add_format({"text_wrap": True, "valign": "top"}),
        }

    def new_tab(self, title: str) -> Any:
        """Begin a tab."""
        return self.book.add_worksheet(tab_name(title, [*(tab.name for tab in self.book.worksheets()), ABOUT]))

    def add(self, sheet: Sheet) -> None:
        """Write a sheet on as many tabs as it needs, and its chart beside the first."""
        gathering = Gathering(sheet, sheet.chart) if sheet.chart else None
        rows = self._watched(sheet, gathering)
        first = self._write_tab(sheet, rows)
        tabs = 1
        while following := list(islice(rows, 1)):
            self._write_tab(sheet, chain(following, rows))
            tabs += 1
        if tabs > 1:
            self.notes.append(f"{sheet.title}: more rows than one tab takes; they go on over {tabs} tabs.")
        if gathering is not None:
            plot = gathering.plot()
            self.charts.add(first, sheet, plot)
            self.notes += plot.notes

    def _watched(self, sheet: Sheet, gathering: Gathering | None) -> Iterator[Row]:
        """Answer a sheet's rows, counting cells and gathering what is drawn."""
        for row in sheet.rows:
            self._cells += len(row)
            if self.max_cells is not None and self._cells > self.max_cells:
                detail = f"A workbook takes {self.max_cells:,} cells here; take CSV or Parquet for this result."
                raise RequestError(detail, status=422)
            if gathering is not None:
                gathering.take(row)
            yield row

    def _write_tab(self, sheet: Sheet, rows: Iterator[Row]) -> Any:
        """Write as many rows as a tab takes, under headings that stay in sight and are printed on every page."""
        tab = self.new_tab(sheet.title)
        top = self._write_top(tab, sheet)
        currency_at = sheet.index("currency") if any(c.name == "currency" for c in sheet.columns) else None
        last = top
        for last, row in enumerate(islice(rows, MAX_ROWS - top - 1), top + 1):
            of_row = "" if currency_at is None else str(row[currency_at] or "")
            for at, (value, column) in enumerate(map(styled, row, sheet.columns)):
                write_cell(tab, last, at, value, self.formats.of(value, column, column.currency or of_row))
        tab.autofilter(top, 0, max(top + 1, last), max(0, len(sheet.columns) - 1))
        self.rows_on[tab.name] = last - top
        return tab

    def _write_top(self, tab: Any, sheet: Sheet) -> int:
        """Write what is above the rows; answer the line of the headings."""
        top = 0
        if sheet.headline:
            tab.write_string(0, 0, sheet.title[:MAX_TEXT], self._named["title"])
            tab.write_string(1, 0, sheet.headline[:MAX_TEXT], self._named["headline"])
            top = 2
        for at, column in enumerate(sheet.columns):
            tab.set_column(at, at, _width(column))
            style = "heading" if column.type in _LEFT else "number heading"
            tab.write_string(top, at, column.heading[:MAX_TEXT], self._named[style])
        tab.freeze_panes(top + 1, 0)
        tab.repeat_rows(0, top)
        tab.set_landscape()
        tab.fit_to_pages(1, 0)
        tab.set_footer("&L&A&RPage &P of &N")
        return top

    def add_about(self, document: Document) -> None:
        """Write what is to be said of the document."""
        tab = self.book.add_worksheet(ABOUT)
        tab.set_column(0, 0, 24)
        tab.set_column(1, 1, 100)
        said = [
            ("Title", document.title),
            *document.facts,
            *((f"Rows on {name}", f"{rows:,}") for name, rows in self.rows_on.items()),
            *(("Note", note) for note in (*document.notes, *self.notes)),
        ]
        for at, pair in enumerate(said):
            for column, text in enumerate(pair):
                tab.write_string(at, column, text[:MAX_TEXT], self._named["wrapped"])


def _width(column: Column) -> int:
    least = 18 if column.style is Style.MONEY else _WIDTHS.get(column.type, 14)
    return max(least, min(30, len(column.heading) + 4))
