"""Rules with new buckets, what they ask, and when one that failed is tried again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from chalicelib.alerts import anomaly
from chalicelib.alerts.looking import first_bucket
from chalicelib.alerts.rule import Anomaly, Rule
from chalicelib.metrics.metric import Metric
from chalicelib.metrics.question import Question

_SOONEST: Final = timedelta(minutes=1)
_LATEST: Final = timedelta(minutes=16)


@dataclass(frozen=True, slots=True)
class Due:
    """A rule with new buckets, from ``begins`` on, what it asks, and why its source is late, where it is."""

    rule: Rule
    metric: Metric
    question: Question
    begins: datetime
    late: str | None


def shared(due: Sequence[Due]) -> list[list[Due]]:
    """Put rules with the same question together; what is furthest behind comes first, so that nothing starves."""
    found: dict[tuple[str, ...], list[Due]] = defaultdict(list)
    for one in sorted(due, key=lambda one: one.begins):
        found[one.question.key].append(one)
    return list(found.values())


def asked_from(rule: Rule, begins: datetime) -> datetime:
    """Answer from when on numbers are needed: what is usual is learnt from the weeks before."""
    if rule.look is None or not isinstance(rule.condition, Anomaly):
        return begins
    return first_bucket(begins - anomaly.needs(rule.condition, rule.look.interval), rule.look)


@dataclass(slots=True)
class Retries:
    """When rules that failed are tried again: after a minute, then after twice as long each time, up to 16 minutes.

    It is kept by this process alone, and forgotten with a rule's change.
    """

    _waits: dict[str, tuple[int, datetime, timedelta]] = field(default_factory=dict)

    def is_waiting(self, rule: Rule, now: datetime) -> bool:
        """Answer whether a rule is not to be tried yet."""
        found = self._waits.get(rule.id)
        return found is not None and found[0] == rule.revision and now < found[1]

    def failed(self, rule: Rule, now: datetime) -> None:
        """Note that a rule has failed."""
        found = self._waits.get(rule.id)
        again = found is not None and found[0] == rule.revision
        after = min(2 * found[2], _LATEST) if found is not None and again else _SOONEST
        self._waits[rule.id] = (rule.revision, now + after, after)

    def well(self, rule: Rule) -> None:
        """Note that a rule has not failed."""
        self._waits.pop(rule.id, None)
