"""Comparing a range with an earlier one, over equal elapsed local time. Pure.

The earlier range is the same question a step back (:class:`~chalicelib.domain.shifts.Shift`). Its buckets are found by
the local time at which they begin, so that the day of 3 March stands beside that of 3 February whatever the clocks did
between; a bucket without a counterpart (31 March) has none, and none is taken twice. A range that has not passed yet is
cut at the last instant of which all is known, and the other at the same local time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.domain.periods import EARLIEST, GRID, Interval, boundaries, floor
from chalicelib.domain.shifts import Shift, earlier, earlier_date, earlier_local, length

_UTC: Final = ZoneInfo("UTC")
SLIGHT: Final = 0.005
"""By what share two ranges may differ in length before that is worth a warning."""
_MONTHS: Final = {Interval.P1M: 1, Interval.P3M: 3, Interval.P1Y: 12}


class Versus(StrEnum):
    """With what a range is compared."""

    PREVIOUS_PERIOD = "previous_period"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Match(StrEnum):
    """Whether the same dates are compared, or the same weekdays."""

    DATE = "date"
    WEEKDAY = "weekday"


_STEPS: Final = {
    (Versus.WEEK, Match.DATE): Shift(days=7),
    (Versus.WEEK, Match.WEEKDAY): Shift(days=7),
    (Versus.MONTH, Match.DATE): Shift(months=1),
    (Versus.MONTH, Match.WEEKDAY): Shift(days=28),
    (Versus.YEAR, Match.DATE): Shift(months=12),
    (Versus.YEAR, Match.WEEKDAY): Shift(days=364),
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """With what, matched how, and the step back that this means."""

    versus: Versus
    match: Match
    shift: Shift


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two ranges cut into buckets, and for each of the first the index of its counterpart in the second, or None."""

    bounds: tuple[datetime, ...]
    before: tuple[datetime, ...]
    counterpart: tuple[int | None, ...]

    @property
    def elapsed(self) -> tuple[timedelta, timedelta]:
        """Answer how long both ranges are."""
        return self.bounds[-1] - self.bounds[0], self.before[-1] - self.before[0]


def comparison(
    versus: Versus,
    match: Match | None,
    interval: Interval,
    span: tuple[datetime, datetime],
    zone: ZoneInfo,
    step: Shift | None = None,
) -> Comparison:
    """Settle how a range is compared.

    Parameters
    ----------
    match
        None: by date, and weeks by weekday.
    span
        The range as asked, start and end.
    step
        What leads to the period before, where the range's words say so; else its own length does.

    Raises
    ------
    ValueError
        Buckets of this interval would have no counterparts.
    """
    chosen = match or (Match.WEEKDAY if interval is Interval.P1W else Match.DATE)
    if versus is not Versus.PREVIOUS_PERIOD:
        shift = _STEPS[versus, chosen]
    else:
        shift = step or length(*span, zone)
        if chosen is Match.WEEKDAY:
            shift = Shift(days=7 * _weeks(span, shift, zone))
    _require_counterparts(versus, chosen, interval, shift)
    return Comparison(versus, chosen, shift)


def _weeks(span: tuple[datetime, datetime], shift: Shift, zone: ZoneInfo) -> int:
    """Answer how many whole weeks a step is, of which the ranges do not overlap: a year to date steps 52, not 53."""
    first, last = (edge.astimezone(zone).replace(tzinfo=None) for edge in span)
    return max(_days(span, shift, zone) // 7, -((first - last) // timedelta(days=7)))


def _days(span: tuple[datetime, datetime], shift: Shift, zone: ZoneInfo) -> int:
    """Answer how many days a step back from the start of a range is, begun ones too."""
    start = span[0].astimezone(zone).date()
    return max(1, (start - earlier(span[0], shift, zone).astimezone(zone).date()).days)


def _require_counterparts(versus: Versus, match: Match, interval: Interval, shift: Shift) -> None:
    months = _MONTHS.get(interval)
    if months is not None and (shift.days or shift.time or shift.months % months):
        what = "by weekday" if match is Match.WEEKDAY else f"with the {versus.value.replace('_', ' ')} before"
        raise ValueError(
            f"Buckets of {interval} have no counterparts {what}: months, quarters and years are compared by date, "
            "over ranges and steps of whole ones. Choose a shorter interval, or another comparison."
        )
    if interval is Interval.P1W and not shift.whole_weeks:
        raise ValueError("Buckets of P1W have no counterparts by date: compare them with match=weekday.")
    if interval is Interval.P1D and shift.time:
        raise ValueError("Buckets of P1D have counterparts only where the range is whole days long.")


def known_until(end: datetime, now: datetime, watermark: datetime | None, start: datetime) -> datetime:
    """Answer the instant up to which all of a range is known, at least its start, on the 15-minute grid.

    >>> from datetime import UTC
    >>> nine, ten = datetime(2026, 11, 1, 9, tzinfo=UTC), datetime(2026, 11, 1, 10, tzinfo=UTC)
    >>> known_until(ten, ten, nine, datetime(2026, 11, 1, tzinfo=UTC)) == nine
    True
    """
    return start if watermark is None else max(start, floor(min(end, now, watermark), Interval.PT15M, _UTC))


def pair(start: datetime, end: datetime, interval: Interval, zone: ZoneInfo, shift: Shift) -> Pairing:
    """Cut a range and the one a step before into buckets, and pair them.

    Raises
    ------
    ValueError
        The earlier range begins before :data:`EARLIEST`.
    """
    before_start = _on_grid(earlier(start, shift, zone))
    before_end = max(before_start, _on_grid(earlier(end, shift, zone)))
    if before_start < EARLIEST:
        raise ValueError(f"The range that it is compared with begins before {EARLIEST:%Y-%m-%d}.")
    bounds = boundaries(start, end, interval, zone)
    before = boundaries(before_start, before_end, interval, zone)
    places = {label: index for index, label in enumerate(labels(before, interval, zone))}
    wanted = (_shifted(label, shift) for label in labels(bounds, interval, zone))
    return Pairing(bounds, before, tuple(None if label is None else places.get(label) for label in wanted))


_Label = date | tuple[datetime, int]


def labels(bounds: Sequence[datetime], interval: Interval, zone: ZoneInfo) -> list[_Label]:
    """Name every bucket, as they are paired by."""
    return [_label(bound, interval, zone) for bound in bounds[:-1]]


def _label(instant: datetime, interval: Interval, zone: ZoneInfo) -> _Label:
    """Name a bucket by the local time at which it begins: its date, or its hour (quarter hour) and which time it is."""
    local = instant.astimezone(zone)
    if interval.of_days:
        return local.date()
    clock = local.replace(tzinfo=None, fold=0)
    return (clock.replace(minute=0, second=0) if interval is Interval.PT1H else clock), local.fold


def _shifted(label: _Label, shift: Shift) -> _Label | None:
    if not isinstance(label, tuple):
        day = earlier_date(label, shift.months)
        return None if day is None else day - timedelta(days=shift.days)
    local = earlier_local(label[0], shift)
    return None if local is None else (local, label[1])


def _on_grid(instant: datetime) -> datetime:
    """Answer the last instant of the grid: some clocks changed a minute after midnight."""
    return instant if instant < EARLIEST else instant - (instant - EARLIEST) % GRID


def differ(pairing: Pairing) -> str | None:
    """Say that the two ranges are not equally long, where it could move a number.

    The hour of a clock change within four weeks is too little to warn of. ``meta.comparison`` has the exact seconds.
    """
    now, before = pairing.elapsed
    if abs(now - before) <= SLIGHT * min(now, before):
        return None
    why = "Clocks changed, or months are of unequal length."
    return f"The two ranges differ in length: {spoken(now)} and {spoken(before)}. {why}"


def spoken(span: timedelta) -> str:
    """Write how long something is, exactly, as people say it; spans are whole quarter hours.

    >>> spoken(timedelta(days=29)), spoken(timedelta(days=6, hours=23)), spoken(timedelta(minutes=90))
    ('29 days', '6 days 23 hours', '1 hour 30 minutes')
    """
    hours, seconds = divmod(int(span.total_seconds()), 3_600)
    parts = zip((*divmod(hours, 24), seconds // 60), ("day", "hour", "minute"), strict=True)
    said = [f"{count:,} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count]
    return " ".join(said) or "0 minutes"
