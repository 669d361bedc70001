"""Ranges of time as words, such as ``7d`` or ``ytd``. Pure.

=========================================  ==========================================================================
``7d``, ``12w``, ``6mo``, ``4q``, ``2y``   so many *complete* days, ISO weeks, months, quarters, years before this one
``yesterday``, ``last_week``, ``last_month``, ``last_quarter``, ``last_year``   the same as ``1d``, ``1w``, …
``24h``                                    so many clock hours *to now*, this one being the last
``wtd``, ``mtd``, ``qtd``, ``ytd``         this week, month, quarter, year *to now*: the present bucket is the last
``today``, ``week``, ``month``, ``quarter``, ``year``   the whole of the present one, what is to come too
``all``                                    from the first data *to now*
=========================================  ==========================================================================
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.domain.periods import EARLIEST, HOUR, Interval, ceil, floor
from chalicelib.domain.shifts import Shift, earlier

_UNITS: Final = {
    "d": (Interval.P1D, Shift(days=1)),
    "w": (Interval.P1W, Shift(days=7)),
    "mo": (Interval.P1M, Shift(months=1)),
    "q": (Interval.P3M, Shift(months=3)),
    "y": (Interval.P1Y, Shift(months=12)),
}
_NAMED: Final = {"day": "d", "week": "w", "month": "mo", "quarter": "q", "year": "y"}
_PRESENT: Final = {"today": "d"} | {name: unit for name, unit in _NAMED.items() if name != "day"}
_TO_DATE: Final = {f"{name[0]}td": unit for name, unit in _NAMED.items() if name != "day"}
_LAST: Final = {"yesterday": "d"} | {f"last_{name}": unit for name, unit in _NAMED.items() if name != "day"}
_COUNT = re.compile(r"([1-9][0-9]{0,4})(h|d|w|mo|q|y)")

WORDS: Final = (*_PRESENT, *_TO_DATE, *_LAST, "all")
"""Every word that is not a number with a unit."""


@dataclass(frozen=True, slots=True)
class Span:
    """What a word means now: ``start`` None is as far back as there is data; ``step`` leads to the period before."""

    start: datetime | None
    end: datetime
    step: Shift | None


@dataclass(frozen=True, slots=True)
class RangeWord:
    """A word that was understood: how many of a unit, and which of them."""

    text: str
    count: int
    unit: str
    which: str

    def at(self, now: datetime, interval: Interval, zone: ZoneInfo) -> Span:
        """Answer what it means at an instant, in a zone, for buckets of an interval.

        Raises
        ------
        ValueError
            It begins before :data:`EARLIEST`.
        """
        if self.which == "all":
            return Span(None, ceil(now, interval, zone), None)
        if self.which == "hours":
            end = ceil(now, min(interval, Interval.PT1H, key=lambda one: one.shortest), zone)
            return self._checked(Span(end - self.count * HOUR, end, Shift(time=self.count * HOUR)))
        period, one = _UNITS[self.unit]
        step = Shift(one.months * self.count, one.days * self.count)
        first = floor(now, period, zone)
        following = ceil(now + timedelta(microseconds=1), period, zone)
        if self.which == "present":
            return Span(first, following, step)
        if self.which == "to_date":
            return Span(first, min(ceil(now + timedelta(microseconds=1), interval, zone), following), step)
        try:
            return self._checked(Span(earlier(first, step, zone), first, step))
        except (OverflowError, ValueError) as error:  # Python's calendar begins with the year 1
            raise ValueError(f"'{self.text}' begins before {EARLIEST:%Y-%m-%d}.") from error

    def _checked(self, span: Span) -> Span:
        if span.start is not None and span.start < EARLIEST:
            raise ValueError(f"'{self.text}' begins before {EARLIEST:%Y-%m-%d}.")
        return span


def parse_range(text: str) -> RangeWord:
    """Read a word. Raises ``ValueError`` that tells what there is.

    >>> parse_range("30d").count, parse_range("ytd").which, parse_range("last_month") == parse_range("last_month")
    (30, 'to_date', True)
    """
    if match := _COUNT.fullmatch(text):
        return RangeWord(text, int(match[1]), match[2], "hours" if match[2] == "h" else "complete")
    for which, words in (("present", _PRESENT), ("to_date", _TO_DATE), ("complete", _LAST)):
        if text in words:
            return RangeWord(text, 1, words[text], which)
    if text == "all":
        return RangeWord(text, 1, "", "all")
    known = f"24h, 7d, 12w, 6mo, 4q, 2y, {', '.join(WORDS)}"
    raise ValueError(f"There is no range {text[:24]!r}; known are, with any number: {known}.")
