"""The head: the common questions, answered before anybody asks them.

One look goes through all of them and computes what is not kept for the present version of the data; whatever a look did
not come to, the next one does. So nothing has to be told of what has happened: that a cube has moved, that a day has
begun, that there is another release.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from chalicelib.errors import HeadwaterError
from chalicelib.metrics.query import SeriesQuery
from chalicelib.metrics.question import Question


@dataclass(frozen=True, slots=True)
class Look:
    """What one look did: questions asked, computed, failed, and left for the next one because time was over."""

    questions: int
    computed: int
    failed: int
    left: int


class Head:
    """Keeps the common questions answered.

    Parameters
    ----------
    series
        Answers questions, and stores what it has computed.
    first
        Answers the questions as they are asked now, those that are asked most first.
    tell
        Takes a sentence of what failed, for the log.
    """

    def __init__(
        self, series: SeriesQuery, first: Callable[[], Iterable[Question]], tell: Callable[[str], None]
    ) -> None:
        self._series, self._first, self._tell = series, first, tell
        self._there: set[tuple[str, ...]] = set()

    def look(self, has_time: Callable[[], bool]) -> Look:
        """Compute what is not kept, as long as ``has_time``. Raises ``StoreUnavailable`` where no cube can be read."""
        questions = list(self._first())
        before, self._there = self._there, set()
        done = [self._keep(question, before) for question in questions if has_time()]
        return Look(len(questions), done.count(True), done.count(None), len(questions) - len(done))

    def _keep(self, question: Question, before: set[tuple[str, ...]]) -> bool | None:
        """Answer whether a question had to be computed, None where that failed.

        A warm process remembers what it has seen in the store in its last look, and does not ask for it again.
        """
        try:
            prepared = self._series.prepare(question)
            computed = prepared.key not in before and self._series.keep(prepared)
        except HeadwaterError as error:  # the edge of one question: the others are answered
            names = ", ".join(metric.name for metric in question.metrics)
            self._tell(f"{names} could not be answered ahead: {type(error).__name__}: {error}")
            return None
        self._there.add(prepared.key)
        return computed
