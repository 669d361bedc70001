"""A year of hours made by chance: downloads of versions that come and go, a gauge with gaps, incidents; its answers.

What is answered is what the series of cubes would answer (a row for every group that was counted in the range, zeros
where nothing was), made of the hours here.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from chalicelib.alerts.asking import Known
from chalicelib.alerts.catching import OpenIncident
from chalicelib.alerts.numbers import Counted, Group, Numbers
from chalicelib.metrics.comparison import pair
from chalicelib.metrics.filters import Condition
from chalicelib.metrics.metric import Kind, Metric
from chalicelib.metrics.question import Question
from chalicelib.metrics.registry import METRICS
from chalicelib.metrics.values import change, plain

HOUR = timedelta(hours=1)
START = datetime(2025, 11, 3, tzinfo=UTC)
VERSIONS = ("3.4.0", "3.5.0", "3.6.0")
DOWNLOADS, STARS = METRICS["downloads"], METRICS["stars"]
Span = tuple[datetime, datetime]


@dataclass
class Year:
    """The hours of a year; ``watermark`` is up to where they are known."""

    downloads: dict[str, list[int]]
    stars: list[int | None]
    incidents: list[tuple[OpenIncident, datetime]]
    watermark: datetime = START
    now: datetime = START
    late: str | None = None
    asked: int = 0

    @property
    def hours(self) -> int:
        return len(self.stars)

    def open_now(self) -> list[OpenIncident]:
        return [one for one, until in self.incidents if one.since <= self.now < until]

    # Asking

    def known(self, metric: Metric) -> Known:
        return Known(self.watermark, self.late)

    def ask(self, question: Question) -> list[Counted]:
        self.asked += 1
        (metric,) = question.metrics
        spans = list(pairwise(question.bounds))
        if question.comparison is None:
            groups = self._groups(question)
            rows = [{group: Numbers(self.value(metric, group, question, *span)) for group in groups} for span in spans]
        else:
            paired = pair(question.start, question.end, question.interval, question.zone, question.comparison.shift)
            groups = sorted({*self._groups(question), *self._groups(question, paired.before[0], paired.before[-1])})
            others = [None if at is None else paired.before[at : at + 2] for at in paired.counterpart]
            rows = [
                {group: self._compared(metric, group, question, span, other) for group in groups}
                for span, other in zip(spans, others, strict=True)
            ]
        found = [Counted(*span, of) for span, of in zip(spans, rows, strict=True)]
        return [bucket for bucket in found if bucket.end <= self.watermark]

    def _compared(self, metric: Metric, group: Group, question: Question, span: Span, other: Span | None) -> Numbers:
        value = self.value(metric, group, question, *span)
        before = None if other is None else self.value(metric, group, question, *other)
        changed, ratio = change(value, before)
        return Numbers(value, before, changed, plain(ratio))

    def _groups(self, question: Question, start: datetime | None = None, end: datetime | None = None) -> list[Group]:
        if not question.group_by:
            return [()]
        low, high = (self.at(one) for one in (start or question.start, end or question.end))
        wanted = self._wanted(question)
        return [(one,) for one in VERSIONS if one in wanted and any(self.downloads[one][low:high])]

    def _wanted(self, question: Question) -> tuple[str, ...]:
        return (str(question.where.value),) if isinstance(question.where, Condition) else VERSIONS

    def value(self, metric: Metric, group: Group, question: Question, start: datetime, end: datetime) -> int | None:
        low, high = self.at(start), self.at(end)
        if metric.kind is Kind.GAUGE:
            return next((one for one in reversed(self.stars[low:high]) if one is not None), None)
        versions = [str(one) for one in group] or self._wanted(question)
        if high - low == 1:
            return sum([self.downloads[one][low] for one in versions])
        return sum([sum(self.downloads[one][low:high]) for one in versions])

    def at(self, instant: datetime) -> int:
        """Answer the place of an hour; before the year there is nothing."""
        return max(0, min(len(self.stars), (instant - START) // HOUR))


def made(seed: int, days: int = 365) -> Year:
    """Make a year."""
    chance = random.Random(seed)
    hours = days * 24
    lives = {version: (place * hours // 4, (place + 3) * hours // 4) for place, version in enumerate(VERSIONS)}
    lives[VERSIONS[0]] = (0, hours * 3 // 4)
    downloads = {
        version: [_count(chance, hour) if first <= hour < last else 0 for hour in range(hours)]
        for version, (first, last) in lives.items()
    }
    stars: list[int | None] = []
    level = 500
    for _ in range(hours):
        level += chance.choice((-1, 0, 0, 1, 2))
        stars.append(level)
    for _ in range(days // 8):
        first, long = chance.randrange(hours), chance.randrange(1, 60)
        stars[first : first + long] = [None] * len(stars[first : first + long])
    incidents = []
    for subject in ("github_webhooks", "s3_access_logs"):
        at = START + timedelta(days=chance.random())
        while at < START + hours * HOUR:
            until = at + timedelta(hours=chance.uniform(0.5, 90))
            kind = chance.choice(("late", "failing"))
            incidents.append((OpenIncident(subject, kind, at, "boom"), until))
            at = until + timedelta(hours=chance.uniform(1, 500))
    return Year(downloads, stars, incidents)


def _count(chance: random.Random, hour: int) -> int:
    usual = 40 + 30 * math.sin(hour / 24 * 2 * math.pi) + (10 if hour // 24 % 7 < 5 else 0)
    if chance.random() < 0.01:
        usual *= chance.choice((0, 0.2, 4))
    return max(0, round(chance.gauss(usual, usual**0.5)))


def mark(chance: random.Random, low: int, high: int) -> Decimal:
    """Draw a mark."""
    return Decimal(chance.randrange(low * 4, high * 4)) / 4
