"""The range of time of a question, as it is asked for: ``from``, ``to`` and ``tz``, or a word. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from chalicelib.domain.faults import fault
from chalicelib.domain.periods import EARLIEST, Interval, ceil, floor, parse_instant
from chalicelib.domain.range_words import RangeWord, Span
from chalicelib.domain.shifts import Shift
from chalicelib.domain.zones import zone
from chalicelib.errors import RequestError

USUAL: Final[Mapping[Interval, timedelta]] = {
    Interval.PT15M: timedelta(days=1),
    Interval.PT1H: timedelta(days=7),
    Interval.P1D: timedelta(days=30),
    Interval.P1W: timedelta(days=182),
    Interval.P1M: timedelta(days=365),
    Interval.P3M: timedelta(days=730),
    Interval.P1Y: timedelta(days=1826),
}
"""How long a range is, by interval, when ``from`` is left out."""


@dataclass(frozen=True, slots=True)
class Range:
    """What was given of a range: instants in UTC, None where left out, the zone; or a word."""

    start: datetime | None
    end: datetime | None
    zone: ZoneInfo
    word: RangeWord | None = None


def read_range(values: Mapping[str, Any]) -> Range:
    """Read ``from``, ``to``, ``range`` and ``tz``.

    Raises
    ------
    RequestError
        400 naming each that is unreadable, ``to`` when it is not after ``from``, ``range`` when it is beside either.
    """
    at: ZoneInfo = values.get("tz") or zone("UTC")
    found: dict[str, datetime] = {}
    errors = []
    for name in ("from", "to"):
        try:
            if name in values:
                found[name] = parse_instant(values[name], at)
        except ValueError as error:
            errors.append(fault(name, error))
    if len(found) == 2 and found["to"] <= found["from"]:
        errors.append({"parameter": "to", "detail": "The range must end after it starts."})
    word: RangeWord | None = values.get("range")
    if word is not None and ("from" in values or "to" in values):
        errors.append({"parameter": "range", "detail": "Give either 'range', or 'from' and 'to'."})
    if errors:
        raise RequestError("The range of time is wrong.", errors=tuple(errors))
    return Range(found.get("from"), found.get("to"), at, word)


def complete(
    given: Range, interval: Interval, now: datetime, earliest: Callable[[], datetime | None] = lambda: None
) -> tuple[datetime, datetime, Shift | None]:
    """Fill in what was left out: up to the end of the present bucket, and :data:`USUAL` long.

    Parameters
    ----------
    earliest
        Answers since when there is data: where ``all`` of it begins.

    Returns
    -------
    start, end, step
        ``step`` leads to the period before, where a word says so.

    Raises
    ------
    RequestError
        400: the range is empty once completed.
    """
    step = None
    if given.word is not None:
        span = _at(given.word, now, interval, given.zone)
        first = None if span.start is not None else earliest()
        start, end, step = (
            span.start or (first and floor(max(first, EARLIEST), interval, given.zone)),
            span.end,
            span.step,
        )
    else:
        start, end = given.start, given.end or ceil(now, interval, given.zone)
    begun = start or max(EARLIEST, floor(end - USUAL[interval], interval, given.zone))
    if end <= begun:
        detail = "This is in the future: give 'to' as well."
        raise RequestError("The range of time is wrong.", errors=({"parameter": "from", "detail": detail},))
    return begun, end, step


def _at(word: RangeWord, now: datetime, interval: Interval, at: ZoneInfo) -> Span:
    try:
        return word.at(now, interval, at)
    except ValueError as error:
        raise RequestError("The range of time is wrong.", errors=(fault("range", error),)) from error
