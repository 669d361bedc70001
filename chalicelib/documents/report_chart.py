"""A plot as a drawing of lines and text: axes with round numbers, gaps where there is no value, a legend in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

from reportlab.graphics.charts.lineplots import LinePlot
from reportlab.graphics.shapes import Drawing
from reportlab.graphics.widgets.markers import makeMarker
from reportlab.lib.colors import HexColor

from chalicelib.documents.document import Column, Style
from chalicelib.documents.palette import COLOURS
from chalicelib.documents.plot import Plot
from chalicelib.documents.print_text import printable, shown
from chalicelib.documents.report_fonts import REGULAR, glyphs

HEIGHT: Final = 170
_LEFT: Final = 58
_LABELS: Final = 8
_LARGE: Final = 10**15
_GREY: Final = HexColor("#52606d")
_GRID: Final = HexColor("#d9e2ec")

Point = tuple[float, float]


def draw(plot: Plot, column: Column, width: float) -> Drawing:
    """Draw a plot, ``width`` points wide; ``column`` says what its values are."""
    drawing = Drawing(width, HEIGHT)
    chart = LinePlot()
    chart.x, chart.y, chart.width, chart.height = _LEFT, 24, width - _LEFT - 30, HEIGHT - 34
    parts = [(at, part) for at, (_, values) in enumerate(plot.lines) for part in _parts(values)]
    chart.data = [part for _, part in parts]
    for of, (at, part) in enumerate(parts):
        colour = HexColor(COLOURS[at % len(COLOURS)])
        chart.lines[of].strokeColor, chart.lines[of].strokeWidth = colour, 1.4
        if len(part) == 1:
            chart.lines[of].symbol = makeMarker("FilledCircle", size=3.5, fillColor=colour, strokeColor=colour)
    _x_axis(chart.xValueAxis, plot)
    _y_axis(chart.yValueAxis, chart.data, column, width)
    drawing.add(chart)
    return drawing


def _parts(values: Sequence[Any]) -> Iterator[list[Point]]:
    """Cut a line where it has no value."""
    points = ((at, value) for at, value in enumerate(values))
    for known, part in groupby(points, key=lambda point: point[1] is not None):
        if known:
            yield [(float(at), float(value)) for at, value in part]


def _x_axis(axis: Any, plot: Plot) -> None:
    """Label some of the places, for all would not be legible."""
    last = len(plot.places) - 1
    step = max(1, -(-len(plot.places) // _LABELS))
    axis.valueMin, axis.valueMax = (0, last) if last else (-1, 1)
    axis.valueSteps = list(range(0, last + 1, step))
    axis.labelTextFormat = [_place(plot.places[at]) for at in axis.valueSteps]
    axis.labels.fontName, axis.labels.fontSize, axis.labels.fillColor = REGULAR, 7, _GREY
    axis.strokeColor, axis.tickDown = _GREY, 3


def _place(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else printable(str(value), glyphs())


def _y_axis(axis: Any, data: Sequence[Sequence[Point]], column: Column, width: float) -> None:
    """Begin at zero where that does not hide the line."""
    least = min(value for part in data for _, value in part)
    most = max(value for part in data for _, value in part)
    if 0 <= least < most * 0.5 or least == most >= 0:
        axis.valueMin = 0
    if least == most:
        axis.valueMax, axis.valueMin = (most or 1) if most >= 0 else 0, min(0, most)
    if -_LARGE < least <= most < _LARGE:
        axis.rangeRound = "both"  # the lines stay between the first mark and the last
    axis.visibleGrid, axis.gridStrokeColor, axis.gridStrokeWidth = True, _GRID, 0.5
    axis.gridStart, axis.gridEnd = _LEFT, width - 30
    axis.visibleTicks, axis.strokeColor = False, None
    axis.maximumTicks = 6
    axis.labelTextFormat = lambda value: _tick(value, column)
    axis.labels.fontName, axis.labels.fontSize, axis.labels.fillColor = REGULAR, 7, _GREY


def _tick(value: float, column: Column) -> str:
    if column.style is Style.SHARE:
        return f"{round(value * 100, 6):g}%"
    whole = Column("tick", "DOUBLE", unit="tick")
    return shown(int(value) if value == int(value) else value, whole, "")
