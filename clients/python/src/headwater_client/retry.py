"""When to try again, and how long to wait before."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from headwater_client.transport import Response

BUSY = (429, 502, 503, 504)


@dataclass(frozen=True)
class Retry:
    """How often to try and how long to wait.

    Parameters
    ----------
    tries
        Requests in all; 1: never again.
    first_s, longest_s
        The first pause, doubled from try to try up to the longest; up to half of it is chance. ``Retry-After`` is
        waited for whenever it is not longer than the longest.
    """

    tries: int = 4
    first_s: float = 0.5
    longest_s: float = 60.0
    chance: Callable[[], float] = random.random

    def pause_s(self, done: int, response: Response | None) -> float | None:
        """Answer how long to wait after ``done`` tries; None: this is the answer.

        ``response`` is None when none came.
        """
        if done >= self.tries or (response is not None and response.status not in BUSY):
            return None
        asked = "" if response is None else response.headers.get("retry-after", "")
        if asked.isdecimal():
            return float(asked) if float(asked) <= self.longest_s else None
        return float(min(self.longest_s, self.first_s * 2 ** (done - 1))) * (0.5 + self.chance() / 2)
