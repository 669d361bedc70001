"""What the routes of the original contract share: their period and range, the totals of metrics, and ``meta``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from chalicelib.api.context import Context
from chalicelib.api.routes import Parameter
from chalicelib.domain.contract_periods import PERIODS, parse_period, span, written
from chalicelib.domain.faults import fault
from chalicelib.domain.periods import EARLIEST, LATEST, Interval
from chalicelib.errors import RequestError
from chalicelib.metrics.answer import Answer
from chalicelib.metrics.asked_range import read_range
from chalicelib.metrics.contract_questions import in_total
from chalicelib.metrics.standing import Prepared
from chalicelib.metrics.values import number

PERIOD = Parameter(
    "period",
    "How long the range is where `from` or `to` is left out. Without both it is the last complete period of the "
    "calendar in `tz`: the ISO week before this one, the month before this one.",
    {"type": "string", "enum": list(PERIODS)},
    "month",
    where="path",
    required=True,
)
DATES: Final = (
    "`start` and `end` are days of `tz`, written day first (`06-07-2016` is 6 July); `end` is the day on which what "
    "follows begins. `meta` has both as instants."
)


@dataclass(frozen=True, slots=True)
class Span:
    """The range of a question of the contract, instants in UTC, and its zone."""

    start: datetime
    end: datetime
    zone: ZoneInfo

    @property
    def dates(self) -> dict[str, str]:
        """Answer both ends as the contract writes them."""
        return {"start": written(self.start, self.zone), "end": written(self.end, self.zone)}


def read_span(values: Mapping[str, Any], now: datetime) -> Span:
    """Read the range of a call: period, ``from``, ``to`` and ``tz``. Raises ``RequestError``, 404 of no period."""
    try:
        period = parse_period(values["period"])
    except ValueError as error:
        raise RequestError(str(error), status=404, errors=(fault("period", error),)) from error
    given = read_range(values)
    return bounded(*span(period, given.start, given.end, now, given.zone), given.zone)


def bounded(start: datetime, end: datetime, at: ZoneInfo) -> Span:
    """Answer a range that was completed. Raises ``RequestError`` 400 where it is empty or beyond what is answered."""
    if start >= end:
        detail = "This is in the future: give 'to' as well."
        raise RequestError("The range of time is wrong.", errors=({"parameter": "from", "detail": detail},))
    if start < EARLIEST or end > LATEST:
        detail = f"Times lie between {EARLIEST:%Y-%m-%d} and {LATEST:%Y-%m-%d}: give 'from' and 'to'."
        wrong = "to" if start < EARLIEST else "from"
        raise RequestError("The range of time is wrong.", errors=({"parameter": wrong, "detail": detail},))
    return Span(start, end, at)


def prepare(
    context: Context,
    names: Sequence[str],
    asked: Span,
    group_by: tuple[str, ...] = (),
    interval: Interval = Interval.P1Y,
) -> Prepared:
    """Ask metrics for one value over a range, each as it adds up. Raises ``RequestError``, ``StoreUnavailable``."""
    return context.series.prepare(in_total(names, asked.start, asked.end, asked.zone, group_by, interval))


def total(answer: Answer) -> list[Any]:
    """Answer the values of a question without groups, ready for JSON."""
    [row] = answer.totals
    return [number(value) for value in row]


def meta(answer: Answer, asked: Span, warnings: Sequence[str] = ()) -> dict[str, Any]:
    """Answer what is told beside the contract's own fields."""
    said = answer.meta
    same = ("watermark", "partial", "late", "computed_at", "approximate", "truncated")
    return {
        **{name: said[name] for name in same},
        "served_from": answer.served_from,
        "from": asked.start.astimezone(asked.zone).isoformat(),
        "to": asked.end.astimezone(asked.zone).isoformat(),
        "tz": asked.zone.key,
        "warnings": [*warnings, *said["warnings"]],
    }
