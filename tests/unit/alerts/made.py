"""Rules made by chance, for tests."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from chalicelib.alerts.rule import (
    Anomaly,
    Change,
    Condition,
    Incidents,
    Level,
    Look,
    MuteWindow,
    NoData,
    Of,
    Rule,
    Side,
    Sides,
    When,
)
from chalicelib.domain.periods import Interval
from chalicelib.metrics.comparison import Match, Versus
from chalicelib.metrics.filters import Condition as Filtered
from chalicelib.metrics.filters import Not, Operator
from chalicelib.outbox.message import OPERATORS, SUBSCRIBERS, Severity, to_channel

NUMBERS = st.decimals(-(10**9), 10**9, places=2)
SEASONAL = (Interval.PT15M, Interval.PT1H, Interval.P1D)
LENGTHS = st.integers(0, 48).map(lambda count: timedelta(minutes=30 * count))
FILTERS = st.none() | st.just(Not(Filtered("version", Operator.IS, None)))
INSTANTS = st.integers(0, 10**6).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
WORDS = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=20)


@st.composite
def marks(draw: st.DrawFn, side: Side) -> tuple[Decimal, Decimal | None]:
    """Draw a mark and the one of recovery, on its good side."""
    mark = draw(NUMBERS)
    away = draw(st.none() | st.decimals(0, 100, places=2))
    return mark, None if away is None else mark - away if side is Side.HIGH else mark + away


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    """Draw a condition of any kind."""
    kind, side = (
        draw(st.sampled_from(("level", "change", "no data", "anomaly", "incidents"))),
        draw(st.sampled_from(Side)),
    )
    match kind:
        case "level":
            return Level(side, *draw(marks(side)))
        case "change":
            matched = draw(st.none() | st.sampled_from(Match))
            return Change(draw(st.sampled_from(Versus)), draw(st.sampled_from(Of)), side, *draw(marks(side)), matched)
        case "no data":
            return NoData(draw(st.booleans()))
        case "anomaly":
            sensitivity = draw(st.decimals(1, 10, places=1))
            recover = draw(st.none() | st.decimals(0, 1, places=1))
            return Anomaly(draw(st.sampled_from(Sides)), sensitivity, recover, draw(st.integers(3, 12)))
        case _:
            return Incidents(("github_*",), draw(st.sampled_from(((), ("late", "failing")))))


@st.composite
def looks(draw: st.DrawFn, condition: Condition) -> Look | None:
    """Draw what a condition can look at."""
    if isinstance(condition, Incidents):
        return None
    intervals = SEASONAL if isinstance(condition, Anomaly) else tuple(Interval)
    zone = draw(st.sampled_from(("UTC", "Europe/Paris", "Asia/Kathmandu", "America/New_York")))
    groups = draw(st.sampled_from(((), ("version",))))
    return Look("downloads", draw(st.sampled_from(intervals)), zone, draw(FILTERS), groups)


MUTES = st.lists(
    st.builds(
        MuteWindow,
        st.sets(st.integers(1, 7), min_size=1).map(lambda days: tuple(sorted(days))),
        st.times().map(lambda at: time(at.hour, at.minute)),
        st.times().map(lambda at: time(at.hour, at.minute)),
        st.sampled_from(("UTC", "Europe/Paris")),
    ),
    max_size=2,
    unique=True,
).map(tuple)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Draw a rule as people may send it."""
    condition = draw(conditions())
    return Rule(
        id="",
        name=draw(WORDS),
        condition=condition,
        look=draw(looks(condition)),
        severity=draw(st.sampled_from(Severity)),
        hold=draw(LENGTHS),
        keep_firing=draw(LENGTHS),
        renotify=draw(st.none() | LENGTHS.map(lambda length: length + timedelta(minutes=5))),
        on_no_data=draw(st.sampled_from(When)),
        on_error=draw(st.sampled_from(When)),
        topic=draw(st.sampled_from(("general", "downloads"))),
        owner=draw(st.sampled_from(("", "team@example.com"))),
        to=draw(st.sampled_from(((SUBSCRIBERS,), (OPERATORS, to_channel("ops"))))),
        message=draw(st.sampled_from(("", "{value} of {metric}"))),
        mute=draw(MUTES),
        snoozed_until=draw(st.none() | INSTANTS),
        enabled=draw(st.booleans()),
    )
