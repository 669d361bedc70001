"""A rule tried on the past: when it would have fired, and how each bucket would have stood. Pure.

It is the machine that evaluates rules, taking one bucket after another; each is looked at as if it had been complete at
the moment at which it ended, and the clock with it: mute windows and ``renotify`` go by that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final

from chalicelib.alerts.anomaly import Score
from chalicelib.alerts.gathered import Said, gathered
from chalicelib.alerts.groups import order, step
from chalicelib.alerts.machine import Phase, Sample, Standing, What, announce
from chalicelib.alerts.muting import muted
from chalicelib.alerts.numbers import Counted, Group, nothing
from chalicelib.alerts.reading import Readings
from chalicelib.alerts.rule import Rule
from chalicelib.alerts.subject import Subject
from chalicelib.domain.periods import GRID
from chalicelib.metrics.answer import Value
from chalicelib.metrics.metric import Metric

MOST_TOLD: Final = 1_000
"""What is said of groups, one by one: more is only counted as messages, and not every repetition of them."""


@dataclass(frozen=True, slots=True)
class Told:
    """What would have been said at an instant, of which group and bucket, in which words."""

    what: What
    at: datetime
    group: Group
    sample: Sample | None
    subject: str


@dataclass(frozen=True, slots=True)
class Point:
    """One bucket of a group, and how the rule would have stood after it.

    ``held`` is what was held against the mark where that is another number than the value: a change, a score.
    """

    start: datetime
    end: datetime
    value: Value
    held: Decimal | None
    state: Phase
    score: Score | None


@dataclass
class Preview:
    """What would have been.

    Parameters
    ----------
    lines
        The points of each group.
    fired
        How often it would have begun to fire, all groups together; a mute does not make that less.
    firing
        How long it would have been so, of each group added up.
    said
        How many messages there would have been; ``told`` holds what they would have said of each group.
    more
        There would have been more than the first :data:`MOST_TOLD` that ``told`` holds, and ``said`` is a lower bound.
    """

    lines: Mapping[Group, list[Point]]
    told: list[Told] = field(default_factory=list)
    fired: int = 0
    firing: timedelta = timedelta()
    said: int = 0
    more: bool = False


def preview(rule: Rule, metric: Metric, names: Sequence[str], buckets: Sequence[Counted], first: int) -> Preview:
    """Try a rule on buckets one after another, from position ``first`` on; those before are there to learn from.

    Raises
    ------
    TooManyGroups
        It would have looked at more groups than it may.
    """
    readings = Readings(rule, metric, names, buckets, first)
    groups_of = dict.fromkeys(sorted({group for one in buckets[first:] for group in one.rows}, key=order))
    found = Preview({group: [] for group in groups_of})
    groups: dict[Group, Standing] = {}
    ends = [bucket.end for bucket in buckets[first:]]
    for index, (at, following) in zip(readings.indices, pairwise([*ends, *ends[-1:]]), strict=True):
        before, bucket = groups, buckets[index]
        samples = {group: readings.sample(index, group) for group in groups_of}
        groups = step(groups, rule, bucket.start, readings.there(index), samples.__getitem__)
        for group in groups_of:
            value = bucket.rows[group].value if group in bucket.rows else nothing(metric)
            phase = groups[group].shown if group in groups else Phase.NORMAL
            score = readings.score(index, group)
            found.lines[group].append(Point(bucket.start, at, value, _number(samples[group].held), phase, score))
            _count(found, before.get(group), groups.get(group), bucket)
        for now in _looks(at, following, rule):
            groups = _announced(found, rule, metric, names, groups, now)
            if not _awaited(groups, rule) or len(found.told) >= MOST_TOLD:
                break
    return found


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _count(found: Preview, before: Standing | None, after: Standing | None, bucket: Counted) -> None:
    was, is_now = before is not None and before.shown.active, after is not None and after.shown.active
    found.fired += is_now and not was
    found.firing += bucket.end - bucket.start if is_now else timedelta()


def _looks(at: datetime, following: datetime, rule: Rule) -> Iterator[datetime]:
    """Answer when the clock is looked at from the end of a bucket to that of the next one."""
    yield at
    while (at := at + min(GRID, rule.renotify or GRID)) < following:
        yield at


def _awaited(groups: Mapping[Group, Standing], rule: Rule) -> bool:
    """Answer whether something may have to be said before the next bucket."""
    return any(
        one.owed is not one.known or (rule.renotify is not None and one.phase is Phase.FIRING)
        for one in groups.values()
    )


def _announced(
    found: Preview, rule: Rule, metric: Metric, names: Sequence[str], groups: dict[Group, Standing], now: datetime
) -> dict[Group, Standing]:
    """Say what people should know and do not, as of an instant."""
    asleep = muted(rule, now)
    after, said = dict(groups), []
    for group, one in groups.items():
        after[group], what = announce(one, rule, now, asleep)
        if what is not None:
            said.append(Said(Subject(rule, metric, names, group), after[group], what, one.known))
    if len(found.told) >= MOST_TOLD:
        found.said += len({one.what for one in said})
        found.more = found.more or bool(said)
        return after
    for words, of in gathered(said):
        found.said += 1
        found.told += [Told(one.what, now, one.subject.group, one.standing.sample, words.subject) for one in of]
    return after
