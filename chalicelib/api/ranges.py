"""The range of time of a question: ``from``, ``to`` and ``tz`` as parameters, read together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from chalicelib.api.routes import Parameter
from chalicelib.domain.faults import fault
from chalicelib.domain.periods import Interval, ceil, floor, parse_instant
from chalicelib.domain.zones import zone
from chalicelib.errors import RequestError

FROM = Parameter(
    "from",
    "Start of the range, inclusive: an ISO 8601 date (its midnight in `tz`), local time or instant, on a quarter hour.",
    {"type": "string"},
    "2026-11-01",
)
TO = Parameter(
    "to",
    "End of the range, exclusive; read as `from` is.",
    {"type": "string"},
    "2026-11-08",
)
TZ = Parameter(
    "tz",
    "IANA time zone of the buckets, of dates without a zone and of the times in the answer. An ambiguous local time "
    "is its first occurrence; a skipped one is the instant of the jump.",
    {"type": "string", "default": "UTC"},
    "Europe/Paris",
    parse=zone,
)

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
    """What was given of a range: instants in UTC, None where left out, and the zone."""

    start: datetime | None
    end: datetime | None
    zone: ZoneInfo


def read_range(values: Mapping[str, Any]) -> Range:
    """Read ``from``, ``to`` and ``tz``.

    Raises
    ------
    RequestError
        400 naming each that is unreadable, or ``to`` when it is not after ``from``.
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
    if errors:
        raise RequestError("The range of time is wrong.", errors=tuple(errors))
    return Range(found.get("from"), found.get("to"), at)


def complete(given: Range, interval: Interval, now: datetime) -> tuple[datetime, datetime]:
    """Fill in what was left out: up to the end of the present bucket, and :data:`USUAL` long.

    Raises
    ------
    RequestError
        400: the range is empty once completed.
    """
    end = given.end or ceil(now, interval, given.zone)
    start = given.start or floor(end - USUAL[interval], interval, given.zone)
    if end <= start:
        detail = "This is in the future: give 'to' as well."
        raise RequestError("The range of time is wrong.", errors=({"parameter": "from", "detail": detail},))
    return start, end
