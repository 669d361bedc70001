"""Values of a statement's question marks that move with the report: the days of a period in words. Pure.

``{"first_day_of": "last_week"}`` and ``{"last_day_of": "last_week"}`` are dates, read when the report
is due and by the clocks of its schedule, as the ranges of questions are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from chalicelib.domain.periods import Interval
from chalicelib.domain.range_words import parse_range
from chalicelib.errors import RequestError
from chalicelib.reports.periods import days

FIRST, LAST = "first_day_of", "last_day_of"
_WORDS: Final = (FIRST, LAST)


@dataclass(frozen=True, slots=True)
class Values:
    """Values as ``POST /v1/sql`` takes them, and the period that they name, in words; empty where they name none."""

    values: tuple[Any, ...]
    period: str


def resolve(given: Sequence[Any], now: datetime, at: ZoneInfo) -> Values:
    """Answer the values at an instant.

    Raises
    ------
    RequestError
        400 naming each value that is no period.

    Examples
    --------
    >>> from datetime import UTC
    >>> monday = datetime(2026, 11, 23, 7, tzinfo=UTC)
    >>> resolve([7, {"first_day_of": "last_week"}, {"last_day_of": "last_week"}], monday, ZoneInfo("Europe/Paris"))
    Values(values=(7, {'date': '2026-11-16'}, {'date': '2026-11-22'}), period='16 to 22 November 2026')
    """
    values, named, errors = [], [], []
    for place, value in enumerate(given):
        word = _word(value)
        if word is None:
            values.append(value)
            continue
        try:
            day = _day(*word, now, at)
        except ValueError as error:
            errors.append({"parameter": f"parameters[{place}]", "detail": str(error)})
            continue
        values.append({"date": day.isoformat()})
        named.append(day)
    if errors:
        raise RequestError("One or more parameters are wrong.", errors=tuple(errors))
    return Values(tuple(values), days(min(named), max(named)) if len(named) > 1 else "")


def _word(value: Any) -> tuple[str, Any] | None:
    if isinstance(value, dict) and len(value) == 1:
        ((name, said),) = value.items()
        if name in _WORDS:
            return name, said
    return None


def _day(name: str, said: Any, now: datetime, at: ZoneInfo) -> date:
    if not isinstance(said, str):
        raise ValueError("A period in words is needed, such as last_week.")
    word = parse_range(said)
    span = word.at(now, Interval.P1D, at)
    if span.start is None or word.which == "hours":
        raise ValueError(f"{said!r} has no first day: name days, weeks, months, quarters or years.")
    instant = span.start if name == FIRST else span.end - timedelta(microseconds=1)
    return instant.astimezone(at).date()
