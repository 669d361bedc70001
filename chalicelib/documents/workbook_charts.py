"""Native charts of a workbook: each beside its table, drawn from a tab of their own that is written last.

A chart's lines cannot lie in the table where several share a column, so what is drawn is written side by side there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from chalicelib.documents.cells import CellFormats, write_cell
from chalicelib.documents.document import Column, Sheet, Style
from chalicelib.documents.palette import COLOURS
from chalicelib.documents.plot import Plot

DATA: Final = "Chart data"
_LABELS: Final = 12
_SLANTED: Final = {"rotation": -45}
_SIZE: Final = {"width": 900, "height": 380}


class Charts:
    """The charts of one workbook."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._formats = CellFormats(book)
        self._drawn: list[tuple[Any, Sheet, Plot]] = []

    def add(self, tab: Any, sheet: Sheet, plot: Plot) -> None:
        """Have a plot drawn beside a sheet's table on a tab."""
        if plot.lines:
            self._drawn.append((tab, sheet, plot))

    def finish(self, new_tab: Callable[[str], Any]) -> None:
        """Write what is drawn, plots side by side, and draw it."""
        if not self._drawn:
            return
        data = new_tab(DATA)
        lefts, left = [], 0
        for _, _, plot in self._drawn:
            lefts.append(left)
            left += len(plot.lines) + 2
        self._write_data(data, lefts)
        for at, (tab, sheet, plot) in zip(lefts, self._drawn, strict=True):
            chart = _chart(self._book, data.name, at, sheet, plot)
            tab.insert_chart(2 if sheet.headline else 1, len(sheet.columns) + 1, chart)

    def _write_data(self, data: Any, lefts: list[int]) -> None:
        """Write the plots' columns line by line, for rows that are written cannot be gone back to."""
        for left, (_, sheet, plot) in zip(lefts, self._drawn, strict=True):
            data.set_column(left, left + len(plot.lines), 18)
            for at, text in enumerate((sheet.title, *(name for name, _ in plot.lines))):
                data.write_string(0, left + at, text[:255])
        for row in range(max(len(plot.places) for _, _, plot in self._drawn)):
            for left, (_, sheet, plot) in zip(lefts, self._drawn, strict=True):
                if row < len(plot.places):
                    self._write_place(data, row, left, sheet, plot)

    def _write_place(self, data: Any, row: int, left: int, sheet: Sheet, plot: Plot) -> None:
        column = _column(sheet)
        cells = (plot.places[row], *(values[row] for _, values in plot.lines))
        for at, value in enumerate(cells):
            write_cell(data, row + 1, left + at, value, self._formats.of(value, column, column.currency))


def _column(sheet: Sheet) -> Column:
    """Answer the column whose values are drawn; a chart's are all of one kind."""
    assert sheet.chart is not None
    return sheet.columns[sheet.index(sheet.chart.values[0])]


def _chart(book: Any, data: str, left: int, sheet: Sheet, plot: Plot) -> Any:
    last = len(plot.places)
    chart = book.add_chart({"type": "line" if last > 1 else "column"})
    for at, (_, values) in enumerate(plot.lines, 1):
        colour = COLOURS[(at - 1) % len(COLOURS)]
        alone = sum(value is not None for value in values) == 1
        chart.add_series(
            {
                "name": [data, 0, left + at],
                "categories": [data, 1, left, last, left],
                "values": [data, 1, left + at, last, left + at],
                "line": {"color": colour, "width": 2},
                "fill": {"color": colour},
                "marker": {"type": "circle" if alone else "none", "fill": {"color": colour}},
            }
        )
    column = _column(sheet)
    chart.set_title({"name": sheet.title[:255], "name_font": {"size": 12, "bold": True}, "overlay": False})
    chart.set_x_axis(_time_axis(plot))
    grid = {"visible": True, "line": {"color": "#d9e2ec", "width": 0.75}}
    numbers = {"num_format": "0%"} if column.style is Style.SHARE else {"num_format": "#,##0.##"}
    chart.set_y_axis({"name": column.unit[:255], "major_gridlines": grid, "min": None, **numbers})
    chart.set_legend({"position": "bottom"} if len(plot.lines) > 1 else {"none": True})
    chart.show_blanks_as("gap")
    chart.set_size(_SIZE)
    return chart


def _time_axis(plot: Plot) -> dict[str, Any]:
    """Describe the x axis: of dates where they are days, else of what is written; a dozen labels are legible."""
    first, apart = plot.places[0], -(-len(plot.places) // _LABELS)
    if isinstance(first, datetime):
        return {"num_format": "yyyy-mm-dd hh:mm", "text_axis": True, "interval_unit": apart, "num_font": _SLANTED}
    if isinstance(first, date):
        unit = max(1, -(-(max(plot.places) - min(plot.places)).days // _LABELS))
        spaced = {"major_unit": unit, "major_unit_type": "days"}
        return {"date_axis": True, "num_format": "yyyy-mm-dd", "num_font": _SLANTED, **spaced}
    return {"text_axis": True, "interval_unit": apart}
