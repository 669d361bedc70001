"""An alert rule, as data: what is looked at, when it fires and when it has recovered, and who is told. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum

from chalicelib.domain.periods import Interval
from chalicelib.metrics.comparison import Match, Versus
from chalicelib.metrics.filters import Filter
from chalicelib.outbox.message import SUBSCRIBERS, Severity


class Side(StrEnum):
    """On which side of its mark a value is bad."""

    HIGH = "high"
    LOW = "low"


class Sides(StrEnum):
    """On which sides of what is usual a value is bad."""

    HIGH = "high"
    LOW = "low"
    BOTH = "both"


class Of(StrEnum):
    """What of a change is held against the mark."""

    AMOUNT = "amount"
    RATIO = "ratio"  # 0.2 is a fifth more


class When(StrEnum):
    """What a rule makes of a bucket without a value, or that could not be read."""

    TELL = "tell"  # a state of its own, told once
    FIRE = "fire"  # as if the condition held
    OK = "ok"  # as if it did not
    KEEP = "keep"  # as if nothing had been looked at


@dataclass(frozen=True, slots=True)
class Level:
    """The value reaches a mark (``>=`` or ``<=``); it recovers beyond ``recover`` (None: as soon as it does not)."""

    side: Side
    threshold: Decimal
    recover: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """The change against an earlier period of equal length reaches a mark. A fall is negative: ``side`` low."""

    versus: Versus
    of: Of
    side: Side
    threshold: Decimal
    recover: Decimal | None = None
    match: Match | None = None


@dataclass(frozen=True, slots=True)
class NoData:
    """Nothing was counted: no value, or (``zero``) the value 0, though the source is complete."""

    zero: bool = True


@dataclass(frozen=True, slots=True)
class Anomaly:
    """The value is further from what is usual for its place in the week than values mostly are.

    ``sensitivity`` is the modified z-score from which on it is bad (3.5: Iglewicz and Hoaglin, 1993), ``recover`` that
    below which it is well again, ``weeks`` how many are looked back.
    """

    sides: Sides = Sides.BOTH
    sensitivity: Decimal = Decimal("3.5")
    recover: Decimal | None = None
    weeks: int = 6


@dataclass(frozen=True, slots=True)
class Incidents:
    """Something of Headwater itself has an open incident: a source fails or is late, a queue holds dead letters.

    ``subjects`` are names as :mod:`chalicelib.incidents` has them, ``*`` standing for any characters; ``kinds`` of
    incidents by their values, none meaning all.
    """

    subjects: tuple[str, ...] = ("*",)
    kinds: tuple[str, ...] = ()


Condition = Level | Change | NoData | Anomaly | Incidents


@dataclass(frozen=True, slots=True)
class Look:
    """What of which metric is looked at: of every bucket, and of every group each by itself."""

    metric: str
    interval: Interval
    zone: str
    where: Filter | None = None
    group_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MuteWindow:
    """Hours of weekdays (1 is Monday) in which nothing is said; from later than ``until`` goes over midnight."""

    weekdays: tuple[int, ...]
    start: time
    until: time
    zone: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Parameters
    ----------
    look
        None where the condition is :class:`Incidents`.
    hold
        ``for``: how long the condition has to hold, in buckets' time, before the rule fires.
    keep_firing
        ``keep_firing_for``: how long it has to be over before the rule has recovered.
    renotify
        How often a rule that still fires says so again; None: never.
    topic
        By which people subscribe.
    to
        Destinations as :mod:`chalicelib.outbox.message` has them.
    message
        Of people's own words, with ``{value}``, ``{threshold}`` and others in braces; empty: the usual words.
    revision
        Counts its changes: a changed rule begins anew.
    """

    id: str
    name: str
    condition: Condition
    look: Look | None
    severity: Severity = Severity.WARNING
    hold: timedelta = timedelta()
    keep_firing: timedelta = timedelta()
    renotify: timedelta | None = None
    on_no_data: When = When.TELL
    on_error: When = When.TELL
    topic: str = "general"
    owner: str = ""
    to: tuple[str, ...] = (SUBSCRIBERS,)
    message: str = ""
    mute: tuple[MuteWindow, ...] = ()
    snoozed_until: datetime | None = None
    enabled: bool = True
    revision: int = 1
    created_at: datetime | None = field(default=None)
    created_by: str = ""
    updated_at: datetime | None = None
    updated_by: str = ""
    version: int = 0
