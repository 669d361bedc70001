"""How an alert stands, as a pure state machine of two steps that know nothing of each other.

:func:`advance` takes one bucket: the condition's phase follows the values, by buckets' time. :func:`announce` takes
one look at the clock: people know of an alert or they do not, and what they should know and do not is said. So a bucket
that comes twice, or late, changes nothing the second time; and what was not said (people slept) is said when it still
is so.

::

    normal ──breach──▶ pending ──for──▶ firing ──clear──▶ recovering ──keep_firing_for──▶ normal
                        │ clear           ▲ │ ◀─breach────────┘
                        ▼                 │ └─ at once where nothing is to be kept
                      normal    at once where nothing is to be waited for

``for`` counts buckets' time, as Prometheus does it (https://prometheus.io/docs/prometheus/latest/configuration/\
alerting_rules/): from the end of the first bucket that breaches to the end of one that breaches too, with none between
that does not. A value between the two marks is no breach for one that has not fired, and no recovery for one that has.

``no_data`` and ``error`` lie over the phase that the condition has: while nothing is known, it neither fires nor
recovers, and goes on where it was when something is known again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chalicelib.alerts.rule import Rule, When


class Phase(StrEnum):
    """How an alert stands."""

    NORMAL = "normal"
    PENDING = "pending"  # the condition holds, but not for long enough
    FIRING = "firing"
    RECOVERING = "recovering"  # the condition does not hold, but not for long enough
    NO_DATA = "no_data"
    ERROR = "error"

    @property
    def active(self) -> bool:
        """Answer whether it has fired and not recovered."""
        return self in (Phase.FIRING, Phase.RECOVERING)


class Reading(StrEnum):
    """What one bucket says of the condition."""

    BREACH = "breach"
    BETWEEN = "between"  # not at the mark, and not beyond that of recovery
    CLEAR = "clear"
    NO_DATA = "no_data"
    ERROR = "error"
    NOTHING = "nothing"  # there is a value, and nothing to hold it against: passed over


class What(StrEnum):
    """What is said."""

    FIRED = "fired"
    STILL = "still"
    RECOVERED = "recovered"
    NO_DATA = "no_data"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Sample:
    """One bucket ``[start, at)`` of one group, read; its numbers are written as people read them.

    ``value`` is what was counted, ``before`` what that is compared with, ``held`` what of it was held against the mark
    where that is something else (its change); these have all their digits. ``reason`` are further words: what is
    usual, what the incident is, why there is nothing.
    """

    start: datetime
    at: datetime
    reading: Reading
    value: str = ""
    before: str = ""
    held: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one group of a rule stands.

    Parameters
    ----------
    until
        Up to here buckets are taken; the next one ends later.
    phase
        The condition's: normal, pending, firing or recovering.
    blind
        ``NO_DATA`` or ``ERROR`` where that lies over it.
    since
        The end of the bucket with which what is shown began.
    turned
        From when ``for`` or ``keep_firing_for`` is counted.
    began
        The start of the first bucket of the breach that is there, or was last.
    sample
        What was read last.
    known
        What people were told last: fired, no_data, error, or recovered, which is as good as nothing.
    told_at, count
        When that was, and how often anything was said.
    """

    until: datetime
    phase: Phase = Phase.NORMAL
    blind: Phase | None = None
    since: datetime | None = None
    turned: datetime | None = None
    began: datetime | None = None
    sample: Sample | None = None
    known: What = What.RECOVERED
    told_at: datetime | None = None
    count: int = 0

    @property
    def shown(self) -> Phase:
        """Answer how it stands, in one word."""
        return self.blind or self.phase

    @property
    def plain(self) -> bool:
        """Answer whether there is nothing to remember: all is well, and nobody believes otherwise."""
        return self.shown is Phase.NORMAL and self.known is What.RECOVERED

    @property
    def owed(self) -> What:
        """Answer what people should know."""
        if self.blind is not None:
            return What(self.blind.value)
        return What.FIRED if self.phase.active else What.RECOVERED


_BLIND: Final = {Reading.NO_DATA: Phase.NO_DATA, Reading.ERROR: Phase.ERROR}
_TAKEN: Final = {When.FIRE: Reading.BREACH, When.OK: Reading.CLEAR}


def advance(standing: Standing, rule: Rule, sample: Sample) -> Standing:
    """Take one bucket; one that does not end after those that were taken changes nothing."""
    if sample.at <= standing.until:
        return standing
    reading = _taken(rule, sample.reading)
    if reading is None:
        return replace(standing, until=sample.at)
    blind, before = _BLIND.get(reading), standing.phase
    keeps = blind is not None or reading is Reading.NOTHING
    phase = before if keeps else _next(standing, rule, reading, sample.at)
    return replace(
        standing,
        until=sample.at,
        phase=phase,
        blind=blind,
        sample=sample,
        turned=standing.turned if phase is before else sample.at,
        began=sample.start if before is Phase.NORMAL and phase is not before else standing.began,
        since=standing.since if (blind or phase) is standing.shown else sample.at,
    )


def _taken(rule: Rule, reading: Reading) -> Reading | None:
    """Take what is not known as the rule says; None: as if nothing had been looked at."""
    if reading not in _BLIND:
        return reading
    wish = rule.on_no_data if reading is Reading.NO_DATA else rule.on_error
    return reading if wish is When.TELL else _TAKEN.get(wish)


def _next(standing: Standing, rule: Rule, reading: Reading, at: datetime) -> Phase:
    breach = reading is Reading.BREACH
    match standing.phase:
        case Phase.NORMAL if breach:
            return Phase.PENDING if rule.hold else Phase.FIRING
        case Phase.PENDING if breach:
            return Phase.FIRING if _lasted(standing, at, rule.hold) else Phase.PENDING
        case Phase.FIRING if reading is Reading.CLEAR:
            return Phase.RECOVERING if rule.keep_firing else Phase.NORMAL
        case Phase.RECOVERING if reading is Reading.CLEAR:
            return Phase.NORMAL if _lasted(standing, at, rule.keep_firing) else Phase.RECOVERING
        case Phase.FIRING | Phase.RECOVERING:
            return Phase.FIRING
        case _:
            return Phase.NORMAL


def _lasted(standing: Standing, at: datetime, span: timedelta) -> bool:
    return standing.turned is not None and at - standing.turned >= span


def announce(standing: Standing, rule: Rule, now: datetime, muted: bool) -> tuple[Standing, What | None]:
    """Say what people should know at an instant and do not; None where there is nothing to say.

    Where they sleep (``muted``) nothing is said, and what still is so afterwards is said then.
    """
    said: What | None = None
    if standing.owed is not standing.known:
        said = standing.owed
    elif standing.phase is Phase.FIRING and standing.blind is None and _is_due(standing, rule.renotify, now):
        said = What.STILL
    if said is None or muted:
        return standing, None
    return replace(standing, known=standing.owed, told_at=now, count=standing.count + 1), said


def _is_due(standing: Standing, renotify: timedelta | None, now: datetime) -> bool:
    return renotify is not None and standing.told_at is not None and now - standing.told_at >= renotify
