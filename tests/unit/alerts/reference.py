"""What people have to be told, by a simple model of its own: it knows the whole year, and no part of the evaluator.

Each rule is gone through bucket by bucket, each group by two marks of time: since when it is bad, since when well.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from chalicelib.alerts import anomaly
from chalicelib.alerts.rule import Anomaly, Change, Incidents, Level, NoData, Of, Rule, Side, Sides, When
from chalicelib.domain.periods import Interval
from chalicelib.metrics.comparison import Versus
from chalicelib.metrics.filters import Condition
from tests.unit.alerts.year import DOWNLOADS, HOUR, START, VERSIONS, Year

Told = tuple[str, str, str, str]
"""The rule, a digest of its group, the minute that is told of, and what is said."""


@dataclass
class Alert:
    """One group."""

    bad_since: datetime | None = None
    well_since: datetime | None = None
    active: bool = False
    blind: str = ""
    shown: str = "normal"
    shown_since: datetime | None = None
    known: str = "recovered"
    told_at: datetime | None = None

    def take(self, rule: Rule, end: datetime, how: str) -> None:
        """Take a bucket: ``bad``, ``between``, ``well``, ``no_data`` or ``nothing``."""
        if how == "no_data":
            if rule.on_no_data is When.KEEP:
                return
            how = {When.TELL: "blind", When.FIRE: "bad", When.OK: "well"}[rule.on_no_data]
        self.blind = "no_data" if how == "blind" else ""
        if how in ("bad", "between", "well"):
            self._turn(rule, end, how)
        shown = self.blind or self._phase()
        if shown != self.shown:
            self.shown, self.shown_since = shown, end

    def _turn(self, rule: Rule, end: datetime, how: str) -> None:
        if self.active:
            self.well_since = (self.well_since or end) if how == "well" else None
            if self.well_since is not None and end - self.well_since >= rule.keep_firing:
                self.active, self.bad_since, self.well_since = False, None, None
        else:
            self.bad_since = (self.bad_since or end) if how == "bad" else None
            if self.bad_since is not None and end - self.bad_since >= rule.hold:
                self.active = True

    def _phase(self) -> str:
        if self.active:
            return "recovering" if self.well_since is not None else "firing"
        return "normal" if self.bad_since is None else "pending"

    def say(self, rule: Rule, now: datetime, until: datetime) -> tuple[str, datetime] | None:
        """Answer what is said now, and the instant that it is about."""
        should = self.blind or ("fired" if self.active else "recovered")
        due = self.told_at is not None and rule.renotify is not None and now - self.told_at >= rule.renotify
        still = should == self.known == "fired" and self.shown == "firing" and due
        if asleep(rule, now) or (should == self.known and not still):
            return None
        self.known, self.told_at = should, now
        return ("still", until) if still else (should, self.shown_since or until)


def asleep(rule: Rule, now: datetime) -> bool:
    """Go through the minutes of a window, on the clocks of its zone, rather than compare times of the day."""
    if rule.snoozed_until is not None and now < rule.snoozed_until:
        return True
    for window in rule.mute:
        there = now.astimezone(ZoneInfo(window.zone)).replace(tzinfo=None)
        for back in (0, 1):
            day = there.date() - timedelta(days=back)
            begins = datetime.combine(day, window.start)
            ends = datetime.combine(day, window.until)
            ends += timedelta(days=window.until <= window.start)
            if day.isoweekday() in window.weekdays and begins <= there < ends:
                return True
    return False


@dataclass
class Model:
    """One rule over a year, look by look."""

    rule: Rule
    year: Year
    alerts: dict[str | None, Alert] = field(default_factory=dict)
    told: Counter[Told] = field(default_factory=Counter)
    news_at: datetime | None = None

    def __post_init__(self) -> None:
        self.buckets = list(self._buckets())
        self.next = 0
        self.scores: dict[str | None, list[anomaly.Score | None]] = {}

    def look(self, now: datetime, watermark: datetime) -> None:
        """Look once; a look from before the last that brought something is none."""
        if self.news_at is not None and now < self.news_at:
            return
        if self.rule.look is None:
            news = self._incidents(now)
        else:
            news = False
            while self.next < len(self.buckets) and self.buckets[self.next][1] <= min(now, watermark):
                start, end = self.buckets[self.next]
                self._bucket(self.next, start, end)
                self._say(now, end)
                self.next += 1
                news = True
        until = self.buckets[self.next - 1][1] if self.next else START
        if self._say(now, until) or news or self.news_at is None:
            self.news_at = now

    def _say(self, now: datetime, until: datetime) -> bool:
        """Say what is to be said: of several groups the same thing at once, of the latest instant among them."""
        together: dict[str, dict[str | None, datetime]] = {}
        for group, alert in self.alerts.items():
            if (said := alert.say(self.rule, now, until)) is not None:
                together.setdefault(said[0], {})[group] = said[1]
        for what, groups in together.items():
            members = [[] if group is None else [group] for group in sorted(groups, key=str)]
            text = json.dumps(members[0] if len(members) == 1 else members)
            digest = hashlib.sha256(text.encode()).hexdigest()[:16]
            self.told[self.rule.id, digest, f"{max(groups.values()):%Y%m%dT%H%MZ}", what] += 1
        return bool(together)

    def _incidents(self, now: datetime) -> bool:
        assert isinstance(self.rule.condition, Incidents)
        at = now.replace(second=0, microsecond=0)
        if self.next and self.buckets[0][1] >= at:
            return False
        self.buckets, self.next = [(at, at)], 1
        condition, opened = self.rule.condition, [one for one, until in self.year.incidents if one.since <= now < until]
        found = {
            one.subject
            for one in opened
            if (not condition.kinds or one.kind in condition.kinds)
            and any(one.subject.startswith(name.rstrip("*")) for name in condition.subjects)
        }
        news = False
        for subject in sorted(found | {str(one) for one in self.alerts}):
            alert = self.alerts.setdefault(subject, Alert())
            shown = alert.shown
            alert.take(self.rule, at, "bad" if subject in found else "well")
            news = news or alert.shown != shown
        return news

    def _bucket(self, index: int, start: datetime, end: datetime) -> None:
        for group in VERSIONS if self.rule.look and self.rule.look.group_by else (None,):
            if group in self.alerts or group is None or self._is_there(index, group):
                self.alerts.setdefault(group, Alert()).take(self.rule, end, self._how(index, group))

    def _buckets(self) -> Iterator[tuple[datetime, datetime]]:
        """The first is the one in which the rule was made."""
        made = self.rule.created_at
        if self.rule.look is None or made is None:
            return
        end_of_year = START + self.year.hours * HOUR
        if self.rule.look.interval is Interval.PT1H:
            at = made.replace(minute=0, second=0, microsecond=0)
            while at + HOUR <= end_of_year:
                yield at, at + HOUR
                at += HOUR
            return
        zone = ZoneInfo(self.rule.look.zone)
        day = made.astimezone(zone).date()
        while (end := _midnight(day + timedelta(days=1), zone)) <= end_of_year:
            yield _midnight(day, zone), end
            day += timedelta(days=1)

    def _value(self, group: str | None, start: datetime, end: datetime) -> int | None:
        low, high = (max(0, (one - START) // HOUR) for one in (start, end))
        assert self.rule.look is not None
        if self.rule.look.metric != DOWNLOADS.name:
            seen = [one for one in self.year.stars[low:high] if one is not None]
            return seen[-1] if seen else None
        where = self.rule.look.where
        only = where.value if isinstance(where, Condition) else None
        wanted = [one for one in VERSIONS if only in (None, one) and group in (None, one)]
        return sum(count for one in wanted for count in self.year.downloads[one][low:high])

    def _before(self, index: int, group: str | None) -> int | None:
        """Answer the value of the bucket before, or of a week before: 168 hours, or the same weekday."""
        assert isinstance(self.rule.condition, Change)
        assert self.rule.look is not None
        start, end = self.buckets[index]
        if self.rule.look.interval is Interval.PT1H:
            back = HOUR if self.rule.condition.versus is Versus.PREVIOUS_PERIOD else 168 * HOUR
            return self._value(group, start - back, end - back)
        zone = ZoneInfo(self.rule.look.zone)
        days = timedelta(days=1 if self.rule.condition.versus is Versus.PREVIOUS_PERIOD else 7)
        first, last = (_midnight(one.astimezone(zone).date() - days, zone) for one in (start, end))
        return self._value(group, first, last)

    def _is_there(self, index: int, group: str) -> bool:
        condition, (start, end) = self.rule.condition, self.buckets[index]
        if isinstance(condition, Anomaly):
            assert self.rule.look is not None
            back = anomaly.needs(condition, self.rule.look.interval)
            return any(
                self.year.downloads[group][max(0, -(-(start - back - START) // HOUR)) : (end - START) // HOUR]
            ) and bool(self._value(group, start - back, end))
        return bool(self._value(group, start, end)) or (
            isinstance(condition, Change) and bool(self._before(index, group))
        )

    def _how(self, index: int, group: str | None) -> str:
        value, condition = self._value(group, *self.buckets[index]), self.rule.condition
        if isinstance(condition, NoData):
            return "bad" if value is None or (condition.zero and value == 0) else "well"
        if value is None:
            return "no_data"
        if isinstance(condition, Level):
            return against(Fraction(value), condition.side, condition.threshold, condition.recover)
        if isinstance(condition, Change):
            before = self._before(index, group)
            if before is None:
                return "nothing"
            if condition.of is Of.RATIO and not before and value:
                return "nothing"
            changed = Fraction(value - before, abs(before or 1) if condition.of is Of.RATIO else 1)
            return against(changed, condition.side, condition.threshold, condition.recover)
        assert isinstance(condition, Anomaly)
        return self._scored(index, group, condition)

    def _scored(self, index: int, group: str | None, condition: Anomaly) -> str:
        assert self.rule.look is not None
        if group not in self.scores:
            zone = ZoneInfo(self.rule.look.zone)
            before = self._history(zone)
            values = [self._value(group, *one) for one in [*before, *self.buckets]]
            starts = [start for start, _ in [*before, *self.buckets]]
            self.scores[group] = anomaly.scores(
                values,
                starts,
                zone,
                self.rule.look.interval,
                condition,
                len(before),
                counted=self.rule.look.metric == DOWNLOADS.name,
                stock=self.rule.look.metric != DOWNLOADS.name,
            )
        score = self.scores[group][index]
        if score is None:
            return "nothing"
        away = {Sides.HIGH: score.z, Sides.LOW: -score.z, Sides.BOTH: abs(score.z)}[condition.sides]
        return against(Fraction(away), Side.HIGH, condition.sensitivity, condition.recover)

    def _history(self, zone: ZoneInfo) -> Sequence[tuple[datetime, datetime]]:
        assert self.rule.look is not None
        first = self.buckets[0][0]
        if self.rule.look.interval is Interval.PT1H:
            return [(first - (back + 1) * HOUR, first - back * HOUR) for back in reversed(range(24 * 7 * 14))]
        day = first.astimezone(zone).date()
        days = [day - timedelta(days=back + 1) for back in reversed(range(7 * 14))]
        return [(_midnight(one, zone), _midnight(one + timedelta(days=1), zone)) for one in days]


def against(value: Fraction, side: Side, threshold: Decimal, recover: Decimal | None) -> str:
    """Hold a number against the marks."""
    sign = 1 if side is Side.HIGH else -1
    if sign * value >= sign * Fraction(threshold):
        return "bad"
    if recover is not None and sign * value >= sign * Fraction(recover):
        return "between"
    return "well"


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
