"""The evaluator: looks at every rule that has a new complete bucket, and puts what is to be said into the outbox.

One look goes through all rules. A rule is asked for only when the watermark of its metric has passed the end of its
next bucket, rules with the same question share its answer, and what a look did not come to, the next one does. So
schedules that fire twice or not at all make no difference, nor do twins (:mod:`chalicelib.alerts.keeper`).

A rule *fails* when the reason is its own: its metric is gone, its question is refused, it has too many groups. What is
everybody's (the store does not answer) is no rule's state: the look says so to its alarm, and the next one looks again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Final

from chalicelib.alerts.asking import Asking, Known
from chalicelib.alerts.catching import OpenIncident, announced, failed, take_buckets, take_incidents, well
from chalicelib.alerts.due import Due, Retries, asked_from, shared
from chalicelib.alerts.groups import TooManyGroups
from chalicelib.alerts.keeper import Keeper
from chalicelib.alerts.looking import ends, question
from chalicelib.alerts.numbers import Counted
from chalicelib.alerts.reading import Readings
from chalicelib.alerts.rule import Rule
from chalicelib.alerts.standings import Standings
from chalicelib.domain.clock import Clock
from chalicelib.errors import QueryFailed, RequestError
from chalicelib.metrics.metric import Metric

MOST_BUCKETS: Final = 200
"""Buckets of one rule in one look: after an outage the next looks go on."""


@dataclass(slots=True)
class Look:
    """What one look did: rules there are, questions asked, messages told, failures, rules left as time was over."""

    rules: int = 0
    asked: int = 0
    told: int = 0
    failed: int = 0
    left: int = 0


@dataclass(frozen=True)
class Evaluator:
    """Evaluates rules.

    Parameters
    ----------
    keeper
        Keeps rules and how they stand, and tells.
    asking
        Where numbers come from.
    metrics
        Every metric by its name.
    open_incidents
        Those that are open now.
    log
        Takes a sentence of what failed.
    """

    keeper: Keeper
    asking: Asking
    metrics: Callable[[], Mapping[str, Metric]]
    open_incidents: Callable[[], Iterable[OpenIncident]]
    clock: Clock
    log: Callable[[str], None]
    retries: Retries = field(default_factory=Retries)

    def look(self, has_time: Callable[[], bool]) -> Look:
        """Look at every rule, as long as ``has_time``. Raises ``StoreUnavailable`` where the rules cannot be read."""
        now = self.clock()
        self.keeper.refresh(now)
        return _Looking(self, now, has_time).run()


class _Looking:
    """One look."""

    def __init__(self, evaluator: Evaluator, now: datetime, has_time: Callable[[], bool]) -> None:
        self._of, self._keeper, self._now, self._has_time = evaluator, evaluator.keeper, now, has_time
        self._known: dict[str, Known] = {}
        self._opened: list[OpenIncident] | None = None
        self._done = Look()

    def run(self) -> Look:
        rules = list(self._keeper.rules.values())
        self._done.rules, self._done.failed = sum(rule.enabled for rule in rules), self._keeper.unreadable
        metrics = self._of.metrics() if any(rule.look is not None for rule in rules) else {}
        due = [one for rule in rules for one in self._guarded([rule], partial(self._begin, rule, metrics))]
        for same in shared(due):
            self._guarded([one.rule for one in same], partial(self._answer, same))
        return self._done

    def _guarded(self, rules: Sequence[Rule], do: Callable[[], list[Due]]) -> list[Due]:
        """Do something for some rules, where there is time; what goes wrong with them stops no others."""
        if not self._has_time():
            self._done.left += len(rules)
            return []
        try:
            return do()
        except Exception as error:  # noqa: BLE001 - the edge of some rules: the next minute looks again
            for rule in rules:
                self._keeper.doubt(rule.id)
            self._done.failed += len(rules)
            names = ", ".join(rule.id for rule in rules)
            self._of.log(f"rules {names} could not be looked at: {type(error).__name__}: {error}")
            return []

    def _begin(self, rule: Rule, metrics: Mapping[str, Metric]) -> list[Due]:
        """Do all that needs no numbers, and answer what has to be asked."""
        before = self._standing(rule)
        if before is None:
            return []
        if not rule.enabled:  # of one that is off what was left to say is said
            if before.untold:
                self._keep(rule, before, before, None)
            return []
        if rule.look is None:
            self._keep(rule, before, take_incidents(before, rule, self._incidents(), self._now), None)
            return []
        metric = metrics.get(rule.look.metric)
        if metric is None:
            self._fail(rule, before, f"There is no metric '{rule.look.metric}' any more.", None)
            return []
        known = self._how_far(metric)
        until = None if known.watermark is None else min(known.watermark, self._now)
        found = () if until is None else ends(before.until, until, rule.look, MOST_BUCKETS)
        if not found or self._of.retries.is_waiting(rule, self._now):
            after = before if before.failing_since is not None else well(before, rule, self._now)
            self._keep(rule, before, _late(after, known.late), metric)
            return []
        try:
            asked = question(rule, metric, asked_from(rule, before.until), found[-1])
        except RequestError as error:
            self._fail(rule, before, _words(error), metric)
            return []
        return [Due(rule, metric, asked, before.until, known.late)]

    def _answer(self, same: Sequence[Due]) -> list[Due]:
        """Ask one question, and take its answer for every rule that asks it."""
        asked = same[0].question
        self._done.asked += 1
        try:
            buckets = self._of.asking.ask(asked)
        except (RequestError, QueryFailed, TooManyGroups) as error:
            # The buckets of too many groups have been looked at: later ones may have fewer.
            until = asked.end if isinstance(error, TooManyGroups) else None
            for one in same:
                self._guarded([one.rule], partial(self._refused, one, _words(error), until))
            return []
        starts = [bucket.start for bucket in buckets]
        for one in same:
            self._guarded([one.rule], partial(self._take, one, buckets, bisect_left(starts, one.begins)))
        return []

    def _refused(self, one: Due, reason: str, until: datetime | None) -> list[Due]:
        if (before := self._standing(one.rule)) is not None:
            self._fail(one.rule, before, reason, one.metric, until)
        return []

    def _take(self, one: Due, buckets: Sequence[Counted], first: int) -> list[Due]:
        before = self._standing(one.rule)
        if before is not None and before.until >= one.begins:  # else somebody has put it back meanwhile
            names = one.question.group_by
            readings = Readings(one.rule, one.metric, names, buckets, first)
            after = take_buckets(before, one.rule, one.metric, names, readings, self._now)
            self._of.retries.well(one.rule)
            self._keep(one.rule, before, _late(after, one.late), one.metric)
        return []

    def _fail(
        self, rule: Rule, before: Standings, reason: str, metric: Metric | None, until: datetime | None = None
    ) -> None:
        if self._of.retries.is_waiting(rule, self._now):
            self._keep(rule, before, before, metric)
            return
        self._of.retries.failed(rule, self._now)
        wanted = before if until is None else replace(before, until=max(before.until, until))
        self._keep(rule, before, failed(wanted, rule, reason, self._now), metric)

    def _standing(self, rule: Rule) -> Standings | None:
        self._done.told += self._keeper.tell(rule.id)
        return self._keeper.standing(rule, self._now)

    def _keep(self, rule: Rule, before: Standings, after: Standings, metric: Metric | None) -> None:
        said = announced(after, rule, metric, self._now)
        self._done.told += self._keeper.keep(rule, before, said, self._now)

    def _how_far(self, metric: Metric) -> Known:
        if metric.name not in self._known:
            self._known[metric.name] = self._of.asking.known(metric)
        return self._known[metric.name]

    def _incidents(self) -> list[OpenIncident]:
        if self._opened is None:
            self._opened = list(self._of.open_incidents())
        return self._opened


def _late(standings: Standings, late: str | None) -> Standings:
    """Note why nothing newer is known; what was noted first stays while that is so, for the words count the time."""
    if bool(late) == bool(standings.late):
        return standings
    return replace(standings, late=late or "")


def _words(error: Exception) -> str:
    """Say what is wrong with a question, with what its fields are told."""
    details = [str(one["detail"]) for one in error.errors] if isinstance(error, RequestError) else []
    return " ".join(dict.fromkeys([str(error), *details]))
