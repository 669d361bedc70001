"""One rule taken on: its new buckets one after another, what cannot be looked at, and what is said of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Final

from chalicelib.alerts.gathered import Said, gathered
from chalicelib.alerts.groups import TooManyGroups, step
from chalicelib.alerts.looking import first_bucket
from chalicelib.alerts.machine import Reading, Sample, Standing, advance, announce
from chalicelib.alerts.messages import message
from chalicelib.alerts.muting import muted
from chalicelib.alerts.numbers import Group
from chalicelib.alerts.reading import Readings
from chalicelib.alerts.rule import Incidents, Rule
from chalicelib.alerts.standings import Standings
from chalicelib.alerts.subject import Subject
from chalicelib.metrics.metric import Metric

PATIENCE: Final = timedelta(minutes=10)
"""How long a rule may fail to be evaluated before that is its state: most of what fails passes."""
MOST_UNTOLD: Final = 50
"""Messages that a rule may bring about in one look; the next look goes on. An item of the state holds 400 KB."""
OF_INCIDENTS: Final = ("subject",)
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An incident that is open: of what, of which kind, since when, and its own words."""

    subject: str
    kind: str
    since: datetime
    error: str = ""


def begin(rule: Rule, now: datetime) -> Standings:
    """Answer how a rule stands before its first bucket, which is the one in which it was made or changed."""
    since = min(rule.updated_at or rule.created_at or now, now)
    until = since if rule.look is None else first_bucket(since, rule.look)
    names = OF_INCIDENTS if rule.look is None else rule.look.group_by
    return Standings(rule.revision, until, Standing(until=since), names)


def take_buckets(
    standings: Standings, rule: Rule, metric: Metric, names: Sequence[str], readings: Readings, now: datetime
) -> Standings:
    """Take new buckets, and say after each what people should know: what fired and recovered is told, however late."""
    asleep = muted(rule, now)
    after = replace(standings, names=tuple(names))
    for index in readings.indices:
        bucket = readings.buckets[index]
        if bucket.end <= after.until:
            continue
        if len(after.untold) >= MOST_UNTOLD:
            break
        try:
            groups = step(after.groups, rule, bucket.start, readings.there(index), partial(readings.sample, index))
        except TooManyGroups as error:
            after = failed(replace(after, until=bucket.end), rule, str(error), now)
            continue
        after = announced(replace(well(after, rule, now), until=bucket.end, groups=groups), rule, metric, now, asleep)
    return after


def take_incidents(standings: Standings, rule: Rule, opened: Iterable[OpenIncident], now: datetime) -> Standings:
    """Take a look at the incidents that are open now; each subject is a group."""
    at = minute(now)
    if at <= standings.until:
        return standings
    found: dict[Group, OpenIncident] = {(one.subject,): one for one in opened if _concerns(rule.condition, one)}

    def sample(group: Group) -> Sample:
        one = found.get(group)
        if one is None:
            return Sample(standings.until, at, Reading.CLEAR)
        said = f"{one.kind.replace('_', ' ')}{f'. {one.error}' if one.error else ''}"
        return Sample(min(one.since, at), at, Reading.BREACH, reason=said)

    try:
        groups = step(standings.groups, rule, at - _MINUTE, found, sample)
    except TooManyGroups as error:
        return failed(replace(standings, until=at), rule, str(error), now)
    return replace(well(standings, rule, now), until=at, groups=groups)


def _concerns(condition: object, one: OpenIncident) -> bool:
    assert isinstance(condition, Incidents)
    named = any(_pattern(subject).fullmatch(one.subject) for subject in condition.subjects)
    return named and (not condition.kinds or one.kind in condition.kinds)


@lru_cache(maxsize=4_096)
def _pattern(subject: str) -> re.Pattern[str]:
    """Answer a pattern in which ``*`` alone stands for other characters."""
    return re.compile(".*".join(re.escape(part) for part in re.split(r"\*+", subject)))


def failed(standings: Standings, rule: Rule, reason: str, now: datetime) -> Standings:
    """Take a look that failed for a reason of the rule's own."""
    since = standings.failing_since or now
    after = replace(standings, failing_since=since, failure=reason)
    if now - since < PATIENCE:
        return after
    sample = Sample(since, minute(now), Reading.ERROR, reason=reason)
    return replace(after, whole=advance(after.whole, rule, sample))


def well(standings: Standings, rule: Rule, now: datetime) -> Standings:
    """Take a look that did not fail."""
    if standings.failing_since is None and standings.whole.plain:
        return standings
    sample = Sample(standings.whole.until, minute(now), Reading.CLEAR)
    return replace(standings, failing_since=None, failure="", whole=advance(standings.whole, rule, sample))


def announced(
    standings: Standings, rule: Rule, metric: Metric | None, now: datetime, asleep: bool | None = None
) -> Standings:
    """Say what people should know at an instant and do not."""
    if standings.plain:
        return standings
    quiet = muted(rule, now) if asleep is None else asleep
    said: list[Said] = []
    groups = dict(standings.groups)
    for group, one in standings.groups.items():
        if one.plain:
            continue
        groups[group], what = announce(one, rule, now, quiet)
        if what is not None:
            said.append(Said(Subject(rule, metric, standings.names, group), groups[group], what, one.known))
    untold = [*standings.untold, *(written for written, _ in gathered(said))]
    whole, what = announce(standings.whole, rule, now, quiet)
    if what is not None:
        untold.append(message(Subject(rule, metric, whole=True), whole, what, standings.whole.known))
    return replace(standings, groups=groups, whole=whole, untold=tuple(untold))


def minute(now: datetime) -> datetime:
    """Answer the minute that an instant is in."""
    return now.replace(second=0, microsecond=0)
