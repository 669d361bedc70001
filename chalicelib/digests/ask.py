"""Asks for the numbers of a digest: the same questions as the API's, so that they are the same numbers.

Of every metric three are asked: its buckets for the spark line; the bucket that is told, beside the one before; and the
same beside the weekday, or week, of the year before. What is told ends at the watermark: a bucket that can still change
is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from chalicelib.digests.merging import Beside, merged
from chalicelib.digests.periods import Period
from chalicelib.digests.told import Known, Told
from chalicelib.digests.words import clock, length
from chalicelib.documents.document import Column
from chalicelib.errors import HeadwaterError, RequestError
from chalicelib.exports.sheets import number_column
from chalicelib.metrics.answer import Answer, Role
from chalicelib.metrics.comparison import Match, Versus, comparison
from chalicelib.metrics.metric import Metric
from chalicelib.metrics.query import SeriesQuery
from chalicelib.metrics.question import Question
from chalicelib.metrics.settle import settle
from chalicelib.metrics.standing import Part, Prepared

MOST_CURRENCIES: Final = 8
"""Currencies of a metric that are told, in the order of their names."""
_NOTHING: Final = "Nothing was observed, or there is nothing to divide by."
_MATCHES: Final = {Versus.PREVIOUS_PERIOD: None, Versus.YEAR: Match.WEEKDAY}
_KNOWN: Final = {
    (True, True): Known.VALUE,
    (True, False): Known.NO_VALUE,
    (False, True): Known.EARLIER,
    (False, False): Known.NOT_YET,
}
"""By whether the bucket that is told is that of the digest, and whether there is a value."""


class Asker:
    """Answers what is told of metrics; each metric of a period is asked for once, however many want it.

    Parameters
    ----------
    series
        Answers questions.
    metrics
        Every metric there is, by name.
    """

    def __init__(self, series: SeriesQuery, metrics: Mapping[str, Metric]) -> None:
        self._series, self._metrics = series, metrics
        self._told: dict[tuple[str, Period], Told | HeadwaterError] = {}

    def tell(self, name: str, period: Period, *, at_any_rate: bool = False) -> Told:
        """Answer what is told of a metric.

        Parameters
        ----------
        at_any_rate
            Whether to say of what cannot be read that it could not, instead of raising.

        Raises
        ------
        HeadwaterError
            The numbers cannot be had now.
        """
        metric = self._metrics.get(name)
        if metric is None:
            said = "There is no metric of this name any more, or what it is made of is gone: choose another."
            return Told(name, name, Known.GONE, said=said)
        key = name, period
        if key not in self._told:
            self._told[key] = self._tried(metric, period)
        told = self._told[key]
        if not isinstance(told, HeadwaterError):
            return told
        if not at_any_rate:
            raise told
        return Told(name, metric.title, Known.FAILED, said="It could not be read when this was written.")

    def _tried(self, metric: Metric, period: Period) -> Told | HeadwaterError:
        """Answer what is told, or why that cannot be: it is not tried again for each who wants it."""
        try:
            return self._ask(metric, period)
        except RequestError as error:
            return Told(metric.name, metric.title, Known.FAILED, said=error.detail)
        except HeadwaterError as error:
            return error

    def _ask(self, metric: Metric, period: Period) -> Told:
        line = self._prepared(metric, period, period.bounds[0], period.end)
        (standing,) = line.standings
        bare = Told(metric.name, metric.title, Known.NOT_YET, late=standing.late or "")
        complete = [at for at in period.bounds[1:] if standing.watermark is not None and at <= standing.watermark]
        if not complete:
            return replace(bare, said=_not_yet(standing.parts, period))
        told = self._numbers(bare, metric, period, complete[-1], line)
        if complete[-1] < period.end:
            return replace(told, said=_not_yet(standing.parts, period))
        return told

    def _numbers(self, bare: Told, metric: Metric, period: Period, end: datetime, line: Prepared) -> Told:
        start = period.bounds[period.bounds.index(end) - 1]
        series = self._series.answer(line)
        beside = {versus: self._prepared(metric, period, start, end, versus) for versus in _MATCHES}
        before, year = (Beside(self._series.answer(one), _earlier(one)[-1]) for one in beside.values())
        numbers = merged(metric, self._series.beginnings.since(line.standings[0].parts), series, before, year)
        is_whole, is_known = end == period.end, any(one.value is not None for one in numbers)
        return replace(
            bare,
            known=_KNOWN[is_whole, is_known],
            said=_NOTHING if is_whole and not is_known else "",
            start=start,
            end=end,
            numbers=tuple(numbers[:MOST_CURRENCIES]),
            notes=tuple(_notes(metric, period, len(numbers), beside, series)),
            column=_column(line.question, series),
        )

    def _prepared(
        self, metric: Metric, period: Period, start: datetime, end: datetime, versus: Versus | None = None
    ) -> Prepared:
        """Look how the data of a question stands."""
        question = Question((metric,), start, end, period.interval, period.zone)
        if versus is not None:
            beside = comparison(versus, _MATCHES[versus], period.interval, (start, end), period.zone)
            question = replace(question, comparison=beside)
        return self._series.prepare(settle(question))


def _earlier(prepared: Prepared) -> tuple[datetime, ...]:
    """Answer the boundaries of the earlier range that a question is compared with."""
    pairing = prepared.standings[0].pairing
    assert pairing is not None
    return pairing.before


def _not_yet(parts: Sequence[Part], period: Period) -> str:
    """Say up to when the source that is furthest behind is complete."""
    silent = next((part.source for part in parts if part.watermark is None), None)
    if silent is not None:
        return f"Nothing of {silent} is known yet."
    marks = {part.source: part.watermark for part in parts if part.watermark is not None}
    source = min(marks, key=lambda one: marks[one])
    return f"{source} is complete up to {clock(marks[source], period.zone)}."


def _column(question: Question, answer: Answer) -> Column:
    return number_column(question, next(column for column in answer.columns if column.role is Role.VALUE))


def _notes(
    metric: Metric, period: Period, currencies: int, beside: Mapping[Versus, Prepared], answer: Answer
) -> Iterator[str]:
    """Say what a reader should know of the numbers."""
    if currencies > MOST_CURRENCIES:
        yield f"{metric.title}: {currencies - MOST_CURRENCIES} more currencies are in the dashboard."
    if metric.days_of not in (None, period.zone.key):
        yield f"{metric.title} is told in days of {metric.days_of}."
    for versus, prepared in beside.items():
        (start, end), (*_, first, last) = prepared.question.bounds, _earlier(prepared)
        if end - start != last - first:
            what = f"the {period.unit} of the year before" if versus is Versus.YEAR else f"the {period.unit} before"
            yield f"{period.label(start)} has {length(end - start)}, {what} {length(last - first)}: clocks changed."
    if any("were observed" in said for said in answer.meta["warnings"]):
        yield f"{metric.title}: where not all parts were observed, the value is the sum of those that were."
