"""A clock that can be turned: it runs with the real one from wherever it was set, or stands still."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class VirtualClock:
    """Call it for the present instant.

    >>> clock = VirtualClock(datetime(2026, 11, 22, tzinfo=UTC), running=False)
    >>> clock() == clock()
    True
    """

    def __init__(self, now: datetime, *, running: bool = True) -> None:
        self.turn(now, running=running)

    def __call__(self) -> datetime:
        """Answer the present instant."""
        passed = time.monotonic() - self._since if self.running else 0.0
        return self._now + timedelta(seconds=passed)

    def turn(self, now: datetime, *, running: bool) -> None:
        """Set the clock."""
        self._now = now.astimezone(UTC)
        self._since = time.monotonic()
        self.running = running
