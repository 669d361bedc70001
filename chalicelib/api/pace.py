"""How much one visitor without a token may send: a cheap bound in each process, beside the gateway's over all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from chalicelib.errors import RequestError

PER_MINUTE: Final = 600
"""Of one visitor in one process: ten a second, all day long; offices behind one address have many browsers."""
_KEPT: Final = 50_000


class Pace:
    """Counts by visitor and minute; holds one minute, and of it at most so many visitors."""

    def __init__(
        self, per_minute: int = PER_MINUTE, said: str = "Too many beacons; nothing of this request was stored."
    ) -> None:
        self._per_minute = per_minute
        self._said = said
        self._minute = 0
        self._counts: Counter[str] = Counter()

    def step(self, visitors: Iterable[str], beacons: int, now: datetime) -> None:
        """Count. Raises ``RequestError`` 429 when a visitor has sent too many in this minute."""
        minute = int(now.timestamp()) // 60
        if minute != self._minute or len(self._counts) > _KEPT:
            self._minute, self._counts = minute, Counter()
        for visitor in visitors:
            self._counts[visitor] += beacons
            if self._counts[visitor] > self._per_minute:
                raise RequestError(self._said, status=429)
