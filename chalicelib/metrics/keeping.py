"""Answers that are kept: each question is computed once for each version of its data, whoever asks at the same time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Final

from chalicelib.metrics.answer import Bucket, Row
from chalicelib.metrics.question import MAX_POINTS

KEPT_POINTS: Final = 4 * MAX_POINTS
"""Values of answers kept in memory, about 40 MB of Python objects."""


@dataclass(frozen=True, slots=True)
class Computed:
    """What an answer is made of that depends on nothing but the question and the version of its data.

    ``since`` is of each metric the first day that was counted, where what it is compared with begins earlier, or None.
    """

    buckets: Sequence[Bucket]
    totals: Sequence[Row]
    warnings: Sequence[str]
    computed_at: datetime
    since: Sequence[datetime | None]

    @property
    def size(self) -> int:
        """Answer about how many values it has."""
        rows = sum(len(bucket.rows) * len(bucket.rows[0]) for bucket in self.buckets if bucket.rows)
        return rows + len(self.buckets) + sum(len(row) for row in self.totals) + 1


class Keeping:
    """Recent answers, the least recently used goes first. Safe for threads: who asks what is being computed waits."""

    def __init__(self, most: int = KEPT_POINTS) -> None:
        self._most = most
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, Computed] = OrderedDict()
        self._at_work: dict[Hashable, Future[Computed]] = {}
        self._size = 0

    def answer(self, key: Hashable, compute: Callable[[], Computed]) -> tuple[Computed, bool]:
        """Answer what is kept under a key, else compute it, and whether it was there or is another's work.

        An error of the one that computes is everybody's; nothing is kept of it.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key], True
            other = self._at_work.get(key)
            mine: Future[Computed] = Future()
            if other is None:
                self._at_work[key] = mine
        return (other.result(), True) if other is not None else (self._compute(key, compute, mine), False)

    def clear(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._kept.clear()
            self._size = 0

    def _compute(self, key: Hashable, compute: Callable[[], Computed], mine: Future[Computed]) -> Computed:
        try:
            found = compute()
        except BaseException as error:  # handed on to whoever waits, then raised again
            with self._lock:
                del self._at_work[key]
            mine.set_exception(error)
            raise
        with self._lock:
            self._keep(key, found)
            del self._at_work[key]
        mine.set_result(found)
        return found

    def _keep(self, key: Hashable, found: Computed) -> None:
        self._kept[key] = found
        self._size += found.size
        while self._size > self._most and self._kept:
            _, gone = self._kept.popitem(last=False)
            self._size -= gone.size
