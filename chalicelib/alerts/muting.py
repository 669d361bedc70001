"""When nothing is said: while a rule is snoozed, and in its mute windows, which go by people's clocks. Pure."""

from __future__ import annotations

from datetime import datetime

from chalicelib.alerts.rule import MuteWindow, Rule
from chalicelib.domain.zones import zone


def muted(rule: Rule, now: datetime) -> bool:
    """Answer whether nothing of a rule is said at an instant."""
    return (rule.snoozed_until is not None and now < rule.snoozed_until) or any(_in(one, now) for one in rule.mute)


def _in(window: MuteWindow, now: datetime) -> bool:
    """Answer whether an instant lies in a window; one that goes over midnight belongs to the day that it begins on.

    >>> from datetime import UTC, time
    >>> night = MuteWindow((5,), time(22), time(6), "Europe/Paris")  # from Friday on
    >>> [_in(night, datetime(2026, 11, day, hour, tzinfo=UTC)) for day, hour in ((27, 21), (28, 4), (28, 5), (28, 22))]
    [True, True, False, False]
    """
    local = now.astimezone(zone(window.zone))
    today, at = local.isoweekday(), local.time()
    yesterday = (today - 2) % 7 + 1
    if window.start < window.until:
        return today in window.weekdays and window.start <= at < window.until
    return (today in window.weekdays and at >= window.start) or (yesterday in window.weekdays and at < window.until)
