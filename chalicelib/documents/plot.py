"""What a chart draws, gathered while rows pass: not too many points, the largest lines, and what was left out. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

from chalicelib.documents.document import Chart, Row, Sheet

MAX_LINES: Final = 8
"""More cannot be told apart by their colours."""
MAX_POINTS: Final = 20_000
"""Of all lines together: what is gathered takes a few MB."""
MAX_NAME: Final = 40
OTHER: Final = "(other)"
EMPTY: Final = "(empty)"
UNNAMED: Final = "(none)"
"""A member without a name, as a line is called by it."""


@dataclass(frozen=True, slots=True)
class Plot:
    """Lines over common places on the x axis; a line has None where it has no value."""

    places: tuple[Any, ...]
    lines: tuple[tuple[str, tuple[Any, ...]], ...]
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Gathering:
    """Points of a sheet's chart, taken from its rows one by one."""

    sheet: Sheet
    chart: Chart
    _places: dict[Any, int] = field(default_factory=dict)
    _lines: dict[tuple[str, ...], dict[int, Any]] = field(default_factory=dict)
    _points: int = 0
    _x: int = 0
    _values: tuple[int, ...] = ()
    _by: tuple[int, ...] = ()
    _rest: int | None = None
    _unfinished: int | None = None
    _left_out: bool = False

    def __post_init__(self) -> None:
        """Find the columns."""
        self._x = self.sheet.index(self.chart.x)
        self._values = tuple(map(self.sheet.index, self.chart.values))
        self._by = tuple(map(self.sheet.index, self.chart.by))
        self._rest = self.sheet.index(self.chart.rest) if self.chart.rest else None
        self._unfinished = self.sheet.index(self.chart.unfinished) if self.chart.unfinished else None

    @property
    def is_full(self) -> bool:
        """Answer whether there is more than can be drawn."""
        return self._points > MAX_POINTS

    def take(self, row: Row) -> None:
        """Take a row's points; once there are too many, none is kept."""
        if self._points > MAX_POINTS:
            return
        if self._unfinished is not None and row[self._unfinished]:
            self._left_out = True
            return
        place = self._places.setdefault(row[self._x], len(self._places))
        is_rest = self._rest is not None and row[self._rest]
        of = (OTHER,) if is_rest else tuple(_member(row[at]) for at in self._by)
        for at in self._values:
            heading = (self.sheet.columns[at].heading,) if len(self._values) > 1 or not of else ()
            self._lines.setdefault((*of, *heading), {})[place] = row[at]
            self._points += 1
        if self.is_full:
            self._places.clear()
            self._lines.clear()

    def plot(self) -> Plot:
        """Answer what is drawn: no lines at all where there are too many points or no value."""
        if self.is_full:
            said = f"{self.sheet.title}: no chart, for more than {MAX_POINTS:,} points cannot be told apart."
            return Plot((), (), (said,))
        found = {of: points for of, points in self._lines.items() if any(v is not None for v in points.values())}
        kept = set(sorted(found, key=lambda of: _size(found[of].values()), reverse=True)[:MAX_LINES])
        names = _names([of for of in found if of in kept])
        lines = tuple(
            (names[of], tuple(points.get(at) for at in range(len(self._places))))
            for of, points in found.items()
            if of in kept
        )
        notes = []
        if len(lines) < len(found):
            notes.append(f"the {MAX_LINES} largest of {len(found):,} lines are drawn; the table has all.")
        if self._left_out:
            notes.append("what is not complete yet is in the table, and not drawn.")
        return Plot(tuple(self._places), lines, tuple(f"{self.sheet.title}: {one}" for one in notes))


def _member(value: Any) -> str:
    return UNNAMED if value is None else str(value) or EMPTY


def shorten(text: str, most: int) -> str:
    """Answer a text on one line, cut where it is longer than ``most`` characters, and seen to be cut.

    >>> shorten("one\\ntwo", 9), shorten("abcdef", 4)
    ('one two', 'abc…')
    """
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def _size(values: Any) -> float:
    return sum(abs(float(value)) for value in values if value is not None)


def _names(lines: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """Answer a short name on one line for each; equal ones get a number."""
    names: dict[tuple[str, ...], str] = {}
    for of in lines:
        name = shorten(" / ".join(of), MAX_NAME)
        names[of] = next(n for i in count(1) if (n := name if i == 1 else f"{name} [{i}]") not in names.values())
    return names
