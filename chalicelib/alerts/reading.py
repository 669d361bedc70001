"""What buckets say of a rule's condition, of each group by itself. Pure.

A group is *there* in a bucket in which it has been counted (or in what it is compared with); a rule looks at the groups
that are there, and at those that it remembers because they are not well. So it makes no difference whether buckets are
looked at one by one or many at once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Final

from chalicelib.alerts import anomaly
from chalicelib.alerts.anomaly import Score
from chalicelib.alerts.machine import Reading, Sample
from chalicelib.alerts.numbers import Counted, Group, Numbers, as_decimal, nothing, written
from chalicelib.alerts.rule import Anomaly, Change, Level, NoData, Of, Rule, Side, Sides
from chalicelib.alerts.wording import currency_of, told
from chalicelib.domain.zones import zone
from chalicelib.metrics.metric import Metric

_EMPTY: Final = (None, 0)


def held(value: Decimal, side: Side, threshold: Decimal, recover: Decimal | None) -> Reading:
    """Hold a value against a mark.

    >>> [held(Decimal(n), Side.HIGH, Decimal(10), Decimal(8)).value for n in (10, 9, 8, 7)]
    ['breach', 'between', 'between', 'clear']
    """
    reaches = value >= threshold if side is Side.HIGH else value <= threshold
    if reaches:
        return Reading.BREACH
    if recover is None:
        return Reading.CLEAR
    beyond = value < recover if side is Side.HIGH else value > recover
    return Reading.CLEAR if beyond else Reading.BETWEEN


@dataclass(frozen=True, slots=True)
class Read:
    """A reading, what was held against the mark where that is another number than the value, and further words."""

    reading: Reading
    held: str = ""
    reason: str = ""


def level(mark: Level, numbers: Numbers) -> Read:
    """Read a value."""
    value = as_decimal(numbers.value)
    if value is None:
        return _NOT_OBSERVED
    return Read(held(value, mark.side, mark.threshold, mark.recover))


def change(mark: Change, numbers: Numbers) -> Read:
    """Read a change. There is none from what was not observed, and no share of zero but that of zero itself."""
    if numbers.value is None:
        return _NOT_OBSERVED
    if numbers.before is None:
        return Read(Reading.NOTHING, reason="There is nothing to compare it with.")
    changed = as_decimal(numbers.change if mark.of is Of.AMOUNT else numbers.ratio)
    if changed is None and numbers.value == 0:
        changed = Decimal(0)
    if changed is None:
        return Read(Reading.NOTHING, reason="What it is compared with is 0: there is no share of it.")
    return Read(held(changed, mark.side, mark.threshold, mark.recover), written(changed))


def no_data(mark: NoData, numbers: Numbers) -> Read:
    """Read whether anything was counted."""
    absent = numbers.value is None or (mark.zero and numbers.value == 0)
    return Read(Reading.BREACH if absent else Reading.CLEAR)


def unusual(mark: Anomaly, score: Score) -> Reading:
    """Read how far from the usual a value is."""
    signed = {Sides.HIGH: score.z, Sides.LOW: -score.z, Sides.BOTH: abs(score.z)}[mark.sides]
    if signed >= mark.sensitivity:
        return Reading.BREACH
    return Reading.CLEAR if mark.recover is None or signed < mark.recover else Reading.BETWEEN


_NOT_OBSERVED: Final = Read(Reading.NO_DATA, reason="Nothing was observed.")


class Readings:
    """Buckets as a rule reads them.

    Parameters
    ----------
    names
        The dimensions of the groups, in the order of their members.
    buckets
        One after another, complete; those before ``first`` are there to learn from what is usual.
    first
        The place of the first that is read.
    """

    def __init__(
        self, rule: Rule, metric: Metric, names: Sequence[str], buckets: Sequence[Counted], first: int = 0
    ) -> None:
        assert rule.look is not None
        self.buckets, self.first = buckets, first
        self._condition, self._look, self._metric, self._names = rule.condition, rule.look, metric, names
        self._zone, self._interval = zone(rule.look.zone), rule.look.interval
        self._nothing = nothing(metric)
        self._scores: dict[Group, list[Score | None]] = {}

    @property
    def indices(self) -> range:
        """Answer the places of the buckets that are read."""
        return range(self.first, len(self.buckets))

    def there(self, index: int) -> list[Group]:
        """Answer the groups that are there in a bucket; the empty one, of a rule without groups, always is."""
        if not isinstance(self._condition, Anomaly):
            return [group for group, numbers in self.buckets[index].rows.items() if not group or _is_there(numbers)]
        start = self.buckets[index].start
        since = start - anomaly.needs(self._condition, self._interval)
        return [
            group
            for group, at in self._counted.items()
            if not group or bisect_left(at, since) < bisect_right(at, start)
        ]

    def sample(self, index: int, group: Group) -> Sample:
        """Read one bucket of one group."""
        bucket = self.buckets[index]
        numbers = bucket.rows.get(group) or self._absent(bucket)
        read = self._read(index, group, numbers)
        value, before = written(as_decimal(numbers.value)), written(as_decimal(numbers.before))
        return Sample(bucket.start, bucket.end, read.reading, value, before, read.held, read.reason)

    def score(self, index: int, group: Group) -> Score | None:
        """Answer how unusual a bucket of a group is; None where that is not asked, or not known."""
        if not isinstance(self._condition, Anomaly):
            return None
        if group not in self._scores:
            self._scores[group] = self._score(self._condition, group)
        return self._scores[group][index - self.first]

    def _read(self, index: int, group: Group, numbers: Numbers) -> Read:
        match self._condition:
            case Level():
                return level(self._condition, numbers)
            case Change():
                return change(self._condition, numbers)
            case NoData():
                return no_data(self._condition, numbers)
            case Anomaly():
                return self._scored(self._condition, index, group, numbers)
            case _:
                raise TypeError(f"{self._condition} looks at no metric")

    def _scored(self, mark: Anomaly, index: int, group: Group, numbers: Numbers) -> Read:
        if numbers.value is None:
            return _NOT_OBSERVED
        score = self.score(index, group)
        if score is None:
            return Read(Reading.NOTHING, reason=anomaly.too_little(mark))
        start = self.buckets[index].start
        unit, currency = self._metric.unit, currency_of(self._metric, self._look, self._names, group)

        def write(number: Decimal) -> str:
            return told(number, unit, currency).removesuffix(f" {unit}")

        value = told(as_decimal(numbers.value), unit, currency)
        said = anomaly.in_words(value, score, write, start, self._zone, self._interval)
        return Read(unusual(mark, score), written(score.z), said)

    def _score(self, mark: Anomaly, group: Group) -> list[Score | None]:
        absent = Numbers(self._nothing)
        values = [bucket.rows.get(group, absent).value for bucket in self.buckets]
        starts = [bucket.start for bucket in self.buckets]
        return anomaly.scores(
            values,
            starts,
            self._zone,
            self._interval,
            mark,
            self.first,
            counted=anomaly.counts(self._metric),
            stock=anomaly.stock(self._metric),
        )

    def _absent(self, bucket: Counted) -> Numbers:
        """Answer the numbers of a group that is not in the answer: nothing was counted of it, nor before."""
        if not isinstance(self._condition, Change):
            return Numbers(self._nothing)
        alone = bool(bucket.rows) and all(numbers.before is None for numbers in bucket.rows.values())
        return Numbers(self._nothing, None if alone else self._nothing, 0)

    @cached_property
    def _counted(self) -> dict[Group, list[datetime]]:
        """Answer when each group was counted."""
        found: dict[Group, list[datetime]] = {}
        for bucket in self.buckets:
            for group, numbers in bucket.rows.items():
                at = found.setdefault(group, [])
                if _is_there(numbers):
                    at.append(bucket.start)
        return found


def _is_there(numbers: Numbers) -> bool:
    return numbers.value not in _EMPTY or numbers.before not in _EMPTY
