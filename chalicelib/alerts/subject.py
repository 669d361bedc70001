"""What a message is about, and its parts as people read them: the number, the mark, the period, the link. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from chalicelib.alerts.looking import first_bucket
from chalicelib.alerts.machine import Sample, Standing
from chalicelib.alerts.numbers import Group
from chalicelib.alerts.rule import Anomaly, Change, Incidents, Level, Look, NoData, Of, Rule, Side
from chalicelib.alerts.wording import SHARE, currency_of, group_told, period, signed, told
from chalicelib.domain.zones import zone
from chalicelib.metrics.comparison import Versus
from chalicelib.metrics.filter_text import write_filter
from chalicelib.metrics.metric import Metric
from chalicelib.outbox.message import SITE

_UTC: Final = ZoneInfo("UTC")
_BEFORE: Final = 12
"""Buckets before the trouble that a link shows."""
_LONGEST: Final = 500
_AGAINST: Final = {
    Versus.PREVIOUS_PERIOD: "the period before",
    Versus.WEEK: "a week before",
    Versus.MONTH: "a month before",
    Versus.YEAR: "a year before",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a message is about: a rule, what it looks at, and a group of it; ``whole`` is the rule's looking itself."""

    rule: Rule
    metric: Metric | None = None
    names: Sequence[str] = ()
    group: Group = ()
    whole: bool = False

    @property
    def zone(self) -> ZoneInfo:
        """Answer in whose clocks it is told."""
        return _UTC if self.rule.look is None else zone(self.rule.look.zone)

    @property
    def title(self) -> str:
        """Name what is looked at."""
        if self.whole or self.rule.look is None:
            return self.rule.name
        return self.rule.look.metric if self.metric is None else self.metric.title

    @property
    def group_told(self) -> str:
        """Name the group; nothing where there is one only."""
        return "" if self.whole else group_told(self.names, self.group)

    def number(self, text: str) -> str:
        """Write a number of the metric with its unit."""
        value = Decimal(text) if text else None
        if self.metric is None or self.rule.look is None:
            return told(value, "")
        return told(value, self.metric.unit, currency_of(self.metric, self.rule.look, self.names, self.group))

    def change(self, text: str, of: Of) -> str:
        """Write a change of the metric with its unit."""
        value = Decimal(text) if text else None
        if of is Of.RATIO or self.metric is None or self.rule.look is None:
            return signed(value, SHARE)
        return signed(value, self.metric.unit, currency_of(self.metric, self.rule.look, self.names, self.group))


def found(subject: Subject, sample: Sample) -> str:
    """Say what was found, in one phrase."""
    value = subject.number(sample.value)
    match subject.rule.condition:
        case Change(versus, of) if sample.held:
            return f"{value}, {subject.change(sample.held, of)} against {_AGAINST[versus]}"
        case Anomaly() if sample.reason:
            return sample.reason
        case Incidents():
            return sample.reason or "no incident is open"
        case NoData() if not sample.value or not Decimal(sample.value):
            return "nothing was counted"
        case _:
            return value


def held_value(subject: Subject, sample: Sample) -> str:
    """Write what is held against the mark: the number, its change, or the words of an incident."""
    if isinstance(subject.rule.condition, Change) and sample.held:
        return subject.change(sample.held, subject.rule.condition.of)
    return sample.reason if isinstance(subject.rule.condition, Incidents) else subject.number(sample.value)


def threshold(subject: Subject) -> str:
    """Say the mark that is bad; nothing where there is none."""
    match subject.rule.condition:
        case Level(side, mark):
            return f"{_side(side)} {subject.number(f'{mark:f}')}"
        case Change(_, of, side, mark):
            return f"{_side(side)} {subject.change(f'{mark:f}', of)}"
        case Anomaly(_, sensitivity):
            return f"{sensitivity:f} spreads or more"
        case _:
            return ""


def _side(side: Side) -> str:
    return "at least" if side is Side.HIGH else "at most"


def period_of(subject: Subject, sample: Sample | None) -> str:
    """Write the bucket that was read last; nothing where there is none."""
    if sample is None or subject.whole or subject.rule.look is None:
        return ""
    return period(sample.start, sample.at, subject.rule.look.interval, subject.zone)


def numbers_link(subject: Subject, standing: Standing, sample: Sample) -> list[str]:
    """Link to the page that shows the numbers around what is told."""
    look = subject.rule.look
    if look is None:
        return []
    began = sample.start if standing.began is None or not standing.phase.active else standing.began
    earliest = max(began, sample.at - _LONGEST * (sample.at - sample.start)) - _BEFORE * (sample.at - sample.start)
    asked: list[tuple[str, str]] = [
        ("metrics", look.metric),
        ("from", _instant(first_bucket(earliest, look), look)),
        ("to", _instant(sample.at, look)),
        ("interval", look.interval.value),
        ("tz", look.zone),
        *([("by", ",".join(subject.names))] if subject.names else []),
        *([] if look.where is None else [("filter", write_filter(look.where))]),
    ]
    return [f"Numbers: {SITE}/explore?{urlencode(asked)}"]


def _instant(at: datetime, look: Look) -> str:
    local = at.astimezone(zone(look.zone))
    return local.date().isoformat() if look.interval.of_days else local.isoformat()
