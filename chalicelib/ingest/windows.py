"""Which window is next: pure arithmetic on a fixed grid, counted from the epoch, so that all clocks see the same grid.

A window may be asked for when it has settled: ``window.end + settle <= now``. After an outage there are many,
oldest first. A snapshot has no past: only its newest settled window can be taken, those before it are *missed*, and
recorded so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from chalicelib.sources.base import PullMode, Window

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Plan:
    """The next commit's window: ``fetch`` is asked for, ``missed`` lie between the cursor and it."""

    fetch: Window
    missed: tuple[Window, ...] = ()

    @property
    def window(self) -> Window:
        """What the commit covers, from the cursor on without a gap."""
        return Window(self.missed[0].start if self.missed else self.fetch.start, self.fetch.end)


def floor(instant: datetime, grid: timedelta) -> datetime:
    """Answer the last grid point at or before an instant.

    >>> floor(datetime(2026, 11, 22, 10, 59, tzinfo=UTC), timedelta(hours=1))
    datetime.datetime(2026, 11, 22, 10, 0, tzinfo=datetime.timezone.utc)
    """
    return instant - (instant - EPOCH) % grid


def settled_end(now: datetime, grid: timedelta, settle: timedelta) -> datetime:
    """Answer the end of the newest window that may be asked for."""
    return floor(now - settle, grid)


def first_cursor(now: datetime, grid: timedelta, settle: timedelta, start: datetime | None) -> datetime:
    """Answer where a new stream begins: at the configured start's grid point, else with the newest settled window."""
    return floor(start, grid) if start else settled_end(now, grid, settle) - grid


def next_window(
    cursor: datetime,
    now: datetime,
    grid: timedelta,
    settle: timedelta,
    mode: PullMode,
    span: timedelta | None = None,
) -> Plan | None:
    """Plan the next window after ``cursor``, or None when nothing has settled.

    Windows of history come one by one, oldest first; what is long past is asked for in windows of ``span`` (on the grid
    of spans), so that a month of outage does not cost a call an hour. A cursor off the grid (the grid was reconfigured)
    is brought back onto it by one shorter window.

    >>> at = lambda hour: datetime(2026, 11, 22, hour, tzinfo=UTC)
    >>> plan = next_window(at(7), at(10), timedelta(hours=1), timedelta(0), PullMode.SNAPSHOT)
    >>> [window.start.hour for window in plan.missed], plan.fetch.start.hour
    ([7, 8], 9)
    """
    windows_end = settled_end(now, grid, settle)
    end = floor(cursor, grid) + grid
    if end > windows_end:
        return None
    if mode is PullMode.WINDOW:
        return Plan(Window(cursor, min(windows_end, floor(cursor, span or grid) + (span or grid))))
    oldest = Window(cursor, end)
    if end == windows_end:
        return Plan(oldest)
    missed = [oldest]
    while missed[-1].end < windows_end - grid:
        missed.append(Window(missed[-1].end, missed[-1].end + grid))
    return Plan(Window(windows_end - grid, windows_end), tuple(missed))


def count_due(cursor: datetime, now: datetime, grid: timedelta, settle: timedelta) -> int:
    """Count the windows that have settled and are not committed."""
    return max(0, -((floor(cursor, grid) - settled_end(now, grid, settle)) // grid))
